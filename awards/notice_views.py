"""The board's notice of number and standard of awards, and what was handed over."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from awards.domain import notices
from awards.models import AwardKind
from awards.notice_forms import NoticeForm, PresentationForm
from blocs.errors import DomainError
from blocs.models import BlocYear


@login_required
@require_http_methods(["GET", "POST"])
def award_notices(request, pk):
    """How many of each award there are for a bloc, and for whom: the board says it, everybody of the bloc reads it."""
    bloc_year = _bloc_year(request, pk)
    may = request.user.has_perm("awards.notify", bloc_year)
    if request.method == "POST" and not may:
        raise Http404
    form = NoticeForm(request.POST or None, awards=AwardKind.objects.all()) if may else None
    if form is not None and form.is_valid():
        values = form.cleaned_data
        try:
            notices.notify(bloc_year.pk, values.pop("award"), by=request.user, **values)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã thông báo. Khối thấy ở trang của khối; biên bản hội nghị in thông báo này.")
            return redirect("award_notices", pk)
    rows = bloc_year.notices.select_related("award", "noted_by")
    context = {"bloc_year": bloc_year, "rows": rows, "form": form}
    return render(request, "awards/notices.html", context, status=_status(form))


@login_required
@require_POST
def award_notice_remove(request, pk, notice):
    bloc_year = _bloc_year(request, pk)
    if not request.user.has_perm("awards.notify", bloc_year):
        raise Http404
    return _act(request, "award_notices", bloc_year, notices.withdraw_notice, notice)


@login_required
@require_http_methods(["GET", "POST"])
def presentations(request, pk):
    """The awards of a bloc's year, and which were handed over."""
    bloc_year = _bloc_year(request, pk)
    may = request.user.has_perm("awards.note_presentation", bloc_year)
    if request.method == "POST" and not may:
        raise Http404
    won = notices.won(bloc_year)
    form = None
    if may and won:
        form = PresentationForm(request.POST or None, won=won, meetings=notices.meetings(bloc_year))
    if form is not None and form.is_valid():
        values = form.cleaned_data
        unit, code = values.pop("won")
        try:
            notices.present(bloc_year.pk, unit, code, by=request.user, **values)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã ghi trao thưởng.")
            return redirect("presentations", pk)
    rows = {(row.unit_id, row.award_id): row for row in bloc_year.presentations.select_related("conference")}
    lines = [(unit, award, rows.get((unit.pk, award.pk))) for unit, award in won.values()]
    context = {"bloc_year": bloc_year, "lines": lines, "form": form, "may": may}
    return render(request, "awards/presentations.html", context, status=_status(form))


@login_required
@require_POST
def presentation_remove(request, pk, presentation):
    bloc_year = _bloc_year(request, pk)
    if not request.user.has_perm("awards.note_presentation", bloc_year):
        raise Http404
    return _act(request, "presentations", bloc_year, notices.withdraw_presentation, presentation)


def _bloc_year(request, pk):
    return get_object_or_404(BlocYear.objects.visible_to(request.user).for_table(), pk=pk)


def _act(request, home, bloc_year, act, pk):
    try:
        act(bloc_year.pk, pk, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Đã bỏ.")
    return redirect(home, bloc_year.pk)


def _status(form):
    return 422 if form is not None and form.is_bound and form.errors else 200
