"""Seats of heads and deputies: those who work for the leading unit have them, as long as they work there."""

from datetime import date, timedelta

from django.utils import timezone

from blocs.enums import BLOC_ROLES, MEMBER_UNIT_ROLES, MemberRole, Role
from blocs.models import BlocYear, Membership, Seat

SEAT_OF = {MemberRole.HEAD: Role.BLOC_HEAD, MemberRole.DEPUTY: Role.BLOC_DEPUTY}
AT_WORK = timedelta(days=366)  # so long after its end a year that is not closed still has work for its heads


def grant(bloc_years):
    """Give the people of each head and deputy unit their seat in the bloc's year; a seat that is there stays.

    Shape:   BlocYear queryset -> number of new seats; a constant number of queries
    """
    led: dict[int, list[tuple[int, Role]]] = {}
    for row in Membership.objects.filter(bloc_year__in=bloc_years, role__in=list(SEAT_OF)).select_related("unit"):
        led.setdefault(row.unit.unit_id, []).append((row.bloc_year_id, SEAT_OF[MemberRole(row.role)]))
    held = set(Seat.objects.filter(bloc_year__in=bloc_years).values_list("user", "bloc_year", "role"))
    people = Seat.objects.in_force().filter(role__in=MEMBER_UNIT_ROLES, unit__in=led, user__is_active=True)
    wanted: dict[tuple[int, int, str], date | None] = {}
    for user, unit, until in people.order_by("valid_to", "pk").values_list("user", "unit", "valid_to"):
        for bloc_year, role in led[unit]:
            key = (user, bloc_year, role)
            if key not in held and (key not in wanted or wanted[key]):  # of two seats the one that lasts longer
                wanted[key] = until
    fresh = [
        Seat(user_id=user, bloc_year_id=bloc_year, role=role, valid_to=until)
        for (user, bloc_year, role), until in wanted.items()
    ]
    Seat.objects.bulk_create(fresh, batch_size=500)
    return len(fresh)


def led_by(unit):
    """The offices that a unit holds now, in open years that are not closed and not long over.

    Shape:   Unit -> [unsaved Seat with bloc_year.year, without a user]
    """
    rows = Membership.objects.filter(unit__unit=unit, role__in=list(SEAT_OF), bloc_year__is_closed=False)
    running = {"bloc_year__year__is_open": True, "bloc_year__year__ends_on__gte": timezone.localdate() - AT_WORK}
    found = rows.filter(**running).select_related("bloc_year__year").order_by("bloc_year__year__starts_on", "pk")
    return [Seat(role=SEAT_OF[MemberRole(row.role)], bloc_year=row.bloc_year) for row in found]


def resting_on(seat):
    """The offices that their holder has by this seat in a unit alone: they end with it.

    Shape:   Seat -> [Seat with bloc_year.year]
    """
    if seat.role not in MEMBER_UNIT_ROLES:
        return []
    offices = _lasting(seat.user.seats.filter(role__in=BLOC_ROLES)).select_related("user", "bloc_year__year")
    others = _lasting(seat.user.seats.filter(role__in=MEMBER_UNIT_ROLES).exclude(pk=seat.pk))
    units = set(others.values_list("unit", flat=True))
    leads: dict[tuple[int, str], set[int]] = {}
    blocs = BlocYear.objects.filter(pk__in=[office.bloc_year_id for office in offices])
    rows = Membership.objects.filter(bloc_year__in=blocs, role__in=list(SEAT_OF))
    for bloc_year, role, unit in rows.values_list("bloc_year", "role", "unit__unit"):
        leads.setdefault((bloc_year, SEAT_OF[MemberRole(role)]), set()).add(unit)
    found = [(office, leads.get((office.bloc_year_id, office.role), set())) for office in offices.order_by("pk")]
    return [office for office, leading in found if seat.unit_id in leading and not leading & units]


def _lasting(seats):
    """Those that hold beyond today, or will."""
    return seats.not_over(timezone.localdate() + timedelta(days=1))
