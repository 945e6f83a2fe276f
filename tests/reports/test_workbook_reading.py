"""What a cell may hold, and how every fault is named by its cell."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from blocs.domain.files import FileRefused
from reports.domain.workbooks.container import OLE
from reports.domain.workbooks.reading import read_paste, read_workbook
from reports.domain.workbooks.sheets import Column, Holds, Sheet
from reports.domain.workbooks.writing import clean, write_workbook

SHEET = Sheet(
    "things",
    "Danh sách",
    (
        Column("code", "Mã", Holds.CODE, required=True, max_length=10, note="Ghi mã."),
        Column("name", "Tên đơn vị", max_length=20),
        Column("on", "Ngày", Holds.DAY),
        Column("value", "Số", Holds.FIGURE),
        Column("rank", "Thứ tự", Holds.WHOLE),
        Column("kind", "Loại", choices={"Khối thi đua": "khoi", "Cụm thi đua": "cum"}),
        Column("above", "Thuộc", Holds.CODE, suggests="codes"),
    ),
)
HEAD = ["Mã", "Tên đơn vị", "Ngày", "Số", "Thứ tự", "Loại", "Thuộc"]


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def book(*rows, head=HEAD, change=None):
    found = Workbook()
    page = found.active
    page.title = "Danh sách"
    for row in (head, *rows):
        page.append(row)
    if change:
        change(page)
    return saved(found)


def faults_of(content):
    """What is refused as a whole, else what is wrong in the rows."""
    try:
        entries = read_workbook(content, [SHEET])["things"]
    except FileRefused as refusal:
        return [str(fault) for fault in refusal.faults]
    return [str(fault) for entry in entries for fault in entry.faults]


def one(content):
    (entry,) = read_workbook(content, [SHEET])["things"]
    assert entry.faults == []
    return entry.values


def test_cells_are_understood_as_people_write_them():
    typed = book(["07", " Hội  Nhà báo ", "30/11/2026", "1.234,5", "3", "cum thi dua", "a:b"])
    counted = book(["07", "Hội\nNhà báo", date(2026, 11, 30), 1234.5, 3, "Cụm thi đua", "a:b"])

    both = {
        "code": "07",
        "on": date(2026, 11, 30),
        "value": Decimal("1234.5"),
        "rank": 3,
        "kind": "cum",
        "above": "a:b",
    }
    assert one(typed) == both | {"name": "Hội  Nhà báo"}
    assert one(counted) == both | {"name": "Hội Nhà báo"}


def test_text_is_composed_and_head_is_found_without_accents():
    assert one(book(["đ", "Hội"], head=["ma *", "TEN DON VI"])) == {"code": "đ", "name": "Hội"}


def percent(page):
    page["D2"].number_format = "0%"


CELLS = [
    ({"code": 7}, "Danh sách!A2: mã phải là chữ, ô đang là số 7"),
    ({"code": "a/b"}, "Danh sách!A2: mã “a/b” có dấu /"),
    ({"code": "=A1"}, "Danh sách!A2: ô chứa công thức"),
    ({"code": "x" * 11}, "Danh sách!A2: dài 11 chữ, nhiều nhất 10"),
    ({"code": None}, "Danh sách!A2: để trống “Mã”"),
    ({"name": "=1+1"}, "Danh sách!B2: ô chứa công thức"),
    ({"name": "x" * 21}, "Danh sách!B2: dài 21 chữ, nhiều nhất 20"),
    ({"name": date(2026, 1, 2)}, "Danh sách!B2: ô là ngày (02/01/2026), cần chữ"),
    ({"name": 1.5}, "Danh sách!B2: ô là số (1.5), cần chữ"),
    ({"name": True}, "Danh sách!B2: ô đúng/sai"),
    ({"name": "#N/A"}, "Danh sách!B2: ô báo lỗi #N/A"),
    ({"on": "31/02/2026"}, "Danh sách!C2: “31/02/2026” không phải ngày"),
    ({"on": "2026-11-30"}, "Danh sách!C2: “2026-11-30” không phải ngày"),
    ({"on": 45000}, "Danh sách!C2: “45000” không phải ngày"),
    ({"value": "1,234.5"}, "Danh sách!D2: “1,234.5” không phải số"),
    ({"value": "97.5"}, "Danh sách!D2: “97.5” không phải số"),
    ({"value": "0,1234567"}, "Danh sách!D2: nhiều nhất 6 chữ số thập phân"),
    ({"rank": "1,5"}, "Danh sách!E2: “1,5” không phải số nguyên"),
    ({"kind": "Nhóm"}, "Danh sách!F2: “Nhóm” không thuộc các giá trị được dùng: Khối thi đua, Cụm thi đua"),
]
ORDER = [column.name for column in SHEET.columns]


@pytest.mark.parametrize(("cells", "words"), CELLS)
def test_fault_is_named_by_its_cell(cells, words):
    row = {"code": "a", "name": "A"} | cells

    (fault,) = faults_of(book([row.get(name) for name in ORDER], ["b", "B"]))

    assert fault.startswith(words)


def test_percent_cell_is_not_guessed_at():
    (fault,) = faults_of(book(["a", "A", None, 0.95], change=percent))

    assert fault.startswith("Danh sách!D2: ô định dạng phần trăm")


def merged(page):
    page.merge_cells("B2:B3")


def hidden_row(page):
    page.row_dimensions[2].hidden = True


def hidden_column(page):
    page.column_dimensions["B"].hidden = True


def hidden_sheet(page):
    page.parent.create_sheet("Trang kín").sheet_state = "veryHidden"


def strange_sheet(page):
    page.parent.create_sheet("Trang lạ")["A1"] = "x"


def nameless_column(page):
    page["I2"] = "x"


def far_column(page):
    page["BZ2"] = "x"


WHOLE = {
    merged: "Danh sách!B2:B3: ô trộn",
    hidden_row: "Danh sách!2: dòng đang ẩn",
    hidden_column: "Danh sách!B: cột đang ẩn",
    hidden_sheet: "Trang kín: trang tính đang ẩn",
    strange_sheet: "Trang lạ: không phải trang của mẫu này (mẫu có “Danh sách”)",
    nameless_column: "Danh sách!I1: cột không có tên",
    far_column: "Danh sách!BZ2: nhiều hơn 50 cột",
}


@pytest.mark.parametrize("change", WHOLE, ids=lambda change: change.__name__)
def test_list_that_hides_or_joins_is_refused(change):
    (fault,) = faults_of(book(["a", "A"], change=change))

    assert fault.startswith(WHOLE[change])


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (["Mã", "Cột lạ"], "Danh sách!B1: cột “Cột lạ” không có trong mẫu"),
        (["Mã", "Mã"], "Danh sách!B1: cột “Mã” lặp lại (đã có ở Danh sách!A1)"),
        (["Tên đơn vị", "Số"], "Danh sách!1: thiếu cột “Mã”"),
        (["Mã", "=1+1"], "Danh sách!B1: tên cột là công thức"),
    ],
)
def test_head_is_checked(head, words):
    (fault,) = faults_of(book(["a", "1"], head=head))

    assert fault.startswith(words)


def with_part(name, content=b"x"):
    stream = io.BytesIO(book(["a", "A"]))
    with zipfile.ZipFile(stream, "a") as packet:
        packet.writestr(name, content)
    return stream.getvalue()


def packet(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as found:
        for name, content in parts.items():
            found.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return stream.getvalue()


def entities():
    """A workbook whose sheet declares entities."""
    source, stream = zipfile.ZipFile(io.BytesIO(book(["a", "A"]))), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + content.partition(b"?>")[2]
            target.writestr(name, content)
    return stream.getvalue()


FILES = {
    "empty": (b"", "tệp rỗng"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(500), "không phải tệp Excel"),
    "words": ("Mã\tTên".encode(), "không phải tệp Excel"),
    "old": (OLE + bytes(600), "tệp Excel kiểu cũ (.xls)"),
    "password": (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "tệp có mật khẩu"),
    "macro": (with_part("xl/vbaProject.bin"), "tệp có macro"),
    "macro type": (packet(**{"[Content_Types]_dot_xml": b"macroEnabled", "xl__workbook_dot_xml": b""}), "tệp có macro"),
    "link": (with_part("xl/externalLinks/externalLink1.xml"), "tệp nối tới tệp khác"),
    "object": (with_part("xl/embeddings/oleObject1.bin"), "tệp có đối tượng nhúng"),
    "other packet": (packet(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "không phải tệp Excel"),
    "large": (bytes(5 * 1024 * 1024 + 1), "lớn hơn 5 MB"),
    "many bytes": (packet(a=bytes(51 * 1024 * 1024)), "giải nén ra lớn hơn 50 MB"),
    "ratio": (packet(a=bytes(9 * 1024 * 1024)), "tệp nén bất thường"),
    "entities": (entities(), "tệp đã hỏng"),
    "cut": (book(["a", "A"])[:-40], "không phải tệp Excel"),
    "no rows": (book(), "không có dòng nào"),
    "many rows": (book(*(["a"] for _ in range(5_001))), "nhiều hơn 5.000 dòng"),
}


@pytest.mark.parametrize("name", FILES)
def test_unfit_file_is_refused_in_words(name):
    content, words = FILES[name]

    (fault,) = faults_of(content)

    assert words in fault


def test_five_thousand_rows_are_taken():
    assert len(read_workbook(book(*(["a"] for _ in range(5_000))), [SHEET])["things"]) == 5_000


def test_at_most_two_hundred_faults_are_told():
    found = faults_of(book(*([number] for number in range(300))))

    assert (len(found), found[-1]) == (201, "tệp: còn nữa; chỉ nêu 200 lỗi đầu")


# ---------------------------------------------------------------- pasted


def test_paste_is_read_like_a_sheet():
    text = 'Mã\tTên đơn vị\tSố\n07\t"Hội ""A""\nB"\t1.234,5\n\nx\t=1+1\t\n'

    first, second = read_paste(text, [SHEET])["things"]

    assert first.values == {"code": "07", "name": 'Hội "A" B', "value": Decimal("1234.5")}
    assert (second.place, second.values["name"]) == ("Bảng dán!4", "=1+1")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('"Quỹ A" tỉnh', '"Quỹ A" tỉnh'),
        ('"Quỹ A"', '"Quỹ A"'),
        ('Quỹ "A"', 'Quỹ "A"'),
        ('"Quỹ A', '"Quỹ A'),
        ('"', '"'),
        ('"Quỹ\nA"', "Quỹ A"),
        ('"Quỹ ""A""\ntỉnh"', 'Quỹ "A" tỉnh'),
        ('"Quỹ ""A"" tỉnh"', 'Quỹ "A" tỉnh'),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_quotation_marks_of_a_pasted_cell_stay_and_end_with_it(cell, value, line_end):
    lines = ["Mã\tTên đơn vị", f"a\t{cell}", 'b\tHội "B"', "c\tC"]

    found = read_paste(line_end.join(lines) + line_end, [SHEET])["things"]

    assert [(entry.get("code"), entry.get("name")) for entry in found] == [("a", value), ("b", 'Hội "B"'), ("c", "C")]


def test_pasted_quotation_marks_are_read_in_one_pass():
    text = "Mã\tTên đơn vị\n" + "\n".join(f'{number}x\t"mở""' for number in range(4000))

    assert len(read_paste(text, [SHEET])["things"]) == 4000


def test_paste_names_row_and_column():
    (entry,) = read_paste("Mã\tSố\na\tx", [SHEET])["things"]

    assert [str(fault) for fault in entry.faults] == ["Bảng dán!B2: “x” không phải số (viết như 1.234,5)"]


@pytest.mark.parametrize("text", ["", "a\tb", "Mã", "Mã\n" + "a\n" * 5_001])
def test_paste_without_head_or_rows_or_with_too_many_is_refused(text):
    with pytest.raises(FileRefused):
        read_paste(text, [SHEET])


# ---------------------------------------------------------------- written


def test_template_helps_to_fill_it_in():
    page_and_lists = load_workbook(io.BytesIO(write_workbook([(SHEET, [])], {"codes": ["a", "b"]})))
    page, lists = page_and_lists.worksheets

    choices = {str(item.sqref): item.formula1 for item in page.data_validations.dataValidation}
    assert (page.freeze_panes, page["A1"].font.bold, page["A1"].comment.text) == ("A2", True, "Ghi mã.")
    assert choices == {"F2:F5001": "'Danh mục'!$A$2:$A$3", "G2:G5001": "'Danh mục'!$B$2:$B$3"}
    assert [cell.value for cell in lists["B"]] == ["Thuộc", "a", "b"]
    assert page_and_lists.properties.creator == "Phần mềm thi đua"


@pytest.mark.parametrize("text", ["=1+1", "+84", "-x", "@a", "=HYPERLINK(1)"])
def test_text_that_looks_like_a_formula_stays_text(text):
    page = load_workbook(io.BytesIO(write_workbook([(SHEET, [{"code": "a", "name": text}])]))).active

    assert (page["B2"].value, page["B2"].data_type, page["B2"].quotePrefix) == (text, "s", True)


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cn"]), min_size=1, max_size=20).filter(clean)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "code": st.text("abđơ0123-=+@:.", min_size=1, max_size=10),
            "name": TEXTS,
            "on": st.dates(date(1, 1, 1), date(9999, 12, 31)),
            "value": st.decimals(-(10**8), 10**8, places=6, allow_nan=False, allow_infinity=False),
            "rank": st.integers(0, 32000),
        }
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_what_is_written_is_read_again(rows):
    entries = read_workbook(write_workbook([(SHEET, rows)]), [SHEET])["things"]

    assert [fault for entry in entries for fault in entry.faults if "ký tự điều khiển" not in fault.message] == []
    assert [entry.values for entry in entries if not entry.faults] == [
        row | {"name": clean(row["name"])} for row, entry in zip(rows, entries, strict=True) if not entry.faults
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("0220/3853", "0220/3853"),
        ("0912 000 111", "0912 000 111"),
        (912000111, "ô phải là chữ, ô đang là số 912000111"),
    ],
)
def test_telephone_numbers_keep_their_zeros_and_strokes(typed, found):
    sheet = Sheet("people", "Danh sách", (Column("phone", "Điện thoại", Holds.SIGNS),))
    (entry,) = read_workbook(book([typed], head=["Điện thoại"]), [sheet])["people"]
    assert found in (entry.values.get("phone") or str(entry.faults[0]))
