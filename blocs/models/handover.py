"""What one head of a bloc hands to the next."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from blocs.enums import HandoverKind
from blocs.fields import PositionedModel
from blocs.models.year import BlocYear, UnitYear


class HandoverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Handovers of the blocs that the user sees."""
        return self.filter(bloc_year__in=BlocYear.objects.visible_to(user))


class Handover(models.Model):
    """From the head of a year to the head of the next. ``blocs.domain.handovers`` writes it; both sides sign."""

    bloc_year = models.OneToOneField(BlocYear, on_delete=models.CASCADE, related_name="handover", verbose_name="khối")
    giver = models.ForeignKey(UnitYear, on_delete=models.PROTECT, related_name="+", verbose_name="bên giao")
    receiver = models.ForeignKey(UnitYear, on_delete=models.PROTECT, related_name="+", verbose_name="bên nhận")
    handed_on = models.DateField("ngày bàn giao", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=300, blank=True)
    witness = models.CharField("người chứng kiến", max_length=300, blank=True)
    note = models.TextField("ghi chú", blank=True)
    giver_signed_at = models.DateTimeField("bên giao ký lúc", null=True, blank=True)
    giver_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người ký bên giao",
    )
    receiver_signed_at = models.DateTimeField("bên nhận ký lúc", null=True, blank=True)
    receiver_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người ký bên nhận",
    )
    digest = models.CharField("dấu của nội dung đã ký", max_length=64, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = "bàn giao"
        verbose_name_plural = "bàn giao"
        constraints = [
            models.CheckConstraint(name="handover_between_two", condition=~Q(giver=F("receiver"))),
            models.CheckConstraint(
                name="handover_giver_at_and_by_together",
                condition=Q(giver_signed_at=None, giver_signed_by=None)
                | Q(giver_signed_at__isnull=False, giver_signed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="handover_receiver_at_and_by_together",
                condition=Q(receiver_signed_at=None, receiver_signed_by=None)
                | Q(receiver_signed_at__isnull=False, receiver_signed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="handover_signed_has_digest_and_day",
                condition=Q(giver_signed_at=None, receiver_signed_at=None)
                | (~Q(digest="") & Q(handed_on__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"Bàn giao, {self.bloc_year}"


class HandoverItem(PositionedModel):
    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="items", verbose_name="bàn giao")
    kind = models.CharField("loại", max_length=10, choices=HandoverKind)
    text = models.CharField("nội dung", max_length=1000)
    is_handed = models.BooleanField("đã giao", default=False)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    class Meta(PositionedModel.Meta):
        verbose_name = "mục bàn giao"
        verbose_name_plural = "mục bàn giao"
        constraints = [models.CheckConstraint(name="handover_kind_is_known", condition=Q(kind__in=HandoverKind.values))]
