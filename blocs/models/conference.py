"""Meetings of a bloc, or of the council (``bloc_year`` empty): who was there, what was said, what follows."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from blocs.enums import AUTHORITY_ROLES, AttendanceWay, ConferenceKind, MemberRole, OpinionKind
from blocs.fields import PositionedModel
from blocs.models.files import StoredFile
from blocs.models.year import BlocYear, UnitYear, Year


class ConferenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Meetings of the blocs that the user sees; those of the council for who sees the province."""
        province = user.seats.in_force().filter(role__in=AUTHORITY_ROLES).values("authority")
        return self.filter(
            Q(bloc_year__in=BlocYear.objects.visible_to(user)) | Q(bloc_year=None, year__authority__in=province)
        )

    def attended_by(self, user):
        """Whose code a user may type: meetings that he sees; those of the council in a year that names his unit."""
        units = user.seats.in_force().exclude(unit=None).values("unit")
        council = Q(bloc_year=None, year__is_open=True, year__units__unit__in=units)
        found = self.filter(Q(pk__in=Conference.objects.visible_to(user).values("pk")) | council)
        return found.exclude(code="").distinct()

    def for_page(self):
        return self.select_related("bloc_year__bloc", "bloc_year__year__authority", "year__authority")

    def held(self):
        """Those that took place: begun here, or noted afterwards with their day alone."""
        noted = Q(starts_at=None, held_on__lte=timezone.localdate())
        return self.exclude(held_on=None).filter(noted | Q(opened_at__isnull=False))

    def planned(self):
        """Those that have a day and an hour and were not opened yet."""
        return self.filter(opened_at=None, held_on__isnull=False, starts_at__isnull=False)


class Conference(PositionedModel):
    year = models.ForeignKey(Year, on_delete=models.CASCADE, related_name="conferences", verbose_name="năm")
    bloc_year = models.ForeignKey(
        BlocYear, on_delete=models.CASCADE, null=True, blank=True, related_name="conferences", verbose_name="khối"
    )
    kind = models.CharField("loại", max_length=10, choices=ConferenceKind)
    held_on = models.DateField("ngày họp", null=True, blank=True)
    starts_at = models.TimeField("giờ bắt đầu", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=300, blank=True)
    chair = models.CharField("chủ trì", max_length=300, blank=True)
    secretary = models.CharField("thư ký", max_length=300, blank=True)
    guests = models.JSONField("đại biểu", default=list, blank=True)
    directions = models.JSONField("ý kiến chỉ đạo", default=list, blank=True)
    conclusions = models.JSONField("kết luận", default=list, blank=True)
    quorum_of = models.PositiveSmallIntegerField("mẫu số của tỷ lệ cần có mặt", default=3)
    quorum = models.PositiveSmallIntegerField("tử số của tỷ lệ cần có mặt", default=2)  # two thirds of the units
    code = models.CharField("mã điểm danh", max_length=40, blank=True)  # empty: attendance by phone is not open
    opened_at = models.DateTimeField("khai mạc lúc", null=True, blank=True)
    ended_at = models.DateTimeField("bế mạc lúc", null=True, blank=True)

    objects = ConferenceQuerySet.as_manager()

    class Meta(PositionedModel.Meta):
        verbose_name = "hội nghị"
        verbose_name_plural = "hội nghị"
        constraints = [
            models.CheckConstraint(name="conference_kind_is_known", condition=Q(kind__in=ConferenceKind.values)),
            models.CheckConstraint(
                name="conference_quorum_is_a_share",
                condition=Q(quorum__gte=1, quorum_of__gte=1) & Q(quorum__lte=F("quorum_of")),
            ),
            models.CheckConstraint(
                name="conference_ends_after_it_opens",
                condition=Q(ended_at=None) | Q(opened_at__isnull=False, ended_at__gte=F("opened_at")),
            ),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="one_conference_per_code"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.bloc_year or self.year}"

    @property
    def is_running(self):
        return self.opened_at is not None and self.ended_at is None

    @property
    def is_noted(self):
        """Noted as held with its day alone."""
        return self.held_on is not None and self.starts_at is None and self.held_on <= timezone.localdate()

    @property
    def is_over(self):
        """Closed, or held on an earlier day: then nobody asks any more whether it goes on."""
        held = self.is_noted or self.opened_at is not None
        return self.ended_at is not None or (held and self.held_on < timezone.localdate())

    @property
    def of(self):
        """Whose meeting it is, in words."""
        return self.bloc_year.name if self.bloc_year else self.year.authority.council or "Hội đồng"


class ConferenceRow(PositionedModel):
    """A row of one meeting, in the meeting's order."""

    class Meta(PositionedModel.Meta):
        abstract = True


class AgendaItem(ConferenceRow):
    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="agenda", verbose_name="hội nghị")
    starts_at = models.TimeField("giờ", null=True, blank=True)
    text = models.CharField("nội dung", max_length=500)
    presenter = models.CharField("người trình bày", max_length=300, blank=True)

    class Meta(ConferenceRow.Meta):
        abstract = False
        verbose_name = "mục chương trình"
        verbose_name_plural = "chương trình"


class Attendance(PositionedModel):
    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="attendances", verbose_name="hội nghị"
    )
    unit = models.ForeignKey(UnitYear, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    person = models.CharField("người dự, chức vụ", max_length=300, blank=True)
    arrived_at = models.DateTimeField("có mặt lúc", null=True, blank=True)
    way = models.CharField("cách ghi", max_length=10, choices=AttendanceWay, default=AttendanceWay.FILE)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người ghi",
    )

    class Meta(PositionedModel.Meta):
        verbose_name = "đơn vị dự họp"
        verbose_name_plural = "đơn vị dự họp"
        constraints = [
            models.UniqueConstraint(fields=["conference", "unit"], name="one_attendance_per_unit"),
            models.CheckConstraint(name="attendance_way_is_known", condition=Q(way__in=AttendanceWay.values)),
            models.CheckConstraint(
                name="attendance_noted_has_moment",
                condition=Q(way="file")
                | Q(way="secretary", noted_by__isnull=False)  # without a moment when it was noted on a later day
                | Q(arrived_at__isnull=False, noted_by__isnull=False),
            ),
        ]


class ExpectedUnit(PositionedModel):
    """A member on the day of a meeting, where the bloc's members have changed since."""

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="expected_units", verbose_name="hội nghị"
    )
    unit = models.ForeignKey(UnitYear, on_delete=models.CASCADE, related_name="+", verbose_name="đơn vị")
    role = models.CharField("vai trò", max_length=10, choices=MemberRole)

    class Meta(PositionedModel.Meta):
        verbose_name = "thành viên ngày họp"
        verbose_name_plural = "thành viên ngày họp"
        constraints = [
            models.UniqueConstraint(fields=["conference", "unit"], name="one_expected_unit_per_meeting"),
            models.CheckConstraint(name="expected_unit_role_is_known", condition=Q(role__in=MemberRole.values)),
        ]


class Opinion(ConferenceRow):
    """A registered speech, an opinion, a question with its answer."""

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="opinions", verbose_name="hội nghị"
    )
    kind = models.CharField("loại", max_length=10, choices=OpinionKind)
    unit = models.ForeignKey(
        UnitYear, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đơn vị"
    )
    speaker = models.CharField("người phát biểu", max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(
        "thời gian (phút)", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    text = models.TextField("nội dung", blank=True)
    answer = models.TextField("trả lời", blank=True)
    answered_by = models.CharField("người trả lời", max_length=300, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người đăng ký",
    )

    class Meta(ConferenceRow.Meta):
        abstract = False
        verbose_name = "ý kiến tại hội nghị"
        verbose_name_plural = "ý kiến tại hội nghị"
        constraints = [
            models.CheckConstraint(name="opinion_kind_is_known", condition=Q(kind__in=OpinionKind.values)),
            models.CheckConstraint(name="opinion_is_somebodys", condition=Q(unit__isnull=False) | ~Q(speaker="")),
            models.CheckConstraint(
                name="opinion_only_questions_are_answered", condition=Q(kind="question") | Q(answer="")
            ),
        ]


class ConferenceTaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Tasks of meetings that the user sees, and those that his own unit got elsewhere."""
        units = user.seats.in_force().exclude(unit=None).values("unit")
        return self.filter(Q(conference__in=Conference.objects.visible_to(user)) | Q(unit__unit__in=units))


class ConferenceTask(ConferenceRow):
    """Something that follows from a meeting: who, until when."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="tasks", verbose_name="hội nghị")
    text = models.CharField("việc", max_length=1000)
    unit = models.ForeignKey(
        UnitYear,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conference_tasks",
        verbose_name="đơn vị",
    )  # empty: the board
    person = models.CharField("người chịu trách nhiệm", max_length=300, blank=True)
    due_on = models.DateField("hạn")
    done_at = models.DateTimeField("xong lúc", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người ghi đã xong",
    )
    done_note = models.CharField("kết quả", max_length=1000, blank=True)

    objects = ConferenceTaskQuerySet.as_manager()

    class Meta(ConferenceRow.Meta):
        abstract = False
        verbose_name = "việc sau hội nghị"
        verbose_name_plural = "việc sau hội nghị"
        constraints = [
            models.CheckConstraint(
                name="conference_task_done_at_and_by_together",
                condition=Q(done_at=None, done_by=None, done_note="") | Q(done_at__isnull=False, done_by__isnull=False),
            )
        ]

    def __str__(self):
        return self.text

    @property
    def is_overdue(self):
        return self.done_at is None and self.due_on < timezone.localdate()


class ConferencePicture(StoredFile):
    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="pictures", verbose_name="hội nghị"
    )
    caption = models.CharField("chú thích", max_length=300, blank=True)

    class Meta(StoredFile.Meta):
        abstract = False
        verbose_name = "ảnh hội nghị"
        verbose_name_plural = "ảnh hội nghị"
