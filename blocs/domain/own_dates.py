"""A bloc's own dates beside those of its rule set."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max

from blocs.domain import audit, calendars, obligations, organisation, rulesets
from blocs.domain.files import HANOI
from blocs.enums import Milestone, label_of
from blocs.errors import RuleBroken
from blocs.models import MilestoneDate
from blocs.templatetags.vietnamese import day, moment


@dataclass(frozen=True)
class Line:
    """One milestone: what the rule set prescribes, if it does; the bloc's own dates; and what holds."""

    code: str
    rule: calendars.Entry | None
    own: MilestoneDate | None
    holds: calendars.Entry

    @property
    def label(self):
        return label_of(self.code)


def lines(bloc_year):
    """The calendar of a bloc's year, what is prescribed beside what is its own.

    Shape:   BlocYear with year.authority and bloc -> [Line]
    Source:  due-and-lock
    """
    rules, lateness = _prescribed(bloc_year)
    own, holidays = list(bloc_year.milestones.order_by("position", "pk")), calendars.holidays()
    plain = {entry.code: entry for entry in calendars.entries(bloc_year.year, rules, [], lateness, holidays)}
    dates = {row.code: row for row in own}
    holding = calendars.entries(bloc_year.year, rules, own, lateness, holidays)
    return [Line(entry.code, plain.get(entry.code), dates.get(entry.code), entry) for entry in holding]


@transaction.atomic
def set_date(bloc_year_id, code, *, due_at=None, locks_at=None, by, opened="", reason=""):
    """Give a milestone of a bloc its own due and lock; with neither it goes back to the rule set's.

    Shape:   (BlocYear id, milestone code, moment or None, moment or None) -> MilestoneDate or None
    Locks:   the year row, then the bloc year row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    Source:  due-and-lock
    """
    row = organisation.locked(bloc_year_id, by=by, reason=reason)
    before = shown(row, code)
    date_row = row.milestones.filter(code=code).first()
    if (due_at, locks_at) == ((date_row.due_at, date_row.locks_at) if date_row else (None, None)):
        return date_row
    organisation.check_unchanged(row, before, opened)
    date_row = date_row or MilestoneDate(bloc_year=row, code=code, position=_next(row))
    date_row.due_at, date_row.locks_at = due_at, locks_at
    if due_at is None and locks_at is None:
        date_row.delete()
        date_row = None
    else:
        _check(row, date_row)
        date_row.save()
        _check_order(lines(row), code)
    obligations.renew_bloc(row.pk)
    audit.record("bloc.set_date", by=by, target=row, before=before, after=shown(row, code), note=reason)
    return date_row


def shown(bloc_year, code):
    """What the form of a milestone is opened with.

    Shape:   (BlocYear, code) -> {label: text}
    """
    row = bloc_year.milestones.filter(code=code).first()
    due_at, locks_at = (row.due_at, row.locks_at) if row else (None, None)
    return {"Mốc": label_of(code), "Hạn riêng": moment(due_at), "Khóa riêng": moment(locks_at)}


def open_codes(bloc_year):
    """Milestones that may still get a date: known ones that the calendar lacks.

    Shape:   BlocYear -> [Milestone]
    """
    there = {line.code for line in lines(bloc_year)}
    return [code for code in Milestone if code not in there]


def _prescribed(bloc_year):
    rule_set = rulesets.of(bloc_year)
    file = rulesets.read(rule_set) if rule_set else None
    return (file.milestones, file.lateness) if file else ([], None)


def _check(row, own):
    year = row.year
    rules, _ = _prescribed(row)
    rule = next((rule for rule in rules if rule.code == own.code), None)
    if rule is None and own.code not in Milestone.values and own._state.adding:  # noqa: SLF001 -- documented by Django
        raise RuleBroken(f"Không có mốc “{own.code}”.")
    due_at = own.due_at or (rule and rule.due and rule.due.moment(year.year))
    locks_at = own.locks_at or (rule and rule.locks and rule.locks.moment(year.year))
    if due_at and locks_at and locks_at < due_at:
        if own.locks_at is None:
            raise RuleBroken(f"Hạn mới sau thời điểm khóa của bộ quy tắc ({moment(locks_at)}); ghi cả thời điểm khóa.")
        raise RuleBroken(f"Thời điểm khóa ({moment(locks_at)}) không được trước hạn ({moment(due_at)}).")
    first, last = calendars.window(year)
    for at in (own.due_at, own.locks_at):
        if at and not first <= _day(at) <= last:
            raise RuleBroken(f"Ngày {day(at)} ở ngoài năm {year.label} (nhận từ {day(first)} đến {day(last)}).")


def _check_order(calendar, code):
    """The milestones of the rule set come one after the other; the one that is being changed keeps its place."""
    prescribed = [line for line in calendar if line.rule]
    here = next((number for number, line in enumerate(prescribed) if line.code == code), None)
    if here is None or prescribed[here].holds.due_at is None:
        return
    due_at = prescribed[here].holds.due_at
    for line in prescribed[:here]:
        if line.holds.due_at and due_at < line.holds.due_at:
            raise RuleBroken(f"Lịch không theo thứ tự: trước hạn của mốc “{line.label}” ({moment(line.holds.due_at)}).")
    for line in prescribed[here + 1 :]:
        if line.holds.due_at and due_at > line.holds.due_at:
            raise RuleBroken(f"Lịch không theo thứ tự: sau hạn của mốc “{line.label}” ({moment(line.holds.due_at)}).")


def _day(at) -> date:
    return at.astimezone(HANOI).date()


def _next(row):
    last = row.milestones.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
