"""The two reports that are assembled: where their rows are, who writes them, what generates their pieces."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from blocs.errors import NotAllowed, WrongState
from blocs.models import BlocYear, Year
from reports.domain.assembly import bloc, province
from reports.enums import ProvincePartCode, SummaryPartCode
from reports.models import (
    ProvincePart,
    ProvincePiece,
    ProvinceReport,
    ProvinceVersion,
    SummaryPart,
    SummaryPiece,
    SummaryReport,
    SummaryVersion,
)
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
    perm: str  # of who writes it
    nothing: str  # why there is nothing to assemble
    held: Callable[[Any], set[tuple[str, int]]]  # report -> (kind, pk) of the sources that are being mended


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


def lock_province(report_id, by):
    """The report of the province for writing.

    Shape:   (id, User) -> ProvinceReport
    Locks:   the year row, then the report row
    Raises:  NotAllowed, WrongState
    """
    report = ProvinceReport.objects.for_page().get(pk=report_id)
    Year.objects.select_for_update().get(pk=report.year_id)
    fresh = ProvinceReport.objects.select_for_update().get(pk=report_id)
    fresh.year = report.year
    if not by.has_perm("reports.write_province_report", fresh):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng được viết báo cáo của tỉnh.")
    if not fresh.is_draft:
        raise WrongState("Báo cáo đã hoàn thành, không sửa được. Mở lại rồi mới sửa.")
    return fresh


SUMMARY = Kind(
    report=SummaryReport,
    part=SummaryPart,
    piece=SummaryPiece,
    version=SummaryVersion,
    codes=SummaryPartCode,
    generate=lambda report: bloc.generate(report.bloc_year),
    lock=lock_summary,
    perm="reports.write_summary_report",
    nothing="Chưa có đơn vị nào gửi báo cáo, chưa có gì để lập dự thảo.",
    held=lambda report: bloc.being_mended(report.bloc_year),
)
PROVINCE = Kind(
    report=ProvinceReport,
    part=ProvincePart,
    piece=ProvincePiece,
    version=ProvinceVersion,
    codes=ProvincePartCode,
    generate=lambda report: province.generate(report.year),
    lock=lock_province,
    perm="reports.write_province_report",
    nothing="Năm này chưa có cụm, khối nào, chưa có gì để lập dự thảo.",
    held=lambda report: province.being_mended(report.year),
)
