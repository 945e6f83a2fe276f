"""Signing again, where the signed text was opened and closed anew; the first moment goes on to count."""

from django.db.models import Exists, OuterRef
from django.urls import reverse

from blocs.enums import Milestone, Role
from blocs.models import Membership, Receipt, Signature
from blocs.templatetags.vietnamese import moment
from reports.todo.task import Task


def tasks(seats, year):
    """Shape: (Seat queryset, Year) -> [Task], one a unit that the user leads; one query"""
    place = {"bloc_year": OuterRef("bloc_year"), "unit": OuterRef("unit")}
    had_signed = Receipt.objects.filter(**place, kind=Milestone.COVENANT, as_unit=True)
    has_signed = Signature.objects.filter(covenant__bloc_year=OuterRef("bloc_year"), unit=OuterRef("unit"))
    rows = Membership.objects.filter(
        Exists(had_signed),
        ~Exists(has_signed),
        unit__unit__in=seats.filter(role=Role.UNIT_LEADER).values("unit"),
        bloc_year__year=year,
        bloc_year__is_closed=False,
        bloc_year__covenant__closed_at__isnull=False,
    )
    return [_task(row) for row in rows.select_related("unit", "bloc_year__covenant")]


def _task(row):
    bloc_year = row.bloc_year
    detail = (
        f"{bloc_year.name}: văn bản được mở lại, chốt lại lúc {moment(bloc_year.covenant.closed_at)}; chữ ký trước hết "
        "hiệu lực. Đúng hạn hay chậm vẫn tính theo lần ký đầu"
    )
    url = reverse("covenant_sign_page", args=[bloc_year.pk])
    return Task(None, f"Ký lại giao ước thi đua của {row.unit.short}", detail, "idle", "Chờ ký lại", url, "Đọc và ký")
