import io

import pytest
from django.core.management import CommandError, call_command

from blocs.models import AuditEvent, Seat, User
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
