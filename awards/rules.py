import rules

from blocs.enums import Role
from blocs.rules import in_its_unit, leads_bloc

rules.add_perm("awards.propose", leads_bloc)
rules.add_perm("awards.register", in_its_unit(Role.UNIT_LEADER))
