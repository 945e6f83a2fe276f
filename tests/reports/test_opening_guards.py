"""What keeps the opening of a year right: nobody asked twice, days that belong together, what was seen is what opens."""

from datetime import date

import pytest

from blocs.errors import RuleBroken
from blocs.models import Obligation, Year
from reports.domain import opening
from tests.factories import make_milestone
from tests.reports.opening_rows import board_of, make_source, prepare

pytestmark = pytest.mark.django_db


def test_second_year_over_the_same_days_does_not_open():
    source, (old,) = make_source()
    make_milestone(old, due="2026-11-20 17:00")
    by = board_of(source)
    first, second = prepare(source, by=by), prepare(source, label="2027 bis", by=by)
    opening.open_year(first.pk, by=by)
    owed = Obligation.objects.count()
    with pytest.raises(RuleBroken, match="bị giao việc hai lần"):
        opening.open_year(second.pk, by=by)
    assert (Year.objects.get(pk=second.pk).is_open, Obligation.objects.count()) == (False, owed)
    assert owed > 0


def test_school_year_waits_while_the_calendar_year_still_asks_its_blocs():
    source, (schools, _) = make_source(blocs=2)
    by = board_of(source)
    days = {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31)}
    school = prepare(source, label="2026-2027", year=2026, bloc_ids=[schools.pk], by=by, **days)
    with pytest.raises(RuleBroken, match="bị giao việc hai lần"):
        opening.open_year(school.pk, by=by)
