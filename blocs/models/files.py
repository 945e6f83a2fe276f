"""Files that people attach. The bytes lie below MEDIA_ROOT under their digest; these rows say what they are."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class StoredFile(models.Model):
    """One attached file, already judged by its bytes. ``blocs.domain.attachments`` writes it."""

    name = models.CharField("tên tệp", max_length=200)
    media_type = models.CharField("loại tệp", max_length=100)
    size = models.PositiveBigIntegerField("cỡ (byte)")
    sha256 = models.CharField("SHA-256", max_length=64)
    added_at = models.DateTimeField("thêm lúc", auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người thêm"
    )

    class Meta:
        abstract = True
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(name="%(class)s_has_bytes", condition=Q(size__gt=0) & ~Q(sha256="") & ~Q(name=""))
        ]

    def __str__(self):
        return self.name
