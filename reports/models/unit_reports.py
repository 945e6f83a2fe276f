"""What units report: the form they are asked by, texts, figures, commendation, attached files."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from awards.enums import Recipients
from awards.models import AwardKind
from blocs.enums import AUTHORITY_ROLES, BLOC_ROLES, MEMBER_UNIT_ROLES
from blocs.fields import FigureField, PositionedModel
from blocs.models import BlocYear, StoredFile, UnitYear, Year
from reports.enums import UnitReportKind, UnitReportState
from reports.models.texts import TextPart


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

    def annual(self):
        return self.filter(kind=UnitReportKind.ANNUAL).defer("kept")

    def being_mended(self):
        """Sent once, returned, and not sent again."""
        return self.filter(state__in=MENDED_STATES, submitted_at__isnull=False)

    def for_page(self):
        return self.select_related("unit__unit", "bloc_year__bloc", "bloc_year__year__authority")


SENT_STATES = [UnitReportState.SUBMITTED, UnitReportState.ACCEPTED]  # what others read; a returned one is rewritten
MENDED_STATES = [UnitReportState.RETURNED, UnitReportState.READY]  # of one that was sent before


class ReportForm(models.Model):
    """What the units of a year, or of one type of bloc in it, are asked: parts, figures, in order.

    ``reports.domain.report_forms`` reads and writes it; without a row the form of ``reports/data`` holds.
    """

    year = models.ForeignKey(Year, on_delete=models.CASCADE, related_name="report_forms", verbose_name="năm")
    kind = models.CharField("loại báo cáo", max_length=10, choices=UnitReportKind, default=UnitReportKind.ANNUAL)
    bloc_type = models.CharField("loại hình khối", max_length=60, blank=True)  # empty: every type without its own
    parts = models.JSONField("các phần", default=list)
    figures = models.JSONField("các số liệu", default=list)
    saved_at = models.DateTimeField("lưu lúc", auto_now=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="người lưu"
    )

    class Meta:
        verbose_name = "mẫu báo cáo của đơn vị"
        verbose_name_plural = "mẫu báo cáo của đơn vị"
        constraints = [
            models.UniqueConstraint(fields=["year", "kind", "bloc_type"], name="one_report_form_per_type"),
            models.CheckConstraint(name="report_form_kind_is_known", condition=Q(kind__in=UnitReportKind.values)),
        ]

    def __str__(self):
        return f"Mẫu {self.get_kind_display().lower()} {self.year}"


class UnitReport(models.Model):
    """A unit's annual or mid-year report in a bloc. State changes only through ``reports.domain.unit_reports.move``."""

    bloc_year = models.ForeignKey(BlocYear, on_delete=models.PROTECT, related_name="unit_reports", verbose_name="khối")
    unit = models.ForeignKey(UnitYear, on_delete=models.PROTECT, related_name="reports", verbose_name="đơn vị")
    kind = models.CharField("loại", max_length=10, choices=UnitReportKind, default=UnitReportKind.ANNUAL)
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
    returned_parts = models.JSONField("phần phải sửa", default=list, blank=True)  # empty: the whole report
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người trả lại",
    )  # the desk that asked looks again

    kept_results = models.JSONField(  # of a mid-year report, from its first sending on; see domain.report_results
        "kết quả chỉ tiêu lúc gửi sơ kết", null=True, blank=True, editable=False
    )

    kept = models.JSONField(  # targets, movements and the paper as they were sent last; see domain.report_sources
        "số liệu và bản in lúc gửi", null=True, blank=True, editable=False
    )

    objects = UnitReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo của đơn vị"
        verbose_name_plural = "báo cáo của đơn vị"
        constraints = [
            models.UniqueConstraint(
                fields=["bloc_year", "unit", "kind"], name="one_report_per_unit_bloc_year_and_kind"
            ),
            models.CheckConstraint(name="unit_report_kind_is_known", condition=Q(kind__in=UnitReportKind.values)),
            models.CheckConstraint(name="unit_report_state_is_known", condition=Q(state__in=UnitReportState.values)),
            models.CheckConstraint(
                name="unit_report_sent_at_and_by_together",
                condition=Q(submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="kept_of_a_sent_unit_report", condition=Q(kept__isnull=True) | Q(submitted_at__isnull=False)
            ),
            models.CheckConstraint(
                name="unit_report_sent_has_moment",
                condition=Q(state__in=["draft", "ready"]) | Q(submitted_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.bloc_year.year.label} của {self.unit.name}"

    @property
    def is_being_mended(self):
        """As ``being_mended``."""
        return self.state in MENDED_STATES and self.submitted_at is not None


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
    note = models.CharField(
        "giải trình", max_length=500, blank=True
    )  # asked for where the number is far from last year's

    class Meta:
        verbose_name = "số liệu báo cáo"
        verbose_name_plural = "số liệu báo cáo"
        constraints = [models.UniqueConstraint(fields=["report", "code"], name="one_figure_per_code")]


class ReportRecognition(PositionedModel):
    """How many collectives or persons of the unit got one award this year, as its report says."""

    report = models.ForeignKey(
        UnitReport, on_delete=models.CASCADE, related_name="recognitions", verbose_name="báo cáo"
    )
    award = models.ForeignKey(AwardKind, on_delete=models.PROTECT, related_name="+", verbose_name="khen thưởng")
    recipients = models.CharField("đối tượng", max_length=10, choices=Recipients)
    count = models.PositiveIntegerField("số lượng")
    direct_workers = models.PositiveIntegerField("trong đó lao động trực tiếp", null=True, blank=True)

    class Meta(PositionedModel.Meta):
        verbose_name = "khen thưởng trong báo cáo"
        verbose_name_plural = "khen thưởng trong báo cáo"
        constraints = [
            models.UniqueConstraint(fields=["report", "award", "recipients"], name="one_line_per_award_and_recipients"),
            models.CheckConstraint(name="report_recipients_are_known", condition=Q(recipients__in=Recipients.values)),
            models.CheckConstraint(
                name="direct_workers_are_among_the_awarded",
                condition=Q(direct_workers=None) | Q(direct_workers__lte=F("count")),
            ),
        ]


class ReportAttachment(StoredFile):
    report = models.ForeignKey(UnitReport, on_delete=models.CASCADE, related_name="attachments", verbose_name="báo cáo")

    class Meta(StoredFile.Meta):
        abstract = False
        verbose_name = "tệp kèm báo cáo"
        verbose_name_plural = "tệp kèm báo cáo"
