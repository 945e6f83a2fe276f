"""Seats of heads and deputies: those who work for the leading unit get them; seats of other years stay as they are."""

from datetime import date

from blocs.enums import MEMBER_UNIT_ROLES, MemberRole, Role
from blocs.models import Membership, Seat

SEAT_OF = {MemberRole.HEAD: Role.BLOC_HEAD, MemberRole.DEPUTY: Role.BLOC_DEPUTY}


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
