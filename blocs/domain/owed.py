"""What the years of blocs owe, as calendar, members, offices, owners and assessors want it now; nothing is written."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from blocs.domain import calendars, rulesets
from blocs.enums import MemberRole, OwedBy, Role
from blocs.models import BlocYear, Membership, MilestoneDate, Seat, UnitYear

OF_THE_BLOC = frozenset({OwedBy.HEAD, OwedBy.BOARD})  # owed once a bloc, whoever holds the office

# Units that owe something for what they run or check; an app above registers its own with ``add_owers``.
OWERS: dict[str, Callable[[Iterable[int]], Iterable[int]]] = {}

Life = tuple[date | None, date | None]


def add_owers(owed_by, find):
    """Name the units (ids of UnitYear) that owe as ``owner`` or ``assessor``, members of a bloc or not.

    Shape:   (OwedBy value, [Year id] -> [UnitYear id])
    """
    OWERS[owed_by] = find


def _assessors(years):
    held = Seat.objects.in_force().filter(role=Role.ASSESSOR).values("unit")
    return UnitYear.objects.filter(year__in=years, unit__in=held).values_list("pk", flat=True)


add_owers(OwedBy.ASSESSOR, _assessors)


@dataclass(frozen=True)
class Owed:
    """One line of what a bloc's year owes."""

    entry: calendars.Entry
    position: int
    unit_id: int | None
    life: Life = (None, None)  # the unit's first and last day

    @property
    def is_out_of_time(self):
        """Due when the unit did not exist: owed only by who delivered it, or took it over from who had not."""
        if self.entry.due_at is None or self.entry.owed_by in OF_THE_BLOC:
            return False
        due_on, (first, last) = timezone.localtime(self.entry.due_at).date(), self.life
        return bool((first and due_on < first) or (last and due_on > last))

    def comes_too_late(self, year, now):
        """True where an assessor is named after the thing was closed, or the year over: it was not asked then."""
        is_over = is_past(self.entry.locks_at, now) or year.ends_on < timezone.localdate(now)
        return self.entry.owed_by == OwedBy.ASSESSOR and is_over


@dataclass(frozen=True)
class Plan:
    """One bloc's year: its calendar by code, in its order, and who owes what."""

    entries: dict[str, calendars.Entry]
    lines: tuple[Owed, ...]


def is_past(at, now):
    """True after the last second of a moment; never where there is none.

    Shape:   (datetime or None, datetime) -> bool
    """
    return at is not None and now.replace(microsecond=0) > at


def plans(bloc_years):
    """Shape: [BlocYear with year.authority and bloc] -> {BlocYear id: Plan}; a constant number of queries"""
    ids = [row.pk for row in bloc_years]
    entries = _entries(bloc_years)
    members, heads, lives = defaultdict(list), {}, {}
    for member in Membership.objects.filter(bloc_year__in=ids).select_related("unit__unit").order_by("position", "pk"):
        lives[member.unit_id] = life_of(member.unit)
        members[member.bloc_year_id].append(member.unit_id)
        if member.role == MemberRole.HEAD:
            heads[member.bloc_year_id] = member.unit_id
    special = _special(bloc_years, entries, lives)
    found = {}
    for pk in ids:
        lines = [
            Owed(entry, position, unit, lives.get(unit, (None, None)))
            for position, entry in enumerate(entries[pk])
            for unit in _who(entry, pk, members[pk], heads.get(pk), special)
        ]
        found[pk] = Plan({entry.code: entry for entry in entries[pk]}, tuple(lines))
    return found


def codes(bloc_years):
    """The milestones of their calendars, whether anybody owes them or not.

    Shape:   [BlocYear with year.authority and bloc] -> {code: its first position in a calendar}; a constant number of
             queries
    """
    files, own = _written(bloc_years)
    found: dict[str, int] = {}
    for pk in files:
        rules = files[pk].milestones if files[pk] else []
        for position, code in enumerate(dict.fromkeys(row.code for row in (*rules, *own[pk]))):
            found[code] = min(position, found.get(code, position))
    return found


def entry_of(obligation):
    """What the calendar says of one obligation, without what was granted; None where it no longer names it.

    Shape:   Obligation with bloc_year.year.authority and bloc -> Entry or None
    """
    entries = _entries([obligation.bloc_year])[obligation.bloc_year_id]
    return next((entry for entry in entries if entry.code == obligation.code), None)


def life_of(unit_year):
    """Shape: UnitYear with unit -> (first day or None, last day or None)"""
    return unit_year.unit.valid_from, unit_year.unit.valid_to


def unlocked(bloc_years):
    """As ``calendars.unlocked``, for many.

    Shape:   [BlocYear with year.authority and bloc] -> {BlocYear id: [code]}
    """
    files, own = _written(bloc_years)
    return {
        row.pk: calendars.unlocked(row.year, files[row.pk].milestones if files[row.pk] else [], own[row.pk])
        for row in bloc_years
    }


def _entries(bloc_years):
    """{BlocYear id: [Entry]}"""
    files, own = _written(bloc_years)
    holidays, found = calendars.holidays(), {}
    for row in bloc_years:
        file = files[row.pk]
        rules, lateness = (file.milestones, file.lateness) if file else ([], None)
        found[row.pk] = calendars.entries(row.year, rules, own[row.pk], lateness, holidays)
    return found


def _written(bloc_years):
    """({BlocYear id: rule file or None}, {BlocYear id: [MilestoneDate]})"""
    sets = rulesets.of_blocs(bloc_years)
    files = {row.pk: rulesets.read(row) for row in {row for row in sets.values() if row}}
    own = defaultdict(list)
    for row in MilestoneDate.objects.filter(bloc_year__in=[row.pk for row in bloc_years]).order_by("position", "pk"):
        own[row.bloc_year_id].append(row)
    return {pk: files[row.pk] if row else None for pk, row in sets.items()}, own


def _who(entry, bloc_year_id, members, head, special):
    if entry.owed_by == OwedBy.UNIT:
        return members
    if entry.owed_by == OwedBy.HEAD:
        return [head]
    if entry.owed_by == OwedBy.BOARD:
        return [None]
    return special[bloc_year_id, entry.code]


# ---------------------------------------------------------------- owners and assessors


def _special(bloc_years, entries, lives):
    """{(BlocYear id, code): [UnitYear id]}: an assessor owes in each bloc that asks for it, an owner once a year."""
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    asked = {entry.owed_by for rows in entries.values() for entry in rows} & set(OWERS)
    years = {row.year_id for row in bloc_years} if asked else set()
    units = {owed_by: list(dict.fromkeys(OWERS[owed_by](years))) for owed_by in sorted(asked)}
    of_year = {}
    wanted = {pk for group in units.values() for pk in group}
    for row in UnitYear.objects.filter(pk__in=wanted).select_related("unit"):
        of_year[row.pk], lives[row.pk] = row.year_id, life_of(row)
    places = _places(years, units[OwedBy.OWNER]) if units.get(OwedBy.OWNER) else {}
    for bloc_year in bloc_years:
        pk = bloc_year.pk
        for entry in entries[pk]:
            for unit in units.get(entry.owed_by, ()):
                is_here = entry.owed_by == OwedBy.ASSESSOR or places.get((entry.code, unit)) == pk
                if of_year[unit] == bloc_year.year_id and is_here:
                    found[pk, entry.code].append(unit)
    return found


def _places(years, owners):
    """{(code, UnitYear id): the bloc in which an owner owes}: its own, else the first that has the milestone."""
    blocs = list(
        BlocYear.objects.filter(year__in=years).select_related("year__authority", "bloc").order_by("position", "pk")
    )
    sets = rulesets.of_blocs(blocs)
    codes = {
        rule_set: [rule.code for rule in rulesets.read(rule_set).milestones if rule.owed_by == OwedBy.OWNER]
        for rule_set in {row for row in sets.values() if row}
    }
    of_year = dict(UnitYear.objects.filter(pk__in=owners).values_list("pk", "year"))
    own = set(Membership.objects.filter(unit__in=owners).values_list("bloc_year", "unit"))
    found: dict[tuple[str, int], int] = {}
    for is_own in (True, False):
        for row in blocs:
            for code in codes.get(sets[row.pk], ()):
                for unit in owners:
                    if of_year[unit] == row.year_id and (not is_own or (row.pk, unit) in own):
                        found.setdefault((code, unit), row.pk)
    return found
