"""Commendation figures of a unit's report: by award, by recipients, with the direct workers among them (seed S18)."""

from awards.domain import recognitions
from awards.enums import Recipients
from reports.enums import UnitReportKind
from reports.models import ReportRecognition


def take_over(report):
    """Begin an annual report with what is already known of the unit's commendation in this year.

    Shape:   a new UnitReport -> None
    """
    if report.kind != UnitReportKind.ANNUAL:
        return
    found: dict[tuple[int, str], ReportRecognition] = {}
    for row in recognitions.of_unit(report.bloc_year, report.unit):
        if not row.recipients or not row.count:
            continue
        line = found.setdefault(
            (row.award_id, row.recipients),
            ReportRecognition(report=report, award=row.award, recipients=row.recipients, count=0, position=len(found)),
        )
        line.count += row.count
        if row.direct_workers is not None:
            line.direct_workers = (line.direct_workers or 0) + row.direct_workers
    ReportRecognition.objects.bulk_create(found.values())


def hand_on(report):
    """The lines of an annual report that is being sent become the year's own; what the summary report of the bloc was
    sent with stands.

    Shape:   locked UnitReport, before its moment of sending is set -> None
    A first report without a line leaves what a file brought.
    """
    if report.kind != UnitReportKind.ANNUAL or report.bloc_year.is_closed:
        return
    rows = list(lines(report))
    if rows or report.submitted_at is not None:
        recognitions.replace(
            report.bloc_year, report.unit, [(row.award, row.recipients, row.count, row.direct_workers) for row in rows]
        )


def lines(report):
    """Shape: UnitReport -> ReportRecognition queryset with the award"""
    return report.recognitions.select_related("award").order_by("position", "pk")


def totals(rows):
    """How many collectives, how many persons, how many direct workers among them.

    Shape:   [ReportRecognition] -> {Recipients: number, "direct": number or None where no line says it}
    """
    found = {kind: sum(row.count for row in rows if row.recipients == kind) for kind in Recipients}
    said = [row.direct_workers for row in rows if row.direct_workers is not None]
    return found | {"direct": sum(said) if said else None}
