"""What is kept no longer goes, once a day; the trail stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blocs.domain import audit, invitations, retention
from blocs.enums import Role
from blocs.models import AuditEvent, Invitation, RetentionClass
from reports.enums import MessageKind, MessageState, UploadKind
from reports.models import Message, Upload
from reports.tasks import remove_old
from tests.factories import make_bloc_year, make_user, members_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def days(code):
    return timedelta(days=RetentionClass.objects.get(code=code).keep_days)


def test_every_class_that_ends_has_its_rows():
    ends = set(RetentionClass.objects.exclude(keep_days=None).values_list("code", flat=True))

    assert ends - {"ended-accounts"} == set(retention.OLD)  # whose data goes is decided by people
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
