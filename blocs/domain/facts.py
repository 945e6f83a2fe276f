"""What came in, read from the rows that record it; one query a kind of fact."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from blocs.domain.files import END_OF_DAY, HANOI
from blocs.enums import ConferenceKind, Milestone, OwedBy
from blocs.models import Conference, Covenant, Membership, Receipt, Signature

SOURCES: list[Callable] = []  # of apps above: fill(bloc_years, Moments)


def add_source(fill):
    """Let an app above tell what came in from its own rows.

    Shape:   fill([BlocYear], Moments) -> None, a constant number of queries
    """
    SOURCES.append(fill)


HELD = {  # the milestone of the bloc as a whole that a meeting fulfils
    ConferenceKind.MID_YEAR: Milestone.MID_YEAR,
    ConferenceKind.YEAR_END: Milestone.CONFERENCE,
}

OF_UNITS = frozenset(  # what a unit may do for itself under the name of what its head owes
    {Milestone.REGISTRATION, Milestone.COVENANT, Milestone.MID_YEAR, Milestone.UNIT_REPORT, Milestone.SELF_SCORE}
)


@dataclass
class Moments:
    """When something came in: by bloc and milestone, of a unit or of the bloc as a whole (unit None)."""

    by_unit: dict[tuple[int, str], dict[int | None, datetime]] = field(default_factory=lambda: defaultdict(dict))
    of_bloc: dict[tuple[int, str], dict[int | None, datetime]] = field(default_factory=lambda: defaultdict(dict))

    def note(self, bloc_year, code, unit, at, *, as_unit=False):
        """``as_unit``: the unit did it for itself, so that it is not what the bloc's head or the board owes."""
        for kept in [self.by_unit] if as_unit else [self.by_unit, self.of_bloc]:
            known = kept[bloc_year, code].get(unit)
            kept[bloc_year, code][unit] = min(known, at) if known else at

    def of(self, bloc_year, code, owed_by, unit, counted=None):
        """The moment that counts for one who owes. For head and board whatever came in, but not what a unit did for
        itself; of things that units do too, what the unit that leads now did, or what was ``counted`` of a former one.
        A covenant that all had signed stays signed when a member comes later, as long as the last signature stands.
        """
        if owed_by not in (OwedBy.HEAD, OwedBy.BOARD):
            return self.by_unit.get((bloc_year, code), {}).get(unit)
        found = self.of_bloc.get((bloc_year, code), {})
        if owed_by == OwedBy.BOARD or unit is None or code not in OF_UNITS:
            return min(found.values(), default=None)
        mine = [found[one] for one in (None, unit) if one in found]
        stands = counted in found.values() or (code == Milestone.COVENANT and counted in self._signed(bloc_year))
        return min(mine, default=counted if stands else None)

    def _signed(self, bloc_year):
        return self.by_unit.get((bloc_year, Milestone.COVENANT), {}).values()


def moments(bloc_years):
    """Shape: [BlocYear] -> Moments; five queries and those of the apps above"""
    found = Moments()
    for receipt in Receipt.objects.filter(bloc_year__in=bloc_years):
        found.note(receipt.bloc_year_id, receipt.kind, receipt.unit_id, receipt.at, as_unit=receipt.as_unit)
    signatures = Signature.objects.filter(  # of a file; what was signed here has its receipt
        Q(signed_on__isnull=False) | Q(covenant__signed_on__isnull=False),
        covenant__bloc_year__in=bloc_years, signed_at=None, paper=None,
    )  # fmt: skip
    for row in signatures.select_related("covenant"):
        signed_on = row.signed_on or row.covenant.signed_on
        found.note(row.covenant.bloc_year_id, Milestone.COVENANT, row.unit_id, _end_of(signed_on), as_unit=True)
    for covenant in Covenant.objects.filter(bloc_year__in=bloc_years, signed_on__isnull=False):
        units = found.by_unit[covenant.bloc_year_id, Milestone.COVENANT].values()
        found.note(covenant.bloc_year_id, Milestone.COVENANT, None, _signed_at(covenant, units))
    for bloc_year, units in _signing(bloc_years).items():
        signed, by_hand = (kept[bloc_year, Milestone.COVENANT] for kept in (found.by_unit, found.of_bloc))
        if units.keys() <= signed.keys() and all(has or unit in by_hand for unit, has in units.items()):
            found.note(bloc_year, Milestone.COVENANT, None, max(signed[unit] for unit in units))
    held = Conference.objects.held().filter(bloc_year__in=bloc_years, kind__in=list(HELD))
    for meeting in held:
        found.note(meeting.bloc_year_id, HELD[ConferenceKind(meeting.kind)], None, _end_of(meeting.held_on))
    for fill in SOURCES:
        fill(bloc_years, found)
    return found


def note(obligation, *, at):
    """Record by hand that an obligation was met; the caller holds the lock of the bloc's year."""
    position = Receipt.objects.filter(bloc_year=obligation.bloc_year_id).count()
    own = Receipt.objects.filter(bloc_year=obligation.bloc_year_id, unit=obligation.unit_id, kind=obligation.code)
    Receipt.objects.create(
        bloc_year=obligation.bloc_year,
        unit=None if own.exists() else obligation.unit,  # of the bloc, where the head's unit has done it for itself
        kind=obligation.code,
        at=at,
        position=position,
    )


def _signing(bloc_years):
    """{BlocYear id: {unit: has it signed}}: the members of blocs whose covenant has signatures and no day of its own;
    a receipt alone may be of a text that was opened again."""
    waiting = Signature.objects.filter(covenant__signed_on=None).values("covenant__bloc_year")
    signature = Signature.objects.filter(covenant__bloc_year=OuterRef("bloc_year"), unit=OuterRef("unit"))
    rows = Membership.objects.filter(Q(bloc_year__in=waiting), bloc_year__in=bloc_years)
    found: dict[int, dict[int, bool]] = defaultdict(dict)
    for bloc_year, unit, has in rows.annotate(has=Exists(signature)).values_list("bloc_year", "unit", "has"):
        found[bloc_year][unit] = has
    return found


def _signed_at(covenant, moments):
    """When a covenant was signed: where it was closed here, the last of the units' moments by that day, since the day
    is typed; else the day.
    """
    end = _end_of(covenant.signed_on)
    if covenant.closed_at is None or not moments:
        return end
    return max((at for at in moments if at <= end), default=min(moments))


def _end_of(day):
    """A day as a moment: its last second, as everywhere in the exchanged files."""
    return datetime.combine(day, END_OF_DAY, HANOI)
