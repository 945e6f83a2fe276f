"""What is late in the blocs that a council member follows: to know, not to do."""

from dataclasses import dataclass

from blocs.domain import completeness
from blocs.domain.deadlines import Standing
from blocs.enums import Role, label_of
from blocs.models import BlocYear
from reports.todo.task import standing_of
from reports.todo.years import BEGINNING, beside, of_year

COUNCIL = (Role.COUNCIL_MEMBER, Role.COUNCIL_SECRETARY)
SHOWN = 10


@dataclass(frozen=True)
class Late:
    """One bloc and milestone that is overdue."""

    bloc_year: BlocYear
    code: str
    label: str
    absent: int
    look: str
    words: str


@dataclass(frozen=True)
class Watched:
    """The lines that are shown, of how many; whether they are of the user's own blocs or of the province."""

    lines: tuple[Late, ...]
    total: int
    is_own: bool


def watched(user, seats, year, now):
    """Shape: (User, Seat queryset, Year, moment) -> Watched, or None for those who follow no bloc"""
    authorities = seats.filter(role__in=COUNCIL).values("authority")
    if not authorities.exists():
        return None
    blocs = BlocYear.objects.visible_to(user).filter(year__in=beside(year, now), year__authority__in=authorities)
    own = blocs.filter(supervisor__icontains=user.post) if user.post else blocs.none()
    is_own = own.exists()
    rows = {row.pk: row for row in (own if is_own else blocs).select_related("year")}
    found = []
    for row in completeness.count(BlocYear.objects.filter(pk__in=rows)):
        deadline = row.deadline
        standing, when = deadline.standing(None, now), of_year(rows[row.bloc_year_id], year)
        if when and (standing == Standing.CLOSED or row.code in BEGINNING):
            continue
        if row.absent and standing != Standing.OPEN:
            look, words = standing_of(deadline, now)
            found.append(Late(rows[row.bloc_year_id], row.code, when + label_of(row.code), row.absent, look, words))
    found.sort(key=lambda late: late.look == "miss")  # first where something can still come in
    return Watched(tuple(found[:SHOWN]), len(found), is_own)
