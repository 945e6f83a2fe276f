"""The units of a year as a list."""

from blocs.domain import obligations, organisation
from blocs.domain.plans import line_of, one_line, refuse_twice
from blocs.domain.sync import Sync
from blocs.models import BlocYear, Membership, Unit, UnitYear
from blocs.templatetags.vietnamese import day
from reports.domain.workbooks.sheets import Column, Holds, Sheet

DAYS = ("valid_from", "valid_to")
NAMES = (
    "name", "short_name", "kind", "letterhead_superior", "letterhead_name", "letterhead_symbol", "letterhead_place",
)  # fmt: skip
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
        Column("kind", "Loại", max_length=60, width=18, note="Ví dụ: sở, xã, hội."),
        Column("valid_from", "Có từ ngày", Holds.DAY, width=14, note="Viết như 01/07/2025. Trống: từ trước đến nay."),
        Column("valid_to", "Đến ngày", Holds.DAY, width=14, note="Ngày cuối cùng đơn vị còn. Trống: vẫn còn."),
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
    units = {unit.code: unit for unit in Unit.objects.filter(authority=year.authority)}
    of_year = {row.unit.code: row for row in UnitYear.objects.filter(year=year).select_related("unit")}
    membership = _memberships(year.authority)
    names = {row.name: code for code, row in of_year.items()}
    lines, fresh = [], []
    for entry in entries:
        code = entry.get("code")
        unit, row = units.get(code), of_year.get(code)
        changes = _changes(entry, unit, row)
        if row is None and not entry.get("name"):
            entry.refuse("đơn vị mới phải có tên", "name")
        _check_name(entry, row, names)
        if changes:
            _check_days(entry, unit, membership.get(code, []))
        if changes and row and any(item.bloc_year.is_closed for item in membership.get(code, ()) if item.unit == row):
            entry.refuse("đơn vị thuộc khối đã chốt số liệu của năm này, không sửa được nữa")
        lines.append(
            line_of(entry, entry.get("name") or (row.name if row else code or ""), exists=row, changes=changes)
        )
        if not entry.faults and (changes or row is None):
            fresh.append(entry)
    _write(year, fresh)
    obligations.renew(BlocYear.objects.filter(year=year))
    return lines


def _memberships(authority):
    """{unit code: [Membership]} over all years."""
    found: dict[str, list[Membership]] = {}
    rows = Membership.objects.filter(unit__unit__authority=authority)
    for row in rows.select_related("unit__unit", "bloc_year__year"):
        found.setdefault(row.unit.unit.code, []).append(row)
    return found


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


def _shown(value):
    return value or "" if isinstance(value, str) else day(value)


def _check_days(entry, unit, members):
    first, last = (entry.get(name) or (unit and getattr(unit, name)) for name in DAYS)
    if first and last and last < first:
        entry.refuse(f"kết thúc ({day(last)}) trước khi bắt đầu ({day(first)})", "valid_to")
        return
    whole = Unit(valid_from=first, valid_to=last)
    for member in members:
        year = member.bloc_year.year
        if not whole.exists_during(year.starts_on, year.ends_on):
            entry.refuse(
                f"với ngày này đơn vị không tồn tại trong năm {year.label}, mà đang thuộc “{member.bloc_year.name}”",
                "valid_to" if last and last < year.starts_on else "valid_from",
            )


def _write(year, entries):
    sync = Sync(replace=False)
    known = Unit.objects.filter(authority=year.authority, code__in=[entry.get("code") for entry in entries])
    units = sync.rows(
        known,
        [
            {"authority": year.authority, "code": entry.get("code")} | {name: entry.get(name) for name in DAYS}
            for entry in entries
        ],
        key=["authority", "code"],
    )
    sync.rows(
        UnitYear.objects.filter(year=year),
        [
            {"year": year, "unit": unit} | {name: entry.get(name) for name in NAMES}
            for entry, unit in zip(entries, units, strict=True)
        ],
        key=["year", "unit"],
        group=["year"],
    )
