"""Who takes part: the authority, its units over time, its blocs. Names of a year stand with the year."""

from django.db import models
from django.db.models import F, Q

from blocs.enums import BOARD_ROLES, Header, SuccessionKind
from blocs.fields import PositionedModel
from blocs.folding import FoldedField, Searchable


class AuthorityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Authorities at which the user holds any seat (a test keeps this equal to ``blocs.view_authority``)."""
        seats = user.seats.in_force()
        return self.filter(
            Q(pk__in=seats.values("authority"))
            | Q(pk__in=seats.values("unit__authority"))
            | Q(pk__in=seats.values("bloc_year__bloc__authority"))
        )

    def kept_by(self, user):
        """Authorities whose board or administrator the user is."""
        return self.filter(pk__in=user.seats.having(*BOARD_ROLES).values("authority"))


class Authority(models.Model):
    """The issuer: the body that divides the blocs and sets their rules."""

    code = models.CharField("mã", max_length=60, unique=True)
    name = models.CharField("tên", max_length=200)
    council = models.CharField("Hội đồng", max_length=200, blank=True)
    board = models.CharField("cơ quan thường trực", max_length=200, blank=True)
    place = models.CharField("địa danh", max_length=80, blank=True)
    header = models.CharField("tiêu đề văn bản", max_length=10, choices=Header, blank=True)
    sends_reminders = models.BooleanField(
        "tự gửi nhắc việc",
        default=False,
        help_text="Không đánh dấu: thư nhắc nằm ở hộp chờ gửi, Ban TĐKT xem rồi gửi.",
    )

    objects = AuthorityQuerySet.as_manager()

    class Meta:
        verbose_name = "cơ quan tổ chức thi đua"
        verbose_name_plural = "cơ quan tổ chức thi đua"
        constraints = [
            models.CheckConstraint(name="authority_header_is_known", condition=Q(header__in=["", *Header.values])),
        ]

    def __str__(self):
        return self.name


class Unit(models.Model):
    """An organisation as one thing over all years. What it is called in a year stands in ``UnitYear``."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="units", verbose_name="cơ quan")
    code = models.CharField("mã", max_length=60)
    valid_from = models.DateField("có từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày", null=True, blank=True)

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"
        constraints = [
            models.UniqueConstraint(fields=["authority", "code"], name="one_unit_per_code"),
            models.CheckConstraint(
                name="unit_ends_after_it_begins",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self):
        return self.code

    def last_name(self):
        """What it is called in its latest year; the code of one that stands in no year."""
        last = self.in_years.order_by("-year__starts_on").first()
        return last.name if last else self.code

    def exists_during(self, first_day, last_day):
        """True when the unit exists on some day between the two."""
        return (self.valid_to is None or self.valid_to >= first_day) and (
            self.valid_from is None or self.valid_from <= last_day
        )


class Succession(PositionedModel):
    """``successor`` carries on the duties of ``predecessor``; nobody does after a dissolution."""

    predecessor = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="successions", verbose_name="đơn vị cũ"
    )
    successor = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="origins", verbose_name="đơn vị mới"
    )
    kind = models.CharField("hình thức", max_length=10, choices=SuccessionKind, blank=True)
    on = models.DateField("ngày", null=True, blank=True)
    document = models.CharField("văn bản", max_length=300, blank=True)

    class Meta(PositionedModel.Meta):
        verbose_name = "kế tục"
        verbose_name_plural = "kế tục"
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="one_succession_per_pair"),
            models.CheckConstraint(name="no_unit_succeeds_itself", condition=~Q(predecessor=F("successor"))),
            models.CheckConstraint(name="succession_kind_is_known", condition=Q(kind__in=["", *SuccessionKind.values])),
            models.CheckConstraint(
                name="only_dissolution_has_no_successor",
                condition=Q(kind=SuccessionKind.DISSOLVE, successor=None)
                | (~Q(kind=SuccessionKind.DISSOLVE) & Q(successor__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["predecessor"], condition=Q(successor=None), name="one_dissolution_per_unit"
            ),
        ]


class UnitRename(Searchable):
    """From a day on a unit is called otherwise; papers of earlier days keep the former name."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="renames", verbose_name="đơn vị")
    on = models.DateField("từ ngày")
    old_name = models.CharField("tên cũ", max_length=300)
    old_short_name = models.CharField("tên ngắn cũ", max_length=120, blank=True)
    new_name = models.CharField("tên mới", max_length=300)
    new_short_name = models.CharField("tên ngắn mới", max_length=120, blank=True)
    document = models.CharField("văn bản", max_length=300)
    folded = FoldedField("old_name", "old_short_name", "new_name", "new_short_name", "document")

    class Meta:
        verbose_name = "đổi tên đơn vị"
        verbose_name_plural = "đổi tên đơn vị"
        ordering = ["on", "pk"]
        constraints = [models.UniqueConstraint(fields=["unit", "on"], name="one_rename_per_unit_and_day")]

    def __str__(self):
        return f"{self.old_name} → {self.new_name}"


class BlocType(Searchable):
    """What sort of units a bloc joins: the label of the code, and how many units make sense."""

    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, related_name="bloc_types", verbose_name="cơ quan"
    )
    code = models.CharField("mã", max_length=60)
    name = models.CharField("tên", max_length=200)
    min_members = models.PositiveSmallIntegerField("ít nhất (đơn vị)", null=True, blank=True)
    max_members = models.PositiveSmallIntegerField("nhiều nhất (đơn vị)", null=True, blank=True)
    source = models.CharField("căn cứ", max_length=500, blank=True)
    folded = FoldedField("name", "code", "source")

    class Meta:
        verbose_name = "loại hình khối"
        verbose_name_plural = "loại hình khối"
        ordering = ["authority", "name"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "code"], name="one_bloc_type_per_code"),
            models.CheckConstraint(
                name="bloc_type_sizes_in_order",
                condition=Q(min_members=None) | Q(max_members=None) | Q(max_members__gte=F("min_members")),
            ),
        ]

    def __str__(self):
        return self.name


class Bloc(models.Model):
    """A bloc as one thing over all years. Its name, members and head of a year stand in ``BlocYear``."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="blocs", verbose_name="cơ quan")
    code = models.CharField("mã", max_length=60)

    class Meta:
        verbose_name = "cụm, khối"
        verbose_name_plural = "cụm, khối"
        constraints = [models.UniqueConstraint(fields=["authority", "code"], name="one_bloc_per_code")]

    def __str__(self):
        return self.code
