"""The number and day that a paper got when it was signed outside, and the copy that was signed."""

from django.db import transaction
from django.utils import timezone

from blocs.domain import attachments, audit, organisation
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.templatetags.vietnamese import day, moment
from reports.domain import prints
from reports.enums import DocumentKind, RenderingState
from reports.models import Issue, Rendering, SignedCopy, SummaryReport

OWNERS = ("bloc_year__year__authority", "year__authority", "unit_report__unit", "conference")


@transaction.atomic
def note(rendering_id, *, number, dated, signer="", copy=None, is_this_print=False, by):
    """Write down that a paper was signed outside: from then on this print is the one that holds.

    Shape:   (Rendering id, text, date, text, Judged or None) -> Issue; ``is_this_print``: a newer print was seen, and
             the signed one is this all the same
    Locks:   the prints of that paper
    Raises:  NotAllowed, WrongState for a draft, an unfinished paper or one of an earlier state, RuleBroken
    """
    rendering = _locked(rendering_id, by)
    if rendering.state != RenderingState.DONE:
        raise WrongState("Văn bản chưa tạo xong.")
    if rendering.is_draft:
        raise WrongState("Đây là bản dự thảo; tạo lại bản chính thức rồi mới ghi số, ngày.")
    if earlier := Issue.objects.filter(rendering__in=prints.same(rendering)).first():
        raise RuleBroken(f"Văn bản này đã có số {earlier.number}, ngày {day(earlier.dated)}.")
    _check_newest(rendering, is_this_print)
    _check(rendering, number, dated)
    row = Issue.objects.create(
        rendering=rendering, number=number.strip(), dated=dated, signer=signer.strip(), noted_by=by
    )
    audit.record("paper.issue", by=by, target=rendering, after=shown(row))
    if copy is not None:
        _keep(row, copy, by)
    return row


def newer(rendering):
    """The print that was made after this one and says something else; None of the newest.

    Shape:   Rendering -> Rendering or None
    Raises:  WrongState where what it says was adopted, sent or amended anew since
    """
    known, text = prints.of_paper(rendering), prints.texts_of([rendering])[rendering.kind, rendering.place]
    if prints.is_outrun(known, text):
        raise WrongState(
            "Nội dung đã được mở lại hoặc chốt lại sau bản in này; chốt xong thì tạo lại bản in rồi mới ghi số, ngày."
        )
    rows = prints.current(known, text)
    if rendering.fingerprint not in [row.fingerprint for row in rows]:
        raise WrongState(f"Nội dung đã đổi sau bản in này; ghi số, ngày vào bản tạo lúc {moment(rows[0].finished_at)}.")
    return None if rows[0].fingerprint == rendering.fingerprint else rows[0]


def _check_newest(rendering, is_this_print):
    later = newer(rendering)
    if later and not is_this_print:
        raise RuleBroken(
            f"Đã có bản in mới hơn, tạo lúc {moment(later.finished_at)}, mã {later.code}. Đối chiếu mã trên bản đã ký; "
            "đúng là bản này thì đánh dấu xác nhận."
        )


@transaction.atomic
def correct(issue_id, *, number, dated, signer, reason, by, opened=""):
    """Mend a number, day or signer that was typed wrong; the trail keeps what stood there.

    Shape:   (Issue id, text, date, text, text, ``opened_with`` that the form carries) -> Issue
    Locks:   the prints of that paper
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    """
    row = _issue(issue_id, by)
    _check(row.rendering, number, dated)
    _check_reason(reason)
    organisation.check_same(_in_words(row), opened)
    before = shown(row)
    row.number, row.dated, row.signer = number.strip(), dated, signer.strip()
    if shown(row) == before:
        raise RuleBroken("Số, ngày, người ký vẫn như cũ.")
    row.save(update_fields=["number", "dated", "signer"])
    audit.record(
        "paper.correct_issue", by=by, target=row.rendering, before=before, after=shown(row), note=reason.strip()
    )
    return row


@transaction.atomic
def withdraw(issue_id, *, reason, by):
    """Take back a number that was given to the wrong print, with its signed copies; the trail keeps both.

    Shape:   (Issue id, text) -> the Rendering, without a number
    Locks:   the prints of that paper
    Raises:  NotAllowed, RuleBroken
    """
    row = _issue(issue_id, by)
    _check_reason(reason)
    copies = [f"{copy.name}, SHA-256 {copy.sha256}" for copy in row.copies.all()]
    before = shown(row) | {"copies": copies}
    audit.record("paper.withdraw_issue", by=by, target=row.rendering, before=before, note=reason.strip())
    row.delete()
    return row.rendering


@transaction.atomic
def add_copy(issue_id, copy, *, by):
    """Attach a signed copy, or one more, to a paper that has its number.

    Shape:   (Issue id, Judged) -> SignedCopy
    Locks:   the prints of that paper
    Raises:  NotAllowed, RuleBroken
    """
    return _keep(_issue(issue_id, by), copy, by)


@transaction.atomic
def withdraw_copy(copy_id, *, reason, by):
    """Take back a signed copy that was attached by mistake; the trail keeps its digest.

    Shape:   (SignedCopy id, text) -> Issue
    Locks:   the prints of that paper
    Raises:  NotAllowed, RuleBroken
    """
    row = _issue(SignedCopy.objects.filter(pk=copy_id).values_list("issue", flat=True).first(), by)
    _check_reason(reason)
    copy = row.copies.filter(pk=copy_id).first()
    if copy is None:
        raise RuleBroken("Bản đã ký này vừa được người khác rút.")
    before = {"name": copy.name, "sha256": copy.sha256}
    audit.record("paper.withdraw_copy", by=by, target=row.rendering, before=before, note=reason.strip())
    copy.delete()
    return row


def opened_with(row):
    """Shape: Issue -> the digest that the form of its correction carries"""
    return organisation.digest(_in_words(row))


def _in_words(row):
    return organisation.labelled(Issue, shown(row) | {"dated": day(row.dated)})


def shown(row):
    """Shape: Issue -> {column: value}, for the trail"""
    return {"number": row.number, "dated": row.dated, "signer": row.signer}


def _check(rendering, number, dated):
    if not number.strip():
        raise RuleBroken("Cần ghi số, ký hiệu của văn bản.")
    if dated > timezone.localdate():
        raise RuleBroken("Ngày ký không thể ở tương lai.")
    if (adopted := _adopted_on(rendering)) and dated < adopted:
        raise RuleBroken(f"Ngày ký trước ngày hội nghị thông qua báo cáo ({day(adopted)}).")
    others = Issue.objects.filter(number__iexact=number.strip(), dated__year=dated.year, **_issuer(rendering))
    others = others.exclude(rendering__kind=rendering.kind, rendering__place=rendering.place)  # of earlier states
    if other := others.select_related("rendering").first():
        raise RuleBroken(f"Số {other.number} đã ghi cho văn bản khác: {other}, ngày {day(other.dated)}.")


def _adopted_on(rendering):
    reports = SummaryReport.objects.filter(bloc_year=rendering.bloc_year_id)
    is_summary = rendering.kind == DocumentKind.SUMMARY_REPORT
    return reports.values_list("adopted_on", flat=True).first() if is_summary else None


def _issuer(rendering):
    """Whose papers have one row of numbers: a unit's, a bloc's, or those of the province's year."""
    return {
        "rendering__year": rendering.year_id,
        "rendering__bloc_year": rendering.bloc_year_id,
        "rendering__unit_report__unit": rendering.unit_report and rendering.unit_report.unit_id,
    }


def _check_reason(reason):
    if not reason.strip():
        raise RuleBroken("Cần ghi rõ lý do.")


def _keep(row, copy, by):
    return attachments.attach(SignedCopy, copy, by=by, target=row.rendering, action="paper.signed_copy", issue=row)


def _issue(issue_id, by):
    place = Issue.objects.filter(pk=issue_id).values_list("rendering", flat=True).first()
    if place is None:
        raise RuleBroken("Số, ngày này vừa được người khác rút.")
    rendering = _locked(place, by)
    row = Issue.objects.filter(pk=issue_id).first()
    if row is None:
        raise RuleBroken("Số, ngày này vừa được người khác rút.")
    row.rendering = rendering
    return row


def _locked(rendering_id, by):
    rendering = Rendering.objects.select_related(*OWNERS).get(pk=rendering_id)
    if not by.has_perm("reports.issue_paper", rendering):
        raise NotAllowed("Chỉ nơi ban hành văn bản ghi số, ngày và đính bản đã ký.")
    list(Rendering.objects.select_for_update().filter(kind=rendering.kind, place=rendering.place).order_by("pk"))
    return Rendering.objects.select_related(*OWNERS).get(pk=rendering_id)
