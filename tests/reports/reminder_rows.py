"""A bloc with people in its seats, one thing owed by each unit, and mail addresses."""

from types import SimpleNamespace

from blocs.enums import Role
from reports.models import Message
from tests.factories import make_bloc_year, make_milestone, make_user, make_year, members_of

DUE, LOCKS = "2026-11-20 17:00", "2026-11-25 17:00"


def make_owing(year=None, *, due=DUE, locks=LOCKS, **columns):
    """Three units with a leader each, the first with a reporter too; a head, a deputy, a desk officer, another of the board."""
    year = year or make_year()
    officer = make_user(Role.BOARD_STAFF, authority=year.authority, email="theo-doi@example.vn")
    bloc = make_bloc_year(year, desk_officer=officer, **columns)
    units = members_of(bloc)
    leaders = [make_user(Role.UNIT_LEADER, unit=unit, email=f"ld{unit.pk}@example.vn") for unit in units]
    make_milestone(bloc, due=due, locks=locks)
    return SimpleNamespace(
        year=year,
        bloc=bloc,
        units=units,
        leaders=leaders,
        reporter=make_user(Role.UNIT_REPORTER, unit=units[0]),
        head=make_user(Role.BLOC_HEAD, bloc_year=bloc),
        deputy=make_user(Role.BLOC_DEPUTY, bloc_year=bloc),
        officer=officer,
        board=make_user(Role.BOARD_STAFF, authority=year.authority),
    )


def letters():
    """{(kind, recipient)} of all letters, twice where there are two."""
    return sorted((row.kind, row.recipient_id) for row in Message.objects.all())
