"""Meetings of a bloc, or of the council (``bloc_year`` empty)."""

from django.db import models
from django.db.models import Q

from blocs.enums import ConferenceKind
from blocs.fields import PositionedModel
from blocs.models.year import BlocYear, UnitYear, Year


class Conference(PositionedModel):
    year = models.ForeignKey(Year, on_delete=models.CASCADE, related_name="conferences", verbose_name="năm")
    bloc_year = models.ForeignKey(
        BlocYear, on_delete=models.CASCADE, null=True, blank=True, related_name="conferences", verbose_name="khối"
    )
    kind = models.CharField("loại", max_length=10, choices=ConferenceKind)
    held_on = models.DateField("ngày họp", null=True, blank=True)
    guests = models.JSONField("đại biểu", default=list, blank=True)
    directions = models.JSONField("ý kiến chỉ đạo", default=list, blank=True)

    class Meta(PositionedModel.Meta):
        verbose_name = "hội nghị"
        verbose_name_plural = "hội nghị"
        constraints = [
            models.CheckConstraint(name="conference_kind_is_known", condition=Q(kind__in=ConferenceKind.values))
        ]


class Attendance(PositionedModel):
    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="attendances", verbose_name="hội nghị"
    )
    unit = models.ForeignKey(UnitYear, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")

    class Meta(PositionedModel.Meta):
        verbose_name = "đơn vị dự họp"
        verbose_name_plural = "đơn vị dự họp"
        constraints = [models.UniqueConstraint(fields=["conference", "unit"], name="one_attendance_per_unit")]
