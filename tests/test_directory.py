"""The province's own sign-in opens accounts that are there, and makes none."""

import os
import subprocess
import sys

import pytest

from blocs.domain import directory
from blocs.errors import NotAllowed
from blocs.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_user_name_opens_the_account_whatever_its_case():
    user = make_user(username="van-phong", email="khac@vi-du.vn")

    assert directory.match(username="Van-Phong", email="la@vi-du.vn", is_verified=True) == user


def test_verified_address_opens_the_one_account_that_has_it():
    user = make_user(email="vp@vi-du.vn")

    assert directory.match(username="khong-co", email="VP@vi-du.vn", is_verified=True) == user


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"username": "khong-co"},
        {"email": "vp@vi-du.vn"},  # not verified
        {"email": "", "is_verified": True},
        {"email": "hai@vi-du.vn", "is_verified": True},  # two accounts
        {"username": "da-ngung"},
    ],
)
def test_everybody_else_is_refused_and_no_account_is_made(claims):
    make_user(email="vp@vi-du.vn")
    make_user(email="")
    for _ in range(2):
        make_user(email="hai@vi-du.vn")
    make_user(username="da-ngung", is_active=False)
    number = User.objects.count()

    with pytest.raises(NotAllowed):
        directory.match(**claims)

    assert User.objects.count() == number


ASKS = """
import django; django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import RequestFactory
from django.urls import reverse
from allauth.account.views import login
from allauth.socialaccount.adapter import get_adapter
call_command("migrate", verbosity=0)
request = RequestFactory().get("/tai-khoan/dang-nhap/")
from django.test import Client
page = Client().get("/tai-khoan/dang-nhap/", headers={"host": "localhost"})
print("Đăng nhập bằng Sở Nội vụ" in page.content.decode())
print(reverse("openid_connect_login", args=["tinh"]) in page.content.decode())
print("form-action 'self' https://sso.vi-du.vn;" in page["Content-Security-Policy"] + ";")
print(get_adapter().is_open_for_signup(request, None))
"""


def run(tmp_path, *arguments):
    """Python in a process of its own, with a database of its own and the settings of a directory -> its lines."""
    environment = os.environ | {
        "OIDC_SERVER_URL": "https://sso.vi-du.vn/realms/tinh", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b",
        "OIDC_NAME": "Sở Nội vụ", "VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "REDIS_URL": "", "PYTHONIOENCODING": "utf-8", "DJANGO_SETTINGS_MODULE": "config.settings.base",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


def test_door_is_on_the_page_only_where_it_is_set_up(client, tmp_path):
    assert run(tmp_path, "-c", ASKS) == ["True", "True", "True", "False"]
    assert "openid" not in client.get("/tai-khoan/dang-nhap/").content.decode()


def test_whom_a_directory_vouches_for_comes_in_and_nobody_else(tmp_path):
    assert run(tmp_path, "-m", "tests.directory_flow") == [
        "1 / 1", "2 /tai-khoan/dang-nhap/ None", "3 / 1", "4 /tai-khoan/dang-nhap/ None", "1",
    ]  # fmt: skip
