"""The file of the printed summary report: what it holds, the same bytes every time, large ones whole."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from django.conf import settings

from reports.domain.papers.summary import Table
from tests.reports.paper_reading import open_pdf, runs_of, tags_in, text_of, words
from tests.reports.summary_papers import FULL, MEMBERS, STATE, made

# The renderer leaves its own colour profile open.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014.icc:ResourceWarning")
TAGS = "Document H1 H2 H3 H4 P Table THead TBody TFoot TH TD Sect"
LONG_WORD = "Trungtâmnghiêncứuứngdụngvàchuyểngiaocôngnghệ" * 3


@pytest.fixture(scope="module")
def full():
    return made(FULL)


def test_markup_in_texts_is_printed_as_characters_and_nothing_is_loaded(caplog):
    bad = '<script>alert(1)</script><img src="http://203.0.113.1/x"><style>@import "file:///etc/passwd"</style>{{ 1 }}'
    heading = replace(STATE, superior="<B>&AMP;", issuer="A<BR>")
    content = made(
        replace(
            FULL, heading=heading, opening=bad, bloc=bad, members=Table(("TT", "<i>"), (("1", bad),)), leading=(bad,)
        )
    )
    text = text_of(content).replace(" ", "")
    assert text.count(bad.replace(" ", "")) >= 4
    assert "<B>&AMP;" in text
    assert [record for record in caplog.records if record.name.startswith("weasyprint")] == []
    with open_pdf(content) as file:
        assert [page for page in file.pages if "/XObject" in page.Resources and len(page.Resources.XObject)] == []


def test_the_style_is_understood_to_the_last_rule(caplog):
    made(FULL)
    assert [record.getMessage() for record in caplog.records if record.name.startswith("weasyprint")] == []


def test_headings_tables_and_parts_are_tagged(full):
    with open_pdf(full) as file:
        assert {f"/{tag}" for tag in TAGS.split()} <= tags_in(file)


@pytest.mark.slow
def test_the_same_paper_gives_the_same_bytes_here_and_elsewhere(full):
    assert made(FULL) == full
    code = (
        "import django, hashlib; django.setup(); from tests.reports.summary_papers import FULL, made; "
        "print(hashlib.sha256(made(FULL)).hexdigest())"
    )
    found = set()
    for seed in ("1", "4711"):
        environ = {**os.environ, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "config.settings.test", "TZ": "UTC"}
        answer = subprocess.run(
            [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environ, capture_output=True, text=True, check=True
        )
        found.add(answer.stdout.strip())
    assert found == {hashlib.sha256(full).hexdigest()}


@pytest.mark.slow
def test_a_large_bloc_is_printed_whole_within_the_margins():
    units = tuple(
        (str(n), LONG_WORD if n % 5 == 0 else f"Ngân hàng Chính sách xã hội chi nhánh tỉnh {n}", "Thành viên")
        for n in range(1, 26)
    )
    rows = tuple(
        (
            str(n),
            f"Đơn vị {n}",
            LONG_WORD if n % 7 == 0 else f"Chỉ tiêu thứ {n}",
            "triệu đồng",
            "≥ 123.456.789",
            "99.456.789,5",
            "Chưa đạt (94,98 %)",
        )
        for n in range(1, 41)
    )
    own = Table(("TT", "Đơn vị", "Chỉ tiêu", "Đơn vị tính", "Giao ước", "Kết quả", "Đánh giá"), rows, (4, 5))
    content = made(replace(FULL, members=replace(MEMBERS, rows=units), own_targets=own, leading=(LONG_WORD * 2,)))
    runs = [run for run in runs_of(content) if run.top > 20]
    assert max(run.right for run in runs) <= 195
    assert max(run.top for run in runs) <= 277
    text = text_of(content).replace(" ", "")
    assert [n for n in range(1, 41) if f"Đơnvị{n}" not in text] == []
    assert text.count(LONG_WORD) == 5 + 5 + 2
    pages = {run.page for run in runs if run.text.strip() == "≥ 123.456.789"}
    heads = {run.page for run in runs if words(run.text) == "Chỉ tiêu"}
    assert pages <= heads
    assert len(pages) > 1
