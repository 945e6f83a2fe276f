"""Targets of a covenant and the bloc's results; rows of the page that shows them."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from blocs.domain import covenant as covenants
from blocs.domain import target_chart
from blocs.domain.target_chart import Track
from blocs.enums import Operator
from blocs.errors import DomainError, EditedMeanwhile
from blocs.forms import BlocResultForm, TargetEditForm, TargetForm
from blocs.models import BlocYear, Covenant, Membership, Target, TargetResult, UnitYear
from blocs.templatetags.vietnamese import day, moment


@dataclass
class TargetRow:
    """A target and what was reached: ``result`` by the one who promised, ``shares`` by the units towards it."""

    target: Target
    promised: str
    result: TargetResult | None
    shares: list[TargetResult]
    look: str
    words: str
    track: Track
    mine: list[Membership]  # of units that the user reports for, and that answer it
    may_amend: bool = False  # the user may propose a change of it


@login_required
@require_http_methods(["GET", "POST"])
def target_add(request, pk):
    bloc_year = _led(request, pk)
    form = TargetForm(request.POST or None, members=_member_units(bloc_year), initial={"op": Operator.AT_LEAST})
    return _save_target(request, bloc_year, form)


@login_required
@require_http_methods(["GET", "POST"])
def target_edit(request, pk, target):
    bloc_year = _led(request, pk)
    row = get_object_or_404(Target, covenant__bloc_year=bloc_year, pk=target)
    initial = {name: getattr(row, name) for name in ("of", "text", *covenants.PROMISE)}
    initial["opened"] = covenants.target_digest(row)
    form = TargetEditForm(request.POST or None, members=_member_units(bloc_year), initial=initial)
    return _save_target(request, bloc_year, form, row)


@login_required
@require_http_methods(["GET", "POST"])
def target_delete(request, pk, target):
    bloc_year = _led(request, pk)
    row = get_object_or_404(Target.objects.select_related("of"), covenant__bloc_year=bloc_year, pk=target)
    if request.method == "GET":
        context = {"bloc_year": bloc_year, "target": row, "dropped": covenants.dropped_of(row)}
        return render(request, "blocs/target_delete.html", context)
    try:
        covenants.delete_target(bloc_year.pk, row.pk, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Đã xóa chỉ tiêu “{row}”.")
    return redirect("covenant", bloc_year.pk)


@login_required
@require_http_methods(["GET", "POST"])
def target_result(request, pk, target):
    """The bloc's own result for one of its targets."""
    bloc_year = _led(request, pk)
    rows = Target.objects.select_related("covenant").filter(covenant__bloc_year=bloc_year, of=None)
    row = _row(get_object_or_404(rows, pk=target), bloc_year, _results(request.user, bloc_year))
    initial = {"value": row.result.value, "note": row.result.note} if row.result else {}
    form = BlocResultForm(request.POST or None, initial=initial | {"opened": covenants.opened_with(**initial)})
    context = {"bloc_year": bloc_year, "row": row, "form": form, "back": request.path}
    if request.method == "POST" and form.is_valid():
        try:
            saved = covenants.record_bloc_result(bloc_year.pk, row.target.pk, by=request.user, **form.cleaned_data)
        except EditedMeanwhile as error:
            return render(request, "blocs/target_result.html", context | {"conflict": error}, status=409)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            did = "Đã ghi" if saved else "Đã xóa"
            messages.success(request, f"{did} kết quả của khối cho chỉ tiêu “{row.target}”.")
            return redirect("covenant", bloc_year.pk)
    return render(request, "blocs/target_result.html", context, status=_status(form))


# ---------------------------------------------------------------- reading and writing


def _bloc_year(request, pk):
    return get_object_or_404(BlocYear.objects.visible_to(request.user).for_table(), pk=pk)


def _led(request, pk):
    bloc_year = _bloc_year(request, pk)
    if not request.user.has_perm("blocs.edit_covenant", bloc_year):
        raise Http404
    return bloc_year


def _save_target(request, bloc_year, form, target=None):
    context = {"bloc_year": bloc_year, "target": target, "form": form, "back": request.path}
    found = Covenant.objects.filter(bloc_year=bloc_year).first()
    if request.method == "GET" and found and found.is_closed:
        messages.warning(request, why_not(found, leads=True))
        return redirect("covenant", bloc_year.pk)
    if request.method == "POST" and form.is_valid():
        try:
            saved = covenants.save_target(
                bloc_year.pk, by=request.user, target_id=target and target.pk, **form.cleaned_data
            )
        except EditedMeanwhile as error:
            return render(request, "blocs/target_form.html", context | {"conflict": error}, status=409)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã {'sửa' if target else 'thêm'} chỉ tiêu “{saved}”.")
            return redirect("covenant", bloc_year.pk)
    return render(request, "blocs/target_form.html", context, status=_status(form))


def _status(form):
    return 422 if form.is_bound and form.errors else 200


def why_not(found, *, leads):
    """Why the text cannot be changed, in words.

    Shape:   Covenant or None -> str, empty for one who may
    """
    if found and found.signed_on:
        return f"Giao ước đã ký ngày {day(found.signed_on)}, chỉ tiêu chỉ đổi bằng đề nghị điều chỉnh."
    if found and found.closed_at:
        return f"Văn bản đã chốt lúc {moment(found.closed_at)} để các đơn vị ký, không sửa được nữa."
    return "" if leads else "Giao ước chưa ký; Khối trưởng, Khối phó soạn chỉ tiêu."


def _member_units(bloc_year):
    return UnitYear.objects.filter(memberships__bloc_year=bloc_year).order_by("memberships__position")


def members(bloc_year, found):
    """Each unit that is a member now, and whether it has signed, in the bloc's order.

    Shape:   (BlocYear, Covenant or None) -> [{"membership", "has_signed"}]
    """
    signed = set(found.signatures.values_list("unit", flat=True)) if found else set()
    return [
        {"membership": row, "has_signed": row.unit_id in signed} for row in bloc_year.memberships.select_related("unit")
    ]


def target_rows(found, bloc_year, user):
    """Shape: (Covenant or None, BlocYear, User) -> [TargetRow]; what the user may read of the results"""
    results = defaultdict(list)
    for result in _results(user, bloc_year):
        results[result.target_id].append(result)
    targets = found.targets.select_related("of") if found else []
    return [_row(target, bloc_year, results[target.pk]) for target in targets]


def _results(user, bloc_year):
    rows = covenants.results_seen_by(user, bloc_year).select_related("of").prefetch_related("evidence")
    return covenants.as_seen(user, rows)


def _row(target, bloc_year, results):
    own = [result for result in results if result.target_id == target.pk]
    result = next((row for row in own if row.of_id == target.of_id), None)
    shares = [row for row in own if row is not result]
    look, words = _verdict(target, result, is_over=bloc_year.year.ends_on < timezone.localdate())
    track = target_chart.track(target, result.value if result else None)
    return TargetRow(target, covenants.promised(target), result, shares, look, words, track, [])


def _verdict(target, result, *, is_over):
    """The state mark of a target: a miss is final only when the year is over."""
    value = result.value if result else None
    found, words = covenants.verdict(target, value), covenants.verdict_words(target, value)
    if found in ("met", "exceeded"):
        return "ok", words
    if found == "missed":
        return "miss" if is_over else "late", words
    return "idle", "Đã ghi kết quả" if result else words
