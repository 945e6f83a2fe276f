"""A worker that dies, a broker that forgets: the report is there afterwards, once."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from blocs.models import BlocYear, User
from config.celery import app as celery_app
from reports import queue
from reports.domain import renderings
from reports.enums import DocumentKind
from reports.models import Rendering, SummaryPart, SummaryReport
from tests.e2e.conftest import eventually, kill, running_worker

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def ask_for_a_long_report():
    """A report that takes a worker several seconds."""
    bloc = BlocYear.objects.get(bloc__code="hoi-dac-thu", bloc__authority__code="ubnd-son-ha", year__label="2025")
    report = SummaryReport.objects.get(bloc_year=bloc)
    SummaryPart.objects.filter(report=report, code="results").update(paragraphs=["Kết quả của năm. " * 40] * 300)
    rendering = renderings.request(bloc, DocumentKind.SUMMARY_REPORT, by=User.objects.get(username="chuyenvien"))
    queue.send([rendering])
    return rendering


def state_of(rendering):
    return Rendering.objects.values_list("state", flat=True).get(pk=rendering.pk)


def finished(rendering):
    eventually(lambda: state_of(rendering) in ("done", "failed"), what="the report")
    rendering.refresh_from_db()
    return rendering


def test_killed_worker_leaves_the_report_to_the_next_one(sample, media_root):
    media_root.mkdir(parents=True)
    rendering = ask_for_a_long_report()
    with running_worker(media_root) as process:
        eventually(lambda: state_of(rendering) == "running", what="a worker at the report")
        kill(process)
    assert state_of(rendering) == "running"  # nobody is left to finish it

    with running_worker(media_root, RENDER_RUN_LOST_AFTER="1"):
        finished(rendering)

    assert (rendering.state, rendering.attempts) == ("done", 2)
    assert Rendering.objects.count() == 1
    files = [path for path in Path(media_root).rglob("*") if path.is_file() and path.suffix == ".pdf"]
    assert [path.name for path in files] == [f"{rendering.sha256}.pdf"]


def test_emptied_broker_is_made_up_for(sample, media_root):
    media_root.mkdir(parents=True)
    rendering = ask_for_a_long_report()
    celery_app.control.purge()
    if not settings.REDIS_URL:
        shutil.rmtree(settings.VAR_DIR / "broker" / "messages")
        (settings.VAR_DIR / "broker" / "messages").mkdir()

    with running_worker(media_root):
        finished(rendering)

    assert (rendering.state, rendering.attempts) == ("done", 1)
    assert Rendering.objects.count() == 1
