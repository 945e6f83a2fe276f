"""Letters that wait for the board, and which obligation, person and day each one was for."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from blocs.enums import Role
from blocs.models import Obligation, Year
from reports.enums import MessageKind, MessageState


class MessageQuerySet(models.QuerySet):
    def received_by(self, user):
        """What the user was told in the application; his mail may have failed."""
        return self.filter(recipient=user, state__in=[MessageState.SENT, MessageState.FAILED])

    def visible_to(self, user):
        """The outbox for the board; to everybody else what was sent to him."""
        boards = user.seats.having(Role.BOARD_STAFF).values("authority")
        return self.filter(
            Q(year__authority__in=boards) | Q(recipient=user, state__in=[MessageState.SENT, MessageState.FAILED])
        )

    def waiting_for(self, user, year):
        """What the outbox shows as waiting, when it is opened in this year."""
        boards = user.seats.having(Role.BOARD_STAFF).values("authority")
        return self.filter(state=MessageState.WAITING, year__authority=year.authority_id).filter(
            year__authority__in=boards
        )


class Message(models.Model):
    """A letter to one person. ``reports.domain.messages`` alone writes its state."""

    year = models.ForeignKey(Year, on_delete=models.CASCADE, related_name="messages", verbose_name="năm")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages", verbose_name="người nhận"
    )
    kind = models.CharField("loại", max_length=10, choices=MessageKind)
    on = models.DateField("của ngày")
    subject = models.CharField("tiêu đề", max_length=300)
    body = models.TextField("nội dung")  # the words above the list of what is owed; once sent, the whole letter
    version = models.PositiveIntegerField("lần sửa", default=0)
    state = models.CharField("trạng thái", max_length=10, choices=MessageState, default=MessageState.WAITING)
    created_at = models.DateTimeField("soạn lúc", auto_now_add=True)
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)  # while it is being sent: asked for at
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người gửi",
    )  # empty: sent by the schedule
    address = models.EmailField("gửi tới", blank=True)  # as it was when sent; empty: in the application alone
    read_at = models.DateTimeField("đã đọc lúc", null=True, blank=True)
    error = models.CharField("vì sao không gửi", max_length=500, blank=True)
    claimed_at = models.DateTimeField("máy gửi nhận lúc", null=True, blank=True)  # a worker has it in hand
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "thư nhắc"
        verbose_name_plural = "thư nhắc"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="message_state_is_known", condition=Q(state__in=MessageState.values)),
            models.CheckConstraint(name="message_kind_is_known", condition=Q(kind__in=MessageKind.values)),
            models.CheckConstraint(
                name="message_sent_has_moment", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.subject} → {self.recipient}"


class Reminder(models.Model):
    """One obligation was put before one person on one day in one way: a task run twice finds it and stops."""

    obligation = models.ForeignKey(
        Obligation, on_delete=models.CASCADE, related_name="reminders", verbose_name="việc phải làm"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="người nhận"
    )
    kind = models.CharField("loại", max_length=10, choices=MessageKind)
    on = models.DateField("ngày")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reminders", verbose_name="thư")

    class Meta:
        verbose_name = "lần nhắc"
        verbose_name_plural = "lần nhắc"
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "person", "kind", "on"], name="one_reminder_per_person_kind_and_day"
            )
        ]
