"""Building the draft of a summary report from its sources, what changed in them since, and its versions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from blocs.errors import DomainError
from reports.domain.assembly import drafts, versions
from reports.domain.assembly.kinds import SUMMARY
from reports.models import SummaryReport

PAGES = {"unit_report": "unit_report", "covenant": "covenant", "recognition": "bloc_detail"}


def linked(sources):
    """The sources with the address of the page that shows them.

    Shape:   [source as a ``Piece`` keeps it] -> [(source, url)]
    """
    return [(source, address_of(source)) for source in sources]


def address_of(source):
    """Shape: source -> str"""
    if source["kind"] == "missing":
        return reverse("missing", args=[source["pk"], "unit-report"])
    anchor = f"#{source['part']}" if source["part"] else ""
    return reverse(PAGES[source["kind"]], args=[source["pk"]]) + anchor


@login_required
@require_POST
def assembly_start(request, pk):
    report = get_object_or_404(SummaryReport.objects.visible_to(request.user), pk=pk)
    did = "Đã lập dự thảo từ báo cáo của các đơn vị. Đoạn bạn đã sửa giữ nguyên; chỗ khác với dữ liệu được liệt kê."
    return _act(request, report, lambda: drafts.assemble(SUMMARY, report.pk, by=request.user), did)


@login_required
@require_POST
def assembly_answer(request, pk, name):
    """Take what the data say for one paragraph, or keep one's own."""
    report = get_object_or_404(SummaryReport.objects.visible_to(request.user), pk=pk)
    if name not in ANSWERS:
        raise Http404
    act, did = ANSWERS[name]
    return _act(request, report, lambda: act(SUMMARY, report.pk, request.POST.get("key", ""), by=request.user), did)


ANSWERS = {
    "lay": (drafts.take, "Đã lấy theo dữ liệu mới."),
    "giu": (drafts.keep, "Giữ nguyên đoạn của khối; chỉ báo lại khi nguồn đổi lần nữa."),
}


def _act(request, report, act, did):
    _said(request, act, did)
    return redirect("summary_report", report.pk)


# ---------------------------------------------------------------- versions


@login_required
@require_GET
def version_list(request, pk):
    report = _report(request, pk)
    rows = report.versions.select_related("by")
    context = {"report": report, "bloc": report.bloc_year, "versions": rows, "may_write": _may_write(request, report)}
    return render(request, "reports/version_list.html", context)


@login_required
@require_GET
def version_detail(request, pk, number):
    """What changed from a version to the report as it stands."""
    report = _report(request, pk)
    version = get_object_or_404(report.versions.select_related("by"), number=number)
    now = versions.content_of(SUMMARY, report)
    context = {
        "report": report,
        "bloc": report.bloc_year,
        "version": version,
        "changes": versions.difference(SUMMARY, version.content, now),
        "may_write": _may_write(request, report),
    }
    return render(request, "reports/version_detail.html", context)


@login_required
@require_POST
def version_keep(request, pk):
    report = get_object_or_404(SummaryReport.objects.visible_to(request.user), pk=pk)
    reason = request.POST.get("reason", "")
    _said(request, lambda: versions.keep_now(SUMMARY, report.pk, by=request.user, reason=reason), "Đã lưu phiên bản.")
    return redirect("version_list", pk)


@login_required
@require_POST
def version_restore(request, pk, number):
    report = get_object_or_404(SummaryReport.objects.visible_to(request.user), pk=pk)
    did = f"Đã lấy lại phiên bản {number}; bản vừa có được lưu thành một phiên bản."
    _said(request, lambda: versions.restore(SUMMARY, report.pk, number, by=request.user), did)
    return redirect("version_list", pk)


def _said(request, act, did):
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, did)


def _report(request, pk):
    return get_object_or_404(SummaryReport.objects.visible_to(request.user).for_page(), pk=pk)


def _may_write(request, report):
    return report.is_draft and request.user.has_perm("reports.write_summary_report", report)
