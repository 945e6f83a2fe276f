"""The trail: one event for each act, in the act's own transaction."""

from django.db import transaction

from blocs.models import AuditEvent


def record(action, *, by, target, before=None, after=None, note=""):
    """Write down one act; call it inside the transaction that does the act.

    Shape:   (action code, acting user or None for a command of the machine's operator, the row acted on) -> AuditEvent
    Raises:  TransactionManagementError outside a transaction
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("record() belongs inside the transaction of the act")
    return AuditEvent.objects.create(
        actor_id=by.pk if by else None,
        actor=str(by) if by else "Lệnh của người vận hành",
        action=action,
        target=f"{target._meta.label_lower}:{target.pk}",  # noqa: SLF001 -- Django's documented name for it
        target_label=str(target)[:300],
        before=before,
        after=after,
        note=note,
    )
