"""Numbers, days and signed copies of papers that were signed outside: noted, mended, taken back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from blocs.covenant_forms import ReasonForm
from blocs.errors import DomainError, EditedMeanwhile
from blocs.views import files
from reports.domain import issues
from reports.enums import RenderingState
from reports.forms import CopyForm, CorrectIssueForm, IssueForm
from reports.models import Issue, Rendering, SignedCopy


@login_required
@require_http_methods(["GET", "POST"])
def paper_issue(request, pk):
    """The number and day that a paper got outside, with the signed copy."""
    rows = Rendering.objects.visible_to(request.user).filter(state=RenderingState.DONE, issue=None)
    rendering = _issued_by(request.user, get_object_or_404(rows, pk=pk))
    try:
        newer = issues.newer(rendering)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(*shelf_of(rendering))
    form = IssueForm(request.POST or None, request.FILES or None, newer=newer)

    def act():
        row = issues.note(rendering.pk, by=request.user, **form.cleaned_data)
        return f"Đã ghi: {row}. Trang xác minh cho biết số, ngày này."

    return _answer(request, form, rendering, act, title="Ghi số, ngày sau khi ký", button="Ghi")


@login_required
@require_http_methods(["GET", "POST"])
def issue_correct(request, pk):
    """Mend a number, day or signer that was typed wrong."""
    row = _issue(request, pk)
    initial = issues.shown(row) | {"opened": issues.opened_with(row)}
    form = CorrectIssueForm(request.POST or None, initial=initial)

    def act():
        return f"Đã sửa thành: {issues.correct(row.pk, by=request.user, **form.cleaned_data)}."

    return _answer(request, form, row.rendering, act, title=f"Sửa số, ngày: {row}", button="Sửa")


@login_required
@require_http_methods(["GET", "POST"])
def issue_withdraw(request, pk):
    """Take back a number that was given to the wrong print."""
    row = _issue(request, pk)
    form = ReasonForm(request.POST or None)

    def act():
        issues.withdraw(row.pk, by=request.user, **form.cleaned_data)
        return f"Đã rút: {row}. Nhật ký thao tác còn giữ số, ngày đã ghi."

    return _answer(request, form, row.rendering, act, title=f"Rút số, ngày và bản đã ký: {row}", button="Rút")


@login_required
@require_http_methods(["GET", "POST"])
def paper_copy(request, pk):
    """A signed copy for a paper that has its number."""
    row = _issue(request, pk)
    form = CopyForm(request.POST or None, request.FILES or None)

    def act():
        issues.add_copy(row.pk, form.cleaned_data["copy"], by=request.user)
        return f"Đã đính bản đã ký của {row}."

    return _answer(request, form, row.rendering, act, title=f"Đính bản đã ký: {row}", button="Đính")


@login_required
@require_http_methods(["GET", "POST"])
def copy_withdraw(request, pk):
    """Take back a signed copy that was attached by mistake."""
    copies = SignedCopy.objects.filter(issue__in=Issue.objects.visible_to(request.user))
    copy = get_object_or_404(copies.select_related("issue__rendering"), pk=pk)
    rendering = _issued_by(request.user, copy.issue.rendering)
    form = ReasonForm(request.POST or None)

    def act():
        issues.withdraw_copy(copy.pk, by=request.user, **form.cleaned_data)
        return f"Đã rút bản đã ký {copy.name}."

    return _answer(request, form, rendering, act, title=f"Rút bản đã ký {copy.name} của {copy.issue}", button="Rút")


@login_required
@require_GET
def signed_copy(request, pk):
    copy = get_object_or_404(SignedCopy.objects.filter(issue__in=Issue.objects.visible_to(request.user)), pk=pk)
    return files.sent(copy)


def _answer(request, form, rendering, act, **words):
    """The form, or what ``act`` says that it did, on the page where the paper stands."""
    context = {"rendering": rendering, "form": form, "back": shelf_of(rendering)} | words
    if form.is_valid():
        try:
            done = act()
        except EditedMeanwhile as error:
            return render(request, "reports/paper_issue.html", context | {"conflict": error}, status=409)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect(*shelf_of(rendering))
    return render(request, "reports/paper_issue.html", context, status=422 if form.is_bound else 200)


def _issue(request, pk):
    rows = Issue.objects.visible_to(request.user).select_related("rendering")
    row = get_object_or_404(rows, pk=pk)
    _issued_by(request.user, row.rendering)
    return row


def _issued_by(user, rendering):
    if not user.has_perm("reports.issue_paper", rendering):
        raise Http404
    return rendering


def shelf_of(rendering):
    """The page on which a paper stands among the others."""
    return (
        ("document_list", rendering.bloc_year_id) if rendering.bloc_year_id else ("year_documents", rendering.year_id)
    )
