"""The second factor: who must have one, how it is set up, asked for, lost and switched off."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

from blocs.enums import Role
from blocs.models import AuditEvent
from tests.factories import PASSWORD, make_authority, make_user
from tests.screens import main_text, recently_confirmed

pytestmark = pytest.mark.django_db
SIGN_IN, CODE = "/tai-khoan/dang-nhap/", "/tai-khoan/buoc-hai/"
NEEDS = {Role.BOARD_STAFF, Role.COUNCIL_SECRETARY, Role.ADMINISTRATOR}


@pytest.fixture
def _asked(settings):
    settings.SECOND_FACTOR = True


def code_of(secret):
    """What the application on the telephone shows now."""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def with_factor(role=Role.BOARD_STAFF, **columns):
    """(user, secret)"""
    user = make_user(role, password=PASSWORD, **columns)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return user, secret


def sign_in(client, user):
    return client.post(SIGN_IN, {"login": user.username, "password": PASSWORD})


def is_in(client):
    return "_auth_user_id" in client.session


# ---------------------------------------------------------------- who must


@pytest.mark.usefixtures("_asked")
@pytest.mark.parametrize("role", Role)
def test_those_who_keep_the_province_get_no_further_than_setting_it_up(client, role):
    client.force_login(make_user(role))

    pages = [client.get(url) for url in ("/", "/phong-trao/", "/ho-so/", "/quan-tri/")]

    stopped = [page.status_code == 302 and page.url == reverse("mfa_activate_totp") for page in pages]
    assert stopped == [role in NEEDS] * 4


@pytest.mark.usefixtures("_asked")
def test_nothing_is_written_past_it(client):
    client.force_login(make_user(Role.BOARD_STAFF))

    assert client.post("/ho-so/", {"post": "Khác"}).url == reverse("mfa_activate_totp")
    assert client.post("/tai-khoan/dang-xuat/").status_code == 302
    assert not is_in(client)


def test_where_it_is_off_nobody_is_asked(client):
    client.force_login(make_user(Role.BOARD_STAFF))

    assert client.get("/").status_code == 200


# ---------------------------------------------------------------- setting it up


@pytest.mark.usefixtures("_asked")
def test_setting_up_asks_for_the_password_then_gives_recovery_codes(client, django_capture_on_commit_callbacks):
    user = make_user(Role.BOARD_STAFF, password=PASSWORD)
    sign_in(client, user)
    asked = client.get(reverse("mfa_activate_totp"))
    page = client.post(asked.url, {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret

    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True)

    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert (done.status_code, "Còn 10/10 mã" in main_text(done)) == (200, True)
    assert len(re.findall(r"<li><code>", done.content.decode())) == 10
    assert client.get("/").status_code == 200
    assert AuditEvent.objects.get(action="account.factor_on").actor_id == user.pk


def test_wrong_first_code_is_told_in_vietnamese(client):
    client.force_login(make_user(password=PASSWORD))
    recently_confirmed(client).get(reverse("mfa_activate_totp"))

    page = client.post(reverse("mfa_activate_totp"), {"code": "000000"})

    assert "Mã không đúng hoặc đã qua thời gian." in main_text(page)
    assert not Authenticator.objects.exists()


# ---------------------------------------------------------------- signing in


def test_code_is_asked_for_after_the_password(client):
    user, secret = with_factor()
    first = sign_in(client, user)
    before = is_in(client)

    second = client.post(CODE, {"code": code_of(secret)})

    assert (first.url, before, second.url, is_in(client)) == (CODE, False, "/", True)


def test_recovery_code_opens_once(client):
    user, _ = with_factor()
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes  # noqa: PLC0415 -- app ready

    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    found = []
    for _ in range(2):
        sign_in(client, user)
        client.post(CODE, {"code": code})
        found.append(is_in(client))
        client.logout()

    assert found == [True, False]


def test_five_wrong_codes_close_the_door_for_a_while(client):
    user, secret = with_factor(username="nguyễn")
    sign_in(client, user)
    said = [main_text(client.post(CODE, {"code": "000000"})) for _ in range(5)]

    late = main_text(client.post(CODE, {"code": code_of(secret)}))

    assert ["Mã không đúng" in text for text in said] == [True] * 5
    assert ("Đã thử sai quá nhiều lần" in late, is_in(client)) == (True, False)


def test_admin_pages_are_behind_the_same_door(client):
    user, secret = with_factor(Role.ADMINISTRATOR)
    door = client.get("/quan-tri/login/?next=/quan-tri/")
    client.post(door.url, {"login": user.username, "password": PASSWORD, "next": "/quan-tri/"})
    half_way = client.get("/quan-tri/")

    response = client.post(CODE, {"code": code_of(secret), "next": "/quan-tri/"})

    assert (half_way.status_code, response.url) == (302, "/quan-tri/")
    assert client.get("/quan-tri/").status_code == 200


def test_invitation_does_not_lead_around_it(client):
    from blocs.domain import invitations  # noqa: PLC0415 -- beside its use

    authority = make_authority()
    user, _ = with_factor(authority=authority)
    issued = invitations.invite(user.pk, by=make_user(Role.BOARD_STAFF, authority=authority))

    response = client.post("/vao/", {"code": issued.code, "password": PASSWORD + "x", "again": PASSWORD + "x"})

    assert (response.url, is_in(client)) == (CODE, False)


# ---------------------------------------------------------------- losing it, switching it off


def test_switching_off_asks_again(client):
    user, _ = with_factor()
    client.force_login(user)

    asked = client.post(reverse("mfa_deactivate_totp"))

    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert Authenticator.objects.filter(user=user).exists()


def test_switched_off_with_the_password(client):
    user, _ = with_factor()
    client.force_login(user)
    recently_confirmed(client)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=user).exists()
    assert AuditEvent.objects.filter(action="account.factor_off").count() == 1


def test_administrator_switches_it_off_for_who_lost_his_telephone(client):
    authority = make_authority()
    user, _ = with_factor(authority=authority)
    admin, board = (make_user(role, authority=authority) for role in (Role.ADMINISTRATOR, Role.BOARD_STAFF))
    found = []
    for by in (board, admin):
        client.force_login(by)
        recently_confirmed(client)
        found.append(client.post(reverse("person_stop_factor", args=[user.pk])).status_code)

    assert found == [404, 302]
    assert not Authenticator.objects.filter(user=user).exists()
    assert AuditEvent.objects.get(action="account.factor_stopped").actor_id == admin.pk


# ---------------------------------------------------------------- giving the password once more


def test_new_address_is_saved_after_the_password(client):
    user = make_user(password=PASSWORD, post="Chức danh")
    client.force_login(user)
    form = {"post": "Chức danh", "email": "moi@vi-du.vn"}
    asked = client.post("/ho-so/", form)
    user.refresh_from_db()
    before = user.email

    wrong = client.post(asked.url, {"password": "sai-mat-khau"})
    client.post(asked.url, {"password": PASSWORD, "next": "/ho-so/"})

    user.refresh_from_db()
    assert (before, "Mật khẩu không đúng." in main_text(wrong), user.email) == ("", True, "moi@vi-du.vn")


def test_other_data_is_saved_at_once(client):
    user = make_user(password=PASSWORD)
    client.force_login(user)

    client.post("/ho-so/", {"post": "Chánh Văn phòng", "phone": "0912"})

    user.refresh_from_db()
    assert (user.post, user.phone) == ("Chánh Văn phòng", "0912")


def test_own_password_is_changed_and_noted_without_it(client):
    user, new = make_user(password=PASSWORD), "mat-khau-moi-2027"
    client.force_login(user)
    url = reverse("account_change_password")

    wrong = client.post(url, {"oldpassword": "sai", "password1": new, "password2": new})
    done = client.post(url, {"oldpassword": PASSWORD, "password1": new, "password2": new}, follow=True)

    user.refresh_from_db()
    event = AuditEvent.objects.get(action="account.password")
    assert (wrong.status_code, is_in(client), user.check_password(new)) == (200, True, True)
    assert "Đã đổi mật khẩu." in main_text(done)
    assert new not in repr(vars(event))


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("a", "a", ["Mật khẩu quá ngắn: cần ít nhất 10 ký tự."]),
        ("1234567890", "1234567890", ["Mật khẩu này quá thông dụng, dễ bị đoán."]),
        ("nguyen-van-12", "nguyen-van-12", ["Mật khẩu quá giống tên đăng nhập, họ tên, chức danh"]),
        ("mat-khau-moi-2027", "mat-khau-moi-2028", ["Hai lần gõ không giống nhau."]),
    ],
)
def test_refused_password_is_told_in_vietnamese(client, password, again, words):
    user = make_user(password=PASSWORD, username="nguyen-van-12")
    client.force_login(user)

    page = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": password, "password2": again}
    )

    errors = [error for errors in page.context["form"].errors.values() for error in errors]
    assert [word in " ".join(errors) for word in words] == [True] * len(words)
    assert [error for error in errors if not re.search("[ạảấầẩậắặệốộớợủứự]", error)] == []
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
