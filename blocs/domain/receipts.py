"""What came in, and when: the first moment counts."""

from blocs.models import Receipt


def record(bloc_year, unit, kind, *, at):
    """Note that something came in; what was noted before keeps its moment.

    Shape:   (BlocYear, UnitYear, milestone code) -> Receipt
    Call it inside the transaction and under the lock of the act that sends.
    """
    position = Receipt.objects.filter(bloc_year=bloc_year).count()
    receipt, _ = Receipt.objects.get_or_create(
        bloc_year=bloc_year, unit=unit, kind=kind, defaults={"at": at, "position": position}
    )
    return receipt
