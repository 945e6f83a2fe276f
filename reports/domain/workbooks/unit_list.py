"""The units of a year as a list."""

from django.db import transaction

from blocs.domain import organisation, units
from blocs.domain.plans import line_of, one_line, refuse_twice
from blocs.domain.units import UnitFields
from blocs.errors import DomainError
from blocs.models import Unit, UnitYear
from blocs.templatetags.vietnamese import day
from reports.domain.workbooks.sheets import Column, Holds, Sheet

DAYS = ("valid_from", "valid_to")
NAMES = (
    "name", "short_name", "kind", "letterhead_superior", "letterhead_name", "letterhead_symbol", "letterhead_place",
)  # fmt: skip
USUAL_KINDS = ("so-nganh", "xa-phuong", "hoi")  # what a year without units begins with
SHEET = Sheet(
    "units",
    "Đơn vị",
    (
        Column(
            "code", "Mã", Holds.CODE, required=True, max_length=60, width=22,
            note="Mã giữ nguyên qua các năm. Mã chưa có là đơn vị mới. Giữ cả số 0 ở đầu.",
        ),
        Column("name", "Tên đơn vị", max_length=300, width=48, note="Tên đầy đủ trong năm. Đơn vị mới phải có."),
        Column("short_name", "Tên ngắn", max_length=120, width=26),
        Column("kind", "Loại", max_length=60, width=18, suggests="kinds", note="Chọn hoặc ghi loại khác."),
        Column(
            "valid_from", "Có từ ngày", Holds.DAY, width=14,
            note="Chỉ ghi cho đơn vị mới, viết như 01/07/2025. Trống: từ trước đến nay. Đơn vị đã có: chỉ để đọc.",
        ),
        Column(
            "valid_to", "Đến ngày", Holds.DAY, width=14,
            note="Chỉ để đọc. Đơn vị thôi hoạt động bằng việc sáp nhập, chia tách, giải thể ở trang của đơn vị.",
        ),
        Column("letterhead_superior", "Cơ quan cấp trên", max_length=200, width=30, note="Dòng trên cùng của văn bản."),
        Column("letterhead_name", "Tên trên văn bản", max_length=200, width=30),
        Column("letterhead_symbol", "Ký hiệu", max_length=40, width=14),
        Column("letterhead_place", "Địa danh", max_length=80, width=18),
    ),
)  # fmt: skip
LABELS = {column.name: column.label for column in SHEET.columns}


def rows(place):
    """Shape:   Place -> {sheet name: [{column: value}]}, as the list of units is filtered"""
    found = UnitYear.objects.visible_to(place.by).filter(year=place.year) if place.shown is None else place.shown
    return {
        "units": [
            {"code": row.unit.code}
            | {name: getattr(row.unit, name) for name in DAYS}
            | {name: getattr(row, name) for name in NAMES}
            for row in found.select_related("unit").order_by("position", "pk")
        ]
    }


def run(place, tables):
    """Bring the units of a year to the list; what it does not name, and cells without a value, stay.

    Shape:   (Place, {"units": [Entry]}) -> [Line]; written are the rows without a fault
    Locks:   the year row
    Raises:  NotAllowed, RuleBroken
    """
    year = organisation.locked_year(place.year.pk, by=place.by, reason=place.reason)
    entries = tables["units"]
    refuse_twice(entries, "code")
    known = {unit.code: unit for unit in Unit.objects.filter(authority=year.authority)}
    of_year = {row.unit.code: row for row in UnitYear.objects.filter(year=year).select_related("unit", "year")}
    names = {row.name: code for code, row in of_year.items()}
    return [_unit(place, year, entry, known, of_year, names) for entry in entries]


def _unit(place, year, entry, known, of_year, names):
    code = entry.get("code")
    unit, row = known.get(code), of_year.get(code)
    _check_days(entry, unit, year)
    changes, label = _changes(entry, unit, row), entry.get("name") or (row.name if row else code or "")
    if row is None and not entry.get("name"):
        entry.refuse("đơn vị mới phải có tên", "name")
    _check_name(entry, row, names)
    if not entry.faults and (changes or row is None):
        _save(place, year, entry, row)
    return line_of(entry, label, exists=row, changes=changes)


def _changes(entry, unit, row):
    changes = []
    for name, value in entry.values.items():
        if name == "code":
            continue
        holder = unit if name in DAYS else row
        before = getattr(holder, name) if holder else None
        if (one_line(before) if isinstance(before, str) else before) != value:
            changes.append((LABELS[name], _shown(before), _shown(value)))
    return changes


def _check_days(entry, unit, year):
    """A unit begins with its row; when it ends, and what then becomes of its blocs, is an act with a document."""
    last = entry.get("valid_to")
    if last and last != (unit and unit.valid_to):
        entry.refuse(
            "cột này chỉ để đọc; đơn vị thôi hoạt động bằng việc sáp nhập, chia tách, giải thể (có văn bản) "
            "ở trang của đơn vị",
            "valid_to",
        )
    if unit and entry.get("valid_from") and entry.get("valid_from") != unit.valid_from:
        now = f"từ {day(unit.valid_from)}" if unit.valid_from else "từ trước đến nay"
        entry.refuse(f"đơn vị đã có {now}; cột này chỉ ghi cho đơn vị mới", "valid_from")
    if not unit and entry.get("valid_from") and entry.get("valid_from") > year.ends_on:
        entry.refuse(f"sau ngày năm {year.label} kết thúc ({day(year.ends_on)})", "valid_from")


def _check_name(entry, row, names):
    """Two units of a year are not called the same; ``names`` follow the list."""
    name, code = entry.get("name"), entry.get("code")
    if not name:
        return
    if names.get(name, code) != code:
        entry.refuse(f"tên này đã là của đơn vị mã “{names[name]}”", "name")
    elif row is None or one_line(row.name) != name:
        if row:
            names.pop(row.name, None)
        names[name] = code


def _save(place, year, entry, row):
    """Through the door of the page, so that each row leaves its own trail; what it refuses is the fault of the row."""
    values = {name: entry.get(name) or (getattr(row, name) if row else "") for name in NAMES}
    fields = UnitFields(code=entry.get("code"), valid_from=entry.get("valid_from"), **values)
    try:
        with transaction.atomic():
            units.write_unit(year, row, fields, by=place.by, reason=place.reason)
    except DomainError as error:
        entry.refuse(str(error))


def _shown(value):
    return value or "" if isinstance(value, str) else day(value)


def lists(place):
    """The kinds that units are called by, behind the drop-down.

    Shape:   Place -> {name of a list: [text]}; the usual ones, and those of this authority's units of any year
    """
    rows = UnitYear.objects.visible_to(place.by).filter(year__authority=place.year.authority_id).exclude(kind="")
    return {"kinds": sorted({*USUAL_KINDS, *rows.values_list("kind", flat=True)})}
