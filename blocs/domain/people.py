"""Accounts of people: what they are called, how they are reached. What they may do stands in their seats."""

import re
import unicodedata
from dataclasses import asdict, dataclass

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from blocs.domain import audit, invitations, organisation, seats
from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken
from blocs.folding import fold
from blocs.models import Seat, User

NAME_LENGTH = 30  # of a generated user name: people type it


@dataclass(frozen=True)
class PersonFields:
    """What is written about a person. Without a ``username`` a new account gets one from its unit or post."""

    post: str = ""
    full_name: str = ""
    email: str = ""
    phone: str = ""
    username: str = ""

    def tidy(self):
        """Without stray blanks; letters in one spelling."""
        values = {name: unicodedata.normalize("NFC", " ".join(text.split())) for name, text in asdict(self).items()}
        return PersonFields(**values)


@transaction.atomic
def create_person(fields, role, *, at, by, valid_from=None, valid_to=None):
    """Make an account with its first seat. It has no password; an invitation opens it.

    Shape:   (PersonFields, Role, Authority | BlocYear | Unit) -> User
    Raises:  NotAllowed, RuleBroken
    """
    fields = fields.tidy()
    seats.check_may_give(role, at, by=by)
    check(fields)
    if fields.username and User.objects.filter(username__iexact=fields.username).exists():
        raise RuleBroken(f"Đã có tài khoản “{fields.username}”.")
    user = User(**(asdict(fields) | {"username": fields.username or free_username(fields, at)}))
    user.set_unusable_password()
    user.save()
    _, after = _for_trail({}, shown(user))
    audit.record("people.add", by=by, target=user, after=after, authority=seats.authority_of(at))
    seats.place(user, role, at, by=by, valid_from=valid_from, valid_to=valid_to)
    return user


@transaction.atomic
def hand_over_to_new(seat_id, fields, *, by):
    """A colleague without an account takes the seat: account, way in, seat, in one step.

    Shape:   (Seat id of a unit's leader, PersonFields) -> (the new Seat, Issued)
    Raises:  NotAllowed, RuleBroken, WrongState
    """
    seat = Seat.objects.select_related("unit").get(pk=seat_id)
    if not seats.takes_new(seat, by=by):
        raise NotAllowed("Vị trí này chỉ chuyển cho người đã có tài khoản.")
    user = create_person(fields, Role.UNIT_REPORTER, at=seat.unit, by=by)
    issued = invitations.invite(user.pk, by=by)
    return seats.hand_over_seat(seat_id, user.pk, by=by), issued


@transaction.atomic
def edit_person(user_id, fields, *, by, opened="", authority=None):
    """Correct what is written about a person; the user name stays.

    Shape:   (User id, PersonFields, digest that the form was opened with) -> User
    Locks:   the user row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if user != by and not by.has_perm("blocs.keep_person", user):
        raise NotAllowed("Người này còn giữ vị trí mà bạn không quản lý; hãy nhờ quản trị hệ thống sửa.")
    fields, before = fields.tidy(), shown(user)
    check(fields)
    for name in COLUMNS:
        setattr(user, name, getattr(fields, name))
    was, now = _for_trail(before, shown(user))
    if not now:
        return user
    organisation.check_unchanged(user, before, opened)
    user.save(update_fields=COLUMNS)
    audit.record("people.edit", by=by, target=user, before=was, after=now, authority=authority or seats.home_of(user))
    return user


@transaction.atomic
def stop_second_factor(user_id, *, by):
    """Take the second factor of somebody who lost it away; whoever must have one sets it up again at his next sign-in.

    Locks:   the user row
    Raises:  NotAllowed, RuleBroken
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if user == by or not by.has_perm("blocs.stop_second_factor", user):
        raise NotAllowed("Chỉ quản trị hệ thống tắt xác thực hai bước của người khác.")
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise RuleBroken(f"{user} chưa bật xác thực hai bước.")
    audit.record("account.factor_stopped", by=by, target=user, authority=seats.home_of(user))


@transaction.atomic
def set_active(user_id, *, active, by, reason):
    """Stop an account, or open it again; its seats and its history stay.

    Shape:   (User id, bool) -> User
    Locks:   the user row
    Raises:  NotAllowed, RuleBroken for one's own account, without a reason or without a change
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if user == by:
        raise RuleBroken("Không ai tự ngừng tài khoản của mình; người quản lý khác làm việc này.")
    if not by.has_perm("blocs.keep_person", user):
        raise NotAllowed("Người này còn giữ vị trí mà bạn không quản lý; hãy nhờ quản trị hệ thống.")
    if not reason.strip():
        raise RuleBroken("Cần ghi rõ lý do.")
    if user.is_active == active:
        raise RuleBroken("Tài khoản này đang dùng được." if active else "Tài khoản này đã ngừng.")
    if not active:
        seats.check_not_last_administrator(user)
    user.is_active = active
    user.save(update_fields=["is_active"])
    audit.record(
        "people.open" if active else "people.stop",
        by=by,
        target=user,
        note=reason.strip(),
        authority=seats.home_of(user),
    )
    return user


@transaction.atomic
def note_reading(people, *, by, target, authority, note=""):
    """Reading telephone numbers and addresses of other people leaves a trail.

    Shape:   ([User], acting user, the row whose page it is) -> AuditEvent or None where nobody else is among them
    """
    read = sorted(person.pk for person in people if person != by)
    if not read:
        return None
    return audit.record("people.read", by=by, target=target, after={"users": read}, note=note, authority=authority)


COLUMNS = ["post", "full_name", "email", "phone"]


def shown(user):
    """Shape: User -> {label: text}"""
    return {
        "Chức danh": user.post,
        "Họ tên": user.full_name,
        "Thư điện tử": user.email,
        "Điện thoại": user.phone,
    }


CONTACTS = ("Thư điện tử", "Điện thoại")


def _for_trail(before, after):
    """What changed, as the trail keeps it for good: of a number or an address only that it changed.

    Shape:   ({label: text}, {label: text}) -> the same two, without what stayed
    """
    changed = [label for label in after if before.get(label, "") != after[label]]
    was = {label: before[label] for label in changed if label in before}
    now = {label: after[label] for label in changed}
    for label in set(CONTACTS) & set(changed):
        if now[label]:
            now[label] = "(đã thay)" if was.get(label) else "(đã ghi)"
        if was.get(label):
            was[label] = "(đã có)"
    return was, now


def check(fields):
    """Raises: RuleBroken"""
    if fault := next(faults(fields), None):
        raise RuleBroken(fault[1])


def faults(fields):
    """What is wrong with what is written about a person.

    Shape:   PersonFields, tidy -> iterator of (name of the field, reason)
    """
    if not fields.post and not fields.full_name:
        yield "post", "Cần ghi chức danh hoặc họ tên."
    for name in (*COLUMNS, "username"):
        most = getattr(User._meta.get_field(name), "max_length", None) or 0  # noqa: SLF001 -- Django's documented name
        if len(getattr(fields, name)) > most:
            yield name, f"Dài quá {most} chữ."
    if fields.email:
        try:
            validate_email(fields.email)
        except ValidationError:
            yield "email", "Địa chỉ thư điện tử viết như ten@co-quan.vn."
    if fields.phone and not re.fullmatch(r"[+()0-9 .,;/-]{3,30}", fields.phone):
        yield "phone", "Số điện thoại chỉ có chữ số, dấu cách và các dấu + ( ) . - / ;"
    if fields.username and not re.fullmatch(r"[\w.@+-]+", fields.username):
        yield "username", "Tên đăng nhập chỉ có chữ, số và các dấu . @ + - _, không có khoảng trắng."


def free_username(fields, at, *, taken=()):
    """A name nobody has yet, without accents: after the unit's code, else the post.

    Shape:   (PersonFields, Authority | BlocYear | Unit) -> str
    """
    text = at.code if seats.place_of(at) == "unit" else fields.post or fields.full_name
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in fold(text)).split()
    base = "-".join(words)[:NAME_LENGTH].strip("-") or "tai-khoan"
    used = {name.lower() for name in User.objects.filter(username__istartswith=base).values_list("username", flat=True)}
    used |= set(taken)
    number = 1
    while (name := base if number == 1 else f"{base}-{number}") in used:
        number += 1
    return name
