"""The papers of a bloc's year, or of a year, in one place."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from blocs.enums import MEMBER_UNIT_ROLES
from blocs.models import BlocYear, Year
from reports.domain import library, shelf_rest
from reports.models import Rendering


@login_required
@require_GET
def document_list(request, pk):
    bloc_year = get_object_or_404(BlocYear.objects.visible_to(request.user).for_table(), pk=pk)
    context = {"bloc": bloc_year, "title": f"Văn bản của {bloc_year.name}"}
    return _page(request, context, bloc_year, bloc_year=bloc_year)


@login_required
@require_GET
def year_documents(request, pk):
    """Papers that belong to no bloc: the province's report, the division, meetings of the council."""
    year = get_object_or_404(Year.objects.visible_to(request.user).select_related("authority"), pk=pk)
    if not request.user.has_perm("blocs.view_province", year):
        raise Http404
    return _page(request, {"year": year, "title": f"Văn bản của năm {year.label}"}, year, year=year)


def _page(request, context, place, **of):
    shelves = library.shelves(request.user, **of)
    leads = request.user.has_perm("reports.issue_paper", Rendering(**of))
    own = set(request.user.seats.having(*MEMBER_UNIT_ROLES).values_list("unit", flat=True))
    for paper in (paper for shelf in shelves for newest, older in shelf.papers for paper in (newest, *older)):
        report = paper.unit_report
        paper.may_issue = not paper.is_draft and (report.unit.unit_id in own if report else leads)
    context |= {"shelves": shelves, "unmade": shelf_rest.unmade(request.user, place)}
    context["files"] = [
        (label, [(row, reverse(row.address[0], args=row.address[1:])) for row in rows])
        for label, rows in shelf_rest.files(request.user, place)
    ]
    return render(request, "reports/document_list.html", context)
