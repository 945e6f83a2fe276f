"""An act on units leaves no unit in two open years of the same days and tier: nobody is asked twice."""

from datetime import date

import pytest
import time_machine

from blocs.domain import successions
from blocs.domain.heirs import Choices
from blocs.domain.successions import NewUnit
from blocs.enums import Milestone
from blocs.models import BlocYear, Membership, Obligation, UnitYear
from reports.domain.unit_effects import effects, offers
from tests.blocs.succession_rows import DAY, PAPER, Reform, codes, offices
from tests.factories import make_bloc_year, make_milestone, make_movement, make_unit_year, make_year, members_of

pytestmark = pytest.mark.django_db
NEW = NewUnit(name="Sở mới")
ASKED = "đã ở “{}” của năm {}, năm đã mở có ngày trùng với năm {}, không bị giao việc hai lần."


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-10-15 09:00+07:00", tick=False):
        yield


@pytest.fixture
def reform():
    """Beside the bloc of 2026 a bloc of the school year: a head, the district's office as deputy, a school."""
    found = Reform()
    school = make_year(
        found.authority, label="2026-2027", starts_on=date(2026, 9, 1), ends_on=date(2027, 8, 31)
    )  # fmt: skip
    found.schools = make_bloc_year(school, name="Khối trường")
    found.office = members_of(found.schools)[1]
    return found


def merging(reform, *, into, first=None, **rest):
    """The district's office goes into the third unit of 2026, or both into a new one -> (act, unit ids)"""
    ids = [reform.office.unit_id, reform.units[2].unit_id]
    ids = ids if first is None else [ids[first], ids[1 - first]]
    into = into or reform.units[2].unit_id
    paper = PAPER | {"on": date(2026, 10, 1)}
    return (lambda: successions.merge(ids, into=into, by=reform.staff, **paper, **rest)), ids


def twice():
    """Units that stand in two open years, in blocs that are not closed."""
    rows = Membership.objects.filter(bloc_year__year__is_open=True, bloc_year__is_closed=False)
    found = list(rows.values_list("unit__unit", "tier"))
    return {place for place in found if found.count(place) > 1}


def words(effect):
    return [(line.look, line.words) for line in effect.lines]


def test_unit_that_goes_on_does_not_come_into_a_bloc_of_the_year_beside(reform):
    make_milestone(reform.schools, Milestone.UNIT_REPORT, due="2027-05-20 17:00")
    movement = make_movement(reform.schools.year, owner=reform.office)
    act, ids = merging(reform, into=None)
    told = effects(act, ids, date(2026, 10, 1))
    unit = act()

    assert twice() == set()
    assert (len(codes(reform.schools)), len(codes(reform.bloc))) == (2, 5)
    assert not Obligation.objects.filter(unit__unit__in=ids, bloc_year=reform.schools).exists()
    movement.refresh_from_db()
    assert movement.owner == UnitYear.objects.get(unit=unit, year=reform.schools.year)  # it takes over all the same
    [effect] = [effect for effect in told.blocs if effect.bloc_year == reform.schools]
    asked = ASKED.format(reform.bloc.name, "2026", "2026-2027")
    assert words(effect)[:2] == [
        ("late", f"{reform.units[2].name} không vào khối này: {asked}"),
        ("late", f"Khối mất Khối phó ({reform.office.name})."),
    ]
    assert told.apart == {reform.schools.pk}


def test_office_of_a_bloc_that_it_does_not_come_into_is_neither_offered_nor_taken(reform):
    act, ids = merging(reform, into=None, choices=Choices(offices=frozenset({reform.schools.pk})))

    assert [offer.offices for offer in offers(ids[:1], DAY, founds=False)] == [((reform.schools, "Khối phó"),)]
    assert offers(ids[:1], DAY, founds=False, apart=effects(act, ids, DAY).apart) == []
    act()
    assert set(offices(reform.schools)) == {"head"}


@pytest.mark.parametrize(("first", "is_school"), [(0, True), (1, False)])
def test_new_unit_stands_where_the_first_stood_and_only_there(reform, first, is_school):
    act, ids = merging(reform, into=NEW, first=first)
    told = {effect.bloc_year: effect.came for effect in effects(act, ids, DAY).blocs}
    unit = act()

    assert twice() == set()
    assert (unit.code in codes(reform.schools), unit.code in codes(reform.bloc)) == (is_school, not is_school)
    assert told == {reform.schools: (NEW.name,) * is_school, reform.bloc: (NEW.name,) * (not is_school)}


@pytest.mark.parametrize("first", [0, 1])
def test_board_chooses_between_the_blocs_of_both_years(reform, first):
    _, ids = merging(reform, into=NEW, first=first)
    blocs = [reform.schools, reform.bloc] if first == 0 else [reform.bloc, reform.schools]

    (offer,) = offers(ids, DAY, founds=True)
    assert (offer.year, list(offer.blocs)) == (blocs[0].year, blocs)

    for bloc in blocs[::-1]:
        act, ids = merging(reform, into=NEW, first=first, choices=Choices(blocs=frozenset({bloc.pk})))
        told = effects(act, ids, DAY)
        assert [effect.bloc_year for effect in told.blocs if effect.came] == [bloc]
        assert told.apart == {other.pk for other in blocs if other != bloc}


@pytest.mark.parametrize("why", ["another tier", "closed there", "in preparation", "other days"])
def test_unit_that_nobody_else_asks_comes(reform, why):
    year = reform.schools.year
    if why == "another tier":
        Membership.objects.filter(bloc_year=reform.bloc).update(tier=1)
    elif why == "closed there":
        make_bloc_year(reform.year)  # one bloc of the year stays open
        BlocYear.objects.filter(pk=reform.bloc.pk).update(is_closed=True)
    elif why == "in preparation":
        year.is_open = False
    else:
        year.starts_on = date(2027, 1, 1)
    year.save()

    act, ids = merging(reform, into=None)
    told = effects(act, ids, DAY)
    unit = act()

    assert unit.code in codes(reform.schools)
    assert told.apart == frozenset()


@pytest.mark.parametrize("continues", [True, False])
def test_parts_of_a_unit_that_stands_in_both_years_stand_in_one(reform, continues):
    """Only the command of the machine's operator lets a unit into both."""
    both = make_unit_year(reform.year, code=reform.office.unit.code)
    Membership.objects.create(bloc_year=reform.bloc, unit=both, position=9)
    into = [NewUnit(name="Phòng Một"), NewUnit(name="Phòng Hai")]
    paper = PAPER | {"on": date(2026, 10, 1)}
    act = lambda: successions.split(both.unit_id, into=into, continues=continues, by=reform.staff, **paper)  # noqa: E731
    told = effects(act, [both.unit_id], DAY)
    act()

    assert twice() == ({(both.unit_id, 0)} if continues else set())
    assert told.apart == {reform.schools.pk}
    [effect] = [effect for effect in told.blocs if effect.bloc_year == reform.schools]
    asked = ASKED.format(reform.bloc.name, "2026", "2026-2027")
    assert [line for _, line in words(effect)[:2]] == [f"{new.name} không vào khối này: {asked}" for new in into]
