"""The movements that the user's unit runs."""

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from blocs.enums import Role
from movements.models import Movement
from reports.todo.task import Task
from reports.todo.years import beside, of_year


def tasks(seats, year, now):
    """The movements that have an indicator without any result.

    Shape:   (Seat queryset, Year, moment) -> iterator of Task
    """
    owned = seats.filter(role=Role.MOVEMENT_OWNER).values("unit")
    rows = Movement.objects.select_related("year").filter(year__in=beside(year, now), owner__unit__in=owned)
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
            f"{of_year(row, year)}Cơ quan chủ trì ghi theo từng đơn vị",
            "late" if is_over else "idle",
            f"Còn {lacking} chỉ số chưa có số liệu" if row.answered else "Chưa có số liệu nào",
            reverse("movement_detail", args=[row.pk]),
            "Ghi kết quả",
        )
