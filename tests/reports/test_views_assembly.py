"""The page of the summary report: the draft with one button, sources that open, offers that are answered, versions."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.domain.assembly import drafts
from reports.domain.assembly.kinds import SUMMARY
from tests.factories import make_target
from tests.reports.assembly_rows import Bloc
from tests.screens import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client):
    made = Bloc()
    client.force_login(made.head)
    return made


def url(world, name="summary_report", *rest):
    return reverse(name, args=[world.summary.pk, *rest])


def test_one_button_builds_the_draft_and_each_paragraph_opens_its_source(client, world):
    shown = client.post(url(world, "assembly_start"), follow=True).content.decode()

    assert "Đã lập dự thảo từ các báo cáo" in shown
    for report in world.reports:
        assert f'href="{reverse("unit_report", args=[report.pk])}#staff"' in shown
        assert f'href="{reverse("unit_report", args=[report.pk])}#tasks"' in shown


def test_changed_source_is_shown_beside_the_old_text_and_taken(client, world):
    client.post(url(world, "assembly_start"))
    world.reports[1].figures.filter(code="staff").update(value=25)

    shown = page_of(client.get(url(world))).text
    assert ("01 chỗ" in shown, "60 người" in shown, "65 người" in shown) == (True, True, True)

    client.post(url(world, "assembly_answer", "lay"), seen_offer(world))
    assert "65 người" in world.texts()[0]
    assert "Khác với dữ liệu hiện nay" not in page_of(client.get(url(world))).text


def seen_offer(world):
    world.summary.refresh_from_db()
    (offer,) = drafts.offers(SUMMARY, world.summary)[0]
    return {"key": offer.key, "seen": offer.digest}


@pytest.mark.parametrize("name", ["lay", "giu"])
def test_answer_to_an_offer_that_changed_meanwhile_shows_the_new_one(client, world, name):
    client.post(url(world, "assembly_start"))
    world.reports[1].figures.filter(code="staff").update(value=25)
    posted = seen_offer(world)
    assert f'name="seen" value="{posted["seen"]}"' in client.get(url(world)).content.decode()
    world.reports[1].figures.filter(code="staff").update(value=26)

    shown = page_of(client.post(url(world, "assembly_answer", name), posted, follow=True)).text

    assert ("chưa ghi gì" in shown, "66 người" in shown, "60 người" in world.texts()[0]) == (True, True, True)


def test_conflicts_stand_on_the_page_with_their_sources(client, world):
    world.reports[0].figures.create(code="individuals", value=5)
    world.recognise(world.units[0], 7)

    shown = page_of(client.get(url(world))).text

    assert "báo cáo năm ghi 5, danh sách khen thưởng có 07" in shown


@pytest.mark.parametrize("key", ["", "figure:staff", "x" * 500])
def test_answer_to_nothing_is_told(client, world, key):
    client.post(url(world, "assembly_start"))

    response = client.post(url(world, "assembly_answer", "giu"), {"key": key}, follow=True)

    assert "vừa được cập nhật" in page_of(response).text


def test_versions_are_listed_compared_and_brought_back(client, world):
    client.post(url(world, "assembly_start"))
    client.post(url(world, "version_keep"), {"reason": ""})
    row = world.summary.parts.get(code="results")
    row.paragraphs, row.keys = ["Viết lại <b>hết</b>."], [""]
    row.save()

    compared = client.get(url(world, "version_detail", 1)).content.decode()
    assert '<ins class="in">Viết lại &lt;b&gt;hết&lt;/b&gt;.</ins>' in compared
    client.post(url(world, "version_restore", 1))
    assert "60 người" in world.texts()[0]
    assert "Trước khi lấy lại phiên bản 1" in page_of(client.get(url(world, "version_list"))).text


def test_page_costs_the_same_for_any_number_of_units(client):
    found = []
    for units in (3, 9):
        world = Bloc(units=units)
        client.force_login(world.head)
        make_target(world.bloc_year, "T1", value=5, op=">=").results.create(value=6)
        drafts.assemble(SUMMARY, world.summary.pk, by=world.head)
        world.reports[0].figures.update(value=1)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(world)).status_code == 200
        found.append(len(queries))

    assert found == [found[0]] * 2
