import rules

from blocs.enums import Role
from blocs.rules import in_its_unit, is_board_staff, leads_bloc

rules.add_perm("awards.propose", leads_bloc)
rules.add_perm("awards.register", in_its_unit(Role.UNIT_LEADER))
rules.add_perm("awards.notify", is_board_staff)
rules.add_perm("awards.note_presentation", is_board_staff | leads_bloc)
