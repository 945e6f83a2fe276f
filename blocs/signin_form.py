"""The package's forms in our users' words; forgotten passwords go to who gives accounts."""

import unicodedata

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base import forms as codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.exceptions import ValidationError

FORGOTTEN = "Quên mật khẩu: nhờ Ban Thi đua - Khen thưởng hoặc quản trị hệ thống cấp lại lối vào."


def reword(form, **words):
    """Labels of ours, no placeholders.

    Shape:   (form, field=(label, help)) -> None
    """
    for name, (label, help_text) in words.items():
        form.fields[name].label, form.fields[name].help_text = label, help_text
        form.fields[name].widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reword(self, login=("Tên đăng nhập", ""), password=("Mật khẩu", FORGOTTEN))

    def clean_login(self):
        """Accented letters as they are stored, however the keyboard builds them: one name, one count of failures."""
        return unicodedata.normalize("NFKC", super().clean_login())


class AgainForm(ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reword(self, password=("Mật khẩu", FORGOTTEN))


class OwnPasswordForm(ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rules = "Ít nhất 10 ký tự, không phải mật khẩu thông dụng, không giống tên đăng nhập."
        reword(self, oldpassword=("Mật khẩu đang dùng", FORGOTTEN), password1=("Mật khẩu mới", rules))
        reword(self, password2=("Gõ lại mật khẩu mới", ""))

    def add_error(self, field, error):
        """The package has no Vietnamese words for two passwords that differ, and no name for that error."""
        is_mismatch = field == "password2" and not isinstance(error, ValidationError)
        super().add_error(field, "Hai lần gõ không giống nhau." if is_mismatch else error)


CODE = ("Mã", "Sáu chữ số ứng dụng đang hiện, hoặc một mã dự phòng.")


class CodeForm(codes.AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reword(self, code=CODE)


class CodeAgainForm(codes.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reword(self, code=CODE)


class FirstCodeForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reword(self, code=("Mã", "Sáu chữ số mà ứng dụng vừa hiện."))
