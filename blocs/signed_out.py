"""What happens to an act of a page whose session is over: an act in the background is answered, not led away."""

from urllib.parse import urlsplit

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpResponse, QueryDict
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.decorators import sync_only_middleware
from django.utils.http import url_has_allowed_host_and_scheme

SIGN_IN = "account_login"
WHY = {  # where the answer would lead, and why in words
    SIGN_IN: "Phiên làm việc đã hết.",
    "account_reauthenticate": "Cần xác nhận lại mật khẩu.",
    "mfa_reauthenticate": "Cần xác nhận lại bằng mã của ứng dụng xác thực.",
    "mfa_authenticate": "Chưa đăng nhập xong bước hai.",
    "mfa_activate_totp": "Tài khoản này phải bật xác thực hai bước trước.",
}
OTHER = "Trình duyệt này đang đăng nhập tài khoản khác với tài khoản đã mở trang."


@sync_only_middleware
class SignedOutMiddleware:
    """htmx follows a redirect unseen and would put the page of signing in into a field: it gets 401 with words.
    ``X-Page-Of`` names the account that opened the page; under another one nothing is written from it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.htmx and _of_another(request):
            return _refused(OTHER, reverse(SIGN_IN))
        response = self.get_response(request)
        if not 300 <= response.status_code < 400 or not response.has_header("Location"):
            return response
        name = _name_of(response["Location"])
        if request.htmx:
            if name in WHY:
                return _refused(WHY[name], urlsplit(response["Location"]).path)
            return HttpResponse(headers={"HX-Redirect": response["Location"]})
        if name == SIGN_IN and request.method not in ("GET", "HEAD"):
            response["Location"] = _back_to_a_page(request, response["Location"])
        return response


def _of_another(request):
    opened_by = request.headers.get("X-Page-Of", "")
    return bool(opened_by) and request.user.is_authenticated and opened_by != str(request.user.pk)


def _name_of(address):
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def _refused(why, address):
    words = render_to_string("components/_signed_out.html", {"why": why, "address": address})
    return HttpResponse(words, status=401)


def _back_to_a_page(request, address):
    """Signing in leads back to the page of the button: the button's own address cannot be opened."""
    parts = urlsplit(address)
    query = QueryDict(parts.query, mutable=True)
    if query.get(REDIRECT_FIELD_NAME) != request.get_full_path():
        return address
    page = urlsplit(request.headers.get("Referer", ""))
    ours = page.geturl() and url_has_allowed_host_and_scheme(page.geturl(), allowed_hosts={request.get_host()})
    query[REDIRECT_FIELD_NAME] = page._replace(scheme="", netloc="").geturl() if ours else resolve_url("todo")
    return parts._replace(query=query.urlencode(safe="/")).geturl()
