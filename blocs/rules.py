"""Who may do what in a bloc's year. Each permission is one line at the end.

A predicate takes the thing itself (a ``BlocYear``, or a row that has ``bloc_year``).
"""

import rules
from django.db.models import Q

from blocs.enums import (
    AUTHORITY_ROLES,
    BLOC_ROLES,
    BOARD_ROLES,
    MEMBER_UNIT_ROLES,
    MemberRole,
    Milestone,
    OwedBy,
    Role,
)
from blocs.models import Authority, BlocYear, Membership, UnitYear, Year


def bloc_year_of(thing):
    return thing if isinstance(thing, BlocYear) else thing.bloc_year


def year_of(thing):
    if isinstance(thing, Year):
        return thing
    return getattr(thing, "year", None) or bloc_year_of(thing).year


def authority_of(thing):
    """The id of an authority, or of the one whose year or bloc it is."""
    return thing.pk if isinstance(thing, Authority) else year_of(thing).authority_id


def at_authority(*roles):
    """Holds one of these roles at the authority that it is, or whose year it is."""

    @rules.predicate(name=f"at_authority:{','.join(sorted(roles))}")
    def holds(user, thing):
        return user.seats.having(*roles).filter(authority=authority_of(thing)).exists()

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


def leaders_note(obligation):
    """True for what units owe and send in by no report of the system."""
    return obligation.owed_by == OwedBy.UNIT and obligation.code not in REPORTED


@rules.predicate
def may_be_noted_by_leaders(user, thing):
    """What another unit of the bloc owes and no report of the system tells; nobody notes his own receipt."""
    if isinstance(thing, BlocYear):
        return True
    if not leaders_note(thing):
        return False
    return thing.unit_id not in own_units(user, thing.bloc_year)


def own_units(user, bloc_year):
    """The units for which a user leads a bloc, and those in which he holds a seat himself.

    Shape:   (User, BlocYear) -> {UnitYear id}; two queries
    """
    seats = user.seats.in_force()
    roles = [MEMBER_OFFICE[role] for role in seats.filter(bloc_year=bloc_year.pk).values_list("role", flat=True)]
    led = Membership.objects.filter(bloc_year=bloc_year.pk, role__in=roles).values("unit")
    rows = UnitYear.objects.filter(Q(pk__in=led) | Q(unit__in=seats.values("unit")), year=bloc_year.year_id)
    return set(rows.values_list("pk", flat=True))


MEMBER_OFFICE = {Role.BLOC_HEAD: MemberRole.HEAD, Role.BLOC_DEPUTY: MemberRole.DEPUTY}
REPORTED = frozenset(
    {Milestone.MID_YEAR, Milestone.UNIT_REPORT, Milestone.SUMMARY_REPORT}
)  # they come in when they are sent here

keeps_authority = at_authority(*BOARD_ROLES)
is_administrator = at_authority(Role.ADMINISTRATOR)


@rules.predicate
def is_of_council(user, conference):
    """A meeting of the council, of no bloc."""
    return conference.bloc_year_id is None


leads_council_meeting = at_authority(Role.BOARD_STAFF, Role.COUNCIL_SECRETARY)


@rules.predicate
def runs_its_conference(user, task):
    return user.has_perm("blocs.run_conference", task.conference)


@rules.predicate
def does_task(user, task):
    """The people of the unit that it was given to; the board where no unit is named."""
    if task.unit_id:
        return user.seats.having(*MEMBER_UNIT_ROLES, Role.MOVEMENT_OWNER).filter(unit=task.unit.unit_id).exists()
    return user.seats.having(Role.BOARD_STAFF).filter(authority=task.conference.year.authority_id).exists()


@rules.predicate
def year_is_open(user, thing):
    return year_of(thing).is_open


@rules.predicate
def keeps_rules(user, rule_set):
    """Board of the authority whose rules they are. Sets for any authority come by the operator's command alone."""
    if not rule_set.authority_code:
        return False
    return user.seats.having(Role.BOARD_STAFF).filter(authority__code=rule_set.authority_code).exists()


@rules.predicate
def reads_rules(user, rule_set):
    """Who sits at an authority that may use the set; of a draft, who prepares things there."""
    seats = _placed(user) if rule_set.is_published else _placed(user).having(*BOARD_ROLES)
    return any(rule_set.authority_code in ("", seat_authority(seat).code) for seat in seats)


def seat_authority(seat):
    return seat.authority or (seat.unit or seat.bloc_year.year).authority


@rules.predicate
def sits_at(user, authority):
    return any(seat_authority(seat) == authority for seat in _placed(user))


@rules.predicate
def sits_in_year(user, thing):
    """At the authority; in one of the year's blocs; or in a unit that the year names."""
    year = year_of(thing)
    for seat in _placed(user):
        if seat.authority_id == year.authority_id:
            return True
        if seat.bloc_year_id and seat.bloc_year.year_id == year.pk:
            return True
        if seat.unit_id and year.units.filter(unit=seat.unit_id).exists():
            return True
    return False


def _placed(user):
    return user.seats.in_force().select_related("authority", "unit__authority", "bloc_year__year__authority")


@rules.predicate
def reads_event(user, event):
    """Board and administrator of the authority whose matter it was; what belongs to none, administrators."""
    if event.authority_id is None:
        return user.seats.having(Role.ADMINISTRATOR).exists()
    return user.seats.having(*BOARD_ROLES).filter(authority=event.authority_id).exists()


@rules.predicate
def keeps_seat(user, seat):
    """Gives and ends such a seat: an administrator those of administrators; board and administrator all others of
    their authority; the leader of a unit those of its reporters."""
    return covered(seat, user.seats.in_force())


def covered(seat, own):
    """Whether who holds these seats keeps that one; no query where its unit or its bloc's year is read already."""
    roles = {Role.ADMINISTRATOR} if seat.role == Role.ADMINISTRATOR else BOARD_ROLES
    return any(
        (mine.role in roles and mine.authority_id == seat.authority_at)
        or (seat.role == Role.UNIT_REPORTER and mine.role == Role.UNIT_LEADER and mine.unit_id == seat.unit_id)
        for mine in own
    )


@rules.predicate
def holds_seat_to_pass_on(user, seat):
    return seat.role in PASSED_ON and user.seats.in_force().filter(pk=seat.pk).exists()


PASSED_ON = frozenset({Role.UNIT_LEADER, *BLOC_ROLES})  # a colleague in the unit may take it over


@rules.predicate
def keeps_person(user, person):
    """Nobody gets at an account that can do more than he may give: he keeps every seat that it holds or will hold.

    An office in a bloc that he holds himself counts as kept. Of an account without any such seat, one of the former."""
    own = list(user.seats.in_force())
    placed = person.seats.select_related("unit", "bloc_year__year")
    if seats := list(placed.not_over()):
        return all(covered(seat, own) or holds_office(seat, own) for seat in seats)
    return any(covered(seat, own) for seat in placed)


def holds_office(seat, own):
    """Whether one of these seats is the same office in the same bloc."""
    return seat.role in BLOC_ROLES and any(
        (mine.role, mine.bloc_year_id) == (seat.role, seat.bloc_year_id) for mine in own
    )


@rules.predicate
def administers_person(user, person):
    """An administrator of an authority in which the person has a seat."""
    places = user.seats.having(Role.ADMINISTRATOR).values_list("authority", flat=True)
    return any(seat.authority_at in places for seat in person.seats.select_related("unit", "bloc_year__year"))


@rules.predicate
def sees_person(user, person):
    if user == person:
        return True
    leads = set(user.seats.having(Role.UNIT_LEADER).values_list("unit", flat=True))
    keeps = set(user.seats.having(*BOARD_ROLES).values_list("authority", flat=True))
    seats = person.seats.select_related("unit", "bloc_year__year")
    return any(seat.authority_at in keeps or (seat.unit_id in leads and not seat.is_over()) for seat in seats)


rules.add_perm("blocs.view_authority", sits_at)
rules.add_perm("blocs.view_year", (year_is_open | keeps_authority) & sits_in_year)
rules.add_perm("blocs.view_province", sees_province)
sees_bloc_year = (year_is_open | keeps_authority) & (sees_province | leads_bloc | belongs_to_member_unit)
rules.add_perm("blocs.view_bloc_year", sees_bloc_year)
rules.add_perm("blocs.edit_covenant", leads_bloc)
rules.add_perm(
    "blocs.comment",
    year_is_open & (is_board_staff | at_authority(Role.COUNCIL_MEMBER) | leads_bloc | belongs_to_member_unit),
)
rules.add_perm("blocs.answer_comment", leads_bloc)
rules.add_perm("blocs.close_covenant", heads_bloc)
rules.add_perm("blocs.sign_covenant", in_its_unit(Role.UNIT_LEADER))
rules.add_perm("blocs.agree_amendment", is_board_staff)
rules.add_perm("blocs.record_unit_result", in_its_unit(*MEMBER_UNIT_ROLES))
rules.add_perm("blocs.view_rule_set", reads_rules)
rules.add_perm("blocs.view_conference", (is_of_council & sees_province) | (~is_of_council & sees_bloc_year))
rules.add_perm("blocs.run_conference", (is_of_council & leads_council_meeting) | (~is_of_council & leads_bloc))
rules.add_perm("blocs.write_handover", leads_bloc)
rules.add_perm("blocs.finish_task", does_task | runs_its_conference)
rules.add_perm("blocs.publish_rules", keeps_rules)
rules.add_perm("blocs.open_year", is_board_staff)
rules.add_perm("blocs.view_organisation", keeps_authority)
rules.add_perm("blocs.edit_organisation", is_board_staff)
rules.add_perm("blocs.extend_obligation", is_board_staff)
rules.add_perm("blocs.waive_lateness", is_board_staff | heads_bloc)
rules.add_perm("blocs.note_receipt", is_board_staff | (leads_bloc & may_be_noted_by_leaders))
rules.add_perm("blocs.read_phones", is_board_staff)
rules.add_perm("blocs.manage_people", keeps_authority)
rules.add_perm("blocs.view_audit", reads_event)
rules.add_perm("blocs.keep_seat", keeps_seat)
rules.add_perm("blocs.pass_on_seat", keeps_seat | holds_seat_to_pass_on)
rules.add_perm("blocs.view_person", sees_person)
rules.add_perm("blocs.keep_person", keeps_person)
rules.add_perm("blocs.stop_second_factor", keeps_person & administers_person)
