"""The calendar of one bloc's year as people read it: a line a milestone, with who has not delivered."""

from dataclasses import dataclass

from django.utils import timezone

from blocs.domain.deadlines import Deadline, Standing, of_obligation
from blocs.enums import OwedBy
from blocs.models import Obligation

LOOKS = {Standing.CLOSED: "miss", Standing.OVERDUE: "late"}


@dataclass(frozen=True)
class CalendarLine:
    """One milestone. The dates are those of all but the extended; ``mine`` are the rows of the user's own seats."""

    code: str
    label: str
    who: str
    deadline: Deadline
    missed: str
    expected: int
    received: int
    look: str
    words: str
    absent: tuple[Obligation, ...]
    extended: tuple[Obligation, ...]
    mine: tuple[Obligation, ...]


def of_bloc(bloc_year, *, user, now=None):
    """Shape: (BlocYear, User) -> [CalendarLine] in the order of the calendar; two queries"""
    now = now or timezone.now()
    own = set(Obligation.objects.of(user).filter(bloc_year=bloc_year).values_list("pk", flat=True))
    groups: dict[str, list[Obligation]] = {}
    for row in Obligation.objects.filter(bloc_year=bloc_year).for_table().order_by("position", "unit__position", "pk"):
        groups.setdefault(row.code, []).append(row)
    return [_line(rows, own, now) for rows in groups.values()]


def _line(rows, own, now):
    extended = tuple(row for row in rows if hasattr(row, "extension"))
    absent = tuple(row for row in rows if row.received_at is None)
    usual = next((row for row in rows if row not in extended), rows[0])
    look, words = "ok", "Đủ"
    if absent:
        worst = min((of_obligation(row) for row in absent), key=lambda deadline: _order(deadline, now))
        look, words = LOOKS.get(worst.standing(None, now), "idle"), worst.words(None, now)
    return CalendarLine(
        usual.code,
        usual.label,
        OwedBy(usual.owed_by).label,
        of_obligation(usual),
        usual.missed,
        len(rows),
        len(rows) - len(absent),
        look,
        words,
        absent,
        extended,
        tuple(row for row in rows if row.pk in own),
    )


def _order(deadline, now):
    """Who is overdue and may still deliver before who is closed, then who is still in time."""
    standing = deadline.standing(None, now)
    place = {Standing.OVERDUE: 0, Standing.CLOSED: 1}.get(standing, 2)
    return place, deadline.due_at is None, deadline.due_at or now
