"""One thing to do, as the first page shows it, and what its texts are made of."""

from dataclasses import dataclass
from datetime import datetime

from blocs.domain.deadlines import Deadline
from blocs.templatetags.vietnamese import moment
from reports.domain.standing import look_of


@dataclass(frozen=True)
class Task:
    """One thing to do. ``post`` means that the button begins something; ``owed`` are the obligations it is about."""

    due_at: datetime | None
    title: str
    detail: str
    look: str
    words: str
    url: str
    button: str
    post: bool = False
    owed: tuple[int, ...] = ()


@dataclass(frozen=True)
class Upcoming:
    """A date that comes next, for the one who has nothing to do."""

    due_at: datetime
    words: str


@dataclass(frozen=True)
class Done:
    """Something that came in lately."""

    at: datetime
    words: str
    look: str


def standing_of(deadline: Deadline, now):
    """(look, words) of what has not come in."""
    return look_of(deadline.standing(None, now)), deadline.words(None, now)


def dates(deadline: Deadline):
    words = f"Hạn nộp {moment(deadline.due_at)}" if deadline.due_at else "Chưa đặt hạn nộp"
    if deadline.grace_until:
        words += f" · còn tính đúng hạn đến {moment(deadline.grace_until)}"
    late = " (tính là chậm)" if deadline.takes_late else ""
    return f"{words} · còn nhận{late} đến {moment(deadline.locks_at)}" if deadline.locks_at else words
