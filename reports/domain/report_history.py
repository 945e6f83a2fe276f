"""What a unit wrote and counted in earlier years, and whether a new number looks like a slip beside it."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from blocs.templatetags.vietnamese import figure
from reports.models import UnitReport, UnitReportFigure

YEARS = 12
JUMP = 10  # times last year's number
RANGE_FROM = 3  # earlier numbers, before their smallest and largest say anything


@dataclass
class History:
    """Texts of the last report and the numbers of up to twelve, the newest first."""

    label: str = ""  # of the year of the last report
    texts: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, list[tuple[str, Decimal]]] = field(default_factory=dict)

    def last(self, code):
        """The number of the last report.

        Shape:   figure code -> Decimal or None
        """
        label, value = next(iter(self.numbers.get(code, ())), ("", None))
        return value if label == self.label else None

    def doubt(self, code, value):
        """Why a number should be explained: a jump of ten times, or outside of what it was before.

        Shape:   (figure code, Decimal or None) -> str; empty when it looks as usual
        """
        past = self.numbers.get(code)
        if value is None or not past:
            return ""
        return _jump(value, *past[0]) or _out_of_range(value, [number for _, number in past])


def _jump(value, label, last):
    small, large = sorted((value, last))
    if small == 0:
        return f"năm {label} là {figure(last)}" if large >= JUMP else ""
    times = large / small
    if times < JUMP:
        return ""
    words = figure(times.quantize(Decimal("0.1")))
    return f"{'gấp' if value > last else 'giảm'} {words} lần so với năm {label} ({figure(last)})"


def _out_of_range(value, numbers):
    low, high = min(numbers), max(numbers)
    if len(numbers) < RANGE_FROM or low <= value <= high:
        return ""
    return f"ngoài khoảng {figure(low)} – {figure(high)} của {len(numbers)} năm trước"


def of(report):
    """The history of the unit, in sent reports of the same kind; of two blocs in one year the same bloc counts.

    Shape:   UnitReport with unit and bloc's year -> History; three queries
    """
    rows = (
        UnitReport.objects.filter(
            kind=report.kind,
            submitted_at__isnull=False,
            unit__unit=report.unit.unit_id,
            bloc_year__year__ends_on__lt=report.bloc_year.year.starts_on,
        )
        .select_related("bloc_year__year")
        .defer("kept")
    )
    ordered = sorted(
        rows.order_by("pk"),
        key=lambda row: (row.bloc_year.year.starts_on, row.bloc_year.bloc_id == report.bloc_year.bloc_id),
        reverse=True,
    )
    by_year: dict[int, UnitReport] = {}
    for row in ordered:
        by_year.setdefault(row.bloc_year.year_id, row)
    past = list(by_year.values())[:YEARS]
    if not past:
        return History()
    numbers = defaultdict(list)
    for row in sorted(_figures(past), key=lambda row: [one.pk for one in past].index(row.report_id)):
        label = next(one.bloc_year.year.label for one in past if one.pk == row.report_id)
        numbers[row.code].append((label, row.value))
    texts = {part.code: part.paragraphs for part in past[0].parts.all() if part.paragraphs}
    return History(past[0].bloc_year.year.label, texts, dict(numbers))


def _figures(reports):
    return UnitReportFigure.objects.filter(report__in=reports, value__isnull=False)
