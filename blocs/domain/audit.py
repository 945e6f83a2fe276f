"""The trail: one event for each act, in the act's own transaction."""

from django.db import transaction

from blocs.models import AuditEvent, Authority, Unit


def record(action, *, by, target, before=None, after=None, note="", authority=None):
    """Write down one act; call it inside the transaction that does the act.

    Shape:   (action code, acting user or None for a command of the machine's operator, the row acted on) -> AuditEvent
             authority: its id where the row itself does not lead to one
    Raises:  TransactionManagementError outside a transaction
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("record() belongs inside the transaction of the act")
    return AuditEvent.objects.create(
        authority_id=authority or authority_of(target),
        actor_id=by.pk if by else None,
        actor=str(by) if by else "Lệnh của người vận hành",
        action=action,
        target=f"{target._meta.label_lower}:{target.pk}",  # noqa: SLF001 -- Django's documented name for it
        target_label=(target.last_name() if isinstance(target, Unit) else str(target))[:300],
        before=before,
        after=after,
        note=note,
    )


def authority_of(row):
    """The id of the authority whose matter a row is, or None.

    Shape:   any saved row -> int or None
    """
    if isinstance(row, Authority):
        return row.pk
    if hasattr(row, "authority_id"):
        return row.authority_id
    for owner in ("year", "bloc_year", "unit", "covenant", "report", "movement", "user"):
        above = getattr(row, owner, None)
        if above is not None and hasattr(above, "_meta"):
            return authority_of(above)
    return None
