"""What a user must do now, each obligation once, with its date and one button."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from blocs.domain.deadlines import Deadline, Standing, of_obligation
from blocs.enums import AUTHORITY_ROLES, BLOC_ROLES, Milestone, Role
from blocs.models import BlocYear, Membership, Obligation, Receipt
from blocs.templatetags.vietnamese import count, moment
from movements.models import Movement
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
        found += _movement_tasks(user, year, now)
    return sorted(found, key=lambda task: (task.due_at is None, task.due_at or now))


def upcoming(user, year, *, now=None):
    """The next three dates of the user's blocs; what the user's unit has delivered is left out."""
    now = now or timezone.now()
    rows = Obligation.objects.visible_to(user).filter(bloc_year__year=year, due_at__gt=now, received_at=None)
    if not user.seats.having(*AUTHORITY_ROLES).exists():
        rows = rows.of(user)
    dates = rows.order_by("due_at", "code").values_list("due_at", "code").distinct()[:3]
    return [Upcoming(due_at, label_of(code)) for due_at, code in dates]


# ---------------------------------------------------------------- what several tasks look up, one query for all blocs


def _deadlines(bloc_years, code):
    rows = Obligation.objects.filter(bloc_year__in=bloc_years, code=code)
    return defaultdict(Deadline, {row.bloc_year_id: of_obligation(row) for row in rows})


def _member_counts(bloc_years):
    return Counter(Membership.objects.filter(bloc_year__in=bloc_years).values_list("bloc_year", flat=True))


def _received_counts(bloc_years):
    """How many members have sent their annual report, by bloc."""
    return Counter(
        Receipt.objects.filter(
            bloc_year__in=bloc_years, kind=Milestone.UNIT_REPORT, unit__memberships__bloc_year=F("bloc_year")
        ).values_list("bloc_year", flat=True)
    )


# ---------------------------------------------------------------- units


def _unit_tasks(user, year, now):
    leads = set(user.seats.having(Role.UNIT_LEADER).values_list("unit", flat=True))
    writes = set(user.seats.having(Role.UNIT_REPORTER).values_list("unit", flat=True))
    rows = Membership.objects.filter(bloc_year__year=year, unit__unit__in=leads | writes).select_related("unit")
    blocs = [row.bloc_year_id for row in rows]
    reports = {
        (report.bloc_year_id, report.unit_id): report
        for report in UnitReport.objects.filter(bloc_year__in=blocs, unit__unit__in=leads | writes).prefetch_related(
            "parts"
        )
    }
    receipts = Receipt.objects.filter(bloc_year__in=blocs, kind=Milestone.UNIT_REPORT)
    came_in = set(receipts.values_list("bloc_year", "unit"))
    dates = _deadlines(blocs, Milestone.UNIT_REPORT)
    for membership in rows:
        key, deadline = (membership.bloc_year_id, membership.unit_id), dates[membership.bloc_year_id]
        report = reports.get(key)
        begun = report is not None and report.state != UnitReportState.DRAFT
        if not begun and (key in came_in or (report is None and deadline.due_at is None)):
            continue
        task = _unit_task(membership, report, deadline, now, leads=membership.unit.unit_id in leads)
        if task:
            yield task


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
    heads = set(user.seats.having(Role.BLOC_HEAD).values_list("bloc_year", flat=True))
    led = user.seats.having(*BLOC_ROLES).values("bloc_year")
    blocs = BlocYear.objects.filter(pk__in=led, year=year).select_related("covenant")
    found = SummaryReport.objects.filter(bloc_year__in=blocs).prefetch_related("parts")
    reports = {report.bloc_year_id: report for report in found}
    members, received = _member_counts(blocs), _received_counts(blocs)
    dates, signing = _deadlines(blocs, Milestone.SUMMARY_REPORT), _deadlines(blocs, Milestone.COVENANT)
    for bloc_year in blocs:
        pk = bloc_year.pk
        detail = f"{received[pk]}/{members[pk]} đơn vị đã gửi báo cáo năm"
        yield from _summary_task(bloc_year, reports.get(pk), dates[pk], now, detail, heads=pk in heads)
        if not hasattr(bloc_year, "covenant") or bloc_year.covenant.signed_on is None:
            yield _covenant_task(bloc_year, signing[pk], now)


def _summary_task(bloc_year, report, deadline, now, detail, *, heads):
    state = report.state if report else SummaryReportState.DRAFT
    if state in (SummaryReportState.SUBMITTED, SummaryReportState.ACCEPTED):
        return
    due_at, title = deadline.due_at, "Soạn báo cáo tổng kết của khối"
    look, words = look_of(deadline.standing(None, now)), deadline.words(None, now)
    if report is None:
        url = reverse("summary_report_open", args=[bloc_year.pk])
        yield Task(due_at, title, detail, look, words, url, "Bắt đầu soạn", post=True)
        return
    url = reverse("summary_report", args=[report.pk])
    if state == SummaryReportState.ADOPTED:
        title = "Gửi báo cáo tổng kết đã thông qua" if heads else "Báo cáo tổng kết đang chờ Khối trưởng gửi"
        yield Task(due_at, title, detail, look, words, url, "Xem và gửi" if heads else "Xem báo cáo")
        return
    lacking = summary_reports.missing(report)
    if lacking:
        detail += f"; còn thiếu {count(len(lacking))} phần: {'; '.join(lacking)}"
    if state == SummaryReportState.RETURNED:
        look, words = "miss", f"Bị trả lại: {report.returned_note}"
    yield Task(due_at, title, detail, look, words, url, "Soạn tiếp")


def _covenant_task(bloc_year, deadline, now):
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
    """One task for all blocs whose day has passed."""
    members, received = _member_counts(blocs), _received_counts(blocs)
    dates = _deadlines(blocs, Milestone.UNIT_REPORT)
    overdue = [
        pk
        for pk, deadline in dates.items()
        if received[pk] < members[pk] and deadline.standing(None, now) != Standing.OPEN
    ]
    if not overdue:
        return
    first = min((dates[pk] for pk in overdue), key=lambda deadline: deadline.due_at or deadline.locks_at)
    title = f"Theo dõi {sum(members[pk] - received[pk] for pk in overdue)} đơn vị chưa gửi báo cáo năm"
    detail = f"{received.total()}/{members.total()} báo cáo năm đã nhận"
    look, words = look_of(first.standing(None, now)), first.words(None, now)
    yield Task(first.due_at, title, detail, look, words, reverse("board"), "Mở bảng toàn tỉnh")


# ---------------------------------------------------------------- movement owners


def _movement_tasks(user, year, now):
    """The movements that the user's unit runs and that have an indicator without any result."""
    owned = user.seats.having(Role.MOVEMENT_OWNER).values("unit")
    rows = Movement.objects.filter(year=year, owner__unit__in=owned)
    measured = rows.annotate(
        asked=Count("indicators", distinct=True),
        answered=Count("indicators", filter=Q(indicators__results__isnull=False), distinct=True),
    )
    for row in measured.filter(answered__lt=F("asked")):
        lacking = row.asked - row.answered
        is_over = row.ends_on is not None and row.ends_on < timezone.localdate(now)
        yield Task(
            None,
            f"Ghi kết quả phong trào “{row.name}”",
            "Cơ quan chủ trì ghi theo từng đơn vị",
            "late" if is_over else "idle",
            f"Còn {lacking} chỉ số chưa có số liệu" if row.answered else "Chưa có số liệu nào",
            reverse("movement_detail", args=[row.pk]),
            "Ghi kết quả",
        )
