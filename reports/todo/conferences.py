"""What meetings left to do: for the unit that a task was given to, for the board; and a meeting of today."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from blocs.domain.deadlines import Deadline
from blocs.domain.files import END_OF_DAY, HANOI
from blocs.enums import BLOC_ROLES, MEMBER_UNIT_ROLES, Role
from blocs.models import Conference, ConferenceTask
from blocs.templatetags.vietnamese import day
from reports.todo.task import Task, standing_of
from reports.todo.years import with_meetings


def tasks(user, seats, year, now):
    """Shape: (User, Seat queryset, Year, moment) -> iterator of Task; two queries"""
    units = seats.filter(role__in=[*MEMBER_UNIT_ROLES, Role.MOVEMENT_OWNER]).values("unit")
    board = seats.filter(role=Role.BOARD_STAFF).values("authority")
    rows = ConferenceTask.objects.filter(
        Q(unit__unit__in=units)
        | (
            Q(unit=None, conference__year__authority__in=board)
            & (Q(conference__bloc_year__desk_officer=None) | Q(conference__bloc_year__desk_officer=user))
        ),
        conference__year__in=with_meetings(year, now),
        done_at=None,
    )
    for row in rows.select_related("unit", "conference__bloc_year", "conference__year__authority").order_by("due_on"):
        yield _task(row, now)
    yield from _meetings(seats, year, now)


def _task(row, now):
    due_at = datetime.combine(row.due_on, END_OF_DAY, HANOI)
    look, words = standing_of(Deadline(due_at, None), now)
    meeting = f"{row.conference.get_kind_display()} ngày {day(row.conference.held_on)}, {row.conference.of}"
    detail = " · ".join(part for part in (meeting, row.person) if part)
    title = f"Việc sau hội nghị: {row.text}"
    return Task(due_at, title, detail, look, words, reverse("task_finish", args=[row.pk]), "Ghi đã xong")


def _meetings(seats, year, now):
    """Who leads a bloc is told of its meeting on the day, until it is closed."""
    led = seats.filter(role__in=BLOC_ROLES).values("bloc_year")
    rows = Conference.objects.filter(
        bloc_year__in=led, year__in=with_meetings(year, now), held_on=timezone.localdate(now), ended_at=None
    )
    for row in rows.exclude(starts_at=None).select_related("bloc_year", "year__authority"):
        at = datetime.combine(row.held_on, row.starts_at, HANOI)
        title = f"Điều hành {row.get_kind_display().replace('Hội', 'hội', 1)}"
        words = "Đang họp" if row.opened_at else "Họp hôm nay"
        url = reverse("conference", args=[row.pk])
        yield Task(at, title, f"{row.of} · {row.place}", "idle", words, url, "Mở hội nghị")
