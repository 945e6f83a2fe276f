"""What a unit's report takes over from elsewhere, so that nobody types it twice: targets, movements, awards."""

from dataclasses import dataclass
from decimal import Decimal

from awards.models import Recognition
from blocs.models import Target, TargetResult
from movements.models import IndicatorResult
from reports.domain import report_results


@dataclass(frozen=True)
class TargetRow:
    """A target that the unit answers, its result, and what the unit reached for the same words the year before."""

    target: Target
    value: Decimal | None
    note: str
    last: Decimal | None
    last_year: str


def target_rows(report):
    """Shape: UnitReport -> [TargetRow]; a constant number of queries"""
    before = _results_before(report)
    found = []
    for target, value, note in report_results.rows(report):
        label, last = before.get(target.text.casefold().strip() or target.code, ("", None))
        found.append(TargetRow(target, value, note, last, label))
    return found


def _results_before(report):
    """{words of a target: (year, value)} of the unit in the bloc's last year."""
    rows = TargetResult.objects.filter(
        of__unit=report.unit.unit_id,
        value__isnull=False,
        target__covenant__bloc_year__bloc=report.bloc_year.bloc_id,
        target__covenant__bloc_year__year__ends_on__lt=report.bloc_year.year.starts_on,
    )
    ordered = rows.select_related("target", "of__year").order_by("of__year__starts_on", "pk")
    return {
        row.target.text.casefold().strip() or row.target.code: (row.of.year.label, row.value)
        for row in ordered
        if row.of is not None
    }


def movement_rows(report):
    """What the unit reached in the year's movements, as their owners or the board noted it.

    Shape:   UnitReport -> [IndicatorResult]; one query
    """
    rows = IndicatorResult.objects.filter(unit=report.unit_id, indicator__movement__year=report.bloc_year.year_id)
    ordered = rows.select_related("indicator__movement").order_by(
        "indicator__movement__position", "indicator__movement", "indicator__position", "period", "pk"
    )
    return list(ordered)


def awarded_before(report):
    """How many of each award the unit counted in the last year of which anything is known.

    Shape:   UnitReport -> {(award id, recipients): (year, number)}; one query
    """
    rows = Recognition.objects.filter(
        unit__unit=report.unit.unit_id,
        bloc_year__bloc=report.bloc_year.bloc_id,
        bloc_year__year__ends_on__lt=report.bloc_year.year.starts_on,
        count__isnull=False,
    )
    found: dict[tuple[int, str], tuple[str, int]] = {}
    latest = ""
    for row in rows.select_related("bloc_year__year").order_by("-bloc_year__year__starts_on", "pk"):
        label = row.bloc_year.year.label
        latest = latest or label
        if label == latest:
            key = (row.award_id, row.recipients)
            found[key] = (label, found.get(key, ("", 0))[1] + (row.count or 0))
    return found
