"""Owners of movements and assessors owe theirs whether or not they stand in a bloc."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs.domain import obligations, seats
from blocs.enums import Role
from blocs.models import BlocYear, Obligation
from tests.blocs.rule_rows import make_rule_set
from tests.factories import (
    at,
    make_bloc_year,
    make_movement,
    make_seat,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)

pytestmark = pytest.mark.django_db
CALENDAR = [
    {"code": "cua-chu-tri", "owed_by": "owner", "due": {"month": "11", "day": "20"}},
    {
        "code": "check",
        "owed_by": "assessor",
        "due": {"month": "11", "day": "25"},
        "locks": {"month": "11", "day": "30"},
    },
]


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(at("2026-11-01 08:00"), tick=False):
        yield


@pytest.fixture
def year():
    make_rule_set(milestones=CALENDAR)
    return make_year()


@pytest.fixture
def blocs(year):
    return [make_bloc_year(year, position=position) for position in (1, 2, 3)]


def renewed(year):
    return obligations.renew(BlocYear.objects.filter(year=year))


def places(unit, code):
    rows = Obligation.objects.filter(unit=unit, code=code).order_by("bloc_year__position")
    return list(rows.values_list("bloc_year__position", flat=True))


def test_unit_in_no_bloc_owes_for_its_movement_once_and_checks_every_bloc(year, blocs):
    outside = make_unit_year(year)
    make_movement(owner=outside)
    user = make_user()
    for role in (Role.MOVEMENT_OWNER, Role.ASSESSOR):
        make_seat(user, role, unit=outside)
    renewed(year)
    assert (places(outside, "cua-chu-tri"), places(outside, "check")) == ([1], [1, 2, 3])
    assert Obligation.objects.of(user).count() == 4
    assert renewed(year) == 0


def test_owner_in_a_bloc_owes_there_and_nowhere_else(year, blocs):
    unit = members_of(blocs[1])[0]
    make_movement(owner=unit)
    make_movement(owner=unit)
    renewed(year)
    assert places(unit, "cua-chu-tri") == [2]


def test_renewal_of_one_bloc_alone_gives_the_same_place(year, blocs):
    outside = make_unit_year(year)
    make_movement(owner=outside)
    for bloc_year in reversed(blocs):
        obligations.renew_bloc(bloc_year.pk)
    assert places(outside, "cua-chu-tri") == [1]


def test_assessor_in_a_bloc_checks_the_others_too(year, blocs):
    unit = members_of(blocs[1])[0]
    make_seat(make_user(), Role.ASSESSOR, unit=unit)
    renewed(year)
    assert places(unit, "check") == [1, 2, 3]


def test_seat_of_an_assessor_gives_the_rows_at_once_and_leaves_other_authorities_alone(year, blocs):
    outside, elsewhere = make_unit_year(year), make_bloc_year()
    staff = make_user(Role.BOARD_STAFF, authority=year.authority)
    seats.give_seat(make_user().pk, Role.ASSESSOR, at=outside.unit, by=staff)
    assert places(outside, "check") == [1, 2, 3]
    assert not Obligation.objects.filter(bloc_year=elsewhere, code="check").exists()


@pytest.mark.parametrize(("now", "owes"), [("2026-11-30 23:59:59", True), ("2026-12-01 00:00:00", False)])
def test_assessor_named_after_the_lock_was_not_asked(year, blocs, now, owes):
    outside = make_unit_year(year)
    with time_machine.travel(at(now), tick=False):
        make_seat(make_user(), Role.ASSESSOR, unit=outside)
        renewed(year)
    assert bool(places(outside, "check")) is owes
    with time_machine.travel(at("2026-12-20 08:00"), tick=False):  # who was asked stays asked
        renewed(year)
    assert bool(places(outside, "check")) is owes


def test_queries_do_not_grow_with_owners_and_assessors(year, blocs):
    costs = []
    for _ in range(2):
        for unit in [make_unit_year(year) for _ in range(1 + 2 * len(costs))]:
            make_movement(owner=unit)
            make_seat(make_user(), Role.ASSESSOR, unit=unit)
        with CaptureQueriesContext(connection) as caught:
            renewed(year)
        costs.append(len(caught))
    assert costs[0] == costs[1]


@pytest.mark.parametrize(("now", "owes"), [("2026-12-31 23:59:59", True), ("2027-01-01 00:00:00", False)])
def test_assessor_of_today_owes_nothing_in_a_year_that_is_over(now, owes):
    make_rule_set(milestones=[{"code": "check", "owed_by": "assessor", "due": {"month": "11", "day": "25"}}])
    bloc_year = make_bloc_year()
    with time_machine.travel(at(now), tick=False):
        make_seat(make_user(), Role.ASSESSOR, unit=make_unit_year(bloc_year.year))
        obligations.renew_bloc(bloc_year.pk)
    assert Obligation.objects.filter(bloc_year=bloc_year, code="check").exists() is owes


@pytest.mark.parametrize(
    ("now", "left"), [("2026-11-25 23:59:59", []), ("2026-11-26 00:00", [1, 2, 3]), ("2026-12-01 08:00", [1, 2, 3])]
)
def test_what_an_assessor_had_not_delivered_when_due_stays_when_he_leaves(year, blocs, now, left):
    unit = make_unit_year(year)
    seat = make_seat(make_user(), Role.ASSESSOR, unit=unit)
    renewed(year)
    with time_machine.travel(at(now), tick=False):
        seat.delete()
        renewed(year)
        assert places(unit, "check") == left


@pytest.mark.parametrize(
    ("now", "owing"),
    [("2026-11-26 08:00", ([], [1, 2, 3])), ("2026-12-01 08:00", ([1, 2, 3], []))],
    ids=["it may still come in", "it is closed"],
)
def test_next_assessor_takes_over_only_what_may_still_come_in(year, blocs, now, owing):
    first, second = make_unit_year(year), make_unit_year(year)
    seat = make_seat(make_user(), Role.ASSESSOR, unit=first)
    renewed(year)
    with time_machine.travel(at(now), tick=False):
        seat.delete()
        make_seat(make_user(), Role.ASSESSOR, unit=second)
        renewed(year)
        assert (places(first, "check"), places(second, "check")) == owing
