"""All papers of one bloc's year in one place, and words found in what was reported."""

from dataclasses import dataclass

from blocs.folding import fold
from reports.domain import prints
from reports.domain.marks import plain
from reports.enums import DocumentKind, RenderingState
from reports.models import (
    ProvincePart,
    ProvinceReport,
    Rendering,
    SummaryPart,
    SummaryReport,
    UnitReport,
    UnitReportPart,
)

AROUND = 90  # signs of a passage on each side of what was found


@dataclass(frozen=True)
class Shelf:
    """The papers of one kind: the newest print of each thing first, what it replaced below it."""

    kind: DocumentKind
    papers: tuple[tuple[Rendering, tuple[Rendering, ...]], ...]


def shelves(user, **of):
    """Finished papers of a bloc's year, or of a year, that the user may read; a constant number of queries.

    Shape:   (User, bloc_year=BlocYear or year=Year) -> [Shelf] in the order of the kinds
    """
    rows = Rendering.objects.visible_to(user).filter(**of, state=RenderingState.DONE).order_by("-finished_at", "-pk")
    owners = ("issue", "unit_report__unit", "conference")
    found = prints.different(rows.select_related(*owners).prefetch_related("issue__copies"))
    texts = prints.texts_of([known[0] for known in found.values()])
    ordered = {paper: _holding_first(known, texts[paper]) for paper, known in found.items()}
    return [
        Shelf(kind, tuple(papers for (code, _), papers in ordered.items() if code == kind))
        for kind in DocumentKind
        if any(code == kind for code, _ in ordered)
    ]


def _holding_first(known, text):
    holds, outrun = prints.holding(known, text), prints.is_outrun(known, text)
    for row in known:
        row.is_outrun = outrun and not row.is_draft
        row.is_current = not outrun and row in prints.current(known, text)
    return holds, tuple(row for row in known if row is not holds)


@dataclass(frozen=True)
class Passage:
    """A place in a report where the words were found."""

    report: UnitReport | SummaryReport | ProvinceReport
    text: str


def passages(user, words, *, most):
    """Where the words stand in the reports of all years; rights come first, in the query.

    Shape:   (User, text, number) -> [[Passage]] of units, of blocs, of provinces; at most ``most + 1`` of each
    """
    units = UnitReportPart.objects.filter(report__in=UnitReport.objects.visible_to(user)).search(words)
    units = units.select_related("report__unit", "report__bloc_year__year__authority")
    blocs = SummaryPart.objects.filter(report__in=SummaryReport.objects.visible_to(user)).search(words)
    blocs = blocs.select_related("report__bloc_year__year__authority")
    provinces = ProvincePart.objects.filter(report__in=ProvinceReport.objects.visible_to(user)).search(words)
    provinces = provinces.select_related("report__year__authority")
    return [
        [
            Passage(part.report, _around(part.paragraphs, words))
            for part in rows.order_by(f"-report__{year}__starts_on", "report_id", "pk")[: most + 1]
        ]
        for rows, year in ((units, "bloc_year__year"), (blocs, "bloc_year__year"), (provinces, "year"))
    ]


def _around(paragraphs, words):
    """The first paragraph with the first word, cut to what stands around it."""
    first = fold(words).split()[0]
    text = plain(next((line for line in paragraphs if first in fold(line)), paragraphs[0]))
    at = max(0, fold(text).find(first))
    start, end = max(0, at - AROUND), at + len(first) + AROUND
    return f"{'…' if start else ''}{text[start:end].strip()}{'…' if end < len(text) else ''}"
