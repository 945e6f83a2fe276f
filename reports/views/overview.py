"""The pages that one looks at first: what to do, the province, one bloc."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from awards.domain.quotas import limits
from blocs.domain import rulesets
from blocs.enums import MemberRole
from blocs.models import BlocYear
from blocs.seats import current_seat
from blocs.years import current_year
from reports import todo
from reports.board_filter import BoardFilter
from reports.domain import standing
from reports.domain.steps import next_step, steps
from reports.enums import DocumentKind
from reports.models import SummaryReport, UnitReport
from reports.views.paper_box import box

PAGE_SIZE = 50


@login_required
@require_GET
def todo_page(request):
    year = current_year(request)
    seat = current_seat(request)
    context = {"year": year, "tasks": [], "upcoming": [], "done": []}
    if year is None:
        context["tasks"] = todo.first_tasks(request.user, seat=seat)
    else:
        context["tasks"] = todo.tasks(request.user, year, seat=seat)
        context["upcoming"] = todo.upcoming(request.user, year, seat=seat)
        context["done"] = todo.done(request.user, year, seat=seat)
        context["watched"] = todo.watched(request.user, year, seat=seat)
    return render(request, "reports/todo.html", context)


@login_required
@require_GET
def bloc_list(request):
    """The blocs of the year that the user may see; the only one opens at once."""
    year = current_year(request)
    if year is None:
        return render(request, "reports/bloc_list.html", {"year": year})
    chosen = BoardFilter(request.GET, user=request.user, year=year)
    page = Paginator(chosen.blocs().for_table(), PAGE_SIZE).get_page(request.GET.get("trang"))
    if page.paginator.count == 1 and not chosen.chosen:
        return redirect("bloc_detail", page.object_list[0].pk)
    heads = _heads(page.object_list)
    context = {"year": year, "filter": chosen, "page": page, "rows": [(row, heads.get(row.pk)) for row in page]}
    return render(request, "reports/bloc_list.html", context)


def _heads(rows):
    found = BlocYear.objects.filter(pk__in=[row.pk for row in rows], memberships__role=MemberRole.HEAD)
    return dict(found.values_list("pk", "memberships__unit__name"))


@login_required
@require_GET
def bloc_detail(request, pk):
    bloc_year = get_object_or_404(BlocYear.objects.visible_to(request.user).for_table(), pk=pk)
    members, line = standing.members(bloc_year), steps(bloc_year)
    report = SummaryReport.objects.filter(bloc_year=bloc_year).first()
    context = {
        "bloc": bloc_year,
        "head": next((row.membership.unit for row in members if row.membership.role == MemberRole.HEAD), None),
        "deputies": [row.membership.unit for row in members if row.membership.deputy_rank],
        "steps": line,
        "next": next_step(bloc_year, line, members),
        "members": members,
        "absent": [row for row in members if row.received_at is None],
        "report": report,
        "limits": limits(bloc_year).values(),
        "notices": bloc_year.notices.select_related("award"),
        "rule_set": rulesets.of(bloc_year),
        "may_write": request.user.has_perm("reports.write_summary_report", bloc_year),
        "may_see_people": any(request.user.has_perm(f"blocs.{act}", bloc_year) for act in SEES_PEOPLE),
        "readable": _readable(request.user, members),
        "paper": box(request.user, DocumentKind.SUMMARY_REPORT, bloc_year),
    }
    return render(request, "reports/bloc_detail.html", context)


SEES_PEOPLE = ("edit_covenant", "manage_people")


def _readable(user, members):
    """Reports that this user may open; a draft of another unit stays its own."""
    ids = [report.pk for row in members for report in (row.report, row.mid_year) if report]
    return set(UnitReport.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
