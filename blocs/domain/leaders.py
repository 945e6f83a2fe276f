"""Who leads a bloc's year: the head unit, its deputies, and the seats of the people who work there."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from blocs.domain import audit, leader_seats, obligations, organisation, rulesets
from blocs.enums import MEMBER_UNIT_ROLES, MemberRole
from blocs.errors import RuleBroken
from blocs.models import BlocYear, Seat

DEPUTIES_MAX = 2  # where no rule set says it; the files know no more


@dataclass(frozen=True)
class Changed:
    """What a change of leaders did to people: their names with the office."""

    ended: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()  # units that lead now and have no account


@transaction.atomic
def set_leaders(bloc_year_id, *, head, deputies=(), by, opened="", reason=""):
    """Make a member unit the head and others its deputies, in their order; None leaves the bloc without a head.

    In a running year the people of the units that led until now keep their seats to the end of the day; those of the
    units that lead from now on get theirs. A year in preparation gives its seats when it is opened.

    Shape:   (BlocYear id, UnitYear id or None, [UnitYear id]) -> Changed
    Locks:   the year row, then the bloc year row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    """
    row = organisation.locked(bloc_year_id, by=by, reason=reason)
    before, was = shown(row), leading(row)
    if was == (head, list(deputies)):
        return Changed()
    organisation.check_unchanged(row, before, opened)
    _check(row, head, list(deputies))
    row.memberships.exclude(role=MemberRole.MEMBER).update(role=MemberRole.MEMBER, deputy_rank=None)
    row.memberships.filter(unit=head).update(role=MemberRole.HEAD)
    for rank, unit in enumerate(deputies, 1):
        row.memberships.filter(unit=unit).update(role=MemberRole.DEPUTY, deputy_rank=rank)
    changed = hand_seats_over(row, was)
    obligations.renew_bloc(row.pk)
    seats = {"Thôi giữ vị trí": list(changed.ended), "Nhận vị trí": list(changed.given)}
    audit.record("bloc.set_leaders", by=by, target=row, before=before, after=shown(row) | seats, note=reason)
    return changed


def shown(bloc_year):
    """What the form of the leaders is opened with.

    Shape:   BlocYear -> {label: name, or [name] of the deputies}
    """
    names = dict(bloc_year.memberships.exclude(role=MemberRole.MEMBER).values_list("unit", "unit__name"))
    head, deputies = leading(bloc_year)
    return {"Khối trưởng": names.get(head), "Khối phó": [names[unit] for unit in deputies]}


def leading(bloc_year):
    """Shape: BlocYear -> (UnitYear id of the head or None, [UnitYear id of the deputies])"""
    rows = bloc_year.memberships.exclude(role=MemberRole.MEMBER).order_by("deputy_rank")
    pairs = list(rows.values_list("role", "unit"))
    head = next((unit for role, unit in pairs if role == MemberRole.HEAD), None)
    return head, [unit for role, unit in pairs if role == MemberRole.DEPUTY]


def deputies_max(bloc_year):
    """How many deputies the rule set of a bloc's year allows.

    Shape:   BlocYear with year.authority and bloc -> int
    """
    return deputies_allowed(rulesets.of(bloc_year))


def deputies_allowed(rule_set):
    """Shape: RuleSet or None -> int"""
    heads = rulesets.read(rule_set).heads if rule_set else None
    return DEPUTIES_MAX if heads is None or heads.deputies_max is None else heads.deputies_max


def _check(row, head, deputies):
    members = dict(row.memberships.values_list("unit", "unit__name"))
    if head is not None and head not in members:
        raise RuleBroken("Khối trưởng phải là một thành viên của khối.")
    if set(deputies) - set(members):
        raise RuleBroken("Khối phó phải là thành viên của khối.")
    if head in deputies:
        raise RuleBroken(f"{members[head]} không thể vừa là Khối trưởng vừa là Khối phó.")
    if len(set(deputies)) != len(deputies):
        raise RuleBroken("Hai Khối phó phải là hai đơn vị khác nhau.")
    most = deputies_max(row)
    if len(deputies) > most:
        raise RuleBroken(f"Bộ quy tắc của khối cho nhiều nhất {most} Khối phó, ở đây là {len(deputies)}.")


def hand_seats_over(row, was):
    """End the seats of those who led until now, give them to those who lead from now on."""
    if not row.year.is_open:
        return Changed()
    (old_head, old_deputies), (head, deputies) = was, leading(row)
    ended, given = [], []
    for role, old, new in ((MemberRole.HEAD, [old_head], [head]), (MemberRole.DEPUTY, old_deputies, deputies)):
        if set(old) != set(new):
            ended += _end(row, role, new)
            given += _revive(row, role, new)
    known = set(row.seats.values_list("pk", flat=True))
    leader_seats.grant(BlocYear.objects.filter(pk=row.pk))
    fresh = row.seats.exclude(pk__in=known)
    fresh.update(valid_from=timezone.localdate())
    given += [_name(seat) for seat in fresh.select_related("user")]
    without = row.memberships.exclude(role=MemberRole.MEMBER).exclude(unit__unit__seats__in=_people())
    return Changed(tuple(ended), tuple(given), tuple(without.values_list("unit__name", flat=True)))


def _people():
    return Seat.objects.in_force().filter(role__in=MEMBER_UNIT_ROLES, user__is_active=True)


def _of_units(units):
    return _people().filter(unit__in_years__in=[unit for unit in units if unit]).values("user")


def _end(row, role, units):
    """Seats of this office whose holder does not work for one of the units that hold it now."""
    today = timezone.localdate()
    seats = row.seats.filter(Q(valid_to=None) | Q(valid_to__gt=today), role=leader_seats.SEAT_OF[role])
    leaving = list(seats.exclude(user__in=_of_units(units)).select_related("user"))
    for seat in leaving:
        if seat.valid_from and seat.valid_from > today:  # a seat of the future that now never comes
            seat.delete()
        else:
            seat.valid_to = today
            seat.save(update_fields=["valid_to"])
    return [_name(seat) for seat in leaving]


def _revive(row, role, units):
    """Who held the office before in this year has it again."""
    today = timezone.localdate()
    over = row.seats.filter(role=leader_seats.SEAT_OF[role], valid_to__lte=today, user__in=_of_units(units))
    back = list(over.select_related("user"))
    for seat in back:
        if seat.valid_to < today - timedelta(days=1):
            seat.valid_from = today
        seat.valid_to = None
        seat.save(update_fields=["valid_from", "valid_to"])
    return [_name(seat) for seat in back]


def _name(seat):
    return f"{seat.user} ({seat.get_role_display()})"
