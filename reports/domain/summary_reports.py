"""The bloc's summary report: its text parts, its adoption, its way to the board."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from blocs.domain import audit, comments, conferences, deadlines, pins, receipts
from blocs.enums import CommentOn, MemberRole, Milestone
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import BlocYear
from reports.domain import texts
from reports.domain.assembly import align, versions
from reports.domain.assembly.kinds import SUMMARY, lock_summary
from reports.domain.marks import plain
from reports.enums import AdoptedHow, SummaryPartCode
from reports.models import SummaryPart, SummaryReport
from reports.workflow import SUMMARY_MOVES

OBLIGATORY = (
    SummaryPartCode.LEADING,
    SummaryPartCode.RESULTS,
    SummaryPartCode.STRENGTHS,
    SummaryPartCode.SHORTCOMINGS,
    SummaryPartCode.NEXT_TASKS,
)


@transaction.atomic
def open_report(bloc_year, *, by):
    """The report of a bloc's year, begun by its head or deputy when it does not exist yet.

    Raises:  NotAllowed
    """
    report = SummaryReport.objects.for_page().filter(bloc_year=bloc_year).first()
    if report is None:
        if not by.has_perm("reports.write_summary_report", bloc_year):
            raise NotAllowed("Khối trưởng chưa bắt đầu báo cáo tổng kết.")
        report, created = SummaryReport.objects.get_or_create(bloc_year=bloc_year)
        if created:
            audit.record("summary_report.open", by=by, target=report)
    return report


def deadline(report):
    return deadlines.of_bloc(report.bloc_year_id, Milestone.SUMMARY_REPORT)


def missing(report):
    """The obligatory text parts that are still empty, in words."""
    written = {part.code for part in report.parts.all() if part.paragraphs}
    return [code.label for code in OBLIGATORY if code not in written]


@transaction.atomic
def save_part(report_id, code, text, *, version, by):
    """Raises: NotAllowed, WrongState, EditedMeanwhile, RuleBroken"""
    report = lock_summary(report_id, by)
    if code not in SummaryPartCode.values:
        raise RuleBroken("Không có phần báo cáo này.")
    return texts.save_part(SummaryPart, report, code, text, version=version, by=by, follow=align.follow)


@dataclass(frozen=True)
class Adoption:
    """How the conference adopted the report; hands are counted, consent is not."""

    how: str = AdoptedHow.CONSENT
    votes_for: int | None = None
    votes_against: int | None = None
    votes_other: int | None = None


@transaction.atomic
def comment(report_id, *, passage, text, by):
    """A member's comment on the draft: on the whole, on a part (``results``) or on a paragraph of it (``results-2``).

    Shape:   (id, key of the passage, text) -> Comment, which keeps the passage as it read
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken, WrongState once the report is adopted
    """
    report = SummaryReport.objects.get(pk=report_id)

    def check(_):
        if not SummaryReport.objects.get(pk=report_id).is_draft:
            raise WrongState("Báo cáo đã thông qua, không nhận góp ý nữa.")

    quote = _quoted(report, passage)
    on = CommentOn.SUMMARY_REPORT
    return comments.add(report.bloc_year_id, by=by, on=on, text=text, passage=passage, quote=quote, check=check)


def _quoted(report, passage):
    code, _, number = passage.partition("-")
    part = report.parts.filter(code=code).first()
    if part is None:
        return ""
    if not number:
        return SummaryPartCode(code).label
    place = int(number) - 1 if number.isascii() and number.isdigit() and len(number) < 5 else -1
    return plain(part.paragraphs[place]) if 0 <= place < len(part.paragraphs) else ""


BY_CONSENT = Adoption()


@transaction.atomic
def move(report_id, name, *, by, note="", adopted_on=None, adoption=BY_CONSENT, now=None):
    """Take one step of ``SUMMARY_MOVES``; the only writer of ``SummaryReport.state`` beside the import of a file.

    Shape:   (id, step name) -> the saved SummaryReport; ``adopted_on`` and ``adoption`` are read by ``adopt`` alone
    Locks:   the bloc year row, then the report row
    Raises:  NotAllowed, WrongState, RuleBroken
    Source:  due-and-lock
    """
    step, now = SUMMARY_MOVES[name], now or timezone.now()
    report = _locked(report_id)
    texts.check_move(step, report, by=by, note=note, missing=missing(report) if step.needs_whole else [])
    before, report.state = report.state, step.target
    if name == "adopt":
        day = _day_of_adoption(report, adopted_on, now)
        if report.adopted_on and report.adopted_on != day:
            conferences.withdraw_year_end(report.bloc_year, held_on=report.adopted_on, by=by)
        report.adopted_on = day
        conferences.note_year_end(report.bloc_year, held_on=report.adopted_on, by=by)
        _adopt(report, adoption, by)
    if name == "reopen":
        conferences.withdraw_year_end(report.bloc_year, held_on=report.adopted_on, by=by)
        report.adopted_on = None
        _adopt(report, Adoption(how=""), by)
    if name == "submit":
        _submit(report, by, now)
    if name == "return":
        _check_undecided(report)
        report.returned_note = note.strip()
    if name in CLOSES:
        BlocYear.objects.filter(pk=report.bloc_year_id).update(is_closed=CLOSES[name])
        pins.hold(BlocYear.objects.filter(pk=report.bloc_year_id, is_closed=True))
    report.save(update_fields=["state", "adopted_on", *ADOPTION, "submitted_at", "submitted_by", "returned_note"])
    audit.record(f"summary_report.{name}", by=by, target=report, before=before, after=report.state, note=note.strip())
    return report


ADOPTION = ["adopted_how", "votes_for", "votes_against", "votes_other", "adopted_digest"]


def _adopt(report, adoption, by):
    """Note how it was adopted, and what: the digest of the words, kept as a version."""
    members = report.bloc_year.memberships.count()
    votes = (adoption.votes_for, adoption.votes_against, adoption.votes_other)
    if adoption.how == AdoptedHow.HANDS:
        if adoption.votes_for is None:
            raise RuleBroken("Biểu quyết giơ tay thì cần ghi số tán thành.")
        if sum(number or 0 for number in votes) > members:
            raise RuleBroken(f"Cộng các ý kiến nhiều hơn số đơn vị thành viên ({members}).")
    elif any(number is not None for number in votes):
        raise RuleBroken("Nhất trí thông qua thì không ghi số phiếu.")
    report.adopted_how = adoption.how
    report.votes_for, report.votes_against, report.votes_other = votes
    report.adopted_digest = ""
    if adoption.how:
        report.adopted_digest = versions.digest_of(versions.content_of(SUMMARY, report))
        versions.keep(SUMMARY, report, by=by, reason="Hội nghị thông qua")


CLOSES = {"submit": True, "return": False}  # whether results and proposals of the bloc stand as they are


def close_where_settled(year):
    """Mark the blocs of a year whose report is with the board or whose awards are decided; for the import of a file."""
    settled = Q(summary_report__state__in=["submitted", "accepted"]) | Q(decisions__isnull=False)
    closed = set(BlocYear.objects.filter(settled, year=year).values_list("pk", flat=True))
    for row in BlocYear.objects.filter(year=year):
        if row.is_closed != (row.pk in closed):
            row.is_closed = row.pk in closed
            row.save(update_fields=["is_closed"])


def _check_undecided(report):
    if report.bloc_year.decisions.exists():
        raise RuleBroken("Năm này đã có quyết định khen thưởng, báo cáo không trả lại được nữa.")


def _submit(report, by, now):
    if report.submitted_at is None:
        deadline(report).check_open(now)
    report.submitted_at, report.submitted_by, report.returned_note = now, by, ""
    head = report.bloc_year.memberships.filter(role=MemberRole.HEAD).select_related("unit").first()
    if head is None:
        raise RuleBroken("Khối chưa có Khối trưởng trong năm này.")
    receipts.record(report.bloc_year, head.unit, Milestone.SUMMARY_REPORT, at=now)


def _day_of_adoption(report, day, now):
    if day is None:
        raise RuleBroken("Cần ghi ngày hội nghị thông qua.")
    if day > timezone.localdate(now):
        raise RuleBroken("Ngày thông qua không thể ở tương lai.")
    if day < report.bloc_year.year.starts_on:
        raise RuleBroken(f"Ngày thông qua trước khi năm bắt đầu ({report.bloc_year.year.starts_on:%d/%m/%Y}).")
    return day


def _locked(report_id):
    report = SummaryReport.objects.for_page().get(pk=report_id)
    BlocYear.objects.select_for_update().get(pk=report.bloc_year_id)
    fresh = SummaryReport.objects.select_for_update().get(pk=report_id)
    fresh.bloc_year = report.bloc_year
    return fresh
