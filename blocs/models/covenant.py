"""What the units of a bloc promised each other, and what came of it."""

from django.db import models
from django.db.models import Q

from blocs.enums import Operator
from blocs.fields import FigureField, PositionedModel
from blocs.models.year import BlocYear, UnitYear


class Registration(PositionedModel):
    """The titles a unit aims at. Codes of the award catalogue, which lives a floor above."""

    bloc_year = models.ForeignKey(BlocYear, on_delete=models.CASCADE, related_name="registrations", verbose_name="khối")
    unit = models.ForeignKey(UnitYear, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    awards = models.JSONField("danh hiệu, hình thức", default=list)

    class Meta(PositionedModel.Meta):
        verbose_name = "đăng ký thi đua"
        verbose_name_plural = "đăng ký thi đua"
        constraints = [models.UniqueConstraint(fields=["bloc_year", "unit"], name="one_registration_per_unit")]


class Covenant(models.Model):
    bloc_year = models.OneToOneField(BlocYear, on_delete=models.CASCADE, related_name="covenant", verbose_name="khối")
    signed_on = models.DateField("ký ngày", null=True, blank=True)
    goals = models.JSONField("mục tiêu", default=list, blank=True)
    solutions = models.JSONField("giải pháp", default=list, blank=True)

    class Meta:
        verbose_name = "giao ước thi đua"
        verbose_name_plural = "giao ước thi đua"


class Target(PositionedModel):
    """A measurable promise of the bloc, or of one unit (``of``)."""

    covenant = models.ForeignKey(Covenant, on_delete=models.CASCADE, related_name="targets", verbose_name="giao ước")
    of = models.ForeignKey(
        UnitYear, on_delete=models.PROTECT, null=True, blank=True, related_name="targets", verbose_name="của đơn vị"
    )
    code = models.CharField("mã", max_length=60)
    text = models.CharField("chỉ tiêu", max_length=1000, blank=True)
    unit_of_measure = models.CharField("đơn vị tính", max_length=60, blank=True)
    op = models.CharField("so sánh", max_length=2, choices=Operator, blank=True)
    value = FigureField("giao ước", null=True, blank=True)

    class Meta(PositionedModel.Meta):
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        constraints = [
            models.UniqueConstraint(fields=["covenant", "of", "code"], name="one_target_per_unit_and_code"),
            models.UniqueConstraint(fields=["covenant", "code"], condition=Q(of=None), name="one_bloc_target_per_code"),
            models.CheckConstraint(name="target_operator_is_known", condition=Q(op__in=["", *Operator.values])),
        ]

    def __str__(self):
        return self.text or self.code


class TargetResult(PositionedModel):
    """What was reached: by the bloc, or by one unit (``of``) towards the bloc's or its own target."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="results", verbose_name="chỉ tiêu")
    of = models.ForeignKey(
        UnitYear,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="target_results",
        verbose_name="của đơn vị",
    )
    value = FigureField("kết quả", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=2000, blank=True)
    is_draft = models.BooleanField("đơn vị chưa gửi", default=False)  # others read it when the unit's report is sent

    class Meta(PositionedModel.Meta):
        verbose_name = "kết quả chỉ tiêu"
        verbose_name_plural = "kết quả chỉ tiêu"
        constraints = [
            models.UniqueConstraint(fields=["target", "of"], name="one_result_per_target_and_unit"),
            models.UniqueConstraint(fields=["target"], condition=Q(of=None), name="one_bloc_result_per_target"),
        ]


class Signature(PositionedModel):
    covenant = models.ForeignKey(Covenant, on_delete=models.CASCADE, related_name="signatures", verbose_name="giao ước")
    unit = models.ForeignKey(UnitYear, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    signed_on = models.DateField("ký ngày", null=True, blank=True)

    class Meta(PositionedModel.Meta):
        verbose_name = "chữ ký giao ước"
        verbose_name_plural = "chữ ký giao ước"
        constraints = [models.UniqueConstraint(fields=["covenant", "unit"], name="one_signature_per_unit")]
