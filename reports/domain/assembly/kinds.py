"""The two reports that are assembled: where their rows are, who writes them, what generates their pieces."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from blocs.errors import NotAllowed, WrongState
from blocs.models import BlocYear
from reports.domain.assembly import bloc
from reports.enums import SummaryPartCode
from reports.models import SummaryPart, SummaryPiece, SummaryReport, SummaryVersion
from reports.workflow import SUMMARY_EDITABLE


@dataclass(frozen=True)
class Kind:
    report: Any
    part: Any
    piece: Any
    version: Any
    codes: type
    generate: Callable[[Any], tuple[list, list]]  # report -> (pieces, conflicts)
    lock: Callable[[int, Any], Any]  # (report id, acting user) -> the locked report that he may write now


def lock_summary(report_id, by):
    """The summary report of a bloc for writing.

    Shape:   (id, User) -> SummaryReport
    Locks:   the bloc year row, then the report row
    Raises:  NotAllowed, WrongState
    """
    report = SummaryReport.objects.for_page().get(pk=report_id)
    BlocYear.objects.select_for_update().get(pk=report.bloc_year_id)
    fresh = SummaryReport.objects.select_for_update().get(pk=report_id)
    fresh.bloc_year = report.bloc_year
    if not by.has_perm("reports.write_summary_report", fresh):
        raise NotAllowed("Chỉ Khối trưởng, Khối phó được viết báo cáo tổng kết.")
    if fresh.state not in SUMMARY_EDITABLE:
        raise WrongState(f"Báo cáo đang ở trạng thái “{fresh.get_state_display()}”, không sửa được.")
    return fresh


SUMMARY = Kind(
    report=SummaryReport,
    part=SummaryPart,
    piece=SummaryPiece,
    version=SummaryVersion,
    codes=SummaryPartCode,
    generate=lambda report: bloc.generate(report.bloc_year),
    lock=lock_summary,
)
