"""Users and the seats that give them rights."""

import rules
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from blocs.enums import AUTHORITY_ROLES, BLOC_ROLES, BOARD_ROLES, UNIT_ROLES, Role
from blocs.folding import FoldedField, Searchable, SearchableQuerySet


class PersonQuerySet(SearchableQuerySet):
    def visible_to(self, user):
        """People for whom ``blocs.view_person`` holds (a test keeps the two equal): oneself; for board and
        administrator all who hold or held a seat in their authority; for a unit's leader those who have one in it."""
        seats = user.seats.in_force()
        kept = seats.filter(role__in=BOARD_ROLES).values("authority")
        led = seats.filter(role=Role.UNIT_LEADER).values("unit")
        theirs = Seat.objects.filter(
            Q(authority__in=kept) | Q(unit__authority__in=kept) | Q(bloc_year__year__authority__in=kept)
        )
        colleagues = Seat.objects.not_over().filter(unit__in=led)
        return self.filter(Q(pk=user.pk) | Q(pk__in=theirs.values("user")) | Q(pk__in=colleagues.values("user")))


class PeopleManager(UserManager.from_queryset(PersonQuerySet)):
    pass


class User(Searchable, AbstractUser):
    """A person who signs in. ``post`` is what papers and screens show."""

    post = models.CharField("chức danh", max_length=200, blank=True)
    phone = models.CharField("điện thoại", max_length=30, blank=True)
    first_name = None
    last_name = None
    full_name = models.CharField("họ tên", max_length=120, blank=True)
    folded = FoldedField("username", "post", "full_name", "email", "phone")

    objects = PeopleManager()

    class Meta:
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"

    def __str__(self):
        return self.post or self.full_name or self.username

    def has_perm(self, perm, obj=None):
        """Rights come from seats alone; a superuser flag means nothing here."""
        return self.is_active and rules.has_perm(perm, self, obj)

    def get_full_name(self):
        return self.full_name or str(self)

    def get_short_name(self):
        return str(self)


class SeatQuerySet(models.QuerySet):
    def in_force(self, day=None):
        day = day or timezone.localdate()
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))

    def having(self, *roles):
        return self.in_force().filter(role__in=roles)

    def not_over(self, day=None):
        """In force, or to come."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day or timezone.localdate()))


class Seat(models.Model):
    """The only source of rights: a role at an authority, in a bloc's year, or in a unit."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="seats", verbose_name="người dùng")
    role = models.CharField("vai trò", max_length=30, choices=Role)
    authority = models.ForeignKey(
        "blocs.Authority", on_delete=models.CASCADE, null=True, blank=True, verbose_name="cơ quan tổ chức thi đua"
    )
    bloc_year = models.ForeignKey(
        "blocs.BlocYear",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name="khối của năm",
    )
    unit = models.ForeignKey(
        "blocs.Unit", on_delete=models.CASCADE, null=True, blank=True, related_name="seats", verbose_name="đơn vị"
    )
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày", null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = "vị trí"
        verbose_name_plural = "vị trí"
        constraints = [
            models.CheckConstraint(
                name="seat_scope_fits_role",
                condition=Q(role__in=sorted(AUTHORITY_ROLES), authority__isnull=False, bloc_year=None, unit=None)
                | Q(role__in=sorted(BLOC_ROLES), bloc_year__isnull=False, authority=None, unit=None)
                | Q(role__in=sorted(UNIT_ROLES), unit__isnull=False, authority=None, bloc_year=None),
            ),
            models.UniqueConstraint(
                "user",
                "role",
                Coalesce("authority", 0),
                Coalesce("bloc_year", 0),
                Coalesce("unit", 0),
                name="one_seat_per_user_and_scope",
            ),
            models.CheckConstraint(
                name="seat_ends_after_it_begins",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self):
        where = self.authority or self.bloc_year or self.unit
        return f"{self.get_role_display()} · {where}"

    @property
    def authority_at(self):
        """The id of the authority in which the seat is."""
        return self.authority_id or (self.unit or self.bloc_year.year).authority_id

    def is_over(self, day=None):
        return self.valid_to is not None and self.valid_to < (day or timezone.localdate())


class InvitationQuerySet(models.QuerySet):
    def open(self, now=None):
        """Those that still open the door."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now or timezone.now())


class Invitation(models.Model):
    """A way in for one person, by a link or a printed slip. Only the digest of the secret is stored."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations", verbose_name="người dùng")
    digest = models.CharField("dấu của mã", max_length=64, unique=True)
    created_at = models.DateTimeField("cấp lúc", auto_now_add=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người cấp"
    )
    expires_at = models.DateTimeField("hết hạn lúc")
    used_at = models.DateTimeField("đã dùng lúc", null=True, blank=True)
    revoked_at = models.DateTimeField("đã thu hồi lúc", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "thư mời"
        verbose_name_plural = "thư mời"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="invitation_used_or_revoked", condition=Q(used_at=None) | Q(revoked_at=None)),
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at=None, revoked_at=None), name="one_open_invitation_per_user"
            ),
        ]

    def __str__(self):
        return f"Thư mời {self.user}"


class RetentionClass(Searchable):
    """How long a class of record is kept; a job removes what is older."""

    code = models.CharField("mã", max_length=40, unique=True)
    name = models.CharField("loại hồ sơ", max_length=200)
    keep_days = models.PositiveIntegerField("giữ (ngày)", null=True, blank=True, help_text="Để trống: giữ vĩnh viễn.")
    source = models.CharField("căn cứ", max_length=500, blank=True)
    confirmed = models.BooleanField("đã kiểm chứng", default=False)
    folded = FoldedField("name", "source")

    class Meta:
        verbose_name = "thời hạn lưu giữ"
        verbose_name_plural = "thời hạn lưu giữ"
        ordering = ["code"]

    def __str__(self):
        return self.name
