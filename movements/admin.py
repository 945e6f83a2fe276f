from django.contrib import admin

from blocs.admin_site import ReadingAdmin, ReadingInline
from movements.models import Coordinator, Indicator, Movement


class IndicatorInline(ReadingInline):
    model = Indicator
    fields = ["code", "text", "unit_of_measure", "target"]


class CoordinatorInline(ReadingInline):
    model = Coordinator
    fields = ["unit"]


@admin.register(Movement)
class MovementAdmin(ReadingAdmin):
    within = ["year__authority"]
    page = "movement_detail"
    list_display = ["name", "year", "launched_by", "owner", "launched_on", "ends_on"]
    list_filter = ["year__authority", "year", "launched_by"]
    list_select_related = ["year", "owner"]
    search_fields = ["folded", "owner__folded"]
    inlines = [IndicatorInline, CoordinatorInline]
