"""A bloc of a year comes, changes and goes."""

import pytest

from blocs.domain import bloc_edits, organisation, tiers
from blocs.domain.bloc_edits import BlocFields, hanging, remove_bloc, save_bloc
from blocs.enums import Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken
from blocs.models import AuditEvent, Bloc, BlocYear, Membership, Obligation
from tests.blocs.organisation_rows import fields_of, make_rules
from tests.factories import (
    make_bloc_year,
    make_milestone,
    make_seat,
    make_unit_report,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def year():
    return make_year(is_open=False)


@pytest.fixture
def staff(year):
    return make_user(Role.BOARD_STAFF, authority=year.authority)


def test_new_bloc_takes_its_code_from_its_name_and_the_last_place(year, staff):
    make_bloc_year(year, position=4)

    row = save_bloc(year.pk, BlocFields(name="Khối các Hội đặc thù"), by=staff)

    assert (row.bloc.code, row.bloc.authority, row.position) == ("khoi-cac-hoi-dac-thu", year.authority, 5)
    event = AuditEvent.objects.get(action="bloc.add")
    assert (event.before, event.after["Tên"]) == (None, "Khối các Hội đặc thù")


def test_new_bloc_goes_on_with_the_bloc_of_an_earlier_year(year, staff):
    old = make_bloc_year(make_year(year.authority, year=2025))

    row = save_bloc(year.pk, BlocFields(name="Tên mới", code=old.bloc.code), by=staff)

    assert row.bloc == old.bloc


def test_code_that_the_year_has_is_refused(year, staff):
    other = make_bloc_year(year)
    with pytest.raises(RuleBroken, match="đã có cụm, khối mã"):
        save_bloc(year.pk, BlocFields(name="Khác", code=other.bloc.code), by=staff)


def test_name_that_the_year_has_is_refused(year, staff):
    other = make_bloc_year(year)
    with pytest.raises(RuleBroken, match="đã có cụm, khối tên"):
        save_bloc(year.pk, BlocFields(name=other.name), by=staff)


def test_code_of_another_year_is_not_changed(year, staff):
    row = make_bloc_year(year)
    make_bloc_year(make_year(year.authority, year=2025), bloc=row.bloc)

    with pytest.raises(RuleBroken, match="đã dùng cho các năm khác"):
        save_bloc(year.pk, fields_of(row, code="ma-moi"), by=staff, bloc_year_id=row.pk)


def test_code_used_in_this_year_only_may_change(year, staff):
    row = make_bloc_year(year)
    save_bloc(year.pk, fields_of(row, code="ma-moi"), by=staff, bloc_year_id=row.pk)
    assert Bloc.objects.get(pk=row.bloc_id).code == "ma-moi"


def test_code_of_another_bloc_is_refused(year, staff):
    row, other = make_bloc_year(year), make_bloc_year(make_year(year.authority, year=2025))
    with pytest.raises(RuleBroken, match="đã dùng cho cụm, khối khác"):
        save_bloc(year.pk, fields_of(row, code=other.bloc.code), by=staff, bloc_year_id=row.pk)


def test_change_is_written_with_before_and_after(year, staff):
    row = make_bloc_year(year, motto="Cũ")

    save_bloc(year.pk, fields_of(row, motto="Mới"), by=staff, bloc_year_id=row.pk)

    event = AuditEvent.objects.get(action="bloc.edit")
    assert (event.before["Khẩu hiệu"], event.after["Khẩu hiệu"]) == ("Cũ", "Mới")


def test_save_without_a_change_leaves_no_trace(year, staff):
    row = make_bloc_year(year)
    save_bloc(year.pk, fields_of(row), by=staff, bloc_year_id=row.pk)
    assert AuditEvent.objects.count() == 0


def test_running_year_asks_why(year, staff):
    row = make_bloc_year(make_year(year.authority, year=2025, is_open=True))
    change = fields_of(row, motto="Mới")

    with pytest.raises(RuleBroken, match="cần ghi rõ lý do"):
        save_bloc(row.year_id, change, by=staff, bloc_year_id=row.pk, reason=" ")
    save_bloc(row.year_id, change, by=staff, bloc_year_id=row.pk, reason="Công văn 5")

    assert AuditEvent.objects.get(action="bloc.edit").note == "Công văn 5"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.BOARD_STAFF])
def test_only_the_board_edits(year, role):
    row = make_bloc_year(year)
    with pytest.raises(NotAllowed):
        save_bloc(year.pk, fields_of(row, motto="Mới"), by=make_user(role, bloc_year=row), bloc_year_id=row.pk)


def test_board_of_another_authority_does_not_edit(year):
    with pytest.raises(NotAllowed):
        save_bloc(year.pk, BlocFields(name="Khối lạ"), by=make_user(Role.BOARD_STAFF))


def test_closed_bloc_stays(year, staff):
    row = make_bloc_year(year, is_closed=True)
    with pytest.raises(RuleBroken, match="không sửa được nữa"):
        save_bloc(year.pk, fields_of(row, motto="Mới"), by=staff, bloc_year_id=row.pk)


def test_bloc_that_is_gone_is_said(year, staff):
    with pytest.raises(RuleBroken, match="vừa được người khác xóa"):
        remove_bloc(10**6, by=staff)


def test_second_editor_is_shown_what_the_first_saved(year, staff):
    row = make_bloc_year(year, motto="Đầu")
    opened = organisation.digest(bloc_edits.shown(row))
    save_bloc(year.pk, fields_of(row, motto="Của người thứ nhất"), by=staff, bloc_year_id=row.pk, opened=opened)
    second = make_user(Role.BOARD_STAFF, authority=year.authority)
    mine = fields_of(row, motto="Của người thứ hai")

    with pytest.raises(EditedMeanwhile) as caught:
        save_bloc(year.pk, mine, by=second, bloc_year_id=row.pk, opened=opened)

    assert "Khẩu hiệu: Của người thứ nhất" in caught.value.theirs
    assert str(caught.value).startswith(f"{staff} đã sửa lúc ")
    assert BlocYear.objects.get(pk=row.pk).motto == "Của người thứ nhất"
    save_bloc(year.pk, mine, by=second, bloc_year_id=row.pk, opened=caught.value.version)
    assert BlocYear.objects.get(pk=row.pk).motto == "Của người thứ hai"


def test_equal_second_save_is_no_quarrel(year, staff):
    row = make_bloc_year(year)
    opened = organisation.digest(bloc_edits.shown(row))
    for _ in range(2):
        save_bloc(year.pk, fields_of(row, motto="Như nhau"), by=staff, bloc_year_id=row.pk, opened=opened)
    assert AuditEvent.objects.filter(action="bloc.edit").count() == 1


# ---------------------------------------------------------------- the tree


def test_parent_moves_the_tier_of_the_members(year, staff):
    top, below, lowest = (make_bloc_year(year) for _ in range(3))
    BlocYear.objects.filter(pk=lowest.pk).update(parent=below)
    tiers.settle(year.pk)

    save_bloc(year.pk, fields_of(below, parent=top), by=staff, bloc_year_id=below.pk)

    found = {row.pk: set(row.memberships.values_list("tier", flat=True)) for row in (top, below, lowest)}
    assert found == {top.pk: {0}, below.pk: {1}, lowest.pk: {2}}


def test_unit_on_two_floors_moves_down_without_meeting_itself(year, staff):
    """Both rows of the unit go one tier down at once; neither may stand in the other's way."""
    unit = make_unit_year(year)
    upper, top = make_bloc_year(year, members=[unit]), make_bloc_year(year)
    lower = make_bloc_year(year, members=0, parent=upper)
    Membership.objects.create(bloc_year=lower, unit=unit, tier=1)

    save_bloc(year.pk, fields_of(upper, parent=top), by=staff, bloc_year_id=upper.pk)

    assert sorted(unit.memberships.values_list("tier", flat=True)) == [1, 2]


def test_bloc_does_not_hang_below_itself(year, staff):
    top = make_bloc_year(year)
    below = make_bloc_year(year, parent=top)
    with pytest.raises(RuleBroken, match="nằm trong chính khối này"):
        save_bloc(year.pk, fields_of(top, parent=below), by=staff, bloc_year_id=top.pk)


def test_parent_of_another_year_is_refused(year, staff):
    row, other = make_bloc_year(year), make_bloc_year(make_year(year.authority, year=2025))
    with pytest.raises(RuleBroken, match="không thuộc năm"):
        save_bloc(year.pk, fields_of(row, parent=other), by=staff, bloc_year_id=row.pk)


def test_parent_that_puts_a_unit_twice_in_one_tier_is_refused(year, staff):
    unit = make_unit_year(year, name="Hội Nhà báo")
    top = make_bloc_year(year, members=[unit])
    below = make_bloc_year(year, members=0, parent=top)
    Membership.objects.create(bloc_year=below, unit=unit, tier=1)

    with pytest.raises(RuleBroken, match="Hội Nhà báo thuộc hai khối cùng tầng"):
        save_bloc(year.pk, fields_of(below, parent=None), by=staff, bloc_year_id=below.pk)


# ---------------------------------------------------------------- who follows, which rules


def test_desk_officer_is_one_of_the_board(year, staff):
    row, stranger = make_bloc_year(year), make_user(Role.COUNCIL_MEMBER, authority=year.authority)

    save_bloc(year.pk, fields_of(row, desk_officer=staff), by=staff, bloc_year_id=row.pk)
    with pytest.raises(RuleBroken, match="không giữ vị trí chuyên viên"):
        save_bloc(year.pk, fields_of(row, desk_officer=stranger), by=staff, bloc_year_id=row.pk)

    assert BlocYear.objects.get(pk=row.pk).desk_officer == staff


def test_pinned_rules_make_other_obligations():
    year = make_year(is_open=True)
    staff, row = make_user(Role.BOARD_STAFF, authority=year.authority), make_bloc_year(year)
    rules = make_rules(year, milestones=[{"code": "unit-report", "due": {"month": "11", "day": "20"}}])

    save_bloc(year.pk, fields_of(row, rule_set=rules), by=staff, bloc_year_id=row.pk, reason="Kế hoạch năm")

    assert Obligation.objects.filter(bloc_year=row, code="unit-report").count() == 3
    assert BlocYear.objects.get(pk=row.pk).rule_version_spelled is True


def test_draft_is_not_pinned(year, staff):
    row, rules = make_bloc_year(year), make_rules(year, is_draft=True)
    with pytest.raises(RuleBroken, match="chưa công bố"):
        save_bloc(year.pk, fields_of(row, rule_set=rules), by=staff, bloc_year_id=row.pk)


def test_rules_of_another_type_are_not_pinned_unless_the_type_changes_too(year, staff):
    row, rules = make_bloc_year(year, type="hoi"), make_rules(year, scope="type", scope_code="so")

    with pytest.raises(RuleBroken, match="không dành cho khối này"):
        save_bloc(year.pk, fields_of(row, rule_set=rules), by=staff, bloc_year_id=row.pk)
    save_bloc(year.pk, fields_of(row, rule_set=rules, type="so"), by=staff, bloc_year_id=row.pk)

    assert BlocYear.objects.get(pk=row.pk).rule_set == rules


# ---------------------------------------------------------------- taking out


def test_bloc_with_nothing_but_its_frame_goes(year, staff):
    row = make_bloc_year(year)
    make_milestone(row, due="2026-11-20 17:00")
    make_seat(make_user(), Role.BLOC_HEAD, bloc_year=row)  # prepared, never in force for anybody
    names = [unit.name for unit in members_of(row)]

    remove_bloc(row.pk, by=staff)

    assert (BlocYear.objects.count(), Bloc.objects.count(), Membership.objects.count()) == (0, 0, 0)
    assert AuditEvent.objects.get(action="bloc.remove").before["Thành viên"] == names


def test_bloc_of_other_years_stays_when_one_year_loses_it(year, staff):
    row = make_bloc_year(year)
    make_bloc_year(make_year(year.authority, year=2025), bloc=row.bloc)
    remove_bloc(row.pk, by=staff)
    assert Bloc.objects.filter(pk=row.bloc_id).exists()


def test_bloc_in_which_something_happened_stays(year, staff):
    row = make_bloc_year(year)
    make_unit_report(row)
    make_bloc_year(year, parent=row)

    with pytest.raises(RuleBroken, match="Không xóa được, khối đã có"):
        remove_bloc(row.pk, by=staff)

    assert sorted(hanging(row)) == ["1 báo cáo của đơn vị", "1 khối trực thuộc"]


def test_bloc_with_people_in_office_stays_in_a_running_year():
    row = make_bloc_year()
    make_seat(make_user(), Role.BLOC_HEAD, bloc_year=row)
    staff = make_user(Role.BOARD_STAFF, authority=row.year.authority)

    with pytest.raises(RuleBroken, match="1 vị trí"):
        remove_bloc(row.pk, by=staff, reason="Nhập hai khối")


def test_pinned_set_must_fit_when_the_type_changes(year, staff):
    row = make_bloc_year(year, type="so")
    rules = make_rules(year, scope="type", scope_code="so")
    save_bloc(year.pk, fields_of(row, rule_set=rules), by=staff, bloc_year_id=row.pk)
    row.refresh_from_db()

    with pytest.raises(RuleBroken, match="không dành cho khối này"):
        save_bloc(year.pk, fields_of(row, type="hoi"), by=staff, bloc_year_id=row.pk)


def test_pinned_set_allows_the_deputies_that_are_there(year, staff):
    row = make_bloc_year(year)
    rules = make_rules(year, heads={"deputies_max": "0"})

    with pytest.raises(RuleBroken, match="cho nhiều nhất 0 Khối phó, khối đang có 1"):
        save_bloc(year.pk, fields_of(row, rule_set=rules), by=staff, bloc_year_id=row.pk)
