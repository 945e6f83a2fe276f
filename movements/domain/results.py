"""Results of movements."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from blocs.domain import audit, organisation
from blocs.errors import NotAllowed, RuleBroken
from blocs.templatetags.vietnamese import figure
from movements.models import Indicator, IndicatorResult, Movement


@dataclass(frozen=True)
class Standing:
    """Where an indicator stands in a period.

    ``value`` is the common result, else the sum of the units; None when there is none or when shares cannot be added.
    ``met`` is None as long as nothing can be said.
    """

    value: Decimal | None
    met: bool | None
    units: int
    units_met: int
    is_share: bool


def standing(indicator, period):
    """What the units reached together in one period. Shares are never added: then every unit has to reach the target.

    Results without a period count where none names this one.

    Shape:   (Indicator with its results, period label) -> Standing
    """
    filled = [row for row in indicator.results.all() if row.value is not None]
    rows = [row for row in filled if row.period == period] or [row for row in filled if not row.period]
    units = [row.value for row in rows if row.unit_id is not None]
    common = next((row.value for row in rows if row.unit_id is None), None)
    target = indicator.target
    units_met = sum(value >= target for value in units) if target is not None else 0
    share = is_share(indicator.unit_of_measure)
    value = common
    if common is None and units and (not share or len(units) == 1):
        value = sum(units)
    met = None
    if target is not None and value is not None:
        met = value >= target
    elif target is not None and units:
        met = units_met == len(units)
    return Standing(value, met, len(units), units_met, share)


def is_share(measure):
    """True for a percentage or a rate (``%``, ``điểm phần trăm``, ``triệu đồng/người``), which is never added up.

    Shape:   unit of measure -> bool
    """
    measure = measure.strip().casefold()
    return "%" in measure or "phần trăm" in measure or "/" in measure


@transaction.atomic
def record(indicator_id, *, by, unit, period, value, opened=""):
    """Note what a unit reached in a period; an empty value takes the result away.

    Shape:   (Indicator id, UnitYear or None, period label, Decimal or None, ``opened_with`` that the form carries) ->
             IndicatorResult or None
    Locks:   the movement row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    """
    indicator = Indicator.objects.select_related("movement").get(pk=indicator_id)
    movement = Movement.objects.select_for_update().get(pk=indicator.movement_id)
    if not by.has_perm("movements.edit_results", movement):
        raise NotAllowed("Chỉ cơ quan chủ trì hoặc Ban Thi đua - Khen thưởng ghi kết quả phong trào.")
    if unit is not None and unit.year_id != movement.year_id:
        raise RuleBroken("Đơn vị này không có trong năm của phong trào.")
    result = indicator.results.filter(unit=unit, period=period).first()
    before = result and result.value
    if before == value and (result or value is None):
        return result
    organisation.check_same({"Kết quả": figure(before)}, opened)
    if result is not None and value is None:
        result.delete()
        gone = {"indicator": indicator.code, "unit": unit and unit.name, "period": period, "value": before}
        audit.record("movement.clear_result", by=by, target=movement, before=gone)
        return None
    if result is None:
        last = IndicatorResult.objects.filter(indicator__movement=movement).aggregate(last=Max("position"))["last"]
        result = IndicatorResult(indicator=indicator, unit=unit, period=period, position=(last or 0) + 1)
    result.value = value
    result.save()
    after = {"indicator": indicator.code, "unit": unit and unit.name, "period": period, "value": value}
    audit.record("movement.record_result", by=by, target=movement, before=before, after=after)
    return result


def opened_with(value=None):
    """Shape: Decimal, or None of what is not noted -> the digest that the form carries"""
    return organisation.digest({"Kết quả": figure(value)})
