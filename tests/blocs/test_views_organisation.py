"""The pages with which the board edits the organisation of a year."""

import pytest
from django.urls import reverse

from blocs.domain import memberships, organisation
from blocs.enums import MemberRole, Role
from blocs.models import BlocType, BlocYear, Year
from tests.blocs.organisation_rows import make_rules
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_quota,
    make_unit_report,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.screens import main_text, messages_of, page_of

pytestmark = pytest.mark.django_db
WHY = {"reason": "Công văn 5"}


@pytest.fixture
def bloc(client):
    row = make_bloc_year(name="Khối các Hội")
    client.force_login(make_user(Role.BOARD_STAFF, authority=row.year.authority))
    return row


def url(name, *args):
    return reverse(name, args=[getattr(arg, "pk", arg) for arg in args])


# ---------------------------------------------------------------- the table


def test_table_shows_who_leads_and_what_is_amiss(client, bloc):
    BlocType.objects.create(authority=bloc.year.authority, code="hoi", name="Các Hội", min_members=5)
    BlocYear.objects.filter(pk=bloc.pk).update(type="hoi")
    make_bloc_year(bloc.year, name="Khối chưa có ai", members=0)

    text = main_text(client.get(url("organisation")))

    assert "Khối các Hội Khối thi đua · Các Hội 3 đơn vị, ít hơn 5 theo loại hình" in text
    assert members_of(bloc)[0].short in text
    assert "Khối chưa có ai Khối thi đua chưa có thành viên chưa có chuyên viên theo dõi" in text
    assert "2 khối cần xem lại" in text


def test_bloc_stands_below_its_own(client, bloc):
    last = make_bloc_year(bloc.year, position=10_000)
    make_bloc_year(bloc.year, position=10_001)
    child = make_bloc_year(bloc.year, position=20_000, parent=last)

    rows = client.get(url("organisation")).context["page"].object_list

    assert [(row.bloc_year.position, row.tier) for row in rows][-3:] == [(10_000, 0), (20_000, 1), (10_001, 0)]
    assert child.pk == rows[-2].bloc_year.pk


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=cac+so", ["Khối các sở"]),
        ("type=so", ["Khối các sở"]),
        ("officer=chua-co", ["Khối các Hội"]),
        ("q=la", []),
        ("type=khong-co", ["Khối các Hội", "Khối các sở"]),
    ],
)
def test_table_is_narrowed(client, bloc, query, names):
    officer = make_user(Role.BOARD_STAFF, authority=bloc.year.authority)
    make_bloc_year(bloc.year, name="Khối các sở", type="so", desk_officer=officer)

    page = client.get(url("organisation") + f"?{query}")

    assert [row.bloc_year.name for row in page.context["page"].object_list] == names
    if not names:
        assert "Không có cụm, khối nào hợp với bộ lọc." in main_text(page)


def test_table_has_pages_of_fifty(client, bloc):
    for number in range(51):
        make_bloc_year(bloc.year, members=0, name=f"Khối {number}")
    first, second = client.get(url("organisation")), client.get(url("organisation") + "?trang=2&q=khoi")
    assert [len(page.context["page"].object_list) for page in (first, second)] == [50, 2]
    assert 'href="?trang=1&amp;q=khoi"' in second.content.decode()


def test_empty_year_says_what_to_do(client):
    year = make_year(is_open=False)
    client.force_login(make_user(Role.BOARD_STAFF, authority=year.authority))
    assert "Năm này chưa có cụm, khối nào." in main_text(client.get(url("organisation")))


def test_administrator_reads_and_does_not_edit(client, bloc):
    client.force_login(make_user(Role.ADMINISTRATOR, bloc_year=bloc))
    for page in (client.get(url("organisation")), client.get(url("bloc_setup", bloc))):
        assert "chỉ để xem" in main_text(page)
        assert "/sua/" not in page.content.decode()


@pytest.mark.parametrize("name", ["organisation", "bloc_setup", "bloc_members"])
def test_pages_cost_the_same_for_one_and_three(client, queries_of, name):
    found = {}
    for number in (1, 3):
        year = make_year()
        make_rules(year, code=f"quy-tac-{number}", quotas=[{"award": "BKT", "max": "1"}])
        rows = [make_bloc_year(year, members=number, deputy=False) for _ in range(number)]
        make_quota(rows[0], max=1)
        for code in ("covenant", "unit-report", "conference")[:number]:
            make_milestone(rows[0], code, due="2026-11-20 17:00")
        for _ in range(number):
            make_unit_year(year)
        client.force_login(make_user(Role.BOARD_STAFF, authority=year.authority))
        found[number] = queries_of(url(name) if name == "organisation" else url(name, rows[0]))
    assert found[1] == found[3]


# ---------------------------------------------------------------- one bloc


def test_setup_shows_rules_beside_what_is_own(client, bloc):
    make_rules(
        bloc.year, quotas=[{"award": "CTDT", "max": "1"}], milestones=[{"code": "unit-report", "due": {"month": "11", "day": "20"}}],
    )  # fmt: skip
    make_milestone(bloc, due="2026-11-25 17:00")
    make_quota(bloc, max=2, source="Quyết định 3")

    text = main_text(client.get(url("bloc_setup", bloc)))

    assert "Báo cáo năm 23:59 thứ Sáu 20/11/2026 khóa: không 17:00 thứ Tư 25/11/2026 17:00 thứ Tư 25/11/2026" in text
    assert "nhiều nhất 1 có Căn cứ: Quyết định 3 2 cố định 2" in text
    assert "bo-quy-tac@1 (đang hiệu lực, không ghim)" in text


def test_closed_bloc_says_why_nothing_can_be_edited(client, bloc):
    BlocYear.objects.filter(pk=bloc.pk).update(is_closed=True)
    page = client.get(url("bloc_setup", bloc))
    assert "không sửa được nữa" in main_text(page)
    assert "Sửa" not in main_text(page)


def test_bloc_is_added_and_its_members_come_next(client, bloc):
    data = {"name": " Khối   các sở ", "kind": "khoi"} | WHY
    page = client.post(url("bloc_add"), data, follow=True)
    row = BlocYear.objects.get(name="Khối các sở")
    assert page.redirect_chain == [(url("bloc_members", row), 302)]
    assert messages_of(page) == ["Đã thêm Khối các sở. Bước tiếp theo: chọn đơn vị thành viên."]


def test_reason_is_asked_in_a_running_year_only(client, bloc):
    assert 'name="reason"' in client.get(url("bloc_edit", bloc)).content.decode()
    assert client.post(url("bloc_edit", bloc), {"name": "Tên mới", "kind": "khoi"}).status_code == 422
    Year.objects.filter(pk=bloc.year_id).update(is_open=False)
    assert 'name="reason"' not in client.get(url("bloc_edit", bloc)).content.decode()
    assert client.post(url("bloc_edit", bloc), {"name": "Tên mới", "kind": "khoi"}).status_code == 302


def test_form_that_a_rule_refuses_keeps_what_was_typed(client, bloc):
    other = make_bloc_year(bloc.year)
    page = client.post(url("bloc_edit", bloc), {"name": other.name, "kind": "khoi", "motto": "Đoàn kết"} | WHY)
    assert page.status_code == 422
    assert "đã có cụm, khối tên" in main_text(page)
    assert "Đoàn kết" in page.content.decode()


def test_second_of_two_editors_chooses(client, bloc):
    opened = client.get(url("bloc_edit", bloc)).context["form"]["opened"].value()
    mine = {"name": bloc.name, "kind": "khoi", "motto": "Của tôi", "opened": opened} | WHY
    client.post(url("bloc_edit", bloc), mine | {"motto": "Của người trước"})

    page = client.post(url("bloc_edit", bloc), mine)

    assert page.status_code == 409
    assert "Khẩu hiệu: Của người trước" in main_text(page)
    assert "Của tôi" in page.content.decode()
    client.post(url("bloc_edit", bloc), mine | {"over": page.context["conflict"].version})
    assert BlocYear.objects.get(pk=bloc.pk).motto == "Của tôi"


def test_bloc_that_cannot_go_says_why_beside_the_button(client, bloc):
    make_unit_report(bloc)
    button = next(one for one in page_of(client.get(url("bloc_remove", bloc))).buttons if one.words == "Xóa khỏi năm")
    assert (button.is_disabled, button.why) == (True, "Không xóa được, khối đã có: 1 báo cáo của đơn vị.")


def test_empty_bloc_goes(client, bloc):
    page = client.post(url("bloc_remove", bloc), WHY, follow=True)
    assert messages_of(page) == [f"Đã xóa {bloc.name} khỏi năm 2026."]


# ---------------------------------------------------------------- members and leaders


def test_order_is_typed(client, bloc):
    first, second, third = (unit.pk for unit in members_of(bloc))
    data = {
        "act": "order",
        "unit": [first, second, third],
        f"place_{first}": "3",
        f"place_{second}": "2",
        f"place_{third}": "1",
    }
    client.post(url("bloc_members", bloc), data | WHY)
    assert [unit.pk for unit in members_of(bloc)] == [third, second, first]


def test_ticked_units_leave_or_move(client, bloc):
    other = make_bloc_year(bloc.year)
    fresh = [make_unit_year(bloc.year) for _ in range(2)]
    memberships.add_members(bloc.pk, [unit.pk for unit in fresh], by=make_user(Role.BOARD_STAFF, bloc_year=bloc), **WHY)
    units = [unit.pk for unit in members_of(bloc)]

    removed = client.post(
        url("bloc_members", bloc), {"act": "remove", "unit": units, "pick": fresh[0].pk} | WHY, follow=True
    )
    units.remove(fresh[0].pk)
    moved = client.post(
        url("bloc_members", bloc),
        {"act": "move", "unit": units, "pick": fresh[1].pk, "to": other.pk} | WHY,
        follow=True,
    )

    assert messages_of(removed) == ["Đã đưa 1 đơn vị ra khỏi khối."]
    assert messages_of(moved) == [f"Đã chuyển 1 đơn vị sang {other.name}."]
    assert (len(members_of(bloc)), members_of(other)[-1]) == (3, fresh[1])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"act": "remove"}, "Đánh dấu đơn vị cần đưa ra"),
        ({"act": "move"}, "Chọn cụm, khối nhận"),
        ({"act": "remove", "pick": "head"}, "đang là Khối trưởng"),
    ],
)
def test_members_that_cannot_change_are_said(client, bloc, data, words):
    units = [unit.pk for unit in members_of(bloc)]
    if data.get("pick"):
        data = data | {"pick": units[0]}
    page = client.post(url("bloc_members", bloc), data | {"unit": units} | WHY)
    assert page.status_code == 422
    assert words in main_text(page)


def test_second_editor_of_the_members_sees_both_lists(client, bloc):
    opened = organisation.digest(memberships.shown(bloc))
    units = [unit.pk for unit in members_of(bloc)]
    names = [unit.name for unit in members_of(bloc)]
    client.post(url("bloc_members", bloc), {"unit": units[::-1], "opened": opened} | WHY)
    mine = {"unit": [units[1], units[0], units[2]], "opened": opened} | WHY

    page = client.post(url("bloc_members", bloc), mine)

    text = main_text(page)
    assert page.status_code == 409
    assert f"Bản đang lưu: Thành viên: {names[2]}; {names[1]}; {names[0]}" in text
    assert f"Bản của bạn: Thành viên: {names[1]}; {names[0]}; {names[2]}" in text
    client.post(url("bloc_members", bloc), mine | {"over": page.context["conflict"].version})
    assert [unit.pk for unit in members_of(bloc)] == mine["unit"]


def test_free_units_are_found_and_added(client, bloc):
    press, other = make_unit_year(bloc.year, name="Hội Nhà báo tỉnh"), make_unit_year(bloc.year, name="Sở Y tế")

    page = client.get(url("bloc_members", bloc) + "?q=nha+bao")
    added = client.post(url("bloc_members_add", bloc), {"units": [press.pk]} | WHY, follow=True)

    assert ("Hội Nhà báo tỉnh" in main_text(page), "Sở Y tế" in main_text(page)) == (True, False)
    assert messages_of(added) == [f"Đã thêm 1 đơn vị vào {bloc.name}."]
    assert members_of(bloc)[-1] == press
    assert other not in members_of(bloc)


def test_taken_unit_is_refused_with_the_name_of_its_bloc(client, bloc):
    unit = members_of(make_bloc_year(bloc.year, name="Khối các sở"))[0]
    page = client.post(url("bloc_members_add", bloc), {"units": [unit.pk]} | WHY)
    assert page.status_code == 422
    assert f"{unit.name} đã thuộc “Khối các sở” cùng tầng" in main_text(page)


def test_pasted_list_is_added_or_refused_whole(client, bloc):
    make_unit_year(bloc.year, name="Hội Nhà báo tỉnh")
    refused = client.post(url("bloc_members_paste", bloc), {"names": "hoi nha bao tinh\nHội lạ"} | WHY)
    before = len(members_of(bloc))
    added = client.post(url("bloc_members_paste", bloc), {"names": "1\thoi nha bao tinh\n"} | WHY, follow=True)
    assert ("“Hội lạ” không có trong năm" in main_text(refused), before) == (True, 3)
    assert messages_of(added) == [f"Đã thêm 1 đơn vị vào {bloc.name}."]


def test_new_head_is_said_with_what_happens_to_people(client, bloc):
    third = members_of(bloc)[2]
    person = make_user(Role.UNIT_LEADER, unit=third, post="Chủ tịch Hội")
    page = client.post(url("bloc_leaders", bloc), {"head": third.pk} | WHY, follow=True)
    assert messages_of(page) == [f"Nhận vị trí từ hôm nay: {person} (Khối trưởng).", "Đã lưu Khối trưởng, Khối phó."]
    assert bloc.memberships.get(role=MemberRole.HEAD).unit == third


def test_own_date_is_written_and_refused(client, bloc):
    make_rules(bloc.year, milestones=[{"code": "unit-report", "due": {"month": "11", "day": "20"}}])
    target = url("bloc_date", bloc, "unit-report")
    refused = client.post(target, {"due_at": "2026-11-25T17:00", "locks_at": "2026-11-24T17:00"} | WHY)
    client.post(target, {"due_at": "2026-11-25T17:00"} | WHY)
    assert (refused.status_code, "không được trước hạn" in main_text(refused)) == (422, True)
    assert bloc.milestones.get().due_at == at("2026-11-25 17:00")
    assert "Theo bộ quy tắc: hạn 23:59 thứ Sáu 20/11/2026, khóa chưa đặt." in main_text(client.get(target))


def test_unknown_milestone_has_no_page(client, bloc):
    assert client.get(url("bloc_date", bloc, "la")).status_code == 404


# ---------------------------------------------------------------- quotas


@pytest.mark.parametrize(
    ("data", "number"),
    [
        ({"way": "max", "max": "2", "max_percent": "50"}, 2),
        ({"way": "by_size", "by_size": "1-3: 1\n4-: 2"}, 1),
        ({"way": "max_percent", "max_percent": "66,7", "rounding": "floor", "base": "all"}, 2),
    ],
)
def test_own_quota_of_each_way(client, bloc, data, number):
    page = client.post(url("bloc_quota", bloc, "CTDT"), data | {"source": "Quyết định 3"} | WHY, follow=True)
    assert f"khối được {number} (" in messages_of(page)[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"way": "max"}, "Cần ghi ô này"),
        ({"way": "by_size", "by_size": "bốn"}, "viết như 4-9: 1"),
        ({"way": "max_percent", "max_percent": "101"}, "từ 0 đến 100"),
    ],
)
def test_quota_that_cannot_be_is_said(client, bloc, data, words):
    page = client.post(url("bloc_quota", bloc, "CTDT"), data | {"source": "Quyết định 3"} | WHY)
    assert (page.status_code, words in main_text(page)) == (422, True)


def test_quota_form_opens_with_what_is_stored(client, bloc):
    make_quota(bloc, by_size=[{"ge": 4, "le": 9, "max": 1}, {"ge": 10, "max": 2}], source="QĐ", shared_with=["BKT"])
    page = client.get(url("bloc_quota", bloc, "CTDT"))
    form = page.context["form"]
    assert (form["way"].value(), form["by_size"].value()) == ("by_size", "4-9: 1\n10-: 2")
    assert [kind.code for kind in form["shared_with"].initial] == ["BKT"]


def test_own_quota_is_given_up(client, bloc):
    make_quota(bloc, max=1)
    assert "sau đó theo bộ quy tắc: không giao" in main_text(client.get(url("bloc_quota_clear", bloc, "CTDT")))
    client.post(url("bloc_quota_clear", bloc, "CTDT"), WHY)
    assert bloc.quotas.count() == 0
    assert client.get(url("bloc_quota_clear", bloc, "CTDT")).status_code == 404
