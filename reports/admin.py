from django.contrib import admin

from blocs.admin_site import ReadingAdmin
from reports.models import Rendering, SummaryReport, UnitReport


@admin.register(UnitReport)
class UnitReportAdmin(ReadingAdmin):
    """Where a report stands. What it says is read on its own page by those who may."""

    within = ["bloc_year__year__authority"]
    list_display = ["unit", "bloc_year", "state", "submitted_at", "submitted_by"]
    list_filter = ["bloc_year__year", "state"]
    list_select_related = ["unit", "bloc_year__year", "submitted_by"]
    search_fields = ["unit__folded", "bloc_year__folded"]


@admin.register(SummaryReport)
class SummaryReportAdmin(ReadingAdmin):
    within = ["bloc_year__year__authority"]
    page = "summary_report"
    list_display = ["bloc_year", "state", "adopted_on", "submitted_at", "submitted_by"]
    list_filter = ["bloc_year__year", "state"]
    list_select_related = ["bloc_year__year", "submitted_by"]
    search_fields = ["bloc_year__folded"]


@admin.register(Rendering)
class RenderingAdmin(ReadingAdmin):
    exclude = ["file", "place"]  # addresses for the machine
    within = ["bloc_year__year__authority", "year__authority"]
    list_display = ["kind", "bloc_year", "state", "requested_at", "requested_by", "pages", "attempts"]
    list_filter = ["state", "kind", "bloc_year__year"]
    list_select_related = ["bloc_year__year", "requested_by"]
    search_fields = ["bloc_year__folded", "sha256"]
