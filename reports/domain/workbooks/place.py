"""Where a list goes, and who brings it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from blocs.models import Authority, BlocYear, User, Year

TRIAL = "Xem trước"  # stands for the reason while nothing is kept


@dataclass(frozen=True)
class Place:
    authority: Authority
    year: Year | None  # None: before the first, of a list of people
    by: User
    bloc_year: BlocYear | None = None
    reason: str = TRIAL
    shown: QuerySet | None = None  # the rows that the page shows with its filter; without one all that the user sees
