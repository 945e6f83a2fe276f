"""The page of the summary report: the draft with one button, sources that open, offers that are answered, versions."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blocs.enums import Role
from reports.domain.assembly import bloc, drafts
from reports.domain.assembly.kinds import SUMMARY
from reports.views.provenance import address_of, openable
from tests.factories import make_milestone, make_movement, make_target, make_user
from tests.reports.assembly_rows import Bloc, answer
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


def test_each_source_opens_at_the_place_that_it_names(client, world):
    target = make_target(world.bloc_year, "T1", text="Số mô hình", value=9, op=">=", unit_of_measure="mô hình")
    for unit in (None, *world.units):
        target.results.create(of=unit, value=20 if unit is None else 6)
    client.post(url(world, "assembly_start"))

    sources = [source for piece in world.summary.pieces.all() for source in piece.sources]
    sources += [source.__dict__ for conflict in bloc.generate(world.bloc_year)[1] for source in conflict.sources]
    places = {place for source in sources if "#" in (place := address_of(source, openable(world.head, sources)))}

    assert f"{reverse('covenant', args=[world.bloc_year.pk])}#target-T1" in places
    for place in places:
        page, _, anchor = place.partition("#")
        assert f'id="{anchor}"' in client.get(page).content.decode(), place


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


def test_member_opens_what_was_taken_from_reports_that_are_not_its_own(client, world):
    client.post(url(world, "assembly_start"))
    client.force_login(make_user(Role.UNIT_LEADER, unit=world.units[1]))

    shown = client.get(url(world)).content.decode()
    found = set(re.findall(r'href="([^"#?]+[^"#]*)', shown.partition("Từng đoạn")[2].partition('id="gop-y"')[0]))

    assert found
    assert {client.get(unescape(address)).status_code for address in found} == {200}
    assert f'href="{reverse("unit_report", args=[world.reports[1].pk])}#staff"' in shown
    assert reverse("unit_report", args=[world.reports[0].pk]) not in shown
    page = page_of(client.get(url(world, "assembly_source"), {"doan": "figure:staff"})).text
    assert [f"{number} người" in page for number in (10, 20, 30)] == [True] * 3


@pytest.mark.parametrize("key", ["", "figure:x"])
def test_passage_without_sources_has_no_page_of_them(client, world, key):
    client.post(url(world, "assembly_start"))

    assert client.get(url(world, "assembly_source"), {"doan": key}).status_code == 404


def test_long_words_of_another_unit_are_shown_as_far_as_they_are_quoted(client, world):
    long = "Một câu vừa phải của đơn vị. " * 60
    world.reports[0].parts.filter(code="tasks").update(paragraphs=[f"{long}Điều không trích."])
    client.post(url(world, "assembly_start"))
    client.force_login(make_user(Role.UNIT_LEADER, unit=world.units[1]))

    page = page_of(client.get(url(world, "assembly_source"), {"doan": f"tasks:{world.units[0].unit_id}"})).text

    assert ("Một câu vừa phải" in page, "Điều không trích" in page) == (True, False)


@pytest.mark.parametrize("role", [Role.UNIT_LEADER, Role.BOARD_STAFF])
def test_readers_see_what_is_out_of_date_and_conflicts_but_no_buttons(client, world, role):
    client.post(url(world, "assembly_start"))
    world.reports[1].figures.filter(code="staff").update(value=25)
    world.reports[0].figures.create(code="individuals", value=5)
    world.recognise(world.units[0], 7)
    client.force_login(make_user(role, bloc_year=world.bloc_year, unit=world.units[1]))

    page = page_of(client.get(url(world)))

    assert ("60 người" in page.text, "65 người" in page.text, "khác với nguồn hiện nay" in page.text) == (
        True, False, True
    )  # fmt: skip
    assert "danh sách khen thưởng có 07" in page.text
    assert [button.words for button in page.buttons if "dữ liệu" in button.words] == []


READERS = [Role.UNIT_REPORTER, Role.BOARD_STAFF]


def page_for(client, world, role):
    client.force_login(make_user(role, bloc_year=world.bloc_year, unit=world.units[2]))
    return page_of(client.get(url(world))).text


def source_page(client, world, key):
    return client.get(url(world, "assembly_source"), {"doan": key})


@pytest.mark.parametrize("role", READERS)
def test_words_that_were_not_taken_are_read_by_who_writes_only(client, world, role):
    world.reports[1].parts.all().delete()
    client.post(url(world, "assembly_start"))
    world.reports[1].parts.create(code="tasks", paragraphs=["Lời gửi sau."])
    key = f"tasks:{world.units[1].unit_id}"

    assert "Lời gửi sau" in page_of(client.get(url(world))).text
    shown = page_for(client, world, role)
    assert ("chưa có trong báo cáo" in shown, "Lời gửi sau" in shown, "chỉ người soạn đọc" in shown) == (
        True, False, True
    )  # fmt: skip
    world.summary.refresh_from_db()
    answer(drafts.keep, SUMMARY, world.summary, key, by=world.head)
    assert source_page(client, world, key).status_code == 404
    client.force_login(world.head)
    assert "Lời gửi sau" in page_of(source_page(client, world, key)).text


@pytest.mark.parametrize("role", READERS)
def test_words_of_a_source_that_were_refused_or_rewritten_are_read_by_who_writes_only(client, world, role):
    client.post(url(world, "assembly_start"))
    world.summary.refresh_from_db()
    world.reports[1].parts.filter(code="tasks").update(paragraphs=["Lời mới không nhận."])
    world.reports[1].figures.update(value=25)
    key = f"tasks:{world.units[1].unit_id}"
    for refused in (key, "figure:staff"):
        answer(drafts.keep, SUMMARY, world.summary, refused, by=world.head)

    shown, apart = page_for(client, world, role), page_of(source_page(client, world, key)).text
    assert ("Lời mới" in shown, "Lời mới" in apart, world.units[1].short in apart) == (False, False, True)
    assert f"tasks của {world.units[1].short}" in apart
    sums = page_of(source_page(client, world, "figure:staff")).text
    assert ("60 người" in sums, "65 người" in sums, "25 người" in sums) == (True, False, True)
    client.force_login(world.head)
    assert "Lời mới không nhận" in page_of(source_page(client, world, key)).text


def test_source_that_is_gone_or_has_no_page_shows_what_was_taken(client, world):
    """A milestone that the calendar does not have, a movement that was deleted while the draft is open."""
    movement = make_movement(world.bloc_year.year)
    movement.indicators.get().results.create(unit=world.units[0], value=3)
    world.reports[1].delete()
    client.post(url(world, "assembly_start"))
    shown = client.get(url(world)).content.decode()
    assert f'href="{reverse("movement_detail", args=[movement.pk])}"' in shown
    key = f"movement:{movement.pk}"
    movement.delete()

    shown = client.get(url(world)).content.decode()

    places = set(re.findall(r'href="([^"#?]+[^"#]*)', shown.partition("Từng đoạn")[2].partition('id="gop-y"')[0]))
    assert {client.get(unescape(place)).status_code for place in places} == {200}
    assert {f"{url(world, 'assembly_source')}?doan={name}" for name in ("absent", quote(key, safe=""))} <= {
        unescape(place) for place in places
    }
    assert movement.name in page_of(source_page(client, world, key)).text


def test_missing_units_lead_to_who_is_missing_where_the_calendar_asks(client, world):
    make_milestone(world.bloc_year)
    world.reports[1].delete()

    shown = client.post(url(world, "assembly_start"), follow=True).content.decode()

    assert f'href="{reverse("missing", args=[world.bloc_year.pk, "unit-report"])}"' in shown


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


def test_parts_that_are_written_are_folded_for_the_writer_and_open_for_readers(client, world):
    client.post(url(world, "assembly_start"))

    def is_open(code, **asked):
        shown = client.get(url(world), asked).content.decode()
        return "open" in re.search(rf'<details class="card part[^>]*>(?=(?:(?!</summary>).)*</summary>\s*<div[^>]* id="{code}")', shown, re.DOTALL)[0]  # fmt: skip

    written, empty = "results", "causes"
    assert (is_open(written), is_open(empty), is_open(written, mo=1)) == (False, True, True)
    saved = client.post(url(world, "summary_report_part", empty), {"text": "Do chủ quan.", "version": 0})
    assert saved.url == f"{url(world)}#{empty}"
    assert is_open(empty) is False
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=world.bloc_year))
    assert is_open(written)
