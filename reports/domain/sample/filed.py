"""Unit reports that came in before the sample was loaded: rows with the moment of their receipts."""

from blocs.enums import Milestone
from blocs.models import Receipt, UnitYear
from reports.domain import recognitions
from reports.domain.sample.place import SHOWN_YEAR, bloc_of, leader_of, texts
from reports.enums import UnitReportState
from reports.models import UnitReport, UnitReportFigure, UnitReportPart

SHOWN = {"hoi-dac-thu": "bao-cao-don-vi", "noi-chinh": "bao-cao-noi-chinh"}


def file_reports():
    """What units wrote this year and in earlier ones, accepted by the board but for one that will be sent back."""
    unread = texts("cac-buoc")["summary"]["mended"]["unit"]
    for code, name in SHOWN.items():
        _file(bloc_of(code, SHOWN_YEAR), texts(name), unread=unread)
    for label, written in texts("bao-cao-nam-truoc").items():
        _file(bloc_of("hoi-dac-thu", label), written)


def _file(bloc_year, written, *, unread=""):
    sent = Receipt.objects.filter(bloc_year=bloc_year, kind=Milestone.UNIT_REPORT)
    moments = dict(sent.values_list("unit", "at"))
    units = UnitYear.objects.filter(pk__in=moments, unit__code__in=written).select_related("unit")
    for unit in units.order_by("position", "pk"):
        leader = leader_of(unit)
        report = UnitReport.objects.create(
            bloc_year=bloc_year,
            unit=unit,
            state=UnitReportState.SUBMITTED if unit.unit.code == unread else UnitReportState.ACCEPTED,
            submitted_at=moments[unit.pk],
            submitted_by=leader,
        )
        parts = dict(written[unit.unit.code])
        figures = parts.pop("figures")
        UnitReportPart.objects.bulk_create(
            UnitReportPart(report=report, code=code, paragraphs=paragraphs) for code, paragraphs in parts.items()
        )
        UnitReportFigure.objects.bulk_create(
            UnitReportFigure(report=report, code=code, value=value) for code, value in figures.items()
        )
        recognitions.take_over(report, by=leader)
