"""One bloc's setting on a page, and its own quotas."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from awards.domain import own_quotas
from awards.models import AwardKind
from awards.quota_forms import QuotaForm
from blocs.domain import bloc_table, leaders, organisation, own_dates, rulesets
from blocs.enums import label_of
from blocs.models import BlocYear
from blocs.organisation_forms import EditForm
from blocs.views.organisation import answer, edited, saved, seen


@login_required
@require_GET
def bloc_setup(request, pk):
    """Everything that the board sets up for a bloc's year, section by section."""
    row = seen(request, pk)
    is_board = request.user.has_perm("blocs.edit_organisation", row)
    twin = BlocYear(pk=0, year=row.year, bloc=row.bloc, type=row.type)
    quotas = own_quotas.lines(row)
    context = {
        "bloc_year": row,
        "row": bloc_table.of_one(row),
        "members": row.memberships.select_related("unit").order_by("position", "pk"),
        "deputies_max": leaders.deputies_max(row),
        "without_pin": rulesets.of(twin),
        "dates": own_dates.lines(row),
        "more_dates": [(code, label_of(code)) for code in own_dates.open_codes(row)],
        "quotas": quotas,
        "more_quotas": AwardKind.objects.exclude(code__in=[line.award.code for line in quotas]),
        "may_edit": is_board and not row.is_closed,
        "why_not": _why_not(row, is_board=is_board),
    }
    return render(request, "awards/bloc_setup.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def bloc_quota(request, pk, award):
    """The bloc's own quota of one award."""
    row, kind = edited(request, pk), get_object_or_404(AwardKind, code=award)
    quota = row.quotas.filter(award=kind).first()
    initial = {"way": "max", "opened": organisation.digest(own_quotas.shown(row, kind.code))}
    if quota:
        names = ("max", "by_size", "max_percent", "base", "rounding", "source")
        initial |= {name: getattr(quota, name) for name in names} | {"way": _way(quota)}
        for name in ("after", "shared_with"):
            initial[name] = AwardKind.objects.filter(code__in=getattr(quota, name))
    form = QuotaForm(request.POST or None, award=kind.code, is_open=row.year.is_open, initial=initial)
    line = next((line for line in own_quotas.lines(row) if line.award == kind), None)
    does = f"Theo bộ quy tắc: {line.rule}." if line and line.rule else "Bộ quy tắc không giao chỉ tiêu này cho khối."
    page = {"title": f"Chỉ tiêu riêng: {kind}", "bloc_year": row, "button": "Lưu chỉ tiêu", "does": does}

    def save():
        return own_quotas.set_quota(row.pk, kind.code, form.quota(), by=request.user, **form.kept)

    def done(limit):
        return saved(request, row, f"Đã lưu chỉ tiêu {kind}: khối được {limit.max} ({limit.how}).")(limit)

    return answer(request, form, save, page, done)


@login_required
@require_http_methods(["GET", "POST"])
def bloc_quota_clear(request, pk, award):
    """Back to the quota of the rule set."""
    row, kind = edited(request, pk), get_object_or_404(AwardKind, code=award)
    get_object_or_404(row.quotas, award=kind)
    initial = {"opened": organisation.digest(own_quotas.shown(row, kind.code))}
    form = EditForm(request.POST or None, is_open=row.year.is_open, initial=initial)
    line = next(line for line in own_quotas.lines(row) if line.award == kind)
    does = f"Bỏ chỉ tiêu riêng ({own_quotas.in_words(line.own)}); sau đó theo bộ quy tắc: {line.rule or 'không giao'}."
    page = {"title": f"Bỏ chỉ tiêu riêng: {kind}", "bloc_year": row, "button": "Bỏ chỉ tiêu riêng", "does": does}

    def save():
        return own_quotas.set_quota(row.pk, kind.code, None, by=request.user, **form.kept)

    return answer(request, form, save, page, saved(request, row, f"Đã bỏ chỉ tiêu riêng {kind}."))


def _way(quota):
    if quota.max is not None:
        return "max"
    return "by_size" if quota.by_size else "max_percent"


def _why_not(row, *, is_board):
    if not is_board:
        return "Chuyên viên Ban Thi đua - Khen thưởng sửa; trang này chỉ để xem."
    if row.is_closed:
        return "Khối đã gửi báo cáo tổng kết hoặc đã có quyết định khen thưởng; tổ chức của khối không sửa được nữa."
    return ""
