"""Sign-in through OpenID Connect: the package asks, the domain says who it is."""

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.shortcuts import redirect

from blocs.domain import directory
from blocs.errors import DomainError


class DirectoryAdapter(DefaultSocialAccountAdapter):
    def pre_social_login(self, request, sociallogin):
        """Known from an earlier sign-in, or found by what the directory says now; else refused in words."""
        try:
            if sociallogin.is_existing:
                directory.check_active(sociallogin.user)
            else:
                sociallogin.connect(request, directory.match(**claims(sociallogin)))
        except DomainError as error:
            messages.error(request, str(error))
            raise ImmediateHttpResponse(redirect("account_login")) from None

    def is_open_for_signup(self, request, sociallogin):
        return False

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        messages.error(request, "Đăng nhập bằng tài khoản của tỉnh không thành công. Hãy thử lại hoặc dùng mật khẩu.")
        raise ImmediateHttpResponse(redirect("account_login"))


def claims(sociallogin):
    """What the directory says about a person.

    Shape:   SocialLogin -> {username, email, is_verified}
    """
    address = next(iter(sociallogin.email_addresses), None)
    data = sociallogin.account.extra_data
    data = data.get("userinfo") or data.get("id_token") or data
    return {
        "username": data.get("preferred_username") or "",
        "email": address.email if address else "",
        "is_verified": bool(address and address.verified),
    }
