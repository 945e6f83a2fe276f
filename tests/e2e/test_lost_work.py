"""A worker that dies, a broker that forgets, a Redis that starts anew: every paper is there afterwards, made once."""

import hashlib
import shutil
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager

import pytest
from django.conf import settings

from config.celery import app as celery_app
from reports import queue
from reports.domain import meeting_set, renderings
from reports.enums import DocumentKind
from reports.models import Rendering
from tests.e2e.conftest import ROOT, eventually, kill, running_worker, worker_environment
from tests.reports.every_paper import Everything

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LONG = (DocumentKind.UNIT_REPORT, DocumentKind.PROVINCE_REPORT)
PARAGRAPHS = ["Kết quả của năm. " * 40] * 120  # a worker sits over them for some seconds


@pytest.fixture
def world(transactional_db, media_root):
    """What papers are about, with two long reports; an empty broker and an empty folder."""
    celery_app.control.purge()
    media_root.mkdir(parents=True)
    found = Everything()
    for report in (found.reports[0], found.province):
        report.parts.filter(code=report.parts.first().code).update(paragraphs=PARAGRAPHS)
    return found


def ask(world):
    """One paper of each family: the long ones, a covenant, and the set of a meeting with a summary report."""
    rows = [renderings.request(world.thing(kind), kind, by=world.board) for kind in (*LONG, DocumentKind.COVENANT)]
    rows += meeting_set.request_set(world.meeting.pk, by=world.head).renderings.order_by("pk")
    return rows


def states():
    return dict(Rendering.objects.values_list("kind", "state"))


def all_finished():
    eventually(lambda: {*states().values()} <= {"done", "failed"}, what="the end of all papers")


def check_papers(rows, media_root, *, twice=()):
    """Each asked-for paper is there once, whole, and no other file."""
    found = {row.kind: row for row in Rendering.objects.all()}
    assert set(found) == {row.kind for row in rows}
    assert Rendering.objects.count() == len(rows) == 7
    assert {kind: (row.state, row.attempts) for kind, row in found.items()} == {
        kind: ("done", 2 if kind in twice else 1) for kind in found
    }
    files = {path.stem: path.read_bytes() for path in media_root.rglob("*.pdf")}
    assert set(files) == {row.sha256 for row in found.values()}
    assert [digest for digest, content in files.items() if hashlib.sha256(content).hexdigest() != digest] == []


def test_killed_workers_leave_the_papers_to_the_next_one(world, media_root):
    rows = ask(world)
    queue.send(rows)
    for kind in LONG:
        with running_worker(media_root, RENDER_RUN_LOST_AFTER="1") as process:
            eventually(lambda kind=kind: states()[kind] == "running", what=f"a worker at {kind}")
            kill(process)
        assert states()[kind] == "running"  # nobody is left to finish it

    with running_worker(media_root, RENDER_RUN_LOST_AFTER="1"):
        all_finished()

    check_papers(rows, media_root, twice=LONG)


def test_emptied_broker_is_made_up_for(world, media_root):
    rows = ask(world)
    queue.send(rows)
    celery_app.control.purge()
    if not settings.REDIS_URL:
        shutil.rmtree(settings.VAR_DIR / "broker" / "messages")
        (settings.VAR_DIR / "broker" / "messages").mkdir()

    with running_worker(media_root):
        all_finished()

    check_papers(rows, media_root)


@contextmanager
def redis_server(port, folder):
    """A Redis of the test's own that keeps nothing."""
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        eventually(lambda: _answers(port), what="Redis")
        yield
    finally:
        kill(process)


def _answers(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


SEND = "import django; django.setup(); from reports import models, queue; queue.send(models.Rendering.objects.all())"


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="there is no redis-server on this machine")
def test_redis_that_starts_anew_is_made_up_for(world, media_root, tmp_path):
    rows, port = ask(world), _free_port()
    url = {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    with ExitStack() as stack:
        with redis_server(port, tmp_path):
            send = [sys.executable, "-c", SEND]
            subprocess.run(send, cwd=ROOT, env=worker_environment(media_root, **url), check=True)
            stack.enter_context(running_worker(media_root, **url))
            eventually(lambda: "running" in states().values(), what="a worker at a paper")
        assert "queued" in states().values()  # their messages are gone with it
        stack.enter_context(redis_server(port, tmp_path))
        all_finished()

    check_papers(rows, media_root)
