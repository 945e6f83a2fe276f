"""What came in, and when: the first moment counts."""

from blocs.domain import obligations
from blocs.models import Receipt


def first_moment(bloc_year_id, kind, *, unit_id=None):
    """When something came in first; of the bloc as a whole where no unit is named. Lateness is judged by it.

    Shape:   (BlocYear id, milestone code) -> datetime or None
    """
    rows = Receipt.objects.filter(bloc_year=bloc_year_id, kind=kind)
    rows = rows.filter(unit=unit_id) if unit_id else rows
    return rows.order_by("at").values_list("at", flat=True).first()


def record(bloc_year, unit, kind, *, at, as_unit=False):
    """Note that something came in; what was noted before keeps its moment.

    Shape:   (BlocYear, UnitYear, milestone code, does the unit do it for itself, or as the head) -> Receipt
    Call it inside the transaction and under the lock of the act that sends.
    """
    position = Receipt.objects.filter(bloc_year=bloc_year).count()
    receipt, is_new = Receipt.objects.get_or_create(
        bloc_year=bloc_year, unit=unit, kind=kind, defaults={"at": at, "position": position, "as_unit": as_unit}
    )
    if is_new:
        obligations.renew_bloc(bloc_year.pk)
    return receipt
