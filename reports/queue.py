"""Messages to the workers, after commit. A dead broker never spoils what was saved: the sweeper sends again."""

from django.db import transaction

from reports.tasks import deliver, render


def send(renderings):
    """Queue these rows once the surrounding transaction is committed."""
    ids = [rendering.pk for rendering in renderings if not rendering.is_finished]

    def enqueue():  # a plain function: robust=True cannot log a functools.partial on Django 5.2
        for rendering_id in ids:
            render.delay(rendering_id=rendering_id)

    transaction.on_commit(enqueue, robust=True)


def send_letters(message_ids):
    """Queue these letters once the surrounding transaction is committed."""

    def enqueue():
        for message_id in message_ids:
            deliver.delay(message_id=message_id)

    transaction.on_commit(enqueue, robust=True)
