"""The province at one look, and who is missing behind each number."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from blocs.domain import completeness, grants
from blocs.enums import label_of
from blocs.errors import NotAllowed
from blocs.models import BlocYear, Obligation
from blocs.years import current_year
from reports.board_filter import BoardFilter
from reports.domain import missing as owed
from reports.domain import standing
from reports.domain.board_years import board_years as years_board

PAGE = 50


@login_required
@require_GET
def board(request):
    year, form = _province(request)
    table = standing.board(form.blocs(), codes=form.codes())
    absent = Obligation.objects.filter(bloc_year__in=form.blocs(), code=table.lead, unit__isnull=False).missing()
    context = {
        "year": year,
        "board": table,
        "filter": form,
        "keep": form.query("code"),
        "now": timezone.now(),
        "absent_units": absent.values("unit").distinct().count(),
        "may_remind": request.user.has_perm("reports.send_messages", year),
    }
    return render(request, "reports/board.html", context)


@login_required
@require_GET
def board_years(request):
    year, form = _province(request)
    table = years_board(form.blocs(), year, user=request.user, codes=form.codes())
    return render(request, "reports/board_years.html", {"year": year, "board": table, "filter": form})


@login_required
@require_GET
def missing(request, pk, code):
    """One bloc and one milestone: who has delivered, who has not."""
    bloc_year = get_object_or_404(BlocYear.objects.visible_to(request.user).for_table(), pk=pk)
    counts = [row for row in completeness.count(BlocYear.objects.filter(pk=pk)) if row.code == code]
    if not counts:
        raise Http404
    rows = Obligation.objects.visible_to(request.user).filter(bloc_year=pk, code=code)
    chosen = _state(request, "tat-ca")
    rows = list(rows.filter(owed.STATES[chosen][1]).for_table().order_by(*owed.IN_ORDER))
    context = {
        "bloc": bloc_year,
        "code": code,
        "label": label_of(code),
        "total": counts[0],
        "lines": owed.lines(rows),
        "may_extend": request.user.has_perm("blocs.extend_obligation", bloc_year),
        "may_waive": request.user.has_perm("blocs.waive_lateness", bloc_year),
        "may_note": grants.may_note(rows, bloc_year, by=request.user),
        "may_call": request.user.has_perm("blocs.read_phones", bloc_year),
        **_states(chosen),
    }
    return render(request, "reports/missing.html", context)


@login_required
@require_GET
def missing_province(request, code):
    """One milestone in all blocs that the filter leaves."""
    year, form = _province(request)
    if code not in dict(form.fields["code"].choices):
        raise Http404
    counts = [row for row in completeness.count(form.blocs()) if row.code == code]
    chosen = _state(request, "con-thieu")
    rows = Obligation.objects.filter(bloc_year__in=form.blocs(), code=code).filter(owed.STATES[chosen][1])
    page = Paginator(rows.for_table().order_by(*owed.IN_ORDER), PAGE).get_page(request.GET.get("trang"))
    context = {
        "year": year,
        "code": code,
        "label": label_of(code),
        "filter": form,
        "keep": form.query("code"),
        "total": _sum(counts),
        "page": page,
        "lines": owed.lines(page.object_list),
        "may_call": request.user.has_perm("blocs.read_phones", year),
        **_states(chosen),
    }
    return render(request, "reports/missing_province.html", context)


@login_required
@require_GET
@never_cache
def call_list(request, code):
    """Telephone numbers of those who are late, for the board; each reading is written down."""
    year, form = _province(request)
    if code not in dict(form.fields["code"].choices):
        raise Http404
    try:
        calls = owed.call_list(form.blocs(), code, year=year, by=request.user)
    except NotAllowed as error:
        raise Http404 from error
    context = {"year": year, "code": code, "label": label_of(code), "keep": form.query("code"), "calls": calls}
    return render(request, "reports/call_list.html", context)


# ---------------------------------------------------------------- what the pages share


def _province(request):
    """(Year, BoardFilter) for those who see the province."""
    year = current_year(request)
    if year is None or not request.user.has_perm("blocs.view_province", year):
        raise Http404
    return year, BoardFilter(request.GET, user=request.user, year=year)


def _state(request, otherwise):
    chosen = request.GET.get("tinh-trang", otherwise)
    return chosen if chosen in owed.STATES else otherwise


def _states(chosen):
    return {"state": chosen, "states": [(name, label) for name, (label, _) in owed.STATES.items()]}


def _sum(counts):
    """The province as one line of completeness."""
    return completeness.Completeness(
        bloc_year_id=0,
        code=counts[0].code if counts else "",
        position=0,
        expected=sum(row.expected for row in counts),
        received=sum(row.received for row in counts),
        on_time=sum(row.on_time for row in counts),
        due_at=min((row.due_at for row in counts if row.due_at), default=None),
        locks_at=max((row.locks_at for row in counts if row.locks_at), default=None),
        on_time_until=min((row.on_time_until for row in counts if row.on_time_until), default=None),
    )
