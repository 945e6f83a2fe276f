"""Every kind of paper: what official papers have in common, read back from the PDF. Source: paper-layout."""

from functools import cache
from itertools import pairwise

import pytest

from reports.domain.papers import pdf
from reports.domain.papers.registry import KINDS
from reports.enums import DocumentKind as K
from tests.reports.every_paper import BLOC, UNITS, printed
from tests.reports.paper_reading import (
    bars_of,
    fonts_in,
    is_nfc,
    keys_in,
    lines_of,
    marks_on,
    marks_under,
    open_pdf,
    parents_in,
    runs_of,
    text_of,
    words,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.parametrize("kind", KINDS)]
ACTIVE = {"/URI", "/JavaScript", "/JS", "/EmbeddedFiles", "/EF", "/AA", "/OpenAction", "/Launch", "/Annots"}
LEFT, RIGHT, MIDDLE = 31 + 65 / 2, 31 + 65 + 98 / 2, (31 + 194) / 2  # of the heading's two cells, of the text; mm
NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
BLOC_ABOVE = ("KHỐI THI ĐUA CÁC TỔ CHỨC HỘI ĐẶC THÙ", "HỘI NHÀ BÁO TỈNH")
OPEN = "Sơn Hà, ngày tháng năm"
DRAFTS = {K.CONFERENCE_NEWS: "DỰ THẢO"}  # which stay so
ADDRESSED = {K.CONFERENCE_INVITATION, K.UNIT_REPORT, K.MID_YEAR_REPORT}  # to several, with dashes
SIGNED_BY_TWO = {K.ATTENDANCE_SHEET, K.CONFERENCE_MINUTES, K.HANDOVER_MINUTES}  # and sent to nobody
# superior, issuer, number, place and day, type and about, some of the names and lines that it must hold
SAYS = {
    K.COVENANT: (
        ("HỘI ĐỒNG THI ĐUA - KHEN THƯỞNG TỈNH", BLOC_ABOVE[0]),
        "Số: /GƯTĐ-HNB",
        OPEN,
        "BẢN GIAO ƯỚC THI ĐUA Năm 2026",
        [*(name.upper() for name in UNITS), "1 Hội viên tham gia phong trào người ≥ 12.500", "Buổi tư vấn pháp luật"],
    ),
    K.UNIT_REPORT: (
        ("", "HỘI NHÀ BÁO TỈNH"),
        "Số: /BC-HNB",
        OPEN,
        "BÁO CÁO Kết quả công tác thi đua, khen thưởng năm 2026",
        [f"Kính gửi: - Khối trưởng {BLOC}; - Sở Nội vụ.", "Bình dân học vụ số", "11 lượt cá nhân được khen thưởng"],
    ),
    K.MID_YEAR_REPORT: (
        ("", "HỘI NHÀ BÁO TỈNH"),
        "Số: /BC-HNB",
        OPEN,
        "BÁO CÁO Sơ kết công tác thi đua, khen thưởng sáu tháng đầu năm 2026",
        ["I. Công tác lãnh đạo, chỉ đạo sáu tháng đầu năm", "Trên đây là báo cáo của Hội Nhà báo tỉnh./."],
    ),
    K.SUMMARY_REPORT: (
        BLOC_ABOVE,
        "Số: /BC-HNB",
        OPEN,
        "BÁO CÁO Tổng kết công tác thi đua, khen thưởng năm 2026, phương hướng, nhiệm vụ năm 2027",
        [*UNITS, "1 Hội viên tham gia phong trào người ≥ 12.500 11.872 Chưa đạt (94,98 %)", "Phụ lục II TÌNH HÌNH"],
    ),
    K.PROVINCE_REPORT: (
        ("ỦY BAN NHÂN DÂN TỈNH SƠN HÀ", "SỞ NỘI VỤ"),
        "Số: /BC",
        OPEN,
        "BÁO CÁO Tổng kết công tác thi đua, khen thưởng năm 2026, phương hướng, nhiệm vụ năm 2027",
        [f"1 {BLOC} 4", "2 Cụm thi đua các xã phía Bắc 0", "Phụ lục II KẾT QUẢ KHEN THƯỞNG"],
    ),
    K.CONFERENCE_INVITATION: (
        BLOC_ABOVE,
        "Số: /GM-HNB",
        OPEN,
        "GIẤY MỜI Dự hội nghị tổng kết năm 2026",
        [*(f"- {name};" for name in UNITS), "1. Thời gian: 08 giờ, thứ Bảy, ngày 05 tháng 12 năm 2026."],
    ),
    K.CONFERENCE_AGENDA: (
        BLOC_ABOVE,
        "Số: /CTr-HNB",
        OPEN,
        "CHƯƠNG TRÌNH Hội nghị tổng kết năm 2026",
        ["1 08:00 Khai mạc Khối trưởng 2 Thảo luận"],
    ),
    K.ATTENDANCE_SHEET: (
        BLOC_ABOVE,
        "",
        "Sơn Hà, ngày 05 tháng 12 năm 2026",
        "DANH SÁCH Đại biểu ký tên dự hội nghị tổng kết năm 2026",
        [*UNITS, "Đại biểu mời 1 Phó Trưởng ban", "Chủ tịch (có mặt lúc 07:55)"],
    ),
    K.CONFERENCE_MINUTES: (
        BLOC_ABOVE,
        "Số: /BB-HNB",
        "Sơn Hà, ngày 05 tháng 12 năm 2026",
        "BIÊN BẢN Hội nghị tổng kết năm 2026",
        [f"Vắng: {UNITS[3]}.", f"1 Gửi báo cáo hoàn chỉnh {UNITS[3]} Phó Chủ tịch 31/12/2026", "THƯ KÝ"],
    ),
    K.CONFERENCE_NEWS: (
        BLOC_ABOVE,
        "",
        OPEN,
        f"TIN HỘI NGHỊ {BLOC} tổ chức hội nghị tổng kết năm 2026",
        [f"Ngày 05/12/2026, tại Hội trường A, {BLOC} tổ chức", "Hội nghị kết luận: Thông qua báo cáo."],
    ),
    K.HANDOVER_MINUTES: (
        BLOC_ABOVE,
        "Số: /BB-HNB",
        "Sơn Hà, ngày 20 tháng 12 năm 2026",
        "BIÊN BẢN Bàn giao nhiệm vụ Khối trưởng năm 2026",
        [f"1. Bên giao: {UNITS[0]}, Khối trưởng năm 2026.", "1 Sổ theo dõi của khối Đã giao 01 quyển"],
    ),
    K.DIVISION_DECISION: (
        ("", "ỦY BAN NHÂN DÂN TỈNH SƠN HÀ"),
        "Số: 12/QĐ-UBND",
        "Sơn Hà, ngày 05 tháng 01 năm 2026",
        "QUYẾT ĐỊNH Về việc phân chia cụm, khối thi đua năm 2026",
        [*UNITS, f"1 {BLOC} (04 đơn vị)", "2 Cụm thi đua các xã phía Bắc (0 đơn vị)", "CHỦ TỊCH Người Ký"],
    ),
}  # fmt: skip


@pytest.fixture
def content(papers, kind):
    return printed(kind, papers[kind])


@pytest.fixture
def file(content):
    with open_pdf(content) as file:
        yield file


@pytest.fixture
def runs(content):
    return _runs(content)


_runs, _lines, _bars = cache(runs_of), cache(lines_of), cache(bars_of)


@pytest.fixture
def lines(content):
    """The lines of page 1."""
    return [line for line in _lines(content) if line.page == 1]


def middle(line):
    return (line.left + line.right) / 2


def face(run):
    return run.font.partition("-")[2]


# ---------------------------------------------------------------- the file


def test_file_says_that_it_is_pdf_a_in_vietnamese_and_does_nothing(kind, file):
    meta = file.open_metadata()
    assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
    assert (str(file.Root.Lang), bool(file.Root.MarkInfo.Marked)) == ("vi", True)
    (intent,) = file.Root.OutputIntents
    assert str(intent.S) == "/GTS_PDFA1"
    assert len(intent.DestOutputProfile.read_bytes()) > 100
    assert meta["dc:title"].strip()
    assert keys_in(file) & ACTIVE == set()


def test_fonts_are_of_one_family_and_inside(kind, file):
    assert set(fonts_in(file)) == {(pdf.font()[0].replace(" ", ""), True)}


def test_every_mark_of_every_page_stands_in_the_tree_of_tags(kind, file):
    parents = parents_in(file)
    keys = [int(page.StructParents) for page in file.pages]
    assert sorted(keys) == sorted(set(keys))
    for page, key in zip(file.pages, keys, strict=True):
        marks = marks_on(page)
        assert marks
        assert sorted(marks) == sorted(set(marks))
        assert [mark for mark in marks if mark not in marks_under(parents[key][mark])] == []


def test_same_data_give_the_same_bytes(kind, papers_twice, content):
    first, again = (found[kind] for found in papers_twice)
    assert again == first
    assert printed.__wrapped__(kind, again) == content


# ---------------------------------------------------------------- what it says


def test_heading_title_and_names_are_read_back(kind, content):
    (superior, issuer), number, day, title, parts = SAYS[kind]
    text = text_of(content)
    assert text.startswith(
        words(f"{superior} {issuer} {number} {NATION} {MOTTO} {day} {DRAFTS.get(kind, '')} {title} ")
    )
    assert [part for part in parts if part not in text] == []
    assert is_nfc(text)
    assert "\xa0" not in "".join(run.text for run in _runs(content))


# ---------------------------------------------------------------- where it stands


def test_sheet_is_a4_and_the_text_keeps_the_margins(kind, file, runs):
    upright = {number for number, page in enumerate(file.pages, 1) if page.mediabox[2] < page.mediabox[3]}
    sizes = {tuple(sorted(round(float(side) * 25.4 / 72) for side in page.mediabox[2:])) for page in file.pages}
    text = [run for run in runs if run.page in upright and run.top > 20]
    assert sizes == {(210, 297)}
    assert 1 in upright
    assert 30 <= min(run.left for run in text) <= 35
    assert 190 <= max(run.right for run in text) <= 195
    assert max(run.top for run in text) <= 297 - 20


def test_heading_stands_in_two_cells_with_the_sizes_and_faces_of_the_decree(kind, runs, content):
    (superior, issuer), number, day, title, _ = SAYS[kind]
    sides = {True: [], False: []}
    begins = next(run.top for run in runs if words(run.text) and title.startswith(words(run.text)))
    for run in runs:
        if run.page == 1 and run.top < begins and words(run.text) != DRAFTS.get(kind):
            sides[middle(run) < 96].append(run)
    left, right = sides[True], sides[False]
    above = [run for run in left if words(run.text) in superior]
    assert words(" ".join(run.text for run in left)) == words(f"{superior} {issuer} {number}")
    assert {(run.size, face(run)) for run in above} <= {(12, "")}
    assert {(run.size, face(run)) for run in left if run not in above and not (number and run is left[-1])} == {
        (12, "Bold")
    }
    assert not number or (left[-1].size, face(left[-1])) == (13, "")
    assert [round(middle(run), 1) for run in left] == [LEFT] * len(left)
    assert [run.top for run in left] == sorted(run.top for run in left)
    assert [(run.size, face(run)) for run in right[:2]] == [(13, "Bold"), (14, "Bold")]
    assert {(run.size, face(run)) for run in right[2:]} == {(14, "Italic")}
    assert [round(middle(run), 1) for run in right[:2]] == [RIGHT] * 2
    assert round((right[2].left + right[-1].right) / 2, 1) == RIGHT
    assert [words(run.text) for run in right[:2]] == [NATION, MOTTO]
    assert words("".join(run.text for run in right[2:])) == day


def test_rules_below_motto_issuer_and_title_are_as_long_as_the_decree_says(kind, content, runs):
    (_, issuer), _, _, title, _ = SAYS[kind]
    first = [run for run in runs if run.page == 1 and "Bold" in face(run)]
    shares = []
    for whole in (MOTTO, issuer, title.partition(" ")[2]):
        block = [run for run in first if words(run.text) in whole]
        bars = [bar for bar in _bars(content) if bar.page == 1 and 0 < bar.bottom - block[-1].top < 4]
        (length,) = {bar.width for bar in bars if abs(bar.left + bar.width / 2 - middle(block[-1])) < 0.5}
        shares.append(length / max(run.right - run.left for run in block))
    assert shares[0] == pytest.approx(1, abs=0.02)
    assert [1 / 3 <= share <= 1 / 2 for share in shares[1:]] == [True, True]


def test_title_is_centred_in_bold_letters(kind, runs):
    title = SAYS[kind][3]
    found = [
        run for run in runs if run.page == 1 and words(run.text) and words(run.text) in title and middle(run) > 100
    ]
    found = [run for run in found if (run.size, face(run)) == (14, "Bold")]
    assert words(" ".join(run.text for run in found)) == title
    assert words(found[0].text).isupper()
    assert [round(middle(run), 1) for run in found] == [MIDDLE] * len(found)


def test_text_is_set_in_14_points_with_indented_first_lines(kind, lines, runs):
    plain = {run.top for run in runs if run.page == 1 and (run.size, face(run)) == (14, "") and run.top > 60}
    rows = {line.top: line for line in reversed(lines) if line.top in plain}  # of a row the first
    addressed = ("Kính gửi", "- ") if kind in ADDRESSED else ("Kính gửi",)
    body = [line for line in reversed(rows.values()) if not words(line.text).startswith(addressed)]
    steps = [
        after.top - before.top
        for before, after in pairwise(body)
        if abs(after.left - 31) < 0.1 and after.top - before.top < 10
    ]
    assert {round(line.left, 1) for line in body} - {31} == {43.7}
    assert [step for step in steps if not 14 <= step / 25.4 * 72 <= 14 * 1.5] == []


def test_page_numbers_are_centred_in_the_top_margin_but_not_on_first_pages(kind, content, runs):
    annexes = {line.page for line in _lines(content) if words(line.text).startswith("Phụ lục") and line.top < 40}
    numbers = [run for run in runs if run.top < 20]
    pages = max(run.page for run in runs)
    starts = sorted({1, *annexes})
    expected = [
        (page, str(page - max(start for start in starts if start <= page) + 1))
        for page in range(1, pages + 1)
        if page not in starts
    ]
    assert [(run.page, words(run.text)) for run in numbers] == expected
    assert {(run.size, face(run)) for run in numbers} <= {(13, "")}


def test_recipients_have_the_sizes_of_the_decree(kind, runs):
    (label,) = [run for run in runs if words(run.text) == "Nơi nhận:"] or [None]
    if kind in SIGNED_BY_TWO:
        assert label is None
        return
    below = [run for run in runs if run.page == label.page and abs(run.left - 31) < 0.1 and run.top > label.top]
    assert (label.size, face(label)) == (12, "Bold-Italic")
    assert {(run.size, face(run)) for run in below} == {(11, "")}
    assert words(below[-1].text) == "- Lưu: VT."
