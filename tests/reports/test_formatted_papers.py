"""Bold and italic words on paper: the fonts of the PDF, the runs of the Word file."""

import io

import pytest
from docx import Document

from reports.domain import renderings
from reports.domain.papers import word
from reports.enums import DocumentKind
from reports.models import UnitReport
from tests.factories import make_bloc_year, make_unit_report, make_unit_year, make_year
from tests.reports.paper_reading import find, open_pdf, runs_of, text_of

pytestmark = pytest.mark.django_db
KIND = DocumentKind.UNIT_REPORT
LINES = ["**Đậm <b>** thường __nghiêng__, 5*3 ____", "- Mục **__cả hai__**", "Tên\tSố", "**Cộng** lại\t**12**"]


def make_report():
    year = make_year()
    unit = make_unit_year(year)
    report = make_unit_report(make_bloc_year(year, members=[unit]), unit=unit, whole=True)
    report.parts.filter(code="tasks").update(paragraphs=LINES)
    return UnitReport.objects.for_page().get(pk=report.pk)


@pytest.mark.slow
def test_pdf_has_a_bold_and_an_italic_font_and_reads_without_marks():
    report = make_report()
    content = renderings.bytes_of(report, KIND)

    runs = runs_of(content)
    fonts = {text: find(runs, text).font for text in ("Đậm <b>", "thường", "nghiêng", "cả hai", "Cộng")}
    looks = {text: ("Bold" in font, "Italic" in font) for text, font in fonts.items()}
    assert looks == {
        "Đậm <b>": (True, False),
        "thường": (False, False),
        "nghiêng": (False, True),
        "cả hai": (True, True),
        "Cộng": (True, False),
    }
    assert "Đậm <b> thường nghiêng , 5*3 ____ - Mục cả hai Tên Số Cộng lại 12" in text_of(content)
    with open_pdf(content) as file:
        assert bool(file.Root.MarkInfo.Marked)
        assert file.open_metadata()["pdfaid:conformance"] == "A"
    assert renderings.bytes_of(report, KIND) == content


def test_word_file_has_bold_and_italic_runs():
    document = Document(io.BytesIO(word.bytes_of(make_report(), KIND)))

    def looks(paragraph):
        return [(run.text, bool(run.bold), bool(run.italic)) for run in paragraph.runs]

    first = next(paragraph for paragraph in document.paragraphs if "nghiêng" in paragraph.text)
    second = next(paragraph for paragraph in document.paragraphs if paragraph.text == "- Mục cả hai")
    table = next(table for table in document.tables if table.cell(0, 0).text == "Tên")
    assert looks(first) == [
        ("Đậm <b>", True, False),
        (" thường ", False, False),
        ("nghiêng", False, True),
        (", 5*3 ____", False, False),
    ]
    assert looks(second) == [("- Mục ", False, False), ("cả hai", True, True)]
    assert looks(table.cell(1, 0).paragraphs[0]) == [("Cộng", True, False), (" lại", False, False)]
    assert looks(table.cell(1, 1).paragraphs[0]) == [("12", True, False)]
