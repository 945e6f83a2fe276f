"""What is kept no longer goes, once a day; the trail stays."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils import timezone

from blocs.domain import audit, invitations, retention
from blocs.enums import Role
from blocs.models import AuditEvent, Invitation, RetentionClass, User
from reports.enums import MessageKind, MessageState, UploadKind
from reports.models import Message, Upload
from reports.tasks import remove_old
from tests.factories import PASSWORD, make_bloc_year, make_seat, make_user, members_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def days(code):
    return timedelta(days=RetentionClass.objects.get(code=code).keep_days)


def test_every_class_that_ends_has_its_rows():
    ends = set(RetentionClass.objects.exclude(keep_days=None).values_list("code", flat=True))

    assert ends == set(retention.OLD)
    assert RetentionClass.objects.get(code="audit").keep_days is None


@pytest.mark.parametrize("column", ["used_at", "revoked_at", "expires_at"])
@pytest.mark.parametrize(("second", "left"), [(1, 0), (-1, 1)])
def test_invitation_goes_when_its_time_is_over(column, second, left):
    bloc_year = make_bloc_year()
    person = make_user(Role.UNIT_REPORTER, unit=members_of(bloc_year)[0])
    invitations.invite(person.pk, by=make_user(Role.BOARD_STAFF, bloc_year=bloc_year))
    moment = NOW - days("invitations") - timedelta(seconds=second)
    Invitation.objects.update(**{column: moment})

    retention.remove_old(now=NOW)

    assert Invitation.objects.count() == left


@pytest.mark.parametrize(
    ("state", "left"), [(MessageState.SENT, 0), (MessageState.CANCELLED, 0), (MessageState.WAITING, 1)]
)
def test_letter_goes_unless_it_waits(state, left):
    year = make_bloc_year().year
    Message.objects.create(
        year=year, recipient=make_user(), kind=MessageKind.LETTER, on=NOW.date(), subject="Nhắc", state=state,
        sent_at=NOW if state == MessageState.SENT else None,
    )  # fmt: skip
    Message.objects.update(created_at=NOW - days("messages") - timedelta(seconds=1))

    retention.remove_old(now=NOW)

    assert Message.objects.count() == left


# ---------------------------------------------------------------- people who hold no seat any more

PERSON = {"post": "Văn thư", "full_name": "Người mẫu", "email": "mau@vi-du.vn", "phone": "0912", "password": PASSWORD}
TODAY = timezone.localdate(NOW)


def former(*days_over, **columns):
    """A person whose seats were over so many days longer ago than such data are kept."""
    bloc_year = make_bloc_year()
    person = make_user(**(PERSON | columns))
    ends = [TODAY - days("ended-accounts") - timedelta(days=number) for number in days_over]
    for end, unit in zip(ends, members_of(bloc_year), strict=False):
        make_seat(person, Role.UNIT_REPORTER, unit=unit, valid_to=end)
    return person


def kept(person):
    person.refresh_from_db()
    return (person.full_name, person.email, person.phone, person.is_active) != ("", "", "", False)


def test_data_of_a_person_go_so_long_after_his_last_seat():
    gone, last_day, later = former(1), former(0), former(1, -30)

    assert retention.remove_old(now=NOW)["ended-accounts"] == 1

    assert [kept(person) for person in (gone, last_day, later)] == [False, True, True]
    assert (str(gone), gone.has_usable_password(), User.objects.search("Người mẫu").count()) == ("Văn thư", False, 2)
    event = AuditEvent.objects.get(action="people.forget")
    home = gone.seats.get().unit.authority_id
    assert (event.target, event.authority_id, event.actor_id) == (f"blocs.user:{gone.pk}", home, None)
    assert [text for text in PERSON.values() if text in repr(vars(event))] == ["Văn thư"]
    assert retention.remove_old(now=NOW)["ended-accounts"] == 0


@pytest.mark.parametrize("valid_to", [None, TODAY, TODAY + timedelta(days=1)])
def test_who_still_holds_a_seat_stays(valid_to):
    person = former(500)
    make_seat(person, Role.ASSESSOR, unit=members_of(make_bloc_year())[0], valid_to=valid_to)

    retention.remove_old(now=NOW)

    assert kept(person)


@pytest.mark.parametrize(("more", "is_kept"), [(1, False), (0, True)])
def test_account_that_never_had_a_seat_counts_from_its_first_day(more, is_kept):
    person = former(date_joined=NOW - days("ended-accounts") - timedelta(days=more))

    retention.remove_old(now=NOW)

    assert kept(person) is is_kept


def test_every_way_in_goes_with_the_data():
    person = former(1)
    EmailAddress.objects.create(user=person, email=person.email, verified=True)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    with_data = former(1, full_name="", email="", phone="")  # still open

    retention.remove_old(now=NOW)

    assert (EmailAddress.objects.count(), Authenticator.objects.count(), kept(with_data)) == (0, 0, False)


def test_term_without_end_keeps_everybody():
    RetentionClass.objects.filter(code="ended-accounts").update(keep_days=None)
    person = make_user(**PERSON)
    make_seat(person, Role.UNIT_REPORTER, unit=members_of(make_bloc_year())[0], valid_to=TODAY - timedelta(days=9000))

    assert ("ended-accounts" in retention.remove_old(now=NOW), kept(person)) == (False, True)


def test_task_runs_twice_and_spares_the_trail():
    year = make_bloc_year().year
    upload = {
        "kind": UploadKind.UNITS,
        "authority": year.authority,
        "year": year,
        "name": "a",
        "content": b"",
        "by": make_user(),
    }
    for age in (400, 0):
        row = Upload.objects.create(**upload, sha256="0" * 64)
        Upload.objects.filter(pk=row.pk).update(at=NOW - timedelta(days=age))
    audit.record("upload.take", by=None, target=year)
    event = AuditEvent.objects.count()

    for _ in range(2):
        remove_old()

    assert (Upload.objects.count(), AuditEvent.objects.count()) == (1, event)


def test_administrator_s_term_stays_when_the_file_is_loaded_again():
    RetentionClass.objects.filter(code="uploads").update(keep_days=7)
    RetentionClass.objects.filter(code="messages").delete()

    retention.load_missing()

    assert RetentionClass.objects.get(code="uploads").keep_days == 7
    assert RetentionClass.objects.count() == 5
