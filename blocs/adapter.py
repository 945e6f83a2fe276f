from allauth.account.adapter import DefaultAccountAdapter

METHODS = {
    "reauthenticate": "Dùng mật khẩu",
    "mfa_reauthenticate": "Dùng mã của ứng dụng xác thực hoặc mã dự phòng",
}


class ClosedAdapter(DefaultAccountAdapter):
    """Accounts are given by the board and the administrators; nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "Tên đăng nhập hoặc mật khẩu không đúng.",
        "incorrect_password": "Mật khẩu không đúng.",
        "enter_current_password": "Mật khẩu đang dùng không đúng.",
        "too_many_login_attempts": "Đã thử sai quá nhiều lần. Hãy đợi vài phút rồi thử lại.",
        "account_inactive": "Tài khoản này đã ngừng sử dụng.",
        "rate_limited": "Bạn thao tác quá nhanh. Hãy đợi một lát rồi thử lại.",
    }

    def is_open_for_signup(self, request):
        return False

    def get_reauthentication_methods(self, user):
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": METHODS[method["id"]]} for method in methods]

    def get_password_change_redirect_url(self, request):
        return self.get_login_redirect_url(request)
