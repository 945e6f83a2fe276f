"""The summary report of a bloc."""

from dataclasses import asdict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from blocs.domain import receipts
from blocs.enums import Milestone
from blocs.errors import DomainError
from blocs.models import BlocYear
from reports.domain import standing, summary_reports
from reports.domain.assembly import drafts
from reports.domain.assembly.drafts import OfferKind
from reports.domain.assembly.kinds import SUMMARY
from reports.domain.standing import look_of
from reports.enums import AdoptedHow, DocumentKind, SummaryPartCode
from reports.forms import PartForm
from reports.models import SummaryPart, SummaryReport
from reports.views.assembly import linked
from reports.views.paper_box import box
from reports.views.saving import save_field, saved_words, steps_of, take_step
from reports.views.summary_comments import context_of
from reports.workflow import SUMMARY_EDITABLE, SUMMARY_MOVES


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
    deadline, now = summary_reports.deadline(report), timezone.now()
    missing = summary_reports.missing(report)
    received_at = receipts.first_moment(report.bloc_year_id, Milestone.SUMMARY_REPORT)
    members = standing.members(report.bloc_year, now=now)
    context = {
        "report": report,
        "bloc": report.bloc_year,
        "editable": report.state in SUMMARY_EDITABLE and request.user.has_perm("reports.write_summary_report", report),
        "deadline": deadline,
        "look": look_of(deadline.standing(received_at, now)),
        "words": deadline.words(received_at, now),
        "absent": [row for row in members if row.received_at is None],
        "members_count": len(members),
        "parts": _parts(report, drafts.provenance(SUMMARY, report)),
        "paper": box(request.user, DocumentKind.SUMMARY_REPORT, report.bloc_year),
        "today": timezone.localdate(),
        **steps_of(SUMMARY_MOVES, report, request.user, missing, deadline),
    }
    return render(
        request, "reports/summary_report.html", context | _more(report, request.user, editable=context["editable"])
    )


def _more(report, user, *, editable):
    """Comments, and what differs from the data."""
    return context_of(report, user) | {"is_adopted": not report.is_draft} | _assembly(report, editable=editable)


def _assembly(report, *, editable):
    """What differs from the data now, for who may answer it."""
    if not editable:
        return {}
    offers, conflicts = drafts.offers(SUMMARY, report)
    return {
        "offers": [
            {
                "key": offer.key,
                "part_label": SummaryPartCode(offer.part).label,
                "now": offer.now,
                "new": offer.new,
                "is_edited": offer.is_edited,
                "links": linked(offer.sources),
                **WORDS[offer.kind],
            }
            for offer in offers
        ],
        "conflicts": [(conflict, linked(map(asdict, conflict.sources))) for conflict in conflicts],
    }


WORDS = {
    OfferKind.CHANGED: {"words": "nguồn đã đổi", "take": "Lấy đoạn theo dữ liệu", "keep": "Giữ đoạn đang viết"},
    OfferKind.GONE: {"words": "không còn nguồn", "take": "Bỏ đoạn này", "keep": "Giữ lại, là lời của khối"},
    OfferKind.NEW: {"words": "chưa có trong báo cáo", "take": "Thêm vào báo cáo", "keep": "Không thêm"},
}


def _parts(report, provenance):
    """Each text part with its form, where it comes from, and what the bloc wrote the year before."""
    written = {part.code: part for part in report.parts.select_related("saved_by")}
    before = (
        SummaryReport.objects.filter(
            bloc_year__bloc=report.bloc_year.bloc_id, bloc_year__year__ends_on__lt=report.bloc_year.year.starts_on
        )
        .order_by("-bloc_year__year__starts_on")
        .first()
    )
    old = {part.code: part for part in before.parts.all()} if before else {}
    rows = []
    for code in SummaryPartCode:
        part = written.get(code) or SummaryPart(code=code)
        initial = {"text": part.text, "version": part.version}
        form = PartForm(initial=initial, label=code.label, auto_id=f"{code.value}-%s")
        obligatory = code in summary_reports.OBLIGATORY
        rows.append(
            {
                "code": code.value,
                "label": code.label,
                "part": part,
                "form": form,
                "obligatory": obligatory,
                "last_year": old.get(code),
                "note": saved_words(part),
                "provenance": [(text, linked(sources), edited) for text, _, sources, edited in provenance[code.value]],
            }
        )
    return rows


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
    return save_field(request, form, save, key=code, back=reverse("summary_report", args=[pk]))


@login_required
@require_POST
def summary_report_step(request, pk, name):
    report = get_object_or_404(SummaryReport.objects.visible_to(request.user), pk=pk)
    if name not in SUMMARY_MOVES:
        raise Http404

    def move(note, adopted_on, how, **votes):
        adoption = summary_reports.Adoption(how or AdoptedHow.CONSENT, **votes)
        return summary_reports.move(
            report.pk, name, by=request.user, note=note, adopted_on=adopted_on, adoption=adoption
        )

    return take_step(request, move, back=reverse("summary_report", args=[pk]))
