from pathlib import Path

from blocs.errors import DomainError
from blocs.models import Conference
from reports.domain import renderings
from reports.domain.papers.pdf import FontMissing
from reports.enums import CONFERENCE_PAPERS, UNIT_PAPERS, YEAR_PAPERS, DocumentKind, UnitReportKind
from reports.management.base import ContractCommand, find_bloc_year, find_year
from reports.models import UnitReport

LATER = [
    "score-sheet", "score-summary", "ballot-paper",
    "ballot-minutes", "proposal-letter", "decision",
]  # fmt: skip


class Command(ContractCommand):
    help = "Tạo một văn bản PDF, đúng từng byte như máy chủ tạo."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("kind", choices=[*DocumentKind.values, *LATER])
        parser.add_argument("bloc", help="mã cụm, khối; “-” với văn bản của cả năm; MÃ-CƠ-QUAN:… khi trùng")
        parser.add_argument("label")
        parser.add_argument("--authority", help="mã cơ quan, khi nhiều cơ quan cùng có năm đó")
        parser.add_argument("--unit")
        parser.add_argument("--id")
        parser.add_argument("--out", required=True)

    def answer(self, *, kind, bloc, label, authority, out, unit, id, **options):  # noqa: A002 -- the contract's name
        if kind in LATER:
            raise DomainError(f"Văn bản “{kind}” chưa được hỗ trợ trong phiên bản hiện tại.")
        try:
            content = renderings.bytes_of(_thing(kind, bloc, label, authority, id, unit), DocumentKind(kind))
            Path(out).write_bytes(content)
        except FontMissing as error:
            raise DomainError(str(error)) from None
        except OSError as error:
            raise DomainError(f"{out}: không ghi được ({error.strerror}).") from None
        return {"kind": kind, "out": out, "bytes": len(content)}

    def lines(self, answer):
        return [f"Đã ghi {answer['out']} ({answer['bytes']} byte)."]


def _thing(kind, bloc, label, authority, number, unit):
    """The year, the bloc's year, the meeting or the unit's report that a paper is about.

    Raises:  DomainError
    """
    if bloc.endswith(":-"):
        authority, bloc = bloc[:-2], "-"
    if kind in CONFERENCE_PAPERS:
        return _conference(bloc, label, authority, number)
    if (kind in YEAR_PAPERS) is not (bloc == "-"):
        raise DomainError(f"Văn bản “{kind}” là của {'cả năm: ghi “-”' if bloc != '-' else 'một khối: ghi mã khối'}.")
    if kind in UNIT_PAPERS:
        return _unit_report(kind, find_bloc_year(bloc, label), unit)
    return find_year(label, authority) if bloc == "-" else find_bloc_year(bloc, label)


def _unit_report(kind, bloc_year, unit):
    """The report of the unit with this code in the bloc.

    Raises:  DomainError
    """
    if not unit:
        raise DomainError(f"Văn bản “{kind}” là của một đơn vị: ghi --unit MÃ.")
    report_kind = UnitReportKind.ANNUAL if kind == DocumentKind.UNIT_REPORT else UnitReportKind.MID_YEAR
    rows = UnitReport.objects.for_page().filter(bloc_year=bloc_year, unit__unit__code=unit, kind=report_kind)
    report = rows.first()
    if report is None:
        raise DomainError(f"Đơn vị “{unit}” chưa có {report_kind.label.lower()} trong khối này.")
    return report


def _conference(bloc, label, authority, number):
    """The meeting ``--id``; without it the last one of the bloc, or of the council where the bloc is ``-``.

    Raises:  DomainError
    """
    place = {"bloc_year": None, "year": find_year(label, authority)} if bloc == "-" else None
    rows = Conference.objects.for_page().filter(**(place or {"bloc_year": find_bloc_year(bloc, label)}))
    if number is not None:
        rows = rows.filter(pk=number) if number.isascii() and number.isdigit() and len(number) < 19 else rows.none()
    found = rows.order_by("held_on", "position", "pk").last()
    if found is None:
        raise DomainError("Không có hội nghị này." if number is not None else "Chưa có hội nghị nào.")
    return found
