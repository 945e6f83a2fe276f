"""The calendar of a rule set: when a thing is due and closed in a year, and until when late still counts as on time."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, Literal

from django.utils import timezone
from pydantic import BeforeValidator, Field, model_validator

from blocs.domain.files import END_OF_DAY, HANOI, Code, FileModel, Sentence, Whole, refuse
from blocs.enums import OWED_BY_DEFAULT, OwedBy
from blocs.models import Holiday

SATURDAY = 5
BEFORE, AFTER = (
    timedelta(days=92),
    timedelta(days=304),
)  # how far from a year its dates may lie; as the year file takes them


def _offset(value):
    if not isinstance(value, str) or not re.fullmatch(r"-?[0-5]", value):
        refuse(f"“{value}” không phải số năm lệch (từ -5 đến 5)")
    return int(value)


def _clock(value):
    if isinstance(value, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?", value):
        return value
    return refuse(f"“{value}” không phải giờ (viết như 17:00)")


class DateRule(FileModel):
    """A day of every year; ``year`` is the offset from the year's own."""

    month: Annotated[Whole, Field(ge=1, le=12)]
    day: Annotated[Whole, Field(ge=1, le=31)]
    year: Annotated[int, BeforeValidator(_offset)] = 0
    time: Annotated[str, BeforeValidator(_clock)] | None = None

    def moment(self, year):
        """The moment in the year numbered ``year``; a day that the month lacks is the month's last."""
        number = year + self.year
        day = min(self.day, monthrange(number, self.month)[1])
        clock = time.fromisoformat(self.time) if self.time else END_OF_DAY
        return datetime.combine(datetime(number, self.month, day, tzinfo=HANOI).date(), clock, HANOI)


class MilestoneRule(FileModel):
    code: Code
    owed_by: Literal["unit", "head", "owner", "assessor", "board"] | None = None
    due: DateRule | None = None
    locks: DateRule | None = None
    missed: Sentence | None = None

    @model_validator(mode="after")
    def locks_after_due(self):
        if self.due and self.locks and any(self.locks.moment(year) < self.due.moment(year) for year in SAMPLE_YEARS):
            refuse("khóa (locks) trước hạn (due)", "locks")
        return self


class Lateness(FileModel):
    days: Literal["calendar", "working"] = "calendar"
    grace: Annotated[Whole, Field(le=366)] = 0
    waived_by: Literal["desk_officer", "board", "head"] | None = None


SAMPLE_YEARS = (2023, 2024)  # a common and a leap year


def check_calendar(milestones, faults):
    """Note codes that repeat and dates that run backwards.

    Shape:   ([MilestoneRule], Faults) -> None
    """
    seen: set[str] = set()
    latest = None
    for number, rule in enumerate(milestones):
        if rule.code in seen:
            faults.add(f"milestones[{number}].code", f"mã “{rule.code}” lặp lại")
        seen.add(rule.code)
        if rule.due is None:
            continue
        moments = [rule.due.moment(year) for year in SAMPLE_YEARS]
        if latest and any(now < before for now, before in zip(moments, latest[1], strict=True)):
            faults.add(f"milestones[{number}].due", f"lịch không theo thứ tự: trước hạn của mốc “{latest[0]}”")
        else:
            latest = (rule.code, moments)


@dataclass(frozen=True)
class Entry:
    """One milestone of one bloc's year, with the moments that hold there."""

    code: str
    owed_by: str
    due_at: datetime | None
    on_time_until: datetime | None
    locks_at: datetime | None
    missed: str


def entries(year, rules, own, lateness, holidays):
    """The calendar of a bloc's year: the rule set's milestones with the bloc's own dates before them.

    Shape:   (Year, [MilestoneRule], [MilestoneDate], Lateness or None, {date}) -> [Entry]
    Source:  due-and-lock
    """
    dates = {row.code: row for row in own}
    found = []
    for rule in rules:
        due_at = rule.due.moment(year.year) if rule.due else None
        locks_at = rule.locks.moment(year.year) if rule.locks else None
        if row := dates.pop(rule.code, None):
            due_at, locks_at = row.due_at or due_at, row.locks_at or locks_at
            if due_at and locks_at and locks_at < due_at:  # told by ``unlocked``
                due_at, locks_at = (row.due_at, None) if row.due_at else (None, row.locks_at)
        owed_by = rule.owed_by or OWED_BY_DEFAULT.get(rule.code, OwedBy.UNIT)
        found.append((rule.code, owed_by, due_at, locks_at, rule.missed or ""))
    for code, row in dates.items():
        found.append((code, OWED_BY_DEFAULT.get(code, OwedBy.UNIT), row.due_at, row.locks_at, ""))
    return [
        Entry(code, str(owed_by), due_at, with_grace(due_at, lateness, holidays), locks_at, missed)
        for code, owed_by, due_at, locks_at, missed in found
    ]


def unlocked(year, rules, own):
    """The codes of own dates that come after the rule's lock and name none themselves: such a thing never closes.

    Shape:   (Year, [MilestoneRule], [MilestoneDate]) -> [code]
    """
    locks = {rule.code: rule.locks.moment(year.year) for rule in rules if rule.locks}
    dated = [row for row in own if row.due_at and not row.locks_at]
    return [row.code for row in dated if row.code in locks and locks[row.code] < row.due_at]


def with_grace(due_at, lateness, holidays):
    """Until when something due counts as on time.

    Shape:   (datetime or None, Lateness or None, {date}) -> datetime or None
    """
    if due_at is None or lateness is None or not lateness.grace:
        return due_at
    if lateness.days == "calendar":
        return due_at + timedelta(days=lateness.grace)
    moment, left = timezone.localtime(due_at, HANOI), lateness.grace
    while left:
        moment += timedelta(days=1)
        if moment.weekday() < SATURDAY and moment.date() not in holidays:
            left -= 1
    return moment


def window(year):
    """The days in which what belongs to a year may fall.

    Shape:   Year -> (first day, last day)
    """
    return year.starts_on - BEFORE, year.ends_on + AFTER


def holidays():
    """Shape: {date} of all days on which nobody works, beside the weekends"""
    return set(Holiday.objects.values_list("on", flat=True))
