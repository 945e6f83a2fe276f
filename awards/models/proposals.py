"""Quotas, proposals within them, what was awarded and decided."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from awards.enums import QuotaBase, Recipients, Rounding
from awards.models.catalogue import AwardKind
from blocs.fields import FigureField, PositionedModel
from blocs.folding import FoldedField, Searchable
from blocs.models import BlocYear, Conference, UnitYear


class Quota(PositionedModel):
    """How many of one award a bloc may propose in a year: a number, a table by size, or a percentage."""

    bloc_year = models.ForeignKey(BlocYear, on_delete=models.CASCADE, related_name="quotas", verbose_name="khối")
    award = models.ForeignKey(AwardKind, on_delete=models.PROTECT, related_name="+", verbose_name="khen thưởng")
    max = models.PositiveIntegerField("tối đa", null=True, blank=True)
    by_size = models.JSONField("theo số thành viên", default=list, blank=True)
    max_percent = FigureField("tỷ lệ (%)", null=True, blank=True)
    base = models.CharField("tính trên", max_length=10, choices=QuotaBase, blank=True)
    after = models.JSONField("sau khi trừ", default=list, blank=True)
    rounding = models.CharField("làm tròn", max_length=10, choices=Rounding, blank=True)
    shared_with = models.JSONField("dùng chung với", default=list, blank=True)
    source = models.CharField("căn cứ", max_length=500, blank=True)

    class Meta(PositionedModel.Meta):
        verbose_name = "chỉ tiêu khen thưởng"
        verbose_name_plural = "chỉ tiêu khen thưởng"
        constraints = [
            models.UniqueConstraint(fields=["bloc_year", "award"], name="one_quota_per_award"),
            models.CheckConstraint(name="quota_is_not_negative", condition=Q(max=None) | Q(max__gte=0)),
            models.CheckConstraint(
                name="quota_percent_is_a_share",
                condition=Q(max_percent=None) | Q(max_percent__gte=0, max_percent__lte=100),
            ),
            models.CheckConstraint(
                name="quota_is_a_number_or_a_percentage", condition=Q(max=None) | Q(max_percent=None)
            ),
        ]


class UnitAwardRow(PositionedModel):
    """A unit and an award in a bloc's year."""

    bloc_year = models.ForeignKey(BlocYear, on_delete=models.CASCADE, related_name="%(class)ss", verbose_name="khối")
    unit = models.ForeignKey(UnitYear, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name="đơn vị")
    award = models.ForeignKey(AwardKind, on_delete=models.PROTECT, related_name="+", verbose_name="khen thưởng")

    class Meta(PositionedModel.Meta):
        abstract = True


class Proposal(UnitAwardRow):
    """The bloc asks the authority to give this award to this unit."""

    class Meta(UnitAwardRow.Meta):
        verbose_name = "đề nghị khen thưởng"
        verbose_name_plural = "đề nghị khen thưởng"
        constraints = [
            models.UniqueConstraint(fields=["bloc_year", "award", "unit"], name="one_proposal_per_unit_and_award")
        ]


class ProposedCount(PositionedModel):
    """For years of which only the number of proposals is known."""

    bloc_year = models.ForeignKey(
        BlocYear, on_delete=models.CASCADE, related_name="proposed_counts", verbose_name="khối"
    )
    award = models.ForeignKey(AwardKind, on_delete=models.PROTECT, related_name="+", verbose_name="khen thưởng")
    count = models.PositiveIntegerField("số lượng")

    class Meta(PositionedModel.Meta):
        verbose_name = "số lượng đề nghị"
        verbose_name_plural = "số lượng đề nghị"
        constraints = [models.UniqueConstraint(fields=["bloc_year", "award"], name="one_proposed_count_per_award")]


class Withdrawal(UnitAwardRow):
    reason = models.CharField("lý do", max_length=1000, blank=True)

    class Meta(UnitAwardRow.Meta):
        verbose_name = "xin rút"
        verbose_name_plural = "xin rút"
        constraints = [
            models.UniqueConstraint(fields=["bloc_year", "unit", "award"], name="one_withdrawal_per_unit_and_award")
        ]


class AwardGiven(UnitAwardRow):
    class Meta(UnitAwardRow.Meta):
        verbose_name = "đã được tặng"
        verbose_name_plural = "đã được tặng"
        constraints = [
            models.UniqueConstraint(fields=["bloc_year", "award", "unit"], name="one_award_given_per_unit_and_award")
        ]


class Decision(Searchable, PositionedModel):
    bloc_year = models.ForeignKey(BlocYear, on_delete=models.CASCADE, related_name="decisions", verbose_name="khối")
    number = models.CharField("số, ký hiệu", max_length=80)
    dated = models.DateField("ngày", null=True, blank=True)
    issuer = models.CharField("người ký", max_length=200, blank=True)
    folded = FoldedField("number", "issuer")

    class Meta(PositionedModel.Meta):
        verbose_name = "quyết định khen thưởng"
        verbose_name_plural = "quyết định khen thưởng"
        constraints = [models.UniqueConstraint(fields=["bloc_year", "number"], name="one_decision_per_number")]

    def __str__(self):
        return self.number


class DecisionItem(PositionedModel):
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="items", verbose_name="quyết định")
    unit = models.ForeignKey(UnitYear, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    award = models.ForeignKey(AwardKind, on_delete=models.PROTECT, related_name="+", verbose_name="khen thưởng")

    class Meta(PositionedModel.Meta):
        verbose_name = "khen thưởng trong quyết định"
        verbose_name_plural = "khen thưởng trong quyết định"
        constraints = [
            models.UniqueConstraint(fields=["decision", "award", "unit"], name="one_decision_item_per_unit_and_award")
        ]


class Recognition(UnitAwardRow):
    """How many of an award a unit gave or won inside its own house in the year."""

    recipients = models.CharField("đối tượng", max_length=10, choices=Recipients, blank=True)
    count = models.PositiveIntegerField("số lượng", null=True, blank=True)
    direct_workers = models.PositiveIntegerField("lao động trực tiếp", null=True, blank=True)

    class Meta(UnitAwardRow.Meta):
        verbose_name = "kết quả khen thưởng"
        verbose_name_plural = "kết quả khen thưởng"
        constraints = [
            models.CheckConstraint(
                name="direct_workers_within_count",
                condition=Q(count=None) | Q(direct_workers=None) | Q(direct_workers__lte=F("count")),
            ),
            models.CheckConstraint(
                name="recognition_recipients_are_known", condition=Q(recipients__in=["", *Recipients.values])
            ),
        ]


class Hold(PositionedModel):
    """A unit may not be considered for now. Only those who decide see the fact."""

    bloc_year = models.ForeignKey(BlocYear, on_delete=models.CASCADE, related_name="holds", verbose_name="khối")
    unit = models.ForeignKey(UnitYear, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    code = models.CharField("loại", max_length=60)
    begins_on = models.DateField("từ ngày", null=True, blank=True)
    ends_on = models.DateField("đến ngày", null=True, blank=True)
    document = models.CharField("văn bản", max_length=500, blank=True)

    class Meta(PositionedModel.Meta):
        verbose_name = "tạm dừng xét"
        verbose_name_plural = "tạm dừng xét"
        constraints = [
            models.CheckConstraint(
                name="hold_ends_after_it_begins",
                condition=Q(begins_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("begins_on")),
            )
        ]


class FlagNotice(PositionedModel):
    """What the board told a bloc: how many of an award there are for it this year, and for whom they are meant."""

    bloc_year = models.ForeignKey(BlocYear, on_delete=models.CASCADE, related_name="notices", verbose_name="khối")
    award = models.ForeignKey(AwardKind, on_delete=models.PROTECT, related_name="+", verbose_name="khen thưởng")
    count = models.PositiveIntegerField("số lượng", null=True, blank=True)
    standard = models.TextField("tiêu chuẩn", blank=True)
    noted_at = models.DateTimeField("lúc", auto_now=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người thông báo"
    )

    class Meta(PositionedModel.Meta):
        verbose_name = "thông báo của Ban TĐKT"
        verbose_name_plural = "thông báo của Ban TĐKT"
        constraints = [
            models.UniqueConstraint(fields=["bloc_year", "award"], name="one_notice_per_award"),
            models.CheckConstraint(name="notice_says_something", condition=Q(count__isnull=False) | ~Q(standard="")),
        ]


class Presentation(UnitAwardRow):
    """An award handed over: when, where, to whom."""

    conference = models.ForeignKey(
        Conference,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="presentations",
        verbose_name="hội nghị",
    )
    presented_on = models.DateField("ngày trao")
    place = models.CharField("địa điểm", max_length=300, blank=True)
    received_by = models.CharField("người nhận", max_length=300, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người ghi"
    )

    class Meta(UnitAwardRow.Meta):
        verbose_name = "trao thưởng"
        verbose_name_plural = "trao thưởng"
        constraints = [
            models.UniqueConstraint(fields=["bloc_year", "award", "unit"], name="one_presentation_per_unit_and_award")
        ]
