"""The trail as people read it: who did what, when, what was before and after, why."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from blocs.domain.audit_reading import action_of, lines_of, names_of, target_of
from blocs.models import Authority
from reports.audit_filter import AuditFilter
from reports.domain.workbooks import audit_log as workbook
from reports.domain.workbooks.sheets import MAX_ROWS
from reports.domain.workbooks.writing import CONTENT_TYPE

PAGE = 50
LINES = 10  # of one act at first sight; the others unfold


@login_required
@require_GET
def audit_log(request):
    form = _filter(request)
    page = Paginator(form.rows(), PAGE).get_page(request.GET.get("trang"))
    names = names_of(page)
    context = {
        "filter": form,
        "keep": form.keep,
        "page": page,
        "rows": [_row(event, names) for event in page],
        "most": MAX_ROWS,
    }
    return render(request, "reports/audit_log.html", context)


def _row(event, names):
    lines = lines_of(event, names)
    return event, action_of(event), target_of(event), lines[:LINES], lines[LINES:]


@login_required
@require_GET
def audit_export(request):
    """What the filter shows, as a workbook."""
    response = HttpResponse(workbook.make_workbook(_filter(request).rows()), content_type=CONTENT_TYPE)
    name = f"nhat-ky-{timezone.localdate():%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _filter(request):
    """For board staff and administrators; to others the page does not exist."""
    if not Authority.objects.kept_by(request.user).exists():
        raise Http404
    return AuditFilter(request.GET, user=request.user)
