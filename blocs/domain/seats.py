"""Seats come, end, pass to a colleague. They are the only source of rights; nobody gives one that he does not keep."""

from django.db import transaction
from django.utils import timezone

from blocs.domain import audit, leader_seats, obligations
from blocs.enums import AUTHORITY_ROLES, BLOC_ROLES, MEMBER_UNIT_ROLES, Role
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import Authority, BlocYear, Membership, Seat, User
from blocs.rules import PASSED_ON, covered, holds_office
from blocs.templatetags.vietnamese import day

OFFICE = {Role.BLOC_HEAD: "head", Role.BLOC_DEPUTY: "deputy"}


def place_of(at):
    """Shape: Authority | BlocYear | Unit -> the column of a seat for it"""
    return "authority" if isinstance(at, Authority) else "bloc_year" if isinstance(at, BlocYear) else "unit"


def place_for(role):
    """Shape: Role -> the column that a seat of this role fills"""
    return "authority" if role in AUTHORITY_ROLES else "bloc_year" if role in BLOC_ROLES else "unit"


def authority_of(at):
    """Shape: Authority | BlocYear | Unit -> Authority id"""
    return Seat(**{place_of(at): at}).authority_at


def home_of(user):
    """The authority to whose trail a person belongs.

    Shape:   User -> Authority id or None where he never held a seat
    """
    seat = user.seats.select_related("unit", "bloc_year__year").order_by("pk").first()
    return seat and seat.authority_at


def check_may_give(role, at, *, by):
    """Raises: NotAllowed, RuleBroken"""
    if place_for(role) != place_of(at):
        raise RuleBroken(f"Vị trí “{Role(role).label}” không gắn với nơi này.")
    if not by.has_perm("blocs.keep_seat", Seat(role=role, **{place_of(at): at})):
        raise NotAllowed(f"Bạn không được cấp vị trí “{Role(role).label}” ở đây.")


@transaction.atomic
def give_seat(user_id, role, *, at, by, valid_from=None, valid_to=None):
    """Give a person a seat; one that is over comes back. In a unit that leads a bloc the bloc's office comes along.

    Shape:   (User id, Role, Authority | BlocYear | Unit, days or None) -> Seat
    Locks:   the user row
    Raises:  NotAllowed, RuleBroken
    """
    user = User.objects.select_for_update().get(pk=user_id)
    check_may_give(role, at, by=by)
    return place(user, role, at, by=by, valid_from=valid_from, valid_to=valid_to)


@transaction.atomic
def end_seat(seat_id, *, by, reason=""):
    """The holder keeps the seat to the end of today; so he does the offices that rest on it alone.

    Shape:   Seat id -> Seat, or None where a seat to come is taken back
    Locks:   the authority row for an administrator's seat, the seat row
    Raises:  NotAllowed, RuleBroken, WrongState
    """
    seat = _locked(seat_id)
    if not by.has_perm("blocs.keep_seat", seat):
        raise NotAllowed("Bạn không được kết thúc vị trí này.")
    if seat.role == Role.ADMINISTRATOR:
        _check_administrator(seat, by)
    for row in (seat, *leader_seats.resting_on(seat)):
        _end(row)
        audit.record("seat.end", by=by, target=row, after=shown(row), note=reason.strip(), authority=row.authority_at)
    _after(seat)
    return seat if Seat.objects.filter(pk=seat_id).exists() else None


@transaction.atomic
def hand_over_seat(seat_id, to_id, *, by):
    """A colleague takes the seat: the old one ends today, the new one begins today and lasts as long as the old would.
    The offices in blocs that rest on it alone go with it.

    Shape:   (Seat id, User id of the colleague) -> the new Seat
    Locks:   the seat row, the colleague's user row
    Raises:  NotAllowed, RuleBroken, WrongState
    """
    seat = _locked(seat_id)
    if not by.has_perm("blocs.pass_on_seat", seat):
        raise NotAllowed("Bạn không được chuyển vị trí này cho người khác.")
    to = User.objects.select_for_update().get(pk=to_id)
    if to.pk == seat.user_id:
        raise RuleBroken("Người này đang giữ chính vị trí đó.")
    if seat.role == Role.ADMINISTRATOR and seat.user_id == by.pk:
        raise RuleBroken("Không ai tự bỏ vị trí quản trị của mình; quản trị khác làm việc này.")
    if to not in colleagues(seat):
        raise RuleBroken("Chỉ chuyển cho người đang giữ một vị trí ở cùng đơn vị.")
    offices = leader_seats.resting_on(seat)
    given = _hand(seat, to, by)
    _after(seat)
    for office in offices:
        _hand_office(office, to, by)
    _give_offices(given, by)
    return given


def colleagues(seat):
    """Who may take a seat over: people with a seat at the same place; for an office of a bloc, in its leading unit.

    Shape:   Seat -> User queryset
    """
    if seat.role in BLOC_ROLES:
        rows = Seat.objects.having(*MEMBER_UNIT_ROLES).filter(unit__in=leading_units(seat.bloc_year_id, seat.role))
    else:
        rows = Seat.objects.in_force().filter(authority=seat.authority_id, unit=seat.unit_id, bloc_year=None)
    found = User.objects.filter(pk__in=rows.values("user"), is_active=True).exclude(pk=seat.user_id)
    return found.order_by("post", "full_name", "username")


def kept_among(people, *, by):
    """Whose accounts the user keeps, as ``blocs.keep_person`` says, of those who hold a seat.

    Shape:   [User] -> {User id}; two queries
    """
    own = list(by.seats.in_force())
    kept: dict[int, bool] = {}
    for seat in Seat.objects.not_over().filter(user__in=people).select_related("unit", "bloc_year__year"):
        kept[seat.user_id] = kept.get(seat.user_id, True) and (covered(seat, own) or holds_office(seat, own))
    return {pk for pk, is_kept in kept.items() if is_kept}


def rights_over(rows, *, by):
    """Which of these seats the user ends, and which he passes on: ``blocs.keep_seat`` and ``blocs.pass_on_seat``.

    Shape:   [Seat with unit, bloc_year.year] -> ({Seat id}, {Seat id}); one query
    """
    own = list(by.seats.in_force())
    ended = {row.pk for row in rows if covered(row, own)}
    mine = {row.pk for row in own if row.role in PASSED_ON}
    return ended, ended | {row.pk for row in rows if row.pk in mine}


def takes_new(seat, *, by):
    """Whether the seat may go to somebody who has no account yet: he becomes a reporter of the unit first.

    Shape:   Seat -> bool
    """
    if seat.role not in MEMBER_UNIT_ROLES:
        return False
    return by.has_perm("blocs.keep_seat", Seat(role=Role.UNIT_REPORTER, unit=seat.unit))


def leading_units(bloc_year_id, role):
    """Shape: (BlocYear id, office) -> query of Unit ids that lead the bloc in this office"""
    rows = Membership.objects.filter(bloc_year=bloc_year_id, role=OFFICE[role])
    return rows.values("unit__unit")


def shown(seat):
    """Shape: Seat -> {label: text}"""
    return {
        "Người giữ": str(seat.user),
        "Vị trí": str(seat),
        "Từ ngày": day(seat.valid_from),
        "Đến ngày": day(seat.valid_to),
    }


def _locked(seat_id):
    found = Seat.objects.filter(pk=seat_id).values_list("role", "authority").first()
    if found is None:
        raise WrongState("Vị trí này vừa được người khác bỏ.")
    if found[0] == Role.ADMINISTRATOR:  # two administrators who end each other wait here
        Authority.objects.select_for_update().get(pk=found[1])
    Seat.objects.select_for_update().filter(pk=seat_id).first()
    seat = Seat.objects.select_related("user", "unit", "authority", "bloc_year__year").filter(pk=seat_id).first()
    if seat is None or seat.is_over():
        raise WrongState("Vị trí này đã kết thúc.")
    return seat


def _check_administrator(seat, by):
    if seat.user_id == by.pk:
        raise RuleBroken("Không ai tự bỏ vị trí quản trị của mình; quản trị khác làm việc này.")
    _check_others_administer(seat)


def check_not_last_administrator(user):
    """Raises: RuleBroken where an authority would be left without an administrator"""
    for seat in user.seats.having(Role.ADMINISTRATOR):
        Authority.objects.select_for_update().get(pk=seat.authority_id)
        _check_others_administer(seat)


def _check_others_administer(seat):
    today = timezone.localdate()
    others = Seat.objects.having(Role.ADMINISTRATOR).filter(authority=seat.authority_id, user__is_active=True)
    if not any(other.valid_to is None or other.valid_to > today for other in others.exclude(user=seat.user_id)):
        raise RuleBroken("Đây là quản trị hệ thống cuối cùng; hãy cấp cho người khác trước.")


def place(user, role, at, *, by, valid_from=None, valid_to=None, handed=None):
    """``give_seat`` for one who holds the user row and has checked the right; ``handed`` is the seat that passes on.

    Shape:   (User, Role, Authority | BlocYear | Unit, days or None) -> Seat
    Raises:  RuleBroken
    """
    today = timezone.localdate()
    begins = valid_from or today
    if not user.is_active:
        raise RuleBroken("Tài khoản này đã ngừng sử dụng.")
    if valid_to and (valid_to < begins or valid_to < today):
        raise RuleBroken(f"Ngày kết thúc {day(valid_to)} trước ngày bắt đầu hoặc đã qua.")
    if role in BLOC_ROLES and not _works_for_leader(user, at, role):
        raise RuleBroken(f"{user} không giữ vị trí nào ở đơn vị làm {Role(role).label} của {at.name}.")
    seat = Seat.objects.filter(user=user, role=role, **{place_of(at): at}).first()
    if seat and (seat.valid_to is None or (seat.valid_to > today and handed is None)):
        raise RuleBroken(f"{user} đã giữ vị trí này.")
    seat = seat or Seat(user=user, role=role, **{place_of(at): at})
    seat.valid_from, seat.valid_to = begins, valid_to
    seat.save()
    before = shown(handed) if handed else None
    audit.record(
        "seat.hand_over" if handed else "seat.give",
        by=by,
        target=seat,
        before=before,
        after=shown(seat),
        authority=seat.authority_at,
    )
    _after(seat)
    if handed is None:
        _give_offices(seat, by)
    return seat


def _hand(seat, to, by):
    until = seat.valid_to
    _end(seat)
    return place(to, seat.role, seat.authority or seat.bloc_year or seat.unit, by=by, valid_to=until, handed=seat)


def _hand_office(office, to, by):
    """An office follows the seat on which it rests; who holds it anyway just keeps it."""
    theirs = Seat.objects.filter(user=to, role=office.role, bloc_year=office.bloc_year).first()
    if theirs is None or _is_ending(theirs):
        _hand(office, to, by)
        return
    _end(office)
    audit.record("seat.end", by=by, target=office, after=shown(office), authority=office.authority_at)


def _give_offices(seat, by):
    """Who comes to work in a leading unit gets its offices, as far as the giver keeps or holds them.

    Also those that he held before; not where he works here already, since then somebody took them away."""
    offices = leader_seats.led_by(seat.unit) if seat.role in MEMBER_UNIT_ROLES else []
    if not offices:
        return
    others = seat.user.seats.having(*MEMBER_UNIT_ROLES).filter(unit=seat.unit_id).exclude(pk=seat.pk)
    works_here_already, own = others.exists(), list(by.seats.in_force())
    for office in offices:
        held = Seat.objects.filter(user=seat.user, role=office.role, bloc_year=office.bloc_year).first()
        may = covered(office, own) or holds_office(office, own)
        if not may or (held and (works_here_already or not _is_ending(held))):
            continue
        row = held or office
        row.user, row.valid_from, row.valid_to = seat.user, seat.valid_from, seat.valid_to
        row.save()
        audit.record("seat.give", by=by, target=row, after=shown(row), authority=row.authority_at)


def _is_ending(seat):
    return seat.valid_to is not None and seat.valid_to <= timezone.localdate()


def _works_for_leader(user, bloc_year, role):
    units = leading_units(bloc_year.pk, role)
    return user.seats.having(*MEMBER_UNIT_ROLES).filter(unit__in=units).exists()


def _end(seat):
    today = timezone.localdate()
    if seat.valid_from and seat.valid_from > today:
        Seat.objects.filter(pk=seat.pk).delete()
        seat.valid_to = today
        return
    seat.valid_to = today
    seat.save(update_fields=["valid_to"])


def _after(seat):
    """What an assessor owes follows from who holds such a seat."""
    if seat.role == Role.ASSESSOR:
        obligations.renew_blocs(obligations.counting().filter(year__authority=seat.authority_at))
