"""The annual and the mid-year report of a unit: written by its reporter, sent by its leader, reviewed by the board."""

from django.db import transaction
from django.utils import timezone

from blocs.domain import audit, covenant, deadlines, receipts
from blocs.enums import Milestone
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken, WrongState
from blocs.models import BlocYear
from blocs.templatetags.vietnamese import figure as shown
from reports.domain import recognitions, report_forms, report_parts, report_results, report_sources, texts
from reports.domain.papers import unit_report
from reports.enums import ReportSection, UnitReportKind, UnitReportState
from reports.models import UnitReport, UnitReportFigure, UnitReportPart
from reports.workflow import UNIT_EDITABLE, UNIT_MOVES

MILESTONES = {UnitReportKind.ANNUAL: Milestone.UNIT_REPORT, UnitReportKind.MID_YEAR: Milestone.MID_YEAR}
MOVED = [
    "state",
    "submitted_at",
    "submitted_by",
    "returned_note",
    "returned_parts",
    "returned_by",
    "kept_results",
    "kept",
]


@transaction.atomic
def open_report(membership, *, by, kind=UnitReportKind.ANNUAL):
    """The report of a member unit, begun when it does not exist yet. What the year's data already know of the unit's
    commendation is taken over.

    Shape:   (Membership, UnitReportKind) -> UnitReport
    Raises:  NotAllowed for anybody outside the unit, RuleBroken after the lock
    """
    place = {"bloc_year": membership.bloc_year, "unit": membership.unit, "kind": kind}
    report = UnitReport.objects.filter(**place).first()
    if not by.has_perm("reports.write_unit_report", report or UnitReport(**place)):
        raise NotAllowed("Chỉ đơn vị mình mới viết được báo cáo này.")
    if report is None:
        code = MILESTONES[UnitReportKind(kind)]
        deadlines.of_unit(membership.bloc_year_id, code, membership.unit_id).check_open(timezone.now())
        report, created = UnitReport.objects.get_or_create(**place)
        if created:
            audit.record("unit_report.open", by=by, target=report, after={"kind": kind})
            recognitions.take_over(report, by=by)
    return report


def milestone(report):
    return MILESTONES[UnitReportKind(report.kind)]


def deadline(report):
    return deadlines.of_unit(report.bloc_year_id, milestone(report), report.unit_id)


@transaction.atomic
def save_part(report_id, code, text, *, version, by):
    """Raises: NotAllowed, WrongState, EditedMeanwhile, RuleBroken"""
    report = editable(report_id, by, code)
    if report_forms.of_report(report).part(code) is None:
        raise RuleBroken("Không có phần báo cáo này.")
    return texts.save_part(UnitReportPart, report, code, text, version=version, by=by)


UNSEEN = object()  # the writer says nothing of the number that he started from


@transaction.atomic
def save_figure(report_id, code, value, *, by, note=None, was=UNSEEN, was_note=UNSEEN):
    """Note one figure; empty takes it away. ``note`` explains a number that is far from the earlier ones.

    Shape:   (id, code, Decimal or None, text or None to leave it, the number and the note that the writer started
             from) -> UnitReportFigure
    Raises:  NotAllowed, WrongState, RuleBroken, EditedMeanwhile
    """
    report = editable(report_id, by, ReportSection.FIGURES)
    form = report_forms.of_report(report)
    spec = form.figure(code)
    if spec is None:
        raise RuleBroken("Không có số liệu này.")
    _check_number(spec, value)
    if recognitions.counted(report.recognitions.all()).get(code, value) != value:
        raise RuleBroken(recognitions.COUNTED)
    _check_within(report, form, spec, value)
    figure = report.figures.filter(code=code).first() or UnitReportFigure(report=report, code=code)
    note = figure.note if note in (None, was_note) else texts.tidy(note).strip()
    if figure.pk and (figure.value, figure.note) == (value, note):
        return figure
    if figure.value not in (was, value) and was is not UNSEEN:
        raise _written_over(figure, "ghi số khác", "Số")
    if figure.note not in (was_note, note) and was_note is not UNSEEN:
        raise _written_over(figure, "ghi giải trình khác", "Giải trình")
    before, explained = figure.value, figure.note
    figure.value, figure.note = value, note
    figure.save()
    if before != value or explained == note:
        audit.record("unit_report.save_figure", by=by, target=report, before={code: before}, after={code: value})
    if explained != note:
        audit.record("unit_report.explain_figure", by=by, target=report, before={code: explained}, after={code: note})
    return figure


def _written_over(figure, did, mine):
    theirs = shown(figure.value) or "(để trống)"
    return EditedMeanwhile(
        f"Người khác đã {did} sau khi bạn mở trang này. {mine} của bạn chưa được lưu.",
        theirs=f"{theirs}\nGiải trình: {figure.note}" if figure.note else theirs,
        version=shown(figure.value),
    )


def _check_number(spec, value):
    if value is None:
        return
    if value < 0:
        raise RuleBroken("Số liệu không được âm.")
    if not spec.decimals and value != value.to_integral_value():
        raise RuleBroken("Ở đây cần một số nguyên.")


def _check_within(report, form, spec, value):
    values = {figure.code: figure.value for figure in report.figures.all()} | {spec.code: value}
    labels = {figure.code: figure.label for figure in form.figures}
    for figure in form.figures:
        part, whole = values.get(figure.code), values.get(figure.within)
        if part is not None and whole is not None and part > whole:
            raise RuleBroken(f"“{figure.label}” ({shown(part)}) lớn hơn “{labels[figure.within]}” ({shown(whole)}).")


@transaction.atomic
def save_result(report_id, target_id, *, value, note, by, opened=""):
    """Note the unit's result for its own target, or its share of the bloc's.

    Shape:   (id, Target id, Decimal or None, text, ``covenant.opened_with`` of what the writer started from or empty)
    Raises:  NotAllowed, WrongState, RuleBroken, EditedMeanwhile
    """
    report = editable(report_id, by, ReportSection.TARGETS)
    report_results.save(report, target_id, value=value, note=note, opened=opened, by=by)


@transaction.atomic
def move(report_id, name, *, by, note="", parts=(), now=None):
    """Take one step of ``UNIT_MOVES``; the only writer of ``UnitReport.state``.

    Shape:   (id, step name, for a return the codes of ``sections`` to be mended, none for all) -> the saved UnitReport
    Locks:   the bloc year row, then the report row
    Raises:  NotAllowed, WrongState, RuleBroken
    Source:  due-and-lock
    The first moment of sending is the received-at of the unit and stays so; a returned report may be sent again
    after the lock.
    """
    step, now = UNIT_MOVES[name], now or timezone.now()
    report = _locked(report_id)
    texts.check_move(step, report, by=by, note=note, missing=report_parts.missing(report) if step.needs_whole else [])
    if name in ("hand_up", "submit") and report.submitted_at is None:
        deadline(report).check_open(now)
    before, report.state = report.state, step.target
    if name == "take_back" and report.submitted_at is not None:
        report.state = UnitReportState.RETURNED  # the board still waits for it
    if name == "submit":
        _send(report, by, now)
    if name == "return":
        report.returned_parts = report_parts.named(report, parts)
        report.returned_note, report.returned_by = note.strip(), by
    report.save(update_fields=MOVED)
    audit.record(f"unit_report.{name}", by=by, target=report, before=before, after=report.state, note=note.strip())
    return report


def _send(report, by, now):
    """Who was asked to look again stays on the row until the report is accepted or returned anew."""
    recognitions.hand_on(report)
    report_results.keep(report)
    report.submitted_at, report.submitted_by, report.returned_note = now, by, ""
    report.kept = report_sources.to_keep(report)
    report.kept["paper"] = unit_report.to_keep(report)
    receipts.record(report.bloc_year, report.unit, milestone(report), at=now, as_unit=True)
    covenant.release_results(report.bloc_year, report.unit)


def _locked(report_id):
    report = UnitReport.objects.for_page().get(pk=report_id)
    bloc_year = BlocYear.objects.select_for_update().get(pk=report.bloc_year_id)
    fresh = UnitReport.objects.select_for_update().get(pk=report_id)
    report.bloc_year.is_closed = bloc_year.is_closed
    fresh.bloc_year, fresh.unit = report.bloc_year, report.unit
    return fresh


def editable(report_id, by, section):
    """The locked report, for a write to one of its sections.

    Shape:   (id, User, code of ``sections``) -> UnitReport
    Locks:   the bloc year row, then the report row
    Raises:  NotAllowed, WrongState, RuleBroken after the lock
    """
    report = _locked(report_id)
    if not by.has_perm("reports.write_unit_report", report):
        raise NotAllowed("Chỉ đơn vị mình mới viết được báo cáo này.")
    if report.state not in UNIT_EDITABLE:
        raise WrongState(f"Báo cáo đang ở trạng thái “{report.get_state_display()}”, không sửa được.")
    if not report_parts.is_open(report, section):
        raise WrongState("Báo cáo chỉ bị trả lại để sửa một số phần; phần này không nằm trong đó nên giữ như đã gửi.")
    if report.state == UnitReportState.DRAFT and report.submitted_at is None:
        deadline(report).check_open(timezone.now())
    return report
