"""The summary report of a bloc."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from blocs.covenant_forms import CommentForm
from blocs.domain import comments, receipts
from blocs.enums import CommentOn, Milestone
from blocs.errors import DomainError
from blocs.models import BlocYear
from reports.domain import adoption, standing, summary_reports
from reports.domain.passages import passages
from reports.domain.standing import look_of
from reports.enums import AdoptedHow, DocumentKind, SummaryPartCode
from reports.forms import PartForm
from reports.models import SummaryReport
from reports.views.assembly import offered, part_rows
from reports.views.paper_box import box
from reports.views.saving import save_field, steps_of, take_step
from reports.workflow import SUMMARY_EDITABLE, SUMMARY_MOVES

DESK = "summary"


@login_required
@require_POST
def summary_report_open(request, pk):
    """Begin the report of a bloc, or go on with it."""
    bloc_year = get_object_or_404(BlocYear.objects.visible_to(request.user), pk=pk)
    try:
        report = summary_reports.open_report(bloc_year, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("bloc_detail", pk)
    return redirect("summary_report", report.pk)


@login_required
@require_GET
def summary_report(request, pk):
    report = get_object_or_404(SummaryReport.objects.visible_to(request.user).for_page(), pk=pk)
    return page(request, report)


def page(request, report, *, form=None, status=200):
    """The whole page; with a comment that was refused, where there is one.

    Shape:   (request, SummaryReport, CommentForm or None) -> response
    """
    deadline, now = summary_reports.deadline(report), timezone.now()
    missing = summary_reports.before_adoption(report)
    received_at = receipts.first_moment(report.bloc_year_id, Milestone.SUMMARY_REPORT)
    members = standing.members(report.bloc_year, now=now)
    editable = report.state in SUMMARY_EDITABLE and request.user.has_perm("reports.write_summary_report", report)
    found = offered(DESK, report, request.user, editable=editable)
    context = {
        "report": report,
        "bloc": report.bloc_year,
        "adopted": adoption.words(report),
        "editable": editable,
        "all_open": "mo" in request.GET,
        "deadline": deadline,
        "look": look_of(deadline.standing(received_at, now)),
        "words": deadline.words(received_at, now),
        "absent": [row for row in members if row.received_at is None and not _mends(row)],
        "mending": [row for row in members if _mends(row)],
        "members_count": len(members),
        "parts": part_rows(
            DESK,
            report,
            request.user,
            before=_last_year(report),
            obligatory=summary_reports.OBLIGATORY,
            stale=found["stale"],
        ),
        "paper": box(request.user, DocumentKind.SUMMARY_REPORT, report.bloc_year),
        "today": timezone.localdate(),
        "conference_day": adoption.day_of_conference(report.bloc_year) if report.is_draft else None,
        **steps_of(SUMMARY_MOVES, report, request.user, missing, deadline),
    }
    context |= found | context_of(report, request.user, chosen=request.GET.get("doan", ""), form=form)
    return render(request, "reports/summary_report.html", context, status=status)


def _mends(row):
    return row.report is not None and row.report.is_being_mended


def context_of(report, user, *, chosen="", form=None):
    """The comments, and the form for one more.

    Shape:   (SummaryReport, User, key of the passage to begin with, a refused form) -> what ``_comments.html`` shows
    """
    rows = list(comments.of_text(report.bloc_year, CommentOn.SUMMARY_REPORT, user=user))
    may = report.is_draft and user.has_perm("blocs.comment", report.bloc_year)
    return {
        "comments": rows,
        "open_comments": sum(row.answered_at is None for row in rows),
        "comment_form": (form or CommentForm(passages=passages(report), initial={"passage": chosen})) if may else None,
        "answers": user.has_perm("blocs.answer_comment", report.bloc_year),
        "is_adopted": not report.is_draft,
    }


def _last_year(report):
    rows = SummaryReport.objects.filter(
        bloc_year__bloc=report.bloc_year.bloc_id, bloc_year__year__ends_on__lt=report.bloc_year.year.starts_on
    )
    return rows.order_by("-bloc_year__year__starts_on").first()


@login_required
@require_POST
def summary_report_part(request, pk, code):
    report = get_object_or_404(SummaryReport.objects.visible_to(request.user), pk=pk)
    if code not in SummaryPartCode.values:
        raise Http404

    def save(data):
        version = form.starting_version()
        return summary_reports.save_part(report.pk, code, data["text"], version=version, by=request.user)

    form = PartForm(request.POST, label=SummaryPartCode(code).label, auto_id=f"{code}-%s")
    return save_field(request, form, save, key=code, back=f"{reverse('summary_report', args=[pk])}#{code}")


@login_required
@require_POST
def summary_report_step(request, pk, name):
    report = get_object_or_404(SummaryReport.objects.visible_to(request.user), pk=pk)
    if name not in SUMMARY_MOVES:
        raise Http404

    def move(note, adopted_on, how, **votes):
        taken = adoption.Adoption(how or AdoptedHow.CONSENT, **votes)
        return summary_reports.move(report.pk, name, by=request.user, note=note, adopted_on=adopted_on, adoption=taken)

    return take_step(request, move, back=reverse("summary_report", args=[pk]))
