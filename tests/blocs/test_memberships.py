"""Which units are in a bloc's year, and who leads them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from blocs.domain import leaders, memberships, organisation, tiers
from blocs.domain.leaders import set_leaders
from blocs.domain.memberships import add_members, find_units, free_units, move_members, set_members
from blocs.enums import MemberRole, Milestone, Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken
from blocs.models import AuditEvent, Membership, Obligation, Seat
from tests.at_once import needs_row_locks, two_at_once
from tests.blocs.organisation_rows import make_rules
from tests.factories import (
    make_bloc_year,
    make_milestone,
    make_proposal,
    make_seat,
    make_unit_report,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)

pytestmark = pytest.mark.django_db
WHY = {"reason": "Quyết định 12"}


@pytest.fixture
def bloc():
    return make_bloc_year()


@pytest.fixture
def staff(bloc):
    return make_user(Role.BOARD_STAFF, authority=bloc.year.authority)


def ids(*units):
    return [unit.pk for unit in units]


def test_members_come_go_and_change_places(bloc, staff):
    first, second, third = members_of(bloc)
    fresh = make_unit_year(bloc.year)

    set_members(bloc.pk, ids(fresh, second, first), by=staff, **WHY)

    assert members_of(bloc) == [fresh, second, first]
    assert bloc.memberships.get(unit=first).role == MemberRole.HEAD
    event = AuditEvent.objects.get(action="bloc.set_members")
    assert event.before == {"Thành viên": [first.name, second.name, third.name]}
    assert event.after == {"Thành viên": [fresh.name, second.name, first.name]}


def test_obligations_follow_the_members(bloc, staff):
    make_milestone(bloc, due="2099-11-20 17:00")
    *stay, gone = members_of(bloc)
    fresh = make_unit_year(bloc.year)

    set_members(bloc.pk, ids(*stay, fresh), by=staff, **WHY)

    owed = set(Obligation.objects.filter(bloc_year=bloc).values_list("unit", flat=True))
    assert owed == {*ids(*stay), fresh.pk}
    assert gone.pk not in owed


def test_same_list_again_leaves_no_trace(bloc, staff):
    set_members(bloc.pk, ids(*members_of(bloc)), by=staff, **WHY)
    assert AuditEvent.objects.count() == 0


def test_members_of_a_running_year_need_a_reason(bloc, staff):
    with pytest.raises(RuleBroken, match="lý do"):
        set_members(bloc.pk, [], by=staff)


def make_beside(bloc, *, closed=False, tier=0, **columns):
    """A unit free in the year of the bloc, and in a bloc of the school year beside it."""
    days = {"label": "2026-2027", "starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31)}
    school = make_year(bloc.year.authority, **(days | columns))
    there = make_unit_year(school, name="Trường A")
    make_bloc_year(school, name="Khối trường", members=[there], is_closed=closed)
    Membership.objects.filter(unit=there).update(tier=tier)
    return make_unit_year(bloc.year, code=there.unit.code, name="Trường A")


@pytest.mark.parametrize("is_open", [True, False])
def test_unit_that_another_open_year_asks_is_not_asked_twice(bloc, staff, is_open):
    unit = make_beside(bloc)
    bloc.year.is_open = is_open
    bloc.year.save()
    assert (unit in free_units(bloc)) is not is_open
    if not is_open:
        assert add_members(bloc.pk, ids(unit), by=staff, **WHY) == 1
        return
    with pytest.raises(RuleBroken, match=r"Trường A đang ở “Khối trường” của năm 2026-2027.*giao việc hai lần"):
        add_members(bloc.pk, ids(unit), by=staff, **WHY)


@pytest.mark.parametrize(
    "beside", [{"closed": True}, {"tier": 1}, {"is_open": False}, {"starts_on": date(2027, 1, 1)}], ids=str
)
def test_unit_that_nobody_else_asks_is_free_to_come(bloc, staff, beside):
    unit = make_beside(bloc, **beside)
    assert unit in free_units(bloc)
    assert add_members(bloc.pk, ids(unit), by=staff, **WHY) == 1


@pytest.mark.django_db(transaction=True)
@needs_row_locks
def test_two_who_take_one_unit_into_two_years_at_once_do_not_both_get_it(bloc, staff):
    unit = make_beside(bloc)
    there = unit.unit.in_years.get(year__label="2026-2027")
    school = there.memberships.get().bloc_year
    school.memberships.all().delete()

    answers, refused = two_at_once(
        lambda place: add_members(place[0], ids(place[1]), by=staff, **WHY), [(bloc.pk, unit), (school.pk, there)]
    )

    assert (answers, len(refused)) == ([1], 1)
    assert Membership.objects.filter(unit__in=[unit, there]).count() == 1


@pytest.mark.parametrize("role", [Role.BLOC_HEAD, Role.ADMINISTRATOR, Role.COUNCIL_SECRETARY])
def test_members_are_the_boards_to_set(bloc, role):
    with pytest.raises(NotAllowed):
        set_members(bloc.pk, [], by=make_user(role, bloc_year=bloc), **WHY)


def test_unit_of_another_bloc_of_the_tier_is_refused_with_its_name(bloc, staff):
    other = make_bloc_year(bloc.year, name="Khối các sở")
    taken = members_of(other)[2]
    with pytest.raises(RuleBroken, match=f"{taken.name} đã thuộc “Khối các sở” cùng tầng"):
        add_members(bloc.pk, ids(taken), by=staff, **WHY)
    assert taken not in members_of(bloc)


def test_unit_may_stand_one_tier_below(bloc, staff):
    below = make_bloc_year(bloc.year, members=0, parent=bloc)
    unit = members_of(bloc)[0]
    add_members(below.pk, ids(unit), by=staff, **WHY)
    assert sorted(unit.memberships.values_list("tier", flat=True)) == [0, 1]


@pytest.mark.parametrize("days", [{"valid_to": date(2025, 12, 31)}, {"valid_from": date(2027, 1, 1)}])
def test_unit_outside_the_days_of_the_year_is_refused(bloc, staff, days):
    unit = make_unit_year(bloc.year)
    type(unit.unit).objects.filter(pk=unit.unit_id).update(**days)
    with pytest.raises(RuleBroken, match="không tồn tại trong thời gian"):
        add_members(bloc.pk, ids(unit), by=staff, **WHY)
    assert unit not in free_units(bloc)


def test_unit_of_another_year_is_refused(bloc, staff):
    unit = make_unit_year(make_year(bloc.year.authority, year=2025))
    with pytest.raises(RuleBroken, match="không thuộc danh sách đơn vị của năm"):
        add_members(bloc.pk, ids(unit), by=staff, **WHY)


def test_unit_twice_is_refused(bloc, staff):
    units = ids(*members_of(bloc))
    with pytest.raises(RuleBroken, match="hai lần"):
        set_members(bloc.pk, [*units, units[0]], by=staff, **WHY)


@pytest.mark.parametrize(("place", "office"), [(0, "Khối trưởng"), (1, "Khối phó")])
def test_who_leads_does_not_leave(bloc, staff, place, office):
    units = ids(*members_of(bloc))
    del units[place]
    with pytest.raises(RuleBroken, match=f"đang là {office}; chọn {office} khác trước"):
        set_members(bloc.pk, units, by=staff, **WHY)


@pytest.mark.parametrize("make", [make_unit_report, make_proposal])
def test_unit_with_papers_in_the_bloc_stays(bloc, staff, make):
    unit = members_of(bloc)[2]
    make(bloc, unit=unit)
    with pytest.raises(RuleBroken, match="trong khối này, không đưa ra khỏi khối được"):
        set_members(bloc.pk, ids(*members_of(bloc)[:2]), by=staff, **WHY)


def test_units_move_to_another_bloc(bloc, staff):
    other = make_bloc_year(bloc.year)
    first, second, third = members_of(bloc)

    move_members(bloc.pk, ids(third), other.pk, by=staff, **WHY)

    assert (members_of(bloc), members_of(other)[-1]) == ([first, second], third)
    assert AuditEvent.objects.filter(action="bloc.set_members").count() == 2


def test_move_that_is_refused_takes_nobody_out(bloc, staff):
    other = make_bloc_year(bloc.year, is_closed=True)
    before = members_of(bloc)
    with pytest.raises(RuleBroken):
        move_members(bloc.pk, ids(before[2]), other.pk, by=staff, **WHY)
    assert members_of(bloc) == before


def test_move_stays_in_the_year_and_is_of_members(bloc, staff):
    units, elsewhere = ids(*members_of(bloc)), make_bloc_year(make_year(bloc.year.authority, year=2025))
    beside = make_bloc_year(bloc.year)
    with pytest.raises(RuleBroken, match="ít nhất một"):
        move_members(bloc.pk, [], beside.pk, by=staff, **WHY)
    with pytest.raises(RuleBroken, match="cùng năm"):
        move_members(bloc.pk, units[2:], elsewhere.pk, by=staff, **WHY)
    with pytest.raises(RuleBroken, match="cùng năm"):
        move_members(bloc.pk, units[2:], bloc.pk, by=staff, **WHY)
    with pytest.raises(RuleBroken, match="không còn trong khối"):
        move_members(bloc.pk, ids(*members_of(beside)), beside.pk, by=staff, **WHY)


def test_second_editor_of_the_members_is_shown_both(bloc, staff):
    opened = organisation.digest(memberships.shown(bloc))
    first, second, third = members_of(bloc)
    set_members(bloc.pk, ids(third, first, second), by=staff, opened=opened, **WHY)

    with pytest.raises(EditedMeanwhile) as caught:
        set_members(bloc.pk, ids(second, first, third), by=staff, opened=opened, **WHY)

    assert caught.value.theirs == f"Thành viên: {third.name}; {first.name}; {second.name}"


def test_pasted_lines_are_found_by_code_name_and_short_name():
    year = make_year()
    press = make_unit_year(year, code="hoi-nha-bao", name="Hội Nhà báo tỉnh", short_name="Hội Nhà báo")
    lawyers = make_unit_year(year, code="hoi-luat-gia", name="Hội Luật gia tỉnh")

    assert find_units(year, ["2\tHoi luat gia tinh\tghi chú", "hoi-nha-bao", "Hội nhà báo"]) == [lawyers, press]


def test_pasted_lines_are_all_found_or_none():
    year = make_year()
    for code in ("a", "b"):
        make_unit_year(year, code=code, name="Hội Đông y")
    with pytest.raises(RuleBroken) as caught:
        find_units(year, ["hoi dong y", "Hội lạ", *[f"Lạ {number}" for number in range(10)]])
    text = str(caught.value)
    assert "“hoi dong y” là tên của nhiều đơn vị, ghi mã" in text
    assert "“Hội lạ” không có trong năm" in text
    assert "và 2 dòng khác" in text


# ---------------------------------------------------------------- who leads


def test_head_and_deputies_are_set_in_their_order(bloc, staff):
    first, second, third = members_of(bloc)

    set_leaders(bloc.pk, head=third.pk, deputies=ids(second, first), by=staff, **WHY)

    assert leaders.leading(bloc) == (third.pk, ids(second, first))
    event = AuditEvent.objects.get(action="bloc.set_leaders")
    assert event.before == {"Khối trưởng": first.name, "Khối phó": [second.name]}
    assert event.after["Khối trưởng"] == third.name


def test_head_that_is_no_member_is_refused(bloc, staff):
    stranger = make_unit_year(bloc.year)
    with pytest.raises(RuleBroken, match="Khối trưởng phải là một thành viên"):
        set_leaders(bloc.pk, head=stranger.pk, by=staff, **WHY)
    with pytest.raises(RuleBroken, match="Khối phó phải là thành viên"):
        set_leaders(bloc.pk, head=None, deputies=[stranger.pk], by=staff, **WHY)


def test_head_and_deputies_are_different_units(bloc, staff):
    first, second, _ = ids(*members_of(bloc))
    with pytest.raises(RuleBroken, match="vừa là Khối trưởng vừa là Khối phó"):
        set_leaders(bloc.pk, head=first, deputies=[first], by=staff, **WHY)
    with pytest.raises(RuleBroken, match="hai đơn vị khác nhau"):
        set_leaders(bloc.pk, head=first, deputies=[second, second], by=staff, **WHY)


def test_rule_set_says_how_many_deputies(bloc, staff):
    make_rules(bloc.year, heads={"deputies_max": "1"})
    first, second, third = ids(*members_of(bloc))
    with pytest.raises(RuleBroken, match="nhiều nhất 1 Khối phó"):
        set_leaders(bloc.pk, head=first, deputies=[second, third], by=staff, **WHY)


def test_second_editor_of_the_leaders_is_refused(bloc, staff):
    _, second, third = ids(*members_of(bloc))
    opened = organisation.digest(leaders.shown(bloc))
    set_leaders(bloc.pk, head=second, by=staff, opened=opened, **WHY)
    with pytest.raises(EditedMeanwhile):
        set_leaders(bloc.pk, head=third, by=staff, opened=opened, **WHY)


def test_what_the_head_owes_goes_on_with_the_next(bloc, staff):
    make_milestone(bloc, Milestone.CONFERENCE, due="2026-12-10 17:00")
    owed = Obligation.objects.get(bloc_year=bloc, code=Milestone.CONFERENCE)
    third = members_of(bloc)[2]

    set_leaders(bloc.pk, head=third.pk, by=staff, **WHY)

    assert Obligation.objects.get(pk=owed.pk).unit == third


def test_seats_of_the_head_change_hands(bloc, staff):
    first, second, third = members_of(bloc)
    old = make_user(Role.UNIT_LEADER, unit=first)
    ending = make_seat(old, Role.BLOC_HEAD, bloc_year=bloc)
    coming = make_user(Role.UNIT_LEADER, unit=third)

    changed = set_leaders(bloc.pk, head=third.pk, deputies=[second.pk], by=staff, **WHY)

    today = timezone.localdate()
    ending.refresh_from_db()
    fresh = Seat.objects.get(user=coming, role=Role.BLOC_HEAD, bloc_year=bloc)
    assert (ending.valid_to, fresh.valid_from, fresh.valid_to) == (today, today, None)
    assert changed.ended == (f"{old} (Khối trưởng)",)
    assert changed.given == (f"{coming} (Khối trưởng)",)
    assert changed.nobody == (second.name,)
    assert AuditEvent.objects.get(action="bloc.set_leaders").after["Nhận vị trí"] == list(changed.given)


def test_seats_of_a_deputy_who_stays_are_left_alone(bloc, staff):
    _, second, third = members_of(bloc)
    deputy = make_seat(make_user(Role.UNIT_LEADER, unit=second), Role.BLOC_DEPUTY, bloc_year=bloc)

    set_leaders(bloc.pk, head=third.pk, deputies=[second.pk], by=staff, **WHY)

    deputy.refresh_from_db()
    assert deputy.valid_to is None


def test_head_of_before_gets_the_seat_again(bloc, staff):
    _, second, _ = members_of(bloc)
    person = make_user(Role.UNIT_LEADER, unit=second)
    seat = make_seat(person, Role.BLOC_HEAD, bloc_year=bloc, valid_to=timezone.localdate() - timedelta(days=30))

    changed = set_leaders(bloc.pk, head=second.pk, by=staff, **WHY)

    seat.refresh_from_db()
    assert (seat.valid_from, seat.valid_to) == (timezone.localdate(), None)
    assert changed.given == (f"{person} (Khối trưởng)",)


def test_seat_of_the_future_that_never_comes_is_gone(bloc, staff):
    tomorrow = timezone.localdate() + timedelta(days=1)
    make_seat(make_user(), Role.BLOC_HEAD, bloc_year=bloc, valid_from=tomorrow)
    set_leaders(bloc.pk, head=None, by=staff, **WHY)
    assert Seat.objects.filter(role=Role.BLOC_HEAD).count() == 0


def test_year_in_preparation_gives_no_seats_yet():
    bloc = make_bloc_year(make_year(is_open=False))
    third = members_of(bloc)[2]
    make_user(Role.UNIT_LEADER, unit=third)

    set_leaders(bloc.pk, head=third.pk, by=make_user(Role.BOARD_STAFF, authority=bloc.year.authority))

    assert (leaders.leading(bloc)[0], Seat.objects.filter(bloc_year=bloc).count()) == (third.pk, 0)


def test_tiers_pass_without_a_clash():
    """Every member of a chain of three goes one tier down at once."""
    year, unit = make_year(), None
    top = make_bloc_year(year, members=0)
    unit = make_unit_year(year)
    blocs = [make_bloc_year(year, members=0) for _ in range(3)]
    for depth, row in enumerate(blocs):
        Membership.objects.create(bloc_year=row, unit=unit, tier=depth)
    for above, row in zip([top, *blocs], blocs, strict=False):
        type(row).objects.filter(pk=row.pk).update(parent=above)

    tiers.settle(year.pk)

    assert sorted(unit.memberships.values_list("tier", flat=True)) == [1, 2, 3]
