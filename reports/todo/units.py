"""The annual and the mid-year report of the units in which the user sits."""

from django.urls import reverse

from blocs.domain.deadlines import of_obligation
from blocs.enums import OwedBy, Role
from blocs.models import Membership
from reports.domain import report_parts, unit_reports
from reports.domain.report_forms import Forms
from reports.enums import UnitReportKind, UnitReportState
from reports.models import UnitReport
from reports.todo.task import Task, dates, standing_of
from reports.todo.years import beside

WORDS = {UnitReportKind.ANNUAL: "báo cáo năm", UnitReportKind.MID_YEAR: "báo cáo sơ kết"}
OPENS = {UnitReportKind.ANNUAL: "unit_report_open", UnitReportKind.MID_YEAR: "mid_year_report_open"}


def tasks(seats, year, owed, now):
    """Shape: (Seat queryset, Year, Owed, moment) -> iterator of Task"""
    leads = set(seats.filter(role=Role.UNIT_LEADER).values_list("unit", flat=True))
    writes = set(seats.filter(role=Role.UNIT_REPORTER).values_list("unit", flat=True))
    shown = list(beside(year, now).values_list("pk", flat=True))
    members = Membership.objects.filter(bloc_year__year__in=shown, unit__unit__in=leads | writes)
    found = UnitReport.objects.filter(bloc_year__year__in=shown, unit__unit__in=leads | writes).prefetch_related(
        "parts"
    )
    reports = {(report.kind, report.bloc_year_id, report.unit_id): report for report in found}
    forms = Forms(shown)
    for membership in members.select_related("unit", "bloc_year__year"):
        for kind in UnitReportKind:
            place = membership.bloc_year_id, membership.unit_id
            report = reports.get((kind, *place))
            row = owed.take(place[0], unit_reports.MILESTONES[kind], OwedBy.UNIT, place[1])
            when = owed.when(membership.bloc_year)
            if _is_settled(row, report) or (when and _is_past(row, report)):
                continue
            form, is_leader = forms.of(membership.bloc_year, kind), membership.unit.unit_id in leads
            yield _task(membership, kind, report, row, now, leads=is_leader, form=form, when=when)


def _is_past(row, report):
    """Of an earlier year: neither asked for any more nor sent back."""
    return row is None and not (report and report.state == UnitReportState.RETURNED)


def _is_settled(row, report):
    if report is None:
        return row is None or row.received_at is not None
    if report.state == UnitReportState.DRAFT:
        return row is not None and row.received_at is not None
    return report.state in (UnitReportState.SUBMITTED, UnitReportState.ACCEPTED)


def _task(membership, kind, report, row, now, *, leads, form, when):
    state, deadline = report.state if report else UnitReportState.DRAFT, of_obligation(row)
    url = reverse("unit_report", args=[report.pk]) if report else reverse(OPENS[kind], args=[membership.pk])
    name = f"{WORDS[kind]} của {membership.unit.short}"
    title = f"Nộp {name}"
    button, post = "Viết báo cáo", report is None
    if report:
        done, whole = report_parts.progress(report, form)
        button = f"Viết tiếp (đã xong {done}/{whole} phần)"
    if state == UnitReportState.READY:
        title = f"Xác nhận và gửi {name}" if leads else f"{name[:1].upper()}{name[1:]} đang chờ lãnh đạo xác nhận"
        button = "Xem và xác nhận" if leads else "Xem báo cáo"
    elif leads and report:
        button = f"Xem bản đang viết ({done}/{whole} phần)"
    look, words = standing_of(deadline, now)
    if state == UnitReportState.RETURNED:
        title = f"Sửa {name} bị trả lại"
        look, words = "miss", f"Lý do: {report.returned_note}"
    owed = (row.pk,) if row else ()
    return Task(deadline.due_at, title, when + dates(deadline), look, words, url, button, post, owed)
