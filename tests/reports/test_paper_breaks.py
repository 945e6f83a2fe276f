"""Where papers break: what stays with the signature, a drawing in groups, what Word leaves out."""

import io

import pytest
from docx import Document

from reports.domain.papers import pdf, word
from tests.reports.paper_reading import lines_of, words

END = """<div class="closing"><p>Trên đây là báo cáo.</p><div class="foot"><div class="recipients"><p>- Lưu: VT.</p></div>
<div class="signature"><p>KHỐI TRƯỞNG</p><p class="post">CHỦ TỊCH</p></div></div></div>"""
LONG = "Toàn khối tổ chức thực hiện các nhiệm vụ được giao, đạt và vượt các chỉ tiêu đã ký. " * 4


def pages_of(body):
    """[[line]] of each page, from the top."""
    content, count = pdf.render(f"<html lang='vi'><head><title>x</title></head><body>{body}</body></html>")
    lines = [line for line in lines_of(content) if line.top > 20]
    return [
        [words(line.text) for line in sorted(lines, key=lambda line: line.top) if line.page == page + 1]
        for page in range(count)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("last", ["Dòng cuối.", LONG])
def test_signature_never_stands_with_a_single_line(last):
    found = set()
    for lines in range(19, 34):
        pages = pages_of("".join(f"<p>Dòng {number}.</p>" for number in range(lines)) + f"<p>{last}</p>" + END)
        above = [
            line for line in pages[-1] if "KHỐI TRƯỞNG" not in line and "CHỦ TỊCH" not in line and "VT" not in line
        ]
        found.add((len(pages), len(above) >= 2, above[-1]))
    assert found == {(1, True, "Trên đây là báo cáo."), (2, True, "Trên đây là báo cáo.")}


@pytest.mark.slow
def test_drawing_of_targets_breaks_between_groups_only():
    drawing = "".join(f"<p>Chỉ tiêu {number}</p>" for number in range(1, 14))
    split = set()
    for lines in range(18, 36, 2):
        body = "".join(f"<p>Dòng {number}.</p>" for number in range(lines)) + f"<div class='tracks'>{drawing}</div>"
        split.add(sum(line.startswith("Chỉ tiêu") for line in pages_of(body)[0]))
    assert split <= {0, 5, 10, 13}
    assert len(split) > 2


def test_word_leaves_the_drawing_out():
    file = word.docx_of(
        "<html><body><p>Trước.</p><div class='tracks'><p>Chỉ tiêu 1 <svg></svg> 95 %</p></div><p>Sau.</p></body></html>"
    )
    assert [paragraph.text for paragraph in Document(io.BytesIO(file)).paragraphs] == ["Trước.", "Sau."]
