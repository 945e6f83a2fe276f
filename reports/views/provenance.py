"""Where each passage of an assembled report comes from: links for who may open the source, else a page that shows what
was taken from it; who reads the report reads that much, and nothing that was not taken into it."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from blocs.enums import Milestone
from blocs.models import Obligation
from movements.models import Movement
from reports.domain.assembly import drafts
from reports.domain.assembly.pieces import is_quote, shortened
from reports.models import SummaryReport, UnitReport
from reports.views.desks import DESKS

COVENANT_PLACES = {"covenant": "#shared", "registration": "#registered"}
KEPT = {"unit_report": UnitReport, "summary_report": SummaryReport, "movement": Movement}


def openable(user, sources):
    """Those of the sources that may be gone or are not for everybody, and that a user may open; a query a kind.

    Shape:   (User, [source as a ``Piece`` keeps it]) -> {(kind, pk, milestone or "")}
    """
    asked = {_named(source) for source in sources}
    found = set()
    for kind, model in KEPT.items():
        if pks := {pk for name, pk, _ in asked if name == kind}:
            rows = model.objects.visible_to(user).filter(pk__in=pks)
            found |= {(kind, pk, "") for pk in rows.values_list("pk", flat=True)}
    if blocs := {pk for name, pk, _ in asked if name == "missing"}:
        owed = Obligation.objects.filter(bloc_year__in=blocs).order_by()
        found |= {("missing", *row) for row in owed.values_list("bloc_year", "code").distinct()}
    return found


def _named(source):
    milestone = source["part"] or Milestone.UNIT_REPORT.value if source["kind"] == "missing" else ""
    return source["kind"], source["pk"], milestone


def linked(sources, allowed, aside=""):
    """The sources, each with the address of the page that shows it: its own, else ``aside``.

    Shape:   ([source], what is ``openable``, address or "") -> [(source, address or "")]
    """
    return [(source, address_of(source, allowed) or aside) for source in sources]


def address_of(source, allowed):
    """The page that shows the number or sentence of a source, "" where none does or the user may not open it.

    Shape:   (source, what is ``openable``) -> str
    """
    kind, pk, milestone = named = _named(source)
    anchor = f"#{source['part']}" if source["part"] else ""
    if kind in COVENANT_PLACES:
        return reverse("covenant", args=[pk]) + (anchor or COVENANT_PLACES[kind])
    if kind == "proposals":
        return reverse(kind, args=[pk])
    if named not in allowed:
        return ""
    if kind == "missing":
        return reverse(kind, args=[pk, milestone])
    return reverse("movement_detail", args=[pk]) if kind == "movement" else reverse(kind, args=[pk]) + anchor


def aside_of(desk, report, key):
    """Shape: (Desk, report, key of a piece) -> the address of the page of its sources"""
    return f"{reverse(desk.at['assembly_source'], args=[report.pk])}?{urlencode({'doan': key})}" if key else ""


def readable(key, sources, *, rewritten):
    """The sources of a passage as far as who does not write the report reads them: of one that stands otherwise than it
    was taken, or was refused, not the words of the source.

    Shape:   (key, [source], bool) -> [source]
    """
    if not (rewritten and is_quote(key, sources)):
        return sources
    return [{**source, "text": ""} for source in sources]


@login_required
@require_GET
def assembly_source(request, pk, desk):
    """What was taken from each source of one passage; of one that stands in no part only for who writes the report."""
    report, key = get_object_or_404(DESKS[desk].rows(request.user), pk=pk), request.GET.get("doan", "")
    kind = DESKS[desk].kind
    piece, writes = report.pieces.filter(key=key).first(), request.user.has_perm(kind.perm, report)
    rows = [row for rows in drafts.provenance(kind, report).values() for row in rows]
    standing = next((text for text, same, _, _ in rows if same == key), None)
    if piece is None or (standing is None and not writes):
        raise Http404
    rewritten = not writes and standing != piece.text
    sources = readable(key, piece.sources, rewritten=rewritten)
    allowed = openable(request.user, sources)
    context = {
        "report": report,
        "desk": DESKS[desk],
        "piece": piece,
        "text": standing if rewritten else piece.text,
        "rewritten": rewritten,
        "rows": [
            (source["label"], shortened(source["text"]), address_of(source, allowed), source["kind"])
            for source in sources
        ],
        "part_label": kind.codes(piece.part).label,
    }
    return render(request, "reports/passage_sources.html", context)
