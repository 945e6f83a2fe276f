"""The blocs of a year with their members as two lists; the rules are those of the pages, by the same functions."""

from collections import defaultdict
from dataclasses import replace

from django.db import transaction

from blocs.domain import bloc_edits, leaders, memberships, organisation
from blocs.domain.plans import line_of, one_line, refuse_twice
from blocs.enums import BlocKind, MemberRole
from blocs.errors import DomainError
from blocs.models import BlocYear, Membership, UnitYear
from reports.domain.workbooks.sheets import Column, Holds, Sheet

OFFICES = {
    "Thành viên": (MemberRole.MEMBER, None),
    "Khối trưởng": (MemberRole.HEAD, None),
    "Khối phó 1": (MemberRole.DEPUTY, 1),
    "Khối phó 2": (MemberRole.DEPUTY, 2),
}
OFFICE_OF = {(role.value, rank): label for label, (role, rank) in OFFICES.items()}
BLOCS = Sheet(
    "blocs",
    "Cụm, khối",
    (
        Column(
            "code", "Mã", Holds.CODE, required=True, max_length=60, width=24,
            note="Mã giữ nguyên qua các năm. Mã chưa có là khối mới.",
        ),
        Column("name", "Tên", max_length=300, width=48, note="Khối mới phải có tên."),
        Column("kind", "Hình thức", width=18, choices={kind.label: kind.value for kind in BlocKind}),
        Column("type", "Loại hình đơn vị", max_length=60, width=24, note="Ví dụ: xã, sở, hội đặc thù."),
        Column("parent", "Thuộc khối (mã)", Holds.CODE, max_length=60, width=24, suggests="blocs"),
        Column("motto", "Khẩu hiệu", max_length=500, width=36),
        Column("supervisor", "Ủy viên Hội đồng theo dõi", max_length=300, width=36, note="Ghi chức danh."),
    ),
)  # fmt: skip
MEMBERS = Sheet(
    "members",
    "Thành viên",
    (
        Column("bloc", "Mã khối", Holds.CODE, required=True, max_length=60, width=24, suggests="blocs"),
        Column("unit", "Mã đơn vị", Holds.CODE, required=True, max_length=60, width=24, suggests="units"),
        Column("unit_name", "Tên đơn vị", width=48, only_read=True, note="Chỉ để đọc; khi nhập bỏ qua cột này."),
        Column(
            "office", "Vai trò", width=18, choices={label: label for label in OFFICES},
            note="Trống: thành viên mới là Thành viên; thành viên cũ giữ vai trò. Đổi Khối trưởng: ghi cả dòng của "
            "đơn vị cũ với vai trò mới. Dòng không có trong tệp giữ nguyên.",
        ),
    ),
)  # fmt: skip
LABELS = {column.name: column.label for column in BLOCS.columns}
FIELDS = ("name", "kind", "type", "parent", "motto", "supervisor")


def rows(place):
    """Shape:   Place -> {sheet name: [{column: value}]}, as the list of blocs is filtered"""
    blocs = BlocYear.objects.visible_to(place.by).filter(year=place.year) if place.shown is None else place.shown
    blocs = blocs.select_related("bloc", "parent__bloc").order_by("position", "pk")
    members = Membership.objects.filter(bloc_year__in=blocs).select_related("bloc_year__bloc", "unit__unit")
    return {
        "blocs": [
            {"code": row.bloc.code, "kind": BlocKind(row.kind).label, "parent": row.parent and row.parent.bloc.code}
            | {name: getattr(row, name) for name in ("name", "type", "motto", "supervisor")}
            for row in blocs
        ],
        "members": [
            {
                "bloc": row.bloc_year.bloc.code,
                "unit": row.unit.unit.code,
                "unit_name": row.unit.name,
                "office": OFFICE_OF[row.role, row.deputy_rank],
            }
            for row in members.order_by("bloc_year__position", "bloc_year", "position", "pk")
        ],
    }


def run(place, tables):
    """Bring the blocs of a year and their members to the lists; what they do not name stays.

    Shape:   (Place, {"blocs": [Entry], "members": [Entry]}) -> [Line]; written are the rows without a fault
    Locks:   the year row, then each bloc year row that changes
    Raises:  NotAllowed, RuleBroken
    """
    place = replace(place, year=organisation.locked_year(place.year.pk, by=place.by, reason=place.reason))
    lines = _blocs(place, tables.get("blocs", []))
    return [*lines, *_members(place, tables.get("members", []))]


def _attempt(entries, act):
    """Do it, or say of these entries why not."""
    try:
        with transaction.atomic():
            act()
    except DomainError as error:
        for entry in entries:
            entry.refuse(str(error))
        return False
    return True


# ---------------------------------------------------------------- the blocs, those above first


def _blocs(place, entries):
    refuse_twice(entries, "code")
    held = {row.bloc.code: row for row in BlocYear.objects.filter(year=place.year).for_table().select_related("parent")}
    existed, found, waiting = set(held), {}, list(entries)
    while waiting:
        names = {entry.get("code") for entry in waiting}
        ready = [entry for entry in waiting if entry.get("parent") not in names]
        if not ready:
            for entry in waiting:
                entry.refuse("khối này nằm trong chính nó (vòng “Thuộc khối”)", "parent")
            ready = waiting
        for entry in ready:
            found[id(entry)] = _bloc(place, entry, held)
        waiting = [entry for entry in waiting if id(entry) not in found]
    return [
        line_of(entry, found[id(entry)][0], exists=entry.get("code") in existed, changes=found[id(entry)][1])
        for entry in entries
    ]


def _bloc(place, entry, held):
    """(its name, what changes); saved where nothing is wrong."""
    code, row = entry.get("code"), held.get(entry.get("code"))
    parent = entry.get("parent")
    if parent and parent not in held:
        entry.refuse(f"không có khối mã “{parent}” trong năm {place.year.label}", "parent")
    if row is None and not entry.get("name"):
        entry.refuse("khối mới phải có tên", "name")
    now = _fields(row) if row else dict.fromkeys(FIELDS, "")
    wanted = {name: entry.get(name) for name in FIELDS if entry.get(name) is not None}
    different = {name: value for name, value in wanted.items() if one_line(now[name]) != value}
    changes = [(LABELS[name], _shown(name, now[name]), _shown(name, value)) for name, value in different.items()]
    label = entry.get("name") or (row.name if row else code or "")
    if not entry.faults and (different or row is None):
        values = now | different
        fields = bloc_edits.BlocFields(
            **values | {"code": code, "kind": values["kind"] or BlocKind.BLOC, "parent": held.get(values["parent"])},
            desk_officer=row and row.desk_officer,
            rule_set=row and row.rule_set,
        )

        def save():
            if row is None:
                held[code] = bloc_edits.add_bloc(place.year, fields, by=place.by, reason=place.reason)
            else:
                held[code] = bloc_edits.save_bloc(
                    place.year.pk, fields, by=place.by, bloc_year_id=row.pk, reason=place.reason
                )

        _attempt([entry], save)
    return label, changes


def _fields(row):
    return {name: getattr(row, name) for name in FIELDS} | {"parent": row.parent.bloc.code if row.parent else ""}


def _shown(name, value):
    return BlocKind(value).label if name == "kind" and value else value


# ---------------------------------------------------------------- the members, bloc by bloc


def _members(place, entries):
    refuse_twice(entries, "bloc", "unit")
    blocs = {row.bloc.code: row for row in BlocYear.objects.filter(year=place.year).select_related("bloc")}
    units = {row.unit.code: row for row in UnitYear.objects.filter(year=place.year).select_related("unit")}
    before: dict = defaultdict(dict)
    for row in Membership.objects.filter(bloc_year__year=place.year):
        before[row.bloc_year_id][row.unit_id] = OFFICE_OF[row.role, row.deputy_rank]
    groups = defaultdict(list)
    for entry in entries:
        if entry.get("bloc") and entry.get("bloc") not in blocs:
            entry.refuse(f"không có khối mã “{entry.get('bloc')}” trong năm {place.year.label}", "bloc")
        if entry.get("unit") and entry.get("unit") not in units:
            entry.refuse(f"không có đơn vị mã “{entry.get('unit')}” trong năm {place.year.label}", "unit")
        if not entry.faults:
            groups[entry.get("bloc")].append(entry)
    for code, group in groups.items():
        bloc, held = blocs[code], before[blocs[code].pk]
        _add(place, bloc, [entry for entry in group if units[entry.get("unit")].pk not in held], units)
        _lead(place, bloc, held, [(entry, units[entry.get("unit")].pk) for entry in group if not entry.faults])
    return [_member_line(entry, blocs, units, before) for entry in entries]


def _add(place, bloc, entries, units):
    """All at once; where that fails, one by one, to find out whose fault it is."""

    def add(some):
        ids = [units[entry.get("unit")].pk for entry in some]
        return lambda: memberships.add_members(bloc.pk, ids, by=place.by, reason=place.reason)

    if entries and not _attempt([], add(entries)):
        for entry in entries:
            _attempt([entry], add([entry]))


def _lead(place, bloc, held, pairs):
    """Head and deputies as the list wants them beside those that it does not name."""
    offices = dict(held)
    for entry, unit in pairs:
        offices[unit] = entry.get("office") or offices.get(unit) or "Thành viên"
    if {unit: label for unit, label in offices.items() if label != "Thành viên"} == {
        unit: label for unit, label in held.items() if label != "Thành viên"
    }:
        return
    holders = defaultdict(list)
    for unit, label in offices.items():
        holders[label].append(unit)
    claims = [(entry, unit) for entry, unit in pairs if offices[unit] != held.get(unit, "Thành viên")]
    for label in ("Khối trưởng", "Khối phó 1", "Khối phó 2"):
        if len(holders[label]) > 1:
            for entry, _ in [pair for pair in claims if offices[pair[1]] == label]:
                entry.refuse(f"khối đã có {label}; ghi cả dòng của đơn vị đó với vai trò khác", "office")
    if holders["Khối phó 2"] and not holders["Khối phó 1"]:
        for entry, _ in claims:
            entry.refuse("khối có Khối phó 2 mà không có Khối phó 1", "office")
    if any(entry.faults for entry, _ in claims):
        return
    head, deputies = next(iter(holders["Khối trưởng"]), None), [*holders["Khối phó 1"], *holders["Khối phó 2"]]
    _attempt(
        [entry for entry, _ in claims],
        lambda: leaders.set_leaders(bloc.pk, head=head, deputies=deputies, by=place.by, reason=place.reason),
    )


def _member_line(entry, blocs, units, before):
    bloc, unit = blocs.get(entry.get("bloc")), units.get(entry.get("unit"))
    held = before[bloc.pk].get(unit.pk) if bloc and unit else None
    wanted = entry.get("office") or held or "Thành viên"
    names = (unit.name if unit else entry.get("unit") or "", bloc.name if bloc else entry.get("bloc") or "")
    changes = [("Vai trò", held or "", wanted)] if wanted != held else []
    return line_of(entry, " — ".join(name for name in names if name), exists=held, changes=changes)


def lists(place):
    """Shape:   Place -> {name of a list: [text]} behind the drop-downs"""
    blocs = BlocYear.objects.visible_to(place.by).filter(year=place.year).order_by("position", "pk")
    units = UnitYear.objects.visible_to(place.by).filter(year=place.year).order_by("position", "pk")
    return {
        "blocs": list(blocs.values_list("bloc__code", flat=True)),
        "units": list(units.values_list("unit__code", flat=True)),
    }
