"""Reference data that administrators keep: one way to save a row, with its trail and what follows from it."""

from django.db import models, transaction

from blocs.domain import audit, audit_reading, obligations, organisation
from blocs.enums import Role
from blocs.errors import NotAllowed
from blocs.folding import FoldedField
from blocs.models import Holiday

EMPTY: tuple = (None, "", [])


def opened_with(row, lists=()):
    """A short name of a row as it is now, and of its lists, for the form that is opened with it.

    Shape:   (row, names of the lists that are edited with it) -> str
    """
    return organisation.digest(_in_words(row, lists))


def check_unchanged(row, opened, *, lists=()):
    """Refuse to write over what somebody else saved since the form was opened; call it in the transaction that saves.

    Shape:   (row, what ``opened_with`` gave or empty, names of its lists) -> None
    Locks:   the row
    Raises:  EditedMeanwhile with the row as it is now in words
    """
    now = type(row)._default_manager.select_for_update().get(pk=row.pk)  # noqa: SLF001 -- documented name
    organisation.check_unchanged(now, _in_words(now, lists), opened)


def _in_words(row, lists=()):
    """Shape: (row, names of lists) -> {label: text, or a text for each row of a list}"""
    found = {}
    for field in row._meta.concrete_fields:  # noqa: SLF001 -- documented
        if field.editable and not field.primary_key:
            value = getattr(row, f"get_{field.name}_display")() if field.choices else getattr(row, field.name)
            is_row = isinstance(value, models.Model)
            found[str(field.verbose_name)] = str(value) if is_row else audit_reading.words(value)
    for name in lists:
        rows = getattr(row, name)
        label = str(rows.model._meta.verbose_name)  # noqa: SLF001 -- documented
        found[label] = [", ".join(_in_words(item).values()) for item in rows.order_by("pk")]
    return found


@transaction.atomic
def save(row, *, by, names=None):
    """Save a row of reference data and write down what changed. Holidays move what is owed in working days.

    Shape:   (unsaved or changed row, names of the changed fields or None for every filled one of a new row) -> the row
    Raises:  NotAllowed for anybody without an administrator's seat
    """
    if not by.seats.having(Role.ADMINISTRATOR).exists():
        raise NotAllowed("Chỉ quản trị hệ thống sửa danh mục.")
    old = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None  # noqa: SLF001 -- documented name
    before = {name: value for name, value in shown(old).items() if name in names} if old else None
    row.save()
    after = {name: value for name, value in shown(row).items() if (name in names if old else value not in EMPTY)}
    audit.record("admin.change" if old else "admin.add", by=by, target=row, before=before, after=after)
    if isinstance(row, Holiday):
        obligations.renew(obligations.counting())
    return row


def shown(row):
    """The columns of a row as the trail keeps them: a related row by its name; what is folded for search says nothing.

    Shape:   any row -> {name: value}
    """
    fields = [field for field in row._meta.concrete_fields if not isinstance(field, FoldedField)]  # noqa: SLF001 -- documented
    values = {field.name: getattr(row, field.name) for field in fields}
    return {name: str(value) if isinstance(value, models.Model) else value for name, value in values.items()}
