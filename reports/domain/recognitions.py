"""Commendation figures of a unit's report: by award, by recipients, with the direct workers among them (seed S18)."""

from decimal import Decimal

from awards.domain import recognitions
from awards.enums import Recipients
from blocs.domain import audit
from reports.domain import report_forms
from reports.enums import UnitReportKind
from reports.models import ReportRecognition, UnitReportFigure

FIGURES = {"collectives": Recipients.COLLECTIVE, "individuals": Recipients.INDIVIDUAL}
DIRECT = "direct_workers"
CODES = [*FIGURES, DIRECT]
COUNTED = "Số này cộng từ bảng kết quả khen thưởng; sửa ở bảng ấy."


def take_over(report, *, by):
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
    settle(report, {}, by=by)


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


def counted(rows):
    """Figures of the report that its lines already say; of recipients without a line, nothing.

    Shape:   [ReportRecognition] -> {figure code: Decimal}
    """
    rows = list(rows)
    kinds = {row.recipients for row in rows}
    found = {
        code: Decimal(sum(row.count for row in rows if row.recipients == kind))
        for code, kind in FIGURES.items()
        if kind in kinds
    }
    said = [row.direct_workers for row in rows if row.recipients == Recipients.INDIVIDUAL]
    if told := [number for number in said if number is not None]:
        found[DIRECT] = Decimal(sum(told))
    return found


def settle(report, was, *, by):
    """Bring the figures of a report to its lines, so that nobody counts twice; the caller holds the lock.

    Shape:   (UnitReport, ``counted`` before the act) -> None
    A figure that no line says any more is empty again; direct workers that were typed stay while they fit.
    """
    now, form = counted(lines(report)), report_forms.of_report(report)
    wanted: dict[str, Decimal | None] = {code: now.get(code) for code in {**was, **now} if form.figure(code)}
    rows = {row.code: row for row in report.figures.filter(code__in=CODES)}
    typed, people = rows.get(DIRECT), now.get("individuals")
    if DIRECT not in wanted and typed and typed.value is not None and people is not None and typed.value > people:
        wanted[DIRECT] = None
    before, after = {}, {}
    for code, value in wanted.items():
        row = rows.get(code) or UnitReportFigure(report=report, code=code)
        if row.value != value:
            before[code], after[code] = row.value, value
            row.value = value
            row.save()
    if after:
        audit.record("unit_report.save_figure", by=by, target=report, before=before, after=after)
