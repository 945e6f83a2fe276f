from django.contrib import admin

from awards.forms import AwardKindForm, LawVersionForm
from awards.models import AwardKind, AwardName, Decision, DecisionItem, LawVersion, Proposal, ProposedCount, Quota
from blocs.admin_site import ReadingAdmin, ReadingInline, ReferenceAdmin, ReferenceInline


@admin.register(LawVersion)
class LawVersionAdmin(ReferenceAdmin):
    form = LawVersionForm
    fixed = ["code"]
    list_display = ["code", "law", "decree", "valid_from", "valid_to", "confirmed"]
    search_fields = ["folded"]
    list_filter = ["confirmed"]


class AwardNameInline(ReferenceInline):
    model = AwardName
    fields = ["name", "law_version", "confirmed"]


@admin.register(AwardKind)
class AwardKindAdmin(ReferenceAdmin):
    form = AwardKindForm
    fixed = ["code"]
    list_display = ["name", "code", "family", "level", "confirmed", "source"]
    list_filter = ["confirmed", "family", "level"]
    search_fields = ["folded", "names__folded"]
    inlines = [AwardNameInline]
    lists = ["names"]


@admin.register(Quota)
class QuotaAdmin(ReadingAdmin):
    within = ["bloc_year__year__authority"]
    page, page_of = "bloc_setup", "bloc_year_id"
    list_display = ["bloc_year", "award", "max", "max_percent", "source"]
    list_filter = ["bloc_year__year", "award"]
    list_select_related = ["bloc_year__year", "award"]


@admin.register(Proposal)
class ProposalAdmin(ReadingAdmin):
    within = ["bloc_year__year__authority"]
    page, page_of = "proposals", "bloc_year_id"
    list_display = ["unit", "award", "bloc_year"]
    list_filter = ["bloc_year__year", "award"]
    list_select_related = ["unit", "award", "bloc_year__year"]
    search_fields = ["unit__folded", "bloc_year__folded"]


@admin.register(ProposedCount)
class ProposedCountAdmin(ReadingAdmin):
    within = ["bloc_year__year__authority"]
    page, page_of = "proposals", "bloc_year_id"
    list_display = ["bloc_year", "award", "count"]
    list_filter = ["bloc_year__year", "award"]
    list_select_related = ["bloc_year__year", "award"]


class DecisionItemInline(ReadingInline):
    model = DecisionItem
    fields = ["unit", "award"]


@admin.register(Decision)
class DecisionAdmin(ReadingAdmin):
    within = ["bloc_year__year__authority"]
    list_display = ["number", "dated", "issuer", "bloc_year"]
    list_filter = ["bloc_year__year"]
    list_select_related = ["bloc_year__year"]
    search_fields = ["bloc_year__folded", "folded"]
    inlines = [DecisionItemInline]
