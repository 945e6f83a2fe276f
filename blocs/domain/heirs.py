"""Who takes the place of units that end: in the blocs of a year, in their offices, in the seats of their people."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Q

from blocs.domain import beside, expected, leaders, organisation
from blocs.enums import UNIT_ROLES, MemberRole
from blocs.errors import RuleBroken
from blocs.models import Membership, Seat, UnitYear, Year

# What apps above hand on: hand_on([UnitYear that ends], UnitYear that goes on, day, by).
HEIRS: list[Callable[[list[UnitYear], UnitYear, date, object], None]] = []


@dataclass(frozen=True)
class Choices:
    """What the board decides beside the act: which bloc of a tier takes the new unit, where it takes the office over.

    Both are ids of BlocYear; a tier without a choice follows the first unit, an office without one is left.
    """

    blocs: frozenset[int] = frozenset()
    offices: frozenset[int] = frozenset()


@dataclass
class Places:
    """What units that end leave in one year: their memberships in open blocs, tier by tier."""

    year: Year
    by_tier: dict[int, list[Membership]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, year, units):
        """In the order of ``units``."""
        order = {unit.pk: number for number, unit in enumerate(units)}
        rows = Membership.objects.filter(bloc_year__year=year, bloc_year__is_closed=False, unit__unit__in=units)
        found = cls(year)
        for row in sorted(
            rows.select_related("unit__unit", "bloc_year__bloc", "bloc_year__year__authority"),
            key=lambda row: (row.tier, order[row.unit.unit_id]),
        ):
            found.by_tier[row.tier].append(row)
        return found

    @property
    def rows(self):
        return [row for rows in self.by_tier.values() for row in rows]


def in_turn(years, units, choices):
    """What units leave in some years, in the turn in which an heir comes into their blocs: of two years that would ask
    it on the same days it goes into the first. A chosen bloc comes first, then the place of the first unit.

    Shape:   ([Year], [Unit], Choices) -> [Places]
    """
    order = {unit.pk: number for number, unit in enumerate(units)}
    found = [Places.of(year, units) for year in years]

    def turn(places):
        first = min((order[row.unit.unit_id] for row in places.rows), default=len(order))
        return all(row.bloc_year_id not in choices.blocs for row in places.rows), first

    return sorted(found, key=turn)


def take_over(places, heirs, choices, *, on):
    """Take the memberships away and make ``heirs`` members in their place, tier by tier, but for those that another
    open year asks on the same days: they take over without a membership, as one that stays in its own bloc does.

    Shape:   (Places, [UnitYear] in their order, Choices, the day from which they are members) -> None
    Raises:  RuleBroken where an heir stands in another bloc of the tier
    """
    expected.keep({row.bloc_year_id for row in places.rows}, before=on)
    led = {row.bloc_year_id: leaders.leading(row.bloc_year) for row in places.rows}
    for tier, rows in places.by_tier.items():
        chosen = next((row for row in rows if row.bloc_year_id in choices.blocs), None)
        place = chosen or rows[0]
        own = Membership.objects.filter(unit__in=heirs, tier=tier).select_related("bloc_year", "unit").first()
        if own and chosen and own.bloc_year_id != chosen.bloc_year_id:
            raise RuleBroken(
                f"{own.unit.name} đã thuộc “{own.bloc_year.name}”, không vào “{chosen.bloc_year.name}” cùng tầng được; "
                "chọn khối đang có hoặc chuyển khối trước."
            )
        Membership.objects.filter(pk__in=[row.pk for row in rows]).delete()
        coming = [] if own else _free(heirs, place)
        _join(place, coming)
        target = own.bloc_year_id if own else place.bloc_year_id
        if target in choices.offices and heirs and (own or heirs[0] in coming):
            _take_office([row for row in rows if row.bloc_year_id == target], heirs[0])
        for bloc_year_id in {row.bloc_year_id for row in rows}:
            _close_ranks(bloc_year_id)
    for bloc_year in {row.bloc_year for row in places.rows}:
        if led[bloc_year.pk] != leaders.leading(bloc_year):
            leaders.hand_seats_over(bloc_year, led[bloc_year.pk])


def join_beside(places, heirs, *, on):
    """Make ``heirs`` members right after a unit that goes on, but for those that another open year asks.

    Shape:   (Places of that unit, [UnitYear], the day from which they are members) -> None
    """
    expected.keep({row.bloc_year_id for row in places.rows}, before=on)
    for rows in places.by_tier.values():
        _join(rows[0], _free(heirs, rows[0]), after=1)


def _free(heirs, place):
    """Those whom no other open year asks in this tier on the same days."""
    rows = Membership.objects.filter(unit__unit__in=[heir.unit_id for heir in heirs], tier=place.tier)
    taken = set(beside.asked(rows, place.bloc_year.year).values_list("unit__unit", flat=True))
    return [heir for heir in heirs if heir.unit_id not in taken]


def _join(place, heirs, after=0):
    later = Membership.objects.filter(bloc_year=place.bloc_year_id, position__gte=place.position + after)
    later.update(position=F("position") + len(heirs))
    Membership.objects.bulk_create(
        Membership(bloc_year=place.bloc_year, unit=unit, position=place.position + after + number, tier=place.tier)
        for number, unit in enumerate(heirs)
    )


def _take_office(rows, heir):
    """The highest office that one of the former members held there."""
    offices = sorted((row for row in rows if row.role != MemberRole.MEMBER), key=lambda row: row.deputy_rank or 0)
    own = Membership.objects.get(bloc_year=rows[0].bloc_year_id, unit=heir)
    if offices and (own.role == MemberRole.MEMBER or (own.deputy_rank or 0) > (offices[0].deputy_rank or 0)):
        own.role, own.deputy_rank = offices[0].role, offices[0].deputy_rank
        own.save(update_fields=["role", "deputy_rank"])


def _close_ranks(bloc_year_id):
    """A second deputy becomes the first where the first has left."""
    deputies = Membership.objects.filter(bloc_year=bloc_year_id, role=MemberRole.DEPUTY)
    if not deputies.filter(deputy_rank=1).exists():
        deputies.filter(deputy_rank=2).update(deputy_rank=1)


def give_seats(units, heir, on):
    """The people of units that end also work for the heir from that day; their old seats open the old papers.

    Shape:   ([Unit], Unit, date) -> number of new seats
    """
    held = set(Seat.objects.filter(unit=heir).values_list("user", "role"))
    rows = Seat.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), unit__in=units, role__in=sorted(UNIT_ROLES))
    fresh: dict[tuple[int, str], Seat] = {}
    for row in rows.order_by(F("valid_to").desc(nulls_first=True), "pk"):
        begins = max(on, row.valid_from) if row.valid_from else on
        if (row.user_id, row.role) not in held:
            seat = Seat(user_id=row.user_id, role=row.role, unit=heir, valid_from=begins, valid_to=row.valid_to)
            fresh.setdefault((row.user_id, row.role), seat)
    Seat.objects.bulk_create(fresh.values(), batch_size=500)
    return len(fresh)


def row_in(year, unit, *, template, **columns):
    """The unit's row of a year; a new one stands where ``template`` stands.

    Shape:   (Year, Unit, UnitYear) -> UnitYear
    """
    row = UnitYear.objects.filter(year=year, unit=unit).select_related("unit").first()
    if row is None:
        row = UnitYear.objects.create(year=year, unit=unit, position=template.position, **columns)
    return row


def remove_unused(units, years):
    """Rows of ended units in years that begin after their end; where something rests on one it stays."""
    referring = organisation.references(UnitYear)
    for row in UnitYear.objects.filter(unit__in=units, year__in=years).select_related("unit", "year"):
        if not row.unit.exists_during(row.year.starts_on, row.year.ends_on) and not any(
            column.model.objects.filter(**{column.name: row}).exists() for column in referring
        ):
            row.delete()
