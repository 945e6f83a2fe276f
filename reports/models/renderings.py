"""Papers to be made and made, asked for one by one or together, and what they got when they were signed outside."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from blocs.enums import AUTHORITY_ROLES, MEMBER_UNIT_ROLES, Role
from blocs.models import BlocYear, Conference, StoredFile, Year
from reports.enums import DocumentKind, RenderingState
from reports.models.unit_reports import UnitReport


class RenderingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rows for which ``reports.view_rendering`` holds: who sees the thing sees its papers; drafts of a unit's
        report are the unit's own; of a year's papers only the finished report of the province leaves the board."""
        seats = user.seats.in_force()
        staff = seats.filter(role=Role.BOARD_STAFF).values("authority")
        province = seats.filter(role__in=AUTHORITY_ROLES).values("authority")
        own = seats.filter(role__in=MEMBER_UNIT_ROLES).values("unit")
        reports = UnitReport.objects.visible_to(user)
        return self.filter(
            Q(unit_report=None, conference=None, bloc_year__in=BlocYear.objects.visible_to(user))
            | Q(conference__in=Conference.objects.visible_to(user))
            | Q(unit_report__in=reports.filter(unit__unit__in=own))
            | Q(unit_report__in=reports, is_draft=False)
            | Q(conference=None, year__authority__in=staff)
            | Q(year__authority__in=province, kind=DocumentKind.PROVINCE_REPORT, is_draft=False)
        )


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
    unit_report = models.ForeignKey(
        UnitReport, on_delete=models.CASCADE, null=True, blank=True, related_name="renderings", verbose_name="báo cáo"
    )  # of a unit, printed
    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, null=True, blank=True, related_name="renderings", verbose_name="hội nghị"
    )  # whose paper it is
    place = models.CharField("của", max_length=60)  # the four above as one word: of which thing the paper is
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
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, db_index=True)
    code = models.CharField("mã xác minh", max_length=20, blank=True, db_index=True)
    is_draft = models.BooleanField("dự thảo", default=False)
    pages = models.PositiveIntegerField("số trang", null=True, blank=True)
    error = models.TextField("lỗi", blank=True)

    objects = RenderingQuerySet.as_manager()

    class Meta:
        verbose_name = "bản in"
        verbose_name_plural = "bản in"
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["kind", "place", "fingerprint"])]
        constraints = [
            models.CheckConstraint(name="rendering_state_is_known", condition=Q(state__in=RenderingState.values)),
            models.UniqueConstraint(
                fields=["kind", "place"], condition=Q(state="queued"), name="one_waiting_rendering_per_thing"
            ),
            models.CheckConstraint(name="rendering_says_of_what", condition=~Q(place="")),
            models.CheckConstraint(
                name="rendering_is_of_a_bloc_or_a_year",
                condition=Q(bloc_year__isnull=False, year=None) | Q(bloc_year=None, year__isnull=False),
            ),
            models.CheckConstraint(
                name="rendering_done_has_file", condition=~Q(state="done") | (~Q(file="") & ~Q(sha256=""))
            ),
            models.CheckConstraint(name="rendering_failed_says_why", condition=~Q(state="failed") | ~Q(error="")),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, bản in số {self.pk}"

    @property
    def is_finished(self):
        return self.state not in UNFINISHED


class RenderingBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Batches of a year for who sees the province, those of one meeting for who sees its bloc."""
        sees = user.seats.in_force().filter(role__in=AUTHORITY_ROLES).values("authority")
        of_year = Q(conference=None, year__authority__in=sees, year__in=Year.objects.visible_to(user))
        return self.filter(of_year | Q(conference__in=Conference.objects.visible_to(user)))


class RenderingBatch(models.Model):
    """Papers asked for with one button: the reports of all blocs of a year, or all papers of one meeting."""

    year = models.ForeignKey(Year, on_delete=models.CASCADE, related_name="batches", verbose_name="năm")
    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, null=True, blank=True, related_name="batches", verbose_name="hội nghị"
    )
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


class IssueQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Issues of the papers that the user may see."""
        return self.filter(rendering__in=Rendering.objects.visible_to(user))


class Issue(models.Model):
    """The number and day that a paper got when it was signed outside; the signed copy is attached to it."""

    rendering = models.OneToOneField(
        Rendering, on_delete=models.PROTECT, related_name="issue", verbose_name="bản in đã ký"
    )
    number = models.CharField("số, ký hiệu", max_length=80)
    dated = models.DateField("ngày ký")
    signer = models.CharField("chức vụ, họ tên người ký", max_length=330, blank=True)
    noted_at = models.DateTimeField("ghi lúc", auto_now_add=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người ghi"
    )

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = "số, ngày của văn bản"
        verbose_name_plural = "số, ngày của văn bản"
        ordering = ["-dated", "-pk"]
        constraints = [models.CheckConstraint(name="issue_has_a_number", condition=~Q(number=""))]

    def __str__(self):
        return f"{self.rendering.get_kind_display()} số {self.number}"


class SignedCopy(StoredFile):
    """The paper as it was signed and sealed outside; its digest is on the public page too."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="copies", verbose_name="văn bản")

    class Meta(StoredFile.Meta):
        abstract = False
        verbose_name = "bản đã ký"
        verbose_name_plural = "bản đã ký"
