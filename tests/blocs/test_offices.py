"""Offices of a bloc go with the seats in its leading unit: who comes gets them, who leaves loses them."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from blocs.domain import people, seats
from blocs.enums import Role
from blocs.models import AuditEvent, Seat, Unit
from tests.blocs.people_rows import FIELDS, World
from tests.factories import (
    make_bloc_year,
    make_seat,
    make_summary_report,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def offices_of(user):
    """{(office, BlocYear): last day} of what the user holds in blocs today and tomorrow."""
    rows = user.seats.filter(role__in=[Role.BLOC_HEAD, Role.BLOC_DEPUTY]).not_over()
    return {(row.role, row.bloc_year): row.valid_to for row in rows}


@pytest.fixture
def head(world):
    """The leader of the head unit with his office."""
    make_seat(world.leader, Role.BLOC_HEAD, bloc_year=world.bloc_year)
    return world.leader


@pytest.mark.parametrize(("unit", "office"), [("unit", Role.BLOC_HEAD), ("deputy", Role.BLOC_DEPUTY)])
def test_who_comes_to_a_leading_unit_gets_its_office(world, unit, office):
    until = timezone.localdate() + timedelta(days=30)
    person = make_user(post="Mới về")

    seats.give_seat(person.pk, Role.UNIT_LEADER, at=getattr(world, unit), by=world.board, valid_to=until)

    assert offices_of(person) == {(office, world.bloc_year): until}
    actions = AuditEvent.objects.order_by("pk").values_list("action", "authority_id")
    assert list(actions) == [("seat.give", world.authority.pk)] * 2


def test_member_unit_closed_bloc_unopened_and_old_year_give_no_office(world):
    year = world.bloc_year.year
    columns = [
        (year, {"is_closed": True}),
        (make_year(year.authority, year=2027, is_open=False), {}),
        (make_year(year.authority, year=2020), {}),
    ]
    for where, more in columns:
        make_bloc_year(where, members=[make_unit_year(where, code=f"moi-{where.year}")], **more)
    units = Unit.objects.filter(code__startswith="moi-")
    person = make_user()

    for unit in [world.member, *units]:
        seats.give_seat(person.pk, Role.UNIT_LEADER, at=unit, by=world.board)

    assert (len(units), offices_of(person)) == (3, {})


def test_giver_hands_on_no_office_that_he_neither_keeps_nor_holds(world):
    make_seat(world.reporter, Role.BLOC_HEAD, bloc_year=world.bloc_year)

    person = people.create_person(FIELDS, Role.UNIT_REPORTER, at=world.unit, by=world.leader)

    assert offices_of(person) == {}


def test_leader_who_is_head_gives_the_office_with_the_seat(world, head):
    person = people.create_person(FIELDS, Role.UNIT_REPORTER, at=world.unit, by=head)

    assert list(offices_of(person)) == [(Role.BLOC_HEAD, world.bloc_year)]
    assert head.has_perm("blocs.keep_person", person)


def test_office_taken_away_stays_away_until_the_person_comes_anew(world):
    office = make_seat(world.reporter, Role.BLOC_HEAD, bloc_year=world.bloc_year)
    seats.end_seat(office.pk, by=world.board)

    second = seats.give_seat(world.reporter.pk, Role.UNIT_LEADER, at=world.unit, by=world.board)
    stayed = offices_of(world.reporter)
    yesterday = timezone.localdate() - timedelta(days=1)
    world.reporter.seats.update(valid_from=None, valid_to=yesterday)
    seats.give_seat(world.reporter.pk, Role.UNIT_LEADER, at=world.unit, by=world.board)

    today = timezone.localdate()
    assert (second.valid_to, stayed) == (None, {(Role.BLOC_HEAD, world.bloc_year): today})
    assert offices_of(world.reporter) == {(Role.BLOC_HEAD, world.bloc_year): None}


def test_office_ends_with_the_last_seat_in_the_unit(world, head):
    today, second = timezone.localdate(), make_seat(head, Role.UNIT_REPORTER, unit=world.unit)

    seats.end_seat(second.pk, by=world.board)
    kept = offices_of(head)
    seats.end_seat(head.seats.get(role=Role.UNIT_LEADER).pk, by=world.board, reason="Nghỉ hưu.")

    assert (kept, offices_of(head)) == (
        {(Role.BLOC_HEAD, world.bloc_year): None},
        {(Role.BLOC_HEAD, world.bloc_year): today},
    )
    events = AuditEvent.objects.filter(action="seat.end", note="Nghỉ hưu.")
    assert (events.count(), Seat.objects.in_force(today + timedelta(days=1)).filter(user=head).count()) == (2, 0)


def test_office_stays_where_another_seat_bears_it(world, head):
    there = make_bloc_year(world.bloc_year.year)
    elsewhere = make_seat(head, Role.UNIT_REPORTER, unit=members_of(there)[0])
    make_seat(head, Role.BLOC_HEAD, bloc_year=there)

    seats.end_seat(elsewhere.pk, by=world.board)

    assert offices_of(head) == {(Role.BLOC_HEAD, world.bloc_year): None, (Role.BLOC_HEAD, there): timezone.localdate()}


def test_head_who_passes_his_seat_in_the_unit_on_heads_no_more(world, head):
    seats.hand_over_seat(head.seats.get(role=Role.UNIT_LEADER).pk, world.reporter.pk, by=head)

    today, report = timezone.localdate(), make_summary_report(world.bloc_year)
    assert offices_of(head) == {(Role.BLOC_HEAD, world.bloc_year): today}
    assert offices_of(world.reporter) == {(Role.BLOC_HEAD, world.bloc_year): None}
    assert world.reporter.has_perm("reports.send_summary_report", report)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert not head.has_perm("reports.send_summary_report", report)
        assert not head.has_perm("awards.propose", world.bloc_year)
    passed = AuditEvent.objects.filter(action="seat.hand_over").values_list("after", flat=True)
    assert (len(passed), AuditEvent.objects.count()) == (2, 2)


def test_office_that_the_colleague_holds_anyway_stays_as_it_is(world, head):
    theirs = make_seat(world.reporter, Role.BLOC_HEAD, bloc_year=world.bloc_year)

    seats.hand_over_seat(head.seats.get(role=Role.UNIT_LEADER).pk, world.reporter.pk, by=head)

    theirs.refresh_from_db()
    assert (theirs.valid_to, offices_of(head)) == (None, {(Role.BLOC_HEAD, world.bloc_year): timezone.localdate()})


def test_new_colleague_takes_seat_and_office(world, head):
    given, issued = people.hand_over_to_new(head.seats.get(role=Role.UNIT_LEADER).pk, FIELDS, by=head)

    assert (given.role, offices_of(issued.user)) == (Role.UNIT_LEADER, {(Role.BLOC_HEAD, world.bloc_year): None})
    assert offices_of(head) == {(Role.BLOC_HEAD, world.bloc_year): timezone.localdate()}
