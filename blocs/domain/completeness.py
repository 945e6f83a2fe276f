"""Who has delivered: expected, received, on time, by bloc and milestone. The one place where it is counted."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Max, Min, Q

from blocs.domain import owed
from blocs.domain.deadlines import Deadline
from blocs.models import Obligation


def rate(part, whole):
    """Percent with one decimal, half away from zero; None of nothing.

    Shape:   (int, int) -> Decimal or None
    """
    if not whole:
        return None
    return (Decimal(100) * part / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Completeness:
    """One bloc and milestone; the moments are of those who are missing, else of all."""

    bloc_year_id: int
    code: str
    position: int
    expected: int
    received: int
    on_time: int
    due_at: datetime | None
    locks_at: datetime | None
    on_time_until: datetime | None  # the due moment and the days of grace

    @property
    def deadline(self):
        return Deadline(self.due_at, self.locks_at, self.on_time_until)

    @property
    def late(self):
        return self.received - self.on_time

    @property
    def absent(self):
        return self.expected - self.received

    @property
    def rate(self):
        return rate(self.received, self.expected)

    @property
    def on_time_rate(self):
        return rate(self.on_time, self.expected)


def count(bloc_years):
    """Count what is owed, came in and came in on time.

    Shape:   BlocYear queryset -> [Completeness] by bloc and milestone in their order; one query
    Source:  due-and-lock
    """
    missing = Q(received_at=None)
    rows = (
        Obligation.objects.filter(bloc_year__in=bloc_years)
        .values("bloc_year", "bloc_year__position", "code")
        .annotate(
            place=Min("position"),
            expected=Count("pk"),
            received=Count("received_at"),
            on_time=Count("pk", filter=Q(is_on_time=True)),
            due=Min("due_at"),
            due_missing=Min("due_at", filter=missing),
            until=Min("on_time_until"),
            until_missing=Min("on_time_until", filter=missing),
            locks=Max("locks_at"),
            locks_missing=Max("locks_at", filter=missing),
        )
        .order_by("bloc_year__position", "bloc_year", "place", "code")
    )
    return [
        Completeness(
            row["bloc_year"],
            row["code"],
            row["place"],
            row["expected"],
            row["received"],
            row["on_time"],
            row["due_missing"] or row["due"],
            row["locks_missing"] or row["locks"],
            row["until_missing"] or row["until"],
        )
        for row in rows
    ]


def count_all(bloc_years):
    """As ``count``, with a line of nothing for each milestone that nobody owes: an assessor not named, a bloc without
    members.

    Shape:   BlocYear queryset -> [Completeness] by bloc and milestone in their order
    """
    blocs = list(bloc_years.select_related("year__authority", "bloc"))
    found = count(bloc_years)
    known = {(row.bloc_year_id, row.code) for row in found}
    for pk, plan in owed.plans(blocs).items():
        for position, entry in enumerate(plan.entries.values()):
            if (pk, entry.code) not in known:
                found.append(
                    Completeness(pk, entry.code, position, 0, 0, 0, entry.due_at, entry.locks_at, entry.on_time_until)
                )
    order = {row.pk: (row.position, row.pk) for row in blocs}
    return sorted(found, key=lambda row: (order[row.bloc_year_id], row.position, row.code))


def codes(bloc_years):
    """The milestones of ``count_all``, without counting.

    Shape:   BlocYear queryset -> [code] in their order; a constant number of queries
    """
    found = owed.codes(list(bloc_years.select_related("year__authority", "bloc")))
    rows = Obligation.objects.filter(bloc_year__in=bloc_years).values_list("code")
    for code, position in rows.annotate(place=Min("position")):
        found[code] = min(position, found.get(code, position))
    return sorted(found, key=lambda code: (found[code], code))
