"""Results of movements: who notes them, and what they come to."""

from decimal import Decimal

import pytest

from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import AuditEvent
from movements.domain import results
from movements.models import IndicatorResult
from tests.factories import make_bloc_year, make_movement, make_user, members_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def movement():
    return make_movement(owner=members_of(make_bloc_year())[0])


@pytest.fixture
def owner(movement):
    return make_user(Role.MOVEMENT_OWNER, unit=movement.owner)


def note(movement, by, value, *, unit=None, period="2026"):
    value = value if value is None else Decimal(value)
    return results.record(movement.indicators.get().pk, by=by, unit=unit, period=period, value=value)


def test_result_is_noted_changed_and_taken_away(movement, owner):
    for value in ("9", "9.5", "9.50", None, None):
        note(movement, owner, value, unit=movement.owner)
    assert IndicatorResult.objects.count() == 0
    gone = {"indicator": "I1", "unit": movement.owner.name, "period": "2026", "value": "9.5"}
    assert list(AuditEvent.objects.order_by("pk").values_list("action", "before", "note")) == [
        ("movement.record_result", None, ""),
        ("movement.record_result", "9", ""),
        ("movement.clear_result", gone, ""),
    ]


def test_results_of_units_and_periods_stand_beside_each_other(movement, owner):
    note(movement, owner, 1)
    note(movement, owner, 2, unit=movement.owner)
    note(movement, owner, 3, unit=movement.owner, period="2025")
    rows = IndicatorResult.objects.order_by("position").values_list("unit", "period", "value")
    assert list(rows) == [(None, "2026", 1), (movement.owner_id, "2026", 2), (movement.owner_id, "2025", 3)]


def test_board_may_note_results(movement):
    board = make_user(Role.BOARD_STAFF, authority=movement.year.authority)
    assert note(movement, board, 5).value == 5


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.MOVEMENT_OWNER, Role.BOARD_STAFF)])
def test_others_do_not_note_results(movement, role):
    bloc_year = movement.year.bloc_years.get()
    with pytest.raises(NotAllowed):
        note(movement, make_user(role, bloc_year=bloc_year), 5)
    assert (IndicatorResult.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_owner_of_another_movement_does_not_note_results(movement):
    other = make_movement(owner=members_of(movement.year.bloc_years.get())[1])
    with pytest.raises(NotAllowed):
        note(movement, make_user(Role.MOVEMENT_OWNER, unit=other.owner), 5)


def test_unit_of_another_year_is_refused(movement, owner):
    with pytest.raises(RuleBroken):
        note(movement, owner, 5, unit=members_of(make_bloc_year())[0])


def test_movement_without_an_owner_is_left_to_the_board():
    movement = make_movement()
    bloc_year = make_bloc_year(movement.year)
    with pytest.raises(NotAllowed):
        note(movement, make_user(Role.MOVEMENT_OWNER, unit=members_of(bloc_year)[0]), 5)
