"""The prints of one paper: which are the same, which number one got, which of them holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from blocs.models import AuditEvent, Covenant
from reports.enums import UNIT_PAPERS, DocumentKind, RenderingState
from reports.models import SENT_STATES, ProvinceReport, Rendering, SummaryReport


@dataclass(frozen=True)
class Text:
    """What a paper prints: when it was last adopted, sent, finished or amended, and whether it is a draft again."""

    settled: datetime | None = None
    is_open: bool = False


def same(rendering):
    """All finished prints of what a print says; a paper that is asked for again unchanged has one more row.

    Shape:   Rendering -> Rendering queryset
    """
    of = {"kind": rendering.kind, "place": rendering.place, "fingerprint": rendering.fingerprint}
    return Rendering.objects.filter(state=RenderingState.DONE, **of)


def different(rows):
    """One print for each content, with ``issued``: the number that any of its rows got, or None.

    Shape:   finished Renderings with ``issue``, newest first -> {(kind, place): [Rendering] newest first}
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        prints = found.setdefault((row.kind, row.place), {})
        first = prints.setdefault(row.fingerprint, row)
        first.issued = getattr(first, "issued", None) or getattr(row, "issue", None)
    return {of: list(prints.values()) for of, prints in found.items()}


def of_paper(rendering):
    """Shape: Rendering -> [Rendering] as ``different`` gives those of its kind and place"""
    rows = Rendering.objects.filter(kind=rendering.kind, place=rendering.place, state=RenderingState.DONE)
    rows = rows.select_related("issue", "unit_report").order_by("-finished_at", "-pk")
    return different(rows)[rendering.kind, rendering.place]


def holding(prints, text):
    """The print that holds: official before draft; of what was settled last; the one signed last, else the newest.

    Shape:   ([Rendering] of ``different``, Text) -> Rendering
    Asking again for what stands replaces no signed print; what was adopted, sent or amended anew replaces it.
    """
    rows = current(prints, text)
    signed = [row for row in rows if row.issued]
    return max(signed, key=lambda row: (row.issued.dated, row.issued.pk)) if signed else rows[0]


def current(prints, text):
    """The prints among which one holds, newest first; the others are of an earlier state."""
    official = [row for row in prints if not row.is_draft] or prints
    return [row for row in official if _is_since(row, text)] or official


def is_outrun(prints, text):
    """Whether what the official prints say was opened again, or settled anew, and no print of that is made yet.

    Shape:   ([Rendering] of ``different``, Text) -> bool
    """
    official = [row for row in prints if not row.is_draft]
    anew = text.settled is not None and not any(_is_since(row, text) for row in official)
    return bool(official) and (text.is_open or anew)


def _is_since(row, text):
    return text.settled is not None and row.finished_at >= text.settled


def texts_of(papers):
    """What the papers print, as it stands now; a constant number of queries.

    Shape:   [Rendering with unit_report], one of each kind and place -> {(kind, place): Text}
    """
    found = {}
    for row in papers:
        report = row.unit_report if row.kind in UNIT_PAPERS else None
        text = Text(report.submitted_at, report.state not in SENT_STATES) if report else Text()
        found[row.kind, row.place] = text
    for kind, read in TEXTS.items():
        rows = [row for row in papers if row.kind == kind]
        known = read([row.bloc_year_id or row.year_id for row in rows]) if rows else {}
        found |= {(row.kind, row.place): known.get(row.bloc_year_id or row.year_id, Text()) for row in rows}
    return found


def _summaries(places):
    """The trail says when a report was adopted; the report keeps only the day."""
    reports = list(SummaryReport.objects.filter(bloc_year__in=places))
    targets = {f"reports.summaryreport:{report.pk}": report for report in reports}
    events = AuditEvent.objects.filter(action="summary_report.adopt", target__in=targets).order_by()
    last = dict(events.values_list("target").annotate(last=Max("at")))
    return {report.bloc_year_id: Text(last.get(target), report.is_draft) for target, report in targets.items()}


def _provinces(places):
    reports = ProvinceReport.objects.filter(year__in=places)
    return {report.year_id: Text(report.finished_at, report.is_draft) for report in reports}


def _covenants(places):
    rows = Covenant.objects.filter(bloc_year__in=places).annotate(amended=Max("amendments__applied_at"))
    return {
        row.bloc_year_id: Text(max(filter(None, (row.closed_at, row.amended)), default=None), not row.is_closed)
        for row in rows
    }


TEXTS = {
    DocumentKind.SUMMARY_REPORT: _summaries,
    DocumentKind.PROVINCE_REPORT: _provinces,
    DocumentKind.COVENANT: _covenants,
}
