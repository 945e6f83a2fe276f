"""What people paste: Word's HTML as Word writes it, and what others hide in it."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from blocs.errors import RuleBroken
from reports.domain import clipboard, pasted
from reports.domain.pasted_html import lines_of
from tests.factories import make_user

WORD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">
<title>Báo cáo của ai</title>
<link rel=File-List href="file:///C:/Users/a/clip_filelist.xml">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0in; font-family:"Times New Roman",serif;} @list l0 {mso-list-id:1;} --></style>
<!--[if gte mso 10]><style>table.MsoNormalTable {mso-style-name:"Table Normal";}</style><![endif]--></head>
<body lang=EN-US style='tab-interval:.5in'><!--StartFragment-->
<h1 style='text-align:center'><span lang=VI>I. Kết
quả<o:p></o:p></span></h1>
<p class=MsoNormal style='text-indent:28.35pt'><b><span lang=VI style='font-size:14.0pt'>1. Công tác<span
style='mso-spacerun:yes'>  </span>chỉ đạo:</span></b><span lang=VI> thực hiện <i style='mso-bidi-font-style:
normal'>kịp thời</i>, số&nbsp;30 &lt;b&gt;<o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-.25in;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;
</span></span><![endif]>Một</p>
<p class=MsoListParagraphCxSpLast style='text-indent:-.25in;mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>a)<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]><b>Hai</b></p>
<p class=MsoNormal>Đoạn<del cite="mailto:x" datetime="2026-11-20T10:00"> đã bỏ</del><span style='display:none'> ẩn</span></p>
<!--EndFragment--></body></html>"""


def test_word_becomes_paragraphs_marks_and_items():
    assert lines_of(WORD) == (
        [
            "**I. Kết quả**",
            "**1. Công tác chỉ đạo:** thực hiện __kịp thời__, số\u00a030 <b>",
            "- Một",
            "a) **Hai**",
            "Đoạn",
        ],
        0,
    )


def test_scripts_pixels_and_pictures_stay_behind_and_pictures_are_counted():
    html = """<p onclick="alert(1)">Một<script>alert(2)</script><style>p{}</style><!-- ghi chú --></p>
    <!--[if gte vml 1]><v:shape><v:imagedata src="file:///C:/x.png"/></v:shape><![endif]--><![if !vml]>
    <p><img width=300 height=200 src="file:///C:/x.png"></p><![endif]>
    <img width=1 height=1 src="https://203.0.113.1/p.gif?u=1"><img src="data:image/png;base64,iVBORw0KGgo=" onerror=x()>
    <svg><script>alert(3)</script><text>s</text></svg><iframe src="https://203.0.113.1/">i</iframe><template>t</template>
    <a href="javascript:alert(4)">hai</a><math><mi//xlink:href="data:x,<script>alert(5)</script>">"""

    lines, pictures = lines_of(html)

    assert (lines, pictures) == (["Một", "hai"], 2)


def test_tables_become_lines_of_cells():
    html = """<table><tr><td rowspan=2><p><b>TT</b></p></td><td colspan=2><p><b>Kết quả</b></p></td></tr>
    <tr><td><p>Tập thể</p></td><td><p>Cá nhân</p></td></tr>
    <tr><td>1</td><td><p><b>10</b></p><p>hai</p></td><td><table><tr><td>a</td><td>b<br>c</td></tr></table></td></tr>
    <tr><td></td><td>\t</td><td>&nbsp;</td></tr></table><p>Sau</p>"""

    assert lines_of(html)[0] == ["TT\tKết quả\t", "\tTập thể\tCá nhân", "1\t**10** hai\ta b c", "Sau"]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<ul><li>a<ul><li><p>b</p></li></ul></li><li>c</li></ul>", ["- a", "+ b", "- c"]),
        ("<ol start=3><li>x<li>y</ol><ol type=a><li>z</ol>", ["3. x", "4. y", "a) z"]),
        ("<ul><li></li></ul><p>sau</p>", ["sau"]),
        ("<td>một<ul><li>hai</ul>", ["một", "- hai"]),
        (
            '<b style="font-weight:normal" id="docs-internal-guid-1"><p>a <span style="font-weight:700">b</span></p></b>',
            ["a **b**"],
        ),
        ('<span style="font-style:italic">a</span> <strong><em>b</em></strong>', ["__a__ **__b__**"]),
        ("a<br>b<div>c</div>d", ["a", "b", "c", "d"]),
        ("<p>x\u202ey\u200b</p><p>👨\u200d👩\u200d👧</p><p>Hô\u0323i</p>", ["xy", "👨\u200d👩\u200d👧", "Hội"]),
        ("chữ thường", ["chữ thường"]),
        ("", []),
    ],
)
def test_lists_spans_and_strange_signs(html, lines):
    text, note = clipboard.read(html)
    assert (text.split("\n") if text else [], note) == (lines, "")


def test_table_of_400_rows_and_30_columns_is_read_whole():
    cell = (
        "<td style='border:solid windowtext 1.0pt'><p class=MsoNormal><span style='font-size:9pt'>{}.{}</span></p></td>"
    )
    rows = ("".join(cell.format(row, column) for column in range(30)) for row in range(400))

    text, _ = clipboard.read("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")

    (table,) = pasted.blocks(text.split("\n"))
    assert (len(table.columns), len(table.rows), table.rows[-1][-1]) == (30, 399, "399.29")


def test_two_hundred_thousand_letters_are_read_whole():
    text, _ = clipboard.read("<p>" + "chữ " * 50_000 + "</p>")
    assert len(text) == 199_999


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("đ" * 1_000_001, "Nội dung dán lớn hơn 2 MB. Dán từng phần; ảnh thì kèm thành tệp."),
        ("<div>" * 300_000, "Không đọc được định dạng của nội dung dán."),
    ],
)
def test_too_much_is_refused_in_words(html, words, monkeypatch):
    monkeypatch.setattr(clipboard, "SECONDS", 0.5)
    with pytest.raises(RuleBroken) as caught:
        clipboard.read(html)
    assert str(caught.value) == words


@given(st.text(st.sampled_from("<>/=\"'ab pbitdrlou!-&;#1\u00a0đ"), max_size=120))
def test_whatever_is_pasted_gives_lines_without_breaks(html):
    lines, pictures = lines_of(html)
    assert all(line.strip() and "\n" not in line for line in lines)
    assert pictures >= 0


@pytest.mark.django_db
def test_page_answers_with_lines_and_how_many_pictures_were_left_out(client):
    client.force_login(make_user())

    answer = client.post(reverse("paste"), {"html": "<p><b>Một</b></p><img src=a><img src=b>"})
    refused = client.post(reverse("paste"), {"html": "x" * 2_000_001})

    note = "Đã bỏ 02 ảnh trong nội dung dán; ảnh cần gửi thì kèm thành tệp."
    assert (answer.status_code, answer.json()) == (200, {"text": "**Một**", "note": note})
    assert refused.status_code == 422
    assert refused.json()["note"].startswith("Nội dung dán lớn hơn 2 MB.")
