"""Handovers that wait for one's signature, of this year or an earlier one."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from blocs.domain import handovers
from blocs.enums import Role
from blocs.models import Handover
from blocs.templatetags.vietnamese import day
from reports.todo.task import Task


def tasks(user, seats, year, now):
    """Whoever signs for a side that has not signed, once the day of the handover is noted and has come.

    Shape:   (User, Seat queryset, Year, moment) -> iterator of Task; one query and some for each that may be his
    """
    units = seats.filter(role=Role.UNIT_LEADER).values("unit")
    blocs = seats.filter(role=Role.BLOC_HEAD).values("bloc_year__bloc")
    rows = Handover.objects.filter(
        Q(giver_signed_at=None, giver__unit__in=units)
        | Q(receiver_signed_at=None, receiver__unit__in=units)
        | Q(bloc_year__bloc__in=blocs),
        bloc_year__year__authority=year.authority_id,
        bloc_year__year__starts_on__lte=year.starts_on,
        handed_on__lte=timezone.localdate(now),
    )
    for row in rows.select_related("bloc_year__year", "giver", "receiver").order_by("handed_on", "pk"):
        for side, label in handovers.SIDES.items():
            if getattr(row, f"{side}_signed_at") is None and handovers.signs(user, row, side):
                yield _task(row, side, label)


def _task(row, side, label):
    title = f"Ký {label} biên bản bàn giao {row.bloc_year.head_word}"
    detail = f"{row.bloc_year.name}, năm {row.bloc_year.year.label} · {row.giver.name} → {row.receiver.name}"
    url = reverse("handover", args=[row.bloc_year_id])
    return Task(None, title, f"{detail} · bàn giao {day(row.handed_on)}", "idle", "Chờ bạn ký", url, "Mở biên bản")
