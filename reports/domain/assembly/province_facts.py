"""What the province's report is assembled from, read in a number of queries that does not grow with the blocs."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from awards.models import Recognition
from blocs.domain import completeness
from blocs.enums import Milestone
from blocs.models import BlocYear, Membership, Obligation
from reports.domain.report_forms import Forms, adds_up
from reports.enums import SummaryReportState
from reports.models import SENT_STATES, SummaryReport, UnitReport
from reports.unit_form import Figure

STANDING = (SummaryReportState.ADOPTED, SummaryReportState.SUBMITTED, SummaryReportState.ACCEPTED)
REPORTS = (Milestone.UNIT_REPORT, Milestone.SUMMARY_REPORT)


@dataclass(frozen=True)
class Told:
    """A number that a unit gave in one bloc."""

    report: UnitReport
    spec: Figure
    value: Decimal

    @property
    def key(self):
        return self.report.unit_id, self.spec.code, self.spec.unit


class ProvinceFacts:
    """The rows of one year; of the blocs' reports those that were adopted, of the units' those that were sent.

    A figure of a unit that stands in two blocs, one above the other, counts once: in the first that has a number of it.
    """

    def __init__(self, year):
        self.year = year
        self.blocs = list(BlocYear.objects.filter(year=year).order_by("position", "pk"))
        self.units = defaultdict(list)
        members = Membership.objects.filter(bloc_year__year=year).select_related("unit")
        for row in members.order_by("bloc_year__position", "bloc_year", "position", "pk"):
            self.units[row.bloc_year_id].append(row.unit)
        rows = SummaryReport.objects.filter(bloc_year__year=year)
        self.begun = {row.bloc_year_id: row for row in rows.prefetch_related("parts")}
        self.reports = {pk: row for pk, row in self.begun.items() if row.state in STANDING}
        counted = completeness.count(BlocYear.objects.filter(year=year))
        self.counted = {(row.bloc_year_id, row.code): row for row in counted if row.code in REPORTS}
        owed = Obligation.objects.filter(bloc_year__year=year, code__in=REPORTS).select_related("unit")
        self.owed: dict[tuple[int, str], list[Obligation]] = defaultdict(list)
        for obligation in owed.order_by("position", "unit__position", "pk"):
            self.owed[obligation.bloc_year_id, obligation.code].append(obligation)
        self._read_units()

    def _read_units(self):
        forms = Forms([self.year.pk])
        self.forms = {bloc.pk: forms.of(bloc) for bloc in self.blocs}
        places = {bloc.pk: place for place, bloc in enumerate(self.blocs)}
        sent = UnitReport.objects.annual().filter(bloc_year__year=self.year, state__in=SENT_STATES)
        rows = sent.select_related("unit").prefetch_related("figures")
        order = sorted(rows, key=lambda row: (row.unit.position, row.unit_id, places[row.bloc_year_id]))
        self.told = [
            Told(report, spec, row.value)
            for report in order
            for row in report.figures.all()
            if (spec := self.forms[report.bloc_year_id].figure(row.code)) and row.value is not None
        ]
        self.mended = defaultdict(list)
        mended = UnitReport.objects.annual().being_mended().filter(bloc_year__year=self.year)
        for report in mended.select_related("unit").order_by("unit__position", "unit"):
            self.mended[report.bloc_year_id].append(report.unit)
        given = Recognition.objects.filter(bloc_year__year=self.year).select_related("award")
        self.recognitions: list[Recognition] = []
        homes: dict[int, int] = {}
        for row in sorted(given.order_by("position", "pk"), key=lambda row: places[row.bloc_year_id]):
            if row.count is not None and homes.setdefault(row.unit_id, row.bloc_year_id) == row.bloc_year_id:
                self.recognitions.append(row)

    def unit_count(self):
        return len({unit.pk for units in self.units.values() for unit in units})

    def reported(self):
        """Shape: -> [(BlocYear, SummaryReport)] of those who adopted theirs, in the order of the blocs"""
        return [(bloc, self.reports[bloc.pk]) for bloc in self.blocs if bloc.pk in self.reports]

    def is_received(self, bloc):
        """Whether the board has the bloc's report: on these pages, or noted as received."""
        report = self.begun.get(bloc.pk)
        if report and report.state in (SummaryReportState.SUBMITTED, SummaryReportState.ACCEPTED):
            return True
        owed = self.owed[bloc.pk, Milestone.SUMMARY_REPORT]
        return any(row.received_at for row in owed) and not self.is_returned(bloc)

    def is_returned(self, bloc):
        report = self.begun.get(bloc.pk)
        return report is not None and report.state == SummaryReportState.RETURNED

    def absent_units(self, bloc):
        """Shape: BlocYear -> [UnitYear] that owe their annual report still"""
        owed = [row.unit for row in self.owed[bloc.pk, Milestone.UNIT_REPORT] if row.unit and not row.received_at]
        return [unit for unit in owed if unit not in self.mended[bloc.pk]]

    def figures(self):
        """What units stated, by bloc; a figure is the same in all forms that measure it alike.

        Shape:   -> {(code, unit of measure): (Figure, {BlocYear id: [Told]})} in the order of the forms
        """
        found: dict[tuple[str, str], tuple[Figure, dict[int, list[Told]]]] = {}
        for bloc in self.blocs:
            for spec in self.forms[bloc.pk].figures:
                found.setdefault((spec.code, spec.unit), (spec, defaultdict(list)))
        for told in self._first().values():
            found[told.spec.code, told.spec.unit][1][told.report.bloc_year_id].append(told)
        return found

    def _first(self):
        """What counts of each unit's figure."""
        found: dict[tuple[int, str, str], Told] = {}
        for told in self.told:
            found.setdefault(told.key, told)
        return found

    def told_otherwise(self):
        """Shape: -> [(Told that counts, Told of the same figure in another bloc that differs)]"""
        first = self._first()
        return [(first[told.key], told) for told in self.told if first[told.key].value != told.value]

    def sums_of_blocs(self):
        """Shape: -> {BlocYear id: {figure code: Decimal}} over all reports of the bloc's own units; sums alone"""
        found: dict[int, dict[str, Decimal]] = defaultdict(dict)
        for told in self.told:
            if adds_up(told.spec):
                of_bloc = found[told.report.bloc_year_id]
                of_bloc[told.spec.code] = of_bloc.get(told.spec.code, Decimal(0)) + told.value
        return found
