"""On time, late, closed: two moments, exact to the second, in words that people can act on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone

from blocs.errors import RuleBroken
from blocs.models import Obligation
from blocs.templatetags.vietnamese import moment


class Standing(StrEnum):
    """Where an obligation stands; the values are the state classes of the theme."""

    ON_TIME = "ok"
    LATE = "late"
    OPEN = "idle"
    OVERDUE = "overdue"
    CLOSED = "miss"


@dataclass(frozen=True)
class Deadline:
    """When something is due and when it is closed; either may be unknown."""

    due_at: datetime | None = None
    locks_at: datetime | None = None
    on_time_until: datetime | None = None  # the due moment and the days of grace; empty: the due moment
    is_waived: bool = False

    def is_late(self, at):
        """True when ``at`` lies after the last second that counts as on time; that second itself is on time."""
        until = self.on_time_until or self.due_at
        return until is not None and at.replace(microsecond=0) > until and not self.is_waived

    @property
    def grace_until(self):
        """The last second of the days of grace before the lock; None where the due moment itself is the last."""
        if not self.due_at or not self.on_time_until or self.on_time_until == self.due_at:
            return None
        until = min(self.on_time_until, self.locks_at or self.on_time_until)
        return until if until > self.due_at else None

    @property
    def takes_late(self):
        """True where what is late may still come in before the lock."""
        last = self.on_time_until or self.due_at
        return bool(last and self.locks_at and last < self.locks_at)

    def is_closed(self, at):
        return self.locks_at is not None and at.replace(microsecond=0) > self.locks_at

    def standing(self, received_at, now):
        """Shape: moment it came in or None, now -> Standing"""
        if received_at is not None:
            return Standing.LATE if self.is_late(received_at) else Standing.ON_TIME
        if self.is_closed(now):
            return Standing.CLOSED
        return Standing.OVERDUE if self.is_late(now) else Standing.OPEN

    def words(self, received_at, now):
        """One line that says when and how many days: ``Quá hạn 2 ngày, còn nhận 8 ngày``."""
        standing = self.standing(received_at, now)
        if received_at is not None:
            return "Chậm" if standing == Standing.LATE else "Đúng hạn"
        if standing == Standing.CLOSED:
            return "Đã khóa, không nhận nữa"
        return self._overdue(now) if standing == Standing.OVERDUE else self._open(now)

    def _overdue(self, now):
        late = _days(self.due_at, now)
        words = f"Quá hạn {late} ngày" if late else "Vừa quá hạn hôm nay"
        if self.locks_at is None:
            return words
        left = _days(now, self.locks_at)
        return f"{words}, còn nhận {left} ngày" if left else f"{words}, chỉ còn nhận hôm nay"

    def _open(self, now):
        if self.due_at is None:
            return "Chưa đặt hạn"
        if self.grace_until and now.replace(microsecond=0) > self.due_at:
            return f"Quá hạn, còn tính đúng hạn đến {moment(self.grace_until)}"
        left = _days(now, self.due_at)
        return f"Còn {left} ngày" if left else "Hạn hôm nay"

    def check_open(self, at):
        """Raises: RuleBroken after the lock. Source: due-and-lock"""
        if self.is_closed(at):
            raise RuleBroken(
                f"Đã khóa nhận từ {moment(self.locks_at)}; liên hệ Ban Thi đua - Khen thưởng nếu cần gia hạn."
            )


def of_obligation(row):
    """The deadline of one who owes; an empty one where nothing is owed.

    Shape:   Obligation or None -> Deadline
    """
    if row is None:
        return Deadline()
    return Deadline(row.due_at, row.locks_at, row.on_time_until, is_waived=bool(row.received_at and row.is_on_time))


def of_unit(bloc_year_id, code, unit_id):
    """The deadline of one unit for one milestone, with its own extension."""
    return of_obligation(Obligation.objects.filter(bloc_year=bloc_year_id, code=code, unit=unit_id).first())


def of_bloc(bloc_year_id, code):
    """The deadline of what the bloc owes as a whole."""
    return of_obligation(Obligation.objects.filter(bloc_year=bloc_year_id, code=code).first())


def _days(first, last):
    return (timezone.localtime(last).date() - timezone.localtime(first).date()).days
