"""Which units are in a bloc's year, and in which order; which of them are still free."""

from django.db import models, transaction

from blocs.domain import audit, beside, expected, obligations, organisation
from blocs.domain.bloc_edits import parents_of
from blocs.domain.tiers import tiers_of
from blocs.enums import MemberRole
from blocs.errors import RuleBroken
from blocs.folding import fold
from blocs.models import Membership, Receipt, Registration, UnitYear


@transaction.atomic
def set_members(bloc_year_id, unit_ids, *, by, opened="", reason=""):
    """Make these units the members of a bloc, in this order.

    Shape:   (BlocYear id, [UnitYear id], digest that the form was opened with) -> BlocYear
    Locks:   the year row, then the bloc year row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    """
    row = organisation.locked(bloc_year_id, by=by, reason=reason)
    _write(row, list(unit_ids), by=by, opened=opened, reason=reason)
    return row


@transaction.atomic
def add_members(bloc_year_id, unit_ids, *, by, reason=""):
    """Put units at the end of a bloc; who is a member already stays where it is.

    Shape:   (BlocYear id, [UnitYear id]) -> number of new members
    Locks:   the year row, then the bloc year row
    Raises:  NotAllowed, RuleBroken
    """
    row = organisation.locked(bloc_year_id, by=by, reason=reason)
    held = _units(row)
    fresh = [unit for unit in unit_ids if unit not in held]
    _write(row, [*held, *fresh], by=by, opened="", reason=reason)
    return len(fresh)


@transaction.atomic
def move_members(bloc_year_id, unit_ids, target_id, *, by, opened="", reason=""):
    """Take units out of one bloc and put them at the end of another one of the same year.

    Shape:   (BlocYear id, [UnitYear id], BlocYear id) -> the BlocYear that receives them
    Locks:   the year row, then both bloc year rows
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    """
    if not unit_ids:
        raise RuleBroken("Chọn ít nhất một đơn vị để chuyển.")
    row = organisation.locked(bloc_year_id, by=by, reason=reason)
    target = organisation.locked(target_id, by=by, reason=reason)
    if target.year_id != row.year_id or target == row:
        raise RuleBroken("Chỉ chuyển sang một khối khác của cùng năm.")
    held = _units(row)
    if foreign := set(unit_ids) - set(held):
        raise RuleBroken(f"{len(foreign)} đơn vị được chọn không còn trong khối này.")
    _write(row, [unit for unit in held if unit not in unit_ids], by=by, opened=opened, reason=reason)
    _write(target, [*_units(target), *unit_ids], by=by, opened="", reason=reason)
    return target


def shown(bloc_year):
    """What the form of the members is opened with.

    Shape:   BlocYear -> {label: [name]}
    """
    return {"Thành viên": list(_members(bloc_year).values_list("unit__name", flat=True))}


def _write(row, unit_ids, *, by, opened, reason):
    before, held = shown(row), {member.unit_id: member for member in _members(row)}
    if list(held) == unit_ids:
        return
    organisation.check_unchanged(row, before, opened)
    if len(set(unit_ids)) != len(unit_ids):
        raise RuleBroken("Có đơn vị được ghi hai lần trong danh sách.")
    leaving = [member for unit, member in held.items() if unit not in unit_ids]
    _check_leaving(row, leaving)
    tier = tiers_of(parents_of(row.year_id))[row.pk]
    _check_coming(row, [unit for unit in unit_ids if unit not in held], tier)
    if leaving or set(unit_ids) - held.keys():
        expected.keep([row.pk])
    Membership.objects.filter(pk__in=[member.pk for member in leaving]).delete()
    places = {unit: position for position, unit in enumerate(unit_ids)}
    moved = [held[unit] for unit, position in places.items() if unit in held and held[unit].position != position]
    for member in moved:
        member.position = places[member.unit_id]
    Membership.objects.bulk_update(moved, ["position"])
    Membership.objects.bulk_create(
        Membership(bloc_year=row, unit_id=unit, position=position, tier=tier)
        for unit, position in places.items()
        if unit not in held
    )
    obligations.renew_bloc(row.pk)
    audit.record("bloc.set_members", by=by, target=row, before=before, after=shown(row), note=reason)


def _members(bloc_year):
    return bloc_year.memberships.select_related("unit__unit").order_by("position", "pk")


def _units(bloc_year):
    return list(_members(bloc_year).values_list("unit", flat=True))


# ---------------------------------------------------------------- who may leave, who may come

STAYS = {Receipt, Registration, Membership}  # history of the bloc that stands without the unit being a member


def _check_leaving(row, leaving):
    for member in leaving:
        if member.role != MemberRole.MEMBER:
            office = MemberRole(member.role).label
            raise RuleBroken(
                f"{member.unit.name} đang là {office}; chọn {office} khác trước khi đưa đơn vị này ra khỏi khối."
            )
        if found := _rests_on(row, member.unit):
            raise RuleBroken(
                f"{member.unit.name} đã có {', '.join(found)} trong khối này, không đưa ra khỏi khối được."
            )


def _rests_on(row, unit):
    """Kinds of rows that the bloc's papers take from its member: reports, proposals, awards, holds."""
    return [
        organisation.name_of(column.model)
        for column in organisation.references(UnitYear)
        if column.remote_field.on_delete is models.PROTECT
        and column.model not in STAYS
        and hasattr(column.model, "bloc_year")
        and column.model.objects.filter(**{column.name: unit, "bloc_year": row}).exists()
    ]


def _check_coming(row, unit_ids, tier):
    year = row.year
    units = {unit.pk: unit for unit in UnitYear.objects.filter(year=year, pk__in=unit_ids).select_related("unit")}
    if len(units) != len(unit_ids):
        raise RuleBroken(f"Có đơn vị không thuộc danh sách đơn vị của năm {year.label}.")
    for unit in units.values():
        if not unit.unit.exists_during(year.starts_on, year.ends_on):
            raise RuleBroken(f"{unit.name} không tồn tại trong thời gian của năm {year.label}.")
    taken = Membership.objects.filter(unit__in=units, tier=tier).exclude(bloc_year=row)
    for member in taken.select_related("unit", "bloc_year"):
        raise RuleBroken(f"{member.unit.name} đã thuộc “{member.bloc_year.name}” cùng tầng; đưa ra khỏi khối đó trước.")
    owing = Membership.objects.filter(unit__unit__in=[unit.unit_id for unit in units.values()], tier=tier)
    for member in beside.asked(owing, year).select_related("unit", "bloc_year__year"):
        raise RuleBroken(f"{beside.words(member, year)}.")


def units_of(bloc_year):
    """The members of a bloc's year in their order.

    Shape:   BlocYear -> UnitYear queryset
    """
    return UnitYear.objects.filter(memberships__bloc_year=bloc_year).order_by("memberships__position", "pk")


def free_units(bloc_year):
    """The units of the year that exist in its days and are in no bloc of this bloc's tier, also of other open years.

    Shape:   BlocYear with year -> UnitYear queryset
    """
    year = bloc_year.year
    tier = tiers_of(parents_of(year.pk))[bloc_year.pk]
    rows = UnitYear.objects.filter(year=year).exclude(memberships__tier=tier)
    elsewhere = beside.asked(Membership.objects.filter(tier=tier), year)
    rows = rows.exclude(unit__in=elsewhere.values("unit__unit"))
    return rows.exclude(unit__valid_to__lt=year.starts_on).exclude(unit__valid_from__gt=year.ends_on)


def find_units(year, lines):
    """The units that pasted lines name, by code, name or short name, accents or not; cells are parted by tabs.

    Shape:   (Year, [str]) -> [UnitYear] in the order of the lines
    Raises:  RuleBroken naming every line that fits no unit, or more than one
    """
    names: dict[str, set[UnitYear]] = {}
    for unit in UnitYear.objects.filter(year=year).select_related("unit"):
        for name in {unit.unit.code, unit.name, unit.short_name} - {""}:
            names.setdefault(fold(name), set()).add(unit)
    found, faults = {}, []
    for line in lines:
        fitting = next((names[fold(cell)] for cell in line.split("\t") if fold(cell) in names), set())
        if len(fitting) == 1:
            found[next(iter(fitting))] = True
        else:
            faults.append(f"“{line.strip()}” {'là tên của nhiều đơn vị, ghi mã' if fitting else 'không có trong năm'}")
    if faults:
        rest = f"; và {len(faults) - 10} dòng khác" if len(faults) > 10 else ""
        raise RuleBroken(f"Chưa thêm đơn vị nào: {'; '.join(faults[:10])}{rest}.")
    return list(found)
