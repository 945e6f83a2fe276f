from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from reports.domain.papers import pdf
from tests.reports.summary_papers import FULL, TEMPLATE


def test_signs_that_the_font_lacks_bring_no_second_font():
    paper = replace(FULL, strengths=("Đạt ☑ yêu cầu 漢字 😀 của \u202ekhối\u202c.",))

    content, _ = pdf.render(pdf.html_of(paper, TEMPLATE))

    pages = PdfReader(BytesIO(content)).pages
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2].partition("-")[0]
        for page in pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts == {pdf.font()[0].replace(" ", "")}
    assert "Đạt □ yêu cầu □□ □ của" in " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("text", ["Ủy ban nhân dân tỉnh – “Đoàn kết”, ≥ 100 %, m²", "Nguyễn Thị Ỷ, Đắk Lắk, Ea H'leo"])
def test_vietnamese_text_stays_as_it_is(text):
    assert pdf._in_the_font(text) == text
