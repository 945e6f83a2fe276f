"""Which of our rows the daily job removes once their time is over."""

from blocs.domain import retention
from reports.enums import MessageState
from reports.models import Message, Upload

ENDED = [MessageState.SENT, MessageState.FAILED, MessageState.CANCELLED]  # a letter that still waits is kept


def register():
    retention.add_class("messages", lambda before: Message.objects.filter(state__in=ENDED, created_at__lt=before))
    retention.add_class("uploads", lambda before: Upload.objects.filter(at__lt=before))
