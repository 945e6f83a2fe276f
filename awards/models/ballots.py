"""Ballots that were held elsewhere, as recorded tallies."""

from django.db import models
from django.db.models import F, Q

from awards.enums import BallotBase, BallotMethod, BallotPurpose
from awards.models.catalogue import AwardKind
from blocs.fields import FigureField, PositionedModel
from blocs.models import BlocYear, UnitYear


class Ballot(PositionedModel):
    bloc_year = models.ForeignKey(BlocYear, on_delete=models.CASCADE, related_name="ballots", verbose_name="khối")
    code = models.CharField("mã", max_length=60)
    purpose = models.CharField("việc", max_length=10, choices=BallotPurpose)
    award = models.ForeignKey(
        AwardKind, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="khen thưởng"
    )
    method = models.CharField("hình thức", max_length=10, choices=BallotMethod, blank=True)
    voters = models.PositiveIntegerField("số đại biểu", null=True, blank=True)
    present = models.PositiveIntegerField("có mặt", null=True, blank=True)
    seats = models.PositiveIntegerField("số được chọn", null=True, blank=True)
    threshold_percent = FigureField("ngưỡng (%)", null=True, blank=True)
    threshold_op = models.CharField("so sánh", max_length=2, choices={">": "trên", ">=": "từ"}, blank=True)
    threshold_base = models.CharField("tính trên", max_length=10, choices=BallotBase, blank=True)
    invalid = models.PositiveIntegerField("không hợp lệ", null=True, blank=True)

    class Meta(PositionedModel.Meta):
        verbose_name = "cuộc bỏ phiếu"
        verbose_name_plural = "cuộc bỏ phiếu"
        constraints = [
            models.UniqueConstraint(fields=["bloc_year", "code"], name="one_ballot_per_code"),
            models.CheckConstraint(name="ballot_purpose_is_known", condition=Q(purpose__in=BallotPurpose.values)),
            models.CheckConstraint(name="ballot_method_is_known", condition=Q(method__in=["", *BallotMethod.values])),
            models.CheckConstraint(
                name="ballot_present_within_voters",
                condition=Q(present=None) | Q(voters=None) | Q(present__lte=F("voters")),
            ),
            models.CheckConstraint(
                name="ballot_threshold_is_a_share",
                condition=Q(threshold_percent=None) | Q(threshold_percent__gte=0, threshold_percent__lte=100),
            ),
        ]


class Tally(PositionedModel):
    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="tallies", verbose_name="cuộc bỏ phiếu")
    unit = models.ForeignKey(UnitYear, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    votes_for = models.PositiveIntegerField("đồng ý", null=True, blank=True)
    votes_against = models.PositiveIntegerField("không đồng ý", null=True, blank=True)
    votes_blank = models.PositiveIntegerField("trống", null=True, blank=True)

    class Meta(PositionedModel.Meta):
        verbose_name = "kết quả kiểm phiếu"
        verbose_name_plural = "kết quả kiểm phiếu"
        constraints = [models.UniqueConstraint(fields=["ballot", "unit"], name="one_tally_per_candidate")]
