"""The pages of units: the list, one unit, the four acts with their effects before they are confirmed."""

import re
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from blocs.enums import Role
from blocs.models import BlocType, Succession, Unit, UnitRename, UnitYear
from tests.blocs.succession_rows import DAY, PAPER, Reform, codes, offices
from tests.factories import (
    make_bloc_year,
    make_milestone,
    make_seat,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.screens import main_text, messages_of

pytestmark = pytest.mark.django_db
FORM = {"on": "01/07/2026", "document": PAPER["document"]}


@pytest.fixture
def reform(client):
    with time_machine.travel("2026-08-15 09:00+07:00", tick=False):
        reform = Reform()
        client.force_login(reform.staff)
        yield reform


def url(name, row=None):
    return reverse(name, args=[row.pk] if row else [])


def names_of(page):
    return [line.unit.name for line in page.context["rows"]]


# ---------------------------------------------------------------- the list


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=nha+bao", ["Hội Nhà báo"]),
        ("kind=so", ["Sở Nội vụ"]),
        ("place=trong-khoi", ["Hội Nhà báo"]),
        ("place=ngoai-khoi", ["Sở Nội vụ"]),
        ("place=da-ket-thuc", ["Sở cũ"]),
        ("place=khong-co&kind=khong-co", ["Hội Nhà báo", "Sở Nội vụ", "Sở cũ"]),
        ("q=khong+co", []),
    ],
)
def test_list_is_narrowed(client, query, names):
    year = make_year()
    make_bloc_year(year, members=[make_unit_year(year, name="Hội Nhà báo")], deputy=False)
    make_unit_year(year, name="Sở Nội vụ", kind="so")
    ended = make_unit_year(year, name="Sở cũ")
    Unit.objects.filter(pk=ended.unit_id).update(valid_to=date(2026, 6, 30))
    client.force_login(make_user(Role.BOARD_STAFF, authority=year.authority))

    page = client.get(url("unit_list") + f"?{query}")

    assert names_of(page) == names
    if not names:
        assert "Không có đơn vị nào hợp với bộ lọc." in main_text(page)


def test_list_has_pages_of_fifty(client):
    year = make_year()
    rows = [make_unit_year(year) for _ in range(51)]
    client.force_login(make_user(Role.BOARD_STAFF, authority=year.authority))

    page = client.get(url("unit_list") + "?trang=2&q=don+vi")

    assert names_of(page) == [rows[-1].name]
    assert 'href="?trang=1&amp;q=don+vi"' in page.content.decode()


def test_empty_year_says_what_to_do(client):
    year = make_year()
    client.force_login(make_user(Role.BOARD_STAFF, authority=year.authority))

    assert "Năm này chưa có đơn vị nào." in main_text(client.get(url("unit_list")))


@pytest.mark.parametrize("role", [Role.BOARD_STAFF, Role.UNIT_LEADER])
def test_list_costs_the_same_for_one_and_three(client, queries_of, role):
    found = {}

    for number in (1, 3):
        bloc = make_bloc_year(make_year(), members=number, deputy=False)
        client.force_login(make_user(role, bloc_year=bloc))
        found[number] = queries_of(url("unit_list"))

    assert found[1] == found[3]


# ---------------------------------------------------------------- one unit


def test_unit_tells_its_years_and_where_it_went(client, reform):
    unit = reform.units[0]
    past = make_year(reform.authority, year=2025)
    make_bloc_year(past, members=[make_unit_year(past, code=unit.unit.code, name="Ban cũ")], name="Khối cũ")
    UnitRename.objects.create(unit=unit.unit, on=DAY, old_name="Ban cũ", new_name=unit.name, document="QĐ 7")
    Succession.objects.create(predecessor=unit.unit, kind="dissolve", on=date(2026, 9, 1), document="QĐ 9")
    make_milestone(reform.bloc, due="2026-11-20 17:00")
    make_seat(make_user(post="Chánh Văn phòng", full_name="Tên người"), Role.UNIT_LEADER, unit=unit)

    text = main_text(client.get(url("unit_detail", unit)))

    assert f"2026 {unit.name} {reform.bloc.name} (Khối trưởng)" in text
    assert "2025 Ban cũ Khối cũ (Khối trưởng)" in text
    assert f"Đổi tên: Ban cũ → {unit.name}, từ ngày 01/07/2026 QĐ 7" in text
    assert "Giải thể, từ ngày 01/09/2026 QĐ 9" in text
    assert "Báo cáo năm" in text
    assert "Chánh Văn phòng Lãnh đạo đơn vị" in text


def test_others_read_the_post_only_and_change_nothing(client, reform):
    make_seat(make_user(post="", full_name="Tên người"), Role.UNIT_LEADER, unit=reform.units[0])
    client.force_login(make_user(Role.UNIT_LEADER, unit=reform.units[1]))

    text = main_text(client.get(url("unit_detail", reform.units[0])))

    assert "Tên người" not in text
    assert "Sáp nhập" not in text
    assert "Sửa thông tin" not in text


def test_ended_unit_says_why_nothing_can_be_done(client, reform):
    Unit.objects.filter(pk=reform.units[0].unit_id).update(valid_to=date(2026, 6, 30))

    text = main_text(client.get(url("unit_detail", reform.units[0])))

    assert "Đơn vị đã thôi hoạt động sau ngày 30/06/2026, không ghi thêm thay đổi được." in text


def test_unit_page_costs_the_same_for_one_and_three_years(client, queries_of):
    year = make_year(year=2030)
    unit = make_unit_year(year)
    client.force_login(make_user(Role.BOARD_STAFF, authority=year.authority))
    found = {}

    for number in (1, 3):
        while UnitYear.objects.filter(unit=unit.unit).count() < number:
            past = make_year(year.authority, year=2025 + UnitYear.objects.filter(unit=unit.unit).count())
            make_bloc_year(past, members=[make_unit_year(past, code=unit.unit.code)], deputy=False)
            make_seat(make_user(), Role.UNIT_LEADER, unit=unit)
        found[number] = queries_of(url("unit_detail", unit))

    assert found[1] == found[3]


# ---------------------------------------------------------------- added, corrected


def test_unit_is_added_and_corrected(client, reform):
    form = {"name": "Đặc khu  Sơn Hà", "reason": "QĐ 1"}

    page = client.post(url("unit_add"), form, follow=True)
    row = UnitYear.objects.get(unit__code="dac-khu-son-ha")
    client.post(url("unit_edit", row), form | {"name": "Đặc khu Sơn Hà mới", "kind": "dac-khu"})

    assert messages_of(page) == ["Đã thêm Đặc khu Sơn Hà vào năm 2026."]
    row.refresh_from_db()
    assert (row.name, row.kind) == ("Đặc khu Sơn Hà mới", "dac-khu")


def test_second_editor_sees_both_versions(client, reform):
    row = reform.units[2]
    page = client.get(url("unit_edit", row))
    opened = page.context["form"].initial["opened"]
    client.post(url("unit_edit", row), {"name": "Tên một", "reason": "QĐ 1", "opened": opened})

    page = client.post(url("unit_edit", row), {"name": "Tên hai", "reason": "QĐ 1", "opened": opened})

    assert page.status_code == 409
    assert "Tên: Tên một" in main_text(page)
    assert 'value="Tên hai"' in page.content.decode()


# ---------------------------------------------------------------- acts


def hidden(page):
    """What the page of effects would send."""
    pairs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.content.decode())
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form


def merging(reform, *numbers):
    return FORM | {"units": [reform.units[number].pk for number in numbers], "into": "new", "name": "Sở mới"}


def test_merger_is_shown_then_confirmed(client, reform):
    BlocType.objects.create(authority=reform.authority, code="so", name="Các sở", min_members=5)
    reform.year.bloc_years.update(type="so")
    page = url("unit_merge", reform.units[0])

    shown = client.post(page, merging(reform, 3))
    assert codes(reform.bloc)[0] == reform.units[0].unit.code
    again = client.post(page, hidden(shown) | {"step": "preview", "offices": reform.bloc.pk})
    done = client.post(page, hidden(again) | {"step": "confirm", "offices": reform.bloc.pk}, follow=True)

    text = main_text(shown)
    assert f"{reform.bloc.name} Năm 2026 · 5 → 4 đơn vị" in text
    assert f"Khối mất Khối trưởng ({reform.units[0].name}); cần chọn đơn vị khác." in text
    assert "4 đơn vị, ít hơn 5 theo loại hình." in text
    assert f"Khối trưởng: {reform.units[0].name} → Sở mới." in main_text(again)
    assert messages_of(done) == ["Đã ghi sáp nhập từ ngày 01/07/2026: Sở mới."]
    assert offices(reform.bloc)["head"] == "Sở mới"


def test_merger_over_two_years_says_where_the_new_unit_does_not_come_and_lets_choose(client, reform):
    days = {"label": "2026-2027", "starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31)}
    there = make_unit_year(make_year(reform.authority, **days), name="Phòng Giáo dục")
    schools = make_bloc_year(there.year, name="Khối trường", members=[there])
    here = make_unit_year(reform.year, code=there.unit.code, name=there.name)
    page, form = url("unit_merge", reform.units[2]), merging(reform) | {"units": [here.pk]}
    said = "Sở mới không vào khối này: đã ở “{}” của năm {}, năm đã mở có ngày trùng với năm {}"

    shown = client.post(page, form)
    again = client.post(page, hidden(shown) | {"step": "preview", "blocs": schools.pk})
    client.post(page, hidden(again) | {"step": "confirm", "blocs": schools.pk})

    assert said.format(reform.bloc.name, "2026", "2026-2027") in main_text(shown)
    assert "Khối mất Khối trưởng (Phòng Giáo dục); cần chọn đơn vị khác." in main_text(shown)
    assert "Khối trường, năm 2026-2027" in main_text(shown)  # among the blocs to choose from
    assert said.format("Khối trường", "2026-2027", "2026") in main_text(again)
    assert [unit.name for unit in members_of(schools)] == ["Sở mới"]
    assert len(codes(reform.bloc)) == 4


def test_what_changed_since_it_was_shown_is_shown_again(client, reform):
    page = url("unit_merge", reform.units[2])
    shown = client.post(page, merging(reform, 3))
    make_user(Role.UNIT_LEADER, unit=reform.units[3])

    again = client.post(page, hidden(shown) | {"step": "confirm"})

    assert (again.status_code, Succession.objects.count()) == (409, 0)
    assert "vừa thay đổi so với lần xem trước" in main_text(again)


def test_form_can_be_opened_again_with_what_was_written(client, reform):
    page = url("unit_merge", reform.units[2])
    shown = client.post(page, merging(reform, 3))

    again = client.post(page, hidden(shown) | {"step": "edit"})

    assert (again.status_code, Succession.objects.count()) == (200, 0)
    assert 'value="Sở mới"' in again.content.decode()


def confirmed(client, page, form):
    return client.post(page, hidden(client.post(page, form)) | {"step": "confirm"}, follow=True)


def test_split_rename_and_dissolution_are_confirmed(client, reform):
    split = FORM | {"into": "Sở Một; S1\nSở Hai\tS2\tso-hai-moi", "continues": "no"}
    confirmed(client, url("unit_split", reform.units[2]), split)
    renamed = confirmed(client, url("unit_rename", reform.units[3]), FORM | {"name": "Sở Ba"})
    confirmed(client, url("unit_dissolve", reform.units[4]), FORM)

    assert [unit.name for unit in members_of(reform.bloc)][2:] == ["Sở Một", "Sở Hai", "Sở Ba"]
    assert codes(reform.bloc)[3] == "so-hai-moi"
    assert messages_of(renamed) == ["Đã ghi đổi tên từ ngày 01/07/2026: Sở Ba."]


@pytest.mark.parametrize(
    ("name", "form", "words"),
    [
        ("unit_dissolve", {"on": "32/07/2026", "document": "QĐ"}, "Viết ngày như 20/11/2026."),
        ("unit_dissolve", {"on": "01/09/2026", "document": "QĐ"}, "Ngày 01/09/2026 chưa đến"),
        ("unit_merge", FORM | {"into": "new", "name": "Sở"}, "Chọn ít nhất một đơn vị nữa."),
        ("unit_split", FORM | {"into": "Sở; s; a/b", "continues": "yes"}, "mã không hợp lệ"),
        ("unit_split", FORM | {"into": "Sở Một", "continues": "no"}, "ít nhất hai đơn vị mới"),
        ("unit_rename", FORM | {"name": "Sở", "document": ""}, "Trường này là bắt buộc."),
    ],
)
def test_wrong_form_says_what_is_wrong(client, reform, name, form, words):
    page = client.post(url(name, reform.units[2]), form)

    assert page.status_code == 422
    assert words in main_text(page)


def test_new_unit_needs_a_name_and_the_bloc_is_chosen(client, reform):
    other = make_bloc_year(reform.year)
    far = members_of(other)[2]
    page, form = url("unit_merge", reform.units[2]), merging(reform) | {"units": [far.pk]}

    refused = client.post(page, form | {"name": ""})
    shown = client.post(page, form)
    chosen = client.post(page, hidden(shown) | {"step": "preview", "blocs": other.pk})
    client.post(page, hidden(chosen) | {"step": "confirm", "blocs": other.pk})

    assert "Cần ghi tên đơn vị mới." in main_text(refused)
    assert "khối nhận đơn vị sau sáp nhập" in main_text(shown)
    assert codes(other)[2] == "so-moi"


def test_unit_that_stays_takes_others_in(client, reform):
    form = merging(reform, 3) | {"into": "self", "name": ""}

    confirmed(client, url("unit_merge", reform.units[2]), form)

    assert codes(reform.bloc) == [reform.units[number].unit.code for number in (0, 1, 2, 4)]
