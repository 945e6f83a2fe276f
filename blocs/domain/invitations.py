"""A way in for one person: a code on a slip or in a letter, good once and for some days.

The code itself is shown once, to who asked for it, and stored nowhere: the row holds its SHA-256. Nobody resets a
password by himself; who forgot it gets a new invitation.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from blocs.domain import audit, seats
from blocs.errors import DomainError, NotAllowed, RuleBroken
from blocs.models import Invitation, User
from blocs.templatetags.vietnamese import moment

SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that people take for another
GROUPS, GROUP = 4, 4  # 31^16 codes


class InvitationRefused(DomainError):
    """The code opens nothing; the words say why and whom to ask."""


@dataclass(frozen=True)
class Issued:
    """An invitation on the one occasion when its code is known."""

    user: User
    expires_at: datetime
    code: str = field(repr=False)


@transaction.atomic
def invite(user_id, *, by, now=None):
    """Issue an invitation; an open one of the same person is revoked.

    Shape:   User id -> Issued
    Locks:   the user row
    Raises:  NotAllowed, RuleBroken
    """
    now = now or timezone.now()
    user = User.objects.select_for_update().get(pk=user_id)
    _check_may_invite(user, by)
    user.invitations.filter(used_at=None, revoked_at=None).update(revoked_at=now)
    code = "-".join("".join(secrets.choice(SIGNS) for _ in range(GROUP)) for _ in range(GROUPS))
    expires = now + timedelta(days=settings.INVITATION_DAYS)
    Invitation.objects.create(user=user, digest=digest(code), created_by=by, expires_at=expires)
    after = {"Hết hạn lúc": moment(expires)}
    audit.record("invitation.issue", by=by, target=user, after=after, authority=seats.home_of(user))
    return Issued(user, expires, code)


@transaction.atomic
def invite_many(user_ids, *, by, now=None):
    """Issue an invitation to each of these people, or to none.

    Shape:   [User id] -> [Issued] in the order of names
    Raises:  NotAllowed, RuleBroken
    """
    people = User.objects.filter(pk__in=user_ids).order_by("post", "full_name", "username")
    return [invite(pk, by=by, now=now) for pk in people.values_list("pk", flat=True)]


@transaction.atomic
def revoke(user_id, *, by, now=None):
    """Take the open invitation of a person back.

    Locks:   the user row
    Raises:  NotAllowed, RuleBroken
    """
    user = User.objects.select_for_update().get(pk=user_id)
    _check_may_invite(user, by)
    if not user.invitations.filter(used_at=None, revoked_at=None).update(revoked_at=now or timezone.now()):
        raise RuleBroken(f"{user} không có thư mời nào còn mở.")
    audit.record("invitation.revoke", by=by, target=user, authority=seats.home_of(user))


def look_up(code, *, now=None):
    """The invitation that a code opens now.

    Shape:   text as somebody typed it -> Invitation with user
    Raises:  InvitationRefused
    """
    wanted = digest(code)
    found = Invitation.objects.select_related("user", "created_by").filter(digest=wanted).first()
    if found is None or not hmac.compare_digest(found.digest, wanted):
        raise InvitationRefused(
            "Không có mã này. Hãy gõ lại đúng như trên phiếu hoặc trong thư; vẫn không được thì hỏi người đã cấp."
        )
    _check(found, now or timezone.now())
    return found


@transaction.atomic
def accept(code, password, *, now=None):
    """Set the person's password, once.

    Shape:   (code, password) -> User
    Locks:   the invitation row, the user row
    Raises:  InvitationRefused, RuleBroken where the password is too weak
    """
    now = now or timezone.now()
    Invitation.objects.select_for_update().filter(digest=digest(code)).first()
    invitation = look_up(code, now=now)
    user = User.objects.select_for_update().get(pk=invitation.user_id)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise RuleBroken(" ".join(error.messages)) from None
    user.set_password(password)
    user.save(update_fields=["password"])
    invitation.used_at = now
    invitation.save(update_fields=["used_at"])
    audit.record("invitation.accept", by=user, target=user, authority=seats.home_of(user))
    return user


def digest(code):
    """Shape: text as somebody typed it -> SHA-256 in hexadecimal"""
    return hashlib.sha256("".join(filter(str.isalnum, code.upper())).encode()).hexdigest()


def _check_may_invite(user, by):
    if user == by:
        raise RuleBroken("Bạn đang có lối vào rồi; muốn đổi mật khẩu thì vào “Hồ sơ của tôi”.")
    if not by.has_perm("blocs.keep_person", user):
        raise NotAllowed(f"{user} còn giữ vị trí mà bạn không quản lý; hãy nhờ quản trị hệ thống cấp lối vào.")
    if not user.is_active:
        raise RuleBroken(f"Tài khoản của {user} đã ngừng sử dụng.")


def _check(invitation, now):
    ask = f"Hãy hỏi người đã cấp: {invitation.created_by}." if invitation.created_by else "Hãy hỏi quản trị hệ thống."
    if invitation.used_at:
        raise InvitationRefused(f"Mã này đã dùng lúc {moment(invitation.used_at)}, mỗi mã chỉ dùng một lần. {ask}")
    if invitation.revoked_at:
        raise InvitationRefused(f"Mã này thu hồi lúc {moment(invitation.revoked_at)}, có thể vì đã cấp mã mới. {ask}")
    if now >= invitation.expires_at:
        raise InvitationRefused(f"Mã này đã hết hạn lúc {moment(invitation.expires_at)}. {ask}")
    if not invitation.user.is_active:
        raise InvitationRefused(f"Tài khoản này đã ngừng sử dụng. {ask}")
