"""The report of a unit, annual or mid-year: the page, its beginning, its steps."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from blocs.domain import receipts
from blocs.domain.covenant import opened_with, promised
from blocs.enums import MEMBER_UNIT_ROLES
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import Membership
from reports.domain import (
    recognitions,
    report_forms,
    report_history,
    report_lines,
    report_parts,
    report_results,
    report_sources,
    unit_reports,
)
from reports.domain.standing import look_of
from reports.enums import DocumentKind, ReportSection, UnitReportKind, UnitReportState
from reports.forms import AttachForm, FigureForm, LineForm, NewLineForm, PartForm, ResultForm
from reports.models import UnitReport, UnitReportPart
from reports.views.paper_box import box
from reports.views.saving import saved_words, steps_of, take_step
from reports.workflow import UNIT_EDITABLE, UNIT_MOVES

PAPERS = {UnitReportKind.ANNUAL: DocumentKind.UNIT_REPORT, UnitReportKind.MID_YEAR: DocumentKind.MID_YEAR_REPORT}


@login_required
@require_POST
def unit_report_open(request, pk, kind=UnitReportKind.ANNUAL):
    """Begin the report of a member unit, or go on with it."""
    units = request.user.seats.having(*MEMBER_UNIT_ROLES).values("unit")
    membership = get_object_or_404(Membership.objects.select_related("unit", "bloc_year"), pk=pk, unit__unit__in=units)
    try:
        report = unit_reports.open_report(membership, by=request.user, kind=kind)
    except NotAllowed as error:
        raise Http404 from error
    except RuleBroken as error:
        messages.error(request, str(error))
        return redirect("bloc_detail", membership.bloc_year_id)
    return redirect("unit_report", report.pk)


@login_required
@require_GET
def unit_report(request, pk):
    report = get_object_or_404(UnitReport.objects.visible_to(request.user).for_page(), pk=pk)
    deadline, now = unit_reports.deadline(report), timezone.now()
    past = report_history.of(report)
    missing = report_parts.missing(report)
    steps = steps_of(UNIT_MOVES, report, request.user, missing, deadline)
    editable = (
        report.state in UNIT_EDITABLE
        and not steps["is_closed"]
        and request.user.has_perm("reports.write_unit_report", report)
    )
    received_at = receipts.first_moment(report.bloc_year_id, unit_reports.milestone(report), unit_id=report.unit_id)
    context = {
        "report": report,
        "editable": editable,
        "deadline": deadline,
        "look": look_of(deadline.standing(received_at, now)),
        "words": deadline.words(received_at, now),
        "last_year": past.label,
        "unexplained": report_parts.unexplained(report, past) if report.state != UnitReportState.ACCEPTED else [],
        "sections": report_parts.sections(report),
        "paper": box(request.user, PAPERS[UnitReportKind(report.kind)], report),
        **_contents(report, past, editable=editable),
        **steps,
    }
    return render(request, "reports/unit_report.html", context)


def _contents(report, past, *, editable):
    """Everything that the report holds, each section with whether it may be written now."""
    opened = {code: editable and report_parts.is_open(report, code) for code, _ in report_parts.sections(report)}
    stop = report_results.why_not(report)
    movements = report_sources.movement_rows(report)
    names = [label for code, label in report_parts.sections(report) if code in report.returned_parts]
    found = {
        "returned_names": names,
        "parts": _parts(report, past, opened),
        "figures": _figures(report, past),
        "figures_open": opened[ReportSection.FIGURES],
        "targets": _targets(report),
        "targets_open": opened[ReportSection.TARGETS] and not stop,
        "targets_why_not": stop if opened[ReportSection.TARGETS] else "",
        "is_kept": report_sources.keeps(report),
        "movements": movements,
        "movements_differ": report_sources.keeps(report) and movements != report_sources.movements_now(report),
        "files": list(report.attachments.select_related("added_by")),
        "files_open": opened[ReportSection.ATTACHMENTS],
        "attach": AttachForm(),
        "is_annual": report.kind == UnitReportKind.ANNUAL,
    }
    if found["is_annual"]:
        found |= _lines(report) | {"lines_open": opened[ReportSection.COMMENDATION], "new_line": NewLineForm()}
    return found


def _parts(report, past, opened):
    """Each text part with its form and what the unit wrote last year."""
    written = {part.code: part for part in report.parts.select_related("saved_by")}
    rows = []
    for spec in report_forms.of_report(report).parts:
        part = written.get(spec.code) or UnitReportPart(code=spec.code)
        form = PartForm(
            initial={"text": part.text, "version": part.version},
            label=spec.label,
            help_text=spec.help,
            auto_id=f"{spec.code}-%s",
        )
        last_year = past.texts.get(spec.code)
        rows.append(
            {"spec": spec, "part": part, "form": form, "last_year": last_year, "note": saved_words(part)}
            | {"is_open": opened[spec.code]}
        )
    return rows


def _figures(report, past):
    rows = {figure.code: figure for figure in report.figures.all()}
    counted, found = recognitions.counted(report.recognitions.all()), []
    for spec in report_forms.of_report(report).figures:
        row = rows.get(spec.code)
        value = row.value if row else None
        form = FigureForm(
            initial={"value": value, "was": value},
            spec=spec,
            last=past.last(spec.code),
            year=past.label,
            counted=spec.code in counted,
            auto_id=f"{spec.code}-%s",
        )
        doubt = past.doubt(spec.code, value)
        explained, last = row.note if row else "", past.last(spec.code)
        found.append({"spec": spec, "value": value, "form": form, "doubt": doubt, "explained": explained, "last": last})
    return found


def _targets(report):
    rows = []
    for row in report_sources.target_rows(report):
        key, initial = f"t{row.target.pk}", {"value": row.value, "note": row.note}
        form = ResultForm(initial=initial | {"opened": opened_with(**initial)}, auto_id=f"{key}-%s")
        rows.append({"row": row, "target": row.target, "promised": promised(row.target), "key": key, "form": form})
    return rows


def _lines(report):
    before, rows = report_sources.awarded_before(report), list(recognitions.lines(report))
    lines = []
    for row in rows:
        key, initial = f"line{row.pk}", {"count": row.count, "direct_workers": row.direct_workers}
        form = LineForm(initial=initial | {"opened": report_lines.opened_with(row)}, auto_id=f"{key}-%s")
        lines.append({"row": row, "key": key, "form": form, "last": before.pop((row.award_id, row.recipients), None)})
    return {"lines": lines, "totals": recognitions.totals(rows)}


@login_required
@require_POST
def unit_report_step(request, pk, name):
    report = get_object_or_404(UnitReport.objects.visible_to(request.user), pk=pk)
    if name not in UNIT_MOVES:
        raise Http404

    def move(note, **_):
        return unit_reports.move(report.pk, name, by=request.user, note=note, parts=request.POST.getlist("parts"))

    # a returned report is its own unit's again
    back = reverse("bloc_detail", args=[report.bloc_year_id]) if name == "return" else reverse("unit_report", args=[pk])
    return take_step(request, move, back=back)
