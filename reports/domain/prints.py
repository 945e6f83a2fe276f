"""The prints of one paper: which are the same, which number one got, which of them holds."""

from typing import Any

from django.db.models import Max

from blocs.models import AuditEvent, Covenant
from reports.enums import UNIT_PAPERS, DocumentKind, RenderingState
from reports.models import SENT_STATES, ProvinceReport, Rendering, SummaryReport


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


def holding(prints, settled):
    """The print that holds: official before draft; of what was settled last; the one signed last, else the newest.

    Shape:   ([Rendering] of ``different``, moment of ``settled_at`` or None) -> Rendering
    Asking again for what stands replaces no signed print; what was adopted, sent or amended anew replaces it.
    """
    rows = current(prints, settled)
    signed = [row for row in rows if row.issued]
    return max(signed, key=lambda row: (row.issued.dated, row.issued.pk)) if signed else rows[0]


def current(prints, settled):
    """The prints among which one holds, newest first; the others are of an earlier state."""
    official = [row for row in prints if not row.is_draft] or prints
    return [row for row in official if settled and row.finished_at >= settled] or official


def is_outrun(rendering, prints, settled):
    """Whether what an official print says was opened again, or settled anew, and no print of that is made yet.

    Shape:   (Rendering with its owner, [Rendering] of ``different``, moment of ``settled_at`` or None) -> bool
    """
    official = [row for row in prints if not row.is_draft]
    if not official:
        return False
    return _is_open(rendering) or bool(settled and all(row.finished_at < settled for row in official))


def _is_open(rendering):
    """Whether the text behind a print is a draft again."""
    kind = rendering.kind
    if kind in UNIT_PAPERS:
        return rendering.unit_report.state not in SENT_STATES
    if kind == DocumentKind.COVENANT:
        return any(not row.is_closed for row in Covenant.objects.filter(bloc_year=rendering.bloc_year_id))
    reports: list[Any] = []
    if kind == DocumentKind.SUMMARY_REPORT:
        reports = list(SummaryReport.objects.filter(bloc_year=rendering.bloc_year_id))
    if kind == DocumentKind.PROVINCE_REPORT:
        reports = list(ProvinceReport.objects.filter(year=rendering.year_id))
    return any(report.is_draft for report in reports)


def settled_at(papers):
    """When what the papers say was last adopted, sent, finished or amended; a constant number of queries.

    Shape:   [Rendering with unit_report], one of each kind and place -> {(kind, place): moment or None}
    """
    found = {(row.kind, row.place): row.unit_report.submitted_at for row in papers if row.kind in UNIT_PAPERS}
    for kind, moments in MOMENTS.items():
        rows = [row for row in papers if row.kind == kind]
        known = moments(rows) if rows else {}
        found |= {(row.kind, row.place): known.get(row.bloc_year_id or row.year_id) for row in rows}
    return found


def _adopted(rows):
    """The trail says when; the report keeps only the day."""
    reports = SummaryReport.objects.filter(bloc_year__in=[row.bloc_year_id for row in rows])
    targets = {f"reports.summaryreport:{pk}": place for pk, place in reports.values_list("pk", "bloc_year")}
    events = AuditEvent.objects.filter(action="summary_report.adopt", target__in=targets).order_by()
    last = events.values_list("target").annotate(last=Max("at"))
    return {targets[target]: at for target, at in last}


def _finished(rows):
    reports = ProvinceReport.objects.filter(year__in=[row.year_id for row in rows])
    return dict(reports.values_list("year", "finished_at"))


def _closed(rows):
    covenants = Covenant.objects.filter(bloc_year__in=[row.bloc_year_id for row in rows])
    last = covenants.annotate(amended=Max("amendments__applied_at")).values_list("bloc_year", "closed_at", "amended")
    return {place: max(filter(None, moments), default=None) for place, *moments in last}


MOMENTS = {
    DocumentKind.SUMMARY_REPORT: _adopted,
    DocumentKind.PROVINCE_REPORT: _finished,
    DocumentKind.COVENANT: _closed,
}
