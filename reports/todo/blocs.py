"""The summary report and the covenant of the blocs that the user leads."""

from collections import Counter

from django.db.models import F
from django.urls import reverse

from blocs.domain import completeness
from blocs.domain.deadlines import of_obligation
from blocs.enums import BLOC_ROLES, CommentOn, Milestone, OwedBy, Role
from blocs.models import BlocYear, Comment, Membership, Obligation, Receipt
from blocs.templatetags.vietnamese import count
from reports.domain import summary_reports
from reports.enums import SummaryReportState
from reports.models import SummaryReport
from reports.todo.task import Task, standing_of
from reports.todo.years import beside


def tasks(seats, year, owed, now):
    """Shape: (Seat queryset, Year, Owed, moment) -> iterator of Task"""
    heads = set(seats.filter(role=Role.BLOC_HEAD).values_list("bloc_year", flat=True))
    led = seats.filter(role__in=BLOC_ROLES).values("bloc_year")
    blocs = BlocYear.objects.filter(pk__in=led, year__in=beside(year, now)).select_related("covenant", "year")
    found = SummaryReport.objects.filter(bloc_year__in=blocs).prefetch_related("parts")
    reports = {report.bloc_year_id: report for report in found}
    members, received, signing = _members(blocs), _received(blocs), _signing(blocs)
    unanswered = _unanswered(blocs)
    counts = {row.bloc_year_id: row for row in completeness.count(blocs) if row.code == Milestone.UNIT_REPORT}
    for bloc_year in blocs:
        pk = bloc_year.pk
        row, report = owed.take(pk, Milestone.SUMMARY_REPORT, OwedBy.HEAD), reports.get(pk)
        when = owed.when(bloc_year)
        if when and row is None and not (report and report.state == SummaryReportState.RETURNED):
            continue
        if not _is_settled(row, report):
            came_in, of = (counts[pk].received, counts[pk].expected) if pk in counts else (received[pk], members[pk])
            detail = f"{when}{came_in}/{of} đơn vị đã gửi báo cáo năm"
            yield _summary_task(bloc_year, report, row, now, detail, heads=pk in heads)
        if report and report.is_draft and pk in unanswered:
            yield _comment_task(bloc_year, report, row, when, unanswered[pk], now)
        if not when and (not hasattr(bloc_year, "covenant") or bloc_year.covenant.signed_on is None):
            yield _covenant_task(bloc_year, owed.take(pk, Milestone.COVENANT, OwedBy.HEAD), signing.get(pk), now)


def _members(blocs):
    return Counter(Membership.objects.filter(bloc_year__in=blocs).values_list("bloc_year", flat=True))


def _received(blocs):
    """How many members have sent their annual report, by bloc."""
    came_in = Receipt.objects.filter(
        bloc_year__in=blocs, kind=Milestone.UNIT_REPORT, unit__memberships__bloc_year=F("bloc_year")
    )
    return Counter(came_in.values_list("bloc_year", flat=True))


def _unanswered(blocs):
    """How many comments on the draft wait for an answer, by bloc."""
    waiting = Comment.objects.filter(bloc_year__in=blocs, on=CommentOn.SUMMARY_REPORT, answered_at=None)
    return Counter(waiting.values_list("bloc_year", flat=True))


def _comment_task(bloc_year, report, row, when, number, now):
    deadline = of_obligation(row)
    look, words = standing_of(deadline, now)
    detail = f"{when}{bloc_year.name}: {count(number)} góp ý chưa trả lời; trả lời hết mới ghi nhận thông qua được"
    url = reverse("summary_report", args=[report.pk]) + "#gop-y"
    return Task(deadline.due_at, "Trả lời góp ý về dự thảo báo cáo tổng kết", detail, look, words, url, "Xem góp ý")


def _signing(blocs):
    """{bloc: a unit's own duty to sign}: the head makes the covenant ready by the same day."""
    rows = Obligation.objects.filter(bloc_year__in=blocs, code=Milestone.COVENANT)
    return {row.bloc_year_id: row for row in rows.order_by("-due_at", "-pk")}


def _is_settled(row, report):
    state = report.state if report else SummaryReportState.DRAFT
    on_paper = row is not None and row.received_at is not None and state != SummaryReportState.RETURNED
    return state in (SummaryReportState.SUBMITTED, SummaryReportState.ACCEPTED) or on_paper


def _summary_task(bloc_year, report, row, now, detail, *, heads):
    deadline, owed = of_obligation(row), (row.pk,) if row else ()
    due_at, title, button = deadline.due_at, "Soạn báo cáo tổng kết của khối", "Soạn tiếp"
    look, words = standing_of(deadline, now)
    if report is None:
        url = reverse("summary_report_open", args=[bloc_year.pk])
        return Task(due_at, title, detail, look, words, url, "Bắt đầu soạn", post=True, owed=owed)
    if report.state == SummaryReportState.ADOPTED:
        title = "Gửi báo cáo tổng kết đã thông qua" if heads else "Báo cáo tổng kết đang chờ Khối trưởng gửi"
        button = "Xem và gửi" if heads else "Xem báo cáo"
    elif lacking := summary_reports.missing(report):
        detail += f"; còn thiếu {count(len(lacking))} phần: {'; '.join(lacking)}"
    if report.state == SummaryReportState.RETURNED:
        look, words = "miss", f"Bị trả lại: {report.returned_note}"
    url = reverse("summary_report", args=[report.pk])
    return Task(due_at, title, detail, look, words, url, button, owed=owed)


def _covenant_task(bloc_year, row, signing, now):
    deadline, owed = of_obligation(row or signing), (row.pk,) if row else ()
    look, words = standing_of(deadline, now)
    url = reverse("covenant", args=[bloc_year.pk])
    closed = hasattr(bloc_year, "covenant") and bloc_year.covenant.closed_at
    title = "Đôn đốc các đơn vị ký giao ước thi đua" if closed else "Hoàn thiện chỉ tiêu giao ước thi đua"
    return Task(deadline.due_at, title, bloc_year.name, look, words, url, "Mở giao ước", owed=owed)
