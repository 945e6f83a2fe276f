"""The outbox: letters wait until the board sends them. The row is the truth: a task may be lost or doubled."""

import logging
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Prefetch
from django.utils import timezone

from blocs.domain import audit
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken, WrongState
from blocs.models import Obligation
from reports.domain import letters, recipients
from reports.enums import MessageKind, MessageState
from reports.models import Message, Reminder
from reports.workflow import MESSAGE_EDITABLE, MESSAGE_MOVES

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 3
NOTHING_LEFT = "Không còn gì phải nhắc khi gửi: đã nộp, đã qua hạn nhắc trước, hoặc người nhận không còn phụ trách."
PASSED = "Chưa gửi mà đã đến ngày hết hạn, hoặc việc đã nộp đủ: không nhắc trước nữa."
REPLACED = "Chưa gửi thì đã sang ngày khác: bản tổng hợp mới, nếu còn việc quá hạn, thay cho bản này."


def with_reminders(messages):
    """Messages with what a page or a worker shows of them.

    Shape:   Message queryset -> the same, ``reminders`` with their obligations prefetched
    """
    owed = Reminder.objects.select_related("obligation__unit", "obligation__bloc_year__year").order_by("pk")
    return messages.select_related("recipient", "sent_by", "year__authority").prefetch_related(
        Prefetch("reminders", queryset=owed)
    )


def missing_of(message):
    """Shape: Message of ``with_reminders`` -> [Obligation] that are still owed"""
    return [row for row in _written(message) if row.received_at is None]


def text_of(message):
    """The letter as it was sent, or as it would go out now."""
    if message.state in (MessageState.SENT, MessageState.CANCELLED):
        return message.body
    return letters.whole(message, words_of(message), missing_of(message))


def words_of(message):
    """What the board may edit: the words above what is owed, as they would go out now."""
    return letters.body_now(message, _written(message), missing_of(message), timezone.localdate())


def subject_of(message):
    """The subject as it was sent, or as it would go out now."""
    if message.state in (MessageState.SENT, MessageState.CANCELLED):
        return message.subject
    return letters.subject_now(message, _written(message), missing_of(message), timezone.localdate())


def _written(message):
    return [reminder.obligation for reminder in message.reminders.all()]


# ---------------------------------------------------------------- what the schedule does


def retire(authority, day):
    """Take the schedule's letters out of the outbox that say nothing new any more: digests of earlier days, and
    reminders before a day that has come. A person never gets several at once, however long they wait.

    Shape:   (Authority, date) -> how many
    """
    waiting = Message.objects.filter(state=MessageState.WAITING, year__authority=authority, on__lt=day)
    tomorrow = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    owed = Obligation.objects.by_day().missing().filter(day__gte=tomorrow)
    ahead = Reminder.objects.filter(message=OuterRef("pk"), obligation__in=owed)
    digests, reminders = waiting.filter(kind=MessageKind.DIGEST), waiting.filter(kind=MessageKind.REMINDER)
    done = digests.update(state=MessageState.CANCELLED, error=REPLACED)
    return done + reminders.filter(~Exists(ahead)).update(state=MessageState.CANCELLED, error=PASSED)


# ---------------------------------------------------------------- what the board does


@transaction.atomic
def edit(message_id, subject, body, version, *, by):
    """Change the words of a letter that waits; what is owed stands below them by itself.

    Raises:  NotAllowed, WrongState, RuleBroken, EditedMeanwhile
    """
    row = _locked([message_id], by)[0]
    if row.state not in MESSAGE_EDITABLE:
        raise WrongState("Thư đã gửi hoặc đã bỏ, không sửa được nữa.")
    if row.version != version:
        message = "Người khác vừa sửa thư này. Chọn bản cần giữ."
        raise EditedMeanwhile(message, theirs=f"{row.subject}\n\n{row.body}", version=row.version)
    subject, body = " ".join(subject.split()), body.strip()
    if not subject or not body:
        raise RuleBroken("Thư cần có tiêu đề và nội dung.")
    before = {"subject": row.subject, "body": row.body}
    row.subject, row.body, row.version = subject, body, version + 1
    row.save(update_fields=["subject", "body", "version"])
    audit.record("message.edit", by=by, target=row, before=before, after={"subject": subject, "body": body})
    return row


@transaction.atomic
def send(message_ids, *, by):
    """Let letters go; the caller tells the workers after commit.

    Shape:   [Message id] -> [Message id] now being sent, without those that somebody sent or took away meanwhile
    Raises:  NotAllowed
    """
    rows = [row for row in _locked(message_ids, by) if row.state in MESSAGE_MOVES["send"].source]
    begin(rows, by=by)
    if rows:
        audit.record("message.send", by=by, target=rows[0].year, after=_sent(rows))
    return [row.pk for row in rows]


def _sent(rows):
    return {"messages": sorted(row.pk for row in rows), "recipients": sorted({row.recipient_id for row in rows})}


def begin(rows, *, by, now=None):
    """Put letters on the way; ``by`` is empty when the schedule sends. The caller holds the rows or just made them."""
    for row in rows:
        row.state, row.sent_at, row.sent_by = MESSAGE_MOVES["send"].target, now or timezone.now(), by
        row.claimed_at, row.attempts, row.error = None, 0, ""
    Message.objects.bulk_update(
        rows, ["state", "sent_at", "sent_by", "claimed_at", "attempts", "error"], batch_size=200
    )


@transaction.atomic
def cancel(message_ids, *, by, note):
    """Take letters out of the outbox; the reason stays with them.

    Shape:   [Message id] -> how many
    Raises:  NotAllowed, RuleBroken
    """
    if not note.strip():
        raise RuleBroken("Cần ghi rõ lý do bỏ thư.")
    rows = [row for row in _locked(message_ids, by) if row.state in MESSAGE_MOVES["cancel"].source]
    for row in rows:
        row.state, row.error = MESSAGE_MOVES["cancel"].target, note.strip()[:500]
        audit.record("message.cancel", by=by, target=row, note=note.strip())
    Message.objects.bulk_update(rows, ["state", "error"], batch_size=200)
    return len(rows)


def _locked(ids, by):
    rows = list(Message.objects.select_for_update(of=("self",)).filter(pk__in=ids).select_related("year__authority"))
    years = {row.year_id: row.year for row in rows}.values()
    if len(rows) != len(set(ids)) or not all(by.has_perm("reports.send_messages", year) for year in years):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng sửa, gửi và bỏ thư trong hộp chờ gửi.")
    return rows


def mark_read(message, *, by):
    """The first time the recipient opens it."""
    Message.objects.filter(pk=message.pk, recipient=by, read_at=None).update(read_at=timezone.now())


# ---------------------------------------------------------------- what a worker does


def deliver(message_id, *, now=None):
    """Send one letter; called by a worker, any number of times, by any number of workers.

    Shape:   id -> True when this call finished the letter
    Claimed by one compare-and-set, finished by another that names the attempt: of two workers one sends.
    """
    now = now or timezone.now()
    claimed = Message.objects.filter(pk=message_id, state=MessageState.SENDING, claimed_at=None).update(
        claimed_at=now, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    message = with_reminders(Message.objects).get(pk=message_id)
    mine = Message.objects.filter(pk=message_id, state=MessageState.SENDING, attempts=message.attempts)
    owed = _still_for(message, now)
    if not owed:
        return bool(mine.update(state=MessageState.CANCELLED, error=NOTHING_LEFT))
    written, today = _written(message), timezone.localdate(now)
    subject = letters.subject_now(message, written, owed, today)
    text = letters.whole(message, letters.body_now(message, written, owed, today), owed)
    address = message.recipient.email
    try:
        if address:
            EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [address]).send()
    except Exception as error:  # whatever failed is told to people and may be tried again
        logger.exception("message %s failed", message_id)
        return bool(mine.update(state=MessageState.FAILED, error=_words(error, address)))
    done = {"subject": subject, "body": text, "address": address, "sent_at": timezone.now(), "error": ""}
    return bool(mine.update(state=MessageState.SENT, **done))


def _still_for(message, now):
    """What is still owed, still this recipient's to know, and, where it was told ahead, still ahead."""
    owed = missing_of(message)
    if message.kind == MessageKind.REMINDER:
        owed = [row for row in owed if row.day and row.day >= now]
    people = recipients.of(message.kind, owed, timezone.localdate(now))
    return [row for row in owed if message.recipient in people[row.pk]]


def take_up_lost(*, now=None):
    """Letters whose task or worker was lost, to be sent anew; what failed too often is given up with a reason.

    Shape:   -> [id] to send tasks for
    """
    now = now or timezone.now()
    sending = Message.objects.filter(state=MessageState.SENDING)
    dead = sending.filter(claimed_at__lt=now - timedelta(seconds=settings.RENDER_RUN_LOST_AFTER))
    dead.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=MessageState.FAILED,
        error=f"Máy gửi thư dừng giữa chừng {MAX_ATTEMPTS} lần. Có thể gửi lại; nếu vẫn lỗi, báo quản trị hệ thống.",
    )
    freed = list(dead.values_list("pk", flat=True))
    dead.update(claimed_at=None)
    waiting = sending.filter(
        claimed_at=None, sent_at__lt=now - timedelta(seconds=settings.RENDER_QUEUE_LOST_AFTER)
    ).values_list("pk", flat=True)
    ids = sorted({*freed, *waiting})
    Message.objects.filter(pk__in=ids, state=MessageState.SENDING).update(sent_at=now)
    return ids


def _words(error, address):
    if isinstance(error, OSError):
        words = f"Không gửi được tới {address}: máy chủ thư không nhận ({error.strerror or type(error).__name__})."
    else:
        words = f"Không gửi được tới {address}: lỗi của hệ thống, quản trị xem nhật ký."
    return words[:500]
