"""What a user must do now, each obligation once, with its date and one button."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from blocs.domain import deadlines
from blocs.domain.deadlines import Deadline, Standing
from blocs.enums import BLOC_ROLES, Milestone, Role
from blocs.models import BlocYear, Membership, MilestoneDate, Receipt
from blocs.templatetags.vietnamese import count, moment
from movements.models import IndicatorResult, Movement
from reports.domain import summary_reports, unit_reports
from reports.domain.standing import label_of, look_of
from reports.enums import SummaryReportState, UnitReportState
from reports.models import SummaryReport, UnitReport


@dataclass(frozen=True)
class Task:
    """One thing to do. ``post`` means that the button begins something."""

    due_at: datetime | None
    title: str
    detail: str
    look: str
    words: str
    url: str
    button: str
    post: bool = False


@dataclass(frozen=True)
class Upcoming:
    """A date that comes next, for the one who has nothing to do."""

    due_at: datetime
    words: str


def tasks(user, year, *, now=None):
    """Shape: (User, Year) -> [Task], the most urgent first"""
    now = now or timezone.now()
    roles = set(user.seats.in_force().values_list("role", flat=True))
    found = [*_unit_tasks(user, year, now), *_bloc_tasks(user, year, now)]
    if Role.BOARD_STAFF in roles:
        found += _board_tasks(user, year, now)
    if Role.MOVEMENT_OWNER in roles:
        found += _movement_tasks(user, year)
    return sorted(found, key=lambda task: (task.due_at is None, task.due_at or now))


def upcoming(user, year, *, now=None):
    """The next three dates of the user's blocs."""
    now = now or timezone.now()
    rows = MilestoneDate.objects.filter(
        bloc_year__in=BlocYear.objects.visible_to(user).filter(year=year), due_at__gt=now
    ).order_by("due_at")
    seen, found = set(), []
    for row in rows.select_related("bloc_year"):
        if (row.code, row.due_at) not in seen:
            seen.add((row.code, row.due_at))
            found.append(Upcoming(row.due_at, label_of(row.code)))
    return found[:3]


# ---------------------------------------------------------------- units


def _unit_tasks(user, year, now):
    leads = set(user.seats.having(Role.UNIT_LEADER).values_list("unit", flat=True))
    writes = set(user.seats.having(Role.UNIT_REPORTER).values_list("unit", flat=True))
    rows = Membership.objects.filter(bloc_year__year=year, unit__unit__in=leads | writes)
    for membership in rows.select_related("unit", "bloc_year"):
        report = (
            UnitReport.objects.filter(bloc_year=membership.bloc_year_id, unit=membership.unit_id)
            .prefetch_related("parts")
            .first()
        )
        if report is None and _has_come_in(membership):
            continue
        deadline = deadlines.of_milestone(membership.bloc_year_id, Milestone.UNIT_REPORT)
        if report is None and deadline.due_at is None:
            continue
        task = _unit_task(membership, report, deadline, now, leads=membership.unit.unit_id in leads)
        if task:
            yield task


def _has_come_in(membership):
    return Receipt.objects.filter(
        bloc_year=membership.bloc_year_id, unit=membership.unit_id, kind=Milestone.UNIT_REPORT
    ).exists()


def _unit_task(membership, report, deadline, now, *, leads):
    state = report.state if report else UnitReportState.DRAFT
    if state in (UnitReportState.SUBMITTED, UnitReportState.ACCEPTED):
        return None
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
    if state == UnitReportState.RETURNED:
        title = f"Sửa báo cáo năm của {membership.unit.short} bị trả lại"
        look, words = "miss", f"Lý do: {report.returned_note}"
    else:
        look, words = look_of(deadline.standing(None, now)), deadline.words(None, now)
    return Task(deadline.due_at, title, _dates(deadline), look, words, url, button, post)


def _dates(deadline: Deadline):
    words = f"Hạn nộp {moment(deadline.due_at)}" if deadline.due_at else "Chưa đặt hạn nộp"
    return f"{words} · còn nhận (tính là chậm) đến {moment(deadline.locks_at)}" if deadline.locks_at else words


# ---------------------------------------------------------------- head and deputy


def _bloc_tasks(user, year, now):
    led = user.seats.having(*BLOC_ROLES).values("bloc_year")
    for bloc_year in BlocYear.objects.filter(pk__in=led, year=year).select_related("year"):
        report = SummaryReport.objects.filter(bloc_year=bloc_year).prefetch_related("parts").first()
        deadline = deadlines.of_milestone(bloc_year.pk, Milestone.SUMMARY_REPORT)
        task = _summary_task(bloc_year, report, deadline, now)
        if task:
            yield task
        if not hasattr(bloc_year, "covenant") or bloc_year.covenant.signed_on is None:
            yield _covenant_task(bloc_year, now)


def _summary_task(bloc_year, report, deadline, now):
    state = report.state if report else SummaryReportState.DRAFT
    if state in (SummaryReportState.SUBMITTED, SummaryReportState.ACCEPTED):
        return None
    received = Receipt.objects.filter(bloc_year=bloc_year, kind=Milestone.UNIT_REPORT).count()
    detail = f"{received}/{bloc_year.memberships.count()} đơn vị đã gửi báo cáo năm"
    look, words = look_of(deadline.standing(None, now)), deadline.words(None, now)
    if report is None:
        url = reverse("summary_report_open", args=[bloc_year.pk])
        return Task(
            deadline.due_at, "Soạn báo cáo tổng kết của khối", detail, look, words, url, "Bắt đầu soạn", post=True
        )
    url = reverse("summary_report", args=[report.pk])
    lacking = summary_reports.missing(report)
    if state == SummaryReportState.ADOPTED:
        return Task(deadline.due_at, "Gửi báo cáo tổng kết đã thông qua", detail, look, words, url, "Xem và gửi")
    if lacking:
        detail += f"; còn thiếu {count(len(lacking))} phần: {', '.join(lacking)}"
    if state == SummaryReportState.RETURNED:
        look, words = "miss", f"Bị trả lại: {report.returned_note}"
    return Task(deadline.due_at, "Soạn báo cáo tổng kết của khối", detail, look, words, url, "Soạn tiếp")


def _covenant_task(bloc_year, now):
    deadline = deadlines.of_milestone(bloc_year.pk, Milestone.COVENANT)
    url = reverse("covenant", args=[bloc_year.pk])
    look, words = look_of(deadline.standing(None, now)), deadline.words(None, now)
    return Task(
        deadline.due_at, "Hoàn thiện chỉ tiêu giao ước thi đua", bloc_year.name, look, words, url, "Mở giao ước"
    )


# ---------------------------------------------------------------- board


def _board_tasks(user, year, now):
    blocs = BlocYear.objects.visible_to(user).filter(year=year)
    reports = SummaryReport.objects.filter(
        bloc_year__in=blocs, state=SummaryReportState.SUBMITTED, submitted_by__isnull=False
    )
    for report in reports.for_page():
        detail = f"Khối gửi lúc {moment(report.submitted_at)}"
        url = reverse("summary_report", args=[report.pk])
        yield Task(
            report.submitted_at,
            f"Xem báo cáo tổng kết: {report.bloc_year.name}",
            detail,
            "idle",
            "Chờ nhận hoặc trả lại",
            url,
            "Mở báo cáo",
        )
    waiting = UnitReport.objects.filter(bloc_year__in=blocs, state=UnitReportState.SUBMITTED).select_related(
        "bloc_year"
    )
    by_bloc = Counter(report.bloc_year for report in waiting)
    for bloc_year, number in by_bloc.items():
        url = reverse("bloc_detail", args=[bloc_year.pk])
        yield Task(
            None,
            f"Xem {number} báo cáo đơn vị: {bloc_year.name}",
            "Nhận, hoặc trả lại kèm lý do",
            "idle",
            "Chờ xem",
            url,
            "Mở khối",
        )
    yield from _absent_task(blocs, now)


def _absent_task(blocs, now):
    members = Membership.objects.filter(bloc_year__in=blocs).count()
    received = Receipt.objects.filter(bloc_year__in=blocs, kind=Milestone.UNIT_REPORT).count()
    first = MilestoneDate.objects.filter(bloc_year__in=blocs, code=Milestone.UNIT_REPORT).order_by("due_at").first()
    if first is None or received >= members:
        return
    deadline = Deadline(first.due_at, first.locks_at)
    look, words = look_of(deadline.standing(None, now)), deadline.words(None, now)
    detail = f"{received}/{members} báo cáo năm đã nhận"
    title = f"Theo dõi {members - received} đơn vị chưa gửi báo cáo năm"
    if deadline.standing(None, now) != Standing.OPEN:
        yield Task(first.due_at, title, detail, look, words, reverse("board"), "Mở bảng toàn tỉnh")


# ---------------------------------------------------------------- movement owners


def _movement_tasks(user, year):
    owned = user.seats.having(Role.MOVEMENT_OWNER).values("unit")
    rows = Movement.objects.filter(year=year, owner__unit__in=owned)
    reported = set(
        IndicatorResult.objects.filter(indicator__movement__in=rows).values_list("indicator__movement", flat=True)
    )
    for row in rows:
        url = reverse("movement_detail", args=[row.pk])
        words = "Đã có số liệu, bổ sung khi có thêm" if row.pk in reported else "Chưa có số liệu nào"
        look = "ok" if row.pk in reported else "late"
        yield Task(
            None,
            f"Ghi kết quả phong trào “{row.name}”",
            "Cơ quan chủ trì ghi theo từng đơn vị",
            look,
            words,
            url,
            "Ghi kết quả",
        )
