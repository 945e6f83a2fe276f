"""A year: its units as they are called then, its blocs, who is in them, who leads, what is due, what came in."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from blocs.enums import AUTHORITY_ROLES, BLOC_ROLES, BOARD_ROLES, MEMBER_UNIT_ROLES, BlocKind, MemberRole
from blocs.fields import PositionedModel
from blocs.folding import FoldedField, Searchable, SearchableQuerySet
from blocs.models.organisation import Authority, Bloc, Unit
from blocs.models.rules import RuleSet


class YearQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Years for which ``blocs.view_year`` holds (a test keeps the two equal): of the authorities at which the user
        holds any seat; one in preparation for those who prepare it."""
        seats = user.seats.in_force()
        prepares = seats.filter(role__in=BOARD_ROLES).values("authority")
        units = UnitYear.objects.filter(unit__in=seats.values("unit"))
        return self.filter(
            Q(authority__in=seats.values("authority"))
            | Q(pk__in=seats.values("bloc_year__year"))
            | Q(pk__in=units.values("year")),
            Q(is_open=True) | Q(authority__in=prepares),
        )


class Year(models.Model):
    """One authority's year: a calendar year or a school year."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="years", verbose_name="cơ quan")
    label = models.CharField("năm", max_length=20)
    year = models.PositiveSmallIntegerField("năm dương lịch")
    starts_on = models.DateField("bắt đầu")
    ends_on = models.DateField("kết thúc")
    theme = models.CharField("chủ đề", max_length=500, blank=True)
    is_open = models.BooleanField("đã mở", default=True)  # not yet: the board prepares it, nobody else sees it
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="chép từ năm"
    )
    spelled = models.JSONField(
        "mục đã ghi rõ trong tệp", default=list, blank=True, editable=False
    )  # keys that the issuer wrote although they equal the default, and which blocs it gave a rule set without version
    # (``pins.mark``): an export gives back what was written

    objects = YearQuerySet.as_manager()

    class Meta:
        verbose_name = "năm thi đua"
        verbose_name_plural = "năm thi đua"
        ordering = ["-starts_on", "authority"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "label"], name="one_year_per_label"),
            models.CheckConstraint(name="year_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))),
            models.CheckConstraint(name="year_is_plausible", condition=Q(year__gte=1945, year__lte=2200)),
        ]

    def __str__(self):
        return self.label


class UnitYearQuerySet(SearchableQuerySet):
    def visible_to(self, user):
        """Names of units are known to everybody who sees the year (a test: ``blocs.view_year`` of the row)."""
        return self.filter(year__in=Year.objects.visible_to(user))


class UnitYear(Searchable, PositionedModel):
    """A unit as it is called in one year. That year's rows refer to it, so that papers keep the name of the day."""

    year = models.ForeignKey(Year, on_delete=models.CASCADE, related_name="units", verbose_name="năm")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="in_years", verbose_name="đơn vị")
    name = models.CharField("tên", max_length=300)
    short_name = models.CharField("tên ngắn", max_length=120, blank=True)
    kind = models.CharField("loại", max_length=60, blank=True)
    letterhead_superior = models.CharField("cơ quan cấp trên", max_length=200, blank=True)
    letterhead_name = models.CharField("tên trên văn bản", max_length=200, blank=True)
    letterhead_symbol = models.CharField("ký hiệu", max_length=40, blank=True)
    letterhead_place = models.CharField("địa danh", max_length=80, blank=True)
    folded = FoldedField("name", "short_name")

    objects = UnitYearQuerySet.as_manager()

    class Meta(PositionedModel.Meta):
        verbose_name = "đơn vị trong năm"
        verbose_name_plural = "đơn vị trong năm"
        constraints = [models.UniqueConstraint(fields=["year", "unit"], name="one_unit_row_per_year")]

    def __str__(self):
        return self.name

    @property
    def short(self):
        return self.short_name or self.name


class BlocYearQuerySet(SearchableQuerySet):
    def visible_to(self, user):
        """Rows for which ``blocs.view_bloc_year`` holds (a test keeps the two equal)."""
        seats = user.seats.in_force()
        prepares = seats.filter(role__in=BOARD_ROLES).values("authority")
        return self.filter(
            Q(year__is_open=True) | Q(year__authority__in=prepares),
            Q(year__authority__in=seats.filter(role__in=AUTHORITY_ROLES).values("authority"))
            | Q(pk__in=seats.filter(role__in=BLOC_ROLES).values("bloc_year"))
            | Q(
                pk__in=Membership.objects.filter(
                    unit__unit__in=seats.filter(role__in=MEMBER_UNIT_ROLES).values("unit")
                ).values("bloc_year")
            ),
        )

    def for_table(self):
        return self.select_related("bloc", "year__authority").order_by("position", "pk")


class BlocYear(Searchable, PositionedModel):
    """A bloc in one year."""

    year = models.ForeignKey(Year, on_delete=models.CASCADE, related_name="bloc_years", verbose_name="năm")
    bloc = models.ForeignKey(Bloc, on_delete=models.PROTECT, related_name="in_years", verbose_name="cụm, khối")
    name = models.CharField("tên", max_length=300)
    kind = models.CharField("hình thức", max_length=10, choices=BlocKind)
    type = models.CharField("loại hình đơn vị", max_length=60, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children", verbose_name="thuộc"
    )
    motto = models.CharField("khẩu hiệu", max_length=500, blank=True)
    supervisor = models.CharField("ủy viên Hội đồng theo dõi", max_length=300, blank=True)
    desk_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="desk_blocs",
        verbose_name="chuyên viên theo dõi",
    )
    rule_set = models.ForeignKey(
        RuleSet, on_delete=models.PROTECT, null=True, blank=True, related_name="bloc_years", verbose_name="bộ quy tắc"
    )  # the pinned version; without one the narrowest published set in force
    rule_version_spelled = models.BooleanField("đã ghi rõ phiên bản", default=False, editable=False)
    folded = FoldedField("name")
    is_closed = models.BooleanField(
        "đã chốt số liệu", default=False
    )  # the summary report is with the board, or a decision was taken: results and proposals stand as they are

    objects = BlocYearQuerySet.as_manager()

    class Meta(PositionedModel.Meta):
        verbose_name = "khối của năm"
        verbose_name_plural = "khối của năm"
        constraints = [
            models.UniqueConstraint(fields=["year", "bloc"], name="one_bloc_row_per_year"),
            models.CheckConstraint(name="bloc_kind_is_known", condition=Q(kind__in=BlocKind.values)),
            models.CheckConstraint(name="no_bloc_holds_itself", condition=Q(parent=None) | ~Q(parent=F("pk"))),
        ]

    def __str__(self):
        return f"{self.name}, năm {self.year.label}"

    @property
    def head_word(self):
        return "Cụm trưởng" if self.kind == BlocKind.CLUSTER else "Khối trưởng"


class Membership(PositionedModel):
    """A unit in a bloc's year, and whether it leads there. Head and deputies are members by their nature."""

    bloc_year = models.ForeignKey(BlocYear, on_delete=models.CASCADE, related_name="memberships", verbose_name="khối")
    unit = models.ForeignKey(UnitYear, on_delete=models.CASCADE, related_name="memberships", verbose_name="đơn vị")
    role = models.CharField("vai trò", max_length=10, choices=MemberRole, default=MemberRole.MEMBER)
    deputy_rank = models.PositiveSmallIntegerField("thứ tự khối phó", null=True, blank=True)
    tier = models.PositiveSmallIntegerField("tầng", default=0, editable=False)  # how many blocs stand above the bloc

    class Meta(PositionedModel.Meta):
        verbose_name = "thành viên"
        verbose_name_plural = "thành viên"
        constraints = [
            models.UniqueConstraint(fields=["unit", "tier"], name="one_bloc_per_unit_and_tier"),
            models.UniqueConstraint(fields=["bloc_year", "unit"], name="one_membership_per_unit"),
            models.UniqueConstraint(fields=["bloc_year"], condition=Q(role="head"), name="one_head_per_bloc_year"),
            models.UniqueConstraint(fields=["bloc_year", "deputy_rank"], name="one_deputy_per_rank"),
            models.CheckConstraint(name="member_role_is_known", condition=Q(role__in=MemberRole.values)),
            models.CheckConstraint(
                name="deputies_are_ranked_one_or_two",
                condition=Q(role="deputy", deputy_rank__isnull=False, deputy_rank__in=[1, 2])
                | (~Q(role="deputy") & Q(deputy_rank=None)),
            ),
        ]


class NextLeader(PositionedModel):
    """Who was chosen to lead the bloc in the following year."""

    bloc_year = models.ForeignKey(BlocYear, on_delete=models.CASCADE, related_name="next_leaders", verbose_name="khối")
    unit = models.ForeignKey(UnitYear, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    role = models.CharField("vai trò", max_length=10, choices=MemberRole)

    class Meta(PositionedModel.Meta):
        verbose_name = "lãnh đạo khối năm sau"
        verbose_name_plural = "lãnh đạo khối năm sau"
        constraints = [
            models.UniqueConstraint(fields=["bloc_year", "unit"], name="one_next_office_per_unit"),
            models.UniqueConstraint(fields=["bloc_year"], condition=Q(role="head"), name="one_next_head"),
            models.CheckConstraint(name="next_leader_role_is_known", condition=Q(role__in=["head", "deputy"])),
        ]


class MilestoneDate(PositionedModel):
    """When a thing is due in a bloc's year (on time until then) and when it is closed."""

    bloc_year = models.ForeignKey(BlocYear, on_delete=models.CASCADE, related_name="milestones", verbose_name="khối")
    code = models.CharField("mốc", max_length=60)
    due_at = models.DateTimeField("hạn", null=True, blank=True)
    locks_at = models.DateTimeField("khóa", null=True, blank=True)

    class Meta(PositionedModel.Meta):
        verbose_name = "mốc thời gian"
        verbose_name_plural = "mốc thời gian"
        constraints = [
            models.UniqueConstraint(fields=["bloc_year", "code"], name="one_date_per_milestone"),
            models.CheckConstraint(
                name="milestone_locks_after_due",
                condition=Q(due_at=None) | Q(locks_at=None) | Q(locks_at__gte=F("due_at")),
            ),
        ]


class Receipt(PositionedModel):
    """Something that was owed came in: of a unit, or of the bloc and the board where no unit is named.

    The moment is the system's own, the one that a file records, or the one that somebody wrote down.
    """

    bloc_year = models.ForeignKey(BlocYear, on_delete=models.CASCADE, related_name="receipts", verbose_name="khối")
    unit = models.ForeignKey(
        UnitYear, on_delete=models.PROTECT, null=True, blank=True, related_name="receipts", verbose_name="đơn vị"
    )
    kind = models.CharField("loại", max_length=60)
    at = models.DateTimeField("nhận lúc")
    as_unit = models.BooleanField("đơn vị làm cho mình", default=False)  # not what its head owes under the same name

    class Meta(PositionedModel.Meta):
        verbose_name = "lần nhận"
        verbose_name_plural = "lần nhận"
        constraints = [
            models.UniqueConstraint(fields=["bloc_year", "unit", "kind"], name="one_receipt_per_unit_and_kind"),
            models.UniqueConstraint(fields=["bloc_year", "kind"], condition=Q(unit=None), name="one_receipt_per_kind"),
        ]


class DivisionDecision(models.Model):
    """The decision that divides the blocs of a year, with its list as an annex."""

    year = models.OneToOneField(Year, on_delete=models.CASCADE, related_name="division", verbose_name="năm")
    number = models.CharField("số, ký hiệu", max_length=80, blank=True)
    dated = models.DateField("ngày ký", null=True, blank=True)
    signer = models.CharField("chức vụ người ký", max_length=200, blank=True)
    signer_name = models.CharField("họ tên người ký", max_length=120, blank=True)
    bases = models.JSONField("căn cứ", default=list, blank=True)
    listed = models.JSONField(
        "danh sách kèm theo", null=True, blank=True, editable=False,
        help_text="Cụm, khối và đơn vị như lúc ghi số và ngày; bỏ trống khi quyết định còn là dự thảo.",
    )  # fmt: skip

    class Meta:
        verbose_name = "quyết định phân chia cụm, khối"
        verbose_name_plural = "quyết định phân chia cụm, khối"
        constraints = [
            models.CheckConstraint(
                condition=Q(listed__isnull=True) | (~Q(number="") & Q(dated__isnull=False)),
                name="list_of_a_numbered_decision",
            ),
        ]
