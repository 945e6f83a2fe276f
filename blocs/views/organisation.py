"""The board edits the organisation of a year: its blocs, who leads them, when things are due there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from blocs.domain import bloc_edits, bloc_table, leaders, organisation, own_dates
from blocs.errors import DomainError, EditedMeanwhile
from blocs.models import BlocYear, Covenant
from blocs.organisation_forms import BlocForm, DateForm, EditForm, LeadersForm, OrganisationFilter
from blocs.templatetags.vietnamese import moment
from blocs.years import current_year


@login_required
@require_GET
def organisation_page(request):
    """The blocs of the year as a tree."""
    year = current_year(request)
    if year is None or not request.user.has_perm("blocs.view_organisation", year):
        raise Http404
    narrow = OrganisationFilter(
        request.GET, rows=BlocYear.objects.visible_to(request.user).filter(year=year), year=year
    )
    rows = bloc_table.rows(narrow.found())
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "year": year,
        "filter": narrow,
        "page": Paginator(rows, 50).get_page(request.GET.get("trang")),
        "query": query.urlencode(),
        "units": sum(row.size for row in rows),
        "warned": sum(bool(row.warnings) for row in rows),
        "may_edit": request.user.has_perm("blocs.edit_organisation", year),
    }
    return render(request, "blocs/organisation.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def bloc_add(request):
    year = current_year(request)
    if year is None or not request.user.has_perm("blocs.edit_organisation", year):
        raise Http404
    form = BlocForm(request.POST or None, year=year)
    page = {"title": "Thêm cụm, khối", "year": year, "button": "Thêm vào năm", "does": ADDS}

    def save():
        return bloc_edits.save_bloc(year.pk, form.values(), by=request.user, **form.kept)

    def done(row):
        messages.success(request, f"Đã thêm {row.name}. Bước tiếp theo: chọn đơn vị thành viên.")
        return redirect("bloc_members", row.pk)

    return answer(request, form, save, page, done)


@login_required
@require_http_methods(["GET", "POST"])
def bloc_edit(request, pk):
    row = edited(request, pk)
    initial = {name: getattr(row, name) for name in BLOC_COLUMNS} | {"code": row.bloc.code}
    initial["opened"] = organisation.digest(bloc_edits.shown(row))
    form = BlocForm(request.POST or None, year=row.year, bloc_year=row, initial=initial)
    page = {"title": "Sửa cụm, khối", "bloc_year": row, "button": "Lưu", "does": EDITS}
    if Covenant.objects.filter(bloc_year=row, closed_at__isnull=False).exists():
        page["does"] += " Giao ước của khối đã chốt: bản giao ước giữ nguyên tên và khẩu hiệu lúc chốt."

    def save():
        return bloc_edits.save_bloc(row.year_id, form.values(), by=request.user, bloc_year_id=row.pk, **form.kept)

    return answer(request, form, save, page, saved(request, row, f"Đã lưu {row.name}."))


@login_required
@require_http_methods(["GET", "POST"])
def bloc_remove(request, pk):
    row = edited(request, pk)
    form = EditForm(request.POST or None, is_open=row.year.is_open)
    found, size = bloc_edits.hanging(row), row.memberships.count()
    does = f"{row.name} sẽ không còn trong năm {row.year.label}; {size} đơn vị thành viên sẽ không thuộc khối này nữa."
    why_not = f"Không xóa được, khối đã có: {', '.join(found)}." if found else ""
    page = {"title": "Xóa khỏi năm", "bloc_year": row, "button": "Xóa khỏi năm", "does": does, "why_not": why_not}

    def save():
        bloc_edits.remove_bloc(row.pk, by=request.user, reason=form.kept["reason"])

    def done(_):
        messages.success(request, f"Đã xóa {row.name} khỏi năm {row.year.label}.")
        return redirect("organisation")

    return answer(request, form, save, page, done)


@login_required
@require_http_methods(["GET", "POST"])
def bloc_leaders(request, pk):
    row = edited(request, pk)
    head, deputies = leaders.leading(row)
    initial = {"head": head, "opened": organisation.digest(leaders.shown(row))}
    initial |= {f"deputy_{rank}": unit for rank, unit in enumerate(deputies, 1)}
    form = LeadersForm(request.POST or None, bloc_year=row, initial=initial)
    does = SEATS_NOW if row.year.is_open else SEATS_LATER
    page = {"title": "Khối trưởng, Khối phó", "bloc_year": row, "button": "Lưu", "does": does}

    def save():
        chosen, deputies = form.chosen()
        return leaders.set_leaders(row.pk, head=chosen, deputies=deputies, by=request.user, **form.kept)

    def done(changed):
        for words in _about_seats(changed):
            messages.info(request, words)
        return saved(request, row, "Đã lưu Khối trưởng, Khối phó.")(changed)

    return answer(request, form, save, page, done)


@login_required
@require_http_methods(["GET", "POST"])
def bloc_date(request, pk, code):
    """The bloc's own due and lock of one milestone."""
    row = edited(request, pk)
    line = next((line for line in own_dates.lines(row) if line.code == code), None)
    if line is None and code not in own_dates.open_codes(row):
        raise Http404
    own, rule = line and line.own, line and line.rule
    initial = {"due_at": own and own.due_at, "locks_at": own and own.locks_at}
    initial["opened"] = organisation.digest(own_dates.shown(row, code))
    form = DateForm(request.POST or None, is_open=row.year.is_open, initial=initial)
    label = own_dates.label_of(code)
    does = "Bộ quy tắc không đặt mốc này; chỉ khối này có."
    if rule:
        due, locks = moment(rule.due_at) or "chưa đặt", moment(rule.locks_at) or "chưa đặt"
        does = f"Theo bộ quy tắc: hạn {due}, khóa {locks}. Ô nào để trống thì theo bộ quy tắc."
    page = {"title": f"Mốc riêng: {label}", "bloc_year": row, "button": "Lưu mốc", "does": does}

    def save():
        data = {name: form.cleaned_data[name] for name in ("due_at", "locks_at")}
        return own_dates.set_date(row.pk, code, by=request.user, **data, **form.kept)

    return answer(request, form, save, page, saved(request, row, f"Đã lưu mốc “{label}”."))


BLOC_COLUMNS = ("name", "kind", "type", "parent", "motto", "supervisor", "desk_officer", "rule_set")
ADDS = "Cụm, khối có trong năm đang chọn. Thêm xong thì chọn thành viên, Khối trưởng."
EDITS = "Đổi loại hình, cấp trên hoặc bộ quy tắc làm thay đổi lịch và các việc phải làm của khối."
SEATS_NOW = (
    "Khi đổi đơn vị: người của đơn vị cũ giữ vị trí đến hết hôm nay; người của đơn vị mới nhận vị trí ngay. "
    "Việc Khối trưởng còn nợ chuyển sang đơn vị mới."
)
SEATS_LATER = "Năm đang chuẩn bị: người của các đơn vị này nhận vị trí Khối trưởng, Khối phó khi mở năm."


def _about_seats(changed):
    if changed.ended:
        yield f"Giữ vị trí đến hết hôm nay: {'; '.join(changed.ended)}."
    if changed.given:
        yield f"Nhận vị trí từ hôm nay: {'; '.join(changed.given)}."
    if changed.nobody:
        yield f"Chưa có tài khoản nào: {'; '.join(changed.nobody)}. Cấp tài khoản thì mới làm việc được."


# ---------------------------------------------------------------- what these pages share


def seen(request, pk):
    """The bloc's year, for those who may read its setting."""
    row = get_object_or_404(BlocYear.objects.visible_to(request.user).for_table(), pk=pk)
    if not request.user.has_perm("blocs.view_organisation", row):
        raise Http404
    return row


def edited(request, pk):
    """The bloc's year, for those who may change it."""
    row = seen(request, pk)
    if not request.user.has_perm("blocs.edit_organisation", row):
        raise Http404
    return row


def saved(request, row, words):
    """Say what was done and go back to the bloc's setting."""

    def done(_):
        messages.success(request, words)
        return redirect("bloc_setup", row.pk)

    return done


def answer(request, form, save, page, done, template="blocs/organisation_form.html"):
    """Save what a valid form says, or show the page with the reason why not.

    Status:  422 the input is wrong or a rule forbids it, 409 somebody else saved in between
    """
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            result = save()
        except EditedMeanwhile as error:
            page, status = page | {"conflict": error}, 409
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return done(result)
    if form.is_bound and form.errors:
        status = 422
    return render(request, template, page | {"form": form}, status=status)
