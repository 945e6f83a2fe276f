"""The papers of a bloc's year in one place; their numbers and signed copies."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from blocs.domain import attachments
from blocs.enums import MEMBER_UNIT_ROLES
from blocs.errors import DomainError
from blocs.models import BlocYear
from reports.domain import issues, library
from reports.enums import RenderingState
from reports.forms import CopyForm, IssueForm
from reports.models import Issue, Rendering, SignedCopy


@login_required
@require_GET
def document_list(request, pk):
    bloc_year = get_object_or_404(BlocYear.objects.visible_to(request.user).for_table(), pk=pk)
    shelves = library.shelves(request.user, bloc_year)
    leads = request.user.has_perm("reports.issue_paper", Rendering(bloc_year=bloc_year))
    own = set(request.user.seats.having(*MEMBER_UNIT_ROLES).values_list("unit", flat=True))
    for paper in (paper for shelf in shelves for newest, older in shelf.papers for paper in (newest, *older)):
        report = paper.unit_report
        paper.may_issue = not paper.is_draft and (report.unit.unit_id in own if report else leads)
    context = {"bloc": bloc_year, "shelves": shelves}
    return render(request, "reports/document_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def paper_issue(request, pk):
    """The number and day that a paper got outside, with the signed copy."""
    rows = Rendering.objects.visible_to(request.user).filter(state=RenderingState.DONE, issue=None)
    rendering = _issued_by(request.user, get_object_or_404(rows, pk=pk))
    form = IssueForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            row = issues.note(rendering.pk, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã ghi: {row}. Trang xác minh cho biết số, ngày này.")
            return redirect(*_shelf(rendering))
    context = {"rendering": rendering, "form": form, "title": "Ghi số, ngày sau khi ký", "back": _shelf(rendering)}
    return render(request, "reports/paper_issue.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def paper_copy(request, pk):
    """A signed copy for a paper that has its number."""
    row = get_object_or_404(Issue.objects.visible_to(request.user).select_related("rendering"), pk=pk)
    rendering = _issued_by(request.user, row.rendering)
    form = CopyForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            issues.add_copy(row.pk, form.cleaned_data["copy"], by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã đính bản đã ký của {row}.")
            return redirect(*_shelf(rendering))
    context = {"rendering": rendering, "form": form, "title": f"Đính bản đã ký: {row}", "back": _shelf(rendering)}
    return render(request, "reports/paper_issue.html", context, status=422 if form.is_bound else 200)


@login_required
@require_GET
def signed_copy(request, pk):
    copy = get_object_or_404(SignedCopy.objects.filter(issue__in=Issue.objects.visible_to(request.user)), pk=pk)
    path = attachments.path_of(copy)
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type=copy.media_type, filename=copy.name)


def _issued_by(user, rendering):
    if not user.has_perm("reports.issue_paper", rendering):
        raise Http404
    return rendering


def _shelf(rendering):
    """The page on which the paper stands among the others."""
    return ("document_list", rendering.bloc_year_id) if rendering.bloc_year_id else ("year_detail", rendering.year_id)
