import io

import pytest
from django.core.management import CommandError, call_command

from blocs.models import AuditEvent, Authority, Seat, User
from tests.factories import make_authority

pytestmark = pytest.mark.django_db


PASSWORD = "mot-mat-khau-dai-2026"


def add(monkeypatch, *names, password=PASSWORD):
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    call_command("add_administrator", *names, stdout=io.StringIO())


def test_first_administrator_gets_a_seat_and_a_trail(monkeypatch):
    authority = make_authority(code="ubnd-son-ha")

    add(monkeypatch, "quantri", "ubnd-son-ha")

    user = User.objects.get()
    assert user.check_password("mot-mat-khau-dai-2026")
    assert list(Seat.objects.values_list("user", "role", "authority")) == [(user.pk, "administrator", authority.pk)]
    assert AuditEvent.objects.get().action == "user.add_administrator"


def test_authority_that_is_not_there_is_made_with_its_name(monkeypatch):
    add(monkeypatch, "quantri", "ubnd-moi", "--name", " Ủy ban nhân dân tỉnh Mới ")
    authority = Authority.objects.get()
    assert (authority.code, authority.name) == ("ubnd-moi", "Ủy ban nhân dân tỉnh Mới")
    assert list(AuditEvent.objects.order_by("pk").values_list("action", "authority_id")) == [
        ("admin.add", authority.pk),
        ("user.add_administrator", authority.pk),
    ]


def test_name_of_an_authority_that_is_there_stays(monkeypatch):
    make_authority(code="ubnd-son-ha", name="Ủy ban nhân dân tỉnh Sơn Hà")
    add(monkeypatch, "quantri", "ubnd-son-ha", "--name", "Tên khác")
    assert Authority.objects.get().name == "Ủy ban nhân dân tỉnh Sơn Hà"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("quantri", "khong-co"), "thêm --name"),
        (("quantri", "a/b", "--name", "Cơ quan"), "code"),
        (("quantri", "ubnd-moi", "--name", "x" * 300), "name"),
    ],
)
def test_authority_that_cannot_be_is_not_made(monkeypatch, names, words):
    with pytest.raises(CommandError, match=words):
        add(monkeypatch, *names)
    assert not Authority.objects.exists()


@pytest.mark.parametrize(
    ("names", "password"),
    [
        (("quantri", "khong-co"), "mot-mat-khau-dai-2026"),
        (("quantri", "ubnd-son-ha"), "123"),
        (("da-co", "ubnd-son-ha"), "mot-mat-khau-dai-2026"),
    ],
)
def test_bad_first_administrator_is_refused(monkeypatch, names, password):
    make_authority(code="ubnd-son-ha")
    User.objects.create(username="da-co")

    with pytest.raises(CommandError):
        add(monkeypatch, *names, password=password)

    assert (User.objects.count(), Seat.objects.count()) == (1, 0)


def test_superuser_flag_gives_no_right():
    user = User.objects.create_superuser("goc", password="mot-mat-khau-dai-2026")

    assert user.has_perm("blocs.change_bloc") is False
