"""Who has sent what: the board's table, one bloc's members, the units that are late. A constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from blocs.domain import completeness
from blocs.domain.deadlines import Standing, of_obligation
from blocs.enums import Milestone, label_of
from blocs.models import BlocYear, Membership, Obligation
from reports.enums import UnitReportKind
from reports.models import UnitReport


@dataclass(frozen=True)
class Cell:
    """One bloc and milestone: how many of how many, and how it looks."""

    expected: int
    received: int
    on_time: int
    look: str  # full | late | miss | open | none, where nobody owes it
    words: str
    code: str = ""

    @property
    def fill(self):
        """Width of the bar in steps of five percent: whole only when all is there, empty only when nothing is."""
        if self.received in (0, self.expected):
            return 100 if self.received else 0
        return 5 * min(19, max(1, round(20 * self.received / self.expected)))


@dataclass(frozen=True)
class BoardRow:
    bloc_year: BlocYear
    cells: tuple[Cell | None, ...]


@dataclass
class Board:
    """The province at one look; the totals are of one milestone, ``lead``."""

    lead: str = Milestone.UNIT_REPORT
    columns: list[tuple[str, str, datetime | None]] = field(default_factory=list)
    owed: set[str] = field(default_factory=set)  # the codes that somebody owes
    rows: list[BoardRow] = field(default_factory=list)
    units: int = 0
    expected: int = 0
    received: int = 0
    on_time: int = 0

    @property
    def lead_label(self):
        return label_of(self.lead)

    @property
    def late(self):
        return self.received - self.on_time

    @property
    def absent(self):
        return self.expected - self.received

    @property
    def rate(self):
        return completeness.rate(self.received, self.expected)

    @property
    def on_time_rate(self):
        return completeness.rate(self.on_time, self.expected)


LOOKS = {Standing.CLOSED: "miss", Standing.OVERDUE: "late"}  # of a cell that is not full


def board(bloc_years, *, codes=(), now=None):
    """The table blocs x milestones, of these codes or of all; with those that nobody owes.

    Shape:   BlocYear queryset (``visible_to`` applied), [milestone code] -> Board; a constant number of queries
    """
    now = now or timezone.now()
    rows = list(bloc_years.for_table())
    counts = [row for row in completeness.count_all(bloc_years) if not codes or row.code in codes]
    by_bloc = {(row.bloc_year_id, row.code): row for row in counts}
    table = Board(columns=_columns(counts), owed={row.code for row in counts if row.expected})
    for bloc_year in rows:
        found = [by_bloc.get((bloc_year.pk, code)) for code, _, _ in table.columns]
        table.rows.append(BoardRow(bloc_year, tuple(row and cell(row, now) for row in found)))
    if codes and Milestone.UNIT_REPORT not in codes:
        table.lead = next((code for code, _, _ in table.columns), codes[0])
    _add_totals(table, [row for row in counts if row.code == table.lead])
    table.units = Membership.objects.filter(bloc_year__in=bloc_years).aggregate(units=Count("unit", distinct=True))[
        "units"
    ]
    return table


def _add_totals(table, counts):
    table.expected = sum(row.expected for row in counts)
    table.received = sum(row.received for row in counts)
    table.on_time = sum(row.on_time for row in counts)


def _columns(counts):
    """The milestones in use, in the order of their earliest due moment."""
    earliest: dict[str, datetime | None] = {}
    for row in counts:
        earliest[row.code] = min(filter(None, [earliest.get(row.code), row.due_at]), default=None)
    ordered = sorted(earliest.items(), key=lambda item: (item[1] is None, item[1] or timezone.now()))
    return [(code, label_of(code), due) for code, due in ordered]


def cell(row, now):
    """How one bloc stands with one milestone.

    Shape:   (Completeness, moment) -> Cell
    """
    if not row.expected:
        return Cell(0, 0, 0, "none", "Chưa có ai phải làm", row.code)
    deadline = row.deadline
    is_full = row.received == row.expected
    words = f"{row.received}/{row.expected} đã nhận. {'Đủ' if is_full else deadline.words(None, now)}"
    look = "full" if is_full else LOOKS.get(deadline.standing(None, now), "open")
    return Cell(row.expected, row.received, row.on_time, look, words, row.code)


@dataclass(frozen=True)
class MemberStanding:
    """One member unit and its annual report."""

    membership: Membership
    report: UnitReport | None
    received_at: datetime | None
    state: str
    words: str
    mid_year: UnitReport | None = None


@dataclass
class Names:
    """The units of one bloc whose annual report is late, or has not come in."""

    late: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


def late_and_absent(bloc_years):
    """Who is late and who is missing, by name.

    Shape:   BlocYear queryset -> {BlocYear id: Names}; two queries
    """
    members = Membership.objects.filter(bloc_year__in=bloc_years)
    places = {(row.bloc_year_id, row.unit_id): (row.position, row.pk) for row in members}
    rows = Obligation.objects.filter(bloc_year__in=bloc_years, code=Milestone.UNIT_REPORT, unit__isnull=False)
    found: dict[int, Names] = defaultdict(Names)

    def place(row):  # who is no member any more comes after the members
        member = places.get((row.bloc_year_id, row.unit_id))
        return member is None, member or (row.unit.position, row.pk)

    for row in sorted(rows.select_related("unit"), key=place):
        names = found[row.bloc_year_id].absent if row.received_at is None else found[row.bloc_year_id].late
        if row.unit and not row.is_on_time:
            names.append(row.unit.short)
    return found


def members(bloc_year, *, now=None):
    """How each member stands with its annual report.

    Shape:   BlocYear -> [MemberStanding] in the order of members; three queries
    """
    now = now or timezone.now()
    owed = {row.unit_id: row for row in Obligation.objects.filter(bloc_year=bloc_year, code=Milestone.UNIT_REPORT)}
    reports = {(row.kind, row.unit_id): row for row in UnitReport.objects.filter(bloc_year=bloc_year).defer("kept")}
    rows = Membership.objects.filter(bloc_year=bloc_year).select_related("unit__unit").order_by("position", "pk")
    found = []
    for row in rows:
        obligation, report = owed.get(row.unit_id), reports.get((UnitReportKind.ANNUAL, row.unit_id))
        at, deadline = (obligation.received_at if obligation else None), of_obligation(obligation)
        standing = deadline.standing(at, now)
        words = deadline.words(at, now) if at else f"Chưa gửi. {deadline.words(None, now)}"
        if owed and obligation is None:
            words = "Không phải gửi"
        if report and report.state == "returned":
            standing, words = Standing.OVERDUE, "Bị trả lại, chờ gửi lại"
        if report and report.state == "accepted":
            words += ", đã nhận"
        mid_year = reports.get((UnitReportKind.MID_YEAR, row.unit_id))
        found.append(MemberStanding(row, report, at, look_of(standing), words, mid_year))
    return found


def look_of(standing):
    """The theme's state class of a standing."""
    return "late" if standing == Standing.OVERDUE else str(standing)
