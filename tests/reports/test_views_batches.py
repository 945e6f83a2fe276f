"""The papers of all blocs of a year with one button: how far they are, the failed ones, the ZIP."""

import io
import zipfile

import pytest
from django.urls import reverse

from blocs.enums import Role
from reports.domain import renderings
from reports.models import RenderingBatch
from tests.factories import make_bloc_year, make_user, make_year
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


def make_batch(year, **states):
    """A batch with one paper a bloc: ``make_batch(year, first="done", second="failed")``."""
    batch = RenderingBatch.objects.create(year=year)
    for code, state in states.items():
        bloc_year = make_bloc_year(year, bloc__code=code, name=f"Khối {code}")
        batch.renderings.add(make_paper(bloc_year, state=state, content=f"%PDF {code}".encode()))
    return batch


def test_year_without_blocs_has_nothing_to_make(client):
    year = make_year()
    client.force_login(make_user(Role.BOARD_STAFF, authority=year.authority))

    response = client.post(reverse("batch_start"), {"year": year.pk}, follow=True)

    assert messages_of(response) == ["Năm này chưa có cụm, khối nào."]
    assert RenderingBatch.objects.count() == 0


@pytest.mark.parametrize("role", [role for role in Role if role != Role.BOARD_STAFF])
def test_only_the_board_starts_a_batch(client, bloc_year, role):
    make_bloc_year(bloc_year.year)
    client.force_login(make_user(role, bloc_year=bloc_year))

    page = client.get(reverse("report_list"))
    response = client.post(reverse("batch_start"), {"year": bloc_year.year.pk})

    assert "Tạo PDF của" not in main_text(page)
    assert (response.status_code, RenderingBatch.objects.count()) == (404, 0)


@pytest.mark.parametrize(
    ("states", "words", "fill", "goes_on"),
    [
        (("queued", "queued", "queued"), "Đang tạo 0/3 báo cáo.", 0, True),
        (("done", "running", "queued"), "Đang tạo 1/3 báo cáo.", 30, True),
        (("done", "done", "failed"), "Đã xong, có bản bị lỗi 2/3 báo cáo, 1 bị lỗi.", 100, False),
        (("done", "done", "done"), "Đã xong 3/3 báo cáo.", 100, False),
    ],
)
def test_batch_page_says_how_far_it_is(desk, bloc_year, states, words, fill, goes_on):
    batch = make_batch(bloc_year.year, **dict(zip(("mot", "hai", "ba"), states, strict=True)))

    whole = desk.get(reverse("batch", args=[batch.pk]))
    part = desk.get(reverse("batch", args=[batch.pk]), **HTMX)

    for response in (whole, part):
        html = response.content.decode()
        assert words in page_of(response).text
        assert f'class="progress-bar fill-{fill}"' in html
        assert ("every 1s" in html) is goes_on
    assert [("<html" in response.content.decode()) for response in (whole, part)] == [True, False]


def test_batch_page_counts_the_papers_that_did_not_change(desk, bloc_year):
    batch = make_batch(bloc_year.year, mot="done", hai="done")
    batch.renderings.filter(bloc_year__bloc__code="mot").update(reused=True)

    page = desk.get(reverse("batch", args=[batch.pk]))

    assert "2/2 báo cáo, trong đó 1 báo cáo không đổi nên không tạo lại." in main_text(page)


def test_failed_paper_of_a_batch_is_made_again_from_its_page(desk, bloc_year):
    batch = make_batch(bloc_year.year, mot="done", hai="failed")
    here, failed = reverse("batch", args=[batch.pk]), batch.renderings.get(state="failed")

    response = desk.post(reverse("rendering_retry", args=[failed.pk]), {"next": here}, follow=True)

    assert response.redirect_chain == [(here, 302)]
    assert sorted(batch.renderings.values_list("bloc_year__bloc__code", "state")) == [
        ("hai", "queued"),
        ("mot", "done"),
    ]
    assert "Đang tạo 1/2 báo cáo." in main_text(response)


def test_zip_holds_the_finished_papers_in_the_order_of_the_blocs(desk, bloc_year):
    batch = make_batch(bloc_year.year, zeta="done", beta="failed", alpha="done")

    response = desk.get(reverse("batch_file", args=[batch.pk]))

    with zipfile.ZipFile(io.BytesIO(content_of(response))) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {
        "001-bao-cao-tong-ket-zeta-2026.pdf": b"%PDF zeta",
        "002-bao-cao-tong-ket-alpha-2026.pdf": b"%PDF alpha",
    }
    assert list(found) == sorted(found)
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == 'attachment; filename="bao-cao-tong-ket-2026.zip"'


def test_zip_keeps_blocs_apart_whose_names_come_to_the_same(desk, bloc_year):
    batch = make_batch(bloc_year.year, **{"khoi-1": "done", "Khối 1": "done"})

    response = desk.get(reverse("batch_file", args=[batch.pk]))

    with zipfile.ZipFile(io.BytesIO(content_of(response))) as archive:
        assert archive.namelist() == [
            "001-bao-cao-tong-ket-khoi-1-2026.pdf",
            "002-bao-cao-tong-ket-khoi-1-2026.pdf",
        ]


def test_same_papers_give_the_same_zip(desk, bloc_year):
    batch = make_batch(bloc_year.year, mot="done", hai="done")
    url = reverse("batch_file", args=[batch.pk])

    first, second = content_of(desk.get(url)), content_of(desk.get(url))

    assert first == second


def test_zip_without_a_finished_paper_is_not_found(desk, bloc_year):
    batch = make_batch(bloc_year.year, mot="queued", hai="failed")

    assert desk.get(reverse("batch_file", args=[batch.pk])).status_code == 404


def test_zip_says_which_files_are_gone(desk, bloc_year):
    batch = make_batch(bloc_year.year, mot="done", hai="done")
    renderings.path_of(batch.renderings.get(bloc_year__bloc__code="hai")).unlink()

    response = desk.get(reverse("batch_file", args=[batch.pk]), follow=True)

    assert response.redirect_chain == [(reverse("batch", args=[batch.pk]), 302)]
    assert messages_of(response) == ["Tệp PDF không còn trên máy chủ: Khối hai. Hãy tạo lại."]


@pytest.mark.parametrize("name", ["batch", "batch_file"])
def test_batch_of_another_authority_is_not_found(client, bloc_year, name):
    batch = make_batch(bloc_year.year, mot="done")
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=make_bloc_year()))

    assert client.get(reverse(name, args=[batch.pk])).status_code == 404


def test_report_list_leads_to_the_latest_batch(desk, bloc_year):
    make_batch(bloc_year.year, mot="done")
    latest = make_batch(bloc_year.year, hai="done")

    html = desk.get(reverse("report_list")).content.decode()

    assert f'href="{reverse("batch", args=[latest.pk])}">Đợt tạo PDF gần nhất</a>' in html
