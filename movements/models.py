"""Emulation movements of a year: who launched and who runs them, what is measured, what was reached."""

from django.db import models
from django.db.models import F, Q

from blocs.enums import AUTHORITY_ROLES, BOARD_ROLES, Role
from blocs.fields import FigureField, PositionedModel
from blocs.folding import FoldedField, Searchable, SearchableQuerySet
from blocs.models import BlocYear, UnitYear, Year
from movements.enums import Launcher


class MovementQuerySet(SearchableQuerySet):
    def visible_to(self, user):
        """Rows for which ``movements.view_movement`` holds: everybody with a seat in that year's blocs reads them."""
        seats = user.seats.in_force()
        prepares = seats.filter(role__in=BOARD_ROLES).values("authority")
        return self.filter(
            Q(year__is_open=True) | Q(year__authority__in=prepares),
            Q(year__authority__in=seats.filter(role__in=AUTHORITY_ROLES).values("authority"))
            | Q(year__in=BlocYear.objects.visible_to(user).values("year"))
            | Q(owner__unit__in=seats.filter(role=Role.MOVEMENT_OWNER).values("unit")),
        )

    def for_table(self):
        return self.select_related("owner", "year").order_by("position", "pk")


class Movement(Searchable, PositionedModel):
    year = models.ForeignKey(Year, on_delete=models.CASCADE, related_name="movements", verbose_name="năm")
    code = models.CharField("mã", max_length=60)
    name = models.CharField("tên", max_length=500)
    launched_by = models.CharField("cấp phát động", max_length=10, choices=Launcher, blank=True)
    launched_on = models.DateField("phát động ngày", null=True, blank=True)
    ends_on = models.DateField("kết thúc ngày", null=True, blank=True)
    owner = models.ForeignKey(
        UnitYear,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="movements",
        verbose_name="cơ quan chủ trì",
    )
    scope = models.CharField("phạm vi", max_length=60, blank=True)
    method = models.CharField("hình thức", max_length=60, blank=True)
    folded = FoldedField("name", "code")

    objects = MovementQuerySet.as_manager()

    class Meta(PositionedModel.Meta):
        verbose_name = "phong trào"
        verbose_name_plural = "phong trào"
        constraints = [
            models.UniqueConstraint(fields=["year", "code"], name="one_movement_per_code"),
            models.CheckConstraint(
                name="movement_launcher_is_known", condition=Q(launched_by__in=["", *Launcher.values])
            ),
            models.CheckConstraint(
                name="movement_ends_after_launch",
                condition=Q(launched_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("launched_on")),
            ),
        ]

    def __str__(self):
        return self.name


class Coordinator(PositionedModel):
    movement = models.ForeignKey(
        Movement, on_delete=models.CASCADE, related_name="coordinators", verbose_name="phong trào"
    )
    unit = models.ForeignKey(UnitYear, on_delete=models.PROTECT, related_name="+", verbose_name="cơ quan phối hợp")

    class Meta(PositionedModel.Meta):
        verbose_name = "cơ quan phối hợp"
        verbose_name_plural = "cơ quan phối hợp"
        constraints = [models.UniqueConstraint(fields=["movement", "unit"], name="one_coordination_per_unit")]


class Indicator(PositionedModel):
    movement = models.ForeignKey(
        Movement, on_delete=models.CASCADE, related_name="indicators", verbose_name="phong trào"
    )
    code = models.CharField("mã", max_length=60)
    text = models.CharField("chỉ số", max_length=1000, blank=True)
    unit_of_measure = models.CharField("đơn vị tính", max_length=60, blank=True)
    target = FigureField("mục tiêu", null=True, blank=True)

    class Meta(PositionedModel.Meta):
        verbose_name = "chỉ số phong trào"
        verbose_name_plural = "chỉ số phong trào"
        constraints = [models.UniqueConstraint(fields=["movement", "code"], name="one_indicator_per_code")]

    def __str__(self):
        return self.text or self.code


class IndicatorResult(PositionedModel):
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="results", verbose_name="chỉ số")
    unit = models.ForeignKey(
        UnitYear, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đơn vị"
    )
    period = models.CharField("kỳ", max_length=40, blank=True)
    value = FigureField("kết quả", null=True, blank=True)

    class Meta(PositionedModel.Meta):
        verbose_name = "kết quả phong trào"
        verbose_name_plural = "kết quả phong trào"
        constraints = [
            models.UniqueConstraint(fields=["indicator", "unit", "period"], name="one_result_per_unit_and_period"),
            models.UniqueConstraint(
                fields=["indicator", "period"], condition=Q(unit=None), name="one_common_result_per_period"
            ),
        ]
