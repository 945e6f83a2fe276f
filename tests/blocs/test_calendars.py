"""The calendar of a year from a rule set: days, offsets, grace, the bloc's own dates."""

from datetime import date

import pytest

from blocs.domain import calendars
from blocs.domain.calendars import DateRule, Lateness, MilestoneRule
from blocs.models import Holiday, MilestoneDate, Year
from tests.factories import at, make_year

YEAR = Year(year=2026)


def day(month, day_, **more):
    return DateRule(month=str(month), day=str(day_), **more)


@pytest.mark.parametrize(
    ("rule", "year", "moment"),
    [
        (day(11, 20), 2026, "2026-11-20 23:59:59"),
        (day(11, 20, time="17:00"), 2026, "2026-11-20 17:00:00"),
        (day(11, 20, time="17:00:30"), 2026, "2026-11-20 17:00:30"),
        (day(2, 29), 2024, "2024-02-29 23:59:59"),
        (day(2, 29), 2026, "2026-02-28 23:59:59"),
        (day(2, 31), 2028, "2028-02-29 23:59:59"),
        (day(4, 31), 2026, "2026-04-30 23:59:59"),
        (day(12, 31), 2026, "2026-12-31 23:59:59"),
        (day(1, 10, year="1"), 2026, "2027-01-10 23:59:59"),
        (day(2, 29, year="1"), 2027, "2028-02-29 23:59:59"),
        (day(2, 29, year="-1"), 2026, "2025-02-28 23:59:59"),
        (day(12, 1, year="0"), 2026, "2026-12-01 23:59:59"),
    ],
)
def test_moment_of_a_rule(rule, year, moment):
    assert rule.moment(year) == at(moment)


@pytest.mark.parametrize(
    ("lateness", "moment"),
    [
        (None, "2026-04-28 17:00"),  # a Tuesday
        (Lateness(), "2026-04-28 17:00"),
        (Lateness(grace="4"), "2026-05-02 17:00"),
        (Lateness(days="calendar", grace="1"), "2026-04-29 17:00"),
        (Lateness(days="working", grace="1"), "2026-04-29 17:00"),
        (Lateness(days="working", grace="2"), "2026-05-04 17:00"),  # past two holidays and a weekend
        (Lateness(days="working", grace="6"), "2026-05-08 17:00"),
        (Lateness(days="working", grace="7"), "2026-05-11 17:00"),
    ],
)
def test_on_time_until(lateness, moment):
    holidays = {date(2026, 4, 30), date(2026, 5, 1)}
    assert calendars.with_grace(at("2026-04-28 17:00"), lateness, holidays) == at(moment)


def test_nothing_due_has_no_grace():
    assert calendars.with_grace(None, Lateness(grace="4"), set()) is None


@pytest.mark.django_db
def test_holidays_are_those_of_the_register():
    Holiday.objects.create(on=date(2026, 4, 30), name="Ngày Giải phóng miền Nam")
    assert calendars.holidays() == {date(2026, 4, 30)}


RULES = [
    MilestoneRule(code="registration", due=day(1, 5)),
    MilestoneRule(code="unit-report", due=day(11, 20), locks=day(11, 30), missed="Trừ điểm"),
    MilestoneRule(code="conference", due=day(1, 10, year="1")),
    MilestoneRule(code="handover", owed_by="board"),
]


def lines(own=(), lateness=None, year=YEAR):
    found = calendars.entries(year, RULES, own, lateness, set())
    return {row.code: row for row in found}


def test_calendar_of_the_rule_set():
    found = lines()
    assert [(code, row.owed_by, row.due_at, row.locks_at, row.missed) for code, row in found.items()] == [
        ("registration", "unit", at("2026-01-05 23:59:59"), None, ""),
        ("unit-report", "unit", at("2026-11-20 23:59:59"), at("2026-11-30 23:59:59"), "Trừ điểm"),
        ("conference", "head", at("2027-01-10 23:59:59"), None, ""),
        ("handover", "board", None, None, ""),
    ]


@pytest.mark.parametrize(
    ("due", "locks", "expected"),
    [
        ("2026-11-25 17:00", None, ("2026-11-25 17:00", "2026-11-30 23:59:59")),
        (None, "2026-12-05 17:00", ("2026-11-20 23:59:59", "2026-12-05 17:00")),
        ("2026-12-02 17:00", None, ("2026-12-02 17:00", None)),  # behind the rule's lock: that lock is gone
        (None, "2026-11-10 17:00", (None, "2026-11-10 17:00")),
        ("2026-11-01 17:00", "2026-11-02 17:00", ("2026-11-01 17:00", "2026-11-02 17:00")),
    ],
)
def test_own_dates_go_before_the_rule_sets(due, locks, expected):
    own = MilestoneDate(code="unit-report", due_at=due and at(due), locks_at=locks and at(locks))
    row = lines([own])["unit-report"]
    assert (row.due_at, row.locks_at) == tuple(moment and at(moment) for moment in expected)
    assert row.missed == "Trừ điểm"


def test_own_milestone_beside_the_rule_sets():
    found = lines([MilestoneDate(code="viec-rieng", due_at=at("2026-08-01 17:00"))], Lateness(grace="2"))
    assert list(found)[-1] == "viec-rieng"
    assert (found["viec-rieng"].owed_by, found["viec-rieng"].on_time_until) == ("unit", at("2026-08-03 17:00"))


@pytest.mark.django_db
def test_school_year_counts_from_its_own_number():
    school = make_year(year=2025, label="2025-2026", starts_on=date(2025, 9, 1), ends_on=date(2026, 5, 31))
    rules = [MilestoneRule(code="proposal", due=day(8, 15, year="1"))]
    assert calendars.entries(school, rules, [], None, set())[0].due_at == at("2026-08-15 23:59:59")
