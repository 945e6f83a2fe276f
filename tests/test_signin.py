"""The one door: who comes in, what is said to those who do not, and what every answer tells the browser."""

import re
import unicodedata
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from blocs.enums import Role
from tests.factories import PASSWORD, make_bloc_year, make_user
from tests.screens import main_text, page_of

pytestmark = pytest.mark.django_db
SIGN_IN = "/tai-khoan/dang-nhap/"
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."
LIMITED = "Đã thử sai quá nhiều lần. Hãy đợi vài phút rồi thử lại."


def sign_in(client, login, password=PASSWORD, **extra):
    return client.post(SIGN_IN, {"login": login, "password": password}, **extra)


def is_in(client):
    return "_auth_user_id" in client.session


# ---------------------------------------------------------------- coming in and going out


def test_user_comes_in_and_finds_what_to_do(client):
    make_user(Role.BLOC_HEAD, username="khoitruong", password=PASSWORD)

    response = sign_in(client, "khoitruong", follow=True)

    assert response.redirect_chain == [("/", 302)]
    assert main_text(response).startswith("Việc cần làm")


def test_user_comes_to_the_page_that_was_asked_for(client):
    bloc_year = make_bloc_year()
    make_user(Role.BLOC_HEAD, bloc_year=bloc_year, username="khoitruong", password=PASSWORD)
    wanted = reverse("bloc_detail", args=[bloc_year.pk])
    page = client.get(client.get(wanted).url)

    response = client.post(SIGN_IN, {"login": "khoitruong", "password": PASSWORD, "next": wanted})

    assert f'<input type="hidden" name="next" value="{wanted}">' in page.content.decode()
    assert response.url == wanted


@pytest.mark.parametrize("target", ["https://vi-du.vn/", "//vi-du.vn/", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_else(client, target):
    make_user(username="khoitruong", password=PASSWORD)

    response = client.post(SIGN_IN, {"login": "khoitruong", "password": PASSWORD, "next": target})

    assert response.url == "/"


def test_session_ends_with_the_browser_and_with_the_button(client):
    make_user(username="khoitruong", password=PASSWORD)
    sign_in(client, "khoitruong")
    cookie = client.cookies["sessionid"]
    by_link = client.get("/tai-khoan/dang-xuat/")
    still_in = is_in(client)

    response = client.post("/tai-khoan/dang-xuat/")

    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")
    assert (by_link.status_code, still_in) == (200, True)
    assert (response.status_code, is_in(client)) == (302, False)


def test_form_without_its_token_is_refused_in_vietnamese():
    make_user(username="khoitruong", password=PASSWORD)
    strict = Client(enforce_csrf_checks=True)

    response = sign_in(strict, "khoitruong")

    assert (response.status_code, is_in(strict)) == (403, False)
    assert "Forbidden" not in page_of(response).text


@pytest.mark.parametrize("typed", ["khoitruong", "KhoiTruong", " khoitruong "])
def test_case_and_blanks_do_not_keep_anyone_out(client, typed):
    make_user(username="khoitruong", password=PASSWORD)

    sign_in(client, typed)

    assert is_in(client)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accented_name_is_known_however_the_keyboard_builds_its_letters(client, form):
    make_user(username="nguyễn", password=PASSWORD)

    sign_in(client, unicodedata.normalize(form, "nguyễn"))

    assert is_in(client)


# ---------------------------------------------------------------- staying out


@pytest.mark.parametrize(
    ("login", "password"),
    [("khoitruong", "sai-mat-khau"), ("khong-co", PASSWORD), ("nguyễn@vi-du.vn", PASSWORD), ("' OR 1=1 --", "x")],
)
def test_wrong_name_and_wrong_password_are_told_alike(client, login, password):
    make_user(username="khoitruong", password=PASSWORD)

    response = sign_in(client, login, password)

    assert (response.status_code, is_in(client)) == (200, False)
    assert WRONG in main_text(response)


def test_empty_fields_are_asked_for_in_vietnamese(client):
    response = sign_in(client, "", "")

    assert main_text(response).count("Trường này là bắt buộc.") == 2


def test_closed_account_stays_out(client):
    make_user(username="khoitruong", password=PASSWORD, is_active=False)

    response = sign_in(client, "khoitruong", follow=True)

    assert not is_in(client)
    assert PASSWORD not in response.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        ["khoitruong"] * 5,
        ["khoitruong", "KHOITRUONG", "KhoiTruong", " khoitruong", "khoiTRUONG "],
    ],
)
def test_five_failures_close_the_door_for_that_name(client, typed):
    make_user(username="khoitruong", password=PASSWORD)
    said = [WRONG in main_text(sign_in(client, name, "sai-mat-khau")) for name in typed]

    response = sign_in(client, "khoitruong")

    assert said == [True] * 5
    assert (is_in(client), LIMITED in main_text(response)) == (False, True)


def test_five_failures_close_the_door_for_an_accented_name_too(client):
    make_user(username="nguyễn", password=PASSWORD)
    names = [unicodedata.normalize(form, name) for form in ("NFC", "NFD") for name in ("nguyễn", "NGUYỄN")]
    for name in [*names, "nguyễn"]:
        sign_in(client, name, "sai-mat-khau")

    response = sign_in(client, "nguyễn")

    assert (is_in(client), LIMITED in main_text(response)) == (False, True)


def test_failures_of_one_name_do_not_close_the_door_for_another(client):
    for name in ("khoitruong", "chuyenvien"):
        make_user(username=name, password=PASSWORD)
    for _ in range(5):
        sign_in(client, "khoitruong", "sai-mat-khau")

    sign_in(client, "chuyenvien")

    assert is_in(client)


def test_many_names_from_one_place_are_limited_together(client):
    for number in range(10):
        sign_in(client, f"nguoi-dung-{number}", "sai-mat-khau")
    make_user(username="khoitruong", password=PASSWORD)

    sign_in(client, "khoitruong")

    assert not is_in(client)


def test_floods_of_posts_get_a_page_in_vietnamese(client):
    for _ in range(30):
        client.post(SIGN_IN, {})

    response = client.post(SIGN_IN, {})

    assert response.status_code == 429
    assert "Bạn đã thử quá nhiều lần" in main_text(response)


# ---------------------------------------------------------------- doors that are not there


@pytest.mark.parametrize(
    "name", ["account_signup", "account_reset_password", "account_inactive", "account_email_verification_sent"]
)
def test_nobody_signs_up_or_resets_a_password(client, name):
    assert [client.get(reverse(name)).status_code, client.post(reverse(name), {}).status_code] == [404, 404]


def test_sign_in_page_names_no_other_door(client):
    html = client.get(SIGN_IN).content.decode()

    assert [name for name in ("account_signup", "account_reset_password") if reverse(name) in html] == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_admin_signs_in_through_the_same_page(client, method):
    response = getattr(client, method)("/quan-tri/login/?next=/quan-tri/")

    assert (response.status_code, response.url) == (302, f"{SIGN_IN}?next=/quan-tri/")


def test_admin_leads_the_anonymous_to_the_same_page(client):
    response = client.get("/quan-tri/", follow=True)

    assert response.redirect_chain[-1][0].startswith(SIGN_IN)
    assert main_text(response).startswith("Đăng nhập")


def test_health_answers_without_signing_in(client):
    response = client.get("/health/")

    assert (response.status_code, response.content, response["Content-Type"]) == (200, b"ok", "text/plain")


# ---------------------------------------------------------------- what the browser is told


def policy_of(response):
    """{directive: its values} of the content security policy."""
    rows = (row.split() for row in response["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in rows}


@pytest.mark.parametrize("url", [SIGN_IN, "/health/", "/khong-co-trang-nay/", "/"])
def test_every_answer_carries_the_security_headers(client, url):
    response = client.get(url)

    assert policy_of(response) == {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
    found = {name: response[name] for name in ("X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy")}
    assert found == {
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }


TEMPLATES = sorted(Path("templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_template_holds_no_script_style_or_handler_of_its_own(path):
    text = path.read_text(encoding="utf-8")

    inline = re.findall(
        r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|hx-on", text, re.IGNORECASE
    )

    assert inline == []


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_template_loads_nothing_from_outside(path):
    text = path.read_text(encoding="utf-8")

    assert re.findall(r"(?:src|href|action|hx-get|hx-post)\s*=\s*[\"'](?:https?:)?//[^\"']*", text) == []
