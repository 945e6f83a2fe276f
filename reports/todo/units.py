"""The annual report of the units in which the user sits."""

from django.urls import reverse

from blocs.domain.deadlines import of_obligation
from blocs.enums import Milestone, OwedBy, Role
from blocs.models import Membership
from reports.domain import unit_reports
from reports.enums import UnitReportState
from reports.models import UnitReport
from reports.todo.task import Task, dates, standing_of


def tasks(seats, year, owed, now):
    """Shape: (Seat queryset, Year, Owed, moment) -> iterator of Task"""
    leads = set(seats.filter(role=Role.UNIT_LEADER).values_list("unit", flat=True))
    writes = set(seats.filter(role=Role.UNIT_REPORTER).values_list("unit", flat=True))
    rows = Membership.objects.filter(bloc_year__year=year, unit__unit__in=leads | writes).select_related("unit")
    reports = {
        (report.bloc_year_id, report.unit_id): report
        for report in UnitReport.objects.annual()
        .filter(bloc_year__year=year, unit__unit__in=leads | writes)
        .prefetch_related("parts")
    }
    for membership in rows:
        key = (membership.bloc_year_id, Milestone.UNIT_REPORT, OwedBy.UNIT, membership.unit_id)
        report, row = reports.get((membership.bloc_year_id, membership.unit_id)), owed.take(*key)
        if not _is_settled(row, report):
            yield _task(membership, report, row, now, leads=membership.unit.unit_id in leads)


def _is_settled(row, report):
    if report is None:
        return row is None or row.received_at is not None
    if report.state == UnitReportState.DRAFT:
        return row is not None and row.received_at is not None
    return report.state in (UnitReportState.SUBMITTED, UnitReportState.ACCEPTED)


def _task(membership, report, row, now, *, leads):
    state, deadline = report.state if report else UnitReportState.DRAFT, of_obligation(row)
    url = reverse("unit_report", args=[report.pk]) if report else reverse("unit_report_open", args=[membership.pk])
    title = f"Nộp báo cáo năm của {membership.unit.short}"
    button, post = "Viết báo cáo", report is None
    if report:
        done, whole = unit_reports.progress(report)
        button = f"Viết tiếp (đã xong {done}/{whole} phần)"
    if state == UnitReportState.READY:
        title = (
            f"Xác nhận và gửi báo cáo năm của {membership.unit.short}"
            if leads
            else f"Báo cáo năm của {membership.unit.short} đang chờ lãnh đạo xác nhận"
        )
        button = "Xem và xác nhận" if leads else "Xem báo cáo"
    elif leads and report:
        button = f"Xem bản đang viết ({done}/{whole} phần)"
    look, words = standing_of(deadline, now)
    if state == UnitReportState.RETURNED:
        title = f"Sửa báo cáo năm của {membership.unit.short} bị trả lại"
        look, words = "miss", f"Lý do: {report.returned_note}"
    owed = (row.pk,) if row else ()
    return Task(deadline.due_at, title, dates(deadline), look, words, url, button, post, owed)
