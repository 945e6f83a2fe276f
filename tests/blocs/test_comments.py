"""What members say about a text, and what becomes of it."""

import pytest
from django.utils import timezone

from blocs.domain import comments
from blocs.enums import CommentOn, Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent, Comment, Covenant
from tests.factories import make_bloc_year, make_seat, make_user, members_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc_year():
    return make_bloc_year()


@pytest.fixture
def head(bloc_year):
    return make_user(Role.BLOC_HEAD, bloc_year=bloc_year)


def say(bloc_year, by=None, text="Đề nghị ghi rõ hơn.", **columns):
    by = by or make_user(Role.UNIT_REPORTER, bloc_year=bloc_year)
    return comments.add(bloc_year.pk, by=by, on=CommentOn.COVENANT, text=text, **columns)


def test_comment_says_for_which_unit_and_about_which_passage(bloc_year):
    second = members_of(bloc_year)[1]
    row = say(bloc_year, make_user(Role.UNIT_LEADER, unit=second), passage="goal-1", quote="Mục tiêu 1")
    assert (row.unit, row.passage, row.quote, row.outcome) == (second, "goal-1", "Mục tiêu 1", "")
    assert AuditEvent.objects.get().action == "comment.add"


def test_head_without_a_seat_in_a_unit_speaks_for_none(bloc_year, head):
    assert say(bloc_year, head).unit is None


def test_words_are_cleaned(bloc_year):
    row = say(bloc_year, text=" Hoa\u0300n\u202e tha\u0300nh\x00\u200b <b>tốt</b>\r\nDòng hai ")
    assert row.text == "Hoàn thành <b>tốt</b>\nDòng hai"


@pytest.mark.parametrize("text", ["", " \n ", "\u200b", "a" * 4001])
def test_empty_or_endless_comment_is_refused(bloc_year, text):
    with pytest.raises(RuleBroken):
        say(bloc_year, text=text)
    assert Comment.objects.count() == 0


def test_passage_with_an_endless_name_is_refused(bloc_year):
    with pytest.raises(RuleBroken):
        say(bloc_year, passage="a" * 81)


@pytest.mark.parametrize("role", [Role.MOVEMENT_OWNER, Role.ASSESSOR, Role.COUNCIL_SECRETARY, Role.ADMINISTRATOR])
def test_others_do_not_comment(bloc_year, role):
    with pytest.raises(NotAllowed):
        say(bloc_year, make_user(role, bloc_year=bloc_year))


def test_closed_covenant_takes_no_comment(bloc_year, head):
    Covenant.objects.create(bloc_year=bloc_year, closed_at=timezone.now(), closed_by=head, digest="x", closed_with={})
    with pytest.raises(WrongState):
        say(bloc_year)


def test_text_of_another_keeper_is_asked_whether_it_takes_comments(bloc_year, head):
    def closed(row):
        raise WrongState(f"Đã thông qua: {row.pk}")

    with pytest.raises(WrongState, match=f"Đã thông qua: {bloc_year.pk}"):
        comments.add(bloc_year.pk, by=head, on=CommentOn.SUMMARY_REPORT, text="x", check=closed)
    row = comments.add(bloc_year.pk, by=head, on=CommentOn.SUMMARY_REPORT, text="x", check=lambda row: None)
    assert row.on == "summary-report"


@pytest.mark.parametrize(
    ("outcome", "words", "is_taken"),
    [
        ("accepted", "", True), ("accepted", "Cảm ơn.", True), ("rejected", "Không có căn cứ.", True),
        ("answered", "Đã nêu ở mục 2.", True), ("rejected", "", False), ("answered", " ", False), ("", "x", False),
        ("unknown", "x", False),
    ],
)  # fmt: skip
def test_comment_is_answered(bloc_year, head, outcome, words, is_taken):
    row = say(bloc_year)
    if not is_taken:
        with pytest.raises(RuleBroken):
            comments.answer(row.pk, by=head, outcome=outcome, words=words)
        assert Comment.objects.open().count() == 1
        return
    comments.answer(row.pk, by=head, outcome=outcome, words=words)
    row.refresh_from_db()
    assert (row.outcome, row.answer, row.answered_by) == (outcome, words, head)
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == ["comment.add", "comment.answer"]


def test_second_answer_of_somebody_who_saw_none_is_not_taken(bloc_year, head):
    row, deputy = say(bloc_year), make_user(Role.BLOC_DEPUTY, bloc_year=bloc_year)
    first = comments.answer(row.pk, by=head, outcome="accepted")
    with pytest.raises(EditedMeanwhile) as caught:
        comments.answer(row.pk, by=deputy, outcome="rejected", words="Không.")
    assert caught.value.version == comments.version_of(first)
    changed = comments.answer(row.pk, by=deputy, outcome="rejected", words="Không.", seen=caught.value.version)
    assert (changed.outcome, changed.answered_by) == ("rejected", deputy)


def test_answer_stands_once_the_text_is_settled(bloc_year, head):
    answered, late = say(bloc_year), say(bloc_year)
    seen = comments.version_of(comments.answer(answered.pk, by=head, outcome="accepted"))
    Covenant.objects.create(bloc_year=bloc_year, closed_at=timezone.now(), closed_by=head, digest="x", closed_with={})

    with pytest.raises(WrongState, match="không sửa câu trả lời góp ý nữa"):
        comments.answer(answered.pk, by=head, outcome="rejected", words="Không.", seen=seen)
    assert comments.answer(late.pk, by=head, outcome="accepted").outcome == "accepted"


def test_same_answer_twice_is_one(bloc_year, head):
    row = say(bloc_year)
    for _ in range(2):
        comments.answer(row.pk, by=head, outcome="accepted")
    assert AuditEvent.objects.filter(action="comment.answer").count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.BLOC_HEAD, Role.BLOC_DEPUTY)])
def test_others_do_not_answer(bloc_year, role):
    row = say(bloc_year)
    with pytest.raises(NotAllowed):
        comments.answer(row.pk, by=make_user(role, bloc_year=bloc_year), outcome="accepted")


def test_own_open_comment_is_taken_back(bloc_year, head):
    author = make_user(Role.UNIT_REPORTER, bloc_year=bloc_year)
    row, answered = say(bloc_year, author), say(bloc_year, author)
    comments.answer(answered.pk, by=head, outcome="accepted")
    with pytest.raises(NotAllowed):
        comments.withdraw(row.pk, by=head)
    with pytest.raises(WrongState):
        comments.withdraw(answered.pk, by=author)
    comments.withdraw(row.pk, by=author)
    assert list(Comment.objects.all()) == [answered]
    with pytest.raises(WrongState):
        comments.answer(row.pk, by=head, outcome="accepted")


def test_comments_of_a_text_are_read_with_one_query(bloc_year, head, django_assert_num_queries):
    for unit in members_of(bloc_year):
        make_seat(head, Role.UNIT_LEADER, unit=unit)
        comments.answer(say(bloc_year, make_user(Role.UNIT_LEADER, unit=unit)).pk, by=head, outcome="accepted")
    comments.add(bloc_year.pk, by=head, on=CommentOn.SUMMARY_REPORT, text="x", check=lambda row: None)
    with django_assert_num_queries(1):
        rows = [(row.unit, row.by, row.answered_by) for row in comments.of_text(bloc_year, "covenant", user=head)]
    assert [unit for unit, _, _ in rows] == members_of(bloc_year)
