"""What members say about a covenant or a summary report, and what becomes of it."""

from django.db import transaction
from django.utils import timezone

from blocs.domain import audit
from blocs.domain.words import clean
from blocs.enums import MEMBER_UNIT_ROLES, CommentOn, CommentOutcome
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken, WrongState
from blocs.models import BlocYear, Comment, Covenant, UnitYear

MAX_TEXT, MAX_QUOTE, MAX_PASSAGE = 4000, 2000, 80


@transaction.atomic
def add(bloc_year_id, *, by, on, text, passage="", quote="", check=None):
    """A comment on a passage of a text, or on the whole of it where no passage is named.

    Shape:   (BlocYear id, CommentOn, text, key of the passage, the passage as it reads now) -> Comment
             check: called with the locked BlocYear; raises where the text takes no more comments. That of the
             covenant is known here; who keeps another text gives its own.
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken, WrongState
    """
    bloc_year = BlocYear.objects.select_for_update(of=("self",)).select_related("year").get(pk=bloc_year_id)
    if not by.has_perm("blocs.comment", bloc_year):
        raise NotAllowed("Chỉ đơn vị thành viên, Khối trưởng, Khối phó, Hội đồng và Ban TĐKT góp ý.")
    (check or CHECKS[on])(bloc_year)
    words = clean(text, at_most=MAX_TEXT)
    if not words:
        raise RuleBroken("Cần ghi nội dung góp ý.")
    if len(passage) > MAX_PASSAGE:
        raise RuleBroken("Không rõ góp ý về đoạn nào. Tải lại trang rồi góp ý.")
    comment = Comment.objects.create(
        bloc_year=bloc_year,
        on=on,
        passage=passage,
        quote=clean(quote[:MAX_QUOTE], at_most=MAX_QUOTE),
        text=words,
        unit=unit_of(bloc_year, by),
        by=by,
    )
    audit.record("comment.add", by=by, target=comment, after={"on": on, "passage": passage, "text": words})
    return comment


@transaction.atomic
def answer(comment_id, *, by, outcome, words="", seen="", check=None):
    """Accept, reject or answer a comment; who rejects or answers says so in words. It may be answered anew until the
    text is settled.

    Shape:   (Comment id, CommentOutcome, text, the ``version_of`` it that the page showed) -> Comment
             check: as of ``add``; raises where an answer stands for good
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile, WrongState
    """
    comment = _locked(comment_id)
    if not by.has_perm("blocs.answer_comment", comment):
        raise NotAllowed("Chỉ Khối trưởng, Khối phó trả lời góp ý.")
    if outcome not in CommentOutcome.values:
        raise RuleBroken("Chọn tiếp thu, không tiếp thu hoặc trả lời.")
    kept = clean(words, at_most=MAX_TEXT)
    if not kept and outcome != CommentOutcome.ACCEPTED:
        raise RuleBroken("Không tiếp thu hoặc trả lời thì cần ghi lời giải thích.")
    if (comment.outcome, comment.answer) == (outcome, kept):
        return comment
    if comment.answered_at:
        (check or ANSWER_CHECKS[comment.on])(comment.bloc_year)
    if seen != version_of(comment):
        who = comment.answered_by or "Người khác"
        raise EditedMeanwhile(
            f"{who} đã trả lời góp ý này sau khi bạn mở trang. Lời của bạn chưa được lưu.",
            theirs=comment.answer,
            version=version_of(comment),
        )
    before = {"outcome": comment.outcome, "answer": comment.answer}
    comment.outcome, comment.answer = outcome, kept
    comment.answered_at, comment.answered_by = timezone.now(), by
    comment.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
    after = {"outcome": outcome, "answer": kept}
    audit.record("comment.answer", by=by, target=comment, before=before, after=after)
    return comment


@transaction.atomic
def withdraw(comment_id, *, by):
    """Take back one's own comment as long as nobody answered it.

    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState
    """
    comment = _locked(comment_id)
    if comment.by_id != by.pk:
        raise NotAllowed("Chỉ người góp ý rút được góp ý của mình.")
    if comment.answered_at:
        raise WrongState("Góp ý đã được trả lời, không rút được nữa.")
    before = {"on": comment.on, "passage": comment.passage, "text": comment.text}
    audit.record("comment.withdraw", by=by, target=comment, before=before)
    comment.delete()


def of_text(bloc_year, on, *, user):
    """The comments on one text that the user sees, oldest first, with who said and answered them; one query.

    Shape:   (BlocYear, CommentOn, User) -> Comment queryset
    """
    rows = Comment.objects.visible_to(user).filter(bloc_year=bloc_year, on=on)
    return rows.select_related("unit", "by", "answered_by")


def version_of(comment):
    """Which answer a page shows: empty where there is none yet.

    Shape:   Comment -> str
    """
    return comment.answered_at.isoformat() if comment.answered_at else ""


def unit_of(bloc_year, user):
    """The member unit for which the user speaks; who speaks for none (a bloc's officer, the board) has none.

    Shape:   (BlocYear, User) -> UnitYear or None
    """
    mine = user.seats.having(*MEMBER_UNIT_ROLES).values("unit")
    rows = UnitYear.objects.filter(memberships__bloc_year=bloc_year, unit__in=mine)
    return rows.order_by("memberships__position", "pk").first()


def _locked(comment_id):
    bloc_year_id = Comment.objects.filter(pk=comment_id).values_list("bloc_year", flat=True).first()
    if bloc_year_id is None:
        raise WrongState("Góp ý này vừa được người gửi rút lại.")
    BlocYear.objects.select_for_update().get(pk=bloc_year_id)
    comment = Comment.objects.select_related("bloc_year__year", "answered_by").filter(pk=comment_id).first()
    if comment is None:
        raise WrongState("Góp ý này vừa được người gửi rút lại.")
    return comment


def _until_closed(words):
    def check(bloc_year):
        covenant = Covenant.objects.filter(bloc_year=bloc_year).first()
        if covenant and covenant.is_closed:
            raise WrongState(f"Văn bản giao ước đã chốt, {words}.")

    return check


CHECKS = {CommentOn.COVENANT: _until_closed("không nhận góp ý nữa")}
ANSWER_CHECKS = {CommentOn.COVENANT: _until_closed("không sửa câu trả lời góp ý nữa")}
