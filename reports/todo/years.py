"""A year ends with its last day, what it asks for does not: of which years the first page tells."""

from django.db.models import Q
from django.utils import timezone

from blocs.domain.conferences import AFTER
from blocs.enums import Milestone
from blocs.models import Year

BEGINNING = (Milestone.REGISTRATION, Milestone.COVENANT, Milestone.MID_YEAR)  # pointless once the year is over


def beside(year, now):
    """The year, and those of its authority before it that are not long over.

    Shape:   (Year, moment) -> Year queryset
    """
    return _with(year, Q(starts_on__lte=year.starts_on), now)


def with_meetings(year, now):
    """Also those that only begin: their covenant may be signed at a meeting before.

    Shape:   (Year, moment) -> Year queryset
    """
    coming = Q(starts_on__gt=timezone.localdate(now))
    return _with(year, Q(starts_on__lte=year.starts_on) | coming, now)


def _with(year, which, now):
    lately = Q(is_open=True, ends_on__gte=timezone.localdate(now) - AFTER)
    return Year.objects.filter(Q(pk=year.pk) | which & lately, authority=year.authority_id)


def owed_in(year, now):
    """The obligations of the year, and of those before what is still open, taken in, and not of their beginning.

    Shape:   (Year, moment) -> Q on Obligation
    """
    still = Q(locks_at=None) | Q(locks_at__gte=now)
    earlier = Q(received_at=None, bloc_year__year__in=beside(year, now)) & still & ~Q(code__in=BEGINNING)
    return Q(bloc_year__year=year) | earlier


def of_year(row, year):
    """What tells a thing of an earlier year apart.

    Shape:   (row with year, Year) -> str such as ``năm 2026 · ``, empty for the year itself
    """
    return "" if row.year_id == year.pk else f"năm {row.year.label} · "
