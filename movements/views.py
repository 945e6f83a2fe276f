from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from blocs.errors import DomainError, EditedMeanwhile
from blocs.forms import row_ids
from blocs.templatetags.vietnamese import day, figure
from blocs.years import current_year
from movements.domain import results
from movements.forms import MovementFilter, ResultForm
from movements.models import Indicator, IndicatorResult, Movement

PAGE_SIZE = 50


@dataclass(frozen=True)
class IndicatorPart:
    """One indicator of the page: its results, what they come to in the year, and how that looks."""

    indicator: Indicator
    rows: list[IndicatorResult]
    standing: results.Standing
    look: str
    words: str
    total: str


@login_required
@require_GET
def movement_list(request):
    year = current_year(request)
    form = MovementFilter(request.GET)
    movements = Movement.objects.visible_to(request.user).filter(year=year).select_related("owner")
    page = Paginator(form.rows(movements), PAGE_SIZE).get_page(request.GET.get("trang"))
    prefetch_related_objects(page.object_list, "indicators__results")
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    context = {
        "year": year,
        "form": form,
        "page": page,
        "rows": [(row, _period(row), *_movement_state(row, year.label)) for row in page],
        "is_filtered": bool(chosen.keys() - {"sort"}),
        "may_add": year is not None and request.user.has_perm("movements.edit_movement", year),
    }
    return render(request, "movements/movement_list.html", context)


@login_required
@require_GET
def movement_detail(request, pk):
    """``?sua=<id>`` opens the form with a result that is there."""
    movement = _movement(request, pk)
    form = None
    if request.user.has_perm("movements.edit_results", movement):
        form = ResultForm(movement=movement, initial=_initial(movement, request.GET.get("sua", "")))
    return _page(request, movement, form)


@login_required
@require_POST
def movement_record(request, pk):
    movement = _movement(request, pk)
    if not request.user.has_perm("movements.edit_results", movement):
        raise Http404
    form = ResultForm(request.POST, movement=movement)
    if form.is_valid():
        data = form.cleaned_data
        try:
            saved = results.record(data.pop("indicator").pk, by=request.user, **data)
        except EditedMeanwhile as error:
            return _page(request, movement, form, status=409, conflict=error)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _done(saved, data))
            return redirect("movement_detail", movement.pk)
    return _page(request, movement, form, status=422)


# ---------------------------------------------------------------- reading


def _movement(request, pk):
    return get_object_or_404(Movement.objects.visible_to(request.user).for_table(), pk=pk)


def _page(request, movement, form, status=200, conflict=None):
    rows = movement.indicators.prefetch_related("results__unit")
    context = {
        "movement": movement,
        "period": _period(movement),
        "coordinators": [row.unit.name for row in movement.coordinators.select_related("unit")],
        "parts": [_part(row, movement.year.label) for row in rows],
        "form": form,
        "may_edit": request.user.has_perm("movements.edit_movement", movement),
        "conflict": conflict,
        "back": reverse("movement_detail", args=[movement.pk]),
        "record_url": reverse("movement_record", args=[movement.pk]),
    }
    return render(request, "movements/movement_detail.html", context, status=status)


def _initial(movement, text):
    """The values of the result that the link names, else those of a new one."""
    row = IndicatorResult.objects.filter(indicator__movement=movement, pk__in=row_ids([text])).first()
    if row is None:
        return {"period": movement.year.label, "opened": results.opened_with()}
    found = {"indicator": row.indicator_id, "unit": row.unit_id, "period": row.period, "value": row.value}
    return found | {"opened": results.opened_with(row.value)}


def _done(saved, data):
    unit = data["unit"].name if data["unit"] else "cả phong trào"
    if saved is None:
        return f"Kỳ {data['period']} của {unit} không còn kết quả nào được ghi."
    return f"Đã ghi kết quả {figure(saved.value)} của {unit}, kỳ {data['period']}."


def _period(movement):
    if movement.launched_on and movement.ends_on:
        return f"{day(movement.launched_on)} – {day(movement.ends_on)}"
    if movement.launched_on:
        return f"từ {day(movement.launched_on)}"
    return f"đến {day(movement.ends_on)}" if movement.ends_on else ""


def _movement_state(movement, label):
    """(look, words) of a movement: how many of its indicators are reached."""
    found = [results.standing(row, label) for row in movement.indicators.all()]
    if not found:
        return "idle", "Không đặt chỉ số"
    if not any(row.units or row.value is not None for row in found):
        return "idle", "Chưa có số liệu"
    met = sum(row.met is True for row in found)
    return "ok" if met == len(found) else "late", f"Đạt {met}/{len(found)} chỉ số"


def _part(indicator, label):
    found = results.standing(indicator, label)
    total = figure(found.value)
    if found.value is None and found.units:
        total = f"{found.units_met}/{found.units} đơn vị đạt" if indicator.target is not None else ""
    return IndicatorPart(indicator, list(indicator.results.all()), found, *_indicator_state(indicator, found), total)


def _indicator_state(indicator, found):
    if found.value is None and not found.units:
        return "idle", "Chưa có số liệu"
    if indicator.target is None:
        return "idle", "Không đặt mục tiêu"
    return ("ok", "Đạt mục tiêu") if found.met else ("late", "Chưa đạt mục tiêu")
