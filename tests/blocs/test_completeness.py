"""Expected, received, on time: counted in one place, equal on the page's table and in the command."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from blocs.domain import completeness, obligations
from blocs.domain.completeness import rate
from blocs.models import BlocYear
from reports.domain import standing
from tests.blocs.rule_rows import make_rule_set
from tests.factories import at, make_bloc_year, make_milestone, make_user, make_year
from tests.screens import make_receipts

pytestmark = pytest.mark.django_db
ON_TIME, LATE = "2026-11-20 17:00:00", "2026-11-20 17:00:01"


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(9, 12, "75.0"), (7, 12, "58.3"), (1, 8, "12.5"), (1, 16, "6.3"), (3, 16, "18.8"), (2, 3, "66.7"), (0, 5, "0.0")],
)
def test_rate_is_rounded_half_up(part, whole, percent):
    assert rate(part, whole) == Decimal(percent)


def test_rate_of_nothing():
    assert rate(0, 0) is None


def twelve(year=None):
    """Twelve units; seven on time, two late, three missing."""
    bloc_year = make_bloc_year(year, members=12)
    make_milestone(bloc_year, due="2026-11-20 17:00", locks="2026-11-30 17:00")
    make_receipts(bloc_year, *[ON_TIME] * 7, *[LATE] * 2)
    return bloc_year


def test_twelve_units():
    bloc_year = twelve()
    (row,) = completeness.count(BlocYear.objects.filter(pk=bloc_year.pk))
    assert (row.expected, row.received, row.rate, row.on_time, row.on_time_rate) == (
        12, 9, Decimal("75.0"), 7, Decimal("58.3"),
    )  # fmt: skip
    assert (row.due_at, row.locks_at) == (at("2026-11-20 17:00"), at("2026-11-30 17:00"))


def command(*arguments):
    out = StringIO()
    call_command("completeness", *arguments, stdout=out)
    return out.getvalue()


def test_command_gives_the_same_numbers():
    bloc_year = twelve()
    code = bloc_year.bloc.code
    assert json.loads(command("2026", "--bloc", code, "--format", "json")) == [
        {
            "bloc": code,
            "milestone": "unit-report",
            "expected": 12,
            "received": 9,
            "rate": 75.0,
            "on_time": 7,
            "on_time_rate": 58.3,
        }
    ]
    assert command("2026").splitlines()[1].split() == [code, "unit-report", "12", "9", "75,0", "7", "58,3"]


def test_nothing_received_is_zero_and_a_number():
    make_milestone(make_bloc_year(head=False), "conference", due="2026-12-10")
    (row,) = json.loads(command("2026", "--format", "json"))
    assert (row["expected"], row["received"], row["rate"], row["on_time_rate"]) == (1, 0, 0.0, 0.0)


def test_row_for_each_bloc_and_milestone_in_their_order():
    year = make_year()
    second, first = make_bloc_year(year, position=9), make_bloc_year(year, position=1)
    for bloc_year in (second, first):
        make_milestone(bloc_year, "unit-report", due="2026-11-20")
        make_milestone(bloc_year, "covenant", due="2026-02-15")
    rows = completeness.count(BlocYear.objects.filter(year=year))
    expected = [(bloc.pk, code) for bloc in (first, second) for code in ("unit-report", "covenant")]
    assert [(row.bloc_year_id, row.code) for row in rows] == expected


def test_board_shows_the_same_numbers():
    bloc_year = twelve()
    staff = make_user("board_staff", authority=bloc_year.year.authority)
    table = standing.board(BlocYear.objects.visible_to(staff))
    assert (table.expected, table.received, table.on_time, table.rate, table.on_time_rate) == (
        12, 9, 7, Decimal("75.0"), Decimal("58.3"),
    )  # fmt: skip


def test_count_is_one_query(django_assert_num_queries):
    for _ in range(3):
        twelve(make_year())
    with django_assert_num_queries(1):
        assert len(completeness.count(BlocYear.objects.all())) == 3


def test_command_has_a_line_of_nothing_for_what_nobody_owes():
    make_rule_set(milestones=[{"code": "check", "owed_by": "assessor"}, {"code": "unit-report"}])
    bloc_year = make_bloc_year()
    obligations.renew_bloc(bloc_year.pk)
    rows = json.loads(command("2026", "--bloc", bloc_year.bloc.code, "--format", "json"))
    assert [(row["milestone"], row["expected"], row["rate"]) for row in rows] == [
        ("check", 0, None),
        ("unit-report", 3, 0.0),
    ]
