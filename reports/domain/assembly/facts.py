"""What a bloc's summary report is assembled from, read in a number of queries that does not grow with the units."""

from collections import defaultdict
from itertools import groupby

from awards.models import AwardKind, Proposal, ProposedCount, Recognition
from blocs.enums import BlocKind, Milestone
from blocs.models import Covenant, Membership, Obligation, Registration, Target
from movements.models import IndicatorResult
from reports.domain import report_forms
from reports.models import SENT_STATES, UnitReport


class BlocFacts:
    """The rows of one bloc's year; nothing of a report that is not sent."""

    def __init__(self, bloc_year):
        self.bloc_year = bloc_year
        self.form = report_forms.of_bloc(bloc_year)
        rows = Membership.objects.filter(bloc_year=bloc_year).select_related("unit").order_by("position", "pk")
        self.units = [row.unit for row in rows]
        sent = UnitReport.objects.annual().filter(bloc_year=bloc_year, state__in=SENT_STATES)
        self.reports = {row.unit_id: row for row in sent.prefetch_related("parts", "figures")}
        mended = UnitReport.objects.annual().being_mended().filter(bloc_year=bloc_year)
        self.mended = dict(mended.values_list("unit_id", "pk"))
        owed = Obligation.objects.filter(bloc_year=bloc_year, code=Milestone.UNIT_REPORT)
        self.owed = {row.unit_id: row for row in owed}
        self.covenant = Covenant.objects.filter(bloc_year=bloc_year).first()
        self.targets = list(self._targets())
        self.recognitions = defaultdict(list)
        given = Recognition.objects.filter(bloc_year=bloc_year).select_related("award")
        for row in given.order_by("position", "pk"):
            self.recognitions[row.unit_id].append(row)

        self.word = "Cụm" if bloc_year.kind == BlocKind.CLUSTER else "Khối"
        self.registrations = {row.unit_id: row for row in Registration.objects.filter(bloc_year=bloc_year)}
        self.awards = {award.code: award for award in AwardKind.objects.all()} if self.registrations else {}
        asked = Proposal.objects.filter(bloc_year=bloc_year).select_related("unit", "award")
        self.proposals = list(asked.order_by("position", "pk"))
        counted = ProposedCount.objects.filter(bloc_year=bloc_year).select_related("award")
        self.proposed_counts = list(counted.order_by("position", "pk"))
        reached = IndicatorResult.objects.filter(
            indicator__movement__year=bloc_year.year_id, unit__in=[unit.pk for unit in self.units], value__isnull=False
        ).select_related("indicator__movement", "unit")
        order = ("indicator__movement__position", "indicator__movement", "indicator__position", "indicator")
        self.results = list(reached.order_by(*order, "position", "pk"))

    def movements(self):
        """The results of the member units: of the year, else those without a period, else of the last period.

        Shape:   -> [(Movement, [(Indicator, [IndicatorResult])])] in their order
        """
        found = []
        for movement, rows in groupby(self.results, key=lambda row: row.indicator.movement):
            grouped = groupby(rows, key=lambda row: row.indicator)
            found.append((movement, [(indicator, self._of_the_year(list(same))) for indicator, same in grouped]))
        return found

    def _of_the_year(self, rows):
        known = {row.period for row in rows}
        wanted = next((period for period in (self.bloc_year.year.label, "") if period in known), rows[-1].period)
        return [row for row in rows if row.period == wanted]

    def _targets(self):
        """Targets of the bloc; a unit's result counts once its report was sent."""
        if self.covenant is None:
            return []
        rows = Target.objects.filter(covenant=self.covenant, of=None).prefetch_related("results__of")
        return rows.order_by("position", "pk")

    def reported(self):
        """Shape: -> [(UnitYear, UnitReport)] of those who sent, in the bloc's order"""
        return [(unit, self.reports[unit.pk]) for unit in self.units if unit.pk in self.reports]

    def absent(self):
        """Shape: -> [UnitYear] that have not sent"""
        known = self.reports.keys() | self.mended.keys()
        return [unit for unit in self.units if unit.pk not in known and not self._came_on_paper(unit)]

    def being_mended(self):
        """Shape: -> [UnitYear] whose report was returned and has not come back"""
        return [unit for unit in self.units if unit.pk in self.mended]

    def _came_on_paper(self, unit):
        row = self.owed.get(unit.pk)
        return row is not None and row.received_at is not None
