"""Obligations without a page of their own: what to do, and the button that opens the calendar."""

from collections import defaultdict

from django.urls import reverse

from blocs.domain.deadlines import of_obligation
from blocs.enums import BLOC_ROLES, MEMBER_UNIT_ROLES, ConferenceKind, Milestone, OwedBy
from blocs.models import Conference, Covenant
from blocs.templatetags.vietnamese import day, moment
from reports.todo.task import Task, dates, standing_of
from reports.todo.years import of_year

TITLES = {  # what a unit, a head does about a milestone
    (OwedBy.UNIT, Milestone.REGISTRATION): "Đăng ký thi đua của {}",
    (OwedBy.UNIT, Milestone.COVENANT): "Ký giao ước thi đua của {}",
    (OwedBy.UNIT, Milestone.MID_YEAR): "Gửi báo cáo sơ kết của {}",
    (OwedBy.UNIT, Milestone.SELF_SCORE): "Tự chấm điểm thi đua của {}",
    (OwedBy.HEAD, Milestone.REGISTRATION): "Tổng hợp đăng ký thi đua của khối",
    (OwedBy.HEAD, Milestone.MID_YEAR): "Tổ chức sơ kết khối",
    (OwedBy.HEAD, Milestone.SELF_SCORE): "Tổng hợp điểm tự chấm của khối",
    (OwedBy.HEAD, Milestone.CHECK): "Thẩm định điểm của các đơn vị",
    (OwedBy.HEAD, Milestone.CONFERENCE): "Tổ chức hội nghị tổng kết",
    (OwedBy.HEAD, Milestone.PROPOSAL): "Lập danh sách đề nghị khen thưởng",
    (OwedBy.HEAD, Milestone.HANDOVER): "Bàn giao cho Khối trưởng năm sau",
}
HOW_OF = {
    Milestone.REGISTRATION: "Lãnh đạo đơn vị đăng ký ở trang Giao ước",
    Milestone.COVENANT: "Khối trưởng chốt văn bản xong thì lãnh đạo đơn vị đọc và ký ở trang Giao ước",
    Milestone.PROPOSAL: "Danh sách gửi Ban Thi đua - Khen thưởng cùng báo cáo tổng kết",
}
TO_BE_SIGNED = "Văn bản đã chốt; lãnh đạo đơn vị đọc và ký ở trang Giao ước"
SIGNED_BY_UNITS = (Milestone.REGISTRATION, Milestone.COVENANT)
UNIT_SIGNS = OwedBy.UNIT, Milestone.COVENANT
HOW = {
    OwedBy.UNIT: "Làm bản giấy gửi Khối trưởng; Khối trưởng hoặc Ban Thi đua - Khen thưởng ghi ngày nhận",
    OwedBy.HEAD: "Làm xong thì mở việc này ở lịch của khối và ghi ngày",
    OwedBy.OWNER: "Việc của cơ quan chủ trì phong trào",
    OwedBy.ASSESSOR: "Việc của cơ quan thẩm định",
}


class Owed:
    """The obligations of some seats; those that are open are taken one by one, so that none is shown twice."""

    def __init__(self, rows, year):
        self.year = year
        self.rows = {self._key(row.bloc_year_id, row.code, row.owed_by, row.unit_id): row for row in rows}
        self.open = {row.pk: row for row in self.rows.values() if row.received_at is None}

    @staticmethod
    def _key(bloc_year, code, owed_by, unit):
        return bloc_year, code, owed_by, None if owed_by in (OwedBy.HEAD, OwedBy.BOARD) else unit

    def when(self, bloc_year):
        """Of which earlier year a duty is, as its line begins."""
        return of_year(bloc_year, self.year)

    def take(self, bloc_year, code, owed_by, unit=None):
        """The row of this duty, open or not, no longer open for others; None without one."""
        row = self.rows.get(self._key(bloc_year, code, owed_by, unit))
        if row:
            self.open.pop(row.pk, None)
        return row


def tasks(owed, seats, now):
    """Shape: (Owed, Seat queryset, moment) -> [Task]; nothing stays open in ``owed``"""
    rows, owed.open = list(owed.open.values()), {}
    calendar = seats.filter(role__in=[*MEMBER_UNIT_ROLES, *BLOC_ROLES]).exists()
    meetings = _planned(row.bloc_year_id for row in rows if row.code == Milestone.CONFERENCE) if calendar else {}
    closed = _closed(row.bloc_year_id for row in rows if (row.owed_by, row.code) == UNIT_SIGNS)
    found = [
        _task(row, owed, now, meetings, calendar=calendar, is_closed=row.bloc_year_id in closed)
        for row in rows
        if row.owed_by != OwedBy.BOARD
    ]
    return [*found, *_board_tasks([row for row in rows if row.owed_by == OwedBy.BOARD], owed, now)]


def _planned(bloc_years):
    """The year-end meetings to come of some blocs, of each the first."""
    if not (blocs := list(bloc_years)):
        return {}
    rows = Conference.objects.planned().filter(bloc_year__in=blocs, kind=ConferenceKind.YEAR_END)
    return {row.bloc_year_id: row for row in rows.order_by("-held_on", "-pk")}


def _closed(bloc_years):
    """Of some blocs those whose covenant is closed, so that units can sign it."""
    if not (blocs := list(bloc_years)):
        return set()
    rows = Covenant.objects.filter(bloc_year__in=blocs, closed_at__isnull=False)
    return set(rows.values_list("bloc_year", flat=True))


def _task(row, owed, now, meetings, *, calendar, is_closed):
    deadline = of_obligation(row)
    look, words = standing_of(deadline, now)
    who = row.unit.short if row.unit else row.bloc_year.name
    title = TITLES.get((row.owed_by, row.code), f"Thực hiện “{row.label}”" + (" của {}" if row.unit else ""))
    url, button = _page(row, calendar=calendar)
    knows = (row.owed_by == OwedBy.UNIT) is (row.code in SIGNED_BY_UNITS)
    how = HOW_OF.get(row.code, HOW[row.owed_by]) if knows else HOW[row.owed_by]
    if (row.owed_by, row.code) == UNIT_SIGNS and is_closed:
        how = TO_BE_SIGNED
    if (row.owed_by, row.code) == (OwedBy.HEAD, Milestone.CONFERENCE) and (meeting := meetings.get(row.bloc_year_id)):
        url, button = reverse("conference", args=[meeting.pk]), "Mở hội nghị"
        how = f"Dự kiến họp {meeting.starts_at:%H:%M} ngày {day(meeting.held_on)}"
    detail = f"{owed.when(row.bloc_year)}{row.bloc_year.name} · {dates(deadline).replace('Hạn nộp', 'Hạn')}. {how}"
    return Task(deadline.due_at, title.format(who), detail, look, words, url, button, owed=(row.pk,))


def _page(row, *, calendar):
    if row.owed_by in (OwedBy.OWNER, OwedBy.ASSESSOR) or not calendar:
        return reverse("obligation", args=[row.pk]), "Mở việc này"
    if row.code == Milestone.REGISTRATION and row.owed_by == OwedBy.UNIT:
        return reverse("covenant", args=[row.bloc_year_id]) + "#registered", "Mở trang đăng ký"
    if row.code == Milestone.COVENANT:
        return reverse("covenant", args=[row.bloc_year_id]), "Mở giao ước"
    if row.code == Milestone.PROPOSAL and row.owed_by == OwedBy.HEAD:
        return reverse("proposals", args=[row.bloc_year_id]), "Mở danh sách đề nghị"
    if row.code == Milestone.HANDOVER and row.owed_by == OwedBy.HEAD:
        return reverse("handover", args=[row.bloc_year_id]), "Mở bàn giao"
    return reverse("bloc_calendar", args=[row.bloc_year_id]), "Mở lịch của khối"


def _board_tasks(rows, owed, now):
    """What the board itself owes: one task for all blocs of the year with the same milestone and the same days."""
    groups = defaultdict(list)
    for row in rows:
        earlier = row.bloc_year_id if owed.when(row.bloc_year) else None  # the lists of all blocs are of one year
        groups[row.code, row.due_at, row.locks_at, earlier].append(row)
    for (code, due_at, _, earlier), group in groups.items():
        deadline = of_obligation(group[0])
        look, words = standing_of(deadline, now)
        one = len(group) == 1
        where = group[0].bloc_year.name if one else f"{len(group)} cụm, khối"
        detail = owed.when(group[0].bloc_year) if earlier else ""
        detail += f"Hạn {moment(due_at)}" if due_at else "Chưa đặt hạn"
        url = reverse("obligation", args=[group[0].pk]) if one else reverse("missing_province", args=[code])
        ids = tuple(row.pk for row in group)
        button = "Mở việc này" if one else "Xem các khối"
        yield Task(due_at, f"{group[0].label}: {where}", detail, look, words, url, button, owed=ids)
