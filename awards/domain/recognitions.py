"""What units won or gave in their own house in a year, counted by award."""

from awards.models import Recognition


def of_unit(bloc_year, unit):
    """Shape: (BlocYear, UnitYear) -> Recognition queryset with the award"""
    return Recognition.objects.filter(bloc_year=bloc_year, unit=unit).select_related("award").order_by("position", "pk")


def replace(bloc_year, unit, lines):
    """Put the lines of a unit's report in the place of what was known of it; the caller holds the bloc year's lock.

    Shape:   (BlocYear, UnitYear, [(AwardKind, recipients, count, direct workers or None)]) -> None
    Rows that stay keep their place among those of the other units.
    """
    known = {}
    for row in of_unit(bloc_year, unit):
        if (row.award_id, row.recipients) in known:
            row.delete()
        else:
            known[row.award_id, row.recipients] = row
    position = Recognition.objects.filter(bloc_year=bloc_year).count()
    for award, recipients, count, direct_workers in lines:
        row = known.pop((award.pk, recipients), None)
        if row is None:
            row = Recognition(bloc_year=bloc_year, unit=unit, award=award, recipients=recipients, position=position)
            position += 1
        row.count, row.direct_workers = count, direct_workers
        row.save()
    for row in known.values():
        row.delete()
