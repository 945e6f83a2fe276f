"""What a meeting gives to others: the set of papers, the draft for the news."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from blocs.errors import DomainError
from reports import queue
from reports.domain import meeting_set, news
from reports.domain.papers import word
from reports.domain.workbooks.writing import CONTENT_TYPE
from reports.enums import DocumentKind
from reports.views.conferences import found, run

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@login_required
@require_POST
def meeting_papers(request, pk):
    """One button: all papers of the meeting."""
    row = run(request, pk)
    try:
        batch = meeting_set.request_set(row.pk, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("conference", pk)
    queue.send(batch.renderings.all())
    return redirect("batch", batch.pk)


@login_required
@require_GET
def meeting_tables(request, pk):
    row = found(request, pk)
    response = HttpResponse(meeting_set.tables(row), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="bang-so-lieu-hoi-nghi-{row.pk}.xlsx"'
    return response


@login_required
@require_GET
def meeting_news(request, pk):
    """The draft, to be copied."""
    row = found(request, pk)
    return render(request, "reports/meeting_news.html", {"conference": row, "news": news.draft(row)})


@login_required
@require_GET
def meeting_news_file(request, pk):
    row = found(request, pk)
    response = HttpResponse(word.bytes_of(row, DocumentKind.CONFERENCE_NEWS), content_type=WORD)
    response["Content-Disposition"] = f'attachment; filename="du-thao-tin-hoi-nghi-{row.pk}.docx"'
    return response
