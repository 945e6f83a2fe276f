from allauth.account.adapter import DefaultAccountAdapter


class ClosedAdapter(DefaultAccountAdapter):
    """Accounts are given by the administrator; nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "Tên đăng nhập hoặc mật khẩu không đúng.",
        "too_many_login_attempts": "Đã thử sai quá nhiều lần. Hãy đợi vài phút rồi thử lại.",
        "account_inactive": "Tài khoản này đã ngừng sử dụng.",
        "rate_limited": "Bạn thao tác quá nhanh. Hãy đợi một lát rồi thử lại.",
    }

    def is_open_for_signup(self, request):
        return False
