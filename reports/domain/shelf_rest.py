"""What stands beside the prints on a shelf: files that people attached, and papers that nobody has made yet."""

from dataclasses import dataclass

from blocs.domain import covenant as covenants
from blocs.models import (
    BlocYear,
    Conference,
    ConferencePicture,
    Covenant,
    CovenantPaper,
    Handover,
    ResultEvidence,
    StoredFile,
)
from blocs.templatetags.vietnamese import day
from reports.domain.papers import subjects
from reports.enums import CONFERENCE_PAPERS, DocumentKind, RenderingState, UnitReportKind
from reports.models import ProvinceReport, Rendering, ReportAttachment, SummaryReport, UnitReport

OF_REPORTS = {
    UnitReportKind.ANNUAL: DocumentKind.UNIT_REPORT,
    UnitReportKind.MID_YEAR: DocumentKind.MID_YEAR_REPORT,
}


@dataclass(frozen=True)
class Attached:
    """A file as it came; ``address`` is the name of the page that gives it, with its arguments."""

    file: StoredFile
    about: str
    address: tuple[str, int, int]


def files(user, of):
    """What was attached in a bloc's year, or to meetings of the council, as far as the user may read it.

    Shape:   (User, BlocYear or Year) -> [(what they are, [Attached])] without empty ones; four queries at most
    """
    found = [("Ảnh hội nghị", _pictures(user, of))]
    if isinstance(of, BlocYear):
        papers = CovenantPaper.objects.filter(covenant__bloc_year=of).order_by("pk")
        found = [
            ("Giao ước đã ký trên giấy", [Attached(row, "", ("covenant_paper_file", of.pk, row.pk)) for row in papers]),
            ("Tệp kèm báo cáo của đơn vị", _attachments(user, of)),
            ("Minh chứng kết quả chỉ tiêu", _evidence(user, of)),
            *found,
        ]
    return [(label, rows) for label, rows in found if rows]


def _attachments(user, bloc_year):
    reports = UnitReport.objects.visible_to(user).filter(bloc_year=bloc_year)
    rows = ReportAttachment.objects.filter(report__in=reports).select_related("report__unit")
    found = []
    for row in rows.order_by("report__unit__position", "report_id", "pk"):
        about = f"{row.report.unit.name}, {row.report.get_kind_display().lower()}"
        found.append(Attached(row, about, ("unit_report_file", row.report_id, row.pk)))
    return found


def _evidence(user, bloc_year):
    seen = covenants.results_seen_by(user, bloc_year)
    rows = ResultEvidence.objects.filter(result__in=seen).select_related("result__of", "result__target")
    found = []
    for row in rows.order_by("result__target__position", "result_id", "pk"):
        about = f"{row.result.of.name if row.result.of else 'Cả khối'}: {row.result.target}"
        found.append(Attached(row, about, ("evidence_file", bloc_year.pk, row.pk)))
    return found


def _pictures(user, of):
    meetings = _meetings(user, of)
    rows = ConferencePicture.objects.filter(conference__in=meetings).select_related("conference")
    found = []
    for row in rows.order_by("conference__held_on", "conference_id", "pk"):
        about = _named(row.conference) + (f": {row.caption}" if row.caption else "")
        found.append(Attached(row, about, ("picture_file", row.conference_id, row.pk)))
    return found


@dataclass(frozen=True)
class Unmade:
    """A paper that can be made and has no print yet."""

    kind: DocumentKind
    place: str
    about: str
    is_under_way: bool


def unmade(user, of):
    """Papers that the user may ask for and that have no print that he may read; a constant number of queries.

    Shape:   (User, BlocYear or Year) -> [Unmade] in the order of the kinds
    """
    things = list(_of_bloc(user, of) if isinstance(of, BlocYear) else _of_year(user, of))
    places = {subjects.place_of(thing) for _, thing, _ in things}
    rows = Rendering.objects.filter(place__in=places)
    done = set(rows.visible_to(user).filter(state=RenderingState.DONE).values_list("kind", "place"))
    waits = {RenderingState.QUEUED, RenderingState.RUNNING}
    under_way = set(rows.filter(state__in=waits).values_list("kind", "place"))
    found = [(kind, subjects.place_of(thing), about) for kind, thing, about in things]
    order = list(DocumentKind)
    return sorted(
        (Unmade(*row, row[:2] in under_way) for row in found if row[:2] not in done),
        key=lambda row: order.index(row.kind),
    )


def _of_bloc(user, bloc_year):
    for model, kind in (
        (Covenant, DocumentKind.COVENANT),
        (SummaryReport, DocumentKind.SUMMARY_REPORT),
        (Handover, DocumentKind.HANDOVER_MINUTES),
    ):
        if model.objects.filter(bloc_year=bloc_year).exists():
            yield kind, bloc_year, ""
    reports = UnitReport.objects.visible_to(user).filter(bloc_year=bloc_year).select_related("unit")
    for report in reports.order_by("unit__position", "pk"):
        yield OF_REPORTS[UnitReportKind(report.kind)], report, report.unit.name
    yield from _of_meetings(user, bloc_year)


def _of_year(user, year):
    if user.has_perm("blocs.open_year", year):
        yield DocumentKind.DIVISION_DECISION, year, ""
    if ProvinceReport.objects.filter(year=year).exists() and user.has_perm("reports.write_province_report", year):
        yield DocumentKind.PROVINCE_REPORT, year, ""
    yield from _of_meetings(user, year)


def _of_meetings(user, of):
    for meeting in _meetings(user, of).order_by("held_on", "pk"):
        for kind in DocumentKind:
            if kind in CONFERENCE_PAPERS:
                yield kind, meeting, _named(meeting)


def _meetings(user, of):
    place = {"bloc_year": of} if isinstance(of, BlocYear) else {"bloc_year": None, "year": of}
    return Conference.objects.visible_to(user).filter(**place)


def _named(meeting):
    on = f" ngày {day(meeting.held_on)}" if meeting.held_on else ""
    return f"{meeting.get_kind_display()}{on}"
