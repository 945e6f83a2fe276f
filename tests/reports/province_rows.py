"""A province whose units and blocs have reported, for tests of its report."""

from decimal import Decimal

from awards.models import AwardKind, Recognition
from blocs.enums import Milestone, Role
from reports.domain import province_reports
from reports.enums import SummaryReportState
from tests.factories import (
    make_bloc_year,
    make_milestone,
    make_summary_report,
    make_unit_report,
    make_user,
    make_year,
    members_of,
)
from tests.screens import make_receipts

TEXTS = ("leading", "results", "strengths", "shortcomings", "causes", "next_tasks")

SENT = "2026-11-19 10:05"


class Province:
    """``units`` in each of ``blocs``; ``staff`` 10, 20, 30, … over all units; each bloc says one sentence a part."""

    def __init__(self, *, blocs=3, units=2, figures=None, state=SummaryReportState.SUBMITTED, texts=TEXTS):
        self.year = make_year()
        self.board = make_user(Role.BOARD_STAFF, authority=self.year.authority)
        self.blocs = [make_bloc_year(self.year, members=units) for _ in range(blocs)]
        figures = {"staff": [10 * number for number in range(1, blocs * units + 1)]} if figures is None else figures
        self.units = [unit for bloc in self.blocs for unit in members_of(bloc)]
        self.reports, self.summaries = [], []
        for number, unit in enumerate(self.units):
            report = make_unit_report(self.blocs[number // units], unit=unit, state="submitted")
            for code, values in figures.items():
                if values[number] is not None:
                    report.figures.create(code=code, value=Decimal(values[number]))
            self.reports.append(report)
        for bloc in self.blocs:
            summary = make_summary_report(bloc, state=state)
            for code in texts:
                summary.parts.create(code=code, paragraphs=[f"{code} của {bloc.name}."])
            self.summaries.append(summary)
            for code in (Milestone.UNIT_REPORT, Milestone.SUMMARY_REPORT):
                make_milestone(bloc, code, due="2026-11-20 17:00", locks="2026-11-30 17:00")
            if state in ("submitted", "accepted"):
                make_receipts(bloc, SENT, kind=Milestone.SUMMARY_REPORT)
            make_receipts(bloc, *[SENT] * units)
        self.report = province_reports.open_report(self.year, by=self.board)

    def texts(self, part="results"):
        row = self.report.parts.filter(code=part).first()
        return row.paragraphs if row else []

    def write(self, part, text):
        row = self.report.parts.filter(code=part).first()
        province_reports.save_part(self.report.pk, part, text, version=row.version if row else 0, by=self.board)

    def recognise(self, unit, count, *, direct=None, award="GK", recipients="individual"):
        return Recognition.objects.create(
            bloc_year=self.blocs[self.units.index(unit) // (len(self.units) // len(self.blocs))],
            unit=unit,
            award=AwardKind.objects.get(code=award),
            recipients=recipients,
            count=count,
            direct_workers=direct,
        )


def said(summary, code, text):
    summary.parts.filter(code=code).update(paragraphs=[text])
