"""Results of movements."""

from django.db import transaction
from django.db.models import Max

from blocs.domain import audit
from blocs.errors import NotAllowed
from movements.models import Indicator, IndicatorResult, Movement


@transaction.atomic
def record(indicator_id, *, by, unit, period, value):
    """Note what a unit reached in a period; an empty value takes the result away.

    Shape:   (Indicator id, UnitYear or None, period label, Decimal or None) -> IndicatorResult or None
    Locks:   the movement row
    Raises:  NotAllowed
    """
    indicator = Indicator.objects.select_related("movement").get(pk=indicator_id)
    movement = Movement.objects.select_for_update().get(pk=indicator.movement_id)
    if not by.has_perm("movements.edit_results", movement):
        raise NotAllowed("Chỉ cơ quan chủ trì hoặc Ban Thi đua - Khen thưởng ghi kết quả phong trào.")
    result = indicator.results.filter(unit=unit, period=period).first()
    before = result and result.value
    if before == value and (result or value is None):
        return result
    if value is None:
        result.delete()
        audit.record("movement.clear_result", by=by, target=movement, before=before, note=indicator.code)
        return None
    if result is None:
        last = IndicatorResult.objects.filter(indicator__movement=movement).aggregate(last=Max("position"))["last"]
        result = IndicatorResult(indicator=indicator, unit=unit, period=period, position=(last or 0) + 1)
    result.value = value
    result.save()
    after = {"indicator": indicator.code, "unit": unit and unit.name, "period": period, "value": value}
    audit.record("movement.record_result", by=by, target=movement, before=before, after=after)
    return result
