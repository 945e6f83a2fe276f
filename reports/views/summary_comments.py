"""What members say about the draft of the summary report, and what the head answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from blocs.covenant_forms import AnswerForm, CommentForm
from blocs.domain import comments
from blocs.enums import CommentOn
from blocs.errors import DomainError, RuleBroken
from blocs.templatetags.vietnamese import day
from reports.domain import summary_reports
from reports.domain.passages import passages
from reports.forms import AskForm
from reports.models import SummaryReport
from reports.views.summary_report import page


@login_required
@require_POST
def summary_comment(request, pk):
    report = _report(request, pk)
    form = CommentForm(request.POST, passages=passages(report))
    if form.is_valid():
        words = form.cleaned_data
        try:
            summary_reports.comment(report.pk, passage=words["passage"], text=words["text"], by=request.user)
        except RuleBroken as error:
            form.add_error("passage", str(error))
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("summary_report", pk)
        else:
            messages.success(request, "Đã gửi góp ý.")
            return redirect("summary_report", pk)
    messages.error(request, "Góp ý chưa được gửi; lời của bạn còn ở cuối trang.")
    return page(request, report, form=form, status=422)


@login_required
@require_POST
def summary_ask(request, pk):
    """The head asks the members for their comments by a day."""
    report, form = _report(request, pk), AskForm(request.POST)
    if not request.user.has_perm("reports.write_summary_report", report):
        raise Http404
    if not form.is_valid():
        messages.error(request, "Ghi ngày cuối nhận góp ý.")
        return redirect("summary_report", pk)
    until = form.cleaned_data["until"]

    def act():
        summary_reports.ask_comments(report.pk, until=until, by=request.user)

    return _done(request, report, act, f"Các đơn vị thấy việc góp ý ở Việc cần làm đến hết ngày {day(until)}.")


@login_required
@require_http_methods(["GET", "POST"])
def summary_comment_answer(request, pk, comment):
    report = _report(request, pk)
    if not request.user.has_perm("blocs.answer_comment", report.bloc_year):
        raise Http404
    row = _comment(request, report, comment)
    initial = {"outcome": row.outcome, "words": row.answer, "seen": comments.version_of(row)}
    form = AnswerForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            summary_reports.answer_comment(row.pk, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã trả lời góp ý.")
            return redirect("summary_report", pk)
    context = {"report": report, "row": row, "form": form}
    return render(request, "reports/comment_answer.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def summary_comment_withdraw(request, pk, comment):
    report = _report(request, pk)
    row = _comment(request, report, comment)
    return _done(request, report, lambda: comments.withdraw(row.pk, by=request.user), "Đã rút góp ý.")


def _done(request, report, act, did):
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, did)
    return redirect("summary_report", report.pk)


def _report(request, pk):
    return get_object_or_404(SummaryReport.objects.visible_to(request.user).for_page(), pk=pk)


def _comment(request, report, comment):
    rows = comments.of_text(report.bloc_year, CommentOn.SUMMARY_REPORT, user=request.user)
    return get_object_or_404(rows, pk=comment)
