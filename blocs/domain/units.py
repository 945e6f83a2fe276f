"""Units as they are called: one row a year, the names of a day, what the board adds and corrects."""

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction
from django.db.models import Max

from blocs.domain import audit, organisation
from blocs.errors import RuleBroken
from blocs.folding import fold
from blocs.models import Membership, Unit, UnitRename, UnitYear

LETTERHEAD = ("letterhead_superior", "letterhead_name", "letterhead_symbol", "letterhead_place")


@dataclass(frozen=True)
class UnitFields:
    """What the board writes about a unit of a year. Without a ``code`` a new unit gets one from its name."""

    name: str
    code: str = ""
    short_name: str = ""
    kind: str = ""
    valid_from: date | None = None
    letterhead_superior: str = ""
    letterhead_name: str = ""
    letterhead_symbol: str = ""
    letterhead_place: str = ""


COLUMNS = tuple(field.name for field in fields(UnitFields) if field.name not in ("code", "valid_from"))


@transaction.atomic
def save_unit(year_id, written, *, by, unit_year_id=None, opened="", reason=""):
    """Add a unit to a year, or correct what it is called there; a change of name from a day on is a ``rename``.

    Shape:   (Year id, UnitFields, digest that the form was opened with) -> the saved UnitYear
    Locks:   the year row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    """
    year = organisation.locked_year(year_id, by=by, reason=reason)
    row = _found(year, unit_year_id) if unit_year_id else None
    return write_unit(year, row, written, by=by, opened=opened, reason=reason)


def write_unit(year, row, written, *, by, opened="", reason=""):
    """``save_unit`` for one who holds the lock and the row; without a row a new one is made.

    Shape:   (Year, locked; UnitYear with unit and year, or None; UnitFields) -> the saved UnitYear
    Raises:  RuleBroken, EditedMeanwhile
    """
    if not written.name:
        raise RuleBroken("Cần ghi tên đơn vị.")
    before = row and shown(row)
    if row is None:
        row = UnitYear(year=year, unit=_new_unit(year, written), position=next_position(year))
    for name in COLUMNS:
        setattr(row, name, getattr(written, name))
    after = shown(row)
    if before == after:
        return row
    if before:
        organisation.check_unchanged(row, before, opened)
        _check_not_closed(row)
    check_name(year, row.name, but=[row.unit_id])
    row.save()
    audit.record("unit.edit" if before else "unit.add", by=by, target=row, before=before, after=after, note=reason)
    return row


def shown(row):
    """What the form of a unit is opened with, as people read it.

    Shape:   UnitYear -> {label: text}
    """
    return {
        "Mã": row.unit.code,
        "Tên": row.name,
        "Tên ngắn": row.short_name,
        "Loại": row.kind,
        "Cơ quan cấp trên": row.letterhead_superior,
        "Tên trên văn bản": row.letterhead_name,
        "Ký hiệu": row.letterhead_symbol,
        "Địa danh": row.letterhead_place,
    }


def _found(year, unit_year_id):
    row = UnitYear.objects.select_related("unit").filter(year=year, pk=unit_year_id).first()
    if row is None:
        raise RuleBroken("Đơn vị này vừa được đưa ra khỏi năm.")
    return row


def _new_unit(year, written):
    """The unit over all years that this code names, if it exists in the year's days; a new one where there is none."""
    code = written.code or code_of(written.name)
    unit = Unit.objects.filter(authority=year.authority, code=code).first()
    if unit is None:
        return Unit.objects.create(authority=year.authority, code=code, valid_from=written.valid_from)
    if unit.in_years.filter(year=year).exists():
        raise RuleBroken(f"Năm {year.label} đã có đơn vị mã “{code}”.")
    if not unit.exists_during(year.starts_on, year.ends_on):
        raise RuleBroken(f"Mã “{code}” là của đơn vị không tồn tại trong năm {year.label}; ghi mã khác.")
    return unit


def _check_not_closed(row):
    closed = Membership.objects.filter(unit=row, bloc_year__is_closed=True).select_related("bloc_year").first()
    if closed:
        raise RuleBroken(
            f"{closed.bloc_year.name} đã gửi báo cáo tổng kết hoặc đã có quyết định khen thưởng; "
            "tên đơn vị trong năm này không sửa được nữa."
        )


# ---------------------------------------------------------------- codes, names, places


def code_of(name):
    """A code made from a name: ``Sở Nội vụ`` -> ``so-noi-vu``.

    Shape:   str -> str
    Raises:  RuleBroken where nothing of it can stand in a code
    """
    words = "".join(sign if sign.isalnum() else " " for sign in fold(name)).split()
    code = "-".join(words)[:60].strip("-")
    if not code:
        raise RuleBroken("Tên đơn vị phải có chữ hoặc số.")
    return code


def check_name(year, name, *, but=()):
    """Two units of a year are not called the same; ``but`` are ids of units that end or change with this act.

    Raises:  RuleBroken
    """
    if year.units.filter(name=name).exclude(unit__in=but).exists():
        raise RuleBroken(f"Năm {year.label} đã có đơn vị tên “{name}”.")


def next_position(year):
    """The place after the last unit of a year."""
    last = year.units.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def names_of_day(rows, day):
    """What units were called on a day of their year; a row carries the last name of its year.

    Shape:   ([UnitYear], date or None) -> {UnitYear id: (name, short name)}; one query
    """
    names = {row.pk: (row.name, row.short_name) for row in rows}
    if day is None:
        return names
    later = defaultdict(list)
    for rename in UnitRename.objects.filter(unit__in=[row.unit_id for row in rows], on__gt=day).order_by("-on"):
        later[rename.unit_id].append(rename)
    for row in rows:
        for rename in later[row.unit_id]:
            if names[row.pk][0] == rename.new_name:
                names[row.pk] = (rename.old_name, rename.old_short_name)
    return names


def names_of_days(pairs):
    """What units were called, each on a day of its own.

    Shape:   [(UnitYear, date or None for now)] -> [name] in their order; one query
    """
    renames = UnitRename.objects.filter(unit__in=[row.unit_id for row, _ in pairs]).order_by("-on")
    later = defaultdict(list)
    for rename in renames:
        later[rename.unit_id].append(rename)
    names = []
    for row, day in pairs:
        name = row.name
        for rename in later[row.unit_id] if day else ():
            if rename.on > day and name == rename.new_name:
                name = rename.old_name
        names.append(name)
    return names


def former_names(year, day):
    """The units of a year that were called otherwise on a day; nobody where no day is given.

    Shape:   (Year, date or None) -> {UnitYear id: (name, short name)}; one query where no unit was renamed since
    """
    renamed = UnitRename.objects.filter(unit__in_years__year=year, on__gt=day) if day else UnitRename.objects.none()
    units = set(renamed.values_list("unit", flat=True))
    return names_of_day(list(year.units.filter(unit__in=units)), day) if units else {}


def name_on(unit_year, day):
    """What one unit was called on a day.

    Shape:   (UnitYear, date or None) -> str
    """
    return names_of_day([unit_year], day)[unit_year.pk][0]
