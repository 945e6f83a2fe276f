"""What came in, read from the rows that record it; one query a kind of fact."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from blocs.domain.files import END_OF_DAY, HANOI
from blocs.enums import ConferenceKind, Milestone, OwedBy
from blocs.models import Conference, Receipt, Signature

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


@dataclass
class Moments:
    """When something came in: by bloc and milestone, of a unit or of the bloc as a whole (unit None)."""

    by_unit: dict[tuple[int, str], dict[int | None, datetime]] = field(default_factory=lambda: defaultdict(dict))

    def note(self, bloc_year, code, unit, at):
        known = self.by_unit[bloc_year, code].get(unit)
        self.by_unit[bloc_year, code][unit] = min(known, at) if known else at

    def of(self, bloc_year, code, owed_by, unit):
        """The moment that counts for one who owes; what the head owes may have been sent by a former head."""
        found = self.by_unit.get((bloc_year, code), {})
        if owed_by in (OwedBy.HEAD, OwedBy.BOARD):
            return min(found.values(), default=None)
        return found.get(unit)


def moments(bloc_years):
    """Shape: [BlocYear] -> Moments; three queries and those of the apps above"""
    found = Moments()
    for receipt in Receipt.objects.filter(bloc_year__in=bloc_years):
        found.note(receipt.bloc_year_id, receipt.kind, receipt.unit_id, receipt.at)
    signatures = Signature.objects.filter(  # of a file; what was signed here has its receipt
        covenant__bloc_year__in=bloc_years, covenant__signed_on__isnull=False, signed_at=None, paper=None
    )
    for row in signatures.select_related("covenant"):
        signed_on = row.signed_on or row.covenant.signed_on
        found.note(row.covenant.bloc_year_id, Milestone.COVENANT, row.unit_id, _end_of(signed_on))
    held = Conference.objects.held().filter(bloc_year__in=bloc_years, kind__in=list(HELD))
    for meeting in held:
        found.note(meeting.bloc_year_id, HELD[ConferenceKind(meeting.kind)], None, _end_of(meeting.held_on))
    for fill in SOURCES:
        fill(bloc_years, found)
    return found


def note(obligation, *, at):
    """Record by hand that an obligation was met; the caller holds the lock of the bloc's year."""
    position = Receipt.objects.filter(bloc_year=obligation.bloc_year_id).count()
    Receipt.objects.create(
        bloc_year=obligation.bloc_year, unit=obligation.unit, kind=obligation.code, at=at, position=position
    )


def _end_of(day):
    """A day as a moment: its last second, as everywhere in the exchanged files."""
    return datetime.combine(day, END_OF_DAY, HANOI)
