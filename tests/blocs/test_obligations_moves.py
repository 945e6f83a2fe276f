"""Units merge, end and move in a running year: nobody is forgotten, nobody is asked twice, what was counted stays."""

import json
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs.domain import completeness, grants, memberships, obligations, receipts, successions
from blocs.domain.successions import NewUnit
from blocs.models import BlocYear, Extension, Obligation, Waiver
from reports.domain import standing
from tests.blocs.succession_rows import Reform
from tests.factories import at, make_bloc_year, make_milestone, members_of

pytestmark = pytest.mark.django_db
DUE, LOCKS, NOW = "2026-11-20 17:00:00", "2026-11-30 17:00:00", "2026-11-25 09:00:00"
PAPER = {"document": "Nghị quyết 30/NQ-HĐND"}
WHY = {"reason": "Sắp xếp lại khối"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(at(NOW), tick=False):
        yield


@pytest.fixture
def reform():
    """Five units that signed in February; two of the five delivered the annual report, the second of them late."""
    world = Reform()
    make_milestone(world.bloc, "covenant", due="2026-02-15 17:00", locks="2026-03-15 17:00")
    make_milestone(world.bloc, due=DUE, locks=LOCKS)
    for unit in world.units:
        receipts.record(world.bloc, unit, "covenant", at=at("2026-02-10 08:00"))
    receipts.record(world.bloc, world.units[0], "unit-report", at=at("2026-11-19 08:00"))
    receipts.record(world.bloc, world.units[2], "unit-report", at=at("2026-11-21 08:00"))
    return world


def merge(reform, *numbers, into=None, on=date(2026, 11, 25)):
    into = into or NewUnit(name="Sở mới", short_name="Sở mới")
    return successions.merge(reform.ids(*numbers), into=into, on=on, by=reform.staff, **PAPER)


def counted(bloc_year):
    """{milestone: (expected, received, on time)}"""
    rows = completeness.count(BlocYear.objects.filter(pk=bloc_year.pk))
    return {row.code: (row.expected, row.received, row.on_time) for row in rows}


def missing(bloc_year, code="unit-report"):
    """Ids of the lasting units that have not delivered."""
    rows = Obligation.objects.filter(bloc_year=bloc_year, code=code).missing()
    return sorted(rows.values_list("unit__unit", flat=True))


# ---------------------------------------------------------------- mergers


def test_what_was_counted_before_a_merger_stays(reform):
    waived = grants.waive(
        Obligation.objects.get(unit=reform.units[2], code="unit-report").pk, by=reform.staff, reason="Mất điện"
    )
    merge(reform, 2, 3)
    assert counted(reform.bloc) == {"covenant": (5, 5, 5), "unit-report": (5, 2, 2)}
    assert Waiver.objects.get().obligation_id == waived.pk
    assert obligations.renew_bloc(reform.bloc.pk) == 0


def test_heir_owes_what_one_of_them_had_not_delivered(reform):
    heir = merge(reform, 2, 3)  # the third had delivered, the fourth had not
    assert missing(reform.bloc) == sorted([reform.units[1].unit_id, reform.units[4].unit_id, heir.pk])
    row = Obligation.objects.get(unit__unit=heir)
    assert (row.code, row.due_at, row.locks_at) == ("unit-report", at(DUE), at(LOCKS))


@pytest.mark.parametrize(
    ("now", "heir_owes"),
    [
        ("2026-11-20 16:59:59", True),
        ("2026-11-20 17:00:00", True),
        ("2026-11-20 17:00:01", True),
        ("2026-11-30 16:59:59", True),
        ("2026-11-30 17:00:00", True),
        ("2026-11-30 17:00:01", False),
    ],
)
def test_merger_at_the_second_of_due_and_lock(reform, now, heir_owes):
    with time_machine.travel(at(now), tick=False):
        heir = merge(reform, 3, 4, on=at(now).date())
        first = missing(reform.bloc)
    assert first == sorted([reform.units[1].unit_id, *([heir.pk] if heir_owes else reform.ids(3, 4))])
    with time_machine.travel(at("2026-12-24 09:00"), tick=False):  # long after the lock it still is the heir's
        assert obligations.renew_bloc(reform.bloc.pk) == 0
        assert missing(reform.bloc) == first


def test_nobody_is_asked_twice_where_two_of_them_were_late(reform):
    heir = merge(reform, 1, 3)
    assert missing(reform.bloc) == sorted([reform.units[4].unit_id, heir.pk])
    assert counted(reform.bloc)["unit-report"] == (4, 2, 1)


def test_unit_that_goes_on_and_owes_it_itself_owes_it_once(reform):
    heir = merge(reform, 1, 3, into=reform.units[1].unit_id)
    assert missing(reform.bloc) == sorted([reform.units[4].unit_id, heir.pk])


def test_unit_that_goes_on_and_has_delivered_leaves_the_other_missing(reform):
    merge(reform, 0, 3, into=reform.units[0].unit_id)
    assert missing(reform.bloc) == sorted(reform.ids(1, 3, 4))


def test_extension_goes_on_with_the_heir(reform):
    row = Obligation.objects.get(unit=reform.units[3], code="unit-report")
    grants.extend(row.pk, by=reform.staff, locks_at=at("2026-12-10 17:00"), reason="Bão")
    heir = merge(reform, 3, 4)
    row = Obligation.objects.get(unit__unit=heir, code="unit-report")
    assert (row.locks_at, Extension.objects.get().obligation_id) == (at("2026-12-10 17:00"), row.pk)


def test_unit_from_another_bloc_brings_what_it_owes(reform):
    other = make_bloc_year(reform.year, members=2)
    make_milestone(other, due=DUE, locks=LOCKS)
    late = members_of(other)[1]
    heir = successions.merge(
        [reform.units[0].unit_id, late.unit_id],
        into=NewUnit(name="Sở mới"),
        on=date(2026, 11, 25),
        by=reform.staff,
        **PAPER,
    )
    assert missing(reform.bloc) == sorted([*reform.ids(1, 3, 4), heir.pk])
    assert missing(other) == [members_of(other)[0].unit_id]


def test_dissolved_unit_leaves_what_was_due_and_takes_the_rest_along(reform):
    make_milestone(reform.bloc, "self-score", due="2026-12-05 17:00")
    successions.dissolve(reform.units[3].unit_id, on=date(2026, 11, 25), by=reform.staff, **PAPER)
    rows = Obligation.objects.filter(unit=reform.units[3]).order_by("due_at")
    assert list(rows.values_list("code", flat=True)) == ["covenant", "unit-report"]


def test_names_of_the_late_and_absent_are_those_that_are_counted(reform):
    heir = merge(reform, 0, 2)  # both had delivered: the heir owes no report
    names = standing.late_and_absent(BlocYear.objects.filter(pk=reform.bloc.pk))[reform.bloc.pk]
    assert names.absent == [reform.units[number].short for number in (1, 3, 4)]
    assert names.late == [reform.units[2].short]
    assert counted(reform.bloc)["unit-report"] == (5, 2, 1)
    (line,) = [row for row in standing.members(reform.bloc) if row.membership.unit.unit_id == heir.pk]
    assert line.words == "Không phải gửi"


# ---------------------------------------------------------------- from one bloc to another


@pytest.fixture
def other(reform):
    """A bloc of the same year with the same calendar, whose one unit has signed."""
    bloc = make_bloc_year(reform.year, members=1)
    make_milestone(bloc, "covenant", due="2026-02-20 17:00", locks="2026-03-20 17:00")
    make_milestone(bloc, due=DUE, locks="2026-12-05 17:00")
    receipts.record(bloc, members_of(bloc)[0], "covenant", at=at("2026-02-10 08:00"))
    return bloc


def test_what_was_delivered_in_the_former_bloc_is_not_asked_again(reform, other):
    memberships.move_members(reform.bloc.pk, [reform.units[3].pk], other.pk, by=reform.staff, **WHY)
    assert counted(reform.bloc) == {"covenant": (5, 5, 5), "unit-report": (4, 2, 1)}
    assert counted(other) == {"covenant": (1, 1, 1), "unit-report": (2, 0, 0)}
    assert Obligation.objects.get(unit=reform.units[3], code="unit-report").locks_at == at("2026-12-05 17:00")
    assert obligations.renew(BlocYear.objects.filter(year=reform.year)) == 0


def test_extension_moves_with_the_unit(reform, other):
    row = Obligation.objects.get(unit=reform.units[3], code="unit-report")
    grants.extend(row.pk, by=reform.staff, locks_at=at("2026-12-10 17:00"), reason="Bão")
    memberships.move_members(reform.bloc.pk, [reform.units[3].pk], other.pk, by=reform.staff, **WHY)
    row = Obligation.objects.get(unit=reform.units[3], code="unit-report")
    assert (row.bloc_year, row.locks_at, Extension.objects.count()) == (other, at("2026-12-10 17:00"), 1)


@pytest.mark.parametrize(
    ("now", "asked_in"),
    [("2026-12-05 16:59:59", "new"), ("2026-12-05 17:00:00", "new"), ("2026-12-05 17:00:01", "old")],
)
def test_move_at_the_second_of_the_lock(reform, other, now, asked_in):
    with time_machine.travel(at(now), tick=False):
        memberships.move_members(reform.bloc.pk, [reform.units[3].pk], other.pk, by=reform.staff, **WHY)
    row = Obligation.objects.get(unit=reform.units[3], code="unit-report")
    assert row.bloc_year == {"new": other, "old": reform.bloc}[asked_in]


def test_unit_taken_out_first_and_put_elsewhere_later_is_the_same(reform, other):
    stay = [unit.pk for unit in reform.units if unit != reform.units[3]]
    memberships.set_members(reform.bloc.pk, stay, by=reform.staff, **WHY)
    assert reform.units[3].unit_id in missing(reform.bloc)  # nobody forgets it meanwhile
    memberships.add_members(other.pk, [reform.units[3].pk], by=reform.staff, **WHY)
    assert counted(reform.bloc) == {"covenant": (5, 5, 5), "unit-report": (4, 2, 1)}
    assert counted(other) == {"covenant": (1, 1, 1), "unit-report": (2, 0, 0)}


@pytest.mark.parametrize(("now", "stays"), [(DUE, False), ("2026-11-20 17:00:01", True)])
def test_unit_that_leaves_at_the_second_of_the_due_moment(reform, now, stays):
    with time_machine.travel(at(now), tick=False):
        stay = [unit.pk for unit in reform.units if unit != reform.units[3]]
        memberships.set_members(reform.bloc.pk, stay, by=reform.staff, **WHY)
    assert (reform.units[3].unit_id in missing(reform.bloc)) is stays


def test_bloc_of_another_tier_is_asked_for_itself():
    """A unit stands in a cluster and in a bloc below it; what it delivered in a former bloc says nothing of the cluster."""
    reform = Reform()
    cluster = make_bloc_year(reform.year, members=[])
    BlocYear.objects.filter(pk=reform.bloc.pk).update(parent=cluster)
    reform.bloc.memberships.update(tier=1)
    make_milestone(reform.bloc, "covenant", due="2026-02-15 17:00")
    receipts.record(reform.bloc, reform.units[3], "covenant", at=at("2026-02-10 08:00"))
    stay = [unit.pk for unit in reform.units if unit != reform.units[3]]
    memberships.set_members(reform.bloc.pk, stay, by=reform.staff, **WHY)
    make_milestone(cluster, "covenant", due="2026-02-15 17:00")
    memberships.add_members(cluster.pk, [reform.units[3].pk], by=reform.staff, **WHY)
    assert missing(cluster, "covenant") == [reform.units[3].unit_id]


def test_command_and_board_count_the_same_after_a_move(reform, other):
    memberships.move_members(reform.bloc.pk, [reform.units[3].pk], other.pk, by=reform.staff, **WHY)
    out = StringIO()
    call_command("completeness", "2026", "--format", "json", stdout=out)
    told = {(row["bloc"], row["milestone"]): (row["expected"], row["received"]) for row in json.loads(out.getvalue())}
    board = standing.board(BlocYear.objects.filter(year=reform.year), now=at(NOW))
    shown = {
        (row.bloc_year.bloc.code, cell.code): (cell.expected, cell.received)
        for row in board.rows
        for cell in row.cells
        if cell
    }
    assert told == shown


def test_renewal_costs_the_same_for_one_and_three_moves(reform, other):
    costs = []
    for numbers in ((2,), (3, 4)):
        units = [reform.units[number].pk for number in numbers]
        memberships.move_members(reform.bloc.pk, units, other.pk, by=reform.staff, **WHY)
        with CaptureQueriesContext(connection) as caught:
            obligations.renew(BlocYear.objects.filter(year=reform.year))
        costs.append(len(caught))
    assert costs[0] == costs[1]
