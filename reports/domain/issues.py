"""The number and day that a paper got when it was signed outside, and the copy that was signed."""

from django.db import transaction
from django.utils import timezone

from blocs.domain import attachments, audit
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.templatetags.vietnamese import day
from reports.enums import RenderingState
from reports.models import Issue, Rendering, SignedCopy


@transaction.atomic
def note(rendering_id, *, number, dated, signer="", copy=None, by):
    """Write down that a paper was signed outside: from then on this print is the one that holds.

    Shape:   (Rendering id, text, date, text, Judged or None) -> Issue
    Locks:   the rendering row
    Raises:  NotAllowed, WrongState for a draft or an unfinished paper, RuleBroken
    """
    rendering = _locked(rendering_id, by)
    if rendering.state != RenderingState.DONE:
        raise WrongState("Văn bản chưa tạo xong.")
    if rendering.is_draft:
        raise WrongState("Đây là bản dự thảo; tạo lại bản chính thức rồi mới ghi số, ngày.")
    if hasattr(rendering, "issue"):
        raise RuleBroken(f"Văn bản này đã có số {rendering.issue.number}, ngày {day(rendering.issue.dated)}.")
    if not number.strip():
        raise RuleBroken("Cần ghi số, ký hiệu của văn bản.")
    if dated > timezone.localdate():
        raise RuleBroken("Ngày ký không thể ở tương lai.")
    row = Issue.objects.create(
        rendering=rendering, number=number.strip(), dated=dated, signer=signer.strip(), noted_by=by
    )
    after = {"number": row.number, "dated": row.dated, "signer": row.signer}
    audit.record("paper.issue", by=by, target=rendering, after=after)
    if copy is not None:
        _keep(row, copy, by)
    return row


@transaction.atomic
def add_copy(issue_id, copy, *, by):
    """Attach a signed copy, or one more, to a paper that has its number.

    Shape:   (Issue id, Judged) -> SignedCopy
    Locks:   the rendering row
    Raises:  NotAllowed, RuleBroken
    """
    row = Issue.objects.get(pk=issue_id)
    row.rendering = _locked(row.rendering_id, by)
    return _keep(row, copy, by)


def _keep(row, copy, by):
    return attachments.attach(SignedCopy, copy, by=by, target=row.rendering, action="paper.signed_copy", issue=row)


def _locked(rendering_id, by):
    Rendering.objects.select_for_update().get(pk=rendering_id)
    owners = ("bloc_year__year__authority", "year__authority", "unit_report__unit", "conference")
    rendering = Rendering.objects.select_related(*owners).get(pk=rendering_id)
    if not by.has_perm("reports.issue_paper", rendering):
        raise NotAllowed("Chỉ nơi ban hành văn bản ghi số, ngày và đính bản đã ký.")
    return rendering
