"""What is owed: made from calendar and members when a year opens, so that what is missing is a query, not a guess."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from blocs.enums import BLOC_ROLES, MEMBER_UNIT_ROLES, OwedBy, Role, label_of
from blocs.models.year import BlocYear, UnitYear


class ObligationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Obligations of the blocs that the user sees (a test keeps this equal to ``blocs.view_bloc_year``)."""
        return self.filter(bloc_year__in=BlocYear.objects.visible_to(user))

    def of(self, user):
        """What the user's own seats owe."""
        return self.of_seats(user.seats.in_force())

    def of_seats(self, seats):
        """What these seats owe (a Seat queryset)."""
        in_units = seats.filter(role__in=MEMBER_UNIT_ROLES).values("unit")
        return self.filter(
            Q(owed_by=OwedBy.UNIT, unit__unit__in=in_units)
            | Q(owed_by=OwedBy.HEAD, bloc_year__in=seats.filter(role__in=BLOC_ROLES).values("bloc_year"))
            | Q(owed_by=OwedBy.OWNER, unit__unit__in=seats.filter(role=Role.MOVEMENT_OWNER).values("unit"))
            | Q(owed_by=OwedBy.ASSESSOR, unit__unit__in=seats.filter(role=Role.ASSESSOR).values("unit"))
            | Q(
                owed_by=OwedBy.BOARD,
                bloc_year__year__authority__in=seats.filter(role=Role.BOARD_STAFF).values("authority"),
            )
        )

    def by_day(self):
        """With ``day``: the moment by which it must come in, due or else closed."""
        return self.alias(day=Coalesce("due_at", "locks_at"))

    def missing(self):
        return self.filter(received_at=None)

    def for_table(self):
        return self.select_related("unit", "bloc_year__year__authority", "bloc_year__bloc", "extension", "waiver")


class Obligation(models.Model):
    """One thing that one unit, head, owner, assessor or the board owes. ``blocs.domain.obligations`` writes it."""

    bloc_year = models.ForeignKey(BlocYear, on_delete=models.CASCADE, related_name="obligations", verbose_name="khối")
    unit = models.ForeignKey(
        UnitYear, on_delete=models.CASCADE, null=True, blank=True, related_name="obligations", verbose_name="đơn vị"
    )  # empty: the board, or a head that is not known yet
    code = models.CharField("mốc", max_length=60)
    owed_by = models.CharField("của", max_length=10, choices=OwedBy)
    position = models.PositiveIntegerField("thứ tự", default=0)
    due_at = models.DateTimeField("hạn", null=True, blank=True)
    on_time_until = models.DateTimeField("đúng hạn đến", null=True, blank=True)  # the due moment and the days of grace
    locks_at = models.DateTimeField("khóa", null=True, blank=True)
    missed = models.CharField("nếu không thực hiện", max_length=500, blank=True)
    received_at = models.DateTimeField("nhận lúc", null=True, blank=True)
    is_on_time = models.BooleanField("đúng hạn", null=True, blank=True)  # empty until it came in

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = "việc phải làm"
        verbose_name_plural = "việc phải làm"
        ordering = ["bloc_year", "position", "pk"]
        indexes = [models.Index(fields=["bloc_year", "code"], name="obligation_bloc_and_code")]
        constraints = [
            models.CheckConstraint(name="obligation_owner_is_known", condition=Q(owed_by__in=OwedBy.values)),
            models.UniqueConstraint(fields=["bloc_year", "code", "unit"], name="one_obligation_per_unit_and_milestone"),
            models.UniqueConstraint(
                fields=["bloc_year", "code"], condition=Q(unit=None), name="one_obligation_without_unit"
            ),
            models.CheckConstraint(
                name="obligation_needs_a_unit",
                condition=Q(unit__isnull=False) | Q(owed_by__in=[OwedBy.HEAD, OwedBy.BOARD]),
            ),
            models.CheckConstraint(
                name="obligation_locks_after_due",
                condition=Q(due_at=None) | Q(locks_at=None) | Q(locks_at__gte=F("due_at")),
            ),
            models.CheckConstraint(
                name="obligation_on_time_once_received",
                condition=Q(received_at=None, is_on_time=None) | Q(received_at__isnull=False, is_on_time__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.label}: {self.unit or self.get_owed_by_display()}"

    @property
    def label(self):
        return label_of(self.code)

    @property
    def day(self):
        """As ``by_day``; None where neither moment is known."""
        return self.due_at or self.locks_at

    @property
    def owner_name(self):
        """Who owes it, as people call them."""
        if self.owed_by == OwedBy.HEAD:
            return f"Khối trưởng ({self.unit.short})" if self.unit else "Khối trưởng (chưa có)"
        return self.unit.name if self.unit else self.get_owed_by_display()


class GivenWithReason(models.Model):
    """Something that an officer granted, and why."""

    reason = models.CharField("lý do", max_length=1000)
    given_at = models.DateTimeField("lúc", auto_now=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người quyết định"
    )

    class Meta:
        abstract = True


class Extension(GivenWithReason):
    """A later day for one who owes, and for nobody else."""

    obligation = models.OneToOneField(
        Obligation, on_delete=models.CASCADE, related_name="extension", verbose_name="việc phải làm"
    )
    due_at = models.DateTimeField("hạn mới", null=True, blank=True)  # empty: the due moment stays, only the lock moves
    locks_at = models.DateTimeField("nhận đến")

    class Meta:
        verbose_name = "gia hạn"
        verbose_name_plural = "gia hạn"
        constraints = [
            models.CheckConstraint(
                name="extension_locks_after_due", condition=Q(due_at=None) | Q(locks_at__gte=F("due_at"))
            ),
            models.CheckConstraint(name="extension_has_a_reason", condition=~Q(reason="")),
        ]


class Waiver(GivenWithReason):
    """Late, and yet counted as on time."""

    obligation = models.OneToOneField(
        Obligation, on_delete=models.CASCADE, related_name="waiver", verbose_name="việc phải làm"
    )

    class Meta:
        verbose_name = "miễn tính chậm"
        verbose_name_plural = "miễn tính chậm"
        constraints = [models.CheckConstraint(name="waiver_has_a_reason", condition=~Q(reason=""))]
