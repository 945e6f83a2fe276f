"""What a user must do now, each obligation once, with its date and one button."""

from django.db.models import Q
from django.utils import timezone

from blocs.enums import AUTHORITY_ROLES, BLOC_ROLES, MEMBER_UNIT_ROLES, OwedBy, Role, label_of
from blocs.models import Obligation
from reports.todo import (
    amendments,
    beginning,
    blocs,
    board,
    comments,
    conferences,
    handovers,
    movements,
    others,
    signing,
    units,
    years,
)
from reports.todo.task import Done, Task, Upcoming
from reports.todo.watched import watched as watched_by

__all__ = ["Done", "Task", "Upcoming", "done", "first_tasks", "tasks", "upcoming", "watched"]
RECENT = 5


def tasks(user, year, *, seat=None, now=None):
    """What the user's seats, or the one chosen, have open.

    Shape:   (User, Year, Seat or None) -> [Task], the most urgent first
    """
    now = now or timezone.now()
    seats = _seats(user, seat)
    roles = set(seats.values_list("role", flat=True))
    found = [*_owed_tasks(seats, roles, year, now), *conferences.tasks(user, seats, year, now)]
    if roles & {Role.BOARD_STAFF, Role.BLOC_HEAD}:
        found += amendments.tasks(seats, year, now)
    if roles & MEMBER_UNIT_ROLES:
        found += comments.tasks(seats, year, now)
    if Role.UNIT_LEADER in roles:
        found += signing.tasks(seats, year)
    if roles & {Role.UNIT_LEADER, Role.BLOC_HEAD}:
        found += handovers.tasks(user, seats, year, now)
    if Role.BOARD_STAFF in roles:
        found += board.tasks(user, seats, year, now)
    if Role.MOVEMENT_OWNER in roles:
        found += movements.tasks(seats, year, now)
    return sorted(found, key=lambda task: (task.due_at is None, task.due_at or now))


def first_tasks(user, *, seat=None):
    """What the user's seats have to do before there is any year.

    Shape:   (User, Seat or None) -> [Task]
    """
    return list(beginning.tasks(_seats(user, seat)))


def _owed_tasks(seats, roles, year, now):
    """Each open obligation goes to the part that knows its page; what none of them takes gets a task of its own."""
    if not roles & {*MEMBER_UNIT_ROLES, *BLOC_ROLES, Role.MOVEMENT_OWNER, Role.ASSESSOR, Role.BOARD_STAFF}:
        return []
    rows = Obligation.objects.of_seats(seats).filter(years.owed_in(year, now)).for_table()
    owed = others.Owed(rows.order_by("due_at", "bloc_year__position", "position", "pk"), year)
    found = []
    if roles & MEMBER_UNIT_ROLES:
        found += units.tasks(seats, year, owed, now)
    if roles & BLOC_ROLES:
        found += blocs.tasks(seats, year, owed, now)
    return found + others.tasks(owed, seats, now)


def upcoming(user, year, *, seat=None, now=None):
    """The next three dates of the user's blocs; what the user's unit has delivered is left out."""
    now = now or timezone.now()
    rows = Obligation.objects.visible_to(user).filter(years.owed_in(year, now), due_at__gt=now, received_at=None)
    if not user.seats.having(*AUTHORITY_ROLES).exists():
        mine = Obligation.objects.of_seats(_seats(user, seat)).filter(years.owed_in(year, now))
        rows = rows.filter(~Q(owed_by=OwedBy.UNIT) | Q(pk__in=mine.values("pk")))
    found = rows.order_by("due_at", "code").values_list("due_at", "code").distinct()[:3]
    return [Upcoming(due_at, label_of(code)) for due_at, code in found]


def watched(user, year, *, seat=None, now=None):
    """What is late in the blocs that a council member follows; None for others."""
    return watched_by(user, _seats(user, seat), year, now or timezone.now())


def done(user, year, *, seat=None):
    """What the user's seats have delivered, the latest first.

    Shape:   (User, Year, Seat or None) -> [Done]
    """
    rows = Obligation.objects.of_seats(_seats(user, seat)).filter(received_at__isnull=False)
    rows = rows.filter(bloc_year__year__in=years.beside(year, timezone.now()))
    latest = rows.for_table().order_by("-received_at", "pk")[:RECENT]
    return [Done(row.received_at, _did(row), "ok" if row.is_on_time else "late") for row in latest]


def _did(row):
    words = f"{row.label} của {row.unit.short if row.owed_by == OwedBy.UNIT else row.bloc_year.name}"
    return words if row.is_on_time else f"{words} (chậm)"


def _seats(user, seat):
    seats = user.seats.in_force()
    return seats.filter(pk=seat.pk) if seat else seats
