"""Who owes what: made from calendar, members and offices; what came in is read from the facts.

``renew`` may run at any time and any number of times: it brings the rows of some blocs to what holds now. Every act
that changes a calendar, a member, an office or a fact calls it in its own transaction.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from blocs.domain import audit, calendars, facts, rulesets
from blocs.enums import MemberRole, OwedBy, Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken
from blocs.models import BlocYear, Extension, Membership, MilestoneDate, Obligation, Seat, Waiver
from blocs.templatetags.vietnamese import moment

# Units that owe something for what they run or check; an app above registers its own with ``add_owers``.
OWERS: dict[str, Callable[[Iterable[int]], Iterable[int]]] = {}


def add_owers(owed_by, find):
    """Name the units (ids of UnitYear) that owe as ``owner`` or ``assessor``.

    Shape:   (OwedBy value, [Year id] -> [UnitYear id])
    """
    OWERS[owed_by] = find


def _assessors(years):
    held = Seat.objects.in_force().filter(role=Role.ASSESSOR).values("unit")
    return Membership.objects.filter(bloc_year__year__in=years, unit__unit__in=held).values_list("unit", flat=True)


add_owers(OwedBy.ASSESSOR, _assessors)


@dataclass(frozen=True)
class Owed:
    """One line of what a bloc's year owes."""

    entry: calendars.Entry
    position: int
    unit_id: int | None
    life: tuple[date | None, date | None] = (None, None)  # the unit's first and last day

    @property
    def is_out_of_time(self):
        """Due when the unit did not exist: owed only by who delivered it all the same."""
        if self.entry.due_at is None or self.entry.owed_by in (OwedBy.HEAD, OwedBy.BOARD):
            return False
        due_on, (first, last) = timezone.localtime(self.entry.due_at).date(), self.life
        return bool((first and due_on < first) or (last and due_on > last))


@transaction.atomic
def renew(bloc_years):
    """Bring the obligations of these blocs to calendar, members and facts.

    Shape:   BlocYear queryset -> number of rows written; a constant number of queries
    """
    open_ones = bloc_years.filter(year__is_open=True).select_related("year__authority", "bloc").order_by("pk")
    rows = list(open_ones.select_for_update(of=("self",)))  # nobody else makes the same rows meanwhile
    wanted = _owed(rows)
    existing = defaultdict(list)
    for obligation in Obligation.objects.filter(bloc_year__in=rows).select_related("extension", "waiver"):
        existing[obligation.bloc_year_id, obligation.code].append(obligation)
    moments = facts.moments(rows)
    fresh, dirty = [], []
    for bloc_year in rows:
        for owed in wanted[bloc_year.pk]:
            if owed.is_out_of_time and not moments.of(bloc_year.pk, owed.entry.code, OwedBy.UNIT, owed.unit_id):
                continue
            row = _take(existing[bloc_year.pk, owed.entry.code], owed)
            before = _columns(row)
            _fill(row, bloc_year, owed, moments)
            if row.pk is None:
                fresh.append(row)
            elif _columns(row) != before:
                dirty.append(row)
    gone = [row.pk for group in existing.values() for row in group]
    Obligation.objects.filter(pk__in=gone).delete()
    Obligation.objects.bulk_update(dirty, COLUMNS, batch_size=200)
    Obligation.objects.bulk_create(fresh, batch_size=500)
    return len(fresh) + len(dirty) + len(gone)


def renew_bloc(bloc_year_id):
    """``renew`` for one bloc's year, after an act in it; within ``renewed_once`` it waits for the other acts."""
    if (gathered := _GATHERED.get()) is None:
        return renew(BlocYear.objects.filter(pk=bloc_year_id))
    gathered.add(bloc_year_id)
    return 0


def renew_blocs(bloc_years):
    """``renew_bloc`` for several."""
    if (gathered := _GATHERED.get()) is None:
        renew(bloc_years)
    else:
        gathered.update(bloc_years.order_by().values_list("pk", flat=True))


@contextmanager
def renewed_once():
    """For a list of many acts in one transaction: the blocs that they touched are renewed together, after the last."""
    gathered: set[int] = set()
    token = _GATHERED.set(gathered)
    try:
        yield
    finally:
        _GATHERED.reset(token)
    if gathered:
        renew(BlocYear.objects.filter(pk__in=gathered))


_GATHERED: ContextVar[set[int] | None] = ContextVar("gathered", default=None)


def register():
    """A published set changes the calendar of the blocs that it takes in."""
    rulesets.LISTENERS.append(lambda rule_set: renew(rulesets.unpinned(rule_set)))


COLUMNS = ["unit", "owed_by", "position", "due_at", "on_time_until", "locks_at", "missed", "received_at", "is_on_time"]


def _columns(row):
    return (
        row.unit_id, row.owed_by, row.position, row.due_at, row.on_time_until, row.locks_at, row.missed,
        row.received_at, row.is_on_time,
    )  # fmt: skip


def _owed(bloc_years):
    """{BlocYear id: [Owed]} as calendar, members and offices want it now."""
    ids = [row.pk for row in bloc_years]
    sets = rulesets.of_blocs(bloc_years)
    files = {row.pk: rulesets.read(row) for row in {row for row in sets.values() if row}}
    own = defaultdict(list)
    for row in MilestoneDate.objects.filter(bloc_year__in=ids).order_by("position", "pk"):
        own[row.bloc_year_id].append(row)
    members, heads, lives = defaultdict(list), {}, {}
    for member in Membership.objects.filter(bloc_year__in=ids).select_related("unit__unit").order_by("position", "pk"):
        lives[member.unit_id] = (member.unit.unit.valid_from, member.unit.unit.valid_to)
        members[member.bloc_year_id].append(member.unit_id)
        if member.role == MemberRole.HEAD:
            heads[member.bloc_year_id] = member.unit_id
    years = {row.year_id for row in bloc_years}
    special = {owed_by: set(find(years)) for owed_by, find in OWERS.items()}
    holidays, found = calendars.holidays(), {}
    for bloc_year in bloc_years:
        pk, rule_set = bloc_year.pk, sets[bloc_year.pk]
        file = files[rule_set.pk] if rule_set else None
        rules, lateness = (file.milestones, file.lateness) if file else ([], None)
        found[pk] = [
            Owed(entry, position, unit, lives.get(unit, (None, None)))
            for position, entry in enumerate(calendars.entries(bloc_year.year, rules, own[pk], lateness, holidays))
            for unit in _who(entry.owed_by, members[pk], heads.get(pk), special)
        ]
    return found


def _who(owed_by, members, head, special):
    if owed_by == OwedBy.UNIT:
        return members
    if owed_by == OwedBy.HEAD:
        return [head]
    if owed_by == OwedBy.BOARD:
        return [None]
    return [unit for unit in members if unit in special.get(owed_by, ())]


def _take(rows, owed):
    """The stored row of this line, else a new one. The head's row goes on with the next head, with what was granted."""
    found = next((row for row in rows if row.unit_id == owed.unit_id), None)
    if found is None and owed.entry.owed_by in (OwedBy.HEAD, OwedBy.BOARD):
        found = next((row for row in rows if row.owed_by == owed.entry.owed_by), None)
    if found is None:
        return Obligation(code=owed.entry.code)
    rows.remove(found)
    return found


def _fill(row, bloc_year, owed, moments):
    entry = owed.entry
    row.bloc_year, row.unit_id, row.owed_by, row.position = bloc_year, owed.unit_id, entry.owed_by, owed.position
    row.due_at, row.on_time_until, row.locks_at, row.missed = (
        entry.due_at, entry.on_time_until, entry.locks_at, entry.missed,
    )  # fmt: skip
    if extension := row.pk and getattr(row, "extension", None):
        row.locks_at = extension.locks_at
        if extension.due_at:
            row.due_at = row.on_time_until = extension.due_at
        elif row.due_at and row.due_at > row.locks_at:
            row.locks_at = row.due_at
    row.received_at = moments.of(bloc_year.pk, entry.code, entry.owed_by, owed.unit_id)
    row.is_on_time = None
    if row.received_at is not None:
        waived = bool(row.pk and getattr(row, "waiver", None))
        row.is_on_time = waived or not is_late(row, row.received_at)


def is_late(obligation, at):
    """True after the last second that counts as on time."""
    until = obligation.on_time_until
    return until is not None and at.replace(microsecond=0) > until


# ---------------------------------------------------------------- what an officer grants


@transaction.atomic
def extend(obligation_id, *, by, locks_at: datetime, due_at: datetime | None = None, reason: str, seen: str = ""):
    """Give one who owes a later day; others keep theirs. ``seen`` are the ``dates_seen`` of the one who decides.

    Shape:   (Obligation id, new lock, new due moment or None) -> Obligation
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    Source:  due-and-lock
    """
    row = _locked(obligation_id, by, "blocs.extend_obligation", reason)
    _check_seen(row, seen)
    if due_at and locks_at < due_at:
        raise RuleBroken("Thời điểm khóa không được trước hạn nộp mới.")
    if row.locks_at and locks_at <= row.locks_at and not hasattr(row, "extension"):
        raise RuleBroken("Gia hạn phải muộn hơn thời điểm khóa đang có.")
    if due_at and row.due_at and due_at <= row.due_at and not hasattr(row, "extension"):
        raise RuleBroken("Hạn nộp mới phải muộn hơn hạn đang có.")
    if row.received_at:
        raise RuleBroken("Việc này đã nộp, không cần gia hạn.")
    before = {"due_at": row.due_at, "locks_at": row.locks_at}
    Extension.objects.update_or_create(
        obligation=row, defaults={"due_at": due_at, "locks_at": locks_at, "reason": reason.strip(), "given_by": by}
    )
    renew_bloc(row.bloc_year_id)
    audit.record(
        "obligation.extend",
        by=by,
        target=row,
        before=before,
        after={"due_at": due_at, "locks_at": locks_at},
        note=reason.strip(),
    )
    return Obligation.objects.get(pk=row.pk)


def dates_seen(row):
    """The dates of a row as one text; another text means that somebody changed them.

    Shape:   Obligation -> str
    """
    return "|".join(at.isoformat() if at else "" for at in (row.due_at, row.locks_at))


def _check_seen(row, seen):
    now = dates_seen(row)
    if seen and seen != now:
        theirs = f"hạn {moment(row.due_at) or 'chưa đặt'}, nhận đến {moment(row.locks_at) or 'chưa đặt'}"
        extension = getattr(row, "extension", None)
        who = f"{extension.given_by} vừa gia hạn ({extension.reason})" if extension else "Lịch của khối vừa đổi"
        text = f"{who}: {theirs}. Bấm lần nữa để thay bằng ngày bạn ghi ở dưới, hoặc quay lại để giữ nguyên."
        raise EditedMeanwhile(text, theirs=theirs, version=now)


@transaction.atomic
def waive(obligation_id, *, by, reason):
    """Count what came in late as on time.

    Raises:  NotAllowed, RuleBroken
    Source:  due-and-lock
    """
    row = _locked(obligation_id, by, "blocs.waive_lateness", reason)
    _check_waiver(row, by)
    if row.is_on_time is not False:
        raise RuleBroken("Chỉ miễn tính chậm cho việc đã nộp và đang tính là chậm.")
    Waiver.objects.create(obligation=row, reason=reason.strip(), given_by=by)
    renew_bloc(row.bloc_year_id)
    audit.record("obligation.waive", by=by, target=row, note=reason.strip())
    return Obligation.objects.get(pk=row.pk)


def _check_waiver(row, by):
    if why := _who_waives(row, by):
        raise NotAllowed(why)


def _who_waives(row, by):
    """Who the rule set names may waive, without a word of it the desk officer: a sentence where that is another."""
    bloc_year = row.bloc_year
    rule_set = rulesets.of(bloc_year)
    lateness = rulesets.read(rule_set).lateness if rule_set else None
    who = (lateness and lateness.waived_by) or "desk_officer"
    if who == "head" and not by.seats.having(Role.BLOC_HEAD).filter(bloc_year=bloc_year).exists():
        return "Theo bộ quy tắc, Khối trưởng quyết định miễn tính chậm."
    if who != "head" and not by.has_perm("blocs.extend_obligation", row):
        return "Ban Thi đua - Khen thưởng quyết định miễn tính chậm."
    if who == "desk_officer" and bloc_year.desk_officer_id not in (None, by.pk):
        return f"Chuyên viên theo dõi khối ({bloc_year.desk_officer}) quyết định miễn tính chậm."
    return ""


def why_not(act, row, *, by):
    """Why one who has the right cannot do this now; empty where he can.

    Shape:   ("extend" | "waive" | "receipt", Obligation) -> str
    """
    if act == "waive":
        if row.received_at is None:
            return "Chưa nhận nên chưa có gì để miễn."
        return "Đang tính là đúng hạn, không cần miễn." if row.is_on_time else _who_waives(row, by)
    if row.received_at is not None:
        return f"Đã nhận lúc {moment(row.received_at)}."
    return ""


@transaction.atomic
def note_receipt(obligation_id, *, by, at: datetime, reason):
    """Write down that something came in on paper, or was done outside, and when.

    Raises:  NotAllowed, RuleBroken
    """
    row = _locked(obligation_id, by, "blocs.note_receipt", reason)
    if row.received_at:
        raise RuleBroken("Việc này đã ghi nhận rồi.")
    if at > timezone.now():
        raise RuleBroken("Thời điểm nhận không được ở tương lai.")
    facts.note(row, at=at)
    renew_bloc(row.bloc_year_id)
    audit.record("obligation.note_receipt", by=by, target=row, after={"at": at}, note=reason.strip())
    return Obligation.objects.get(pk=row.pk)


def _locked(obligation_id, by, permission, reason):
    bloc_year_id = Obligation.objects.values_list("bloc_year", flat=True).get(pk=obligation_id)
    BlocYear.objects.select_for_update().get(pk=bloc_year_id)
    rows = Obligation.objects.select_related("bloc_year__year__authority", "bloc_year__bloc", "unit", "extension")
    row = rows.get(pk=obligation_id)
    if not by.has_perm(permission, row):
        raise NotAllowed("Bạn không có quyền quyết định việc này.")
    if not reason.strip():
        raise RuleBroken("Cần ghi rõ lý do.")
    return row
