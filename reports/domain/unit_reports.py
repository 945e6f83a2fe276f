"""The annual report of a unit: written by its reporter, sent by its leader, reviewed by the board."""

from django.db import transaction
from django.utils import timezone

from blocs.domain import audit, covenant, deadlines, receipts
from blocs.enums import Milestone
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import BlocYear, Target
from reports.domain import texts
from reports.enums import UnitReportState
from reports.models import UnitReport, UnitReportFigure, UnitReportPart
from reports.unit_form import FIGURES, PARTS
from reports.workflow import UNIT_EDITABLE, UNIT_MOVES


@transaction.atomic
def open_report(membership, *, by):
    """The report of a member unit, begun when it does not exist yet.

    Shape:   Membership -> UnitReport
    Raises:  NotAllowed for anybody outside the unit, RuleBroken after the lock
    """
    report = UnitReport.objects.annual().filter(bloc_year=membership.bloc_year_id, unit=membership.unit_id).first()
    candidate = report or UnitReport(bloc_year=membership.bloc_year, unit=membership.unit)
    if not by.has_perm("reports.write_unit_report", candidate):
        raise NotAllowed("Chỉ đơn vị mình mới viết được báo cáo này.")
    if report is None:
        deadlines.of_unit(membership.bloc_year_id, Milestone.UNIT_REPORT, membership.unit_id).check_open(timezone.now())
        report, created = UnitReport.objects.get_or_create(bloc_year=membership.bloc_year, unit=membership.unit)
        if created:
            audit.record("unit_report.open", by=by, target=report)
    return report


def deadline(report):
    return deadlines.of_unit(report.bloc_year_id, Milestone.UNIT_REPORT, report.unit_id)


def targets_of(report):
    """What the report answers: the unit's own targets, then those of the bloc that it has none of its own for.

    Shape:   UnitReport -> [Target]
    """
    rows = Target.objects.filter(covenant__bloc_year=report.bloc_year_id).select_related("covenant")
    own = list(rows.filter(of=report.unit_id))
    return [*own, *rows.filter(of=None).exclude(code__in=[target.code for target in own])]


def missing(report):
    """The obligatory parts and figures that are still empty, in words."""
    written = {part.code for part in report.parts.all() if part.paragraphs}
    filled = {figure.code for figure in report.figures.all() if figure.value is not None}
    answered = set(
        Target.objects.filter(
            covenant__bloc_year=report.bloc_year_id, of=report.unit_id, results__of=report.unit_id
        ).values_list("pk", flat=True)
    )
    own = Target.objects.filter(covenant__bloc_year=report.bloc_year_id, of=report.unit_id)
    lacking = [part.label for part in PARTS if not part.optional and part.code not in written]
    lacking += [figure.label for figure in FIGURES if figure.code not in filled]
    lacking += [f"Kết quả chỉ tiêu “{target}”" for target in own if target.pk not in answered]
    return lacking


def progress(report):
    """(parts written, parts in all) of the obligatory text parts."""
    obligatory = [part.code for part in PARTS if not part.optional]
    written = {part.code for part in report.parts.all() if part.paragraphs}
    return len(written.intersection(obligatory)), len(obligatory)


@transaction.atomic
def save_part(report_id, code, text, *, version, by):
    """Raises: NotAllowed, WrongState, EditedMeanwhile, RuleBroken"""
    report = _editable(report_id, by)
    if code not in {part.code for part in PARTS}:
        raise RuleBroken("Không có phần báo cáo này.")
    return texts.save_part(UnitReportPart, report, code, text, version=version, by=by)


@transaction.atomic
def save_figure(report_id, code, value, *, by):
    """Note one figure; empty takes it away.

    Raises:  NotAllowed, WrongState, RuleBroken
    """
    report = _editable(report_id, by)
    spec = next((figure for figure in FIGURES if figure.code == code), None)
    if spec is None:
        raise RuleBroken("Không có số liệu này.")
    if value is not None and value < 0:
        raise RuleBroken("Số liệu không được âm.")
    _check_within(report, spec, value)
    figure = report.figures.filter(code=code).first() or UnitReportFigure(report=report, code=code)
    if figure.pk and figure.value == value:
        return figure
    before, figure.value = figure.value, value
    figure.save()
    audit.record("unit_report.save_figure", by=by, target=report, before={code: before}, after={code: value})
    return figure


def _check_within(report, spec, value):
    values = {figure.code: figure.value for figure in report.figures.all()} | {spec.code: value}
    labels = {figure.code: figure.label for figure in FIGURES}
    for figure in FIGURES:
        part, whole = values.get(figure.code), values.get(figure.within)
        if part is not None and whole is not None and part > whole:
            raise RuleBroken(f"“{figure.label}” ({part}) lớn hơn “{labels[figure.within]}” ({whole}).")


@transaction.atomic
def save_result(report_id, target_id, *, value, note, by):
    """Note the unit's result for its own target, or its share of the bloc's.

    Raises:  NotAllowed, WrongState, RuleBroken
    """
    report = _editable(report_id, by)
    target = next((target for target in targets_of(report) if target.pk == target_id), None)
    if target is None:
        raise RuleBroken("Không có chỉ tiêu này.")
    return covenant.record_result(target, by=by, of=report.unit, value=value, note=note, draft=True)


@transaction.atomic
def move(report_id, name, *, by, note="", now=None):
    """Take one step of ``UNIT_MOVES``; the only writer of ``UnitReport.state``.

    Shape:   (id, step name) -> the saved UnitReport
    Locks:   the bloc year row, then the report row
    Raises:  NotAllowed, WrongState, RuleBroken
    Source:  due-and-lock
    The first moment of sending is the received-at of the unit and stays so; a returned report may be sent again
    after the lock.
    """
    step, now = UNIT_MOVES[name], now or timezone.now()
    report = _locked(report_id)
    texts.check_move(step, report, by=by, note=note, missing=missing(report) if step.needs_whole else [])
    if name in ("hand_up", "submit") and report.submitted_at is None:
        deadline(report).check_open(now)
    before, report.state = report.state, step.target
    if name == "take_back" and report.submitted_at is not None:
        report.state = UnitReportState.RETURNED  # the board still waits for it
    if name == "submit":
        report.submitted_at, report.submitted_by, report.returned_note = now, by, ""
        receipts.record(report.bloc_year, report.unit, Milestone.UNIT_REPORT, at=now)
        covenant.release_results(report.bloc_year, report.unit)
    if name == "return":
        report.returned_note = note.strip()
    report.save(update_fields=["state", "submitted_at", "submitted_by", "returned_note"])
    audit.record(f"unit_report.{name}", by=by, target=report, before=before, after=report.state, note=note.strip())
    return report


def _locked(report_id):
    report = UnitReport.objects.for_page().get(pk=report_id)
    BlocYear.objects.select_for_update().get(pk=report.bloc_year_id)
    fresh = UnitReport.objects.select_for_update().get(pk=report_id)
    fresh.bloc_year, fresh.unit = report.bloc_year, report.unit
    return fresh


def _editable(report_id, by):
    report = _locked(report_id)
    if not by.has_perm("reports.write_unit_report", report):
        raise NotAllowed("Chỉ đơn vị mình mới viết được báo cáo này.")
    if report.state not in UNIT_EDITABLE:
        raise WrongState(f"Báo cáo đang ở trạng thái “{report.get_state_display()}”, không sửa được.")
    if report.state == UnitReportState.DRAFT and report.submitted_at is None:
        deadline(report).check_open(timezone.now())
    return report
