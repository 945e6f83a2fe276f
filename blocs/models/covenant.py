"""What the units of a bloc promised each other, and what came of it."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from blocs.enums import AmendmentKind, Direction, Operator
from blocs.fields import FigureField, PositionedModel
from blocs.models.files import StoredFile
from blocs.models.year import BlocYear, UnitYear


class Registration(PositionedModel):
    """The titles a unit aims at. Codes of the award catalogue, which lives a floor above."""

    bloc_year = models.ForeignKey(BlocYear, on_delete=models.CASCADE, related_name="registrations", verbose_name="khối")
    unit = models.ForeignKey(UnitYear, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    awards = models.JSONField("danh hiệu, hình thức", default=list)
    registered_at = models.DateTimeField("đăng ký lúc", null=True, blank=True)  # of the last change; a file has none

    class Meta(PositionedModel.Meta):
        verbose_name = "đăng ký thi đua"
        verbose_name_plural = "đăng ký thi đua"
        constraints = [models.UniqueConstraint(fields=["bloc_year", "unit"], name="one_registration_per_unit")]


class Covenant(models.Model):
    bloc_year = models.OneToOneField(BlocYear, on_delete=models.CASCADE, related_name="covenant", verbose_name="khối")
    signed_on = models.DateField("ký ngày", null=True, blank=True)
    goals = models.JSONField("mục tiêu", default=list, blank=True)
    solutions = models.JSONField("giải pháp", default=list, blank=True)
    closed_at = models.DateTimeField("chốt văn bản lúc", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người chốt",
    )
    digest = models.CharField("dấu của văn bản đã chốt", max_length=64, blank=True)  # what each unit signs
    closed_with = (
        models.JSONField(  # these are changed elsewhere; the closed text keeps its own (ids and offices of units)
            "tên khối, năm, chủ đề, khẩu hiệu lúc chốt",
            null=True,
            blank=True,
            editable=False,
        )
    )

    class Meta:
        verbose_name = "giao ước thi đua"
        verbose_name_plural = "giao ước thi đua"
        constraints = [
            models.CheckConstraint(
                name="covenant_closed_whole",
                condition=Q(closed_at=None, closed_by=None, digest="", closed_with__isnull=True)
                | (Q(closed_at__isnull=False, closed_by__isnull=False, closed_with__isnull=False) & ~Q(digest="")),
            )
        ]

    def __str__(self):
        return f"Giao ước thi đua, {self.bloc_year}"

    @property
    def is_closed(self):
        """The text is fixed: signed, or waiting for signatures."""
        return self.signed_on is not None or self.closed_at is not None


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
    direction = models.CharField("chiều tốt", max_length=4, choices=Direction, blank=True)  # empty: as ``op`` says
    source = models.CharField("căn cứ", max_length=500, blank=True)

    class Meta(PositionedModel.Meta):
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        constraints = [
            models.UniqueConstraint(fields=["covenant", "of", "code"], name="one_target_per_unit_and_code"),
            models.UniqueConstraint(fields=["covenant", "code"], condition=Q(of=None), name="one_bloc_target_per_code"),
            models.CheckConstraint(name="target_operator_is_known", condition=Q(op__in=["", *Operator.values])),
            models.CheckConstraint(
                name="target_direction_is_known", condition=Q(direction__in=["", *Direction.values])
            ),
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
    was_sent = models.BooleanField("còn số đã gửi trước", default=False)  # until then they read these two
    sent_value = FigureField("kết quả đã gửi", null=True, blank=True)
    sent_note = models.CharField("ghi chú đã gửi", max_length=2000, blank=True)

    class Meta(PositionedModel.Meta):
        verbose_name = "kết quả chỉ tiêu"
        verbose_name_plural = "kết quả chỉ tiêu"
        constraints = [
            models.UniqueConstraint(fields=["target", "of"], name="one_result_per_target_and_unit"),
            models.UniqueConstraint(fields=["target"], condition=Q(of=None), name="one_bloc_result_per_target"),
            models.CheckConstraint(
                name="target_result_keeps_sent_beside_a_draft",
                condition=Q(was_sent=True, is_draft=True) | Q(was_sent=False, sent_value=None, sent_note=""),
            ),
        ]

    @property
    def sent(self):
        """(value, note) that others read; None where nothing was sent."""
        if not self.is_draft:
            return self.value, self.note
        return (self.sent_value, self.sent_note) if self.was_sent else None


class ResultEvidence(StoredFile):
    """What proves a result."""

    result = models.ForeignKey(
        TargetResult, on_delete=models.CASCADE, related_name="evidence", verbose_name="kết quả chỉ tiêu"
    )

    class Meta(StoredFile.Meta):
        abstract = False
        verbose_name = "minh chứng"
        verbose_name_plural = "minh chứng"


class CovenantPaper(StoredFile):
    """A scan of the covenant as it was signed on paper."""

    covenant = models.ForeignKey(Covenant, on_delete=models.CASCADE, related_name="papers", verbose_name="giao ước")

    class Meta(StoredFile.Meta):
        abstract = False
        verbose_name = "bản giao ước đã ký"
        verbose_name_plural = "bản giao ước đã ký"


class Signature(PositionedModel):
    """One unit's yes: on paper (the scan, or a file that says so), or by its leader with the digest of the text."""

    covenant = models.ForeignKey(Covenant, on_delete=models.CASCADE, related_name="signatures", verbose_name="giao ước")
    unit = models.ForeignKey(UnitYear, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    signed_on = models.DateField("ký ngày", null=True, blank=True)
    signed_at = models.DateTimeField("ký lúc", null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người ký",
    )
    signer = models.CharField("người ký, chức vụ", max_length=330, blank=True)  # as the account was called then
    digest = models.CharField("dấu của văn bản đã ký", max_length=64, blank=True)
    paper = models.ForeignKey(
        CovenantPaper,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signatures",
        verbose_name="bản giấy",
    )

    class Meta(PositionedModel.Meta):
        verbose_name = "chữ ký giao ước"
        verbose_name_plural = "chữ ký giao ước"
        constraints = [
            models.UniqueConstraint(fields=["covenant", "unit"], name="one_signature_per_unit"),
            models.CheckConstraint(
                name="signature_by_somebody_is_whole",
                condition=Q(signed_at=None, signed_by=None, digest="")
                | (Q(signed_at__isnull=False, signed_by__isnull=False, signed_on__isnull=False) & ~Q(digest="")),
            ),
        ]


class Amendment(models.Model):
    """A change of a signed covenant: it holds once head and desk officer have agreed."""

    covenant = models.ForeignKey(Covenant, on_delete=models.CASCADE, related_name="amendments", verbose_name="giao ước")
    target = models.ForeignKey(
        Target, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="chỉ tiêu"
    )
    kind = models.CharField("loại", max_length=6, choices=AmendmentKind)
    before = models.JSONField("trước", null=True, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField("sau", null=True, blank=True, encoder=DjangoJSONEncoder)
    reason = models.CharField("lý do", max_length=1000)
    proposed_at = models.DateTimeField("đề nghị lúc", auto_now_add=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người đề nghị"
    )
    head_agreed_at = models.DateTimeField("Khối trưởng đồng ý lúc", null=True, blank=True)
    head_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Khối trưởng đồng ý",
    )
    officer_agreed_at = models.DateTimeField("chuyên viên đồng ý lúc", null=True, blank=True)
    officer_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="chuyên viên đồng ý",
    )
    refused_at = models.DateTimeField("không đồng ý lúc", null=True, blank=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người không đồng ý",
    )
    refusal = models.CharField("lý do không đồng ý", max_length=1000, blank=True)
    applied_at = models.DateTimeField("có hiệu lực lúc", null=True, blank=True)

    class Meta:
        verbose_name = "điều chỉnh giao ước"
        verbose_name_plural = "điều chỉnh giao ước"
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.CheckConstraint(name="amendment_kind_is_known", condition=Q(kind__in=AmendmentKind.values)),
            models.CheckConstraint(name="amendment_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="amendment_applied_once_both_agreed",
                condition=Q(applied_at=None)
                | Q(head_agreed_at__isnull=False, officer_agreed_at__isnull=False, refused_at=None),
            ),
            models.CheckConstraint(
                name="amendment_refused_with_reason",
                condition=Q(refused_at=None, refused_by=None, refusal="")
                | (Q(refused_at__isnull=False, refused_by__isnull=False) & ~Q(refusal="")),
            ),
            models.CheckConstraint(
                name="amendment_head_at_and_by_together",
                condition=Q(head_agreed_at=None, head_agreed_by=None)
                | Q(head_agreed_at__isnull=False, head_agreed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="amendment_officer_at_and_by_together",
                condition=Q(officer_agreed_at=None, officer_agreed_by=None)
                | Q(officer_agreed_at__isnull=False, officer_agreed_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.covenant}"

    @property
    def is_open(self):
        return self.applied_at is None and self.refused_at is None
