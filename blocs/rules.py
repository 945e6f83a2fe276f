"""Who may do what in a bloc's year. Each permission is one line at the end.

A predicate takes the thing itself (a ``BlocYear``, or a row that has ``bloc_year``).
"""

import rules

from blocs.enums import AUTHORITY_ROLES, BLOC_ROLES, BOARD_ROLES, MEMBER_UNIT_ROLES, Role
from blocs.models import BlocYear, Membership, Year


def bloc_year_of(thing):
    return thing if isinstance(thing, BlocYear) else thing.bloc_year


def year_of(thing):
    if isinstance(thing, Year):
        return thing
    return getattr(thing, "year", None) or bloc_year_of(thing).year


def at_authority(*roles):
    """Holds one of these roles at the authority whose year it is."""

    @rules.predicate(name=f"at_authority:{','.join(sorted(roles))}")
    def holds(user, thing):
        return user.seats.having(*roles).filter(authority=year_of(thing).authority_id).exists()

    return holds


def in_bloc(*roles):
    """Holds one of these roles in this very bloc and year."""

    @rules.predicate(name=f"in_bloc:{','.join(sorted(roles))}")
    def holds(user, thing):
        return user.seats.having(*roles).filter(bloc_year=bloc_year_of(thing).pk).exists()

    return holds


@rules.predicate
def belongs_to_member_unit(user, thing):
    units = user.seats.having(*MEMBER_UNIT_ROLES).values("unit")
    return Membership.objects.filter(bloc_year=bloc_year_of(thing), unit__unit__in=units).exists()


def in_its_unit(*roles):
    """Holds one of these roles in the unit that the row is about."""

    @rules.predicate(name=f"in_its_unit:{','.join(sorted(roles))}")
    def holds(user, thing):
        return user.seats.having(*roles).filter(unit=thing.unit.unit_id).exists()

    return holds


is_board_staff = at_authority(Role.BOARD_STAFF)
sees_province = at_authority(*AUTHORITY_ROLES)
leads_bloc = in_bloc(*BLOC_ROLES)
heads_bloc = in_bloc(Role.BLOC_HEAD)

keeps_authority = at_authority(*BOARD_ROLES)
is_administrator = at_authority(Role.ADMINISTRATOR)


@rules.predicate
def year_is_open(user, thing):
    return year_of(thing).is_open


@rules.predicate
def keeps_rules(user, rule_set):
    """Board of the authority whose rules they are; of sets for any authority, every board."""
    seats = user.seats.having(Role.BOARD_STAFF)
    return seats.filter(authority__code=rule_set.authority_code).exists() if rule_set.authority_code else seats.exists()


rules.add_perm("blocs.view_province", sees_province)
rules.add_perm(
    "blocs.view_bloc_year", (year_is_open | keeps_authority) & (sees_province | leads_bloc | belongs_to_member_unit)
)
rules.add_perm("blocs.edit_covenant", leads_bloc)
rules.add_perm("blocs.publish_rules", keeps_rules)
rules.add_perm("blocs.open_year", is_board_staff)
rules.add_perm("blocs.edit_organisation", is_board_staff)
rules.add_perm("blocs.extend_obligation", is_board_staff)
rules.add_perm("blocs.waive_lateness", is_board_staff | heads_bloc)
rules.add_perm("blocs.note_receipt", is_board_staff | leads_bloc)
rules.add_perm("blocs.read_phones", is_board_staff)
rules.add_perm("blocs.manage_people", keeps_authority)
rules.add_perm("blocs.view_audit", keeps_authority)
