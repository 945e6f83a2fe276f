"""A draft that the members are asked to comment on, until they have or the day is over."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from blocs.domain.deadlines import Deadline
from blocs.domain.files import END_OF_DAY, HANOI
from blocs.enums import MEMBER_UNIT_ROLES, CommentOn
from blocs.models import Comment, Membership
from reports.models import SummaryReport
from reports.todo.task import Task, standing_of
from reports.todo.years import beside, of_year
from reports.workflow import SUMMARY_EDITABLE


def tasks(seats, year, now):
    """Shape: (Seat queryset, Year, moment) -> iterator of Task; two queries"""
    units = seats.filter(role__in=MEMBER_UNIT_ROLES).values("unit")
    said = Comment.objects.filter(bloc_year=OuterRef("bloc_year"), unit=OuterRef("unit"), on=CommentOn.SUMMARY_REPORT)
    members = Membership.objects.filter(bloc_year__year__in=beside(year, now), unit__unit__in=units).exclude(
        Exists(said)
    )
    asked = {
        report.bloc_year_id: report
        for report in SummaryReport.objects.filter(
            bloc_year__in=members.values("bloc_year"),
            state__in=SUMMARY_EDITABLE,
            comments_until__gte=timezone.localdate(now),
        )
    }
    for member in members.filter(bloc_year__in=asked).select_related("unit", "bloc_year__year"):
        report = asked[member.bloc_year_id]
        due_at = datetime.combine(report.comments_until, END_OF_DAY, HANOI)
        look, words = standing_of(Deadline(due_at, None), now)
        url = reverse("summary_report", args=[report.pk]) + "#gop-y"
        detail = f"{of_year(member.bloc_year, year)}{member.bloc_year.name} · {member.unit.short}"
        yield Task(due_at, "Góp ý dự thảo báo cáo tổng kết", detail, look, words, url, "Đọc và góp ý")
