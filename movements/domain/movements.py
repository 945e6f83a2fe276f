"""Movements of a year and their indicators, as people enter them on screen."""

from django.db import transaction
from django.db.models import Max, Q

from blocs.domain import audit, heirs, obligations, organisation, owed
from blocs.enums import OwedBy
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import BlocYear, Year
from blocs.templatetags.vietnamese import day, figure
from movements.models import Coordinator, Indicator, Movement


@transaction.atomic
def save_movement(year_id, *, by, movement_id=None, code="", name, launched_by, launched_on, ends_on, owner,
                  coordinators, scope="", method="", opened=""):  # fmt: skip
    """Add a movement to the year or change one. The board changes all of it, its owner the dates only.

    Without a ``code`` a movement keeps its own, a new one gets the next free ``p1``, ``p2``, …

    Shape:   (Year id, fields of a Movement, UnitYear or None, [UnitYear], ``movement_digest`` that the form carries)
             -> the saved Movement
    Locks:   the year row, then the movement row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    """
    year = Year.objects.select_for_update().get(pk=year_id)
    movement = _movement(year, movement_id) if movement_id else Movement(year=year, position=_next(year.movements))
    _check_right(by, movement if movement_id else year)
    if movement_id:
        organisation.check_unchanged(movement, _in_words(movement), opened)
    code = code or movement.code or _free_code("p", year.movements)
    _check_code(code, year.movements.exclude(pk=movement_id), "phong trào")
    if launched_on and ends_on and ends_on < launched_on:
        raise RuleBroken("Ngày kết thúc không được trước ngày phát động.")
    coordinators = _in_order(movement, coordinators) if movement_id else list(coordinators)
    _check_units(year, owner, coordinators)
    before = _shown(movement) if movement_id else None
    movement.code, movement.name, movement.launched_by = code, name, launched_by
    movement.launched_on, movement.ends_on = launched_on, ends_on
    movement.owner, movement.scope, movement.method = owner, scope, method
    return _store(movement, coordinators, before, by)


def _store(movement, coordinators, before, by):
    """Save a changed movement with its coordinators; an unchanged one leaves no trail."""
    after = _shown(movement, coordinators)
    if before == after:
        return movement
    if not by.has_perm("movements.edit_movement", movement.year) and _but_dates(before) != _but_dates(after):
        raise NotAllowed("Cơ quan chủ trì chỉ sửa thời gian và chỉ số; phần khác do Ban Thi đua - Khen thưởng sửa.")
    movement.save()
    if before is None or before["coordinators"] != after["coordinators"]:
        movement.coordinators.all().delete()
        for position, unit in enumerate(coordinators):
            Coordinator.objects.create(movement=movement, unit=unit, position=position)
    if (before or {}).get("owner") != after["owner"]:
        obligations.renew(BlocYear.objects.filter(year=movement.year_id))
    audit.record("movement.save", by=by, target=movement, before=before, after=after)
    return movement


@transaction.atomic
def save_indicator(movement_id, *, by, indicator_id=None, text, unit_of_measure, target, opened=""):
    """Add an indicator to a movement or change one; a new one gets the next free code ``i1``, ``i2``, …

    Shape:   (Movement id, fields of an Indicator, Decimal or None, ``indicator_digest`` that the form carries) -> the
             saved Indicator
    Locks:   the movement row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    """
    movement = _locked(movement_id, by)
    if indicator_id:
        indicator = _indicator(movement, indicator_id)
        organisation.check_unchanged(indicator, _indicator_words(indicator), opened)
    else:
        code, position = _free_code("i", movement.indicators), _next(movement.indicators)
        indicator = Indicator(movement=movement, code=code, position=position)
    before = _shown_indicator(indicator) if indicator_id else None
    indicator.text, indicator.unit_of_measure, indicator.target = text, unit_of_measure, target
    after = _shown_indicator(indicator)
    if before != after:
        indicator.save()
        audit.record("movement.save_indicator", by=by, target=indicator, before=before, after=after)
    return indicator


@transaction.atomic
def delete_indicator(movement_id, indicator_id, *, by):
    """Take an indicator without results out of a movement.

    Locks:   the movement row
    Raises:  NotAllowed, RuleBroken
    """
    movement = _locked(movement_id, by)
    indicator = _indicator(movement, indicator_id)
    if indicator.results.exists():
        raise RuleBroken("Chỉ số đã có kết quả, không xóa được.")
    audit.record("movement.delete_indicator", by=by, target=indicator, before=_shown_indicator(indicator))
    indicator.delete()


def _check_right(by, thing):
    if not by.has_perm("movements.edit_movement", thing):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng hoặc cơ quan chủ trì sửa phong trào.")


def _check_code(code, others, what):
    if "/" in code or code != code.strip():
        raise RuleBroken("Mã không có dấu / và không có khoảng trắng ở đầu, ở cuối.")
    if others.filter(code=code).exists():
        raise RuleBroken(f"Năm này đã có {what} mã “{code}”.")


def _check_units(year, owner, coordinators):
    if any(unit.year_id != year.pk for unit in [*coordinators, *([owner] if owner else [])]):
        raise RuleBroken("Cơ quan chủ trì, cơ quan phối hợp phải là đơn vị có trong năm của phong trào.")
    if owner in coordinators:
        raise RuleBroken("Cơ quan chủ trì không đồng thời là cơ quan phối hợp.")


def _movement(year, movement_id):
    movement = year.movements.select_for_update().filter(pk=movement_id).first()
    if movement is None:
        raise RuleBroken("Phong trào này vừa được người khác xóa.")
    return movement


def _locked(movement_id, by):
    movement = Movement.objects.select_for_update().get(pk=movement_id)
    _check_right(by, movement)
    return movement


def _indicator(movement, indicator_id):
    indicator = movement.indicators.filter(pk=indicator_id).first()
    if indicator is None:
        raise RuleBroken("Chỉ số này vừa được người khác xóa.")
    return indicator


def _in_order(movement, units):
    """Those that coordinate already in their own order, then the new ones: a form does not know the order."""
    known = list(movement.coordinators.values_list("unit", flat=True))
    return sorted(units, key=lambda unit: known.index(unit.pk) if unit.pk in known else len(known))


def _free_code(letter, rows):
    taken = set(rows.values_list("code", flat=True))
    return next(f"{letter}{number}" for number in range(1, len(taken) + 2) if f"{letter}{number}" not in taken)


def _next(rows):
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def movement_digest(movement):
    """Shape: Movement -> the digest that its form carries"""
    return organisation.digest(_in_words(movement))


def indicator_digest(indicator):
    """Shape: Indicator -> the digest that its form carries"""
    return organisation.digest(_indicator_words(indicator))


def _in_words(movement):
    shown = _shown(movement)
    words = {
        "launched_by": movement.get_launched_by_display(),
        "launched_on": day(movement.launched_on),
        "ends_on": day(movement.ends_on),
    }
    units = {"Cơ quan phối hợp": shown.pop("coordinators")}
    return organisation.labelled(Movement, shown | words) | units


def _indicator_words(indicator):
    return organisation.labelled(Indicator, _shown_indicator(indicator) | {"target": figure(indicator.target)})


def _shown(movement, coordinators=None):
    if coordinators is None:
        coordinators = [row.unit for row in movement.coordinators.select_related("unit")]
    return {
        "code": movement.code,
        "name": movement.name,
        "launched_by": movement.launched_by,
        "launched_on": movement.launched_on,
        "ends_on": movement.ends_on,
        "owner": movement.owner and movement.owner.name,
        "coordinators": [unit.name for unit in coordinators],
        "scope": movement.scope,
        "method": movement.method,
    }


def _but_dates(shown):
    return {name: value for name, value in shown.items() if name not in ("launched_on", "ends_on")}


def _shown_indicator(indicator):
    return {
        "code": indicator.code,
        "text": indicator.text,
        "unit_of_measure": indicator.unit_of_measure,
        "target": indicator.target,
    }


def _owners(years):
    return Movement.objects.filter(year__in=years, owner__isnull=False).values_list("owner", flat=True)


def hand_on(units, heir, on, by):
    """A running movement of units that end goes on with their heir, as owner or coordinator; results stay theirs.

    Shape:   ([UnitYear], UnitYear of the same year, date, User) -> None
    Locks:   the movement rows; the caller has checked the right
    """
    running = Movement.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), year=heir.year_id)
    concerned = running.filter(Q(owner__in=units) | Q(coordinators__unit__in=units)).values("pk")
    for movement in Movement.objects.select_for_update().filter(pk__in=concerned).order_by("pk"):
        before = _shown(movement)
        if movement.owner_id in {unit.pk for unit in units}:
            movement.owner = heir
            movement.save(update_fields=["owner"])
        rows = movement.coordinators.filter(unit__in=units).order_by("position", "pk")
        first = rows.first()
        if first and movement.owner_id != heir.pk and not movement.coordinators.filter(unit=heir).exists():
            Coordinator.objects.create(movement=movement, unit=heir, position=first.position)
        rows.delete()
        if movement.owner_id == heir.pk:
            movement.coordinators.filter(unit=heir).delete()
        audit.record("movement.hand_on", by=by, target=movement, before=before, after=_shown(movement))


def register():
    """Tell the obligations which units run a movement, and hand movements on when units end."""
    owed.add_owers(OwedBy.OWNER, _owners)
    heirs.HEIRS.append(hand_on)
