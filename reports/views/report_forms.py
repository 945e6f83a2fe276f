"""What units are asked: the board keeps the forms of a year."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.domain import organisation
from blocs.errors import DomainError, EditedMeanwhile
from blocs.models import Year
from reports.domain import report_forms
from reports.enums import UnitReportKind
from reports.models import ReportForm
from reports.report_form_forms import ConfirmForm, row_sets

SHOWN = 30


def _year(request, pk):
    year = get_object_or_404(Year.objects.visible_to(request.user).select_related("authority"), pk=pk)
    if not request.user.has_perm("reports.edit_report_form", year):
        raise Http404
    return year


def _place(request, pk, kind):
    """The year, and the type of bloc that the address or the form names."""
    year = _year(request, pk)
    code = request.POST.get("loai", request.GET.get("loai", ""))
    names = {"": "Mọi loại hình", **dict(report_forms.types_of(year))}
    if kind not in UnitReportKind.values or code not in names:
        raise Http404
    return year, code, names[code]


@login_required
@require_GET
def report_form_list(request, pk):
    """Which kind of report and type of bloc has a form of its own."""
    year = _year(request, pk)
    saved = {(row.kind, row.bloc_type): row for row in ReportForm.objects.filter(year=year).select_related("saved_by")}
    types = [("", "Mọi loại hình"), *report_forms.types_of(year)]
    kinds = [(kind, [(code, name, saved.get((kind.value, code))) for code, name in types]) for kind in UnitReportKind]
    return render(request, "reports/report_form_list.html", {"year": year, "kinds": kinds})


@login_required
@require_http_methods(["GET", "POST"])
def report_form_edit(request, pk, kind):
    year, code, name = _place(request, pk, kind)
    row, form = report_forms.current(year, kind, code)
    writers = list(report_forms.written(year, kind, code))
    parts, figures = row_sets(request.POST or None, form, kind)
    opened = organisation.digest(report_forms.shown(form))
    confirm = ConfirmForm(request.POST or None, number=len(writers), initial={"opened": opened})
    context = {
        "year": year, "kind": UnitReportKind(kind), "code": code, "name": name, "row": row, "parts": parts,
        "figures": figures, "confirm": confirm, "writers": writers[:SHOWN], "more": len(writers[SHOWN:]),
    }  # fmt: skip
    status = 200
    if request.method == "POST":
        status = 422
        if parts.is_valid() and figures.is_valid() and confirm.is_valid():
            try:
                _save(request, year, kind, code, context)
            except EditedMeanwhile as error:
                context["conflict"] = error
                status = 409
            except DomainError as error:
                confirm.add_error(None, str(error))
            else:
                messages.success(request, "Đã lưu mẫu báo cáo.")
                return redirect("report_form_list", pk)
    return render(request, "reports/report_form_edit.html", context, status=status)


def _save(request, year, kind, code, context):
    data = context["confirm"].cleaned_data
    report_forms.save(
        year.pk,
        kind,
        code,
        parts=context["parts"].entries(),
        figures=context["figures"].entries(),
        by=request.user,
        confirmed=data.get("confirmed", False),
        opened=request.POST.get("over") or data["opened"],
    )


@login_required
@require_POST
def report_form_discard(request, pk, kind):
    """The form of all types, or the built-in one, holds again."""
    year, code, _ = _place(request, pk, kind)
    row = get_object_or_404(ReportForm, year=year, kind=kind, bloc_type=code)
    if report_forms.written(year, kind, code).exists() and not request.POST.get("confirmed"):
        messages.error(request, "Đã có đơn vị viết theo mẫu này. Đánh dấu ô xác nhận rồi bấm lại.")
        return redirect(f"{reverse('report_form_edit', args=[pk, kind])}?{urlencode({'loai': code})}")
    report_forms.discard(row.pk, by=request.user)
    messages.success(request, "Đã bỏ mẫu riêng.")
    return redirect("report_form_list", pk)
