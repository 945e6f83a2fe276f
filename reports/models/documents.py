"""What units and blocs write, and the papers made of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from blocs.enums import AUTHORITY_ROLES, BLOC_ROLES, MEMBER_UNIT_ROLES, Role
from blocs.fields import FigureField
from blocs.models import BlocYear, UnitYear, Year
from reports.enums import DocumentKind, RenderingState, SummaryPartCode, SummaryReportState, UnitReportState


class TextPart(models.Model):
    """A text of several paragraphs. ``version`` grows with each save, so that no editor overwrites another."""

    code = models.CharField("phần", max_length=30)
    paragraphs = models.JSONField("nội dung", default=list, blank=True)
    version = models.PositiveIntegerField("lần lưu", default=0)
    saved_at = models.DateTimeField("lưu lúc", auto_now=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="người lưu"
    )

    class Meta:
        abstract = True

    @property
    def text(self):
        return "\n".join(self.paragraphs)


class UnitReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rows for which ``reports.view_unit_report`` holds: a draft is seen by its own unit only."""
        seats = user.seats.in_force()
        return self.filter(
            Q(unit__unit__in=seats.filter(role__in=MEMBER_UNIT_ROLES).values("unit"))
            | Q(state__in=SENT_STATES)
            & (
                Q(bloc_year__year__authority__in=seats.filter(role__in=AUTHORITY_ROLES).values("authority"))
                | Q(bloc_year__in=seats.filter(role__in=BLOC_ROLES).values("bloc_year"))
            )
        )

    def for_page(self):
        return self.select_related("unit__unit", "bloc_year__bloc", "bloc_year__year__authority")


SENT_STATES = [UnitReportState.SUBMITTED, UnitReportState.ACCEPTED]  # what others read; a returned one is rewritten


class UnitReport(models.Model):
    """The annual report of one unit in one bloc. State changes only through ``reports.domain.unit_reports.move``."""

    bloc_year = models.ForeignKey(BlocYear, on_delete=models.PROTECT, related_name="unit_reports", verbose_name="khối")
    unit = models.ForeignKey(UnitYear, on_delete=models.PROTECT, related_name="reports", verbose_name="đơn vị")
    state = models.CharField("trạng thái", max_length=10, choices=UnitReportState, default=UnitReportState.DRAFT)
    submitted_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người gửi",
    )
    returned_note = models.TextField("lý do trả lại", blank=True)

    objects = UnitReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo năm của đơn vị"
        verbose_name_plural = "báo cáo năm của đơn vị"
        constraints = [
            models.UniqueConstraint(fields=["bloc_year", "unit"], name="one_report_per_unit_and_bloc_year"),
            models.CheckConstraint(name="unit_report_state_is_known", condition=Q(state__in=UnitReportState.values)),
            models.CheckConstraint(
                name="unit_report_sent_at_and_by_together",
                condition=Q(submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="unit_report_sent_has_moment",
                condition=Q(state__in=["draft", "ready"]) | Q(submitted_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Báo cáo năm {self.bloc_year.year.label} của {self.unit.name}"


class UnitReportPart(TextPart):
    report = models.ForeignKey(UnitReport, on_delete=models.CASCADE, related_name="parts", verbose_name="báo cáo")

    class Meta:
        verbose_name = "phần báo cáo đơn vị"
        verbose_name_plural = "phần báo cáo đơn vị"
        constraints = [models.UniqueConstraint(fields=["report", "code"], name="one_unit_part_per_code")]


class UnitReportFigure(models.Model):
    report = models.ForeignKey(UnitReport, on_delete=models.CASCADE, related_name="figures", verbose_name="báo cáo")
    code = models.CharField("số liệu", max_length=30)
    value = FigureField("giá trị", null=True, blank=True)

    class Meta:
        verbose_name = "số liệu báo cáo"
        verbose_name_plural = "số liệu báo cáo"
        constraints = [models.UniqueConstraint(fields=["report", "code"], name="one_figure_per_code")]


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
                name="summary_report_adopted_has_date",
                condition=Q(state__in=["draft", "returned"]) | Q(adopted_on__isnull=False),
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


class SummaryPart(TextPart):
    report = models.ForeignKey(SummaryReport, on_delete=models.CASCADE, related_name="parts", verbose_name="báo cáo")

    class Meta:
        verbose_name = "phần báo cáo tổng kết"
        verbose_name_plural = "phần báo cáo tổng kết"
        constraints = [
            models.UniqueConstraint(fields=["report", "code"], name="one_summary_part_per_code"),
            models.CheckConstraint(name="summary_part_is_known", condition=Q(code__in=SummaryPartCode.values)),
        ]


class RenderingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rows for which ``reports.view_rendering`` holds: of a bloc for those who see it, of a year for its board."""
        staff = user.seats.having(Role.BOARD_STAFF).values("authority")
        return self.filter(Q(bloc_year__in=BlocYear.objects.visible_to(user)) | Q(year__authority__in=staff))


UNFINISHED = [RenderingState.QUEUED, RenderingState.RUNNING]


class Rendering(models.Model):
    """One paper to be made. This row, not the queue, says what stands to be done and what is done."""

    kind = models.CharField("văn bản", max_length=30, choices=DocumentKind)
    bloc_year = models.ForeignKey(
        BlocYear, on_delete=models.CASCADE, null=True, blank=True, related_name="renderings", verbose_name="khối"
    )
    year = models.ForeignKey(
        Year, on_delete=models.CASCADE, null=True, blank=True, related_name="renderings", verbose_name="năm"
    )  # of a paper of the province; else the bloc's year
    state = models.CharField("trạng thái", max_length=10, choices=RenderingState, default=RenderingState.QUEUED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="người yêu cầu"
    )
    requested_at = models.DateTimeField("yêu cầu lúc", auto_now_add=True)
    queued_at = models.DateTimeField("xếp hàng lúc")
    started_at = models.DateTimeField("bắt đầu lúc", null=True, blank=True)
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    fingerprint = models.CharField("dấu của dữ liệu", max_length=64, blank=True)
    reused = models.BooleanField("dùng lại bản trước", default=False)
    file = models.CharField("tệp", max_length=200, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    pages = models.PositiveIntegerField("số trang", null=True, blank=True)
    error = models.TextField("lỗi", blank=True)

    objects = RenderingQuerySet.as_manager()

    class Meta:
        verbose_name = "bản in"
        verbose_name_plural = "bản in"
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["kind", "bloc_year", "fingerprint"])]
        constraints = [
            models.CheckConstraint(name="rendering_state_is_known", condition=Q(state__in=RenderingState.values)),
            models.UniqueConstraint(
                fields=["kind", "bloc_year"],
                condition=Q(state="queued"),
                name="one_waiting_rendering",
            ),
            models.UniqueConstraint(
                fields=["kind", "year"],
                condition=Q(state="queued", bloc_year=None),
                name="one_waiting_rendering_of_a_year",
            ),
            models.CheckConstraint(
                name="rendering_is_of_a_bloc_or_a_year",
                condition=Q(bloc_year__isnull=False, year=None) | Q(bloc_year=None, year__isnull=False),
            ),
            models.CheckConstraint(
                name="rendering_done_has_file", condition=~Q(state="done") | (~Q(file="") & ~Q(sha256=""))
            ),
            models.CheckConstraint(name="rendering_failed_says_why", condition=~Q(state="failed") | ~Q(error="")),
        ]

    @property
    def is_finished(self):
        return self.state not in UNFINISHED


class RenderingBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        sees = user.seats.in_force().filter(role__in=AUTHORITY_ROLES).values("authority")
        return self.filter(year__authority__in=sees, year__in=Year.objects.visible_to(user))


class RenderingBatch(models.Model):
    """The reports of all blocs of a year, asked for with one button."""

    year = models.ForeignKey(Year, on_delete=models.CASCADE, related_name="batches", verbose_name="năm")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="người yêu cầu"
    )
    requested_at = models.DateTimeField("yêu cầu lúc", auto_now_add=True)
    renderings = models.ManyToManyField(Rendering, related_name="batches", verbose_name="bản in")

    objects = RenderingBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt in"
        verbose_name_plural = "đợt in"
        ordering = ["-requested_at", "-pk"]
