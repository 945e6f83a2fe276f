"""How long classes of record are kept: facts in a data file, edited afterwards by administrators."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import yaml
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from blocs.models import Invitation, RetentionClass

FILE = Path(__file__).resolve().parent.parent / "data" / "retention.yaml"

# What a class holds that is older than a moment; an app above adds its own with ``add_class``.
OLD: dict[str, Callable[[datetime], QuerySet]] = {}
REMOVE: dict[str, Callable[[QuerySet], int]] = {}  # where the rows stay and only their content goes


def add_class(code, find, *, remove=None):
    """Let the daily job remove the rows of a class.

    Shape:   (code of a RetentionClass, moment -> queryset of rows whose time ended before it,
             remove: queryset -> number of rows, where they are not simply deleted)
    """
    OLD[code] = find
    REMOVE[code] = remove or _delete


def load_missing(*, using="default"):
    """Add the classes of the data file that the database lacks; a row that is there stays as it is."""
    rows = RetentionClass.objects.using(using)
    known = set(rows.values_list("code", flat=True))
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    rows.bulk_create(RetentionClass(**item) for item in data if item["code"] not in known)


@transaction.atomic
def remove_old(*, now=None):
    """Remove what is kept no longer; a second run the same day finds nothing.

    Shape:   -> {code: number of rows removed}
    """
    now = now or timezone.now()
    removed = {}
    for row in RetentionClass.objects.filter(code__in=OLD, keep_days__isnull=False):
        removed[row.code] = REMOVE[row.code](OLD[row.code](now - timedelta(days=row.keep_days or 0)))
    return removed


def _delete(rows):
    return rows.delete()[1].get(rows.model._meta.label, 0)  # noqa: SLF001 -- documented name


def _invitations(before):
    ended = Least("expires_at", Coalesce("used_at", "revoked_at", "expires_at"))
    return Invitation.objects.annotate(ended=ended).filter(ended__lt=before)


add_class("invitations", _invitations)
