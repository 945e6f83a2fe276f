"""The annual report of a unit."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from blocs.domain import receipts
from blocs.domain.covenant import promised
from blocs.enums import MEMBER_UNIT_ROLES, Milestone
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import Membership, Target
from reports.domain import unit_reports
from reports.domain.standing import look_of
from reports.forms import FigureForm, PartForm, ResultForm
from reports.models import UnitReport, UnitReportPart
from reports.unit_form import FIGURES, PARTS
from reports.views.saving import save_field, saved_words, steps_of, take_step
from reports.workflow import UNIT_EDITABLE, UNIT_MOVES


@login_required
@require_POST
def unit_report_open(request, pk):
    """Begin the report of a member unit, or go on with it."""
    units = request.user.seats.having(*MEMBER_UNIT_ROLES).values("unit")
    membership = get_object_or_404(Membership.objects.select_related("unit", "bloc_year"), pk=pk, unit__unit__in=units)
    try:
        report = unit_reports.open_report(membership, by=request.user)
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
    missing = unit_reports.missing(report)
    steps = steps_of(UNIT_MOVES, report, request.user, missing, deadline)
    may_write = report.state in UNIT_EDITABLE and not steps["is_closed"]
    received_at = receipts.first_moment(report.bloc_year_id, Milestone.UNIT_REPORT, unit_id=report.unit_id)
    standing = deadline.standing(received_at, now)
    context = {
        "report": report,
        "editable": may_write and request.user.has_perm("reports.write_unit_report", report),
        "deadline": deadline,
        "look": look_of(standing),
        "words": deadline.words(received_at, now),
        "parts": _parts(report),
        "figures": _figures(report),
        "targets": _targets(report),
        **steps,
    }
    return render(request, "reports/unit_report.html", context)


def _parts(report):
    """Each text part with its form and what the unit wrote last year."""
    written = {part.code: part for part in report.parts.select_related("saved_by")}
    before = (
        UnitReport.objects.filter(
            kind=report.kind,
            unit__unit=report.unit.unit_id,
            bloc_year__year__ends_on__lt=report.bloc_year.year.starts_on,
        )
        .order_by("-bloc_year__year__starts_on")
        .first()
    )
    old = {part.code: part for part in before.parts.all()} if before else {}
    rows = []
    for spec in PARTS:
        part = written.get(spec.code) or UnitReportPart(code=spec.code)
        form = PartForm(
            initial={"text": part.text, "version": part.version},
            label=spec.label,
            help_text=spec.help,
            auto_id=f"{spec.code}-%s",
        )
        rows.append(
            {"spec": spec, "part": part, "form": form, "last_year": old.get(spec.code), "note": saved_words(part)}
        )
    return rows


def _figures(report):
    values = {figure.code: figure.value for figure in report.figures.all()}
    return [
        {
            "spec": spec,
            "value": values.get(spec.code),
            "form": FigureForm(
                initial={"value": values.get(spec.code)}, label=spec.label, unit=spec.unit, auto_id=f"{spec.code}-%s"
            ),
        }
        for spec in FIGURES
    ]


def _targets(report):
    targets = unit_reports.targets_of(report)
    own = Target.objects.filter(pk__in=[target.pk for target in targets], results__of=report.unit_id)
    results = {
        row["pk"]: row
        for row in own.values("pk", "results__value", "results__note", "results__of")
        if row["results__of"] == report.unit_id
    }
    rows = []
    for target in targets:
        result = results.get(target.pk, {})
        initial = {"value": result.get("results__value"), "note": result.get("results__note", "")}
        key = f"t{target.pk}"
        rows.append(
            {
                "target": target,
                "promised": promised(target),
                "key": key,
                "form": ResultForm(initial=initial, auto_id=f"{key}-%s"),
                **initial,
            }
        )
    return rows


def _own(request, pk):
    """A report that the user may see; whether he may write is the domain's to say."""
    return get_object_or_404(UnitReport.objects.visible_to(request.user), pk=pk)


@login_required
@require_POST
def unit_report_part(request, pk, code):
    report = _own(request, pk)
    spec = next((spec for spec in PARTS if spec.code == code), None)
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
    spec = next((spec for spec in FIGURES if spec.code == code), None)
    if spec is None:
        raise Http404

    def save(data):
        return unit_reports.save_figure(report.pk, code, data["value"], by=request.user)

    form = FigureForm(request.POST, label=spec.label, unit=spec.unit, auto_id=f"{code}-%s")
    return save_field(request, form, save, key=code, back=reverse("unit_report", args=[pk]))


@login_required
@require_POST
def unit_report_result(request, pk, target):
    report = _own(request, pk)

    def save(data):
        return unit_reports.save_result(report.pk, target, value=data["value"], note=data["note"], by=request.user)

    form = ResultForm(request.POST, auto_id=f"t{target}-%s")
    return save_field(request, form, save, key=f"t{target}", back=reverse("unit_report", args=[pk]))


@login_required
@require_POST
def unit_report_step(request, pk, name):
    report = _own(request, pk)
    if name not in UNIT_MOVES:
        raise Http404

    def move(note, **_):
        return unit_reports.move(report.pk, name, by=request.user, note=note)

    # a returned report is its own unit's again
    back = reverse("bloc_detail", args=[report.bloc_year_id]) if name == "return" else reverse("unit_report", args=[pk])
    return take_step(request, move, back=back)
