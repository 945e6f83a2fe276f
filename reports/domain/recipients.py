"""Who is told about what is owed: the seats in force of those who owe, or of those who watch over it."""

from collections import defaultdict
from datetime import date

from django.db.models import Q

from blocs.enums import BLOC_ROLES, MEMBER_UNIT_ROLES, OwedBy, Role
from blocs.models import Seat, User
from reports.enums import MessageKind

OWERS = {
    OwedBy.UNIT: MEMBER_UNIT_ROLES,
    OwedBy.HEAD: BLOC_ROLES,
    OwedBy.OWNER: frozenset({Role.MOVEMENT_OWNER}),
    OwedBy.ASSESSOR: frozenset({Role.ASSESSOR}),
    OwedBy.BOARD: frozenset({Role.BOARD_STAFF}),
}


def of(kind, obligations, day: date):
    """Who gets a letter of this kind about each of these obligations.

    Shape:   (MessageKind, Obligation rows with unit and bloc_year__year, day) -> {Obligation id: {User}}
             two queries; people without a seat on that day and closed accounts are left out
    """
    rows = list(obligations)
    seats, officers = _seats(rows, day), _officers(rows)
    find = _watchers if kind == MessageKind.DIGEST else _owers
    return {row.pk: find(row, seats, officers) for row in rows}


def _owers(row, seats, officers):
    if row.owed_by == OwedBy.BOARD:
        officer = officers.get(row.bloc_year.desk_officer_id)
        return {officer} if officer else seats[Role.BOARD_STAFF, row.bloc_year.year.authority_id]
    if row.owed_by == OwedBy.HEAD:
        return _heads(row, seats)
    return set().union(*(seats[role, row.unit.unit_id] for role in OWERS[OwedBy(row.owed_by)]))


def _watchers(row, seats, officers):
    """The bloc's head for what its units owe, and the desk officer."""
    officer = officers.get(row.bloc_year.desk_officer_id)
    heads = set() if row.owed_by == OwedBy.BOARD else _heads(row, seats)
    return heads | ({officer} if officer else set())


def _heads(row, seats):
    return set().union(*(seats[role, row.bloc_year_id] for role in BLOC_ROLES))


def _seats(rows, day):
    """{(role, what the seat is at): {User}}"""
    at = Q(unit__in={row.unit.unit_id for row in rows if row.unit})
    at |= Q(bloc_year__in={row.bloc_year_id for row in rows})
    at |= Q(authority__in={row.bloc_year.year.authority_id for row in rows}, role=Role.BOARD_STAFF)
    found = defaultdict(set)
    for seat in Seat.objects.in_force(day).filter(at, user__is_active=True).select_related("user"):
        found[seat.role, seat.unit_id or seat.bloc_year_id or seat.authority_id].add(seat.user)
    return found


def _officers(rows):
    ids = {row.bloc_year.desk_officer_id for row in rows} - {None}
    return {user.pk: user for user in User.objects.filter(pk__in=ids, is_active=True)}
