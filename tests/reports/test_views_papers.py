"""Papers through the pages: asking, watching, opening; and what becomes of the messages to the workers."""

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from blocs.enums import Role
from config.celery import app as celery_app
from reports.domain import renderings
from reports.enums import RenderingState
from reports.models import Rendering, RenderingBatch
from tests.factories import make_bloc_year, make_summary_report, make_user, make_year
from tests.screens import HTMX, content_of, main_text, make_paper, messages_of, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc_year():
    return make_bloc_year(bloc__code="hoi-dac-thu")


@pytest.fixture
def staff(bloc_year):
    return make_user(Role.BOARD_STAFF, bloc_year=bloc_year)


@pytest.fixture
def desk(client, staff):
    """The browser of the board's staff."""
    client.force_login(staff)
    return client


@pytest.fixture
def broker():
    """The broker of this test process, empty. ``broker()`` takes out the messages and says how many there were."""
    celery_app.control.purge()
    yield celery_app.control.purge
    celery_app.control.purge()


@pytest.fixture
def dead_broker():
    """A file stands where the broker's folder should be."""
    if django_settings.REDIS_URL:
        pytest.skip("the broker of folders is switched off here")
    folder = Path(celery_app.conf.broker_transport_options["data_folder_out"])
    aside = folder.with_name("messages-aside")
    folder.rename(aside)
    folder.write_text("not a folder")
    yield
    folder.unlink()
    aside.rename(folder)


def ask(client, bloc_year, data=None, **extra):
    return client.post(reverse("rendering_request", args=["summary-report", f"khoi-{bloc_year.pk}"]), data, **extra)


# ---------------------------------------------------------------- asking for one


def test_request_writes_a_row_and_sends_one_message_after_commit(
    desk, bloc_year, staff, broker, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        response = ask(desk, bloc_year)
    before = broker()
    for callback in callbacks:
        callback()

    rendering = Rendering.objects.get()
    assert (rendering.state, rendering.requested_by, rendering.bloc_year) == ("queued", staff, bloc_year)
    assert response.url == reverse("bloc_detail", args=[bloc_year.pk])
    assert (len(callbacks), before, broker()) == (1, 0, 1)


def test_second_request_finds_the_first_one(desk, bloc_year):
    ask(desk, bloc_year)
    ask(desk, bloc_year)

    assert Rendering.objects.count() == 1


def test_request_with_htmx_answers_with_the_state(desk, bloc_year):
    response = ask(desk, bloc_year, **HTMX)

    html = response.content.decode()
    assert response.status_code == 200
    assert f'hx-get="{reverse("rendering_state", args=[Rendering.objects.get().pk])}" hx-trigger="every 1s"' in html
    assert "Đang chờ yêu cầu lúc" in page_of(response).text


def test_request_from_the_report_leads_back_to_it(desk, bloc_year):
    report = make_summary_report(bloc_year)
    here = reverse("summary_report", args=[report.pk])

    leads = [ask(desk, bloc_year, {"next": target}).url for target in (here, "https://vi-du.vn/", "//vi-du.vn")]

    elsewhere = reverse("bloc_detail", args=[bloc_year.pk])
    assert leads == [here, elsewhere, elsewhere]


@pytest.mark.django_db(transaction=True)
def test_dead_broker_does_not_break_the_page(desk, bloc_year, dead_broker):
    response = desk.post(reverse("rendering_request", args=["summary-report", f"khoi-{bloc_year.pk}"]), follow=True)

    assert (response.status_code, Rendering.objects.get().state) == (200, "queued")
    assert "Đang chờ yêu cầu lúc" in main_text(response)


@pytest.mark.django_db(transaction=True)
def test_dead_broker_does_not_break_the_batch(desk, bloc_year, dead_broker):
    make_bloc_year(bloc_year.year)

    response = desk.post(reverse("batch_start"), {"year": bloc_year.year.pk}, follow=True)

    assert (response.status_code, Rendering.objects.filter(state="queued").count()) == (200, 2)
    assert "Đang tạo 0/2 báo cáo." in main_text(response)


def test_batch_asks_for_each_bloc_once(desk, bloc_year, broker, django_capture_on_commit_callbacks):
    waiting = make_paper(make_bloc_year(bloc_year.year), state=RenderingState.QUEUED)
    make_bloc_year(make_year(bloc_year.year.authority, year=2025))

    with django_capture_on_commit_callbacks(execute=True):
        response = desk.post(reverse("batch_start"), {"year": bloc_year.year.pk})

    batch = RenderingBatch.objects.get()
    fresh = Rendering.objects.get(bloc_year=bloc_year)
    assert response.url == reverse("batch", args=[batch.pk])
    assert set(batch.renderings.all()) == {waiting, fresh}
    assert broker() == 2  # a message that comes twice is harmless, one that is lost is not


# ---------------------------------------------------------------- watching one


@pytest.mark.parametrize(
    ("state", "words", "goes_on"),
    [
        (RenderingState.QUEUED, "Đang chờ", True),
        (RenderingState.RUNNING, "Đang tạo", True),
        (RenderingState.DONE, "Đã có bản PDF", False),
        (RenderingState.FAILED, "Không tạo được", False),
    ],
)
def test_page_asks_again_until_the_paper_is_finished(desk, bloc_year, state, words, goes_on):
    rendering = make_paper(bloc_year, state=state)

    for url in (reverse("rendering_state", args=[rendering.pk]), reverse("bloc_detail", args=[bloc_year.pk])):
        response = desk.get(url)
        assert words in page_of(response).text
        assert ("every 1s" in response.content.decode()) is goes_on


def test_finished_paper_offers_its_file_and_a_new_one(desk, bloc_year):
    rendering = make_paper(bloc_year, pages=12, reused=True)

    response = desk.get(reverse("rendering_state", args=[rendering.pk]))

    assert "12 trang" in page_of(response).text
    assert "không đổi so với lần trước" in page_of(response).text
    assert f'href="{reverse("rendering_file", args=[rendering.pk])}"' in response.content.decode()
    assert [button.words for button in page_of(response).buttons] == ["Tạo bản PDF mới"]


def test_failed_paper_says_why_and_is_asked_for_again(desk, bloc_year, broker, django_capture_on_commit_callbacks):
    old = make_paper(bloc_year, state=RenderingState.FAILED, error="Không ghi được tệp (đĩa đầy).")
    page = desk.get(reverse("bloc_detail", args=[bloc_year.pk]))

    with django_capture_on_commit_callbacks(execute=True):
        response = desk.post(reverse("rendering_retry", args=[old.pk]), **HTMX)

    assert "Không ghi được tệp (đĩa đầy)." in main_text(page)
    fresh = Rendering.objects.exclude(pk=old.pk).get()
    assert (response.status_code, fresh.state, broker()) == (200, "queued", 1)
    assert reverse("rendering_state", args=[fresh.pk]) in response.content.decode()


@pytest.mark.parametrize("state", [RenderingState.QUEUED, RenderingState.RUNNING, RenderingState.DONE])
def test_only_a_failed_paper_is_made_again(desk, bloc_year, state):
    rendering = make_paper(bloc_year, state=state)

    response = desk.post(reverse("rendering_retry", args=[rendering.pk]), follow=True)

    assert messages_of(response) == ["Chỉ tạo lại được bản in bị lỗi."]
    assert Rendering.objects.count() == 1


# ---------------------------------------------------------------- opening one


def test_paper_opens_as_a_pdf_with_a_plain_name(desk, bloc_year):
    rendering = make_paper(bloc_year, content=b"%PDF-1.7 noi dung")

    response = desk.get(reverse("rendering_file", args=[rendering.pk]))

    assert content_of(response) == b"%PDF-1.7 noi dung"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="bao-cao-tong-ket-hoi-dac-thu-2026.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("code", "label", "name"),
    [
        ("Khối 1", "2026", "bao-cao-tong-ket-khoi-1-2026.pdf"),
        ("cum-truong", "2025-2026", "bao-cao-tong-ket-cum-truong-2025-2026.pdf"),
        ('a"b\\c', "2026", "bao-cao-tong-ket-abc-2026.pdf"),
    ],
)
def test_file_name_is_made_of_plain_letters(desk, bloc_year, code, label, name):
    year = make_year(bloc_year.year.authority, year=2027, label=label) if label != "2026" else bloc_year.year
    rendering = make_paper(make_bloc_year(year, bloc__code=code))

    response = desk.get(reverse("rendering_file", args=[rendering.pk]))
    content_of(response)

    assert response["Content-Disposition"] == f'inline; filename="{name}"'


def test_code_without_a_plain_letter_still_gives_a_name(desk, bloc_year):
    other = make_bloc_year(bloc_year.year, bloc__code="Đ")
    rendering = make_paper(other)

    response = desk.get(reverse("rendering_file", args=[rendering.pk]))
    content_of(response)

    assert response["Content-Disposition"] == f'inline; filename="bao-cao-tong-ket-khoi-{other.bloc_id}-2026.pdf"'


def test_paper_whose_file_is_gone_is_not_found(desk, bloc_year):
    rendering = make_paper(bloc_year)
    renderings.path_of(rendering).unlink()

    assert desk.get(reverse("rendering_file", args=[rendering.pk])).status_code == 404


@pytest.mark.parametrize("state", [RenderingState.QUEUED, RenderingState.RUNNING, RenderingState.FAILED])
def test_paper_that_is_not_done_has_no_file(desk, bloc_year, state):
    rendering = make_paper(bloc_year, state=state)

    assert desk.get(reverse("rendering_file", args=[rendering.pk])).status_code == 404


def test_report_list_links_the_newest_finished_paper(desk, bloc_year):
    make_paper(bloc_year, content=b"%PDF cu")
    newest = make_paper(bloc_year, content=b"%PDF moi hon")
    make_paper(bloc_year, state=RenderingState.FAILED)

    html = desk.get(reverse("report_list")).content.decode()

    assert re.findall(r'href="/ban-in/(\d+)/tep/"', html) == [str(newest.pk)]
