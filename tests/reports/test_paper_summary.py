"""The printed summary report against the layout of official papers, read back from its PDF. Source: paper-layout."""

from dataclasses import replace

import pytest

from reports.domain.papers import pdf
from reports.domain.papers.base import even_lines
from reports.domain.papers.summary import Table
from tests.reports.paper_reading import bars_of, find, lines_of, open_pdf, runs_of, text_of, words
from tests.reports.summary_papers import BARE, FULL, PARTY, STATE, made

# The renderer leaves its own colour profile open.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014.icc:ResourceWarning")
LONG_NAME = "KHỐI THI ĐUA CÁC CƠ QUAN, ĐƠN VỊ TRUNG ƯƠNG ĐÓNG TRÊN ĐỊA BÀN TỈNH"


@pytest.fixture(scope="module")
def full():
    return made(FULL)


@pytest.fixture(scope="module")
def bare():
    return made(BARE)


@pytest.mark.parametrize(
    ("text", "size", "face"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, "Bold"),
        ("Độc lập - Tự do - Hạnh phúc", 14, "Bold"),
        ("CHỨC HỘI ĐẶC THÙ", 12, ""),
        ("HỘI NHÀ BÁO TỈNH", 12, "Bold"),
        ("/BC-HNB", 13, ""),
        ("Sơn Hà, ", 14, "Italic"),
        ("BÁO CÁO", 14, "Bold"),
        ("Tổng kết công tác thi đua, khen thưởng năm 2026,", 14, "Bold"),
        ("Thực hiện Giao ước", 14, ""),
    ],
)
def test_the_head_has_the_sizes_and_faces_of_the_decree(full, text, size, face):
    run = find([run for run in runs_of(full) if run.page == 1], text)
    assert (run.size, run.font.partition("-")[2]) == (size, face)


def test_the_foot_has_the_sizes_of_the_decree(full):
    runs = [
        run
        for run in runs_of(full)
        if any(text in run.text for text in ("Nơi nhận:", "Lưu: VT", "TM. KHỐI", "NGƯỜI ĐỨNG"))
    ]
    assert [(run.text, run.size, run.font.partition("-")[2]) for run in runs] == [
        ("Nơi nhận:", 12, "Bold-Italic"),
        ("- Lưu: VT.", 11, ""),
        ("TM. KHỐI THI ĐUA", 14, "Bold"),
        ("NGƯỜI ĐỨNG ĐẦU", 13, "Bold"),
    ]


def test_the_rules_are_as_long_as_the_decree_says(full):
    runs, bars = [run for run in runs_of(full) if run.page == 1], [bar for bar in bars_of(full) if bar.page == 1]
    motto, issuer = find(runs, "Độc lập"), find(runs, "HỘI NHÀ BÁO TỈNH")
    (under_motto,) = {bar.width for bar in bars if 0 < bar.bottom - motto.top < 4 and bar.left > 100}
    (under_issuer,) = {bar.width for bar in bars if 0 < bar.bottom - issuer.top < 4 and bar.left < 100}
    assert under_motto == pytest.approx(motto.right - motto.left, abs=0.5)
    assert 1 / 3 <= under_issuer / (issuer.right - issuer.left) <= 1 / 2


def test_number_and_day_stay_open_and_nothing_in_the_head_wraps(full):
    lines = {words(line.text): line for line in lines_of(full) if line.page == 1}
    assert lines["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"].right <= 195
    assert "Số: /BC-HNB" in lines
    assert (
        next(line for line in runs_of(full) if "ngày" in line.text).text.replace("\xa0", " ").startswith("ngày       ")
    )
    assert "Sơn Hà, ngày tháng năm" in [words(line.text) for line in lines_of(full)]


def test_a_long_agency_is_set_in_even_lines(full):
    lines = [
        line for line in lines_of(made(replace(FULL, heading=replace(STATE, superior=LONG_NAME)))) if line.page == 1
    ]
    agency = [line for line in lines if words(line.text) and words(line.text) in LONG_NAME]
    assert words(" ".join(line.text for line in agency)) == LONG_NAME
    lengths = [line.right - line.left for line in agency]
    assert len(agency) == 3
    assert min(lengths) / max(lengths) > 0.75
    assert even_lines("", 10) == ()


def test_page_numbers_are_centred_in_the_top_margin_and_absent_on_first_pages(full):
    numbers = [run for run in runs_of(full) if run.top < 20]
    with open_pdf(full) as file:
        body = len(file.pages) - 2  # each annex has one page, its own first
    assert [(run.page, run.text) for run in numbers] == [(page, str(page)) for page in range(2, body + 1)]
    assert {(run.size, run.font) for run in numbers} == {(13, pdf.font()[0])}
    assert [round((run.left + run.right) / 2, 1) for run in numbers] == [112.5] * len(numbers)


def test_only_a_draft_is_marked_and_names_what_it_lacks(full, bare):
    assert "DỰ THẢO" not in text_of(full)
    assert text_of(bare).count("DỰ THẢO") == 1
    assert "Dự thảo còn thiếu: Ưu điểm; chỉ tiêu giao ước." in text_of(bare)
    assert "còn thiếu" not in text_of(made(replace(BARE, is_draft=False)))


def test_every_part_appears_and_an_empty_one_says_so(bare):
    text = text_of(bare)
    parts = [
        "I. Đặc điểm tình hình",
        "II. Công tác lãnh đạo, chỉ đạo",
        "III. Kết quả thực hiện",
        "IV. Công tác khen thưởng",
        "V. Điển hình tiên tiến",
        "VI. Đánh giá chung",
        "VII. Phương hướng, nhiệm vụ năm 2027",
        "VIII. Kiến nghị, đề xuất",
        "IX. Kết quả bình xét, suy tôn",
        "Phụ lục I DANH SÁCH",
        "Phụ lục II TÌNH HÌNH",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)
    assert text.count("(Chưa có nội dung phần này.)") == 9
    for what in (
        "chỉ tiêu giao ước",
        "phong trào thi đua",
        "số liệu khen thưởng",
        "cuộc bỏ phiếu",
        "đề nghị khen thưởng",
    ):
        assert text.count(f"(Chưa có {what}.)") == 1
    assert text.count("(Chưa có đơn vị thành viên.)") == 2


def test_a_party_paper_has_the_heading_of_the_party():
    lines = {words(line.text) for line in lines_of(made(replace(FULL, heading=PARTY))) if line.page == 1}
    head = {"ĐẢNG BỘ TỈNH SƠN HÀ", "ĐẢNG ỦY XÃ BẮC LĨNH", "*", "Số -BC/ĐU"}
    assert head | {"ĐẢNG CỘNG SẢN VIỆT NAM", "Bắc Lĩnh, ngày tháng năm"} <= lines
    assert {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"} & lines == set()


@pytest.mark.slow
@pytest.mark.parametrize("count", range(0, 48, 4))
def test_the_signature_never_stands_alone(count):
    lines = lines_of(made(replace(BARE, recommendations=("Một dòng kiến nghị ngắn.",) * count)))
    foot = next(line for line in lines if words(line.text) == "Nơi nhận:")
    above = [line for line in lines if line.page == foot.page and 20 < line.top < foot.top - 1]
    post = next(line for line in lines if "NGƯỜI ĐỨNG ĐẦU" in line.text)
    assert len(above) >= 2
    assert post.page == foot.page
    assert 25 <= post.top - foot.top <= 50


def test_a_table_of_many_columns_turns_the_page():
    wide = Table(tuple(f"Cột {n}" for n in range(1, 11)), (tuple(f"Ô {n}" for n in range(1, 11)),))
    with open_pdf(made(replace(FULL, proposals=wide))) as file:
        turned = [page for page in file.pages if page.mediabox[2] > page.mediabox[3]]
    assert len(turned) == 1


def test_adopted_paper_says_how_and_by_which_digest():
    digest = "0123456789abcdef" * 4
    adopted = "thông qua ngày 18/12/2026, biểu quyết giơ tay: 20 tán thành"

    printed = text_of(made(replace(FULL, adopted=adopted, digest=digest)))

    assert f"Báo cáo được hội nghị của {FULL.bloc} {adopted}." in printed
    assert digest in printed


def test_paper_says_which_sections_the_digest_of_what_was_adopted_leaves_out():
    text = text_of(made(replace(FULL, adopted="thông qua ngày 18/12/2026", digest="5" * 64)))

    assert "không gồm các mục 1, 3, 4 phần IX (bỏ phiếu, danh hiệu đã được tặng, Khối trưởng năm 2027)" in text
    assert "IX. Kết quả bình xét, suy tôn 1. Bỏ phiếu" in text
