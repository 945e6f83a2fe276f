from django.contrib import admin
from django.db.models import Q

from blocs.admin_site import ActGroupFilter, MilestoneFilter, ReadingAdmin, ReadingInline, ReferenceAdmin
from blocs.domain import audit_reading
from blocs.domain.deadlines import of_obligation
from blocs.models import (
    AuditEvent,
    Authority,
    Bloc,
    BlocType,
    BlocYear,
    Conference,
    Covenant,
    Holiday,
    LegalDocument,
    Membership,
    Obligation,
    RetentionClass,
    RuleSet,
    Seat,
    Signature,
    Succession,
    Target,
    Unit,
    UnitRename,
    UnitYear,
    User,
    Year,
)
from blocs.templatetags.vietnamese import moment

# ---------------------------------------------------------------- people


class SeatInline(ReadingInline):
    model = Seat
    fields = ["role", "authority", "bloc_year", "unit", "valid_from", "valid_to"]
    verbose_name_plural = "vị trí (cấp, kết thúc ở trang của người dùng)"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("authority", "bloc_year__year", "unit")


@admin.register(User)
class UserAdmin(ReadingAdmin):
    """Accounts are made, opened by invitation and stopped on the application's own page."""

    page = "person"
    list_display = ["username", "post", "full_name", "is_active", "last_login"]
    list_filter = ["is_active", "seats__role"]
    search_fields = ["folded"]
    ordering = ["username"]
    inlines = [SeatInline]
    fieldsets = [
        (None, {"fields": ["username", "is_active"]}),
        ("Người dùng", {"fields": ["post", "full_name"]}),  # how to reach them is read, with a trail, on their page
        ("Thời điểm", {"fields": ["last_login", "date_joined"]}),
    ]

    def get_queryset(self, request):
        """People of the authorities that this administrator keeps, and those whose last seat was taken away."""
        seen = User.objects.visible_to(request.user).values("pk")
        return super().get_queryset(request).filter(Q(pk__in=seen) | ~Q(pk__in=Seat.objects.values("user")))


@admin.register(Seat)
class SeatAdmin(ReadingAdmin):
    """Given, ended and handed over on the page of the person."""

    within = ["authority", "bloc_year__year__authority", "unit__authority"]
    page, page_of = "person", "user_id"
    list_display = ["user", "role", "authority", "bloc_year", "unit", "valid_from", "valid_to"]
    list_filter = ["role", "authority", "bloc_year__year"]
    list_select_related = ["user", "authority", "bloc_year__year", "unit"]
    search_fields = ["user__folded", "bloc_year__folded", "unit__in_years__folded"]


# ---------------------------------------------------------------- reference data


@admin.register(Authority)
class AuthorityAdmin(ReferenceAdmin):
    within = ["pk"]
    fixed = ["code"]
    list_display = ["name", "code", "place", "board"]


@admin.register(Unit)
class UnitAdmin(ReadingAdmin):
    within = ["authority"]
    page = "unit_detail"
    list_display = ["code", "authority", "valid_from", "valid_to"]
    list_filter = ["authority"]
    list_select_related = ["authority"]
    search_fields = ["code", "in_years__folded"]
    ordering = ["code"]

    def page_id(self, obj):
        """Its page is that of its latest year."""
        return _latest(obj.in_years)


@admin.register(UnitYear)
class UnitYearAdmin(ReadingAdmin):
    within = ["year__authority"]
    page = "unit_detail"
    list_display = ["name", "short_name", "year", "unit", "kind"]
    list_filter = ["year__authority", "year"]
    list_select_related = ["year", "unit"]
    search_fields = ["folded", "unit__code"]
    exclude = ["position"]


@admin.register(BlocType)
class BlocTypeAdmin(ReferenceAdmin):
    within = ["authority"]
    fixed = ["authority", "code"]
    list_display = ["name", "code", "authority", "min_members", "max_members", "source"]
    list_filter = ["authority"]
    search_fields = ["folded"]


@admin.register(LegalDocument)
class LegalDocumentAdmin(ReferenceAdmin):
    fixed = ["name"]
    list_display = ["name", "valid_from", "valid_to", "replaced_by", "confirmed"]
    list_filter = ["confirmed"]
    search_fields = ["folded"]


@admin.register(RetentionClass)
class RetentionClassAdmin(ReferenceAdmin):
    fixed = ["code"]
    list_display = ["name", "keep_days", "source", "confirmed"]
    list_filter = ["confirmed"]
    search_fields = ["folded"]

    def has_add_permission(self, request):
        return False  # a class without code behind it would promise what nobody does


@admin.register(Holiday)
class HolidayAdmin(ReferenceAdmin):
    list_display = ["on", "name", "source"]
    search_fields = ["folded"]
    date_hierarchy = "on"


# ---------------------------------------------------------------- to look things up


@admin.register(Year)
class YearAdmin(ReadingAdmin):
    within = ["authority"]
    page = "year_detail"
    list_display = ["label", "authority", "starts_on", "ends_on", "theme"]
    list_filter = ["authority"]
    list_select_related = ["authority"]
    search_fields = ["label"]


@admin.register(Bloc)
class BlocAdmin(ReadingAdmin):
    within = ["authority"]
    page = "bloc_detail"
    list_display = ["code", "authority"]
    list_select_related = ["authority"]
    search_fields = ["code", "in_years__folded"]

    def page_id(self, obj):
        """Its page is that of its latest year."""
        return _latest(obj.in_years)


def _latest(in_years):
    """Shape: rows of one thing in its years -> id or None"""
    return in_years.order_by("-year__starts_on", "-pk").values_list("pk", flat=True).first()


class MembershipInline(ReadingInline):
    model = Membership
    fields = ["unit", "role", "deputy_rank"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("unit", "bloc_year__year")


@admin.register(BlocYear)
class BlocYearAdmin(ReadingAdmin):
    within = ["year__authority"]
    page = "bloc_detail"
    list_display = ["name", "year", "kind", "supervisor"]
    list_filter = ["year__authority", "year", "kind"]
    list_select_related = ["year"]
    search_fields = ["folded", "bloc__code"]
    inlines = [MembershipInline]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("year")


@admin.register(Membership)
class MembershipAdmin(ReadingAdmin):
    within = ["bloc_year__year__authority"]
    page, page_of = "bloc_detail", "bloc_year_id"
    list_display = ["unit", "bloc_year", "role", "deputy_rank"]
    list_filter = ["bloc_year__year", "role"]
    list_select_related = ["unit", "bloc_year__year"]
    search_fields = ["unit__folded", "bloc_year__folded"]


class SignatureInline(ReadingInline):
    model = Signature
    fields = ["unit", "signed_on"]


@admin.register(Covenant)
class CovenantAdmin(ReadingAdmin):
    within = ["bloc_year__year__authority"]
    page, page_of = "covenant", "bloc_year_id"
    list_display = ["bloc_year", "signed_on"]
    list_filter = ["bloc_year__year"]
    list_select_related = ["bloc_year__year"]
    search_fields = ["bloc_year__folded"]
    inlines = [SignatureInline]


@admin.register(Target)
class TargetAdmin(ReadingAdmin):
    within = ["covenant__bloc_year__year__authority"]
    page, page_of = "covenant", "covenant.bloc_year_id"
    list_display = ["__str__", "bloc_year", "of", "op", "value", "unit_of_measure"]
    list_filter = ["covenant__bloc_year__year"]
    list_select_related = ["covenant__bloc_year__year", "of"]
    search_fields = ["covenant__bloc_year__folded", "code"]

    @admin.display(description="khối")
    def bloc_year(self, target):
        return target.covenant.bloc_year


@admin.register(Conference)
class ConferenceAdmin(ReadingAdmin):
    within = ["year__authority"]
    page, page_of = "bloc_detail", "bloc_year_id"
    list_display = ["kind", "bloc_year", "year", "held_on"]
    list_filter = ["year", "kind"]
    list_select_related = ["bloc_year__year", "year"]


@admin.register(RuleSet)
class RuleSetAdmin(ReadingAdmin):
    """Read here; drafted, published and told in words on their own pages."""

    page = "rule_set_detail"
    list_display = ["__str__", "authority_code", "scope", "scope_code", "valid_from", "valid_to", "published_at"]
    list_filter = ["authority_code", "scope"]
    exclude = ["content"]
    search_fields = ["code"]

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)


@admin.register(Succession)
class SuccessionAdmin(ReadingAdmin):
    within = ["predecessor__authority"]
    list_display = ["predecessor", "successor", "kind", "on", "document"]
    list_filter = ["kind"]
    list_select_related = ["predecessor", "successor"]
    search_fields = ["predecessor__in_years__folded", "successor__in_years__folded"]


@admin.register(UnitRename)
class UnitRenameAdmin(ReadingAdmin):
    within = ["unit__authority"]
    list_display = ["old_name", "new_name", "on", "document"]
    search_fields = ["folded"]


@admin.register(Obligation)
class ObligationAdmin(ReadingAdmin):
    within = ["bloc_year__year__authority"]
    page = "obligation"
    list_display = ["label", "unit", "bloc_year", "due_at", "locks_at", "received_at", "is_on_time"]
    list_filter = ["bloc_year__year", "owed_by", MilestoneFilter]
    list_select_related = ["unit", "bloc_year__year"]
    search_fields = ["unit__folded", "bloc_year__folded"]
    fields = [
        "label", "bloc_year", "unit", "owed_by", "due_at", "grace_until", "locks_at", "received_at", "is_on_time",
        "missed",
    ]  # fmt: skip

    @admin.display(description="mốc", ordering="code")
    def label(self, row):
        return row.label

    @admin.display(description="còn tính đúng hạn đến")
    def grace_until(self, row):
        until = of_obligation(row).grace_until
        return moment(until) if until else "-"


@admin.register(AuditEvent)
class AuditEventAdmin(ReadingAdmin):
    list_display = ["at", "actor", "act", "target_label", "note"]
    list_filter = ["at", ActGroupFilter]
    search_fields = ["folded"]
    date_hierarchy = "at"
    fields = ["at", "actor", "act", "target_label", "before_shown", "after_shown", "note"]
    show_full_result_count = False

    def get_queryset(self, request):
        """Events of this administrator's authorities, and those that belong to none."""
        return super().get_queryset(request).visible_to(request.user)

    def get_search_results(self, request, queryset, search_term):
        """The words of the act too, as on the page, and the name of who did it."""
        return queryset.search(search_term, with_actor=True), False

    @admin.display(description="việc", ordering="action")
    def act(self, event):
        return audit_reading.action_of(event)

    @admin.display(description="trước")
    def before_shown(self, event):
        return _content(event, event.before)

    @admin.display(description="sau")
    def after_shown(self, event):
        return _content(event, event.after)


def _content(event, value):
    """What was recorded before or after, in words, a line a thing."""
    alone = AuditEvent(action=event.action, target=event.target, after=value)
    return "\n".join(audit_reading.lines_of(alone)) or "–"
