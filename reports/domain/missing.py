"""Who has delivered one milestone and who has not, line by line, with what was granted; whom to call."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from blocs.domain import audit
from blocs.domain.deadlines import of_obligation
from blocs.enums import BLOC_ROLES, MEMBER_UNIT_ROLES, OwedBy, Role, label_of
from blocs.errors import NotAllowed
from blocs.models import BlocYear, Extension, Obligation, Seat, User, Waiver
from reports.domain.standing import look_of

STATES = {  # name in the address: (label, condition)
    "con-thieu": ("Còn thiếu", Q(received_at=None)),
    "cham": ("Chậm", Q(is_on_time=False)),
    "dung-han": ("Đúng hạn", Q(is_on_time=True)),
    "tat-ca": ("Tất cả", Q()),
}


@dataclass(frozen=True)
class Line:
    """One who owes, and how it stands."""

    obligation: Obligation
    look: str
    words: str
    extension: Extension | None
    waiver: Waiver | None


def lines(obligations, *, now=None):
    """Shape: Obligation rows (``for_table``) -> [Line] in their order; one query"""
    now = now or timezone.now()
    return [line(row, now) for row in obligations]


def line(row, now):
    """Shape: (Obligation, moment) -> Line"""
    deadline = of_obligation(row)
    words = deadline.words(row.received_at, now)
    if row.received_at is None:
        words = f"Chưa gửi. {words}"
    waiver = getattr(row, "waiver", None)
    if waiver and row.is_on_time:
        words = "Được miễn tính chậm"
    look = look_of(deadline.standing(row.received_at, now))
    return Line(row, look, words, getattr(row, "extension", None), waiver)


@dataclass(frozen=True)
class Callee:
    """One person to call for those who owe."""

    user: User
    role: str


@dataclass(frozen=True)
class Call:
    """One who is late, and the people who answer for it."""

    line: Line
    people: tuple[Callee, ...]


ANSWERS = {  # whose seats answer for what is owed
    OwedBy.UNIT: MEMBER_UNIT_ROLES,
    OwedBy.HEAD: BLOC_ROLES,
    OwedBy.OWNER: {Role.MOVEMENT_OWNER},
    OwedBy.ASSESSOR: {Role.ASSESSOR},
}


def overdue(bloc_years, code, *, now=None):
    """What is missing and past its last second on time.

    Shape:   (BlocYear queryset, milestone code) -> Obligation queryset
    Source:  due-and-lock
    """
    now = (now or timezone.now()).replace(microsecond=0)
    late = Q(on_time_until__lt=now) | Q(on_time_until=None, due_at__lt=now) | Q(locks_at__lt=now)
    return Obligation.objects.filter(bloc_year__in=bloc_years, code=code).missing().filter(late)


@transaction.atomic
def call_list(bloc_years, code, *, year, by, now=None):
    """Whom to telephone: the people of those who are late. Reading their numbers leaves a trail.

    Shape:   (BlocYear queryset, milestone code, Year) -> [Call] in the order of blocs and members
    Raises:  NotAllowed
    """
    if not by.has_perm("blocs.read_phones", year):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng đọc số điện thoại.")
    rows = overdue(bloc_years, code, now=now).exclude(owed_by=OwedBy.BOARD).for_table()
    found = lines(rows.order_by(*IN_ORDER), now=now)
    people = _people([line.obligation for line in found])
    calls = [Call(line, tuple(_who(line.obligation, people))) for line in found]
    read = {callee.user.pk for call in calls for callee in call.people}
    audit.record(
        "people.read_phones",
        by=by,
        target=year,
        after={"milestone": code, "lines": len(calls), "users": sorted(read)},
        note=f"Danh sách gọi: {label_of(code)}",
    )
    return calls


IN_ORDER = [F("bloc_year__position"), F("bloc_year"), F("unit__position").asc(nulls_last=True), F("pk")]


def _people(rows):
    """{(role, what the seat is at): [User]}"""
    roles = {role for owed_by in ANSWERS for role in ANSWERS[owed_by]}
    units = {row.unit.unit_id for row in rows if row.unit}
    blocs = BlocYear.objects.filter(pk__in={row.bloc_year_id for row in rows})
    seats = Seat.objects.having(*roles).filter(Q(unit__in=units) | Q(bloc_year__in=blocs), user__is_active=True)
    found = defaultdict(list)
    for seat in seats.select_related("user").order_by("user__full_name", "pk"):
        found[seat.role, seat.unit_id or seat.bloc_year_id].append(seat.user)
    return found


def _who(row, people):
    """Each person once, by his first role."""
    seen = set()
    for role in sorted(ANSWERS[row.owed_by]):
        place = row.bloc_year_id if role in BLOC_ROLES else row.unit.unit_id
        for user in people[role, place]:
            if user.pk not in seen:
                seen.add(user.pk)
                yield Callee(user, Role(role).label)
