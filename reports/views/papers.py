"""Papers: asking for one, watching it, opening it; and all of a year at once."""

import io
import tempfile
import zipfile
from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from blocs.domain import attachments
from blocs.errors import DomainError
from blocs.folding import fold
from blocs.models import BlocYear, Year
from blocs.years import current_year, posted_year
from reports import queue
from reports.board_filter import BoardFilter
from reports.domain import meeting_set, packets, renderings, standing
from reports.domain.papers import subjects, word
from reports.enums import WORD_PAPERS, DocumentKind, RenderingState
from reports.models import ProvinceReport, Rendering, RenderingBatch, SummaryReport, UnitReport
from reports.views.paper_box import box_of

PAGE_SIZE = 50
WORD_TYPE = attachments.OFFICE["word/document.xml"]


@login_required
@require_GET
def report_list(request):
    """Which blocs have sent their summary report, and the button that makes them all."""
    year = current_year(request)
    rows, batch, chosen, page, province = [], None, None, None, None
    if year:
        chosen = BoardFilter(request.GET, user=request.user, year=year)
        page = Paginator(chosen.blocs().for_table(), PAGE_SIZE).get_page(request.GET.get("trang"))
        blocs = BlocYear.objects.visible_to(request.user).filter(pk__in=[row.pk for row in page])
        rows = report_rows(request.user, blocs)
        batch = RenderingBatch.objects.visible_to(request.user).filter(year=year, conference=None).first()
        province = ProvinceReport.objects.visible_to(request.user).filter(year=year).first()
    may = year is not None and request.user.has_perm("reports.render_all", year)
    context = {"year": year, "rows": rows, "batch": batch, "may_render_all": may, "filter": chosen, "page": page}
    context |= {"province": province, "may_open": may and province is None}
    context["blocs"] = chosen.all_blocs.count() if may else 0
    return render(request, "reports/report_list.html", context)


def report_rows(user, blocs):
    """What the list of reports says of each bloc."""
    board = standing.board(blocs)
    reports = {row.bloc_year_id: row for row in SummaryReport.objects.visible_to(user).filter(bloc_year__in=blocs)}
    papers = _latest_papers(user, blocs)
    names = standing.late_and_absent(blocs)
    columns, rows = [code for code, _, _ in board.columns], []
    for row in board.rows:
        cells = {code: cell for code, cell in zip(columns, row.cells, strict=True) if cell and cell.expected}
        pk = row.bloc_year.pk
        due = cells.get("summary-report")
        rows.append(
            {
                "bloc": row.bloc_year,
                "units": cells.get("unit-report"),
                "names": names.get(pk),
                "report": reports.get(pk),
                "due": due,
                "due_words": due.words.partition(". ")[2] if due else "",
                "paper": papers.get(pk),
            }
        )
    return rows


def _latest_papers(user, blocs):
    kind = DocumentKind.SUMMARY_REPORT
    done = Rendering.objects.visible_to(user).filter(bloc_year__in=blocs, kind=kind, state=RenderingState.DONE)
    return {row.bloc_year_id: row for row in done.order_by("requested_at", "pk")}


@login_required
@require_POST
def rendering_request(request, kind, place):
    thing = subjects.find(kind, place, user=request.user)
    if thing is None or not request.user.has_perm(subjects.permission(kind), thing):
        raise Http404
    rendering = renderings.request(thing, kind, by=request.user)
    queue.send([rendering])
    return _answer(request, rendering)


@login_required
@require_GET
def paper_word(request, kind, place):
    """A report as it stands now, as a Word file."""
    thing = subjects.find(kind, place, user=request.user)
    if thing is None or kind not in WORD_PAPERS or not request.user.has_perm(subjects.permission(kind), thing):
        raise Http404
    content = io.BytesIO(word.bytes_of(thing, DocumentKind(kind)))
    return FileResponse(content, as_attachment=True, content_type=WORD_TYPE, filename=name_of(kind, thing, "docx"))


@login_required
@require_POST
def rendering_retry(request, pk):
    old = get_object_or_404(Rendering.objects.visible_to(request.user), pk=pk)
    try:
        rendering = renderings.retry(old.pk, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return _back(request, *_home_of(old))
    queue.send([rendering])
    return _answer(request, rendering)


def _answer(request, rendering):
    if request.htmx:
        return _state(request, rendering)
    return _back(request, *_home_of(rendering))


def _state(request, rendering):
    """The state of a paper and the button that asks for it anew."""
    return render(request, "reports/_rendering.html", {"paper": box_of(rendering)})


def _home_of(rendering):
    """The page on which a paper is shown."""
    if rendering.unit_report_id:
        return "unit_report", rendering.unit_report_id
    if rendering.conference_id:
        return "conference", rendering.conference_id
    if rendering.kind == DocumentKind.PROVINCE_REPORT:
        report = ProvinceReport.objects.filter(year=rendering.year_id).first()
        return ("province_report", report.pk) if report else ("year_detail", rendering.year_id)
    return ("year_division", rendering.year_id) if rendering.year_id else ("bloc_detail", rendering.bloc_year_id)


def _back(request, name, pk):
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(target)
    return redirect(name, pk)


@login_required
@require_GET
def rendering_state(request, pk):
    """The state of one paper, asked for again and again while it is being made."""
    return _state(request, get_object_or_404(Rendering.objects.visible_to(request.user), pk=pk))


@login_required
@require_GET
def rendering_file(request, pk):
    rendering = get_object_or_404(
        Rendering.objects.visible_to(request.user).select_related(
            "bloc_year__bloc", "bloc_year__year", "year", "unit_report__unit__unit", "unit_report__bloc_year__year"
        ),
        pk=pk,
        state=RenderingState.DONE,
    )
    path = renderings.path_of(rendering)
    if not path.is_file():
        raise Http404
    name = file_name(rendering)
    return FileResponse(path.open("rb"), content_type="application/pdf", filename=name)


def file_name(rendering, ending="pdf"):
    """``bao-cao-tong-ket-hoi-dac-thu-2026.pdf``: plain letters, for any computer."""
    return name_of(rendering.kind, subjects.of_rendering(rendering), ending)


def name_of(kind, thing, ending):
    """Shape: (DocumentKind, row that such papers are about, ``pdf``) -> file name"""
    words = slugify(fold(DocumentKind(kind).label))
    if isinstance(thing, Year):
        return f"{words}-{slugify(thing.label)}.{ending}"
    bloc_year = thing if isinstance(thing, BlocYear) else thing.bloc_year
    if bloc_year is None:
        return f"{words}-{slugify(thing.year.label)}.{ending}"
    if isinstance(thing, UnitReport):
        code = slugify(thing.unit.unit.code) or f"don-vi-{thing.unit.unit_id}"
    else:
        code = slugify(bloc_year.bloc.code) or f"khoi-{bloc_year.bloc_id}"
    return f"{words}-{code}-{slugify(bloc_year.year.label)}.{ending}"


@login_required
@require_POST
def batch_start(request):
    year = posted_year(request)
    if not request.user.has_perm("reports.render_all", year):
        raise Http404
    try:
        batch = renderings.request_all(year, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("report_list")
    queue.send(batch.renderings.all())
    return redirect("batch", batch.pk)


@login_required
@require_GET
def batch(request, pk):
    row = get_object_or_404(_batches(request.user), pk=pk)
    template = "reports/_batch.html" if request.htmx else "reports/batch.html"
    return render(request, template, {"batch": row, **progress(row)})


def _batches(user):
    owners = ("year__authority", "conference__bloc_year", "conference__year__authority")
    return RenderingBatch.objects.visible_to(user).select_related(*owners)


def name_in(batch, rendering):
    """What people call one paper of a batch: of many blocs by the bloc, of a meeting by what it is."""
    return rendering.get_kind_display() if batch.conference_id else rendering.bloc_year.name


def progress(batch):
    """How far a batch is: numbers, the failed ones, whether it goes on."""
    rows = list(batch.renderings.select_related("bloc_year").order_by("bloc_year__position", "bloc_year__pk", "pk"))
    states = Counter(row.state for row in rows)
    finished = states[RenderingState.DONE] + states[RenderingState.FAILED]
    return {
        "total": len(rows),
        "done": states[RenderingState.DONE],
        "reused": sum(row.reused for row in rows),
        "failed": [(row, name_in(batch, row)) for row in rows if row.state == RenderingState.FAILED],
        "made": [row for row in rows if row.state == RenderingState.DONE] if batch.conference_id else [],
        "fill": 5 * (20 * finished // len(rows)) if rows else 0,
        "is_finished": finished == len(rows),
    }


@login_required
@require_GET
def batch_file(request, pk):
    """All papers of a batch that are done, as one ZIP; the same papers give the same bytes."""
    row = get_object_or_404(_batches(request.user), pk=pk)
    done = row.renderings.filter(state=RenderingState.DONE).select_related("bloc_year__bloc", "bloc_year__year")
    papers = list(done.select_related("year").order_by("bloc_year__position", "bloc_year__pk", "pk"))
    if not papers:
        raise Http404
    lost = [name_in(row, paper) for paper in papers if not renderings.path_of(paper).is_file()]
    if lost:
        messages.error(request, f"Tệp PDF không còn trên máy chủ: {'; '.join(lost)}. Hãy tạo lại.")
        return redirect("batch", pk)
    archive = tempfile.TemporaryFile()  # noqa: SIM115 -- FileResponse closes it
    with zipfile.ZipFile(archive, "w") as file:
        for number, rendering in enumerate(papers, 1):
            entry = packets.entry(f"{number:03d}-{file_name(rendering)}", compress=False)
            file.writestr(entry, renderings.path_of(rendering).read_bytes())
        if row.conference:
            entry = packets.entry("bang-so-lieu.xlsx", compress=False)
            file.writestr(entry, meeting_set.tables(row.conference))
    archive.seek(0)
    kind = f"bo-tai-lieu-hoi-nghi-{row.conference_id}" if row.conference else "bao-cao-tong-ket"
    name = f"{kind}-{slugify(row.year.label)}.zip"
    return FileResponse(archive, as_attachment=True, content_type="application/zip", filename=name)
