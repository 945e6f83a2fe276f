"""The units of a year: the list, one unit over its years, and what happens to units on a day."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from blocs.domain import deadlines, organisation, successions, unit_table, units
from blocs.enums import label_of
from blocs.errors import DomainError
from blocs.models import BlocYear, Obligation, UnitYear
from blocs.templatetags.vietnamese import day
from blocs.views.organisation import answer
from blocs.years import current_year
from reports.domain import unit_effects
from reports.unit_forms import ActForm, DissolveForm, MergeForm, RenameForm, SplitForm, UnitFilter, UnitForm


@login_required
@require_GET
def unit_list(request):
    """The units of the chosen year."""
    year = current_year(request)
    if year is None:
        raise Http404
    narrow = UnitFilter(request.GET, rows=UnitYear.objects.visible_to(request.user).filter(year=year))
    page = Paginator(narrow.found(), 50).get_page(request.GET.get("trang"))
    query = request.GET.copy()
    query.pop("trang", None)
    context = {
        "year": year,
        "filter": narrow,
        "page": page,
        "rows": unit_table.with_blocs(page.object_list),
        "keep": query.urlencode(),
        "readable": _readable(request.user, year),
        "may_edit": request.user.has_perm("blocs.edit_organisation", year),
    }
    return render(request, "reports/unit_list.html", context)


@login_required
@require_GET
def unit_detail(request, pk):
    """One unit: names and blocs over the years, how it came, where it went, its people, what it owes this year."""
    row = _seen(request, pk)
    manages = request.user.has_perm("blocs.manage_people", row)
    context = {
        "row": row,
        "history": unit_table.history(row.unit, request.user),
        "events": unit_table.events(row.unit),
        "people": [(_person(seat, manages), seat.get_role_display()) for seat in unit_table.people(row.unit)],
        "owed": _owed(request.user, row),
        "readable": _readable(request.user),
        "may_edit": request.user.has_perm("blocs.edit_organisation", row),
        "acts": ACTS.values(),
    }
    return render(request, "reports/unit_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def unit_add(request):
    year = current_year(request)
    if year is None or not request.user.has_perm("blocs.edit_organisation", year):
        raise Http404
    form = UnitForm(request.POST or None, is_open=year.is_open)
    does = "Đơn vị có trong danh sách của năm đang chọn; chưa thuộc khối nào, chưa có tài khoản nào."
    page = {"title": "Thêm đơn vị", "year": year, "button": "Thêm vào năm", "does": does}

    def save():
        return units.save_unit(year.pk, form.values(), by=request.user, **form.kept)

    def done(row):
        messages.success(request, f"Đã thêm {row.name} vào năm {year.label}.")
        return redirect("unit_detail", row.pk)

    return answer(request, form, save, page, done, "reports/unit_form.html")


@login_required
@require_http_methods(["GET", "POST"])
def unit_edit(request, pk):
    row = _edited(request, pk)
    initial = {name: getattr(row, name) for name in units.COLUMNS} | {"opened": organisation.digest(units.shown(row))}
    form = UnitForm(request.POST or None, row=row, is_open=row.year.is_open, initial=initial)
    does = "Sửa sai tên hoặc thông tin trên văn bản của năm này. Đơn vị đổi tên từ một ngày thì dùng “Đổi tên”."
    page = {"title": "Sửa thông tin đơn vị", "row": row, "year": row.year, "button": "Lưu", "does": does}

    def save():
        return units.save_unit(row.year_id, form.values(), by=request.user, unit_year_id=row.pk, **form.kept)

    def done(saved):
        messages.success(request, f"Đã lưu {saved.name}, năm {row.year.label}.")
        return redirect("unit_detail", row.pk)

    return answer(request, form, save, page, done, "reports/unit_form.html")


# ---------------------------------------------------------------- acts: form, effects, confirmation


@dataclass(frozen=True)
class Act:
    """``run(form, by)`` does it; it returns the unit to show then."""

    name: str
    title: str
    button: str
    does: str
    form: type[ActForm]
    run: Callable


def _merge(form, by):
    return successions.merge(
        form.unit_ids(), into=form.into_unit(), by=by, choices=form.choices(), **form.paper
    )  # fmt: skip


def _split(form, by):
    into, continues = form.cleaned_data["into"], form.cleaned_data["continues"] == "yes"
    choices = form.choices()
    return successions.split(
        form.row.unit_id, into=into, continues=continues, by=by, choices=choices, **form.paper
    )[0]  # fmt: skip


def _rename(form, by):
    names = {name: form.cleaned_data[name] for name in ("name", "short_name")}
    return successions.rename(form.row.unit_id, by=by, **names, **form.paper).unit


def _dissolve(form, by):
    return successions.dissolve(form.row.unit_id, by=by, **form.paper)


PAST = "Báo cáo, chữ ký, khen thưởng đã có giữ nguyên dưới tên cũ; các năm trước và khối đã chốt số liệu không đổi."
ACTS = {
    act.name: act
    for act in (
        Act(
            "unit_merge", "Sáp nhập", "Xác nhận sáp nhập",
            f"Đơn vị sau sáp nhập vào khối thay các đơn vị cũ, nhận phong trào đang chạy và người của họ. {PAST}",
            MergeForm, _merge,
        ),
        Act(
            "unit_split", "Chia tách", "Xác nhận chia tách",
            f"Các đơn vị mới vào cùng khối với đơn vị cũ. {PAST}", SplitForm, _split,
        ),
        Act(
            "unit_rename", "Đổi tên", "Xác nhận đổi tên",
            "Năm có ngày ấy và các năm sau mang tên mới; văn bản ghi ngày trước đó giữ tên cũ.", RenameForm, _rename,
        ),
        Act(
            "unit_dissolve", "Giải thể", "Xác nhận giải thể",
            f"Đơn vị ra khỏi các khối, không có đơn vị nào kế tục. {PAST}", DissolveForm, _dissolve,
        ),
    )
}  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def unit_act(request, pk, name):
    """The form; then what it would do; then, confirmed, it is done. What changed meanwhile is shown once more."""
    row, act = _edited(request, pk), ACTS[name]
    form = act.form(request.POST or None, row=row)
    page = {"title": act.title, "row": row, "year": row.year, "button": "Xem tác động", "does": act.does}
    step = request.POST.get("step")
    if request.method == "POST" and step != "edit" and form.is_valid():
        try:
            found = unit_effects.effects(lambda: act.run(form, request.user), form.unit_ids(), form.cleaned_data["on"])
            if step == "confirm" and request.POST.get("seen") == found.fingerprint:
                return _done(request, row, act, act.run(form, request.user), form.cleaned_data["on"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return _preview(request, row, act, form, found)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "reports/unit_form.html", page | {"form": form}, status=status)


def _preview(request, row, act, form, found):
    chosen = form.choices()
    context = {
        "row": row,
        "act": act,
        "effects": found,
        "offers": unit_effects.offers(
            form.ending_ids(), form.cleaned_data["on"], founds=form.founds, apart=found.apart
        ),
        "chosen": chosen.blocs | chosen.offices,
        "on": form.cleaned_data["on"],
        "document": form.cleaned_data["document"],
        "posted": [
            (key, value) for key in form.data if key in form.fields for value in form.data.getlist(key)
        ],
        "changed": request.POST.get("step") == "confirm",
    }  # fmt: skip
    return render(request, "reports/unit_effects.html", context, status=409 if context["changed"] else 200)


def _done(request, row, act, unit, on):
    goal = UnitYear.objects.filter(unit=unit, year=row.year).first()
    messages.success(request, f"Đã ghi {act.title.lower()} từ ngày {day(on)}: {goal.name if goal else row.name}.")
    return redirect("unit_detail", goal.pk) if goal else redirect("unit_list")


# ---------------------------------------------------------------- what these pages share


def _seen(request, pk):
    rows = UnitYear.objects.visible_to(request.user).select_related("unit", "year__authority")
    return get_object_or_404(rows, pk=pk)


def _edited(request, pk):
    row = _seen(request, pk)
    if not request.user.has_perm("blocs.edit_organisation", row):
        raise Http404
    return row


def _readable(user, year=None):
    """Ids of the blocs that the user may open."""
    rows = BlocYear.objects.visible_to(user)
    return set((rows.filter(year=year) if year else rows).values_list("pk", flat=True))


def _owed(user, row):
    """[(Obligation, what it is called, look, words)] of the year."""
    now, found = timezone.now(), []
    for item in Obligation.objects.visible_to(user).filter(unit=row).select_related("bloc_year"):
        deadline = deadlines.of_obligation(item)
        standing = deadline.standing(item.received_at, now)
        found.append((item, label_of(item.code), standing.value, deadline.words(item.received_at, now)))
    return found


def _person(seat, manages):
    return str(seat.user) if manages else seat.user.post or seat.get_role_display()
