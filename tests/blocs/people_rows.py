"""A bloc with people of every sort, for tests about seats."""

from blocs.domain.people import PersonFields
from blocs.enums import Role
from tests.factories import make_bloc_year, make_user, members_of

FIELDS = PersonFields(post="Văn phòng - Hội Nhà báo tỉnh", email="vp@vi-du.vn", phone="0912 345 678")


class World:
    def __init__(self):
        self.bloc_year = make_bloc_year()
        self.authority = self.bloc_year.year.authority
        self.unit, self.deputy, self.member = (row.unit for row in members_of(self.bloc_year))
        self.board = make_user(Role.BOARD_STAFF, bloc_year=self.bloc_year)
        self.admin = make_user(Role.ADMINISTRATOR, bloc_year=self.bloc_year)
        self.leader = make_user(Role.UNIT_LEADER, unit=self.unit)
        self.reporter = make_user(Role.UNIT_REPORTER, unit=self.unit)

    def at(self, role):
        if role in (Role.BLOC_HEAD, Role.BLOC_DEPUTY):
            return self.bloc_year
        return self.unit if role in UNIT else self.authority


UNIT = {Role.UNIT_LEADER, Role.UNIT_REPORTER, Role.MOVEMENT_OWNER, Role.ASSESSOR}
