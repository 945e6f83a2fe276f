"""Which units a meeting expected: written down when the bloc's members change after it, else its members of today."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from blocs.models import Conference, ExpectedUnit, Membership


def keep(bloc_years, *, before=None):
    """Keep the members of some blocs for the meetings that are over, held before a day; the first time counts.

    Shape:   ([BlocYear id], the day from which others are members, None for now) -> None
    Call it before the memberships change, under the lock of the blocs.
    """
    today = timezone.localdate()
    before = before or today + timedelta(days=1)
    over = Q(held_on__lt=today) | Q(ended_at__isnull=False) | Q(starts_at=None)
    held = Conference.objects.held().filter(over, bloc_year__in=bloc_years, held_on__lt=before)
    meetings = list(held.filter(expected_units=None).values_list("pk", "bloc_year"))
    members = Membership.objects.filter(bloc_year__in={place for _, place in meetings}).order_by("position", "pk")
    rows = list(members)
    ExpectedUnit.objects.bulk_create(
        ExpectedUnit(conference_id=meeting, unit_id=row.unit_id, role=row.role, position=position)
        for meeting, place in meetings
        for position, row in enumerate(row for row in rows if row.bloc_year_id == place)
    )


def rows_of(conference):
    """The units that a meeting of a bloc expects, with their offices.

    Shape:   Conference -> [ExpectedUnit or Membership] in the bloc's order; one query or two
    """
    if not conference.bloc_year_id:
        return []
    kept = list(conference.expected_units.select_related("unit__unit"))
    return kept or list(conference.bloc_year.memberships.select_related("unit__unit"))
