"""A second factor for those who keep the whole province: without one they get no further than its setting-up."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.shortcuts import redirect
from django.utils.decorators import sync_only_middleware

from blocs.enums import Role

ROLES = frozenset({Role.BOARD_STAFF, Role.COUNCIL_SECRETARY, Role.ADMINISTRATOR})
OPEN = {  # what setting it up takes, and the way out
    "account_logout",
    "account_reauthenticate",
    "favicon",
    "health",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
}


def has_factor(user):
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def lacks_factor(user):
    """True for a signed-in user whose seats ask for a second factor that he has not set up."""
    if not settings.SECOND_FACTOR or not user.is_authenticated:
        return False
    return user.seats.having(*ROLES).exists() and not has_factor(user)


@sync_only_middleware
class SecondFactorMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Once the address is known: on, or to the setting-up."""
        name = request.resolver_match.view_name
        return redirect("mfa_activate_totp") if name not in OPEN and lacks_factor(request.user) else None


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Mã không đúng hoặc đã qua thời gian. Hãy xem mã mới trong ứng dụng.",
        "cannot_generate_recovery_codes": "Chưa bật xác thực hai bước nên chưa có mã dự phòng.",
    }

    def get_totp_label(self, user):
        return user.username
