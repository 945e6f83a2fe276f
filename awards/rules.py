import rules

from blocs.rules import leads_bloc

rules.add_perm("awards.propose", leads_bloc)
