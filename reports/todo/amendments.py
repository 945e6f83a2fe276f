"""Changes of a signed covenant that wait for the consent of one's own side."""

from django.db.models import Q
from django.urls import reverse

from blocs.enums import Role
from blocs.models import Amendment
from reports.todo.task import Task


def tasks(seats, year):
    """Shape: (Seat queryset, Year) -> [Task], one a covenant; one query"""
    heads = seats.filter(role=Role.BLOC_HEAD).values("bloc_year")
    boards = seats.filter(role=Role.BOARD_STAFF).values("authority")
    rows = Amendment.objects.filter(
        Q(head_agreed_at=None, covenant__bloc_year__in=heads)
        | Q(officer_agreed_at=None, covenant__bloc_year__year__authority__in=boards),
        covenant__bloc_year__year=year,
        applied_at=None,
        refused_at=None,
    ).select_related("covenant__bloc_year")
    found: dict[int, list[Amendment]] = {}
    for row in rows:
        found.setdefault(row.covenant.bloc_year_id, []).append(row)
    return [_task(group) for group in found.values()]


def _task(group):
    bloc_year = group[0].covenant.bloc_year
    url = reverse("covenant", args=[bloc_year.pk]) + "#amended"
    detail = f"{bloc_year.name}: {len(group)} đề nghị. Lý do: {'; '.join(row.reason for row in group[:3])}"
    return Task(None, "Đồng ý điều chỉnh giao ước", detail, "idle", "Chờ bạn đồng ý", url, "Xem đề nghị")
