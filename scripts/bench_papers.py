"""One paper in this process: what our own work adds to WeasyPrint's, and that an unchanged paper is not rendered."""

import gc
import statistics
import time
from unittest import mock

import weasyprint
from bench_base import demand, figure, say
from bench_data import change_texts

from reports.domain import renderings
from reports.domain.papers import pdf
from reports.domain.papers.registry import KINDS
from reports.enums import DocumentKind, RenderingState
from reports.models import SummaryPart

KIND = DocumentKind.SUMMARY_REPORT
PAGES = 12
FILLED_PART = "results"


def html_of(bloc_year):
    """The page as the worker makes it, read anew from the database."""
    spec = KINDS[KIND]
    bloc_year = type(bloc_year).objects.select_related("year__authority", "bloc").get(pk=bloc_year.pk)
    return pdf.html_of(spec.build(bloc_year), spec.template)


def make(province, bloc_year):
    """Ask for a paper and make it.

    Shape:   -> (Rendering, seconds of the making)
    """
    row = renderings.request(bloc_year, KIND, by=province.user)
    gc.collect()
    started = time.perf_counter()
    finished = renderings.make(row.pk)
    seconds = time.perf_counter() - started
    row.refresh_from_db()
    demand(finished and row.state == RenderingState.DONE, f"the paper was not made: {row.error}")
    return row, seconds


def weasyprint_alone(html):
    """The same HTML, the same style, the same options.

    Shape:   str -> (bytes, seconds)
    """
    text = pdf.STYLE.read_text(encoding="utf-8").replace("PAPER-FONT", pdf.font()[0])
    gc.collect()
    started = time.perf_counter()
    style = weasyprint.CSS(string=text, url_fetcher=pdf._nothing)  # noqa: SLF001 -- the very same options
    page = weasyprint.HTML(string=html, url_fetcher=pdf._nothing)  # noqa: SLF001
    document = page.render(font_config=pdf._font_map(), stylesheets=[style])  # noqa: SLF001
    content = document.write_pdf(pdf_variant="pdf/a-2a", pdf_tags=True, finisher=pdf._plain_blanks)  # noqa: SLF001
    return content, time.perf_counter() - started


def fit_pages(bloc_year):
    """Add or take paragraphs until the report has the wanted number of pages."""
    change_texts([bloc_year])
    part = SummaryPart.objects.get(report__bloc_year=bloc_year, code=FILLED_PART)
    for _ in range(40):
        _, pages = pdf.render(html_of(bloc_year))
        if pages == PAGES:
            return
        part.paragraphs = [*part.paragraphs, part.paragraphs[0]] if pages < PAGES else part.paragraphs[:-1]
        demand(part.paragraphs, f"the report has {pages} pages without any text")
        part.save()
    demand(False, f"the report never has {PAGES} pages")  # noqa: FBT003


# ---------------------------------------------------------------- figures


def render_overhead(province, *, repetitions):
    """From the database to the stored file, divided by WeasyPrint alone."""
    bloc_year = province.bloc_years[0]
    fit_pages(bloc_year)
    pairs = []
    for number in range(repetitions + 1):
        pairs.append(_pair(province, bloc_year, alone_first=number % 2 == 0))
        say(f"render_overhead {number}: {pairs[-1][0]:.3f} s made, {pairs[-1][1]:.3f} s alone")
    pairs = pairs[1:]  # the first one warmed up
    ratio = statistics.median(whole / alone for whole, alone in pairs)
    return figure(
        round(ratio, 3),
        target={"at_most": 1.25},
        pages=PAGES,
        repetitions=repetitions,
        seconds_made=round(statistics.median(whole for whole, _ in pairs), 3),
        seconds_weasyprint=round(statistics.median(alone for _, alone in pairs), 3),
    )


def _pair(province, bloc_year, *, alone_first):
    """One new text made by the application and by WeasyPrint alone, which must give the same bytes."""
    change_texts([bloc_year])
    html = html_of(bloc_year)
    if alone_first:
        content, alone = weasyprint_alone(html)
        row, whole = make(province, bloc_year)
    else:
        row, whole = make(province, bloc_year)
        content, alone = weasyprint_alone(html)
    demand(not row.reused and row.pages == PAGES, f"the paper has {row.pages} pages, reused: {row.reused}")
    demand(renderings.path_of(row).read_bytes() == content, "the stored paper differs from WeasyPrint's own")
    return whole, alone


def unchanged(province, *, repetitions):
    """How often WeasyPrint is called for reports that did not change."""
    bloc_year = province.bloc_years[0]
    with mock.patch("weasyprint.HTML", wraps=weasyprint.HTML) as html:
        change_texts([bloc_year])
        make(province, bloc_year)
        demand(html.call_count == 1, f"a changed report was rendered {html.call_count} times")
        html.reset_mock()
        rows = [make(province, bloc_year)[0] for _ in range(repetitions)]
        calls = html.call_count
    demand(all(row.reused for row in rows) == (calls == 0), "a paper says wrongly whether it is an earlier one")
    return figure(calls, target={"equal": 0}, reports=repetitions, calls_when_changed=1)
