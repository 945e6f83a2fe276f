"""Meetings for tests."""

from datetime import date, time

from blocs.domain import conferences
from blocs.enums import Role
from blocs.models import Conference
from tests.factories import at, make_user

DAY = date(2026, 12, 5)
MORNING, NOON = at("2026-12-05 08:00"), at("2026-12-05 11:30")
VALUES = {
    "kind": "year_end",
    "held_on": DAY,
    "starts_at": time(8),
    "place": "Hội trường A",
    "chair": "Khối trưởng",
    "secretary": "Chánh Văn phòng",
    "guests": ["Phó Trưởng ban"],
    "quorum": 2,
    "quorum_of": 3,
}


def make_meeting(bloc_year, *, state="planned", by=None, **values):
    """A meeting of the bloc: ``planned``, ``running`` since eight, or ``ended`` at half past eleven."""
    by = by or make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    row = conferences.call(bloc_year.pk, by=by, **(VALUES | values))
    if state in ("running", "ended"):
        row = conferences.start(row.pk, by=by, now=MORNING)
    if state == "ended":
        row = conferences.end(row.pk, by=by, now=NOON)
    return Conference.objects.get(pk=row.pk)
