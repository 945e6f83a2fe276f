"""Where a list goes, and who brings it."""

from dataclasses import dataclass

from blocs.models import BlocYear, User, Year

TRIAL = "Xem trước"  # stands for the reason while nothing is kept


@dataclass(frozen=True)
class Place:
    year: Year
    by: User
    bloc_year: BlocYear | None = None
    reason: str = TRIAL
    name: str = ""  # what a filter of names holds
