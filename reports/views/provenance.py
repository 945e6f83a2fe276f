"""Where each passage of an assembled report comes from: links for who may open the source, else a page that shows what
was taken from it; who reads the report reads that."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from reports.domain.assembly.pieces import shortened
from reports.models import UnitReport
from reports.views.desks import DESKS

COVENANT_PLACES = {"covenant": "#shared", "registration": "#registered"}


def openable(user, sources):
    """The units' reports among the sources that a user may open; one query.

    Shape:   (User, [source as a ``Piece`` keeps it]) -> {UnitReport id}
    """
    asked = {source["pk"] for source in sources if source["kind"] == "unit_report"}
    return set(UnitReport.objects.visible_to(user).filter(pk__in=asked).values_list("pk", flat=True))


def linked(sources, allowed, aside=""):
    """The sources, each with the address of the page that shows it: its own, else ``aside``.

    Shape:   ([source], {UnitReport id}, address or "") -> [(source, address or "")]
    """
    return [(source, address_of(source, allowed) or aside) for source in sources]


def address_of(source, allowed):
    """The page that shows the number or sentence of a source, "" where none does or the user may not open it.

    Shape:   (source, {UnitReport id}) -> str
    """
    kind, pk, anchor = source["kind"], source["pk"], f"#{source['part']}" if source["part"] else ""
    if kind == "missing":
        return reverse("missing", args=[pk, source["part"] or "unit-report"])
    if kind in COVENANT_PLACES:
        return reverse("covenant", args=[pk]) + (anchor or COVENANT_PLACES[kind])
    if kind in ("movement", "proposals"):
        return reverse("movement_detail" if kind == "movement" else kind, args=[pk])
    if kind == "summary_report" or (kind == "unit_report" and pk in allowed):
        return reverse(kind, args=[pk]) + anchor
    return ""


def aside_of(desk, report, key):
    """Shape: (Desk, report, key of a piece) -> the address of the page of its sources"""
    return f"{reverse(desk.at['assembly_source'], args=[report.pk])}?{urlencode({'doan': key})}" if key else ""


@login_required
@require_GET
def assembly_source(request, pk, desk):
    """What was taken from each source of one passage."""
    report = get_object_or_404(DESKS[desk].rows(request.user), pk=pk)
    piece = report.pieces.filter(key=request.GET.get("doan", "")).first()
    if piece is None:
        raise Http404
    allowed = openable(request.user, piece.sources)
    rows = [
        (source["label"], shortened(source["text"]), address_of(source, allowed), source["kind"])
        for source in piece.sources
    ]
    context = {"report": report, "desk": DESKS[desk], "piece": piece, "rows": rows}
    context["part_label"] = DESKS[desk].kind.codes(piece.part).label
    return render(request, "reports/passage_sources.html", context)
