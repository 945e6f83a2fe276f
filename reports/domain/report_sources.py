"""What a unit's report takes over from elsewhere, so that nobody types it twice: targets, movements, awards.

A sent report keeps targets and movements as they were (``UnitReport.kept``), and its paper; where their part is sent
back, it reads them anew.
"""

from dataclasses import asdict, dataclass
from decimal import Decimal

from awards.models import Recognition
from blocs.models import Target, TargetResult
from movements.models import IndicatorResult
from reports.domain import report_results
from reports.domain.report_results import number, text
from reports.enums import ReportSection
from reports.models import SENT_STATES


@dataclass(frozen=True)
class TargetRow:
    """A target that the unit answers, its result, and what the unit reached for the same words the year before."""

    target: Target
    value: Decimal | None
    note: str
    last: Decimal | None
    last_year: str


@dataclass(frozen=True)
class MovementRow:
    """What the unit reached in a movement, as its owner or the board noted it."""

    movement: str
    indicator: str
    unit_of_measure: str
    target: Decimal | None
    period: str
    value: Decimal | None


def target_rows(report):
    """Shape: UnitReport -> [TargetRow]; a constant number of queries"""
    if keeps(report):
        return [_target_of(row) for row in report.kept["targets"]]
    return _targets_now(report)


def movement_rows(report):
    """Shape: UnitReport -> [MovementRow]; at most one query"""
    if keeps(report):
        return [_movement_of(row) for row in report.kept["movements"]]
    return movements_now(report)


def keeps(report):
    """True where the report stands as it was sent.

    Shape:   UnitReport -> bool
    """
    return report.kept is not None and (report.state in SENT_STATES or not _is_sent_back(report))


def _is_sent_back(report):
    return not report.returned_parts or ReportSection.TARGETS in report.returned_parts


def to_keep(report):
    """What is kept of a report that is being sent: as the data are now, or as it was sent before where only other parts
    were sent back.

    Shape:   UnitReport -> {"targets": …, "movements": …} of plain values
    """
    if report.kept is not None and not _is_sent_back(report):
        return {name: report.kept[name] for name in ("targets", "movements")}
    return {
        "targets": [
            report_results.kept_row(row.target, row.value, row.note) | {"last": text(row.last), "year": row.last_year}
            for row in _targets_now(report)
        ],
        "movements": [
            asdict(row) | {"target": text(row.target), "value": text(row.value)} for row in movements_now(report)
        ],
    }


def _target_of(row):
    target, value, note = report_results.row_of(row)
    return TargetRow(target, value, note, number(row["last"]), row["year"])


def _movement_of(row):
    return MovementRow(**row | {"target": number(row["target"]), "value": number(row["value"])})


def _targets_now(report):
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


def movements_now(report):
    """What the unit has reached in the year's movements by now.

    Shape:   UnitReport -> [MovementRow]; one query
    """
    rows = IndicatorResult.objects.filter(unit=report.unit_id, indicator__movement__year=report.bloc_year.year_id)
    ordered = rows.select_related("indicator__movement").order_by(
        "indicator__movement__position", "indicator__movement", "indicator__position", "period", "pk"
    )
    return [
        MovementRow(
            row.indicator.movement.name, str(row.indicator), row.indicator.unit_of_measure, row.indicator.target,
            row.period, row.value,
        )
        for row in ordered
    ]  # fmt: skip


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
