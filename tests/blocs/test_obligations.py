"""Who owes what: made from calendar, members and offices, any number of times; what an officer grants."""

import pytest
import time_machine

from blocs.domain import grants, obligations, receipts
from blocs.enums import MemberRole, Role
from blocs.errors import RuleBroken
from blocs.models import BlocYear, Membership, Obligation
from reports.domain import unit_reports
from tests.blocs.rule_rows import make_rule_set
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_movement,
    make_seat,
    make_unit_report,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)

pytestmark = pytest.mark.django_db
DUE, LOCKS = "2026-11-20 17:00:00", "2026-11-30 17:00:00"


def of(bloc_year, code="unit-report", unit=None):
    return Obligation.objects.get(bloc_year=bloc_year, code=code, **({"unit": unit} if unit else {}))


def owing(bloc_year, code="unit-report"):
    return list(Obligation.objects.filter(bloc_year=bloc_year, code=code).values_list("unit", flat=True))


@pytest.fixture
def bloc_year():
    row = make_bloc_year()
    make_milestone(row, due=DUE, locks=LOCKS)
    return row


@pytest.fixture
def staff(bloc_year):
    return make_user(Role.BOARD_STAFF, bloc_year=bloc_year)


# ---------------------------------------------------------------- what is owed


def test_each_member_owes_its_report(bloc_year):
    assert owing(bloc_year) == [unit.pk for unit in members_of(bloc_year)]
    row = of(bloc_year, unit=members_of(bloc_year)[2])
    assert (row.owed_by, row.due_at, row.on_time_until, row.locks_at, row.received_at, row.is_on_time) == (
        "unit", at(DUE), at(DUE), at(LOCKS), None, None,
    )  # fmt: skip


def test_again_changes_nothing(bloc_year):
    before = list(Obligation.objects.values())
    assert obligations.renew_bloc(bloc_year.pk) == 0
    assert list(Obligation.objects.values()) == before


def test_acts_of_one_list_are_renewed_together_at_its_end(bloc_year):
    for fresh in (make_unit_year(bloc_year.year), make_unit_year(bloc_year.year)):
        Membership.objects.create(bloc_year=bloc_year, unit=fresh, position=9)
    with obligations.renewed_once():
        obligations.renew_bloc(bloc_year.pk)
        obligations.renew_blocs(BlocYear.objects.filter(pk=bloc_year.pk))
        assert len(owing(bloc_year)) == 3
    assert len(owing(bloc_year)) == 5


def test_list_that_fails_leaves_later_acts_as_they_are(bloc_year):
    with pytest.raises(RuleBroken), obligations.renewed_once():
        raise RuleBroken
    Membership.objects.create(bloc_year=bloc_year, unit=make_unit_year(bloc_year.year), position=9)
    assert obligations.renew_bloc(bloc_year.pk) == 1


def test_unopened_year_owes_nothing():
    row = make_bloc_year(make_year(is_open=False))
    make_milestone(row, due=DUE)
    assert Obligation.objects.count() == 0


@time_machine.travel(at(DUE), tick=False)
def test_member_that_comes_and_goes(bloc_year):
    fresh = make_unit_year(bloc_year.year)
    membership = Membership.objects.create(bloc_year=bloc_year, unit=fresh, position=9)
    obligations.renew_bloc(bloc_year.pk)
    assert owing(bloc_year) == [*(unit.pk for unit in members_of(bloc_year)[:3]), fresh.pk]
    membership.delete()
    obligations.renew_bloc(bloc_year.pk)
    assert fresh.pk not in owing(bloc_year)


def test_milestone_that_is_gone(bloc_year):
    bloc_year.milestones.all().delete()
    assert obligations.renew_bloc(bloc_year.pk) == 3
    assert Obligation.objects.count() == 0


def test_next_head_goes_on_with_what_was_granted(bloc_year, staff):
    make_milestone(bloc_year, "conference", due="2026-12-10 17:00", locks="2026-12-15 17:00")
    row = grants.extend(of(bloc_year, "conference").pk, by=staff, locks_at=at("2026-12-20 17:00"), reason="Bão số 9")
    head, deputy, *_ = members_of(bloc_year)
    assert row.unit == head
    bloc_year.memberships.filter(unit=head).update(role=MemberRole.MEMBER)
    bloc_year.memberships.filter(unit=deputy).update(role=MemberRole.HEAD, deputy_rank=None)
    obligations.renew_bloc(bloc_year.pk)
    again = of(bloc_year, "conference")
    assert (again.pk, again.unit, again.locks_at) == (row.pk, deputy, at("2026-12-20 17:00"))


def test_bloc_without_a_head_owes_all_the_same():
    row = make_bloc_year(head=False)
    make_milestone(row, "conference", due=DUE)
    assert (of(row, "conference").unit, of(row, "conference").owed_by) == (None, "head")


def test_owner_assessor_and_board_owe_theirs():
    row = make_bloc_year()
    first, second, third = members_of(row)
    make_movement(owner=second)
    make_seat(make_user(), Role.ASSESSOR, unit=third)
    make_seat(make_user(), Role.ASSESSOR, unit=make_unit_year())  # of another province
    codes = [{"code": f"cua-{who}", "owed_by": who} for who in ("unit", "head", "owner", "assessor", "board")]
    make_rule_set(milestones=codes)
    obligations.renew_bloc(row.pk)
    assert {rule["code"]: owing(row, rule["code"]) for rule in codes} == {
        "cua-unit": [first.pk, second.pk, third.pk],
        "cua-head": [first.pk],
        "cua-owner": [second.pk],
        "cua-assessor": [third.pk],
        "cua-board": [None],
    }


def test_many_blocs_take_as_many_queries_as_one(bloc_year, django_assert_max_num_queries):
    for _ in range(3):
        make_milestone(make_bloc_year(bloc_year.year), due=DUE)
    with django_assert_max_num_queries(25):
        obligations.renew(BlocYear.objects.filter(year=bloc_year.year))


# ---------------------------------------------------------------- on time, late, closed


@pytest.mark.parametrize(
    ("moment", "is_on_time"),
    [
        ("2026-11-20 16:59:59", True),
        ("2026-11-20 17:00:00", True),
        ("2026-11-20 17:00:00.900", True),
        ("2026-11-20 17:00:01", False),
        ("2026-11-30 17:00:00", False),
    ],
)
def test_receipt_at_the_second(bloc_year, moment, is_on_time):
    unit = members_of(bloc_year)[1]
    receipts.record(bloc_year, unit, "unit-report", at=at(moment))
    assert (of(bloc_year, unit=unit).received_at, of(bloc_year, unit=unit).is_on_time) == (at(moment), is_on_time)


@pytest.mark.parametrize(("moment", "is_on_time"), [("2026-11-24 17:00:00", True), ("2026-11-24 17:00:01", False)])
def test_days_of_grace_count_to_their_last_second(moment, is_on_time):
    make_rule_set(lateness={"grace": "4"})
    row = make_bloc_year()
    make_milestone(row, due=DUE, locks=LOCKS)
    unit = members_of(row)[0]
    receipts.record(row, unit, "unit-report", at=at(moment))
    assert of(row, unit=unit).is_on_time is is_on_time


def sent(report, leader, moment):
    with time_machine.travel(at(moment), tick=False):
        unit_reports.move(report.pk, "submit", by=leader)


@pytest.mark.parametrize(
    ("moment", "is_on_time"),
    [("2026-11-20 17:00:00", True), ("2026-11-20 17:00:01", False), ("2026-11-30 17:00:00", False)],
)
def test_report_sent_before_the_lock(bloc_year, moment, is_on_time):
    unit = members_of(bloc_year)[2]
    report = make_unit_report(bloc_year, unit=unit, whole=True)
    sent(report, make_user(Role.UNIT_LEADER, unit=unit), moment)
    row = of(bloc_year, unit=unit)
    assert (row.received_at, row.is_on_time) == (at(moment), is_on_time)


def test_report_after_the_lock_is_refused(bloc_year):
    unit = members_of(bloc_year)[2]
    report = make_unit_report(bloc_year, unit=unit, whole=True)
    with pytest.raises(RuleBroken, match="Đã khóa nhận từ 17:00 thứ Hai 30/11/2026"):
        sent(report, make_user(Role.UNIT_LEADER, unit=unit), "2026-11-30 17:00:01")
    assert of(bloc_year, unit=unit).received_at is None
