"""Lines of commendation and attached files of a unit's report."""

from django.db import transaction
from django.db.models import Max

from awards.enums import Recipients
from awards.models import AwardKind
from blocs.domain import attachments, audit, organisation
from blocs.errors import RuleBroken
from reports.domain import recognitions, unit_reports
from reports.enums import ReportSection, UnitReportKind
from reports.models import ReportAttachment, ReportRecognition

MAX_LINES, MAX_FILES = 100, 20
MOST = 1_000_000


@transaction.atomic
def save_line(report_id, award_id, recipients, *, count, direct_workers=None, by, opened=""):
    """Note how many got one award; a line of the same award and recipients is written over.

    Shape:   (UnitReport id, AwardKind id, Recipients, number, number or None, ``opened_with`` of the line that the
             writer started from or empty) -> ReportRecognition
    Raises:  NotAllowed, WrongState, RuleBroken, EditedMeanwhile
    """
    report = unit_reports.editable(report_id, by, ReportSection.COMMENDATION)
    award = AwardKind.objects.filter(pk=award_id).first()
    _check_line(report, award, recipients, count, direct_workers)
    row = report.recognitions.filter(award=award, recipients=recipients).first()
    before = row and _shown(row)
    if before is None or (row.count, row.direct_workers) != (count, direct_workers):
        organisation.check_same(_numbers(row), opened)
    if row is None:
        if report.recognitions.count() >= MAX_LINES:
            raise RuleBroken(f"Đã có {MAX_LINES} dòng, nhiều nhất {MAX_LINES}.")
        row = ReportRecognition(report=report, award=award, recipients=recipients, position=_next(report))
    was = recognitions.counted(report.recognitions.all())
    row.count, row.direct_workers = count, direct_workers
    if before == _shown(row):
        return row
    row.save()
    recognitions.settle(report, was, by=by)
    audit.record("unit_report.save_recognition", by=by, target=report, before=before, after=_shown(row))
    return row


def opened_with(line=None):
    """Shape: ReportRecognition, or None for a line to come -> the digest that its form carries"""
    return organisation.digest(_numbers(line))


def _numbers(line):
    count, direct = (line.count, line.direct_workers) if line else (None, None)
    return {"Số lượng": count, "Lao động trực tiếp": direct}


def _check_line(report, award, recipients, count, direct_workers):
    if report.kind != UnitReportKind.ANNUAL:
        raise RuleBroken("Kết quả khen thưởng ghi ở báo cáo năm.")
    if award is None or recipients not in Recipients.values:
        raise RuleBroken("Chọn danh hiệu, hình thức khen thưởng và đối tượng.")
    if award.recipients and recipients not in award.recipients and set(award.recipients) <= set(Recipients.values):
        raise RuleBroken(f"{award} không tặng cho {Recipients(recipients).label.lower()}.")
    if not 1 <= count <= MOST:
        raise RuleBroken("Số lượng phải từ 1 trở lên." if count < 1 else "Số lượng lớn quá, kiểm tra lại.")
    if direct_workers is not None and not 0 <= direct_workers <= count:
        raise RuleBroken(f"Lao động trực tiếp ({direct_workers}) phải từ 0 đến số lượng ({count}).")


@transaction.atomic
def remove_line(report_id, line_id, *, by):
    """Raises: NotAllowed, WrongState"""
    report = unit_reports.editable(report_id, by, ReportSection.COMMENDATION)
    row = report.recognitions.select_related("award").filter(pk=line_id).first()
    if row is not None:
        was = recognitions.counted(report.recognitions.all())
        audit.record("unit_report.remove_recognition", by=by, target=report, before=_shown(row))
        row.delete()
        recognitions.settle(report, was, by=by)


def _shown(row):
    return {
        "award": row.award.code,
        "recipients": row.recipients,
        "count": row.count,
        "direct_workers": row.direct_workers,
    }


def _next(report):
    last = report.recognitions.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


@transaction.atomic
def add_file(report_id, name, content, *, by):
    """Attach a file to a report.

    Shape:   (UnitReport id, file name, bytes) -> ReportAttachment
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    report = unit_reports.editable(report_id, by, ReportSection.ATTACHMENTS)
    if report.attachments.count() >= MAX_FILES:
        raise RuleBroken(f"Đã có {MAX_FILES} tệp, nhiều nhất {MAX_FILES}. Gộp bớt vào một tệp PDF.")
    judged = attachments.judge(name, content)
    return attachments.attach(
        ReportAttachment, judged, by=by, target=report, action="unit_report.attach", report=report
    )


@transaction.atomic
def remove_file(report_id, file_id, *, by):
    """Take an attached file off a report; its bytes stay where other rows may name them.

    Raises:  NotAllowed, WrongState
    """
    report = unit_reports.editable(report_id, by, ReportSection.ATTACHMENTS)
    row = report.attachments.filter(pk=file_id).first()
    if row is not None:
        before = {"name": row.name, "sha256": row.sha256}
        audit.record("unit_report.detach", by=by, target=report, before=before)
        row.delete()
