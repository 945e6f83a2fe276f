"""The bloc's summary report: its text parts, its adoption, its way to the board."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from blocs.domain import audit, comments, conferences, deadlines, pins, receipts
from blocs.enums import CommentOn, MemberRole, Milestone
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import BlocYear
from blocs.templatetags.vietnamese import count, day
from reports.domain import adoption as adoptions
from reports.domain import texts
from reports.domain.adoption import BY_CONSENT
from reports.domain.assembly import drafts, versions
from reports.domain.assembly.kinds import SUMMARY, lock_summary
from reports.domain.papers import summary
from reports.domain.passages import quoted
from reports.enums import SummaryPartCode
from reports.models import SummaryPart, SummaryReport
from reports.workflow import SUMMARY_MOVES

LONGEST_ASKING = timedelta(days=60)
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


def before_adoption(report):
    """What is still to do before it is adopted, in words: empty parts, comments without an answer."""
    number = adoptions.unanswered(report)
    return [*missing(report), *([f"trả lời {count(number)} góp ý"] if number else [])]


@transaction.atomic
def save_part(report_id, code, text, *, version, by):
    """Raises: NotAllowed, WrongState, EditedMeanwhile, RuleBroken"""
    report = lock_summary(report_id, by)
    if code not in SummaryPartCode.values:
        raise RuleBroken("Không có phần báo cáo này.")
    return texts.save_part(SummaryPart, report, code, text, version=version, by=by, follow=drafts.follow(SUMMARY))


@transaction.atomic
def comment(report_id, *, passage, text, by):
    """A member's comment on the draft: on the whole, on a part (``results``) or on a paragraph of it, by
    its ``passages.key_of``.

    Shape:   (id, key of the passage, text) -> Comment, which keeps the passage as it read
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken, WrongState once the report is adopted
    """
    report = SummaryReport.objects.get(pk=report_id)
    quote, check = quoted(report, passage), _until_adopted("không nhận góp ý nữa")
    on = CommentOn.SUMMARY_REPORT
    return comments.add(report.bloc_year_id, by=by, on=on, text=text, passage=passage, quote=quote, check=check)


def answer_comment(comment_id, *, by, **answer):
    """Say what becomes of a comment on the draft; what was said stands once the report is adopted.

    Shape:   (Comment id, as ``comments.answer``) -> Comment
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile, WrongState
    """
    return comments.answer(comment_id, by=by, check=_until_adopted("không sửa câu trả lời góp ý nữa"), **answer)


def _until_adopted(words):
    def check(bloc_year):
        if not SummaryReport.objects.get(bloc_year=bloc_year).is_draft:
            raise WrongState(f"Báo cáo đã thông qua, {words}.")

    return check


@transaction.atomic
def ask_comments(report_id, *, until, by):
    """Ask the members to comment on the draft as it stands, by a day; it is kept as a version. They may still comment
    later, until the report is adopted.

    Shape:   (id, date) -> SummaryReport
    Locks:   the bloc year row, then the report row
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    report = lock_summary(report_id, by)
    if not timezone.localdate() <= until <= timezone.localdate() + LONGEST_ASKING:
        raise RuleBroken(f"Ngày góp ý phải từ hôm nay đến nhiều nhất {LONGEST_ASKING.days} ngày sau.")
    before, report.comments_until = {"comments_until": report.comments_until}, until
    report.save(update_fields=["comments_until"])
    version = versions.keep(SUMMARY, report, by=by, reason=f"Xin ý kiến các đơn vị đến ngày {day(until)}")
    after = {"comments_until": until, "version": version.number}
    audit.record("summary_report.ask_comments", by=by, target=report, before=before, after=after)
    return report


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
    texts.check_move(step, report, by=by, note=note, missing=before_adoption(report) if step.needs_whole else [])
    before, after = {"state": report.state}, {"state": step.target}
    report.state = step.target
    if name == "adopt":
        after |= _adopt(report, adoption, _day_of_adoption(report, adopted_on, now), by)
    if name == "reopen":
        conferences.withdraw_year_end(report.bloc_year, held_on=report.adopted_on, by=by)
        before |= adoptions.withdraw(report)
    if name == "submit":
        _submit(report, by, now)
    if name == "return":
        _check_undecided(report)
        report.returned_note, report.kept = note.strip(), None
    if name in CLOSES:
        BlocYear.objects.filter(pk=report.bloc_year_id).update(is_closed=CLOSES[name])
        pins.hold(BlocYear.objects.filter(pk=report.bloc_year_id, is_closed=True))
    columns = ["state", *adoptions.COLUMNS, "kept", "submitted_at", "submitted_by", "returned_note"]
    report.save(update_fields=columns)
    audit.record(f"summary_report.{name}", by=by, target=report, before=before, after=after, note=note.strip())
    return report


def _adopt(report, adoption, on, by):
    """Note the conference and what it adopted; from now on the paper prints the tables as they stand."""
    if report.adopted_on and report.adopted_on != on:
        conferences.withdraw_year_end(report.bloc_year, held_on=report.adopted_on, by=by)
    adoptions.check(report, adoption, on)
    conferences.note_year_end(report.bloc_year, held_on=on, by=by)
    report.adopted_on = on
    kept = summary.frame_to_keep(report.bloc_year, adopted_on=on)
    return adoptions.note(report, adoption, on, kept=kept, by=by)


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


def _day_of_adoption(report, on, now):
    if on is None:
        raise RuleBroken("Cần ghi ngày hội nghị thông qua.")
    if on > timezone.localdate(now):
        raise RuleBroken("Ngày thông qua không thể ở tương lai.")
    if on < report.bloc_year.year.starts_on:
        raise RuleBroken(f"Ngày thông qua trước khi năm bắt đầu ({report.bloc_year.year.starts_on:%d/%m/%Y}).")
    return on


def _locked(report_id):
    report = SummaryReport.objects.for_page().get(pk=report_id)
    BlocYear.objects.select_for_update().get(pk=report.bloc_year_id)
    fresh = SummaryReport.objects.select_for_update().get(pk=report_id)
    fresh.bloc_year = report.bloc_year
    return fresh
