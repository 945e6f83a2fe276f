"""What an act on units would do, before anybody confirms it: the act is done, looked at, and undone."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from awards.domain import quotas
from blocs.domain import beside, bloc_table, heirs, organisation
from blocs.enums import MemberRole
from blocs.models import BlocYear, Membership, Obligation, Seat, Succession, Unit, UnitYear, Year
from movements.models import Coordinator, Movement


@dataclass(frozen=True)
class Line:
    """One effect; ``look`` is ok, late (look at it) or idle (nothing changes)."""

    look: str
    words: str


@dataclass(frozen=True)
class BlocEffect:
    """What becomes of one bloc: members by name, and the lines that follow from it."""

    bloc_year: BlocYear
    before: int
    after: int
    left: tuple[str, ...]
    came: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Effects:
    """``fingerprint`` is equal for acts that would do the same; into blocs ``apart`` no heir comes."""

    blocs: tuple[BlocEffect, ...]
    lines: tuple[Line, ...]
    apart: frozenset[int]

    @property
    def fingerprint(self):
        return hashlib.sha256(repr((self.blocs, self.lines)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class _Bloc:
    """One bloc as it stands at a moment."""

    row: BlocYear
    names: dict[int, str]
    head: str
    deputies: tuple[str, ...]
    warnings: tuple[str, ...]
    limits: dict[str, quotas.Limit]
    owed: frozenset


def effects(act: Callable, unit_ids, on):
    """Do the act, compare, undo it.

    Shape:   (() -> anything, [Unit id] that it is about, date) -> Effects
    Raises:  what the act raises: NotAllowed, RuleBroken
    """
    with transaction.atomic():
        authorities = Unit.objects.filter(pk__in=unit_ids).values("authority")
        years = Year.objects.filter(authority__in=authorities, ends_on__gte=on)
        blocs = list(
            BlocYear.objects.filter(year__in=years, memberships__unit__unit__in=unit_ids)
            .order_by("year__starts_on", "position", "pk").distinct().values_list("pk", flat=True)
        )  # fmt: skip
        before, owners, seats = _blocs(blocs), _owners(years), _seats(years)
        places = _places(blocs, unit_ids)
        known = set(Succession.objects.filter(predecessor__in=unit_ids).values_list("pk", flat=True))
        past = _past(unit_ids, years)
        act()
        after, apart = _blocs(blocs), _apart(places, Succession.objects.exclude(pk__in=known))
        lines = [*_handed(owners, _owners(years)), *_given(seats, _seats(years)), *_orphans(unit_ids, years), *past]
        transaction.set_rollback(True)
    effects_of = tuple(_effect(before[pk], after[pk], apart.get(pk, ())) for pk in blocs)
    return Effects(effects_of, tuple(lines), frozenset(apart))


# ---------------------------------------------------------------- one bloc


def _blocs(ids):
    rows = bloc_table.rows(BlocYear.objects.filter(pk__in=ids))
    members = Membership.objects.filter(bloc_year__in=ids).select_related("unit").order_by("position", "pk")
    owed = list(Obligation.objects.filter(bloc_year__in=ids).values_list("bloc_year", "code", "unit", "owed_by"))
    found = {}
    for row in rows:
        pk = row.bloc_year.pk
        found[pk] = _Bloc(
            row=row.bloc_year,
            names={member.unit_id: member.unit.name for member in members if member.bloc_year_id == pk},
            head=row.head.name if row.head else "",
            deputies=tuple(unit.name for unit in row.deputies),
            warnings=row.warnings,
            limits=quotas.limits(row.bloc_year),
            owed=frozenset((code, unit if by == "unit" else None) for bloc, code, unit, by in owed if bloc == pk),
        )
    return found


def _places(blocs, unit_ids):
    rows = Membership.objects.filter(bloc_year__in=blocs, bloc_year__is_closed=False, unit__unit__in=unit_ids)
    return list(rows.select_related("unit", "bloc_year__year").order_by("pk"))


def _effect(before, after, apart):
    if before.row.is_closed:
        lines = [Line("idle", "Khối đã chốt số liệu của năm: danh sách thành viên giữ nguyên.")]
    else:
        lines = [
            *apart,
            *_leaders(before, after),
            *_warnings(before, after),
            *_quotas(before, after),
            *_owed(before, after),
        ]
    left = [name for unit, name in before.names.items() if unit not in after.names]
    came = [name for unit, name in after.names.items() if unit not in before.names]
    renamed = [
        f"{name} → {after.names[unit]}" for unit, name in before.names.items() if after.names.get(unit, name) != name
    ]
    lines = [Line("ok", f"Đổi tên: {words}.") for words in renamed] + lines
    return BlocEffect(
        before.row, len(before.names), len(after.names), tuple(left), tuple(came),
        tuple(lines) or (Line("idle", "Số thành viên, Khối trưởng, chỉ tiêu, việc phải làm không đổi."),),
    )  # fmt: skip


def _apart(places, acts):
    """Where those who take over do not become members: they are asked in another open year on the same days.

    Shape:   ([Membership of the units before the act], Succession queryset) -> {BlocYear id: [Line]}
    """
    found: dict[int, list[Line]] = {}
    for place in places:
        year, tier = place.bloc_year.year, place.tier
        taking = acts.filter(predecessor=place.unit.unit_id).values("successor")
        here = Membership.objects.filter(bloc_year__year=year, tier=tier).values("unit__unit")
        rows = Membership.objects.filter(unit__unit__in=taking, tier=tier).exclude(unit__unit__in=here)
        for row in beside.asked(rows, year).select_related("unit", "bloc_year__year").order_by("pk"):
            words = f"{row.unit.name} không vào khối này: đã ở {beside.where(row, year)}, không bị giao việc hai lần."
            if (line := Line("late", words)) not in found.setdefault(place.bloc_year_id, []):
                found[place.bloc_year_id].append(line)
    return found


def _leaders(before, after):
    if before.head != after.head:
        if after.head:
            yield Line("ok", f"Khối trưởng: {before.head} → {after.head}.")
        else:
            yield Line("late", f"Khối mất Khối trưởng ({before.head}); cần chọn đơn vị khác.")
    for name in before.deputies:
        if name not in after.deputies:
            fresh = [other for other in after.deputies if other not in before.deputies]
            words = f"Khối phó: {name} → {', '.join(fresh)}." if fresh else f"Khối mất Khối phó ({name})."
            yield Line("ok" if fresh else "late", words)


def _warnings(before, after):
    told = {"chưa có Khối trưởng"} if before.head else set()
    for words in after.warnings:
        if words not in before.warnings and words not in told:
            yield Line("late", f"{words[:1].upper()}{words[1:]}.")


def _quotas(before, after):
    for code, limit in before.limits.items():
        now = after.limits.get(code)
        if now and now.max != limit.max:
            yield Line("late" if now.max < limit.max else "ok", f"{limit.name}: {limit.max} → {now.max} ({now.how}).")


def _owed(before, after):
    less, more = len(before.owed - after.owed), len(after.owed - before.owed)
    if less or more:
        yield Line("ok", f"Việc phải làm: bớt {less}, thêm {more}.")


# ---------------------------------------------------------------- beside the blocs


def _owners(years):
    rows = Movement.objects.filter(year__in=years).select_related("owner", "year")
    rows = rows.order_by("year__starts_on", "position", "pk")
    return {row.pk: (row, row.owner.name if row.owner else "") for row in rows}


def _handed(before, after):
    for pk, (row, name) in before.items():
        now = after[pk][1]
        if now != name and row.owner_id != after[pk][0].owner_id:
            yield Line("ok", f"Phong trào “{row.name}” năm {row.year.label}: cơ quan chủ trì {name} → {now}.")


def _orphans(unit_ids, years):
    """Movements that a unit which ended still runs: nobody succeeds it."""
    rows = Movement.objects.filter(year__in=years, owner__unit__in=unit_ids).exclude(owner__unit__valid_to=None)
    for row in rows.filter(owner__isnull=False).select_related("year", "owner__unit"):
        last = row.owner.unit.valid_to if row.owner else None
        if row.ends_on is None or (last and row.ends_on > last):
            yield Line("late", f"Phong trào “{row.name}” năm {row.year.label} cần chọn cơ quan chủ trì khác.")


def _seats(years):
    rows = Seat.objects.filter(unit__authority__in=years.values("authority"))
    return dict(rows.values_list("pk", "unit"))


def _given(before, after):
    fresh = [unit for pk, unit in after.items() if pk not in before]
    if fresh:
        names = dict(UnitYear.objects.filter(unit__in=fresh).order_by("year__starts_on").values_list("unit", "name"))
        for unit in dict.fromkeys(fresh):
            yield Line("ok", f"{fresh.count(unit)} vị trí của người đơn vị cũ được cấp thêm ở {names[unit]}.")


def _past(unit_ids, years):
    """What units have done in these years by now; it stays under their own name."""
    found = []
    units = UnitYear.objects.filter(unit__in=unit_ids, year__in=years).select_related("year")
    moves = (Membership, Obligation, Movement, Coordinator)  # these change with the act
    columns = [column for column in organisation.references(UnitYear) if column.model not in moves]
    for row in units.order_by("year__starts_on", "position"):
        counts = [(column.model.objects.filter(**{column.name: row}).count(), column) for column in columns]
        words = ", ".join(f"{number} {organisation.name_of(column.model)}" for number, column in counts if number)
        if words:
            found.append(Line("idle", f"Giữ nguyên dưới tên {row.name}, năm {row.year.label}: {words}."))
    return found


# ---------------------------------------------------------------- what the board may choose beside the act


@dataclass(frozen=True)
class Offer:
    """Blocs of one tier of which one takes the new unit, of one year or of years that run on the same days, and offices
    that it may take over.
    """

    year: Year
    blocs: tuple[BlocYear, ...]
    offices: tuple[tuple[BlocYear, str], ...]


def offers(unit_ids, on, *, founds, apart=frozenset()):
    """Where the board has a choice, year by year and tier by tier; a unit that stays keeps its own bloc.

    Shape:   ([Unit id] that end, in their order, date, is a new unit founded, Effects.apart) -> [Offer]
    """
    units = sorted(Unit.objects.filter(pk__in=unit_ids), key=lambda unit: unit_ids.index(unit.pk))
    years = Year.objects.filter(authority__in={unit.authority_id for unit in units}, ends_on__gte=on)
    found = []
    for year, rows in _groups(heirs.in_turn(years.order_by("starts_on"), units, heirs.Choices()), founds=founds):
        blocs = tuple(dict.fromkeys(row.bloc_year for row in rows)) if founds else ()
        led: dict[BlocYear, str] = {}
        for row in sorted(rows, key=lambda row: row.deputy_rank or 0):
            if row.role != MemberRole.MEMBER and row.bloc_year_id not in apart:
                led.setdefault(row.bloc_year, MemberRole(row.role).label)
        if len(blocs) > 1 or led:
            found.append(Offer(year, blocs, tuple(sorted(led.items(), key=lambda item: item[0].position))))
    return sorted(found, key=lambda offer: offer.year.starts_on)


def _groups(turns, *, founds):
    """[(Year, [Membership] of one tier)]; a new unit goes into one of two open years that run on the same days."""
    found: list[tuple[Year, int, list[Membership]]] = []
    for places in turns:
        for tier, rows in places.by_tier.items():
            twins = (held for year, of, held in found if founds and of == tier and _run_together(year, places.year))
            if held := next(twins, None):
                held.extend(rows)
            else:
                found.append((places.year, tier, list(rows)))
    return [(year, rows) for year, _, rows in found]


def _run_together(one, other):
    both_open = one.is_open and other.is_open
    return both_open and one != other and one.starts_on <= other.ends_on and other.starts_on <= one.ends_on
