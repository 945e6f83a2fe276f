"""Law versions and the award catalogue: dated data with a source, edited by administrators."""

from django.db import models
from django.db.models import F, Q

from blocs.folding import FoldedField, Searchable


class LawVersion(Searchable):
    """Which law, decree and circulars hold in which period."""

    code = models.CharField("mã", max_length=20, unique=True)
    law = models.CharField("luật", max_length=300)
    decree = models.CharField("nghị định", max_length=300, blank=True)
    circulars = models.JSONField("thông tư", default=list, blank=True)
    valid_from = models.DateField("hiệu lực từ")
    valid_to = models.DateField("đến", null=True, blank=True)
    confirmed = models.BooleanField("đã kiểm chứng", default=False)
    note = models.TextField("ghi chú", blank=True)
    folded = FoldedField("code", "law", "decree", "note")

    class Meta:
        verbose_name = "phiên bản pháp luật"
        verbose_name_plural = "phiên bản pháp luật"
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                name="law_ends_after_it_begins", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            )
        ]

    def __str__(self):
        return self.code


class AwardKind(Searchable):
    """A title, form or order that can be proposed and awarded."""

    code = models.CharField("mã", max_length=60, unique=True)
    name = models.CharField("tên", max_length=300)
    short_name = models.CharField("tên ngắn", max_length=120, blank=True)
    family = models.CharField(
        "nhóm",
        max_length=10,
        blank=True,
        choices={"title": "Danh hiệu thi đua", "form": "Hình thức khen thưởng", "order": "Huân chương"},
    )
    level = models.CharField(
        "cấp", max_length=10, blank=True, choices={"state": "Nhà nước", "province": "Tỉnh", "base": "Cơ sở"}
    )
    recipients = models.JSONField("đối tượng", default=list, blank=True)
    position = models.PositiveIntegerField("thứ tự", default=1000)
    source = models.CharField("nguồn", max_length=500, blank=True)
    confirmed = models.BooleanField("đã kiểm chứng", default=True)
    folded = FoldedField("name", "short_name", "code")

    class Meta:
        verbose_name = "danh hiệu, hình thức khen thưởng"
        verbose_name_plural = "danh hiệu, hình thức khen thưởng"
        ordering = ["position", "code"]

    def __str__(self):
        return self.short_name or self.name


class AwardName(Searchable):
    """What a kind of award is called under one version of the law."""

    kind = models.ForeignKey(AwardKind, on_delete=models.CASCADE, related_name="names", verbose_name="loại")
    law_version = models.ForeignKey(LawVersion, on_delete=models.PROTECT, related_name="+", verbose_name="pháp luật")
    name = models.CharField("tên", max_length=300)
    confirmed = models.BooleanField("đã kiểm chứng", default=False)
    folded = FoldedField("name")

    class Meta:
        verbose_name = "tên gọi theo thời kỳ"
        verbose_name_plural = "tên gọi theo thời kỳ"
        constraints = [models.UniqueConstraint(fields=["kind", "law_version", "name"], name="one_award_name_per_law")]

    def __str__(self):
        return self.name
