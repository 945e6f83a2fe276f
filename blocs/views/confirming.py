"""Before a signature: the password once more; who has none, by the province's directory, types his user name."""

import unicodedata

from allauth.account.internal.flows.reauthentication import get_reauthentication_flows

from blocs.errors import RuleBroken

AGAIN = "nhập lại mật khẩu hoặc mã xác thực"
TYPED = "gõ lại tên đăng nhập, tài khoản không có mật khẩu"


def types_name(user):
    """Whether nothing can be asked of the account again, so that its holder types who he is.

    Shape:   User -> bool
    """
    return not get_reauthentication_flows(user)


def way_of(request):
    """How who signs has confirmed it; call it behind ``reauthentication_required``, which asks what can be asked.

    Shape:   request with ``typed_name`` -> words for the trail
    Raises:  RuleBroken where the name is not the user's own
    """
    if not types_name(request.user):
        return AGAIN
    if _plain(request.POST.get("typed_name", "")) != _plain(request.user.username):
        raise RuleBroken(
            "Chưa ký: tài khoản của bạn không có mật khẩu để hỏi lại, cần gõ đúng tên đăng nhập "
            f"“{request.user.username}” vào ô xác nhận."
        )
    return TYPED


def _plain(text):
    return unicodedata.normalize("NFKC", text).strip().casefold()
