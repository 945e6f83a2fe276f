"""Changes of a signed covenant that wait for the consent of one's own side."""

from django.db.models import Q
from django.urls import reverse

from blocs.enums import Role
from blocs.models import Amendment
from reports.todo.task import Task
from reports.todo.years import beside, of_year


def tasks(seats, year, now):
    """Shape: (Seat queryset, Year, moment) -> [Task], one a covenant; one query"""
    heads = seats.filter(role=Role.BLOC_HEAD).values("bloc_year")
    boards = seats.filter(role=Role.BOARD_STAFF).values("authority")
    rows = Amendment.objects.filter(
        Q(head_agreed_at=None, covenant__bloc_year__in=heads)
        | Q(officer_agreed_at=None, covenant__bloc_year__year__authority__in=boards),
        covenant__bloc_year__year__in=beside(year, now),
        applied_at=None,
        refused_at=None,
    ).select_related("covenant__bloc_year__year")
    found: dict[int, list[Amendment]] = {}
    for row in rows:
        found.setdefault(row.covenant.bloc_year_id, []).append(row)
    return [_task(group, year) for group in found.values()]


def _task(group, year):
    bloc_year = group[0].covenant.bloc_year
    url = reverse("covenant", args=[bloc_year.pk]) + "#amended"
    where = f"{of_year(bloc_year, year)}{bloc_year.name}"
    detail = f"{where}: {len(group)} đề nghị. Lý do: {'; '.join(row.reason for row in group[:3])}"
    return Task(None, "Đồng ý điều chỉnh giao ước", detail, "idle", "Chờ bạn đồng ý", url, "Xem đề nghị")
