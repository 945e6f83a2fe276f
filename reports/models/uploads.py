"""A file that somebody put in to look at before it is taken."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from blocs.models import Authority, BlocYear, Year
from reports.enums import UploadKind


class UploadQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(by=user)


class Upload(models.Model):
    """The bytes as they came, so that the preview and what is taken are the same file."""

    kind = models.CharField("loại", max_length=10, choices=UploadKind)
    authority = models.ForeignKey(Authority, on_delete=models.CASCADE, related_name="+", verbose_name="cơ quan")
    year = models.ForeignKey(
        Year, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="năm"
    )
    bloc_year = models.ForeignKey(
        BlocYear, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="khối"
    )
    name = models.CharField("tên tệp", max_length=200)
    content = models.BinaryField("nội dung")
    sha256 = models.CharField("SHA-256", max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="người đưa lên"
    )
    at = models.DateTimeField("lúc", auto_now_add=True)
    applied_at = models.DateTimeField("đã nhận lúc", null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp đưa lên"
        verbose_name_plural = "tệp đưa lên"
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(name="upload_kind_is_known", condition=Q(kind__in=UploadKind.values))]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.name or 'phần dán từ Excel'}"
