"""What a year in preparation lacks: each point, what blocks, and the cost of asking."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs.enums import Role
from blocs.errors import RuleBroken
from blocs.models import BlocType, DivisionDecision, Membership, Succession
from reports.domain.opening import edit_year
from reports.domain.year_checks import checklist
from tests.factories import (
    make_bloc_year,
    make_milestone,
    make_movement,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.reports.opening_rows import board_of, choose_next, make_source, of_year, prepare, publish

pytestmark = pytest.mark.django_db


def whole():
    """A year in which nothing is missing, prepared from a whole one."""
    rules = publish("q", body="milestones:\n- {code: covenant, due: {month: 3, day: 1}}\n")
    source = make_year()
    officer = board_of(source)
    old = make_bloc_year(source, type="hoi", supervisor="Phó Chủ tịch", desk_officer=officer, rule_set=rules)
    BlocType.objects.create(authority=source.authority, code="hoi", name="Các hội", min_members=2, max_members=4)
    choose_next(old, head=0)
    for unit in members_of(old):
        make_user(Role.UNIT_REPORTER, unit=unit)
    year = prepare(source, theme="Chủ đề", by=officer)
    DivisionDecision.objects.create(year=year, number="1/QĐ-UBND", dated=date(2027, 1, 5))
    return year, of_year(year, old), old


def looks(year):
    return {item.code: item.look for item in checklist(year) if item.look != "ok"}


def test_whole_year_lacks_nothing():
    year, _, _ = whole()
    assert looks(year) == {}


def _save(row, **columns):
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()


def _last(new):
    return new.memberships.order_by("-position").first()


def _end_with_heir(year, new, old):
    unit = members_of(old)[2].unit
    heir = make_unit_year(old.year, name="Đơn vị kế tục")
    Succession.objects.create(predecessor=unit, successor=heir.unit, kind="merge")
    _save(unit, valid_to=date(2026, 12, 31))
    _last(new).unit.delete()


def _school(year, **columns):
    days = {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31)}
    return make_year(year.authority, label="2026-2027", **(days | columns))


def _elsewhere(year, new, old, *, bloc=None, **columns):
    make_bloc_year(_school(year, **columns), bloc=new.bloc, members=0, **(bloc or {}))


def _unit_elsewhere(year, new, old, *, tier=0):
    school = _school(year)
    unit = make_unit_year(school, code=members_of(old)[2].unit.code, name="Trường A")
    make_bloc_year(school, name="Khối trường", members=[unit], head=False)
    Membership.objects.filter(unit=unit).update(tier=tier)


MISSING = {
    "theme": (lambda year, new, old: _save(year, theme=""), {"theme": "late"}),
    "no bloc": (lambda year, new, old: new.delete(), {"members": "miss", "units": "late"}),
    "empty bloc": (
        lambda year, new, old: new.memberships.all().delete(), {"members": "miss", "units": "late"},
    ),
    "head": (lambda year, new, old: new.memberships.update(role="member"), {"heads": "late"}),
    "head without people": (
        lambda year, new, old: members_of(old)[0].unit.seats.all().delete(), {"head-people": "late", "people": "late"},
    ),
    "member without people": (
        lambda year, new, old: members_of(old)[2].unit.seats.all().delete(), {"people": "late"},
    ),
    "people out of time": (
        lambda year, new, old: members_of(old)[2].unit.seats.update(valid_to=date(2020, 1, 1)), {"people": "late"},
    ),
    "supervisor": (lambda year, new, old: _save(new, supervisor=""), {"supervisors": "late"}),
    "desk officer": (lambda year, new, old: _save(new, desk_officer=None), {"desk-officers": "late"}),
    "no rule set": (
        lambda year, new, old: (
            _save(new, rule_set=None), old.rule_set.__class__.objects.update(valid_to=date(2026, 1, 1)),
            make_milestone(new, due="2027-11-20 17:00"),
        ),
        {"rules": "late"},
    ),
    "source out of force": (
        lambda year, new, old: _save(
            new,
            rule_set=publish(
                "r",
                body="sources: [{document: Quy định cũ, valid_to: 2026-06-30}]\n"
                "milestones:\n- {code: covenant, due: {month: 3, day: 1}}\n",
            ),
        ),
        {"sources": "late"},
    ),
    "no calendar": (lambda year, new, old: _save(new, rule_set=publish("leer")), {"calendar": "late"}),
    "date before the year": (
        lambda year, new, old: make_milestone(new, "registration", due="2026-12-31 23:59:59"), {"early": "late"},
    ),
    "too few": (
        lambda year, new, old: BlocType.objects.update(min_members=4, max_members=9), {"sizes": "late"},
    ),
    "too many": (
        lambda year, new, old: BlocType.objects.update(min_members=1, max_members=2), {"sizes": "late"},
    ),
    "unit in no bloc": (lambda year, new, old: _last(new).delete(), {"units": "late"}),
    "successor in no bloc": (_end_with_heir, {"units": "late"}),
    "owner in no bloc": (
        lambda year, new, old: make_movement(owner=make_unit_year(old.year)), {"owners": "late"},
    ),
    "bloc in two years at once": (_elsewhere, {"overlaps": "miss"}),
    "unit in two years at once": (_unit_elsewhere, {"overlaps": "miss"}),
    "unit in a bloc of another tier": (lambda year, new, old: _unit_elsewhere(year, new, old, tier=1), {}),
    "the other year is in preparation": (lambda year, new, old: _elsewhere(year, new, old, is_open=False), {}),
    "the other bloc is closed": (lambda year, new, old: _elsewhere(year, new, old, bloc={"is_closed": True}), {}),
    "the other year ends the day before": (
        lambda year, new, old: _elsewhere(year, new, old, ends_on=date(2026, 12, 31)), {},
    ),
    "the other year ends on the first day": (
        lambda year, new, old: _elsewhere(year, new, old, ends_on=date(2027, 1, 1)), {"overlaps": "miss"},
    ),
    "another school year beside": (
        lambda year, new, old: make_bloc_year(_school(year), name="Khối trường"), {},
    ),
    "decision": (
        lambda year, new, old: DivisionDecision.objects.update(dated=None), {"division": "late"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISSING)
def test_what_is_missing_is_said(name):
    year, new, old = whole()
    change, expected = MISSING[name]
    change(year, new, old)
    year.refresh_from_db()
    assert looks(year) == expected


def test_unit_that_would_be_asked_twice_is_named():
    year, new, old = whole()
    _unit_elsewhere(year, new, old)
    item = next(item for item in checklist(year) if item.code == "overlaps")
    assert [(place.name, place.bloc_year_id) for place in item.places] == [
        (f"Trường A ({new.name}): cả trong Khối trường, năm 2026-2027", new.pk)
    ]


def test_item_names_where_and_what_blocks():
    source, (old, _) = make_source(blocs=2)
    year = prepare(source)
    new = of_year(year, old)
    new.memberships.all().delete()
    item = next(item for item in checklist(year) if item.code == "members")
    assert (item.blocks, item.words) == (True, "1 cụm, khối chưa có đơn vị nào: thêm đơn vị hoặc bỏ khối.")
    assert [(place.name, place.bloc_year_id) for place in item.places] == [(new.name, new.pk)]


def test_units_of_blocs_left_to_another_year_are_not_missed():
    source, (schools, _) = make_source(blocs=2)
    year = prepare(source, bloc_ids=[schools.pk])
    assert "units" not in looks(year)


def test_successor_is_named():
    year, new, old = whole()
    _end_with_heir(year, new, old)
    item = next(item for item in checklist(year) if item.code == "units")
    assert [place.name for place in item.places] == ["Đơn vị kế tục (kế tục đơn vị cũ của khối)"]


def test_checklist_costs_the_same_for_any_number_of_blocs():
    found = {}
    for number in (1, 3, 30):
        source, _ = make_source(blocs=number)
        year = prepare(source)
        with CaptureQueriesContext(connection) as queries:
            checklist(year)
        found[number] = len(queries)
    assert found == dict.fromkeys(found, found[1])


@pytest.mark.parametrize("number", [1944, 2201, 9999])
def test_year_that_the_database_would_refuse_is_refused_in_words(number):
    source = make_year(year=1945, starts_on=date(1943, 1, 1), ends_on=date(1943, 12, 31))
    days = {"starts_on": date(number, 1, 1), "ends_on": date(number, 12, 31)}

    with pytest.raises(RuleBroken, match="Năm phải từ 1945 đến 2200"):
        prepare(source, label="x", year=max(number, 1945), **days)
    year = prepare(source, label="y", year=2027)
    with pytest.raises(RuleBroken, match="Năm phải từ 1945 đến 2200"):
        edit_year(year.pk, label="y", theme="", by=board_of(year), **days)
