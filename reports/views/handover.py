"""From one head to the next: the list, both signatures, the minutes."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.domain import handovers
from blocs.errors import DomainError, EditedMeanwhile
from blocs.models import BlocYear, Handover
from blocs.views import confirming
from reports.enums import DocumentKind
from reports.handover_forms import BeginForm, FrameForm, ItemFormSet, ReceiverForm, items_of
from reports.views.conferences import opened
from reports.views.paper_box import box


@login_required
@require_GET
def handover(request, pk):
    """Where the handover stands: before it begins, while it is written, signed."""
    bloc_year = _bloc_year(request, pk)
    row = _record(bloc_year)
    writes = request.user.has_perm("blocs.write_handover", bloc_year)
    context = {"bloc_year": bloc_year, "handover": row, "writes": writes}
    if row is None:
        return render(request, "reports/handover.html", context | _beginning(bloc_year, writes))
    if writes and not row.digest:
        others = handovers.receivers(bloc_year).exclude(pk__in=[row.receiver_id, row.giver_id])
        context["receiver_form"] = ReceiverForm(units=others, word=bloc_year.head_word) if others.exists() else None
    context |= {
        "mismatch": "" if row.receiver_signed_at and row.giver_signed_at else handovers.mismatch(row),
        "items": row.items.all(),
        "sides": [_side(request.user, row, side) for side in handovers.SIDES],
        "types_name": confirming.types_name(request.user),
        "is_signed": bool(row.giver_signed_at and row.receiver_signed_at),
        "paper": box(request.user, DocumentKind.HANDOVER_MINUTES, bloc_year),
    }
    return render(request, "reports/handover.html", context)


def _beginning(bloc_year, writes):
    """Before there is a record: what stands before it, that the head stays, or the form that begins it."""
    why, stays = handovers.why_not_yet(bloc_year), handovers.stays(bloc_year)
    form = None
    if writes and not why and not stays:
        form = BeginForm(units=handovers.receivers(bloc_year), word=bloc_year.head_word)
    return {"why_not": why, "form": form, "stays": stays, "settled_at": handovers.settled_at(bloc_year)}


def _side(user, row, side):
    return {
        "name": side,
        "label": handovers.SIDES[side],
        "unit": getattr(row, side),
        "at": getattr(row, f"{side}_signed_at"),
        "by": getattr(row, f"{side}_signed_by"),
        "may": handovers.signs(user, row, side),
    }


@login_required
@require_POST
def handover_begin(request, pk):
    bloc_year = _written(request, pk)
    form = BeginForm(request.POST, units=handovers.receivers(bloc_year), word=bloc_year.head_word)
    if not form.is_valid():
        messages.error(request, "Chọn bên nhận trong danh sách.")
        return redirect("handover", pk)
    try:
        handovers.begin(pk, receiver_id=form.cleaned_data["receiver"].pk, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("handover", pk)
    messages.success(request, "Đã lập danh sách bàn giao từ dữ liệu của năm; xem lại, thêm bớt rồi hai bên ký.")
    return redirect("handover_edit", pk)


@login_required
@require_POST
def handover_settle(request, pk):
    """The head was chosen again."""
    _written(request, pk)
    return _acted(request, pk, lambda: handovers.settle(pk, by=request.user), "Đã ghi nhận: không phải bàn giao.")


@login_required
@require_POST
def handover_receiver(request, pk):
    bloc_year = _written(request, pk)
    row = get_object_or_404(Handover, bloc_year=bloc_year)
    form = ReceiverForm(request.POST, units=handovers.receivers(bloc_year), word=bloc_year.head_word)
    if not form.is_valid():
        messages.error(request, "Chọn bên nhận trong danh sách và ghi lý do.")
        return redirect("handover", pk)
    receiver, reason = form.cleaned_data["receiver"], form.cleaned_data["reason"]

    def act():
        handovers.change_receiver(row.pk, receiver_id=receiver.pk, reason=reason, by=request.user)

    return _acted(request, pk, act, f"Bên nhận nay là {receiver.name}.")


@login_required
@require_POST
def handover_remove(request, pk):
    row = get_object_or_404(Handover, bloc_year=_written(request, pk))
    reason = request.POST.get("reason", "")
    return _acted(
        request, pk, lambda: handovers.remove(row.pk, reason=reason, by=request.user), "Đã bỏ biên bản bàn giao."
    )


def _acted(request, pk, act, words):
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return redirect("handover", pk)


@login_required
@require_http_methods(["GET", "POST"])
def handover_edit(request, pk):
    bloc_year = _written(request, pk)
    row = _record(bloc_year)
    if row is None:
        return redirect("handover", pk)
    names = ("handed_on", "place", "witness", "note")
    form = FrameForm(request.POST or None, initial={name: getattr(row, name) for name in names})
    items = [{name: getattr(item, name) for name in ("kind", "text", "is_handed", "note")} for item in row.items.all()]
    formset = ItemFormSet(request.POST or None, initial=items)
    context = {"bloc_year": bloc_year, "handover": row, "form": form, "formset": formset}
    context["opened"] = opened(request, handovers.content(row))
    valid = request.method == "POST" and form.is_valid() and formset.is_valid()
    if valid:
        values = form.cleaned_data | {"by": request.user, "opened": request.POST.get("opened", "")}
        try:
            handovers.save(row.pk, items_of(formset), **values)
        except DomainError as error:
            form.add_error(None, str(error))
            if isinstance(error, EditedMeanwhile):
                context |= {"theirs": error.theirs, "opened": error.version}
        else:
            messages.success(request, "Đã lưu danh sách bàn giao.")
            return redirect("handover", pk)
    return render(request, "reports/handover_edit.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def handover_sign(request, pk, side):
    row = _signed_by(request, pk, side)
    return _sign(request, row, side)


@reauthentication_required
def _sign(request, row, side):
    """The person gives the password once more; then the same request goes on."""
    try:
        signed = handovers.sign(row.pk, side, by=request.user, confirmed=confirming.way_of(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        whole = signed.giver_signed_at and signed.receiver_signed_at
        done = "Hai bên đã ký; việc bàn giao đã xong. " if whole else ""
        messages.success(request, f"Đã ký {handovers.SIDES[side]}. {done}".strip())
    return redirect("handover", row.bloc_year_id)


@login_required
@require_POST
def handover_unsign(request, pk, side):
    row = _signed_by(request, pk, side)
    return _acted(request, pk, lambda: handovers.unsign(row.pk, side, by=request.user), "Đã rút chữ ký.")


def _bloc_year(request, pk):
    return get_object_or_404(BlocYear.objects.visible_to(request.user).for_table(), pk=pk)


def _record(bloc_year):
    rows = Handover.objects.select_related("bloc_year__year", "giver", "receiver")
    return rows.select_related("giver_signed_by", "receiver_signed_by").filter(bloc_year=bloc_year).first()


def _written(request, pk):
    bloc_year = _bloc_year(request, pk)
    if not request.user.has_perm("blocs.write_handover", bloc_year):
        raise Http404
    return bloc_year


def _signed_by(request, pk, side):
    """The record, for who signs for this side."""
    rows = Handover.objects.visible_to(request.user).select_related("bloc_year__year", "giver", "receiver")
    row = get_object_or_404(rows, bloc_year=pk)
    if side not in handovers.SIDES or not handovers.signs(request.user, row, side):
        raise Http404
    return row
