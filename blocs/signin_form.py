import unicodedata

from allauth.account.forms import LoginForm


class SignInForm(LoginForm):
    """The package's form in our users' words; forgotten passwords go to the administrator."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in (("login", "Tên đăng nhập"), ("password", "Mật khẩu")):
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = "Quên mật khẩu: liên hệ quản trị hệ thống."

    def clean_login(self):
        """Accented letters as they are stored, however the keyboard builds them: one name, one count of failures."""
        return unicodedata.normalize("NFKC", super().clean_login())
