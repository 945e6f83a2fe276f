"""The targets of a bloc's covenant as a list."""

from django.db import transaction

from blocs.domain import covenant as covenants
from blocs.domain.plans import line_of, one_line, refuse_twice
from blocs.enums import Direction, Operator
from blocs.errors import DomainError
from blocs.models import BlocYear, Target, UnitYear
from blocs.templatetags.vietnamese import day, figure
from reports.domain.workbooks.sheets import Column, Holds, Sheet

CHOICES = {  # what a cell shows: what is stored
    "op": {operator.label: operator.value for operator in Operator},
    "direction": {direction.label: direction.value for direction in Direction},
}
SHEET = Sheet(
    "targets",
    "Chỉ tiêu",
    (
        Column("code", "Mã", Holds.CODE, required=True, max_length=60, width=12, note="Ví dụ: T1."),
        Column(
            "of", "Của đơn vị (mã)", Holds.CODE, max_length=60, width=24, suggests="units",
            note="Trống: chỉ tiêu chung của cả khối.",
        ),
        Column("text", "Nội dung chỉ tiêu", max_length=1000, width=60, note="Chỉ tiêu mới phải có."),
        Column("op", "Yêu cầu", width=18, choices=CHOICES["op"], note="Chọn trong danh sách; trống: không so sánh."),
        Column("value", "Số giao ước", Holds.FIGURE, width=16, note="Viết như 1.234,5; không gõ dấu %."),
        Column("unit_of_measure", "Đơn vị tính", max_length=60, width=16, note="Ví dụ: %, triệu đồng."),
        Column("direction", "Chiều tốt", width=16, choices=CHOICES["direction"], note="Trống: theo yêu cầu."),
        Column("source", "Căn cứ", max_length=500, width=40, note="Văn bản, kế hoạch giao chỉ tiêu."),
    ),
)  # fmt: skip
LABELS = {column.name: column.label for column in SHEET.columns}
FIELDS = ("text", *covenants.PROMISE)


def rows(place):
    """Shape:   Place with a bloc -> {sheet name: [{column: value}]}"""
    found = Target.objects.filter(covenant__bloc_year=place.bloc_year).select_related("of__unit")
    return {
        "targets": [
            {"code": row.code, "of": row.of and row.of.unit.code}
            | {name: _label(name, getattr(row, name)) for name in FIELDS}
            for row in found
        ]
    }


def run(place, tables):
    """Bring the targets of a covenant to the list; what it does not name, and cells without a value, stay.

    Shape:   (Place with a bloc, {"targets": [Entry]}) -> [Line]; written are the rows without a fault
    Locks:   the bloc year row
    """
    bloc_year = BlocYear.objects.select_for_update().get(pk=place.bloc_year.pk)
    entries = tables["targets"]
    refuse_twice(entries, "code", "of")
    units = {row.unit.code: row for row in members(bloc_year).select_related("unit")}
    held = {(row.code, row.of_id): row for row in Target.objects.filter(covenant__bloc_year=bloc_year)}
    signed = getattr(getattr(bloc_year, "covenant", None), "signed_on", None)
    return [_target(place, entry, units, held, signed) for entry in entries]


def _target(place, entry, units, held, signed):
    of = units.get(entry.get("of"))
    if entry.get("of") and of is None:
        entry.refuse(f"khối không có đơn vị thành viên mã “{entry.get('of')}”", "of")
    row = held.get((entry.get("code"), of and of.pk))
    now = {name: getattr(row or Target(), name) for name in FIELDS}
    wanted = {name: entry.get(name) for name in FIELDS if entry.get(name) is not None}
    different = {name: value for name, value in wanted.items() if _plain(now[name]) != value}
    changes = [(LABELS[name], _shown(name, now[name]), _shown(name, value)) for name, value in different.items()]
    values = now | different
    if different or row is None:
        if not values["text"]:
            entry.refuse("chỉ tiêu mới phải có nội dung", "text")
        if values["op"] and values["value"] is None:
            entry.refuse("đã chọn yêu cầu thì cần ghi số giao ước", "value")
        if signed:
            entry.refuse(f"giao ước đã ký ngày {day(signed)}, chỉ tiêu chỉ đổi bằng đề nghị điều chỉnh")
        if not entry.faults:
            _save(place, entry, row, of, values)
    label = entry.get("text") or (row and row.text) or entry.get("code") or ""
    return line_of(entry, label, exists=row, changes=changes)


def _save(place, entry, row, of, values):
    try:
        with transaction.atomic():
            covenants.save_target(
                place.bloc_year.pk, by=place.by, target_id=row and row.pk, code=entry.get("code"), of=of, **values
            )
    except DomainError as error:
        entry.refuse(str(error))


def _plain(value):
    return one_line(value) if isinstance(value, str) else value


def _label(name, value):
    """The label of a stored choice; any other value as it is."""
    return next((label for label, stored in CHOICES.get(name, {}).items() if stored == value), value)


def _shown(name, value):
    return figure(value) if name == "value" else _label(name, value)


def members(bloc_year):
    return UnitYear.objects.filter(memberships__bloc_year=bloc_year).order_by("memberships__position")


def lists(place):
    """Shape:   Place with a bloc -> {name of a list: [text]} behind the drop-downs"""
    return {"units": list(members(place.bloc_year).values_list("unit__code", flat=True))}
