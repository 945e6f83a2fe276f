"""Reports that are assembled from what others reported: of a bloc, of the province. Every passage knows its sources."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from blocs.enums import AUTHORITY_ROLES, Role
from blocs.models import BlocYear, Year
from reports.enums import AdoptedHow, ProvincePartCode, SummaryPartCode, SummaryReportState
from reports.models.texts import TextPart


class AssembledPart(TextPart):
    """A text part; ``keys`` says for each paragraph which piece it came from, "" for one that people wrote."""

    keys = models.JSONField("nguồn của từng đoạn", default=list, blank=True)

    class Meta(TextPart.Meta):
        abstract = True


class Piece(models.Model):
    """One paragraph as the data gave it, with its sources; ``text`` is what was last offered and taken.

    ``sources``: [{"label": who, "text": the number or sentence, "kind": what sort of row, "pk": its id}]
    """

    part = models.CharField("phần", max_length=30)
    key = models.CharField("mã đoạn", max_length=120)
    text = models.TextField("đoạn do hệ thống lập")
    sources = models.JSONField("nguồn", default=list, encoder=DjangoJSONEncoder)
    assembled_at = models.DateTimeField("lập lúc", auto_now=True)

    class Meta:
        abstract = True
        ordering = ["pk"]


class Version(models.Model):
    """All parts of a report as they stood at one moment. Rows are only added."""

    number = models.PositiveIntegerField("phiên bản")
    reason = models.CharField("việc", max_length=200)
    content = models.JSONField("nội dung", encoder=DjangoJSONEncoder)  # as versions.content_of gives it
    pieces = models.JSONField("đoạn lập từ dữ liệu", default=dict, encoder=DjangoJSONEncoder)  # versions.pieces_of
    kept = models.JSONField("số liệu khi hoàn thành", null=True, blank=True)  # of a version that was finished with
    digest = models.CharField("dấu của nội dung", max_length=64)
    at = models.DateTimeField("lúc", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="người lưu"
    )

    class Meta:
        abstract = True
        ordering = ["-number"]


class SummaryReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rows for which ``reports.view_summary_report`` holds: members read their bloc's report at every stage."""
        return self.filter(bloc_year__in=BlocYear.objects.visible_to(user))

    def for_page(self):
        return self.select_related("bloc_year__bloc", "bloc_year__year__authority")


class SummaryReport(models.Model):
    """A bloc's summary report. State changes only through ``reports.domain.summary_reports.move``."""

    bloc_year = models.OneToOneField(
        BlocYear, on_delete=models.CASCADE, related_name="summary_report", verbose_name="khối"
    )
    state = models.CharField("trạng thái", max_length=10, choices=SummaryReportState, default=SummaryReportState.DRAFT)
    adopted_on = models.DateField("thông qua ngày", null=True, blank=True)
    adopted_how = models.CharField("cách thông qua", max_length=10, choices=AdoptedHow, blank=True)
    votes_for = models.PositiveSmallIntegerField("tán thành", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("không tán thành", null=True, blank=True)
    votes_other = models.PositiveSmallIntegerField("ý kiến khác", null=True, blank=True)
    adopted_digest = models.CharField("dấu của nội dung đã thông qua", max_length=64, blank=True)
    kept = models.JSONField("đầu trang, bảng khi thông qua", null=True, blank=True)  # by papers.summary
    assembled_at = models.DateTimeField("lập dự thảo lúc", null=True, blank=True)
    comments_until = models.DateField("xin ý kiến đến ngày", null=True, blank=True)
    submitted_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người gửi",
    )  # empty where a file recorded that the report came in
    returned_note = models.TextField("lý do trả lại", blank=True)

    objects = SummaryReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo tổng kết của khối"
        verbose_name_plural = "báo cáo tổng kết của khối"
        constraints = [
            models.CheckConstraint(
                name="summary_report_state_is_known", condition=Q(state__in=SummaryReportState.values)
            ),
            models.CheckConstraint(
                name="summary_report_counted_only_by_hands",
                condition=Q(adopted_how="hands", votes_for__isnull=False)
                | (Q(votes_for=None, votes_against=None, votes_other=None) & ~Q(adopted_how="hands")),
            ),
            models.CheckConstraint(
                name="summary_report_adopted_has_date",
                condition=Q(state__in=["draft", "returned"]) | Q(adopted_on__isnull=False),
            ),
            models.CheckConstraint(
                name="kept_of_an_adopted_summary_report",
                condition=Q(kept__isnull=True) | ~Q(state__in=["draft", "returned"]),
            ),
            models.CheckConstraint(
                name="summary_report_sent_has_moment",
                condition=Q(state__in=["draft", "adopted"]) | Q(submitted_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Báo cáo tổng kết năm {self.bloc_year.year.label} - {self.bloc_year.name}"

    @property
    def is_draft(self):
        return self.state in (SummaryReportState.DRAFT, SummaryReportState.RETURNED)

    @property
    def words_stand(self):
        """Whether people adopted or sent it here, so that no file changes its words."""
        return bool(self.adopted_digest or self.submitted_by_id)


class SummaryPart(AssembledPart):
    report = models.ForeignKey(SummaryReport, on_delete=models.CASCADE, related_name="parts", verbose_name="báo cáo")

    class Meta:
        verbose_name = "phần báo cáo tổng kết"
        verbose_name_plural = "phần báo cáo tổng kết"
        constraints = [
            models.UniqueConstraint(fields=["report", "code"], name="one_summary_part_per_code"),
            models.CheckConstraint(name="summary_part_is_known", condition=Q(code__in=SummaryPartCode.values)),
        ]


class SummaryPiece(Piece):
    report = models.ForeignKey(SummaryReport, on_delete=models.CASCADE, related_name="pieces", verbose_name="báo cáo")

    class Meta(Piece.Meta):
        verbose_name = "đoạn lập từ dữ liệu"
        verbose_name_plural = "đoạn lập từ dữ liệu"
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="one_summary_piece_per_key")]


class SummaryVersion(Version):
    report = models.ForeignKey(SummaryReport, on_delete=models.CASCADE, related_name="versions", verbose_name="báo cáo")

    class Meta(Version.Meta):
        verbose_name = "phiên bản báo cáo tổng kết"
        verbose_name_plural = "phiên bản báo cáo tổng kết"
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="one_summary_version_per_number")]


class ProvinceReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rows for which ``reports.view_province_report`` holds: a draft is the board's own."""
        seats = user.seats.in_force()
        staff = seats.filter(role=Role.BOARD_STAFF).values("authority")
        province = seats.filter(role__in=AUTHORITY_ROLES).values("authority")
        return self.filter(
            Q(year__authority__in=staff) | Q(year__authority__in=province, finished_at__isnull=False),
            year__in=Year.objects.visible_to(user),
        )

    def for_page(self):
        return self.select_related("year__authority", "finished_by")


class ProvinceReport(models.Model):
    """The province's report on the emulation of a year, from the blocs' reports. The board writes and finishes it."""

    year = models.OneToOneField(Year, on_delete=models.CASCADE, related_name="province_report", verbose_name="năm")
    finished_at = models.DateTimeField("hoàn thành lúc", null=True, blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người hoàn thành",
    )
    assembled_at = models.DateTimeField("lập dự thảo lúc", null=True, blank=True)
    kept = models.JSONField("đầu trang, phụ lục khi hoàn thành", null=True, blank=True)  # by papers.province

    objects = ProvinceReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo của tỉnh"
        verbose_name_plural = "báo cáo của tỉnh"
        constraints = [
            models.CheckConstraint(
                name="province_report_finished_at_and_by_together",
                condition=Q(finished_at=None, finished_by=None)
                | Q(finished_at__isnull=False, finished_by__isnull=False),
            ),
            models.CheckConstraint(
                name="kept_of_a_finished_province_report",
                condition=Q(kept__isnull=True) | Q(finished_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Báo cáo công tác thi đua, khen thưởng năm {self.year.label}"

    @property
    def is_draft(self):
        return self.finished_at is None


class ProvincePart(AssembledPart):
    report = models.ForeignKey(ProvinceReport, on_delete=models.CASCADE, related_name="parts", verbose_name="báo cáo")

    class Meta:
        verbose_name = "phần báo cáo của tỉnh"
        verbose_name_plural = "phần báo cáo của tỉnh"
        constraints = [
            models.UniqueConstraint(fields=["report", "code"], name="one_province_part_per_code"),
            models.CheckConstraint(name="province_part_is_known", condition=Q(code__in=ProvincePartCode.values)),
        ]


class ProvincePiece(Piece):
    report = models.ForeignKey(ProvinceReport, on_delete=models.CASCADE, related_name="pieces", verbose_name="báo cáo")

    class Meta(Piece.Meta):
        verbose_name = "đoạn lập từ báo cáo khối"
        verbose_name_plural = "đoạn lập từ báo cáo khối"
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="one_province_piece_per_key")]


class ProvinceVersion(Version):
    report = models.ForeignKey(
        ProvinceReport, on_delete=models.CASCADE, related_name="versions", verbose_name="báo cáo"
    )

    class Meta(Version.Meta):
        verbose_name = "phiên bản báo cáo của tỉnh"
        verbose_name_plural = "phiên bản báo cáo của tỉnh"
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="one_province_version_per_number")]
