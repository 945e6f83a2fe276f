"""The outbox: who may do what in which state, and that a letter goes out once, with what is still owed."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from blocs.enums import Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent
from reports import queue, tasks
from reports.domain import messages, reminders
from reports.enums import MessageState
from reports.models import Message
from reports.workflow import MESSAGE_EDITABLE, MESSAGE_MOVES
from tests.factories import at, make_seat, make_user
from tests.reports.reminder_rows import make_owing
from tests.screens import make_receipts

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
S = MessageState


@pytest.fixture
def world():
    found = make_owing()
    reminders.remind(DAY)
    return found


@pytest.fixture
def letter(world):
    return Message.objects.get(recipient=world.leaders[0])


def going(letter):
    """The letter on its way."""
    messages.begin([letter], by=None)
    return letter


def after(letter):
    letter.refresh_from_db()
    return letter


class BrokenBackend:
    def __init__(self, **options):
        pass

    def send_messages(self, mails):
        raise ConnectionRefusedError(111, "Connection refused")


@pytest.fixture
def broken_mail(settings):
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"


# ---------------------------------------------------------------- states


ACTS = {
    "edit": lambda row, by: messages.edit(row.pk, "Tiêu đề", "Lời", row.version, by=by),
    "send": lambda row, by: messages.send([row.pk], by=by),
    "cancel": lambda row, by: messages.cancel([row.pk], by=by, note="Đã gọi điện."),
}
MOVES = {  # (act, state): state after; absent: nothing changes
    ("send", S.WAITING): S.SENDING,
    ("send", S.FAILED): S.SENDING,
    ("cancel", S.WAITING): S.CANCELLED,
    ("cancel", S.FAILED): S.CANCELLED,
}


@pytest.mark.parametrize("state", MessageState)
@pytest.mark.parametrize("act", ["send", "cancel"])
def test_state_and_act_give_what_the_table_says(world, letter, state, act):
    letter.state, letter.sent_at = state, timezone.now()
    letter.save()
    ACTS[act](letter, world.board)
    assert after(letter).state == MOVES.get((act, state), state)
    assert (state in MESSAGE_MOVES[act].source) is ((act, state) in MOVES)


@pytest.mark.parametrize("state", MessageState)
def test_only_what_waits_or_failed_is_edited(world, letter, state):
    letter.state, letter.sent_at = state, timezone.now()
    letter.save()
    if state in {S.WAITING, S.FAILED}:
        assert ACTS["edit"](letter, world.board).subject == "Tiêu đề"
    else:
        with pytest.raises(WrongState):
            ACTS["edit"](letter, world.board)
    assert (state in MESSAGE_EDITABLE) is (state in {S.WAITING, S.FAILED})


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", [role for role in Role if role != Role.BOARD_STAFF])
def test_others_do_nothing_in_the_outbox(world, letter, role, act):
    user = make_user()
    make_seat(user, role, bloc_year=world.bloc)
    with pytest.raises(NotAllowed):
        ACTS[act](letter, user)


@pytest.mark.parametrize("act", ACTS)
def test_board_of_another_authority_does_nothing(letter, act):
    with pytest.raises(NotAllowed):
        ACTS[act](letter, make_user(Role.BOARD_STAFF))


def test_cancelling_needs_a_reason_and_keeps_it(world, letter):
    with pytest.raises(RuleBroken):
        messages.cancel([letter.pk], by=world.board, note=" ")
    messages.cancel([letter.pk], by=world.board, note="Đã gọi điện.")
    event = AuditEvent.objects.get(action="message.cancel")
    assert (after(letter).error, event.note) == ("Đã gọi điện.", "Đã gọi điện.")


def test_second_editor_is_shown_both(world, letter):
    messages.edit(letter.pk, "Bản một", "Lời một", 0, by=world.board)
    with pytest.raises(EditedMeanwhile) as caught:
        messages.edit(letter.pk, "Bản hai", "Lời hai", 0, by=world.officer)
    assert (caught.value.theirs, caught.value.version) == ("Bản một\n\nLời một", 1)
    assert messages.edit(letter.pk, "Bản hai", "Lời hai", 1, by=world.officer).version == 2


def test_edited_letter_needs_words(world, letter):
    with pytest.raises(RuleBroken):
        messages.edit(letter.pk, "Tiêu đề", " ", 0, by=world.board)


# ---------------------------------------------------------------- going out


def test_letter_is_sent_once_with_what_when_and_where(world, letter, mailoutbox, settings):
    settings.SITE_URL = "https://thidua.example.vn"
    messages.send([letter.pk], by=world.board)
    assert [messages.deliver(letter.pk, now=at("2026-11-20 08:00")) for _ in range(2)] == [True, False]
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == ([world.leaders[0].email], "Đến hạn ngày 20/11/2026: Báo cáo năm")
    assert mail.body == (
        "Ngày 20/11/2026 là ngày đến hạn của các việc dưới đây mà hệ thống chưa nhận được:\n\n"
        f"- Báo cáo năm, {world.units[0].name} ({world.bloc.name}): hạn 17:00 thứ Sáu 20/11/2026, "
        "khóa nhận 17:00 thứ Tư 25/11/2026\n\n"
        "Mở trang: https://thidua.example.vn/\n\nBan Thi đua - Khen thưởng"
    )
    row = after(letter)
    assert (row.state, row.address, row.sent_by, row.body) == ("sent", mail.to[0], world.board, mail.body)


def test_claimed_letter_is_not_sent_by_a_second_worker(letter, mailoutbox):
    going(letter)
    Message.objects.filter(pk=letter.pk).update(claimed_at=timezone.now())
    assert (messages.deliver(letter.pk), mailoutbox) == (False, [])


def test_person_without_an_address_is_told_in_the_application(world, mailoutbox):
    letter = going(Message.objects.get(recipient=world.reporter))
    assert messages.deliver(letter.pk) is True
    assert (after(letter).state, letter.address, mailoutbox) == ("sent", "", [])
    assert list(Message.objects.visible_to(world.reporter).received_by(world.reporter)) == [letter]


def test_what_was_delivered_meanwhile_stays_away(world, letter, mailoutbox):
    make_receipts(world.bloc, "2026-11-20 08:00")
    assert messages.deliver(going(letter).pk) is True
    assert (after(letter).state, letter.error, mailoutbox) == ("cancelled", messages.NOTHING_LEFT, [])


def test_digest_names_only_those_still_missing(world, mailoutbox):
    reminders.remind(DAY + timedelta(days=1))
    make_receipts(world.bloc, "2026-11-21 08:00")
    digest = going(Message.objects.get(kind="digest", recipient=world.officer))
    messages.deliver(digest.pk)
    [mail] = mailoutbox
    line = f"Còn thiếu 2: {world.units[1].short}; {world.units[2].short}"
    assert (line in mail.body, world.units[0].short in mail.body) == (True, False)


def test_subject_counts_what_is_missing_when_it_goes_out(world, mailoutbox):
    reminders.remind(DAY + timedelta(days=1))
    digest = Message.objects.get(kind="digest", recipient=world.officer)
    assert digest.subject == "Còn thiếu 3 việc đã đến hạn, đến ngày 21/11/2026"
    make_receipts(world.bloc, "2026-11-21 08:00")
    shown = messages.subject_of(messages.with_reminders(Message.objects).get(pk=digest.pk))
    messages.deliver(going(digest).pk)
    words = "Còn thiếu 2 việc đã đến hạn, đến ngày 21/11/2026"
    assert (shown, mailoutbox[0].subject, after(digest).subject) == (words, words, words)


@pytest.mark.parametrize(
    ("subject", "sent"),
    [
        ("Còn thiếu 3 việc đã đến hạn, đến ngày 21/11/2026", "Còn thiếu 2 việc đã đến hạn, đến ngày 21/11/2026"),
        ("Mời họp về các việc còn thiếu", "Mời họp về các việc còn thiếu"),
    ],
)
def test_subject_that_the_board_wrote_stays(world, mailoutbox, subject, sent):
    reminders.remind(DAY + timedelta(days=1))
    digest = Message.objects.get(kind="digest", recipient=world.officer)
    messages.edit(digest.pk, subject, "Lời của Ban.", 0, by=world.board)
    make_receipts(world.bloc, "2026-11-21 08:00")
    messages.deliver(going(after(digest)).pk)
    assert mailoutbox[0].subject == sent


LATE = "Đã quá hạn ngày 20/11/2026: Báo cáo năm"
LATE_WORDS = "Các việc dưới đây đã quá hạn ngày 20/11/2026 mà hệ thống chưa nhận được:"


@pytest.mark.parametrize(
    ("now", "subject"), [("2026-11-20 23:59", "Đến hạn ngày 20/11/2026: Báo cáo năm"), ("2026-11-21 00:00", LATE)]
)
def test_letter_of_the_day_that_goes_out_later_says_so(letter, mailoutbox, now, subject):
    messages.deliver(going(letter).pk, now=at(now))
    assert mailoutbox[0].subject == subject
    assert mailoutbox[0].body.startswith(LATE_WORDS) is (subject == LATE)


def test_letter_whose_day_was_put_off_names_the_new_day(world, letter, mailoutbox):
    world.bloc.obligations.update(due_at=at("2026-11-23 17:00"))
    messages.deliver(going(letter).pk, now=at("2026-11-21 08:00"))
    assert mailoutbox[0].subject == "Đến hạn ngày 23/11/2026: Báo cáo năm"
    assert mailoutbox[0].body.startswith("Ngày 23/11/2026 là ngày đến hạn của các việc")


@pytest.mark.parametrize(
    ("subject", "body", "sent"),
    [
        ("Lời nhắc", "Lời của Ban.", ("Lời nhắc", "Lời của Ban.")),
        ("Lời nhắc", None, ("Lời nhắc", LATE_WORDS)),
        (None, "Lời của Ban.", (LATE, "Lời của Ban.")),
    ],
)
def test_words_of_the_board_go_out_late_as_they_are(world, letter, mailoutbox, subject, body, sent):
    messages.edit(letter.pk, subject or letter.subject, body or letter.body, 0, by=world.board)
    messages.deliver(going(after(letter)).pk, now=at("2026-11-22 08:00"))
    assert (mailoutbox[0].subject, mailoutbox[0].body.partition("\n")[0]) == sent


def test_page_and_form_show_the_words_as_they_would_go_out(letter):
    shown = messages.with_reminders(Message.objects).get(pk=letter.pk)
    shown.reminders.all()[0].obligation.due_at = timezone.now() - timedelta(days=2)
    assert messages.subject_of(shown).startswith("Đã quá hạn ngày ")
    assert messages.words_of(shown) in messages.text_of(shown)
    assert messages.words_of(shown).startswith("Các việc dưới đây đã quá hạn ngày ")


@pytest.mark.parametrize(("now", "state"), [("2026-11-20 17:00:00", "sent"), ("2026-11-20 17:00:01", "cancelled")])
def test_what_was_told_ahead_is_not_told_afterwards(mailoutbox, now, state):
    world = make_owing()
    reminders.remind(DAY - timedelta(days=7))
    letter = going(Message.objects.get(recipient=world.leaders[0]))
    messages.deliver(letter.pk, now=at(now))
    assert (after(letter).state, len(mailoutbox)) == (state, int(state == "sent"))


@pytest.mark.parametrize("change", [{"is_active": False}, None])
def test_who_answers_no_more_gets_nothing(world, letter, mailoutbox, change):
    going(letter)
    if change:
        type(world.leaders[0]).objects.filter(pk=world.leaders[0].pk).update(**change)
    else:
        world.leaders[0].seats.all().delete()
    messages.deliver(letter.pk)
    assert (after(letter).state, mailoutbox) == ("cancelled", [])


def test_letter_names_nobody_elses_data(world, letter, mailoutbox):
    messages.deliver(going(letter).pk)
    others = [unit.name for unit in world.units[1:]] + [user.email for user in world.leaders[1:]]
    others += [user.post for user in [*world.leaders, world.head, world.board]]
    assert [word for word in others if f"{word} " in f"{mailoutbox[0].body} ".replace("\n", " ")] == []


# ---------------------------------------------------------------- faults


def test_failure_is_told_and_may_be_tried_again(world, letter, broken_mail, settings, mailoutbox, caplog):
    messages.deliver(going(letter).pk)
    row = after(letter)
    assert (row.state, "Connection refused" in row.error, row.address) == ("failed", True, "")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    messages.send([row.pk], by=world.board)
    messages.deliver(row.pk)
    assert (after(row).state, row.error, len(mailoutbox)) == ("sent", "", 1)


def test_lost_task_and_lost_worker_are_taken_up(letter):
    going(letter)
    assert messages.take_up_lost() == []
    later = timezone.now() + timedelta(seconds=61)
    assert (messages.take_up_lost(now=later), messages.take_up_lost(now=later)) == ([letter.pk], [])
    Message.objects.filter(pk=letter.pk).update(claimed_at=timezone.now(), attempts=1)
    much_later = timezone.now() + timedelta(seconds=700)
    assert messages.take_up_lost(now=much_later) == [letter.pk]
    assert after(letter).claimed_at is None


def test_third_loss_is_given_up_with_words(letter):
    going(letter)
    Message.objects.filter(pk=letter.pk).update(claimed_at=timezone.now(), attempts=3)
    assert messages.take_up_lost(now=timezone.now() + timedelta(seconds=700)) == []
    assert (after(letter).state, "3 lần" in letter.error) == ("failed", True)


def test_sweeper_sends_what_was_lost(letter, monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.deliver, "delay", lambda **ids: sent.append(ids))
    going(letter)
    Message.objects.filter(pk=letter.pk).update(sent_at=timezone.now() - timedelta(hours=1))
    for _ in range(2):
        tasks.sweep_messages()
    assert sent == [{"message_id": letter.pk}]


def test_tasks_are_told_after_commit(letter, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(tasks.deliver, "delay", lambda **ids: sent.append(ids))
    with django_capture_on_commit_callbacks(execute=True):
        queue.send_letters([letter.pk])
        assert sent == []
    assert sent == [{"message_id": letter.pk}]


# ---------------------------------------------------------------- who sees a letter


@pytest.mark.parametrize("state", MessageState)
def test_letter_is_seen_by_the_board_and_once_sent_by_its_reader(world, letter, state):
    Message.objects.exclude(pk=letter.pk).delete()
    letter.state, letter.sent_at = state, timezone.now()
    letter.save()
    people = {
        "board": world.board,
        "reader": world.leaders[0],
        "other": world.leaders[1],
        "far": make_user(Role.BOARD_STAFF),
    }
    seen = {name for name, user in people.items() if Message.objects.visible_to(user).exists()}
    assert seen == ({"board", "reader"} if state in {S.SENT, S.FAILED} else {"board"})
    by_rule = {name for name, user in people.items() if user.has_perm("reports.send_messages", letter)}
    assert by_rule == {"board"}
