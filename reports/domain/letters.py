"""The words of a letter: what the board may edit, and below it what is owed, read anew each time."""

from datetime import date

from django.conf import settings
from django.urls import reverse

from blocs.enums import OwedBy, label_of
from blocs.templatetags.vietnamese import day as day_words
from blocs.templatetags.vietnamese import figure, moment
from reports.enums import MessageKind

# No "hôm nay", no "còn 7 ngày": a letter may wait in the outbox.
BODIES = {
    MessageKind.REMINDER: "Các việc dưới đây đến hạn ngày {due}. Đề nghị hoàn thành đúng hạn:",
    MessageKind.DUE: "Ngày {due} là ngày đến hạn của các việc dưới đây mà hệ thống chưa nhận được:",
    MessageKind.DIGEST: "Đến 7 giờ ngày {day}, các việc dưới đây đã quá hạn mà chưa nhận được:",
}
SUBJECTS = {
    MessageKind.REMINDER: "Sắp đến hạn ngày {due}: {what}",
    MessageKind.DUE: "Đến hạn ngày {due}: {what}",
    MessageKind.DIGEST: "Còn thiếu {count} việc quá hạn, đến ngày {day}",
    MessageKind.LETTER: "Đề nghị hoàn thành: {what}",
}


def subject_of(kind, obligations, day: date):
    """Shape: (MessageKind, [Obligation], day) -> str, at most 300 signs"""
    labels = list(dict.fromkeys(label_of(row.code) for row in obligations))
    what = "; ".join(labels[:3]) + (f" và {len(labels) - 3} việc khác" if len(labels) > 3 else "")
    due = day_words(obligations[0].due_at)
    return SUBJECTS[kind].format(what=what, count=figure(len(obligations)), day=day_words(day), due=due)[:300]


def subject_now(message, written, owed):
    """The subject that fits what is owed now; one that the board wrote itself stays.

    Shape:   (Message, [Obligation] that it was written for, those of them still owed) -> str
    """
    ours = not message.version or message.subject == subject_of(message.kind, written, message.on)
    return subject_of(message.kind, owed, message.on) if ours and owed else message.subject


def body_of(kind, obligations, day: date):
    """Shape: (MessageKind but a letter of the board, [Obligation], day) -> str"""
    return BODIES[kind].format(due=day_words(obligations[0].due_at), day=day_words(day))


def lines_of(kind, obligations):
    """What is owed, one line a thing; in a digest by bloc and thing, with the names of those who owe.

    Shape:   (MessageKind, [Obligation with unit and bloc_year]) -> [str]
    """
    rows = sorted(obligations, key=lambda row: (row.due_at is None, row.due_at, row.bloc_year.position, row.pk))
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
    return f"{due}, khóa nhận {moment(row.locks_at)}" if row.locks_at else f"{due}, không đặt thời điểm khóa"


def page_of(kind, obligations):
    """Where the recipient goes on: his list of things to do, or the bloc that the digest is about."""
    if kind != MessageKind.DIGEST:
        return reverse("todo")
    blocs = {row.bloc_year_id for row in obligations}
    return reverse("bloc_detail", args=list(blocs)) if len(blocs) == 1 else reverse("bloc_list")


def whole(message, obligations):
    """The letter as it goes out: the words, what is still owed, the link, who sends it.

    Shape:   (Message with year__authority, [Obligation]) -> str
    """
    authority = message.year.authority
    sender = authority.board or authority.name
    link = f"{settings.SITE_URL}{page_of(message.kind, obligations)}"
    parts = [message.body.strip(), "\n".join(lines_of(message.kind, obligations)), f"Mở trang: {link}", sender]
    return "\n\n".join(part for part in parts if part)
