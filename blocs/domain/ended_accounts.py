"""What is known of people who hold no seat any more goes when its time is over. The account stays, closed and empty."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from blocs.domain import audit, retention, seats
from blocs.models import Seat, User

EMPTY = {"full_name": "", "email": "", "phone": "", "is_active": False}


def ended_before(moment):
    """Accounts whose last seat was over before a moment, as far as they are not empty yet; without any seat, since
    they were made.

    Shape:   datetime -> User queryset
    """
    held = Seat.objects.filter(user=OuterRef("pk"))
    last = held.values("user").annotate(last=Max("valid_to")).values("last")
    made = TruncDate("date_joined", tzinfo=timezone.get_current_timezone())
    rows = User.objects.exclude(Exists(held.not_over())).annotate(ended=Coalesce(last, made))
    return rows.filter(ended__lt=timezone.localdate(moment)).exclude(**EMPTY)


@transaction.atomic
def forget(users):
    """Blank name, address and telephone, take every way in away, and close the account. Post and user name stay: what
    was signed and written points to them.

    Shape:   User queryset -> number of accounts
    Locks:   the user rows
    """
    rows = list(User.objects.select_for_update().filter(pk__in=list(users.values_list("pk", flat=True))))
    for user in rows:
        for name, value in EMPTY.items():
            setattr(user, name, value)
        user.set_unusable_password()
        user.save(update_fields=[*EMPTY, "password"])
        audit.record("people.forget", by=None, target=user, authority=seats.home_of(user))
    for model in (EmailAddress, Authenticator, *_directory()):
        model.objects.filter(user__in=rows).delete()
    return len(rows)


def _directory():
    """What the province's directory told, where one is connected: its table is there only then."""
    return [model for model in apps.get_models() if model._meta.label == "socialaccount.SocialAccount"]  # noqa: SLF001 -- documented name


def register():
    """Make the daily job keep the term of these accounts."""
    retention.add_class("ended-accounts", ended_before, remove=forget)
