"""Who owes what: made from calendar, members and offices; what came in is read from the facts.

``renew`` may run at any time and any number of times: it brings the rows of some blocs to what holds now. Every act
that changes a calendar, a member, an office or a fact calls it in its own transaction. What a unit owed in a bloc that
it has left stays there where it came in or was due; what it may still deliver follows it, or goes to its heir.
"""

from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from blocs.domain import calendars, facts, owed, pins, rulesets
from blocs.domain.tiers import tiers_of
from blocs.enums import OwedBy
from blocs.models import BlocYear, Extension, Membership, Obligation, Succession, UnitYear


@transaction.atomic
def renew(bloc_years):
    """Bring the obligations of these blocs to calendar, members and facts.

    Shape:   BlocYear queryset -> number of rows written; a constant number of queries
    Source:  due-and-lock
    """
    open_ones = bloc_years.filter(year__is_open=True).select_related("year__authority", "bloc").order_by("pk")
    rows = list(open_ones.select_for_update(of=("self",)))  # nobody else makes the same rows meanwhile
    plans, moments, now = owed.plans(rows), facts.moments(rows), timezone.now()
    stored, heirs = _Stored(rows), _heirs(rows)
    fresh, dirty = [], []

    def write(row, bloc_year, entry, position, unit_id):
        before = _columns(row)
        _fill(row, bloc_year, entry, position, unit_id, moments)
        if row.pk is None:
            fresh.append(row)
        elif _columns(row) != before:
            dirty.append(row)

    for bloc_year in rows:
        for line in plans[bloc_year.pk].lines:
            came_in = moments.of(bloc_year.pk, line.entry.code, line.entry.owed_by, line.unit_id)
            if row := stored.take(bloc_year, line, came_in, now, heirs):
                write(row, bloc_year, line.entry, line.position, line.unit_id)
    kept = stored.left(plans, moments, now)
    by_id = {row.pk: row for row in rows}
    for row in kept:
        entries = plans[row.bloc_year_id].entries
        write(row, by_id[row.bloc_year_id], entries[row.code], list(entries).index(row.code), row.unit_id)
    gone = [row.pk for row in stored.rest() if row not in kept]
    Obligation.objects.filter(pk__in=gone).delete()
    Obligation.objects.bulk_update(dirty, COLUMNS, batch_size=200)
    Obligation.objects.bulk_create(fresh, batch_size=500)
    return len(fresh) + len(dirty) + len(gone)


def counting():
    """The blocs of open years to which something may still come in: until as long after the year as its dates may lie.

    Shape:   -> BlocYear queryset
    """
    return BlocYear.objects.filter(year__is_open=True, year__ends_on__gte=timezone.localdate() - calendars.AFTER)


def renew_bloc(bloc_year_id):
    """``renew`` for one bloc's year, after an act in it; within ``renewed_once`` it waits for the other acts."""
    if (gathered := _GATHERED.get()) is None:
        return renew(BlocYear.objects.filter(pk=bloc_year_id))
    gathered.add(bloc_year_id)
    return 0


def renew_blocs(bloc_years):
    """``renew_bloc`` for several."""
    if (gathered := _GATHERED.get()) is None:
        renew(bloc_years)
    else:
        gathered.update(bloc_years.order_by().values_list("pk", flat=True))


@contextmanager
def renewed_once():
    """For a list of many acts in one transaction: the blocs that they touched are renewed together, after the last."""
    gathered: set[int] = set()
    token = _GATHERED.set(gathered)
    try:
        yield
    finally:
        _GATHERED.reset(token)
    if gathered:
        renew(BlocYear.objects.filter(pk__in=gathered))


_GATHERED: ContextVar[set[int] | None] = ContextVar("gathered", default=None)


def register():
    """A published set changes the calendar of the blocs that it takes in."""
    rulesets.LISTENERS.append(_follow)


def _follow(rule_set, by):
    """A year that is over, or a bloc that is closed, without a set so far keeps what is published for it; what it has
    of its own stays as it is. Where the operator's command brings history, in whatever order, closed blocs move too.

    Shape:   (RuleSet, User or None) -> [BlocYear that held another set until now]
    """
    moved = pins.give_way(rule_set, closed=by is None)
    concerned = list(pins.unpinned(rule_set).values_list("pk", flat=True))
    past = Q(year__ends_on__lt=timezone.localdate()) | Q(is_closed=True)
    pins.check(BlocYear.objects.filter(~past, pk__in=concerned))
    pins.hold(BlocYear.objects.filter(past, pk__in=concerned))
    renew(BlocYear.objects.filter(pk__in=concerned))
    return moved


COLUMNS = [
    "bloc_year", "unit", "owed_by", "position", "due_at", "on_time_until", "locks_at", "missed", "received_at",
    "is_on_time",
]  # fmt: skip


def _columns(row):
    return (
        row.bloc_year_id, row.unit_id, row.owed_by, row.position, row.due_at, row.on_time_until, row.locks_at,
        row.missed, row.received_at, row.is_on_time,
    )  # fmt: skip


# ---------------------------------------------------------------- the stored rows


def _heirs(rows):
    """Ids of UnitYear that took the place of others by an act: they may owe what was due before they began."""
    acts = Succession.objects.filter(successor__isnull=False, on__isnull=False).values("successor")
    found = UnitYear.objects.filter(year__in={row.year_id for row in rows}, unit__in=acts)
    return set(found.values_list("pk", flat=True))


class _Stored:
    """The rows of some blocs as they are in the database, taken away one by one by what is wanted."""

    def __init__(self, rows):
        years = {row.year_id for row in rows}
        self.by_place: dict[tuple[int, str], list[Obligation]] = defaultdict(list)
        known = {}
        found = Obligation.objects.filter(bloc_year__in=rows).select_related("extension", "waiver")
        for row in found:
            known[row.pk] = row
            self.by_place[row.bloc_year_id, row.code].append(row)
        here = Membership.objects.filter(bloc_year=OuterRef("bloc_year"), unit=OuterRef("unit"))
        units = Membership.objects.filter(bloc_year__in=rows).values("unit")
        former = Obligation.objects.filter(~Exists(here), unit__in=units, owed_by=OwedBy.UNIT)
        self.former: dict[tuple[int | None, str], list[Obligation]] = defaultdict(list)
        for row in former.select_related("extension", "waiver").order_by("pk"):
            self.former[row.unit_id, row.code].append(known.get(row.pk, row))
        self.tiers = tiers_of(dict(BlocYear.objects.filter(year__in=years).values_list("pk", "parent")))

    def take(self, bloc_year, line, came_in, now, heirs):
        """The row of this line, stored or new; None where nothing is owed, or it was settled in a former bloc."""
        row = self._own(bloc_year.pk, line)
        if row is None and came_in is None and (former := self._former(bloc_year, line)):
            if former.received_at or _is_closed(former, line.entry, now):
                return None
            row = former
        if came_in is None and (
            (line.is_out_of_time and not (row and line.unit_id in heirs))
            or (row is None and line.comes_too_late(bloc_year.year, now))
        ):
            return None
        if row is None:
            return Obligation(code=line.entry.code)
        self.by_place[row.bloc_year_id, row.code] = [
            other for other in self.by_place[row.bloc_year_id, row.code] if other is not row
        ]
        return row

    def _own(self, bloc_year_id, line):
        """The head's row goes on with the next head, with what was granted."""
        rows = self.by_place[bloc_year_id, line.entry.code]
        found = next((row for row in rows if row.unit_id == line.unit_id), None)
        if found is None and line.entry.owed_by in owed.OF_THE_BLOC:
            found = next((row for row in rows if row.owed_by == line.entry.owed_by), None)
        return found

    def _former(self, bloc_year, line):
        """What the unit owed under the same name in a bloc of the same tier that it has left."""
        if line.entry.owed_by != OwedBy.UNIT:
            return None
        tier = self.tiers[bloc_year.pk]
        rows = self.former[line.unit_id, line.entry.code]
        rows = [row for row in rows if row.bloc_year_id != bloc_year.pk and self.tiers[row.bloc_year_id] == tier]
        return min(rows, key=lambda row: row.received_at is None, default=None)

    def rest(self):
        return [row for rows in self.by_place.values() for row in rows]

    def left(self, plans, moments, now):
        """Of the rows that nobody wants any more, those that stay with the bloc: they tell what was so.

        Shape:   ({BlocYear id: Plan}, Moments, datetime) -> [Obligation]
        """
        rest = [
            row
            for row in self.rest()
            if row.owed_by not in owed.OF_THE_BLOC
            and (entry := plans[row.bloc_year_id].entries.get(row.code))
            and entry.owed_by == row.owed_by
        ]
        units = UnitYear.objects.filter(pk__in={row.unit_id for row in rest}).select_related("unit")
        lives = {unit.pk: owed.life_of(unit) for unit in units} if rest else {}
        others = {(pk, line.entry.code) for pk, plan in plans.items() for line in plan.lines}
        found = []
        for row in rest:
            entry = plans[row.bloc_year_id].entries[row.code]
            came_in = moments.of(row.bloc_year_id, row.code, row.owed_by, row.unit_id)
            line = owed.Owed(entry, 0, row.unit_id, lives[row.unit_id])
            is_taken_over = row.owed_by != OwedBy.UNIT and (row.bloc_year_id, row.code) in others
            is_gone = is_taken_over and not _is_closed(row, entry, now)
            if came_in or (not is_gone and not line.is_out_of_time and _was_asked(row, entry, now)):
                found.append(row)
        return found


def _was_asked(row, entry, now):
    return hasattr(row, "extension") or owed.is_past(entry.due_at, now)


def _is_closed(row, entry, now):
    """True where one who owes can deliver no more: by the calendar, and by what was granted."""
    granted = getattr(row, "extension", None)
    return owed.is_past(entry.locks_at, now) and not (granted and not owed.is_past(granted.locks_at, now))


def hand_on(units, heir):
    """What units that end have not delivered, and may still deliver, is owed by their heir, and by it once.

    Shape:   ([UnitYear], UnitYear of the same year) -> None
    Call it when the heir is a member in their place, before ``renew``; the blocs are locked.
    """
    order, now = {unit.pk: number for number, unit in enumerate(units)}, timezone.now()
    places = dict(Membership.objects.filter(unit=heir).values_list("tier", "bloc_year"))
    tiers = tiers_of(dict(BlocYear.objects.filter(year=heir.year_id).values_list("pk", "parent")))
    asked = set(Obligation.objects.filter(bloc_year__in=places.values()).values_list("bloc_year", "code"))
    own = {(row.bloc_year_id, row.code): row for row in Obligation.objects.filter(unit=heir).for_table()}
    rows = Obligation.objects.filter(unit__in=units, bloc_year__is_closed=False).missing().for_table()
    for row in sorted(rows, key=lambda row: (order[row.unit_id], row.pk)):
        place = _place(row, places, tiers, asked)
        if owed.is_past(row.locks_at, now) or ((place, row.code) not in asked and place != row.bloc_year_id):
            continue
        mine = own.get((place, row.code))
        if mine is None:
            row.bloc_year_id, row.unit = place, heir
            row.save(update_fields=["bloc_year", "unit"])
            own[place, row.code] = row
        elif mine.received_at is None:
            if hasattr(row, "extension") and not hasattr(mine, "extension"):
                Extension.objects.filter(obligation=row).update(obligation=mine)
            Obligation.objects.filter(pk=row.pk).delete()


def _place(row, places, tiers, asked):
    """The bloc in which the heir owes it: of the same tier; what an owner owes, in a bloc of its own that has it."""
    if row.owed_by == OwedBy.UNIT:
        return places.get(tiers[row.bloc_year_id])
    own = (bloc for bloc in places.values() if (bloc, row.code) in asked and row.owed_by == OwedBy.OWNER)
    return next(own, row.bloc_year_id)


def forget(pairs):
    """A file took units out of blocs as if they had never been there: nothing undelivered stays of them.

    Shape:   {(BlocYear id, UnitYear id)} -> None
    """
    rows = Obligation.objects.filter(bloc_year__in={bloc for bloc, _ in pairs}, owed_by=OwedBy.UNIT)
    gone = [pk for pk, bloc, unit in rows.values_list("pk", "bloc_year", "unit") if (bloc, unit) in pairs]
    Obligation.objects.filter(pk__in=gone).delete()


def _fill(row, bloc_year, entry, position, unit_id, moments):
    counted = row.received_at
    row.bloc_year, row.unit_id, row.owed_by, row.position = bloc_year, unit_id, entry.owed_by, position
    row.due_at, row.on_time_until, row.locks_at, row.missed = (
        entry.due_at, entry.on_time_until, entry.locks_at, entry.missed,
    )  # fmt: skip
    if extension := row.pk and getattr(row, "extension", None):
        _extend(row, extension)
    row.received_at = moments.of(bloc_year.pk, entry.code, entry.owed_by, unit_id, counted)
    row.is_on_time = None
    if row.received_at is not None:
        waived = bool(row.pk and getattr(row, "waiver", None))
        row.is_on_time = waived or not is_late(row, row.received_at)


def _extend(row, extension):
    """The later of what holds for all and what was granted: nobody is worse off for an extension."""
    if row.due_at and extension.due_at:
        row.due_at = max(row.due_at, extension.due_at)
        row.on_time_until = max(row.on_time_until, row.due_at)
    if row.locks_at:
        row.locks_at = max(row.locks_at, extension.locks_at, row.due_at or extension.locks_at)


def is_late(obligation, at):
    """True after the last second that counts as on time."""
    until = obligation.on_time_until
    return until is not None and at.replace(microsecond=0) > until
