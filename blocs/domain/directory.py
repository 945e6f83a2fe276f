"""Whom the province's own directory lets in: people who have an account here, nobody else."""

from blocs.errors import NotAllowed
from blocs.models import User

UNKNOWN = "Tài khoản của tỉnh này chưa gắn với ai trong hệ thống. Hãy nhờ Ban Thi đua - Khen thưởng cấp tài khoản."


def match(*, username="", email="", is_verified=False):
    """The account of somebody whom the directory vouches for: by user name, else by the one verified address.

    Shape:   the claims -> User
    Raises:  NotAllowed in words for the sign-in page
    """
    found = User.objects.filter(username__iexact=username).first() if username else None
    if found is None and email and is_verified:
        same = list(User.objects.filter(email__iexact=email)[:2])
        if len(same) > 1:
            raise NotAllowed(f"Có nhiều tài khoản ghi địa chỉ {email}. Hãy nhờ Ban Thi đua - Khen thưởng sửa lại.")
        found = same[0] if same else None
    if found is None:
        raise NotAllowed(UNKNOWN)
    check_active(found)
    return found


def check_active(user):
    """Raises: NotAllowed"""
    if not user.is_active:
        raise NotAllowed("Tài khoản này đã ngừng sử dụng.")
