"""A bloc whose units have reported, for tests of the assembled report."""

from decimal import Decimal

from awards.models import AwardKind, Recognition
from blocs.enums import Role
from reports.domain import summary_reports
from reports.domain.assembly import drafts
from reports.domain.assembly.kinds import SUMMARY
from tests.factories import make_bloc_year, make_unit_report, make_user, members_of


def staff_of(units):
    """10 people in the first unit, 20 in the second, …"""
    return {"staff": [10 * number for number in range(1, units + 1)]}


def offered(world):
    return [(offer.kind, offer.key) for offer in drafts.offers(SUMMARY, world.summary)[0]]


def set_figure(report, value, code="staff"):
    report.figures.filter(code=code).update(value=value)


def answer(act, kind, report, key, *, by):
    """Take or keep what is on offer now for a key."""
    seen = next((offer.digest for offer in drafts.offers(kind, report)[0] if offer.key == key), "")
    act(kind, report.pk, key, seen=seen, by=by)


class Bloc:
    """``reports`` in the order of the members; each says one sentence a part and has the figures given."""

    def __init__(self, *, units=3, figures=None, state="submitted", texts=("tasks", "leading")):
        self.bloc_year = make_bloc_year(members=units)
        self.units = members_of(self.bloc_year)
        self.head = make_user(Role.BLOC_HEAD, bloc_year=self.bloc_year)
        self.reports = []
        for number, unit in enumerate(self.units, 1):
            report = make_unit_report(self.bloc_year, unit=unit, state=state)
            report.parts.all().delete()
            report.figures.all().delete()
            for code in texts:
                report.parts.create(code=code, paragraphs=[f"{code} của {unit.short}."])
            for code, values in (staff_of(units) if figures is None else figures).items():
                if values[number - 1] is not None:
                    report.figures.create(code=code, value=Decimal(values[number - 1]))
            self.reports.append(report)
        self.summary = summary_reports.open_report(self.bloc_year, by=self.head)

    def texts(self, part="results"):
        row = self.summary.parts.filter(code=part).first()
        return row.paragraphs if row else []

    def recognise(self, unit, count, *, direct=None, award="GK", recipients="individual"):
        return Recognition.objects.create(
            bloc_year=self.bloc_year,
            unit=unit,
            award=AwardKind.objects.get(code=award),
            recipients=recipients,
            count=count,
            direct_workers=direct,
        )
