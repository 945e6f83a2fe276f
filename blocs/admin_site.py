"""The administrators' pages: one door, two kinds of tables, and a trail of every write."""

from functools import reduce, update_wrapper
from operator import attrgetter, or_

from django.contrib import admin
from django.db import models, transaction
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse

from blocs.audit_words import GROUPS
from blocs.domain import audit, reference
from blocs.enums import Role, label_of
from blocs.errors import EditedMeanwhile
from blocs.folding import fold
from blocs.models import Authority

SPOKEN = {"True": "có", "False": "không", "None": "chưa rõ", "Search": "Tìm kiếm"}  # written so in Django's own source


def name_pictures(response):
    """What pictures say aloud, in Vietnamese."""
    for english, words in SPOKEN.items():
        response.content = response.content.replace(f'alt="{english}"'.encode(), f'alt="{words}"'.encode())


class EmulationAdminSite(admin.AdminSite):
    """Open to holders of an administrator's seat; to everybody else who is signed in it does not exist."""

    site_header = "Quản trị hệ thống thi đua, khen thưởng"
    site_title = "Quản trị"
    index_title = "Danh mục, người dùng và tra cứu"
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request):
        return request.user.is_active and request.user.seats.having(Role.ADMINISTRATOR).exists()

    def admin_view(self, view, cacheable=False):  # noqa: FBT002 -- Django's signature
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            response = inner(request, *args, **kwargs)
            if isinstance(response, TemplateResponse):
                response.add_post_render_callback(name_pictures)
            return response

        return update_wrapper(guarded, view)

    def register(self, model_or_iterable, admin_class=None, **options):
        """Only tables that keep the trail; what packages register for themselves stays out."""
        if admin_class and issubclass(admin_class, ReferenceAdmin | ReadingAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def password_change(self, request, extra_context=None):
        with transaction.atomic():
            before = request.user.password
            response = super().password_change(request, extra_context)
            record_new_password(request, request.user, before)
        return response


def record_new_password(request, user, before):
    """That a password was set, never what it is."""
    user.refresh_from_db(fields=["password"])
    if user.password != before:
        audit.record("admin.set_password", by=request.user, target=user)


class Administered:
    """Rights come from the seat that opened the site, not from Django's permission tables."""

    show_facets = admin.ShowFacets.NEVER
    within = ()  # the ways to the authority whose rows these are; none: shared by all
    page = ""  # the name of the row's own page, for the link "xem trên trang"
    page_of = "pk"  # the column that this page is about; with dots, of a row that this one belongs to

    def get_queryset(self, request):
        """Rows of the authorities that this administrator keeps."""
        rows = super().get_queryset(request)
        if not self.within:
            return rows
        kept = Authority.objects.kept_by(request.user).values("pk")
        ours = reduce(or_, (models.Q(**{f"{way}__in": kept}) for way in self.within))
        return rows.filter(pk__in=self.model._default_manager.filter(ours).values("pk"))  # noqa: SLF001 -- documented name

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Only rows that this administrator may see can be chosen."""
        if self.admin_site.is_registered(db_field.related_model):
            shown_there = self.admin_site.get_model_admin(db_field.related_model)
            kwargs["queryset"] = shown_there.get_queryset(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        """Words without accents find names with them, and the other way round."""
        if any(name.endswith("folded") for name in self.search_fields):
            search_term = fold(search_term)
        return super().get_search_results(request, queryset, search_term)

    def page_id(self, obj):
        """The id that the row's own page takes; None for a row without one."""
        return attrgetter(self.page_of)(obj)

    def view_on_site(self, obj):
        found = self.page_id(obj) if self.page else None
        return reverse(self.page, args=[found]) if found else None

    def has_module_permission(self, request):
        return True

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class MilestoneFilter(admin.SimpleListFilter):
    """Milestones under the names that people know."""

    title, parameter_name = "mốc", "code"

    def lookups(self, request, model_admin):
        codes = model_admin.get_queryset(request).order_by("code").values_list("code", flat=True).distinct()
        return [(code, label_of(code)) for code in codes]

    def queryset(self, request, queryset):
        return queryset.filter(code=self.value()) if self.value() else queryset


class ActGroupFilter(admin.SimpleListFilter):
    """Acts by the groups of the page “Nhật ký”."""

    title, parameter_name = "nhóm việc", "group"

    def lookups(self, request, model_admin):
        return [(key, label) for key, (label, _) in GROUPS.items()]

    def queryset(self, request, queryset):
        return queryset.of_group(self.value()) if self.value() else queryset


class ReadingAdmin(Administered, admin.ModelAdmin):
    """A table to look things up in. The application's own pages write it."""


class ReadingInline(Administered, admin.TabularInline):
    extra = 0
    show_change_link = False


class ReferenceAdmin(Administered, admin.ModelAdmin):
    """A table that administrators keep: rows are added and changed, not deleted."""

    fixed = ()  # fields that files and papers refer to: chosen once
    lists = ()  # names of the lists that stand on the same form
    change_form_template = "blocs/reference_form.html"

    def has_add_permission(self, request):
        return True

    def has_change_permission(self, request, obj=None):
        return True

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return [*fields, *self.fixed] if obj else fields

    def get_form(self, request, obj=None, change=False, **kwargs):  # noqa: FBT002 -- Django's signature
        """The form carries what it was opened with, so that of two writers the second is shown both."""
        lists = self.lists

        class Kept(super().get_form(request, obj, change, **kwargs)):
            conflict = None

            def clean(self):
                data = super().clean()
                if self.instance.pk:
                    try:
                        opened = self.data.get("over") or self.data.get("opened", "")
                        reference.check_unchanged(self.instance, opened, lists=lists)
                    except EditedMeanwhile as error:
                        self.conflict = error
                        self.add_error(None, str(error))
                return data

        return Kept

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        form = context["adminform"].form
        if obj:
            context["opened"] = form.data.get("opened") if form.is_bound else reference.opened_with(obj, self.lists)
            context["conflict"] = form.conflict
        response = super().render_change_form(request, context, *args, obj=obj, **kwargs)
        if context.get("conflict"):
            response.status_code = 409
        return response

    def save_model(self, request, obj, form, change):
        reference.save(obj, by=request.user, names=form.changed_data)

    def save_formset(self, request, form, formset, change):
        """Rows of an inline, each with its own event."""
        formset.save(commit=False)
        for row, names in [*((row, []) for row in formset.new_objects), *formset.changed_objects]:
            reference.save(row, by=request.user, names=names)


class ReferenceInline(Administered, admin.TabularInline):
    extra = 1
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return True

    def has_change_permission(self, request, obj=None):
        return True
