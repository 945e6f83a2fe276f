"""What a file says that is taken, and may not do what its author thinks."""

from awards.domain import quota_file
from blocs.domain import owed
from blocs.enums import Milestone, OwedBy, label_of
from blocs.models import Receipt, Signature
from blocs.templatetags.vietnamese import figure
from reports.enums import SummaryPartCode
from reports.models import SummaryReport


def notes(entries):
    """Shape: [(BlocEntry, BlocYear with year.authority and bloc)] -> [warning]; a constant number of queries"""
    blocs = [bloc_year for _, bloc_year in entries]
    unlocked, plans = owed.unlocked(blocs), owed.plans(blocs)
    came_in = Receipt.objects.filter(bloc_year__in=blocs, kind=Milestone.REGISTRATION)
    known = set(came_in.values_list("bloc_year", "unit__unit__code"))
    signed = _signed(blocs)
    standing, found = _standing(blocs), []
    for entry, bloc_year in entries:
        lines = [*quota_file.idle(entry.quotas), *_never_closed(entry, unlocked[bloc_year.pk])]
        if Milestone.REGISTRATION in plans[bloc_year.pk].entries:
            lines += _undated(entry, {code for pk, code in known if pk == bloc_year.pk})
        asked = plans[bloc_year.pk].entries.get(Milestone.COVENANT)
        if asked and asked.owed_by == OwedBy.UNIT and bloc_year.pk not in signed:
            lines += _unsigned(entry)
        lines += _unchanged(entry, standing.get(bloc_year.pk))
        found += [f"{entry.code}: {line}" for line in lines]
    return found


def _signed(blocs):
    """Ids of the blocs of which some unit has signed, in a file or here."""
    rows = Signature.objects.filter(covenant__bloc_year__in=blocs).values_list("covenant__bloc_year", flat=True)
    told = Receipt.objects.filter(bloc_year__in=blocs, kind=Milestone.COVENANT, unit__isnull=False)
    return {*rows, *told.values_list("bloc_year", flat=True)}


def _never_closed(entry, codes):
    for row in entry.milestones:
        if row.code in codes and row.due and not row.locks:
            what = label_of(row.code)
            yield f"{what}: hạn sau ngày khóa của bộ quy tắc mà không ghi ngày khóa (locks), sẽ không khóa"


def _undated(entry, told):
    """A registration has no day in a file; that it came in is told by ``received`` alone."""
    if number := len({row.unit for row in entry.registrations} - told):
        yield f"{figure(number)} đơn vị đăng ký mà không ghi ngày nhận (received): không tính là đã nộp"


def _unsigned(entry):
    if entry.covenant and entry.covenant.signed_on:
        yield "giao ước ghi ngày ký kết mà không ghi đơn vị nào ký (signatures): các đơn vị chưa tính là đã ký"


def _standing(blocs):
    """{BlocYear id: {code of part: paragraphs}} of the summary reports whose words no file changes."""
    reports = SummaryReport.objects.filter(bloc_year__in=blocs).prefetch_related("parts")
    return {
        report.bloc_year_id: {part.code: part.paragraphs for part in report.parts.all()}
        for report in reports
        if report.words_stand
    }


def _unchanged(entry, kept):
    if entry.report is None or kept is None:
        return
    if any((said := getattr(entry.report, code)) and said != kept.get(code) for code in SummaryPartCode.values):
        yield "báo cáo tổng kết đã thông qua hoặc đã gửi trên hệ thống: lời khác trong tệp không được nhận"
