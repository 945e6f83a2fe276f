"""A running movement of units that end goes on with their heir."""

from datetime import date

import pytest
import time_machine

from blocs.domain import successions
from blocs.domain.successions import NewUnit
from blocs.models import AuditEvent
from movements.models import IndicatorResult
from tests.blocs.succession_rows import PAPER, Reform
from tests.factories import make_movement

pytestmark = pytest.mark.django_db


@pytest.fixture
def reform():
    with time_machine.travel("2026-08-15 09:00+07:00", tick=False):
        yield Reform()


def merge(reform, *numbers):
    return successions.merge(reform.ids(*numbers), into=NewUnit("Sở mới"), by=reform.staff, **PAPER)


def runs(movement):
    movement.refresh_from_db()
    return movement.owner.name, [row.unit.name for row in movement.coordinators.order_by("position")]


def test_owner_and_coordinators_are_followed_by_the_heir(reform):
    first, second, third, fourth, fifth = reform.units
    owned = make_movement(owner=second, coordinators=[first, third])
    helped = make_movement(owner=fourth, coordinators=[third, fifth, second])

    merge(reform, 1, 2)

    assert runs(owned) == ("Sở mới", [first.name])
    assert runs(helped) == (fourth.name, ["Sở mới", fifth.name])
    assert AuditEvent.objects.filter(action="movement.hand_on").count() == 2


def test_ended_movement_and_results_stay(reform):
    over = make_movement(owner=reform.units[1], ends_on=date(2026, 6, 30))
    running = make_movement(owner=reform.units[1])
    result = IndicatorResult.objects.create(indicator=running.indicators.get(), unit=reform.units[1], value=3)

    merge(reform, 1, 2)

    result.refresh_from_db()
    assert runs(over)[0] == reform.units[1].name
    assert (runs(running)[0], result.unit) == ("Sở mới", reform.units[1])


def test_movement_of_a_dissolved_unit_waits_for_the_board(reform):
    movement = make_movement(owner=reform.units[1])

    successions.dissolve(reform.ids(1)[0], by=reform.staff, **PAPER)

    assert runs(movement)[0] == reform.units[1].name
