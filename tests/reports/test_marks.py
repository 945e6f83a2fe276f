"""Bold and italic inside a paragraph: what is a mark, what stays a letter, and what a page makes of it."""

import re
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.domain import marks, pasted
from reports.domain.assembly import align, pieces
from reports.domain.marks import Run
from reports.domain.texts import paragraphs_of
from reports.templatetags.pasted import blocks, formatted

TEXTS = st.text(st.sampled_from("ab 1.,:/(“-*_\t<&>đ\u0301\u202e😀"), max_size=40)


def looks(text):
    return [(run.text, "B" * run.bold + "I" * run.italic) for run in marks.parse(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("**Kết quả** và __nghiêng__", [("Kết quả", "B"), (" và ", ""), ("nghiêng", "I")]),
        ("**Số: __12__**, còn lại", [("Số: ", "B"), ("12", "BI"), (", còn lại", "")]),
        ("__**cả hai**__", [("cả hai", "BI")]),
        ("**a**__b__", [("a", "B"), ("b", "I")]),
        ("**một **hai**", [("**một ", ""), ("hai", "B")]),
        ("**“Năm”**. Sau", [("“Năm”", "B"), (". Sau", "")]),
        ("**a __b** c__", [("a __b", "B"), (" c__", "")]),
    ],
)
def test_marks_make_words_bold_and_italic(text, found):
    assert looks(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "5*3 = 15, 5**3, 2 ** 3 ** 4",
        "bao_cao__nam__2026.docx, __bao_cao__.docx",
        "ten__dem@tinh.gov.vn, C:\\__x__\\y, https://a.vn/__x__/",
        "Ngày __/__/2026, __ tháng __",
        "Họ và tên: ____ Ký ____, ***, ****",
        "Số liệu ước (**), tạm tính (**)",
        "**mở mà không đóng",
        "** a **",
        "**a\tb**",
        "**",
    ],
)
def test_other_stars_and_lines_are_letters(text):
    assert looks(text) == [(text, "")]


@given(TEXTS)
def test_no_letter_is_lost(text):
    runs = marks.parse(text)

    assert all(run.text for run in runs)
    assert all((one.bold, one.italic) != (two.bold, two.italic) for one, two in pairwise(runs))
    left = iter(text)
    assert all(letter in left for letter in marks.plain(text))  # in their order
    gone = len(text) - len(marks.plain(text))
    signs = sum(text.count(sign) - marks.plain(text).count(sign) for sign in "*_")
    assert gone == signs
    assert gone % 4 == 0  # only pairs


@given(TEXTS)
def test_no_tag_comes_through(text):
    html = formatted(text)

    rest = re.sub(r"</?(?:strong|em)>", "", html)
    assert set(rest).isdisjoint('<>"')
    assert unescape(rest) == marks.plain(text)
    assert html.count("<strong>") == html.count("</strong>")
    assert html.count("<em>") == html.count("</em>")


@given(
    st.lists(
        st.builds(
            Run,
            st.sampled_from(["Kết quả", "a", "12", " ", ": ", "(", ")", "-", "/", "“x”"]),
            st.booleans(),
            st.booleans(),
        ),
        max_size=8,
    )
)
def test_words_of_runs_are_the_words_of_the_paragraph(runs):
    assert marks.plain(marks.marked(runs)) == "".join(run.text for run in runs)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=6))
def test_words_between_blanks_keep_their_look(wanted):
    runs = [part for bold, italic in wanted for part in (Run("từ", bold, italic), Run(" "))][:-1]

    found = [(run.bold, run.italic) for run in marks.parse(marks.marked(runs)) for _ in run.text.split()]

    assert found == wanted


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ([Run("Kết quả: ", bold=True), Run("tốt")], "**Kết quả:** tốt"),
        ([Run("A", bold=True), Run("bc")], "Abc"),  # within a word no mark would be read
        ([Run("- Mục", bold=True)], "- **Mục**"),
        ([Run("Số: ", bold=True), Run("12", bold=True, italic=True)], "**Số: __12__**"),
        ([Run("(**", bold=True), Run(" chú")], "(** chú"),
    ],
)
def test_runs_are_written_with_marks(runs, text):
    assert marks.marked(runs) == text


def test_page_shows_marks_in_paragraphs_and_cells_and_items_hanging():
    lines = ["**<i>Một</i>** __hai__", "- Mục", "Tên\tSố", "**<b>\tx**", "**A**\t**12**"]

    (first, _, is_item), (item, _, item_hangs), (_, table, _) = blocks(lines)

    assert first == "<strong>&lt;i&gt;Một&lt;/i&gt;</strong> <em>hai</em>"
    assert (is_item, item, item_hangs) == (False, "- Mục", True)
    assert table.rows == (("**&lt;b&gt;", "x**"), ("<strong>A</strong>", "<strong>12</strong>"))


def test_bold_number_still_stands_on_the_right():
    assert pasted.table(["Tên\tSố", "A\t**1.234,5**", "B\t7"]).numeric == (1,)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["1.\tMột", "2.\tHai"], ["1. Một", "2. Hai"]),
        (["·\tMột", "o\tHai", "-\tBa"], ["· Một", "o Hai", "- Ba"]),
        (["a)\tMột", "(1)\tHai", "1.1.\tBa", "IV.\tBốn"], ["a) Một", "(1) Hai", "1.1. Ba", "IV. Bốn"]),
    ],
)
def test_items_of_a_list_from_word_are_no_table(lines, found):
    assert pasted.blocks(paragraphs_of("\n".join(lines))) == found


@pytest.mark.parametrize(
    ("lines", "columns"),
    [
        (["1\tHội Nhà báo", "2\tHội Luật gia"], ("1", "Hội Nhà báo")),
        (["1.\tHội Nhà báo\t12", "2.\tHội Luật gia\t9"], ("1.", "Hội Nhà báo", "12")),
        (["**STT**\tĐơn vị", "1.\tHội Nhà báo"], ("**STT**", "Đơn vị")),
        (["Chỉ tiêu\tSố", "Hội viên\t12"], ("Chỉ tiêu", "Số")),
    ],
)
def test_numbered_rows_stay_a_table(lines, columns):
    (table,) = pasted.blocks(lines)
    assert (table.columns, len(table.rows)) == (columns, 1)


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_quote_is_cut_without_a_mark_left_open(paragraphs):
    said = pieces.words_of(paragraphs)

    assert "\t" not in said
    assert pieces.shortened("**Kết quả chung của đơn vị** rất tốt. " * 40).count("[…]") == 1
    piece = pieces.quote_of("results", "k", "Hội", ["**Kết quả. Của năm** __tốt__"] * 60, pieces.Source("", "", "", 1))
    assert looks(piece.text) == [(piece.text, "")]


def test_paragraph_made_bold_keeps_where_it_came_from():
    assert align.carry(["Cả khối có 12 đơn vị.", "Khác"], ["figure:x", ""], ["**Cả khối có 12 đơn vị.**", "Khác"]) == [
        "figure:x",
        "",
    ]
