"""What is written into a unit's report, one thing at a time; whether the user may is the domain's to say."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from blocs.domain.covenant import opened_with
from blocs.errors import DomainError, EditedMeanwhile
from blocs.views import files
from reports.domain import recognitions, report_forms, report_history, report_lines, unit_reports
from reports.forms import AttachForm, FigureForm, LineForm, NewLineForm, PartForm, ResultForm
from reports.models import ReportAttachment, UnitReport
from reports.views.saving import save_field


def _own(request, pk):
    """A report that the user may see."""
    return get_object_or_404(UnitReport.objects.visible_to(request.user).for_page(), pk=pk)


def _page(pk, place):
    return f"{reverse('unit_report', args=[pk])}#{place}"


@login_required
@require_POST
def unit_report_part(request, pk, code):
    report = _own(request, pk)
    spec = report_forms.of_report(report).part(code)
    if spec is None:
        raise Http404

    def save(data):
        version = form.starting_version()
        return unit_reports.save_part(report.pk, code, data["text"], version=version, by=request.user)

    form = PartForm(request.POST, label=spec.label, auto_id=f"{code}-%s")
    return save_field(request, form, save, key=code, back=reverse("unit_report", args=[pk]))


@login_required
@require_POST
def unit_report_figure(request, pk, code):
    report = _own(request, pk)
    spec = report_forms.of_report(report).figure(code)
    if spec is None:
        raise Http404
    form = FigureForm(request.POST, spec=spec, auto_id=f"{code}-%s")

    def save(data):
        return unit_reports.save_figure(report.pk, code, data["value"], by=request.user, **form.changes())

    def more(row):
        doubt = report_history.of(report).doubt(code, row.value)
        return {"doubt": doubt, "explained": row.note, "was": row.value}

    back, template = reverse("unit_report", args=[pk]), "reports/_figure_saved.html"
    return save_field(request, form, save, key=code, back=back, template=template, more=more)


@login_required
@require_POST
def unit_report_result(request, pk, target):
    report = _own(request, pk)

    def save(data):
        return unit_reports.save_result(report.pk, target, by=request.user, **data)

    def more(_):
        data = form.cleaned_data
        return {"opened": opened_with(data["value"], data["note"])}

    form = ResultForm(request.POST, auto_id=f"t{target}-%s")
    return save_field(request, form, save, key=f"t{target}", back=reverse("unit_report", args=[pk]), more=more)


@login_required
@require_POST
def unit_report_line(request, pk, line):
    """Other numbers for a line of commendation."""
    report = _own(request, pk)
    row = get_object_or_404(report.recognitions, pk=line)
    form = LineForm(request.POST, auto_id=f"line{line}-%s")

    def save(data):
        return report_lines.save_line(report.pk, row.award_id, row.recipients, by=request.user, **data)

    def more(saved):
        rows = list(recognitions.lines(report))
        counted = recognitions.counted(rows)
        stored = report.figures.filter(code__in=recognitions.CODES).values_list("code", "value")
        figures = [(code, value, code in counted) for code, value in stored]
        return {"opened": report_lines.opened_with(saved), "counted": figures, "totals": recognitions.totals(rows)}

    back, template = reverse("unit_report", args=[pk]), "reports/_line_saved.html"
    return save_field(request, form, save, key=f"line{line}", back=back, template=template, more=more)


@login_required
@require_POST
def unit_report_line_add(request, pk):
    report = _own(request, pk)
    form = NewLineForm(request.POST)
    if not form.is_valid():
        messages.error(request, _words(form))
        return redirect(_page(pk, "commendation"))
    data = form.cleaned_data
    try:
        report_lines.save_line(
            report.pk, data["award"].pk, data["recipients"], count=data["count"],
            direct_workers=data["direct_workers"], by=request.user, opened=report_lines.opened_with(),
        )  # fmt: skip
    except EditedMeanwhile:
        messages.error(request, f"Đã có dòng {data['award']} với đối tượng này; sửa số ở dòng ấy.")
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Đã ghi: {data['award']}.")
    return redirect(_page(pk, "commendation"))


@login_required
@require_POST
def unit_report_line_remove(request, pk, line):
    report = _own(request, pk)
    try:
        report_lines.remove_line(report.pk, line, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Đã bỏ dòng khen thưởng.")
    return redirect(_page(pk, "commendation"))


@login_required
@require_POST
def unit_report_attach(request, pk):
    report = _own(request, pk)
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _words(form))
        return redirect(_page(pk, "files"))
    file = form.cleaned_data["file"]
    try:
        row = report_lines.add_file(report.pk, file.name or "tệp", file.read(), by=request.user)
    except DomainError as error:
        messages.error(request, f"Chưa nhận tệp. {error}")
    else:
        messages.success(request, f"Đã kèm tệp {row.name}.")
    return redirect(_page(pk, "files"))


@login_required
@require_POST
def unit_report_detach(request, pk, file):
    report = _own(request, pk)
    try:
        report_lines.remove_file(report.pk, file, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Đã bỏ tệp kèm.")
    return redirect(_page(pk, "files"))


@login_required
@require_GET
def unit_report_file(request, pk, file):
    """An attached file, as it came."""
    row = get_object_or_404(
        ReportAttachment, pk=file, report__in=UnitReport.objects.visible_to(request.user), report=pk
    )
    return files.sent(row)


def _words(form):
    return " ".join(error for errors in form.errors.values() for error in errors)
