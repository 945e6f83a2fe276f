"""Rows for the tests of units that merge, split, are renamed or dissolved."""

from datetime import date

from blocs.enums import Role
from tests.factories import make_bloc_year, make_user, make_year, members_of

DAY = date(2026, 7, 1)
PAPER = {"on": DAY, "document": "Nghị quyết 12/NQ-HĐND ngày 20/6/2026"}


class Reform:
    """A province with a past year, the running year, its board; ``units`` are five members of one bloc."""

    def __init__(self, members=5, **columns):
        self.year = make_year(**columns)
        self.authority = self.year.authority
        self.bloc = make_bloc_year(self.year, members=members)
        self.units = members_of(self.bloc)
        self.staff = make_user(Role.BOARD_STAFF, authority=self.authority)

    def ids(self, *numbers):
        """Ids of the lasting units."""
        return [self.units[number].unit_id for number in numbers]


def codes(bloc_year):
    """The members' codes in their order."""
    return [unit.unit.code for unit in members_of(bloc_year)]


def offices(bloc_year):
    """{office: name}"""
    rows = bloc_year.memberships.exclude(role="member").select_related("unit")
    return {f"{row.role}{row.deputy_rank or ''}": row.unit.name for row in rows}
