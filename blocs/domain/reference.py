"""Reference data that administrators keep: one way to save a row, with its trail and what follows from it."""

from django.db import models, transaction

from blocs.domain import audit, obligations
from blocs.enums import Role
from blocs.errors import NotAllowed
from blocs.folding import FoldedField
from blocs.models import BlocYear, Holiday

EMPTY: tuple = (None, "", [])


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
        obligations.renew(BlocYear.objects.filter(year__is_open=True))
    return row


def shown(row):
    """The columns of a row as the trail keeps them: a related row by its name; what is folded for search says nothing.

    Shape:   any row -> {name: value}
    """
    fields = [field for field in row._meta.concrete_fields if not isinstance(field, FoldedField)]  # noqa: SLF001 -- documented
    values = {field.name: getattr(row, field.name) for field in fields}
    return {name: str(value) if isinstance(value, models.Model) else value for name, value in values.items()}
