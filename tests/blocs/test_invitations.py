"""An invitation lets one person in, once, until it expires; nobody else learns the code."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from blocs.domain import invitations
from blocs.enums import Role
from blocs.errors import DomainError, NotAllowed
from blocs.models import AuditEvent, Invitation
from tests.factories import make_bloc_year, make_user, members_of

pytestmark = pytest.mark.django_db
PASSWORD = "mot-mat-khau-du-dai-9"


@pytest.fixture
def world():
    bloc_year = make_bloc_year()
    board = make_user(Role.BOARD_STAFF, bloc_year=bloc_year)
    person = make_user(Role.UNIT_REPORTER, unit=members_of(bloc_year)[0])
    return board, person


def test_code_sets_the_password_once(world):
    board, person = world
    issued = invitations.invite(person.pk, by=board)

    user = invitations.accept(issued.code, PASSWORD)

    assert (user.pk, user.check_password(PASSWORD)) == (person.pk, True)
    with pytest.raises(DomainError):
        invitations.accept(issued.code, PASSWORD)


def test_expired_one_second_later_and_not_before(world):
    board, person = world
    issued = invitations.invite(person.pk, by=board)

    assert invitations.look_up(issued.code, now=issued.expires_at - timedelta(seconds=1)) is not None
    with pytest.raises(DomainError):
        invitations.look_up(issued.code, now=issued.expires_at)
    assert issued.expires_at - timezone.now() <= timedelta(days=settings.INVITATION_DAYS)


def test_a_new_one_ends_the_former(world):
    board, person = world
    first, second = (invitations.invite(person.pk, by=board) for _ in range(2))

    with pytest.raises(DomainError):
        invitations.look_up(first.code)
    assert invitations.look_up(second.code) is not None


def test_revoked_opens_nothing(world):
    board, person = world
    issued = invitations.invite(person.pk, by=board)

    invitations.revoke(person.pk, by=board)

    with pytest.raises(DomainError):
        invitations.accept(issued.code, PASSWORD)


def test_code_is_stored_nowhere(world):
    board, person = world
    issued = invitations.invite(person.pk, by=board)

    kept = [*Invitation.objects.values(), *AuditEvent.objects.values()]

    assert [row for row in kept if issued.code in str(row) or issued.code.replace("-", "") in str(row)] == []


def test_another_authority_invites_nobody_of_ours(world):
    _, person = world

    with pytest.raises(NotAllowed):
        invitations.invite(person.pk, by=make_user(Role.BOARD_STAFF))


def test_weak_password_is_refused_and_the_code_stays_good(world):
    board, person = world
    issued = invitations.invite(person.pk, by=board)

    with pytest.raises(DomainError):
        invitations.accept(issued.code, "123")
    assert invitations.look_up(issued.code) is not None


def test_slip_leads_in(client, world):
    board, person = world
    client.force_login(board)
    slips = client.post(reverse("people_invite"), {"people": [person.pk], "how": "slip"})
    assert slips.status_code in (200, 302)
    issued = invitations.invite(person.pk, by=board)
    client.logout()

    form = client.post(reverse("invitation"), {"code": issued.code.lower()})
    done = client.post(reverse("invitation"), {"code": issued.code, "password": PASSWORD, "again": PASSWORD})

    assert (form.status_code, done.status_code, done.url) == (200, 302, reverse("todo"))
    assert client.get(reverse("todo")).context["user"] == person


def test_wrong_code_is_told_so(client):
    answer = client.post(reverse("invitation"), {"code": "AAAA-BBBB-CCCC-DDDD"})

    assert answer.status_code == 422


def test_expired_slip_says_whom_to_ask(client, world):
    board, person = world
    issued = invitations.invite(person.pk, by=board)

    with time_machine.travel(issued.expires_at + timedelta(seconds=1), tick=False):
        answer = client.post(reverse("invitation"), {"code": issued.code})

    assert (answer.status_code, "hết hạn" in answer.content.decode()) == (422, True)
