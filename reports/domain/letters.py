"""The words of a letter: what the board may edit, and below it what is owed, read anew each time."""

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from blocs.domain.deadlines import of_obligation
from blocs.enums import OwedBy, label_of
from blocs.templatetags.vietnamese import day as day_words
from blocs.templatetags.vietnamese import figure, moment
from reports.enums import MessageKind

# No "hôm nay", no "còn 7 ngày": a letter may wait in the outbox.
BODIES = {
    MessageKind.REMINDER: "Các việc dưới đây đến hạn ngày {due}. Đề nghị hoàn thành đúng hạn:",
    MessageKind.DUE: "Ngày {due} là ngày đến hạn của các việc dưới đây mà hệ thống chưa nhận được:",
    MessageKind.DIGEST: "Đến 7 giờ ngày {day}, các việc dưới đây đã đến hạn mà chưa nhận được:",
}
SUBJECTS = {
    MessageKind.REMINDER: "Sắp đến hạn ngày {due}: {what}",
    MessageKind.DUE: "Đến hạn ngày {due}: {what}",
    MessageKind.DIGEST: "Còn thiếu {count} việc đã đến hạn, đến ngày {day}",
    MessageKind.LETTER: "Đề nghị hoàn thành: {what}",
}


LATE_BODY = "Các việc dưới đây đã quá hạn ngày {due} mà hệ thống chưa nhận được:"
LATE_SUBJECT = "Đã quá hạn ngày {due}: {what}"


def subject_of(kind, obligations, day: date, *, today: date | None = None):
    """Shape: (MessageKind, [Obligation], day of the letter, day that it goes out on) -> str, at most 300 signs"""
    labels = list(dict.fromkeys(label_of(row.code) for row in obligations))
    what = "; ".join(labels[:3]) + (f" và {len(labels) - 3} việc khác" if len(labels) > 3 else "")
    is_late, due = _due(kind, obligations, today)
    words = LATE_SUBJECT if is_late else SUBJECTS[kind]
    return words.format(what=what, count=figure(len(obligations)), day=day_words(day), due=due)[:300]


def subject_now(message, written, owed, today: date):
    """The subject that fits what is owed on the day that it goes out; one that the board wrote itself stays.

    Shape:   (Message, [Obligation] that it was written for, those of them still owed, day) -> str
    """
    ours = not message.version or message.subject in _both(subject_of, message, written, today)
    return subject_of(message.kind, owed, message.on, today=today) if ours and owed else message.subject


def body_of(kind, obligations, day: date, *, today: date | None = None):
    """Shape: (MessageKind but a letter of the board, [Obligation], day of the letter, day of sending) -> str"""
    is_late, due = _due(kind, obligations, today)
    return (LATE_BODY if is_late else BODIES[kind]).format(due=due, day=day_words(day))


def body_now(message, written, owed, today: date):
    """The words above what is owed that fit the day on which it goes out; what the board wrote itself stays.

    Shape:   (Message, [Obligation] that it was written for, those of them still owed, day) -> str
    """
    if message.kind not in BODIES or not owed:
        return message.body
    ours = not message.version or message.body in _both(body_of, message, written, today)
    return body_of(message.kind, owed, message.on, today=today) if ours else message.body


def _both(words_of, message, written, today):
    """What stands in a letter that nobody changed: as it was made, or as a page of today shows it."""
    return {words_of(message.kind, written, message.on, today=on) for on in (None, today)}


def _due(kind, obligations, today):
    """Whether a letter of the day on which things are due goes out after that day, and which day it was or is."""
    days = [timezone.localdate(row.day) for row in obligations if row.day]
    if not days:
        return False, ""
    is_late = bool(kind == MessageKind.DUE and today and max(days) < today)
    return is_late, day_words(max(days) if is_late else min(days))


def lines_of(kind, obligations):
    """What is owed, one line a thing; in a digest by bloc and thing, with the names of those who owe.

    Shape:   (MessageKind, [Obligation with unit and bloc_year]) -> [str]
    """
    rows = sorted(obligations, key=lambda row: (row.day is None, row.day, row.bloc_year.position, row.pk))
    if kind != MessageKind.DIGEST:
        return [f"- {label_of(row.code)}, {_whose(row)}: {_dates(row)}" for row in rows]
    groups: dict = {}
    for row in rows:
        groups.setdefault((row.bloc_year.name, row.code, row.due_at, row.locks_at), []).append(row)
    return [
        f"- {bloc}, {label_of(code)}: {_dates(group[0])}. Còn thiếu {len(group)}: {'; '.join(map(_who, group))}"
        for (bloc, code, _, _), group in groups.items()
    ]


def _whose(row):
    return f"{row.unit.name} ({row.bloc_year.name})" if row.unit and row.owed_by != OwedBy.HEAD else row.bloc_year.name


def _who(row):
    return row.unit.short if row.unit else row.get_owed_by_display()


def _dates(row):
    """A missing moment is said, not passed over."""
    due = f"hạn {moment(row.due_at)}" if row.due_at else "chưa đặt hạn"
    if until := of_obligation(row).grace_until:
        due += f" (còn tính đúng hạn đến {moment(until)})"
    return f"{due}, khóa nhận {moment(row.locks_at)}" if row.locks_at else f"{due}, không đặt thời điểm khóa"


def page_of(kind, obligations):
    """Where the recipient goes on: his list of things to do, or the bloc that the digest is about."""
    if kind != MessageKind.DIGEST:
        return reverse("todo")
    blocs = {row.bloc_year_id for row in obligations}
    return reverse("bloc_detail", args=list(blocs)) if len(blocs) == 1 else reverse("bloc_list")


def whole(message, body, obligations):
    """The letter as it goes out: the words, what is still owed, the link, who sends it.

    Shape:   (Message with year__authority, its words, [Obligation]) -> str
    """
    authority = message.year.authority
    sender = authority.board or authority.name
    link = f"{settings.SITE_URL}{page_of(message.kind, obligations)}"
    parts = [body.strip(), "\n".join(lines_of(message.kind, obligations)), f"Mở trang: {link}", sender]
    return "\n\n".join(part for part in parts if part)
