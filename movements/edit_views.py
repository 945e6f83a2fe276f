"""Entering movements and their indicators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from blocs.errors import DomainError, EditedMeanwhile
from blocs.years import current_year, posted_year
from movements.domain import movements
from movements.forms import IndicatorForm, MovementForm
from movements.models import Movement

FIELDS = ("code", "name", "launched_by", "launched_on", "ends_on", "owner", "scope", "method")


@login_required
@require_http_methods(["GET", "POST"])
def movement_add(request):
    """The form names its year, so that another one chosen meanwhile in the masthead changes nothing."""
    year = posted_year(request) if request.method == "POST" else current_year(request)
    if year is None or not request.user.has_perm("movements.edit_movement", year):
        raise Http404
    return _save_movement(request, year, MovementForm(request.POST or None, year=year))


@login_required
@require_http_methods(["GET", "POST"])
def movement_edit(request, pk):
    movement = _movement(request, pk)
    initial = {name: getattr(movement, name) for name in FIELDS}
    initial["opened"] = movements.movement_digest(movement)
    initial["coordinators"] = list(movement.coordinators.values_list("unit", flat=True))
    only_dates = not request.user.has_perm("movements.edit_movement", movement.year)
    data = request.POST if request.method == "POST" else None
    form = MovementForm(data, year=movement.year, only_dates=only_dates, initial=initial)
    return _save_movement(request, movement.year, form, movement)


@login_required
@require_http_methods(["GET", "POST"])
def indicator_add(request, pk):
    return _save_indicator(request, _movement(request, pk), IndicatorForm(request.POST or None))


@login_required
@require_http_methods(["GET", "POST"])
def indicator_edit(request, pk, indicator):
    movement = _movement(request, pk)
    row = get_object_or_404(movement.indicators, pk=indicator)
    initial = {name: getattr(row, name) for name in ("text", "unit_of_measure", "target")}
    initial["opened"] = movements.indicator_digest(row)
    return _save_indicator(request, movement, IndicatorForm(request.POST or None, initial=initial), row)


@login_required
@require_POST
def indicator_delete(request, pk, indicator):
    movement = _movement(request, pk)
    row = get_object_or_404(movement.indicators, pk=indicator)
    try:
        movements.delete_indicator(movement.pk, row.pk, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Đã xóa chỉ số “{row}”.")
    return redirect("movement_detail", movement.pk)


# ---------------------------------------------------------------- reading and writing


def _movement(request, pk):
    movement = get_object_or_404(Movement.objects.visible_to(request.user).for_table(), pk=pk)
    if not request.user.has_perm("movements.edit_movement", movement):
        raise Http404
    return movement


def _save_movement(request, year, form, movement=None):
    context = {"year": year, "movement": movement, "form": form, "back": request.path}
    if form.is_valid():
        number = movement and movement.pk
        try:
            saved = movements.save_movement(year.pk, by=request.user, movement_id=number, **form.cleaned_data)
        except EditedMeanwhile as error:
            return render(request, "movements/movement_form.html", context | {"conflict": error}, status=409)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã {'sửa' if movement else 'thêm'} phong trào “{saved}”.")
            return redirect("movement_detail", saved.pk)
    return render(request, "movements/movement_form.html", context, status=_status(form))


def _save_indicator(request, movement, form, indicator=None):
    context = {"movement": movement, "indicator": indicator, "form": form, "back": request.path}
    if form.is_valid():
        number = indicator and indicator.pk
        try:
            saved = movements.save_indicator(movement.pk, by=request.user, indicator_id=number, **form.cleaned_data)
        except EditedMeanwhile as error:
            return render(request, "movements/indicator_form.html", context | {"conflict": error}, status=409)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã {'sửa' if indicator else 'thêm'} chỉ số “{saved}”.")
            return redirect("movement_detail", movement.pk)
    return render(request, "movements/indicator_form.html", context, status=_status(form))


def _status(form):
    return 422 if form.is_bound and form.errors else 200
