"""The province's report on the emulation of a year: its text parts, and that it is finished."""

from django.db import transaction
from django.utils import timezone

from blocs.domain import audit
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import Year
from reports.domain import texts
from reports.domain.assembly import drafts, versions
from reports.domain.assembly.kinds import PROVINCE, lock_province
from reports.domain.papers import province
from reports.enums import ProvincePartCode
from reports.models import ProvincePart, ProvinceReport

OBLIGATORY = (
    ProvincePartCode.SITUATION,
    ProvincePartCode.LEADING,
    ProvincePartCode.RESULTS,
    ProvincePartCode.COMMENDATION,
    ProvincePartCode.SHORTCOMINGS,
    ProvincePartCode.NEXT_TASKS,
)


@transaction.atomic
def open_report(year, *, by):
    """The report of a year, begun by the board when it does not exist yet.

    Locks:   the year row
    Raises:  NotAllowed
    """
    Year.objects.select_for_update().get(pk=year.pk)
    report = ProvinceReport.objects.filter(year=year).first()
    if (report is None or report.is_draft) and not by.has_perm("reports.write_province_report", year):
        raise NotAllowed("Ban Thi đua - Khen thưởng chưa hoàn thành báo cáo của tỉnh.")
    if report is None:
        report = ProvinceReport.objects.create(year=year)
        audit.record("province_report.open", by=by, target=report)
    return report


def missing(report):
    """The obligatory text parts that are still empty, in words."""
    written = {part.code for part in report.parts.all() if part.paragraphs}
    return [code.label for code in OBLIGATORY if code not in written]


@transaction.atomic
def save_part(report_id, code, text, *, version, by):
    """Raises: NotAllowed, WrongState, EditedMeanwhile, RuleBroken"""
    report = lock_province(report_id, by)
    if code not in ProvincePartCode.values:
        raise RuleBroken("Không có phần báo cáo này.")
    return texts.save_part(ProvincePart, report, code, text, version=version, by=by, follow=drafts.follow(PROVINCE))


@transaction.atomic
def finish(report_id, *, by, now=None):
    """Close the text: what stands is kept as a version with its digest, heading and annexes with the report.

    Shape:   id -> ProvinceReport
    Locks:   the year row, then the report row
    Raises:  NotAllowed, WrongState, RuleBroken while an obligatory part is empty
    """
    report = lock_province(report_id, by)
    if lacking := missing(report):
        raise RuleBroken("Còn thiếu: " + "; ".join(lacking) + ".")
    report.finished_at, report.finished_by = now or timezone.now(), by
    report.kept = province.frame_to_keep(report.year)
    report.save(update_fields=["finished_at", "finished_by", "kept"])
    version = versions.keep(PROVINCE, report, by=by, reason="Hoàn thành", kept=report.kept)
    audit.record(
        "province_report.finish", by=by, target=report, after={"version": version.number, "digest": version.digest}
    )
    return report


@transaction.atomic
def reopen(report_id, *, by, note):
    """Open a finished report again; its heading and annexes follow the data from then on.

    Shape:   (id, reason) -> ProvinceReport
    Locks:   the year row, then the report row
    Raises:  NotAllowed, WrongState, RuleBroken without a reason
    """
    report = ProvinceReport.objects.for_page().get(pk=report_id)
    Year.objects.select_for_update().get(pk=report.year_id)
    fresh = ProvinceReport.objects.select_for_update().get(pk=report_id)
    fresh.year = report.year
    if not by.has_perm("reports.write_province_report", fresh):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng mở lại báo cáo của tỉnh.")
    if fresh.is_draft:
        raise WrongState("Báo cáo đang soạn, không cần mở lại.")
    if not note.strip():
        raise RuleBroken("Cần ghi rõ lý do.")
    before = fresh.finished_at
    fresh.finished_at = fresh.finished_by = fresh.kept = None
    fresh.save(update_fields=["finished_at", "finished_by", "kept"])
    audit.record("province_report.reopen", by=by, target=fresh, before={"finished_at": before}, note=note.strip())
    return fresh


def finished_version(report):
    """The version that holds what was finished; None of a draft.

    Shape:   ProvinceReport -> ProvinceVersion or None; the newest, for nothing is written after the end
    """
    return None if report.is_draft else report.versions.first()
