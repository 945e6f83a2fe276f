"""The board's notice of number and standard of awards, and what was handed over."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from awards.domain import notices
from awards.models import AwardKind
from awards.notice_forms import NoticeForm, PresentationForm
from blocs.errors import DomainError, EditedMeanwhile
from blocs.models import BlocYear

HANDED = ("unit", "award", "conference")


@login_required
@require_http_methods(["GET", "POST"])
def award_notices(request, pk):
    """How many of each award there are for a bloc, and for whom: the board says it, everybody of the bloc reads it."""
    bloc_year = _bloc_year(request, pk)
    may = request.user.has_perm("awards.notify", bloc_year)
    if request.method == "POST" and not may:
        raise Http404
    rows, conflict = list(bloc_year.notices.select_related("award", "noted_by")), None
    initial = _told(rows, request.GET.get("sua", ""))
    form = NoticeForm(request.POST or None, awards=AwardKind.objects.all(), initial=initial) if may else None
    if form is not None and form.is_valid():
        values = form.cleaned_data
        try:
            notices.notify(bloc_year.pk, values.pop("award"), by=request.user, **values)
        except EditedMeanwhile as error:
            conflict = error
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã thông báo. Khối thấy ở trang của khối; biên bản hội nghị in thông báo này.")
            return redirect("award_notices", pk)
    context = {"bloc_year": bloc_year, "rows": rows, "form": form, "conflict": conflict, "back": request.path}
    return render(request, "awards/notices.html", context, status=409 if conflict else _status(form))


def _told(rows, award):
    """The values of the notice that the link names, else of a new one; with the digest of either."""
    row = next((row for row in rows if row.award.code == award), None)
    found = {"award": award, "count": row.count, "standard": row.standard} if row else {}
    return found | {"opened": notices.told_digest(row)}


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
    won, form, conflict = notices.won(bloc_year), None, None
    rows = {(row.unit_id, row.award_id): row for row in bloc_year.presentations.select_related(*HANDED)}
    lines = [(unit, award, rows.get((unit.pk, award.pk))) for unit, award in won.values()]
    if may and won:
        initial = _handed(lines, request.GET.get("sua", ""))
        form = PresentationForm(request.POST or None, won=won, meetings=notices.meetings(bloc_year), initial=initial)
    if form is not None and form.is_valid():
        values = form.cleaned_data
        unit, code = values.pop("won")
        try:
            notices.present(bloc_year.pk, unit, code, by=request.user, **values)
        except EditedMeanwhile as error:
            conflict = error
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã ghi trao thưởng.")
            return redirect("presentations", pk)
    context = {"bloc_year": bloc_year, "lines": lines, "form": form, "may": may, "conflict": conflict}
    context["back"] = request.path
    return render(request, "awards/presentations.html", context, status=409 if conflict else _status(form))


def _handed(lines, won):
    """As ``_told``, of what was handed over; ``won`` is a choice of the form."""
    row = next((row for unit, award, row in lines if row and f"{unit.pk}:{award.code}" == won), None)
    names = ("presented_on", "place", "received_by", "conference_id")
    found = {"won": won} | {name: getattr(row, name) for name in names} if row else {}
    return found | {"opened": notices.handed_digest(row)}


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
