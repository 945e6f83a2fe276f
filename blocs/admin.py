from django.contrib import admin
from django.contrib.admin.utils import display_for_field, unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.db import transaction
from django.urls import reverse
from django.utils.html import format_html

from blocs.admin_site import ReadingAdmin, ReadingInline, ReferenceAdmin, record_new_password, shown
from blocs.domain import audit
from blocs.enums import Role
from blocs.forms import NewPasswordForm, SeatForm
from blocs.models import (
    AuditEvent,
    Authority,
    Bloc,
    BlocYear,
    Conference,
    Covenant,
    Membership,
    Seat,
    Signature,
    Target,
    Unit,
    UnitYear,
    User,
    Year,
)

# ---------------------------------------------------------------- people


class SeatInline(ReadingInline):
    model = Seat
    fields = ["role", "authority", "bloc_year", "unit", "valid_from", "valid_to"]
    verbose_name_plural = "vị trí (thêm, sửa ở bảng Vị trí)"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("authority", "bloc_year__year", "unit")


@admin.register(User)
class UserAdmin(ReferenceAdmin, DjangoUserAdmin):
    form = DjangoUserAdmin.form.__base__  # a plain form: the stored password is not part of it
    add_form = UserCreationForm
    add_form_template = None
    change_password_form = NewPasswordForm
    change_user_password_template = "blocs/user_password.html"  # noqa: S105 -- a path
    list_display = ["username", "post", "full_name", "phone", "is_active", "last_login"]
    list_filter = ["is_active", "seats__role"]
    search_fields = ["username", "post", "full_name"]
    filter_horizontal = []
    readonly_fields = ["new_password", "last_login", "date_joined"]
    inlines = [SeatInline]
    fieldsets = [
        (None, {"fields": ["username", "new_password", "is_active"]}),
        ("Người dùng", {"fields": ["post", "full_name", "phone", "email"]}),
        ("Thời điểm", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2"]}),
        ("Người dùng", {"fields": ["post", "full_name", "phone", "email"]}),
    ]

    @admin.display(description="mật khẩu")
    def new_password(self, user):
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('<a href="{}">Đặt mật khẩu mới</a> (mật khẩu đang dùng không xem được)', address)

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def get_readonly_fields(self, request, obj=None):
        """Nobody closes his own account by mistake."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "is_active"] if obj == request.user else fields

    def user_change_password(self, request, id, form_url=""):  # noqa: A002 -- Django's signature
        with transaction.atomic():
            user = self.get_object(request, unquote(id))
            before = user.password if user else ""
            response = super().user_change_password(request, id, form_url)
            record_new_password(request, user, before)
        return response


@admin.register(Seat)
class SeatAdmin(ReferenceAdmin):
    form = SeatForm
    list_display = ["user", "role", "authority", "bloc_year", "unit", "valid_from", "valid_to"]
    list_filter = ["role", "authority", "bloc_year__year"]
    list_select_related = ["user", "authority", "bloc_year__year", "unit"]
    search_fields = ["user__username", "user__post", "user__full_name", "bloc_year__name", "unit__in_years__name"]
    autocomplete_fields = ["user", "bloc_year", "unit"]

    def has_change_permission(self, request, obj=None):
        return not _is_own_door(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return not _is_own_door(request.user, obj)

    def delete_model(self, request, obj):
        audit.record("admin.delete", by=request.user, target=obj, before=shown(obj))
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        for seat in queryset:
            self.delete_model(request, seat)


def _is_own_door(user, seat):
    """The seat through which an administrator came in; another administrator takes it away."""
    return seat is not None and seat.user_id == user.pk and seat.role == Role.ADMINISTRATOR


# ---------------------------------------------------------------- reference data


@admin.register(Authority)
class AuthorityAdmin(ReferenceAdmin):
    fixed = ["code"]
    list_display = ["name", "code", "place", "board"]


@admin.register(Unit)
class UnitAdmin(ReferenceAdmin):
    fixed = ["authority", "code"]
    list_display = ["code", "authority", "valid_from", "valid_to"]
    list_filter = ["authority"]
    list_select_related = ["authority"]
    search_fields = ["code", "in_years__name"]
    ordering = ["code"]


@admin.register(UnitYear)
class UnitYearAdmin(ReferenceAdmin):
    fixed = ["year", "unit"]
    list_display = ["name", "short_name", "year", "unit", "kind"]
    list_filter = ["year__authority", "year"]
    list_select_related = ["year", "unit"]
    search_fields = ["name", "short_name", "unit__code"]
    autocomplete_fields = ["year", "unit"]
    exclude = ["position"]


# ---------------------------------------------------------------- to look things up


@admin.register(Year)
class YearAdmin(ReadingAdmin):
    list_display = ["label", "authority", "starts_on", "ends_on", "theme"]
    list_filter = ["authority"]
    list_select_related = ["authority"]
    search_fields = ["label"]


@admin.register(Bloc)
class BlocAdmin(ReadingAdmin):
    list_display = ["code", "authority"]
    list_select_related = ["authority"]
    search_fields = ["code", "in_years__name"]


class MembershipInline(ReadingInline):
    model = Membership
    fields = ["unit", "role", "deputy_rank"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("unit", "bloc_year__year")


@admin.register(BlocYear)
class BlocYearAdmin(ReadingAdmin):
    list_display = ["name", "year", "kind", "supervisor"]
    list_filter = ["year__authority", "year", "kind"]
    list_select_related = ["year"]
    search_fields = ["name", "bloc__code"]
    inlines = [MembershipInline]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("year")


@admin.register(Membership)
class MembershipAdmin(ReadingAdmin):
    list_display = ["unit", "bloc_year", "role", "deputy_rank"]
    list_filter = ["bloc_year__year", "role"]
    list_select_related = ["unit", "bloc_year__year"]
    search_fields = ["unit__name", "bloc_year__name"]


class SignatureInline(ReadingInline):
    model = Signature
    fields = ["unit", "signed_on"]


@admin.register(Covenant)
class CovenantAdmin(ReadingAdmin):
    list_display = ["bloc_year", "signed_on"]
    list_filter = ["bloc_year__year"]
    list_select_related = ["bloc_year__year"]
    search_fields = ["bloc_year__name"]
    inlines = [SignatureInline]


@admin.register(Target)
class TargetAdmin(ReadingAdmin):
    list_display = ["__str__", "bloc_year", "of", "op", "value", "unit_of_measure"]
    list_filter = ["covenant__bloc_year__year"]
    list_select_related = ["covenant__bloc_year__year", "of"]
    search_fields = ["text", "code", "covenant__bloc_year__name", "of__name"]

    @admin.display(description="khối")
    def bloc_year(self, target):
        return target.covenant.bloc_year


@admin.register(Conference)
class ConferenceAdmin(ReadingAdmin):
    list_display = ["kind", "bloc_year", "year", "held_on"]
    list_filter = ["year", "kind"]
    list_select_related = ["bloc_year__year", "year"]


@admin.register(AuditEvent)
class AuditEventAdmin(ReadingAdmin):
    list_display = ["at", "actor", "action", "target_label", "note"]
    list_filter = ["at", "action"]
    search_fields = ["actor", "action", "target", "target_label", "note"]
    date_hierarchy = "at"
    fields = ["at", "actor", "action", "target", "target_label", "before_shown", "after_shown", "note"]
    show_full_result_count = False

    @admin.display(description="trước")
    def before_shown(self, event):
        return _content(event, event.before)

    @admin.display(description="sau")
    def after_shown(self, event):
        return _content(event, event.after)


UNIT_RESULTS = frozenset({"covenant.record_unit_result", "covenant.clear_unit_result"})


def _content(event, value):
    """What a unit wrote into its report before sending it is its own."""
    if (".save" in event.action and event.target.startswith("reports.unitreport:")) or event.action in UNIT_RESULTS:
        return "(nội dung báo cáo của đơn vị, xem trong báo cáo khi đã gửi)"
    return display_for_field(value, AuditEvent._meta.get_field("after"), "–")  # noqa: SLF001
