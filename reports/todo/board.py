"""What waits for the board: reports to look through, who is overdue, years in preparation.

Blocs that another officer follows are not told one by one: they are one line.
"""

from collections import Counter, defaultdict
from urllib.parse import urlencode

from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.urls import reverse

from blocs.domain import completeness
from blocs.domain.deadlines import Standing
from blocs.enums import Milestone, Role, label_of
from blocs.models import BlocYear, Seat, Year
from blocs.templatetags.vietnamese import figure, moment
from reports.board_filter import MINE, NOBODY
from reports.enums import SummaryReportState, UnitReportState
from reports.models import Message, SummaryReport, UnitReport
from reports.todo.task import Task, standing_of
from reports.todo.years import beside, of_year


def tasks(user, seats, year, now):
    """Shape: (User, Seat queryset, Year, moment) -> [Task]"""
    authorities = seats.filter(role=Role.BOARD_STAFF).values("authority")
    blocs = BlocYear.objects.visible_to(user).filter(year=year, year__authority__in=authorities)
    lately = BlocYear.objects.visible_to(user).filter(year__in=beside(year, now), year__authority__in=authorities)
    is_near = Q(desk_officer=None) | Q(desk_officer=user)
    far = blocs.exclude(desk_officer=None).exclude(desk_officer=user)
    mine, nobodys = blocs.filter(desk_officer=user), blocs.filter(desk_officer=None)
    is_shared = blocs.exclude(desk_officer=None).exists()  # where nobody has a desk, all the board follows all blocs
    return [
        *_summary_tasks(lately.filter(is_near), year),
        *_unit_tasks(user, lately.filter(is_near), lately.exclude(is_near), year),
        *_absent_tasks(mine, now, officer=MINE),
        *_absent_tasks(nobodys, now, officer=NOBODY if is_shared else ""),
        *_far_task(far),
        *_letter_tasks(user, authorities, year),
        *_preparation_tasks(user, seats),
    ]


def _summary_tasks(blocs, year):
    rows = SummaryReport.objects.filter(
        bloc_year__in=blocs, state=SummaryReportState.SUBMITTED, submitted_by__isnull=False
    )
    for report in rows.for_page():
        yield Task(
            report.submitted_at,
            f"Xem báo cáo tổng kết: {report.bloc_year.name}",
            f"{of_year(report.bloc_year, year)}Khối gửi lúc {moment(report.submitted_at)}",
            "idle",
            "Chờ nhận hoặc trả lại",
            reverse("summary_report", args=[report.pk]),
            "Mở báo cáo",
        )


def _waiting(blocs):
    """Reports of units to look through; who sent one back looks again, as long as that person has a seat at the board.

    Shape:   BlocYear queryset -> UnitReport queryset with ``asked``: who is asked, None for all
    """
    held = Seat.objects.in_force().filter(role=Role.BOARD_STAFF, user=OuterRef("returned_by"), user__is_active=True)
    rows = UnitReport.objects.filter(bloc_year__in=blocs, state=UnitReportState.SUBMITTED).defer("kept")
    still = Exists(held.filter(authority=OuterRef("bloc_year__year__authority")))
    return rows.annotate(asked=Case(When(still, then=F("returned_by")), default=None))


def _unit_tasks(user, near, far, year):
    """The reports of the user's blocs that nobody else sent back, and those that the user sent back."""
    waiting = [
        *_waiting(near).filter(Q(asked=None) | Q(asked=user.pk)).select_related("bloc_year__year"),
        *_waiting(far).filter(asked=user.pk).select_related("bloc_year__year"),
    ]
    by_bloc = Counter(report.bloc_year for report in waiting)
    again = Counter(report.bloc_year for report in waiting if report.asked)
    for bloc_year, number in by_bloc.items():
        detail = f"{of_year(bloc_year, year)}Nhận, hoặc trả lại kèm lý do"
        if again[bloc_year]:
            detail += f"; {again[bloc_year]} báo cáo bạn đã trả lại, nay gửi lại"
        yield Task(
            None,
            f"Xem {number} báo cáo đơn vị: {bloc_year.name}",
            detail,
            "idle",
            "Chờ xem",
            reverse("bloc_detail", args=[bloc_year.pk]),
            "Mở khối",
        )


def _absent_tasks(blocs, now, *, officer):
    """One task for all these blocs whose day has passed, of every milestone; its button shows the same blocs.

    Shape:   (BlocYear queryset, moment, what the board's filter by desk officer calls them) -> iterator of Task
    """
    counts = completeness.count(blocs)
    overdue = defaultdict(list)
    for row in sorted(counts, key=lambda row: row.position):
        if row.absent and row.deadline.standing(None, now) != Standing.OPEN:
            overdue[row.code].append(row)
    if not overdue:
        return
    lead = Milestone.UNIT_REPORT if Milestone.UNIT_REPORT in overdue else next(iter(overdue))
    rows = overdue.pop(lead)
    first = min((row.deadline for row in rows), key=lambda item: item.due_at or item.locks_at)
    absent = sum(row.absent for row in rows)
    title = f"Theo dõi {absent} nơi chưa xong: {label_of(lead)}"
    if lead == Milestone.UNIT_REPORT:
        title = f"Theo dõi {absent} đơn vị chưa gửi báo cáo năm"
    if officer == NOBODY:
        title += " (khối chưa có chuyên viên theo dõi)"
    look, words = standing_of(first, now)
    chosen = {"officer": officer, "code": "" if lead == Milestone.UNIT_REPORT else lead}
    query = urlencode({name: value for name, value in chosen.items() if value})
    url = reverse("board") + (f"?{query}" if query else "")
    detail = _absent_detail([row for row in counts if row.code == lead], absent, overdue)
    yield Task(first.due_at, title, detail, look, words, url, "Mở bảng toàn tỉnh")


def _absent_detail(rows, overdue, others):
    """How much came in; what is absent but not yet due, so that the board's number is no surprise; what else is late.

    Shape:   ([Count] of one milestone, number absent and overdue, {other code: [Count]}) -> str
    """
    label, received, expected = (
        label_of(rows[0].code),
        sum(row.received for row in rows),
        sum(row.expected for row in rows),
    )
    detail = f"{received}/{expected} {label.lower()} đã nhận"
    if ahead := sum(row.absent for row in rows) - overdue:
        detail += f", {ahead} chưa đến hạn"
    named = [f"{label_of(code)} ({sum(row.absent for row in group)})" for code, group in others.items()]
    return f"{detail}; cũng quá hạn: {', '.join(named)}" if named else detail


def _far_task(blocs):
    """The blocs that other officers follow, in one line, without what one person is asked to look at again."""
    reports = _waiting(blocs).filter(asked=None).count()
    summaries = SummaryReport.objects.filter(
        bloc_year__in=blocs, state=SummaryReportState.SUBMITTED, submitted_by__isnull=False
    ).count()
    if reports or summaries:
        yield Task(
            None,
            f"Khối do chuyên viên khác theo dõi: {summaries} báo cáo tổng kết, {reports} báo cáo đơn vị",
            "Chuyên viên theo dõi khối nhận hoặc trả lại; bạn làm thay khi cần",
            "idle",
            "Chờ xem",
            reverse("report_list"),
            "Mở danh sách báo cáo",
        )


def _letter_tasks(user, authorities, year):
    """Letters go out only when the board sends them: as long as they wait, nobody is reminded."""
    rows = Message.objects.waiting_for(user, year).filter(year__authority__in=authorities)
    if number := rows.count():
        yield Task(
            None,
            f"{figure(number)} thư nhắc chờ gửi",
            "Người nhận chưa được nhắc cho đến khi Ban Thi đua - Khen thưởng xem và gửi",
            "idle",
            "Chờ gửi",
            reverse("outbox"),
            "Mở hộp chờ gửi",
        )


def _preparation_tasks(user, seats):
    authorities = seats.filter(role=Role.BOARD_STAFF).values("authority")
    for year in Year.objects.visible_to(user).filter(authority__in=authorities, is_open=False):
        yield Task(
            None,
            f"Chuẩn bị năm {year.label}",
            "Năm chưa mở; các đơn vị chưa thấy",
            "idle",
            "Đang chuẩn bị",
            reverse("year_detail", args=[year.pk]),
            "Xem việc còn thiếu",
        )
