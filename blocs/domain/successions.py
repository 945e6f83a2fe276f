"""Units merge, split, are renamed or dissolved on a day, by a document; what happened before that day stays as it was.

The act changes every year that ends on or after the day, there only blocs whose figures are not closed. Facts of the
past (reports, signatures, receipts, awards) stay with the row of the unit that made them.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from blocs.domain import audit, heirs, obligations, units
from blocs.domain.heirs import Choices, Places
from blocs.enums import SuccessionKind
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import Authority, BlocYear, Succession, Unit, UnitRename, UnitYear, Year
from blocs.templatetags.vietnamese import day


@dataclass(frozen=True)
class NewUnit:
    """A unit that the act founds. Without a code it gets one from its name."""

    name: str
    code: str = ""
    short_name: str = ""
    kind: str = ""


@dataclass
class Act:
    """An act that may happen: its rows are locked, its day and document are checked."""

    authority: Authority
    units: list[Unit]
    on: date
    document: str
    by: object
    years: list[Year]
    rows: dict[tuple[int, int], UnitYear]
    names: dict[int, str] = field(default_factory=dict)

    def in_year(self, year, among):
        """The rows of some of the units in a year, in their order."""
        return [self.rows[year.pk, unit.pk] for unit in among if (year.pk, unit.pk) in self.rows]


@transaction.atomic
def merge(unit_ids, *, into, on, document, by, choices=Choices()):  # noqa: B008 -- frozen
    """Join units in a new one, or in one of them; the successor takes their place in the blocs.

    Shape:   ([Unit id], NewUnit or the id of one of them, date, text) -> Unit that goes on
    Locks:   the authority, the years, the units, the blocs of the units
    Raises:  NotAllowed, RuleBroken
    """
    if len(set(unit_ids)) < 2:
        raise RuleBroken("Sáp nhập cần ít nhất hai đơn vị.")
    act = _begin(unit_ids, on=on, document=document, by=by)
    if isinstance(into, NewUnit):
        successor = _found(act, into)
    else:
        successor = next((unit for unit in act.units if unit.pk == into), None)
        if successor is None:
            raise RuleBroken("Đơn vị được giữ lại phải là một trong các đơn vị sáp nhập.")
    gone = [unit for unit in act.units if unit != successor]
    _check_not_heir_already(act, gone, successor)
    heirs.give_seats(gone, successor, act.on)
    for places in heirs.in_turn(act.years, gone, choices):
        rows = act.in_year(places.year, gone)
        if rows:
            heir = _row_of(act, places.year, successor, into, template=rows[0])
            heirs.take_over(places, [heir], choices, on=act.on)
            _hand_on(act, rows, heir)
    _end(act, gone)
    _succeed(act, [(unit, successor) for unit in gone], SuccessionKind.MERGE)
    audit.record("unit.merge", **_finish(act, successor, {"Đơn vị kế tục": _name_of(act, successor, into)}))
    return successor


@transaction.atomic
def split(unit_id, *, into, continues, on, document, by, choices=Choices()):  # noqa: B008 -- frozen
    """Make new units out of one, which goes on beside them or ends; they stand in its blocs.

    Shape:   (Unit id, [NewUnit], bool, date, text) -> [new Unit]
             the first new one takes over from a unit that ends
    Locks:   the authority, the years, the unit, its blocs
    Raises:  NotAllowed, RuleBroken
    """
    if not into:
        raise RuleBroken("Chia tách cần ít nhất một đơn vị mới.")
    if not continues and len(into) < 2:
        raise RuleBroken("Đơn vị cũ kết thúc thì cần ít nhất hai đơn vị mới.")
    if len({_tidy(new.name) for new in into}) < len(into):
        raise RuleBroken("Các đơn vị mới phải có tên khác nhau.")
    act = _begin([unit_id], on=on, document=document, by=by)
    fresh = [_found(act, new) for new in into]
    if not continues:
        heirs.give_seats(act.units, fresh[0], act.on)
    for places in heirs.in_turn(act.years, act.units, choices):
        rows = act.in_year(places.year, act.units)
        made = [_row_of(act, places.year, unit, new, template=rows[0]) for unit, new in zip(fresh, into, strict=True)]
        if continues:
            heirs.join_beside(places, made, on=act.on)
        else:
            heirs.take_over(places, made, choices, on=act.on)
            _hand_on(act, rows, made[0])
    if not continues:
        _end(act, act.units)
    _succeed(act, [(act.units[0], unit) for unit in fresh], SuccessionKind.SPLIT)
    audit.record(
        "unit.split",
        **_finish(act, act.units[0], {"Đơn vị mới": [new.name for new in into], "Đơn vị cũ": _goes(continues)}),
    )
    return fresh


@transaction.atomic
def rename(unit_id, *, name, short_name="", on, document, by):
    """Call a unit otherwise from a day on; papers of earlier days, and years closed to it, keep the former name.

    Shape:   (Unit id, text, text or empty to keep it, date, text) -> UnitRename
    Locks:   the authority, the years, the unit
    Raises:  NotAllowed, RuleBroken
    """
    name, short_name = _tidy(name), _tidy(short_name)
    act = _begin([unit_id], on=on, document=document, by=by)
    (unit,), rows = act.units, list(act.rows.values())
    if not name:
        raise RuleBroken("Cần ghi tên mới.")
    if later := UnitRename.objects.filter(unit=unit, on__gte=on).order_by("on").first():
        raise RuleBroken(f"Đơn vị đã đổi tên thành “{later.new_name}” từ ngày {day(later.on)}; ghi ngày sau đó.")
    first = min(rows, key=lambda row: row.year.starts_on)
    if name == first.name:
        raise RuleBroken(f"Tên mới giống tên đang dùng: “{name}”.")
    for year in act.years:
        units.check_name(year, name, but=[unit.pk])
    found = UnitRename.objects.create(
        unit=unit, on=on, old_name=first.name, old_short_name=first.short_name,
        new_name=name, new_short_name=short_name or first.short_name, document=act.document,
    )  # fmt: skip
    for row in rows:
        if _is_closed_to(row):
            continue
        row.name, row.short_name = name, found.new_short_name
        row.save(update_fields=["name", "short_name"])
    audit.record("unit.rename", **_finish(act, unit, {"Tên mới": name}))
    return found


@transaction.atomic
def dissolve(unit_id, *, on, document, by):
    """End a unit that nobody succeeds; its blocs lose a member.

    Shape:   (Unit id, first day on which it is no more, text) -> Unit
    Locks:   the authority, the years, the unit, its blocs
    Raises:  NotAllowed, RuleBroken
    """
    act = _begin([unit_id], on=on, document=document, by=by)
    for year in act.years:
        heirs.take_over(Places.of(year, act.units), [], Choices(), on=act.on)
    _end(act, act.units)
    _succeed(act, [(act.units[0], None)], SuccessionKind.DISSOLVE)
    audit.record("unit.dissolve", **_finish(act, act.units[0], {"Thôi hoạt động sau ngày": day(act.units[0].valid_to)}))
    return act.units[0]


def _is_closed_to(row):
    """True where the figures of every bloc of the unit are closed in that year."""
    blocs = list(row.memberships.values_list("bloc_year__is_closed", flat=True))
    return bool(blocs) and all(blocs)


# ---------------------------------------------------------------- may it happen


def _begin(unit_ids, *, on, document, by):
    """Lock what the act decides on and check what holds for all four."""
    found = Unit.objects.in_bulk(list(unit_ids))
    if len(found) != len(set(unit_ids)) or len({unit.authority_id for unit in found.values()}) != 1:
        raise RuleBroken("Có đơn vị không có trong danh sách đơn vị của tỉnh.")
    authority_id = next(iter(found.values())).authority_id
    authority = Authority.objects.select_for_update().get(pk=authority_id)  # nobody copies a year meanwhile
    some_year = Year.objects.filter(authority=authority).first()
    if some_year is None or not by.has_perm("blocs.edit_organisation", some_year):
        raise NotAllowed(
            "Chỉ Ban Thi đua - Khen thưởng của cơ quan đó ghi việc sáp nhập, chia tách, đổi tên, giải thể."
        )
    if not document.strip():
        raise RuleBroken("Cần ghi văn bản: số, ngày, cơ quan ban hành.")
    years = list(
        Year.objects.select_for_update(no_key=True).filter(authority=authority, ends_on__gte=on).order_by("pk")
    )
    locked = {unit.pk: unit for unit in Unit.objects.select_for_update().filter(pk__in=found).order_by("pk")}
    rows = UnitYear.objects.filter(unit__in=found, year__in=years).select_related("unit", "year")
    of_units = {(row.year_id, row.unit_id): row for row in rows}
    act = Act(
        authority=authority,
        units=[locked[pk] for pk in dict.fromkeys(unit_ids)],
        on=on,
        document=document.strip(),
        by=by,
        years=[year for year in years if any(place == year.pk for place, _ in of_units)],
        rows=of_units,
    )
    act.names = _names(act.units)
    _check_days(act)
    touched = BlocYear.objects.filter(year__in=act.years, memberships__unit__unit__in=found).values("pk")
    list(BlocYear.objects.select_for_update().filter(pk__in=touched).order_by("pk"))
    return act


def _names(among):
    """{Unit id: its last name}"""
    rows = UnitYear.objects.filter(unit__in=among).order_by("year__starts_on", "pk")
    return dict(rows.values_list("unit", "name"))


def _check_days(act):
    for unit in act.units:
        name = act.names.get(unit.pk, unit.code)
        if unit.valid_to is not None:
            raise RuleBroken(f"{name} đã thôi hoạt động sau ngày {day(unit.valid_to)}.")
        if unit.valid_from is not None and act.on <= unit.valid_from:
            raise RuleBroken(f"{name} có từ ngày {day(unit.valid_from)}; ngày của việc này phải sau đó.")
    missing = [unit for unit in act.units if not any(pk == unit.pk for _, pk in act.rows)]
    if missing or not act.years:
        names = ", ".join(act.names.get(unit.pk, unit.code) for unit in missing)
        raise RuleBroken(f"Ngày {day(act.on)} ở ngoài các năm thi đua có {names}.")
    for year in act.years:
        blocs = list(year.bloc_years.values_list("is_closed", flat=True))
        if blocs and all(blocs):
            raise RuleBroken(f"Năm {year.label} đã chốt số liệu của mọi khối; ghi ngày sau {day(year.ends_on)}.")
        if year.is_open and act.on > timezone.localdate():
            raise RuleBroken(
                f"Ngày {day(act.on)} chưa đến mà năm {year.label} đang chạy: tên và thành viên đổi ngay khi xác nhận, "
                "nên hãy ghi vào ngày ấy hoặc sau đó."
            )


def _check_not_heir_already(act, gone, successor):
    if Succession.objects.filter(predecessor__in=gone, successor=successor).exists():
        raise RuleBroken("Việc kế tục giữa các đơn vị này đã ghi rồi.")


# ---------------------------------------------------------------- what all of them write


def _found(act, new):
    name = _tidy(new.name)
    if not name:
        raise RuleBroken("Cần ghi tên đơn vị mới.")
    code = new.code.strip() or units.code_of(name)
    if Unit.objects.filter(authority=act.authority, code=code).exists():
        raise RuleBroken(f"Mã “{code}” đã dùng cho đơn vị khác; ghi mã khác.")
    for year in act.years:
        units.check_name(year, name, but=[unit.pk for unit in act.units])
    return Unit.objects.create(authority=act.authority, code=code, valid_from=act.on)


def _row_of(act, year, unit, new, *, template):
    """The row of the unit that goes on; a founded one has its own name, another one the name it had last."""
    if isinstance(new, NewUnit):
        columns = {"name": _tidy(new.name), "short_name": _tidy(new.short_name), "kind": new.kind or template.kind}
        columns |= {name: getattr(template, name) for name in ("letterhead_superior", "letterhead_place")}
    else:
        last = UnitYear.objects.filter(unit=unit).order_by("-year__starts_on").first()
        columns = {name: getattr(last, name) for name in units.COLUMNS}
    return heirs.row_in(year, unit, template=template, **columns)


def _hand_on(act, rows, heir):
    obligations.hand_on(rows, heir)
    for hand_on in heirs.HEIRS:
        hand_on(rows, heir, act.on, act.by)


def _end(act, gone):
    for unit in gone:
        unit.valid_to = act.on - timedelta(days=1)
        unit.save(update_fields=["valid_to"])


def _succeed(act, pairs, kind):
    Succession.objects.bulk_create(
        Succession(
            predecessor=predecessor, successor=successor, kind=kind, on=act.on, document=act.document, position=number
        )
        for number, (predecessor, successor) in enumerate(pairs)
    )


def _finish(act, target, after):
    """What follows from the act in all years; what the trail says of it."""
    obligations.renew(BlocYear.objects.filter(year__in=act.years))
    heirs.remove_unused(act.units, act.years)
    before = {"Đơn vị": [act.names[unit.pk] for unit in act.units]}
    after = after | {"Từ ngày": day(act.on)}
    return {"by": act.by, "target": target, "before": before, "after": after, "note": act.document}


def _name_of(act, unit, into):
    return _tidy(into.name) if isinstance(into, NewUnit) else act.names[unit.pk]


def _goes(continues):
    return "tiếp tục hoạt động" if continues else "kết thúc"


def _tidy(text):
    return " ".join(text.split())
