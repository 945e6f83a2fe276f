"""The year of one authority as a year file: what an import took comes out again.

Source: year-file
"""

from collections import defaultdict
from datetime import date

from django.db.models import Q

from awards.models import (
    AwardGiven,
    Ballot,
    Decision,
    DecisionItem,
    Hold,
    Proposal,
    ProposedCount,
    Quota,
    Recognition,
    Tally,
    Withdrawal,
)
from blocs.domain import pins
from blocs.enums import MemberRole
from blocs.models import (
    Attendance,
    Conference,
    Covenant,
    Membership,
    MilestoneDate,
    NextLeader,
    Receipt,
    Registration,
    Signature,
    Succession,
    Target,
    TargetResult,
    UnitYear,
)
from movements.models import Coordinator, Indicator, IndicatorResult, Movement
from reports.enums import SummaryPartCode
from reports.models import SummaryPart, SummaryReport


def export_year(year):
    """Plain data of a year file, without what is null or empty.

    Shape:   Year -> dict, in the key order of formats.md; one query a table
    """
    return _clean(Dump(year).run())


def _clean(value):
    if isinstance(value, dict):
        cleaned = {key: _clean(item) for key, item in value.items()}
        return {key: item for key, item in cleaned.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return value


class Dump:
    """One year, read table by table and put together by its owners' keys."""

    def __init__(self, year):
        self.year = year
        rows = UnitYear.objects.filter(year=year).select_related("unit").order_by("position", "pk")
        self.unit_rows = list(rows)
        self.units: dict[int | None, str] = {row.pk: row.unit.code for row in self.unit_rows}

    def run(self):
        year, authority = self.year, self.year.authority
        blocs = list(year.bloc_years.select_related("bloc", "parent__bloc", "rule_set").order_by("position", "pk"))
        self.blocs = {row.pk: row.bloc.code for row in blocs}
        self._collect()
        return {
            "format": "emulation-year/1",
            "year": year.year,
            "label": self._spelled("label", year.label, str(year.year)),
            "starts_on": self._spelled("starts_on", year.starts_on, date(year.year, 1, 1)),
            "ends_on": self._spelled("ends_on", year.ends_on, date(year.year, 12, 31)),
            "theme": year.theme,
            "authority": {
                name: getattr(authority, name) for name in ("code", "name", "council", "board", "place", "header")
            },
            "units": self._units(),
            "blocs": [self._bloc(row) for row in blocs],
            "movements": self._movements(),
            "conferences": self._conferences(),
        }

    def _spelled(self, name, value, default):
        return value if name in self.year.spelled or value != default else None

    def _units(self):
        origins = defaultdict(list)
        ids = [row.unit_id for row in self.unit_rows]
        later = Q(on__gt=self.year.ends_on)  # what happens to units after the year changes no file of it
        rows = Succession.objects.filter(successor__in=ids).exclude(later)
        for row in rows.select_related("predecessor").order_by("position", "pk"):
            origins[row.successor_id].append(row.predecessor.code)
        going_on = set(Succession.objects.filter(later, predecessor__in=ids).values_list("predecessor", flat=True))
        return [
            {
                "code": row.unit.code,
                "name": row.name,
                "short_name": row.short_name,
                "kind": row.kind,
                "valid_from": row.unit.valid_from,
                "valid_to": None if row.unit_id in going_on else row.unit.valid_to,
                "successor_of": origins[row.unit_id],
                "letterhead": {
                    "superior": row.letterhead_superior,
                    "name": row.letterhead_name,
                    "symbol": row.letterhead_symbol,
                    "place": row.letterhead_place,
                },
            }
            for row in self.unit_rows
        ]

    # ------------------------------------------------------------ reading, one query a table

    def _rows(self, model, owner, *related):
        """{owner id: [rows in order]}; ``owner`` may go through another row (``target__covenant``)."""
        last = owner.rpartition("__")[2]
        path = (
            owner
            if last in ("movement", "conference")
            else f"{owner}__bloc_year".replace("bloc_year__bloc_year", "bloc_year")
        )
        queryset = model.objects.filter(**{f"{path}__year": self.year}).select_related(*related)
        grouped = defaultdict(list)
        for row in queryset.order_by("position", "pk"):
            grouped[_owner(row, owner)].append(row)
        return grouped

    def _collect(self):
        self.members = self._rows(Membership, "bloc_year")
        self.next = self._rows(NextLeader, "bloc_year")
        self.quotas = self._rows(Quota, "bloc_year", "award")
        self.milestones = self._rows(MilestoneDate, "bloc_year")
        self.registrations = self._rows(Registration, "bloc_year")
        self.covenants = {row.bloc_year_id: row for row in Covenant.objects.filter(bloc_year__year=self.year)}
        self.targets = self._rows(Target, "covenant")
        self.results = self._rows(TargetResult, "target__covenant", "target")
        self.signatures = self._rows(Signature, "covenant")
        self.receipts = self._rows(Receipt, "bloc_year")
        self.reports = {row.bloc_year_id: row for row in SummaryReport.objects.filter(bloc_year__year=self.year)}
        parts = SummaryPart.objects.filter(report__bloc_year__year=self.year)
        self.parts = {(row.report_id, row.code): row.paragraphs for row in parts}
        self.recognitions = self._rows(Recognition, "bloc_year", "award")
        self.holds = self._rows(Hold, "bloc_year")
        self.ballots = self._rows(Ballot, "bloc_year", "award")
        self.tallies = self._rows(Tally, "ballot")
        self.withdrawals = self._rows(Withdrawal, "bloc_year", "award")
        self.proposals = self._rows(Proposal, "bloc_year", "award")
        self.counts = self._rows(ProposedCount, "bloc_year", "award")
        self.given = self._rows(AwardGiven, "bloc_year", "award")
        self.decisions = self._rows(Decision, "bloc_year")
        self.items = self._rows(DecisionItem, "decision", "award")

    # ------------------------------------------------------------ one bloc

    def _bloc(self, row):
        members, following = self.members[row.pk], self.next[row.pk]
        deputies = sorted((item for item in members if item.deputy_rank), key=lambda item: item.deputy_rank)
        return {
            "code": row.bloc.code,
            "name": row.name,
            "kind": row.kind,
            "type": row.type,
            "parent": row.parent and row.parent.bloc.code,
            "motto": row.motto,
            "members": self._codes(members),
            "head": next(iter(self._codes(item for item in members if item.role == MemberRole.HEAD)), None),
            "deputies": self._codes(deputies),
            "supervisor": row.supervisor,
            "rules": self._rules(row),
            "quotas": [self._quota(item) for item in self.quotas[row.pk]],
            "milestones": [
                {"code": item.code, "due": item.due_at, "locks": item.locks_at} for item in self.milestones[row.pk]
            ],
            "registrations": [
                {"unit": self.units[item.unit_id], "awards": item.awards} for item in self.registrations[row.pk]
            ],
            "covenant": self._covenant(self.covenants.get(row.pk)),
            "received": self._received(row),
            "report": self._report(self.reports.get(row.pk)),
            "recognitions": [self._recognition(item) for item in self.recognitions[row.pk]],
            "holds": [self._hold(item) for item in self.holds[row.pk]],
            "ballots": [self._ballot(item) for item in self.ballots[row.pk]],
            "withdrawals": [
                {"unit": self.units[item.unit_id], "award": item.award.code, "reason": item.reason}
                for item in self.withdrawals[row.pk]
            ],
            "proposed": self._by_award(self.proposals[row.pk]),
            "proposed_counts": {item.award.code: item.count for item in self.counts[row.pk]},
            "awarded": self._by_award(self.given[row.pk]),
            "decisions": [self._decision(item) for item in self.decisions[row.pk]],
            "next_head": next(iter(self._codes(item for item in following if item.role == MemberRole.HEAD)), None),
            "next_deputies": self._codes(item for item in following if item.role == MemberRole.DEPUTY),
        }

    def _codes(self, rows):
        return [self.units[row.unit_id] for row in rows]

    def _by_award(self, rows):
        by_award = defaultdict(list)
        for row in rows:
            by_award[row.award.code].append(self.units[row.unit_id])
        return dict(by_award)

    def _received(self, row):
        """What the board or a headless bloc owed names no unit: the file cannot say it."""
        return [
            {"unit": self.units[item.unit_id], "kind": item.kind, "at": item.at}
            for item in self.receipts[row.pk]
            if item.unit_id
        ]

    @staticmethod
    def _rules(row):
        if not pins.is_chosen(row):
            return None
        return str(row.rule_set) if row.rule_version_spelled else row.rule_set.code

    def _quota(self, row):
        names = ("max", "by_size", "max_percent", "base", "after", "rounding", "shared_with", "source")
        return {"award": row.award.code} | {name: getattr(row, name) for name in names}

    def _covenant(self, covenant):
        if covenant is None:
            return None
        own = {(item.code, item.of_id) for item in self.targets[covenant.pk] if item.of_id}
        results = [  # where a unit has its own target of that code, the file knows that one only
            item
            for item in self.results[covenant.pk]
            if item.target.of_id or not item.of_id or (item.target.code, item.of_id) not in own
        ]
        return {
            "signed_on": covenant.signed_on,
            "goals": covenant.goals,
            "targets": [
                {
                    "code": item.code,
                    "of": self.units.get(item.of_id),
                    "text": item.text,
                    "unit": item.unit_of_measure,
                    "op": item.op,
                    "value": item.value,
                }
                for item in self.targets[covenant.pk]
            ],
            "results": [
                {
                    "target": item.target.code,
                    "of": self.units.get(item.of_id),
                    "value": item.value,
                    "note": item.note,
                }
                for item in results
            ],
            "solutions": covenant.solutions,
            "signatures": [
                {"unit": self.units[item.unit_id], "signed_on": item.signed_on} for item in self.signatures[covenant.pk]
            ],
        }

    def _report(self, report):
        if report is None:
            return None
        return {code: self.parts.get((report.pk, code)) for code in SummaryPartCode.values} | {
            "adopted_on": report.adopted_on
        }

    def _recognition(self, row):
        return {
            "unit": self.units[row.unit_id],
            "award": row.award.code,
            "recipients": row.recipients,
            "count": row.count,
            "direct_workers": row.direct_workers,
        }

    def _hold(self, row):
        return {
            "unit": self.units[row.unit_id],
            "code": row.code,
            "from": row.begins_on,
            "to": row.ends_on,
            "document": row.document,
        }

    def _ballot(self, row):
        names = ("purpose", "method", "voters", "present", "seats")
        return (
            {"id": row.code, "award": row.award and row.award.code}
            | {name: getattr(row, name) for name in names}
            | {
                "threshold": {
                    "percent": row.threshold_percent,
                    "op": row.threshold_op,
                    "base": row.threshold_base,
                },
                "tally": {
                    self.units[item.unit_id]: {
                        "for": item.votes_for,
                        "against": item.votes_against,
                        "blank": item.votes_blank,
                    }
                    for item in self.tallies[row.pk]
                },
                "invalid": row.invalid,
            }
        )

    def _decision(self, row):
        return {
            "number": row.number,
            "dated": row.dated,
            "issuer": row.issuer,
            "awards": self._by_award(self.items[row.pk]),
        }

    # ------------------------------------------------------------ across the blocs

    def _movements(self):
        coordinators = self._rows(Coordinator, "movement")
        indicators = self._rows(Indicator, "movement")
        results = self._rows(IndicatorResult, "indicator__movement", "indicator")
        return [
            {
                "code": row.code,
                "name": row.name,
                "launched_by": row.launched_by,
                "launched_on": row.launched_on,
                "ends_on": row.ends_on,
                "owner": self.units.get(row.owner_id),
                "coordinators": self._codes(coordinators[row.pk]),
                "scope": row.scope,
                "method": row.method,
                "indicators": [
                    {"code": item.code, "text": item.text, "unit": item.unit_of_measure, "target": item.target}
                    for item in indicators[row.pk]
                ],
                "results": [
                    {
                        "unit": self.units.get(item.unit_id),
                        "indicator": item.indicator.code,
                        "period": item.period,
                        "value": item.value,
                    }
                    for item in results[row.pk]
                ],
            }
            for row in Movement.objects.filter(year=self.year).order_by("position", "pk")
        ]

    def _conferences(self):
        attended = self._rows(Attendance, "conference")
        return [
            {
                "bloc": self.blocs.get(row.bloc_year_id),
                "kind": row.kind,
                "held_on": row.held_on,
                "attended": self._codes(attended[row.pk]),
                "guests": row.guests,
                "directions": row.directions,
            }
            for row in Conference.objects.filter(year=self.year).order_by("position", "pk")
        ]


def _owner(row, name):
    *way, last = name.split("__")
    for step in way:
        row = getattr(row, step)
    return getattr(row, f"{last}_id")
