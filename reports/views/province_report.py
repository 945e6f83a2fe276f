"""The province's report on a year: written by the board, read by council and administrators when it is finished."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from blocs.errors import DomainError
from blocs.models import Year
from reports.domain import province_reports
from reports.enums import DocumentKind, ProvincePartCode
from reports.forms import PartForm
from reports.models import ProvinceReport
from reports.views.assembly import offered, part_rows
from reports.views.paper_box import box
from reports.views.saving import save_field

DESK = "province"


@login_required
@require_POST
def province_report_open(request, pk):
    """Begin the report of a year, or go on with it."""
    year = get_object_or_404(Year.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm("blocs.view_province", year):
        raise Http404
    try:
        report = province_reports.open_report(year, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("report_list")
    return redirect("province_report", report.pk)


@login_required
@require_GET
def province_report(request, pk):
    report = get_object_or_404(ProvinceReport.objects.visible_to(request.user).for_page(), pk=pk)
    writes = request.user.has_perm("reports.write_province_report", report)
    paper = box(request.user, DocumentKind.PROVINCE_REPORT, report.year)
    editable = writes and report.is_draft
    found = offered(DESK, report, request.user, editable=editable)
    context = {
        "report": report,
        "year": report.year,
        "editable": editable,
        "all_open": "mo" in request.GET,
        "writes": writes,
        "missing": province_reports.missing(report),
        "finished": province_reports.finished_version(report),
        "parts": part_rows(
            DESK,
            report,
            request.user,
            before=_last_year(report, request.user),
            obligatory=province_reports.OBLIGATORY,
            stale=found["stale"],
        ),
        "paper": paper,
    }
    return render(request, "reports/province_report.html", context | found)


def _last_year(report, user):
    rows = ProvinceReport.objects.visible_to(user).filter(
        year__authority=report.year.authority_id, year__ends_on__lt=report.year.starts_on
    )
    return rows.order_by("-year__starts_on").first()


@login_required
@require_POST
def province_report_part(request, pk, code):
    report = get_object_or_404(ProvinceReport.objects.visible_to(request.user), pk=pk)
    if code not in ProvincePartCode.values:
        raise Http404

    def save(data):
        version = form.starting_version()
        return province_reports.save_part(report.pk, code, data["text"], version=version, by=request.user)

    form = PartForm(request.POST, label=ProvincePartCode(code).label, auto_id=f"{code}-%s")
    return save_field(request, form, save, key=code, back=f"{reverse('province_report', args=[pk])}#{code}")


@login_required
@require_POST
def province_report_finish(request, pk):
    return _step(
        request, pk, province_reports.finish, "Báo cáo đã hoàn thành; bản PDF tạo từ nay không còn là dự thảo."
    )


@login_required
@require_POST
def province_report_reopen(request, pk):
    def reopen(report_id, *, by):
        return province_reports.reopen(report_id, by=by, note=request.POST.get("note", "")[:2000])

    return _step(request, pk, reopen, "Đã mở lại báo cáo để sửa.")


def _step(request, pk, act, did):
    report = get_object_or_404(ProvinceReport.objects.visible_to(request.user), pk=pk)
    try:
        act(report.pk, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, did)
    return redirect("province_report", pk)
