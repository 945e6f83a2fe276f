"""A bloc of a year comes, changes and goes: its name, its place in the tree, who follows it, the rules it pins."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from blocs.domain import audit, beside, leaders, obligations, organisation, pins, rule_choice, tiers
from blocs.enums import BlocKind, Role
from blocs.errors import RuleBroken
from blocs.folding import fold
from blocs.models import Bloc, BlocYear, Membership, RuleSet, Seat, User


@dataclass(frozen=True)
class BlocFields:
    """What the board writes about a bloc. Without a ``code`` a new bloc gets one from its name."""

    name: str
    kind: str = BlocKind.BLOC
    code: str = ""
    type: str = ""
    parent: BlocYear | None = None
    motto: str = ""
    supervisor: str = ""
    desk_officer: User | None = None
    rule_set: RuleSet | None = None


@transaction.atomic
def save_bloc(year_id, fields, *, by, bloc_year_id=None, opened="", reason=""):
    """Add a bloc to a year, or change one.

    Shape:   (Year id, BlocFields, digest that the form was opened with) -> the saved BlocYear
    Locks:   the year row, then the bloc year row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    """
    if bloc_year_id is None:
        year = organisation.locked_year(year_id, by=by, reason=reason)
        return add_bloc(year, fields, by=by, reason=reason)
    row = organisation.locked(bloc_year_id, by=by, reason=reason)
    before = shown(row)
    _rename_code(row, fields)
    return _write(row, fields, before, by=by, opened=opened, reason=reason)


def add_bloc(year, fields, *, by, reason):
    """``save_bloc`` of a new bloc for one who holds the lock.

    Shape:   (Year as ``organisation.locked_year`` gives it, BlocFields) -> the saved BlocYear
    Raises:  RuleBroken
    """
    row = BlocYear(year=year, bloc=_bloc(year, fields), position=_next(year))
    return _write(row, fields, None, by=by, opened="", reason=reason)


def _write(row, fields, before, *, by, opened, reason):
    held = (row.parent_id, row.type, row.rule_set_id)
    _check(row, fields)
    _fill(row, fields)
    if before == shown(row):
        return row
    if before is not None:
        organisation.check_unchanged(row, before, opened)
    if row.rule_set_id is None:
        pins.move_mark(row.year, row.bloc.code)
    if before and before["Mã"] != row.bloc.code:
        row.bloc.save()
    row.save()
    if row.parent_id != held[0]:
        tiers.settle(row.year_id)
    if (row.type, row.rule_set_id) != held[1:]:
        pins.check(BlocYear.objects.filter(pk=row.pk))
    if (row.parent_id, row.type, row.rule_set_id) != held:
        obligations.renew_bloc(row.pk)
    audit.record("bloc.edit" if before else "bloc.add", by=by, target=row, before=before, after=shown(row), note=reason)
    return row


def shown(row):
    """What the form of a bloc is opened with, as people read it.

    Shape:   BlocYear -> {label: text or None}
    """
    return {
        "Mã": row.bloc.code,
        "Tên": row.name,
        "Hình thức": BlocKind(row.kind).label,
        "Loại hình đơn vị": row.type,
        "Thuộc": row.parent and row.parent.name,
        "Khẩu hiệu": row.motto,
        "Ủy viên Hội đồng theo dõi": row.supervisor,
        "Chuyên viên theo dõi": row.desk_officer and str(row.desk_officer),
        "Bộ quy tắc ghim": row.rule_set and str(row.rule_set),
    }


def _bloc(year, fields):
    """The bloc over all years that this code names; a new one where there is none."""
    code = fields.code or "-".join("".join(c if c.isalnum() else " " for c in fold(fields.name)).split())[:60].strip(
        "-"
    )
    if not code:
        raise RuleBroken("Cần ghi tên cụm, khối.")
    if year.bloc_years.filter(bloc__code=code).exists():
        raise RuleBroken(f"Năm {year.label} đã có cụm, khối mã “{code}”.")
    return Bloc.objects.get_or_create(authority=year.authority, code=code)[0]


def _rename_code(row, fields):
    code = fields.code or row.bloc.code
    if code == row.bloc.code:
        return
    if row.bloc.in_years.exclude(pk=row.pk).exists():
        raise RuleBroken(f"Mã “{row.bloc.code}” đã dùng cho các năm khác của khối này, không đổi được.")
    if Bloc.objects.filter(authority=row.year.authority, code=code).exists():
        raise RuleBroken(f"Mã “{code}” đã dùng cho cụm, khối khác.")
    pins.move_mark(row.year, row.bloc.code, code)
    row.bloc.code = code


def _fill(row, fields):
    if row.rule_set_id != (fields.rule_set and fields.rule_set.pk):
        row.rule_version_spelled = fields.rule_set is not None  # a file names the very version
    for name in ("name", "kind", "type", "parent", "motto", "supervisor", "desk_officer", "rule_set"):
        setattr(row, name, getattr(fields, name))


def _check(row, fields):
    year = row.year
    if not fields.name:
        raise RuleBroken("Cần ghi tên cụm, khối.")
    if year.bloc_years.filter(name=fields.name).exclude(pk=row.pk).exists():
        raise RuleBroken(f"Năm {year.label} đã có cụm, khối tên “{fields.name}”.")
    if fields.parent is not None:
        _check_parent(row, fields.parent)
    officer = fields.desk_officer
    if officer is not None and officer.pk != row.desk_officer_id and officer not in desk_officers(year):
        raise RuleBroken(f"{officer} không giữ vị trí chuyên viên của {year.authority.board or year.authority.name}.")
    if fields.rule_set is not None and (fields.rule_set.pk, fields.type) != (row.rule_set_id, row.type):
        _check_rule_set(row, fields)
    if row.pk and (fields.parent and fields.parent.pk) != row.parent_id:
        _check_tiers(row, fields.parent)


def _check_parent(row, parent):
    if parent.year_id != row.year_id:
        raise RuleBroken(f"“{parent.name}” không thuộc năm {row.year.label}.")
    above = parents_of(row.year_id)
    here, seen = parent.pk, set()
    while here is not None and here not in seen:
        if here == row.pk:
            raise RuleBroken(f"“{parent.name}” nằm trong chính khối này, không đặt làm cấp trên được.")
        seen.add(here)
        here = above.get(here)


def _check_rule_set(row, fields):
    """The set must be published and made for such a bloc, with the type that is being saved."""
    wanted = BlocYear(year=row.year, bloc=row.bloc, type=fields.type)
    if not fields.rule_set.is_published:
        raise RuleBroken(f"Bộ quy tắc {fields.rule_set} chưa công bố.")
    if not rule_choice.fits(fields.rule_set, wanted):
        raise RuleBroken(f"Bộ quy tắc {fields.rule_set} không dành cho khối này: khác cơ quan, phạm vi hoặc thời gian.")
    most, here = leaders.deputies_allowed(fields.rule_set), len(leaders.leading(row)[1]) if row.pk else 0
    if here > most:
        raise RuleBroken(f"{fields.rule_set} cho nhiều nhất {most} Khối phó, khối đang có {here}; bớt Khối phó trước.")


def _check_tiers(row, parent):
    """No unit may stand twice in one tier once the bloc hangs elsewhere, nor beside another open year in one."""
    above = parents_of(row.year_id) | {row.pk: parent and parent.pk}
    depth = tiers.tiers_of(above)
    places: dict[tuple[int, int], BlocYear] = {}
    members = Membership.objects.filter(bloc_year__year=row.year_id).select_related("unit", "bloc_year").order_by("pk")
    moved = set()
    for member in members:
        other = places.setdefault((member.unit_id, depth[member.bloc_year_id]), member.bloc_year)
        if other != member.bloc_year:
            raise RuleBroken(
                f"Đặt như vậy thì {member.unit.name} thuộc hai khối cùng tầng: "
                f"“{other.name}” và “{member.bloc_year.name}”."
            )
        if member.tier != depth[member.bloc_year_id] and not member.bloc_year.is_closed:
            moved.add((member.unit.unit_id, depth[member.bloc_year_id]))
    there = beside.asked(Membership.objects.filter(unit__unit__in={unit for unit, _ in moved}), row.year)
    for member in there.select_related("unit", "bloc_year__year").order_by("pk"):
        if (member.unit.unit_id, member.tier) in moved:
            raise RuleBroken(f"Đặt như vậy không được: {beside.words(member, row.year)}.")


def parents_of(year_id):
    """Shape: Year id -> {BlocYear id: id of the bloc above or None}"""
    return dict(BlocYear.objects.filter(year=year_id).values_list("pk", "parent"))


def desk_officers(year):
    """Who may follow a bloc: the board's staff of that authority.

    Shape:   Year -> User queryset
    """
    seats = Seat.objects.in_force().filter(role=Role.BOARD_STAFF, authority=year.authority_id)
    return User.objects.filter(pk__in=seats.values("user"), is_active=True).order_by("post", "full_name", "username")


def _next(year):
    last = year.bloc_years.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


# ---------------------------------------------------------------- taking a bloc out of a year

OWN_FRAME = {"memberships", "milestones", "quotas", "obligations"}  # what the board set up goes with the bloc


@transaction.atomic
def remove_bloc(bloc_year_id, *, by, reason=""):
    """Take a bloc out of a year as long as nothing happened in it; its units are then in no bloc of that tier.

    Locks:   the year row, then the bloc year row
    Raises:  NotAllowed, RuleBroken
    """
    row = organisation.locked(bloc_year_id, by=by, reason=reason)
    if found := hanging(row):
        raise RuleBroken(f"Không xóa được, khối đã có: {', '.join(found)}.")
    members = list(row.memberships.values_list("unit__name", flat=True))
    audit.record("bloc.remove", by=by, target=row, before=shown(row) | {"Thành viên": members}, note=reason)
    row.seats.all().delete()  # only in a year in preparation, where no seat gave a right yet
    row.delete()
    if not row.bloc.in_years.exists():
        row.bloc.delete()


def hanging(row):
    """What happened in a bloc's year, or hangs on it: ``3 báo cáo của đơn vị``.

    Shape:   BlocYear -> [str]; empty where the bloc may be taken out
    """
    found = []
    for column in organisation.references(BlocYear):
        if column.remote_field.related_name in OWN_FRAME or (column.model is Seat and not row.year.is_open):
            continue
        number = column.model.objects.filter(**{column.name: row}).count()
        if number:
            found.append(
                f"{number} {'khối trực thuộc' if column.model is BlocYear else organisation.name_of(column.model)}"
            )
    granted = row.obligations.exclude(extension=None, waiver=None).count()
    return [*found, f"{granted} gia hạn hoặc miễn tính chậm"] if granted else found
