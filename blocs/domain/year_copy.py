"""A year made from the one before it. Nothing of the old year is touched; a constant number of queries a table."""

from calendar import monthrange
from collections import Counter, defaultdict
from itertools import groupby
from operator import attrgetter

from django.utils import timezone

from blocs.domain import pins, rule_choice, rulesets, units
from blocs.domain.files import HANOI
from blocs.domain.tiers import tiers_of
from blocs.enums import MemberRole, Role
from blocs.errors import RuleBroken
from blocs.models import BlocYear, Membership, MilestoneDate, NextLeader, RuleSet, Seat, UnitRename, UnitYear

OF_UNIT = (
    "kind", "letterhead_superior", "letterhead_name", "letterhead_symbol", "letterhead_place", "position",
)  # fmt: skip
OF_BLOC = ("name", "kind", "type", "supervisor", "position")  # the motto is the bloc's own each year


def copy_year(source, year, bloc_ids=None):
    """Fill a new year with what goes on from another.

    Shape:   (Year, saved Year, {old BlocYear id} or None for all) -> {old BlocYear id: new BlocYear}
    Raises:  RuleBroken
    """
    rows = source.bloc_years.select_related("bloc", "desk_officer").order_by("position", "pk")
    if bloc_ids is not None:
        rows = rows.filter(pk__in=bloc_ids)
    old = list(rows)
    members = list(Membership.objects.filter(bloc_year__in=old).select_related("unit").order_by("position", "pk"))
    units = _copy_units(source, year, {row.unit_id for row in members}, is_part=bloc_ids is not None)
    blocs = _copy_blocs(old, year)
    _copy_members(members, units, blocs)
    _copy_dates(source, year, blocs)
    return blocs


def _copy_units(source, year, members, *, is_part):
    """{old UnitYear id: new UnitYear}. A school year of some blocs takes no unit that is in none."""
    rows = list(source.units.select_related("unit").order_by("position", "pk"))
    if is_part:
        elsewhere = set(Membership.objects.filter(bloc_year__year=source).values_list("unit", flat=True))
        takes_free = is_calendar_year(year)
        rows = [row for row in rows if row.pk in members or (takes_free and row.pk not in elsewhere)]
    rows = [row for row in rows if row.unit.exists_during(year.starts_on, year.ends_on)]
    names = names_on(rows, year.starts_on)
    fresh = {}
    for row in rows:
        name, short_name = names[row.pk]
        columns = {column: getattr(row, column) for column in OF_UNIT}
        fresh[row.pk] = UnitYear(year=year, unit=row.unit, name=name, short_name=short_name, **columns)
    UnitYear.objects.bulk_create(fresh.values(), batch_size=500)
    return fresh


def is_calendar_year(year):
    """Shape: Year -> bool"""
    return (year.starts_on.month, year.starts_on.day) == (1, 1) and year.ends_on.year == year.starts_on.year


def names_on(unit_years, day):
    """What units are called on a day: their name of the year, and every change of name recorded up to that day.

    Shape:   ([UnitYear], date) -> {UnitYear id: (name, short name)}; one query
    """
    renames = defaultdict(list)
    found = UnitRename.objects.filter(unit__in=[row.unit_id for row in unit_years], on__lte=day)
    for rename in found.order_by("on", "pk"):
        renames[rename.unit_id].append(rename)
    names = {}
    for row in unit_years:
        name, short_name = row.name, row.short_name
        for rename in renames[row.unit_id]:
            if name == rename.old_name:
                name, short_name = rename.new_name, rename.new_short_name or short_name
        names[row.pk] = (name, short_name)
    return names


def _copy_blocs(old, year):
    """{old BlocYear id: new BlocYear}"""
    staff = set(
        Seat.objects.in_force().filter(role=Role.BOARD_STAFF, authority=year.authority).values_list("user", flat=True)
    )
    fresh = {}
    for row in old:
        officer = row.desk_officer if row.desk_officer_id in staff and row.desk_officer.is_active else None
        columns = {column: getattr(row, column) for column in OF_BLOC}
        fresh[row.pk] = BlocYear(year=year, bloc=row.bloc, desk_officer=officer, **columns)
    newest = _newest_sets(old, fresh)
    for row in old:
        fresh[row.pk].rule_set = newest.get(row.pk)
        fresh[row.pk].rule_version_spelled = row.pk in newest  # a file names the very version
    BlocYear.objects.bulk_create(fresh.values(), batch_size=500)
    below = [row for row in old if row.parent_id in fresh]
    for row in below:
        fresh[row.pk].parent = fresh[row.parent_id]
    BlocYear.objects.bulk_update([fresh[row.pk] for row in below], ["parent"], batch_size=200)
    return fresh


def _newest_sets(old, fresh):
    """{old BlocYear id: the highest published version of the rule set chosen for it that fits the new year}"""
    pinned = BlocYear.objects.filter(pk__in=[row.pk for row in old], rule_set__isnull=False)
    rows = pinned.select_related("rule_set", "bloc", "year")
    codes = {row.pk: row.rule_set.code for row in rows if row.rule_set and pins.is_chosen(row)}
    versions = RuleSet.objects.published().filter(code__in=set(codes.values())).order_by("code", "-version")
    by_code = {code: list(rows) for code, rows in groupby(versions, attrgetter("code"))}
    found = {}
    for pk, code in codes.items():
        fitting = next((row for row in by_code.get(code, []) if rule_choice.fits(row, fresh[pk])), None)
        if fitting:
            found[pk] = fitting
    return found


def _copy_members(members, units, blocs):
    """Members that still exist; head and deputies are those who were chosen for the year, else nobody."""
    chosen = _chosen(blocs)
    tiers = tiers_of({row.pk: row.parent_id for row in blocs.values()})
    fresh = []
    for row in members:
        if row.unit_id not in units:
            continue
        bloc_year = blocs[row.bloc_year_id]
        role, rank = chosen.get((row.bloc_year_id, row.unit_id), (MemberRole.MEMBER, None))
        unit, tier = units[row.unit_id], tiers[bloc_year.pk]
        fresh.append(
            Membership(bloc_year=bloc_year, unit=unit, role=role, deputy_rank=rank, tier=tier, position=row.position)
        )
    twice = [unit for (unit, _), number in Counter((row.unit, row.tier) for row in fresh).items() if number > 1]
    if twice:
        names = "; ".join(unit.name for unit in twice)
        raise RuleBroken(f"Tách khối như vậy thì có đơn vị đứng ở hai khối cùng tầng: {names}.")
    Membership.objects.bulk_create(fresh, batch_size=500)


def _chosen(blocs):
    """{(old BlocYear id, old UnitYear id): (role, deputy rank)} of those chosen to lead in the following year."""
    ranks: Counter[int] = Counter()
    found = {}
    for row in NextLeader.objects.filter(bloc_year__in=blocs).order_by("position", "pk"):
        rank = None
        if row.role == MemberRole.DEPUTY:
            ranks[row.bloc_year_id] += 1
            rank = ranks[row.bloc_year_id]
        if rank is None or rank <= 2:
            found[row.bloc_year_id, row.unit_id] = (row.role, rank)
    return found


def _copy_dates(source, year, blocs):
    """Dates of the blocs' own, moved on by whole years; what the rule set dates is left to the rule set."""
    sets = rulesets.of_blocs(list(blocs.values()))
    dated = {
        row: {rule.code for rule in rulesets.read(row).milestones if rule.due} for row in set(sets.values()) if row
    }
    years, fresh = year.year - source.year, []
    for row in MilestoneDate.objects.filter(bloc_year__in=blocs).order_by("position", "pk"):
        bloc_year = blocs[row.bloc_year_id]
        if row.code in dated.get(sets[bloc_year.pk], ()):
            continue
        due_at, locks_at = shifted(row.due_at, years), shifted(row.locks_at, years)
        fresh.append(
            MilestoneDate(bloc_year=bloc_year, code=row.code, due_at=due_at, locks_at=locks_at, position=row.position)
        )
    MilestoneDate.objects.bulk_create(fresh, batch_size=500)


def follow_days(year, years):
    """Bring a year in preparation to its new days: own dates, names of the first day, pinned sets that fit.

    Shape:   (Year with the new days set, number of calendar years that it moved) -> None
    Raises:  RuleBroken where a unit of the year does not exist in these days
    """
    rows = list(year.units.select_related("unit").order_by("position", "pk"))
    gone = [row.name for row in rows if not row.unit.exists_during(year.starts_on, year.ends_on)]
    if gone:
        raise RuleBroken(f"Trong những ngày ấy không có đơn vị: {'; '.join(gone)}. Bỏ khỏi năm trước rồi sửa ngày.")
    _rename(rows, year.starts_on)
    _move_dates(year, years)
    _pin_anew(year)


def _rename(rows, day):
    """Back through the changes of name after the day, then on through those up to it."""
    for names in (units.names_of_day, names_on):
        found = names(rows, day)
        for row in rows:
            row.name, row.short_name = found[row.pk]
    for row in rows:
        UnitYear._meta.get_field("folded").pre_save(row, add=False)  # noqa: SLF001 -- documented API
    UnitYear.objects.bulk_update(rows, ["name", "short_name", "folded"], batch_size=200)


def _move_dates(year, years):
    dates = list(MilestoneDate.objects.filter(bloc_year__year=year))
    for row in dates:
        row.due_at, row.locks_at = shifted(row.due_at, years), shifted(row.locks_at, years)
    MilestoneDate.objects.bulk_update(dates, ["due_at", "locks_at"], batch_size=200)


def _pin_anew(year):
    pinned = BlocYear.objects.filter(year=year, rule_set__isnull=False).select_related("rule_set", "bloc")
    unfit = [row for row in pinned if not rule_choice.fits(row.rule_set, _at_days(row, year))]
    newest = _newest_sets(unfit, {row.pk: row for row in unfit})
    for row in unfit:
        row.rule_set = newest.get(row.pk)
        row.rule_version_spelled = row.rule_version_spelled and row.pk in newest
    BlocYear.objects.bulk_update(unfit, ["rule_set", "rule_version_spelled"], batch_size=200)


def _at_days(row, year):
    row.year = year
    return row


def shifted(moment, years):
    """The same day and hour in Vietnam some years on; the 29th of February becomes the month's last day.

    Shape:   (datetime or None, int) -> datetime or None
    """
    if moment is None:
        return None
    local = timezone.localtime(moment, HANOI)
    last = monthrange(local.year + years, local.month)[1]
    return local.replace(year=local.year + years, day=min(local.day, last))
