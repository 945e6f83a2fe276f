"""Who has sent what: the board's table, one bloc's members, the units that are late. A constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from awards.models import Proposal
from blocs.domain.deadlines import Deadline, Standing
from blocs.enums import ConferenceKind, Milestone
from blocs.models import BlocYear, Conference, Membership, MilestoneDate, Receipt, Signature
from reports.models import UnitReport

# What each member owes; the other milestones are owed by the head for the bloc. The rule set will say it later.
OWED_BY_UNITS = frozenset(
    {Milestone.REGISTRATION, Milestone.COVENANT, Milestone.MID_YEAR, Milestone.UNIT_REPORT, Milestone.SELF_SCORE}
)


@dataclass(frozen=True)
class Cell:
    """One bloc and milestone: how many of how many, and how it looks."""

    expected: int
    received: int
    on_time: int
    look: str  # full | late | miss | open | none
    words: str

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
    """The province at one look."""

    columns: list[tuple[str, str, datetime | None]] = field(default_factory=list)
    rows: list[BoardRow] = field(default_factory=list)
    units: int = 0
    received: int = 0
    on_time: int = 0

    @property
    def late(self):
        return self.received - self.on_time

    @property
    def absent(self):
        return self.units - self.received


LOOKS = {Standing.CLOSED: "miss", Standing.OVERDUE: "late"}  # of a cell that is not full


def label_of(code):
    return Milestone(code).label if code in Milestone.values else code


def board(bloc_years, *, now=None):
    """The table blocs x milestones.

    Shape:   BlocYear queryset (``visible_to`` applied) -> Board
    """
    now = now or timezone.now()
    rows = list(bloc_years.for_table())
    facts = _Facts(rows)
    table = Board(columns=facts.columns())
    for row in rows:
        cells = tuple(facts.cell(row, code, now) for code, _, _ in table.columns)
        table.rows.append(BoardRow(row, cells))
        report = facts.cell(row, Milestone.UNIT_REPORT, now, always=True)
        table.units += report.expected
        table.received += report.received
        table.on_time += report.on_time
    return table


class _Facts:
    """Everything the board needs, one query a table."""

    def __init__(self, bloc_years):
        ids = [row.pk for row in bloc_years]
        self.members: dict[int, set[int]] = defaultdict(set)
        for pk, unit in Membership.objects.filter(bloc_year__in=ids).values_list("bloc_year", "unit"):
            self.members[pk].add(unit)
        self.deadlines = {}
        for row in MilestoneDate.objects.filter(bloc_year__in=ids).order_by("position", "pk"):
            self.deadlines[row.bloc_year_id, row.code] = Deadline(row.due_at, row.locks_at)
        self.receipts: dict[tuple[int, str], dict[int, datetime]] = defaultdict(dict)
        for receipt in Receipt.objects.filter(bloc_year__in=ids):
            self.receipts[receipt.bloc_year_id, receipt.kind][receipt.unit_id] = receipt.at
        self.signed: dict[int, set[int]] = defaultdict(set)
        signatures = Signature.objects.filter(covenant__bloc_year__in=ids, covenant__signed_on__isnull=False)
        for pk, unit in signatures.values_list("covenant__bloc_year", "unit"):
            self.signed[pk].add(unit)
        held = Conference.objects.filter(bloc_year__in=ids, kind=ConferenceKind.YEAR_END).exclude(held_on=None)
        self.held = set(held.values_list("bloc_year", flat=True))
        # The list of proposals goes to the board with the summary report.
        sent = Receipt.objects.filter(bloc_year__in=ids, kind=Milestone.SUMMARY_REPORT)
        proposing = Exists(Proposal.objects.filter(bloc_year=OuterRef("bloc_year")))
        self.proposed = dict(sent.filter(proposing).values_list("bloc_year", "at"))

    def columns(self):
        """The milestones in use, in the order of their earliest due moment."""
        earliest: dict[str, datetime | None] = {}
        for (_, code), deadline in self.deadlines.items():
            known = earliest.get(code)
            earliest[code] = min(filter(None, [known, deadline.due_at]), default=None)
        ordered = sorted(earliest.items(), key=lambda item: (item[1] is None, item[1] or timezone.now()))
        return [(code, label_of(code), due) for code, due in ordered]

    def cell(self, bloc_year, code, now, *, always=False):
        deadline = self.deadlines.get((bloc_year.pk, code))
        if deadline is None and not always:
            return None
        deadline = deadline or Deadline()
        expected, received, on_time = self._counts(bloc_year, code, deadline)
        words = f"{received}/{expected} đã nhận. {deadline.words(None, now) if received < expected else 'Đủ'}"
        look = "full" if expected else "none"
        if received < expected:
            look = LOOKS.get(deadline.standing(None, now), "open")
        return Cell(expected, received, on_time, look, words)

    def _counts(self, bloc_year, code, deadline):
        """(expected, received, on time): of the members where each owes it, else of the one that the head owes."""
        moments = self.receipts[bloc_year.pk, code]
        if code not in OWED_BY_UNITS:
            if code == Milestone.CONFERENCE and bloc_year.pk in self.held:
                return 1, 1, 1
            if code == Milestone.PROPOSAL and (sent_at := self.proposed.get(bloc_year.pk)):
                return 1, 1, int(not deadline.is_late(sent_at))
            return 1, min(1, len(moments)), min(1, sum(not deadline.is_late(at) for at in moments.values()))
        members = self.members[bloc_year.pk]
        received = members.intersection(moments)
        on_time = {unit for unit in received if not deadline.is_late(moments[unit])}
        if code == Milestone.COVENANT:
            signed = members & self.signed[bloc_year.pk]
            received, on_time = received | signed, on_time | signed
        return len(members), len(received), len(on_time)


@dataclass(frozen=True)
class MemberStanding:
    """One member unit and its annual report."""

    membership: Membership
    report: UnitReport | None
    received_at: datetime | None
    state: str
    words: str


@dataclass
class Names:
    """The member units of one bloc whose annual report is late, or has not come in."""

    late: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


def late_and_absent(bloc_years):
    """Who is late and who is missing, by name.

    Shape:   BlocYear queryset -> {BlocYear id: Names}; three queries
    """
    kind = Milestone.UNIT_REPORT
    deadlines = {
        row.bloc_year_id: Deadline(row.due_at, row.locks_at)
        for row in MilestoneDate.objects.filter(bloc_year__in=bloc_years, code=kind)
    }
    receipts = Receipt.objects.filter(bloc_year__in=bloc_years, kind=kind)
    received = {(row.bloc_year_id, row.unit_id): row.at for row in receipts}
    found: dict[int, Names] = defaultdict(Names)
    rows = Membership.objects.filter(bloc_year__in=bloc_years).select_related("unit").order_by("position", "pk")
    for row in rows:
        at = received.get((row.bloc_year_id, row.unit_id))
        if at is None:
            found[row.bloc_year_id].absent.append(row.unit.short)
        elif deadlines.get(row.bloc_year_id, Deadline()).is_late(at):
            found[row.bloc_year_id].late.append(row.unit.short)
    return found


def members(bloc_year, *, now=None):
    """How each member stands with its annual report.

    Shape:   BlocYear -> [MemberStanding] in the order of members; four queries
    """
    now = now or timezone.now()
    deadline = _deadline(bloc_year, Milestone.UNIT_REPORT)
    received = dict(Receipt.objects.filter(bloc_year=bloc_year, kind=Milestone.UNIT_REPORT).values_list("unit", "at"))
    reports = {row.unit_id: row for row in UnitReport.objects.filter(bloc_year=bloc_year)}
    rows = Membership.objects.filter(bloc_year=bloc_year).select_related("unit__unit").order_by("position", "pk")
    found = []
    for row in rows:
        at, report = received.get(row.unit_id), reports.get(row.unit_id)
        standing = deadline.standing(at, now)
        words = deadline.words(at, now) if at else f"Chưa gửi. {deadline.words(None, now)}"
        if report and report.state == "returned":
            standing, words = Standing.OVERDUE, "Bị trả lại, chờ gửi lại"
        if report and report.state == "accepted":
            words += ", đã nhận"
        found.append(MemberStanding(row, report, at, look_of(standing), words))
    return found


def _deadline(bloc_year, code):
    row = MilestoneDate.objects.filter(bloc_year=bloc_year, code=code).first()
    return Deadline(row.due_at, row.locks_at) if row else Deadline()


def look_of(standing):
    """The theme's state class of a standing."""
    return "late" if standing == Standing.OVERDUE else str(standing)
