"""Reading the exchanged YAML: one test for each sentence of the format's section "Reading"."""

import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from blocs.domain import files
from blocs.domain.files import (
    Code,
    Day,
    FileModel,
    FileRefused,
    Moment,
    Number,
    Whole,
    parse,
    read_yaml,
    spell,
    write_yaml,
)


class Sheet(FileModel):
    code: Code | None = None
    number: Number | None = None
    whole: Whole | None = None
    day: Day | None = None
    at: Moment | None = None
    codes: list[Code] = []


def refused(content):
    """The lines of the refusal."""
    with pytest.raises(FileRefused) as caught:
        read_yaml(content if isinstance(content, bytes) else content.encode())
    return str(caught.value).split("\n")


def sheet(text):
    return parse(Sheet, read_yaml(text.encode()))


def sheet_refused(text):
    with pytest.raises(FileRefused) as caught:
        sheet(text)
    return str(caught.value).split("\n")


# ---------------------------------------------------------------- text as spelled


@pytest.mark.parametrize(
    "spelled",
    [
        "07",
        "2.10",
        "no",
        "true",
        "off",
        "1e3",
        "0x1F",
        "1_000",
        "12:30:45",
        ".inf",
        "2026-11-20",
        "1.0",
        "-0",
        "+5",
        "=",
        "Yes",
    ],
)
def test_plain_scalar_stays_text_as_spelled(spelled):
    assert read_yaml(f"a: {spelled}\n{spelled}: b".encode()) == {"a": spelled, spelled: "b"}


@pytest.mark.parametrize("spelled", ['"07"', "'07'", "07"])
def test_quotes_make_no_difference(spelled):
    assert read_yaml(f"a: {spelled}".encode()) == {"a": "07"}


@pytest.mark.parametrize("spelled", ["", "~", "null", "Null", "NULL"])
def test_null_is_nothing(spelled):
    assert read_yaml(f"a: {spelled}".encode()) == {"a": None}


def test_quoted_null_is_text():
    assert read_yaml(b'a: "null"\nb: "~"') == {"a": "null", "b": "~"}


def test_texts_and_keys_become_nfc():
    decomposed = "Hô\u0323i Nhà báo"  # ộ as o + circumflex and a dot
    assert read_yaml(f"{decomposed}: {decomposed}".encode()) == {"Hội Nhà báo": "Hội Nhà báo"}


def test_byte_order_mark_is_passed_over():
    assert read_yaml("a: b".encode("utf-8-sig")) == {"a": "b"}


@pytest.mark.parametrize(
    ("spelled", "message"),
    [
        ('" a"', "code: mã “ a” có khoảng trắng ở đầu hoặc cuối"),
        ('"a "', "code: mã “a ” có khoảng trắng ở đầu hoặc cuối"),
        ("a/b", "code: mã “a/b” có dấu /"),
        ('" "', "code: để trống"),
        ("[a]", "code: phải là chữ"),
        ("{a: b}", "code: phải là chữ"),
    ],
)
def test_code_is_refused(spelled, message):
    assert sheet_refused(f"code: {spelled}") == [message]


def test_code_is_compared_after_nfc():
    assert sheet("code: Hô\u0323i").code == "Hội"


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("spelled", "number"),
    [
        ("12", "12"),
        ("97.50", "97.5"),
        ('"97.5"', "97.5"),
        ("'0'", "0"),
        ("-3.25", "-3.25"),
        ("007", "7"),
        ("0.000001", "0.000001"),
        ("999999999999999", "999999999999999"),
        ("1.0000000000000000000000000000000000000000", "1"),
    ],
)
def test_number_is_built_from_the_text(spelled, number):
    assert sheet(f"number: {spelled}").number == Decimal(number)


@pytest.mark.parametrize("spelled", ["0.1", "97.4", "100", "123456789.123456"])
def test_number_keeps_its_digits(spelled):
    assert str(sheet(f"number: {spelled}").number) == spelled


@pytest.mark.parametrize(
    "spelled",
    [
        "1e3", "1E+3", "1_000", '"1,5"', ".inf", "-.inf", "inf", ".nan", "NaN", "0x1F", "0o17", "1:30", "+5", ".5", "5.", "1 000",
        '"1 "', "true", "١٢", "１２", "[1]", "{a: 1}", "--1", '"1\\n"',
    ],
)  # fmt: skip
def test_number_is_refused(spelled):
    (line,) = sheet_refused(f"number: {spelled}")
    assert line.startswith("number: ")
    assert line.endswith("không phải số thập phân (viết như 12 hoặc 97.5)")


@pytest.mark.parametrize(
    ("spelled", "message"),
    [
        ("0.0000001", "number: nhiều nhất 6 chữ số thập phân"),
        ("1234567890123456", "number: nhiều nhất 15 chữ số"),
        ("1.00000000000000000000000000000000000001", "number: nhiều nhất 6 chữ số thập phân"),
        ("1" + "0" * 40, "number: nhiều nhất 15 chữ số"),
        ("9" * 1_100_000, "number: nhiều nhất 15 chữ số"),
    ],
    ids=["places", "digits", "tiny", "big", "monstrous"],
)
def test_number_that_a_database_would_round_is_refused(spelled, message):
    assert sheet_refused(f"number: {spelled}") == [message]


def test_long_wrong_number_is_not_repeated_in_full():
    (line,) = sheet_refused(f"number: {'x' * 100_000}")
    assert len(line) < 200


@pytest.mark.parametrize("spelled", ["-1", "1.0", "1e2", "1_0", "99999999999", '"1,0"', "[1]"])
def test_whole_number_is_refused(spelled):
    (line,) = sheet_refused(f"whole: {spelled}")
    assert line.endswith("không phải số nguyên từ 0 trở lên")


# ---------------------------------------------------------------- days and moments


@pytest.mark.parametrize("spelled", ["2026-11-30", '"2026-11-30"', "'2026-11-30'"])
def test_day_is_iso_quoted_or_not(spelled):
    assert sheet(f"day: {spelled}").day == date(2026, 11, 30)


@pytest.mark.parametrize(
    "spelled",
    ["30/11/2026", "2026-2-3", "2026-02-30", "20261130", "2026-W48-1", "2026-11-30T10:00:00", "0000-01-01", "[2026]"],
)
def test_other_days_are_refused(spelled):
    (line,) = sheet_refused(f"day: {spelled}")
    assert line.startswith("day: ")
    assert line.endswith("không phải ngày (viết như 2026-11-30)")


@pytest.mark.parametrize(
    ("spelled", "moment"),
    [
        ("2026-11-20", datetime(2026, 11, 20, 16, 59, 59, tzinfo=UTC)),
        ("2026-11-20T17:00", datetime(2026, 11, 20, 10, 0, tzinfo=UTC)),
        ("2026-11-20T17:00:05", datetime(2026, 11, 20, 10, 0, 5, tzinfo=UTC)),
        ("2026-11-20 17:00:05", datetime(2026, 11, 20, 10, 0, 5, tzinfo=UTC)),
        ("2026-11-20T17:00:05.25", datetime(2026, 11, 20, 10, 0, 5, 250000, tzinfo=UTC)),
        ("2026-11-20T10:00:00Z", datetime(2026, 11, 20, 10, 0, tzinfo=UTC)),
        ("2026-11-20T17:00:00+07:00", datetime(2026, 11, 20, 10, 0, tzinfo=UTC)),
        ("2026-11-20T10:00:00-05:30", datetime(2026, 11, 20, 15, 30, tzinfo=UTC)),
    ],
)
def test_moment_is_read(spelled, moment):
    assert sheet(f"at: {spelled}").at == moment


@pytest.mark.parametrize(
    "spelled",
    [
        "2026-11-20T25:00:00", "2026-13-20T10:00:00", "2026-11-20T10", "10:00", "2026-11-20T10:00:00+99:99", "mai",
        "2026-11-20t10:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01", "9999-12-31T23:00:00Z",
    ],
)  # fmt: skip
def test_other_moments_are_refused(spelled):
    (line,) = sheet_refused(f"at: {spelled}")
    assert line.startswith("at: “")


@pytest.mark.parametrize("text", ["2026-11-20", "2026-11-20T17:00:00", "2026-11-20T17:00:05.250000"])
def test_moment_is_spelled_as_it_was_read(text):
    assert spell(sheet(f"at: {text}").at) == text


# ---------------------------------------------------------------- left out, unknown, repeated


@pytest.mark.parametrize("text", ["code: null", "code:", "codes: []", "{}", "code: ~\nnumber: null\ncodes: null"])
def test_null_and_empty_list_mean_left_out(text):
    assert sheet(text) == Sheet()


def test_unknown_key_is_refused():
    assert sheet_refused("cod: a") == ["cod: khóa không có trong định dạng"]


def test_every_fault_is_named():
    assert sheet_refused("code: a/b\nnumber: x\nday: y") == [
        "code: mã “a/b” có dấu /",
        "number: “x” không phải số thập phân (viết như 12 hoặc 97.5)",
        "day: “y” không phải ngày (viết như 2026-11-30)",
    ]


def test_a_fault_is_one_line():
    assert len(sheet_refused('number: "1\\n2"')) == 1
    assert len(sheet_refused('"a\\nb": 1')) == 1


def test_item_of_a_list_is_named_by_its_number():
    assert sheet_refused("codes: [a, b/c]") == ["codes[1]: mã “b/c” có dấu /"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\na: 2", "a: khóa “a” lặp lại"),
        ('a: 1\n"a": 2', "a: khóa “a” lặp lại"),
        ("a: [{b: {c: 1, c: 2}}]", "a[0].b.c: khóa “c” lặp lại"),
        ("a: null\na: 1", "a: khóa “a” lặp lại"),
        ("ô\u0323: 1\nộ: 2", "ộ: khóa “ộ” lặp lại"),
    ],
)
def test_repeated_key_is_refused(text, line):
    assert refused(text) == [line]


# ---------------------------------------------------------------- what YAML could do beyond data


@pytest.mark.parametrize(
    "text",
    [
        "a: !!str 07",
        "a: !!python/object/apply:os.system [ls]",
        "a: ! b",
        "a: !x {b: c}",
        "!!str a: b",
        "a: !!binary aGE=",
    ],
)
def test_tag_is_refused(text):
    (line,) = refused(text)
    assert "không nhận thẻ YAML" in line


@pytest.mark.parametrize("text", ["a: &x 1", "a: &x [1]", "a: &x {b: 1}", "&x a: 1", "&x [a]"])
def test_anchor_is_refused(text):
    (line,) = refused(text)
    assert line.endswith("không nhận neo YAML (&)")


def test_alias_is_refused():
    (line,) = refused("a: *x")
    assert line == "a: không nhận bí danh YAML (*)"


def test_alias_as_key_is_refused():
    (line,) = refused("? *x\n: 1")
    assert line == "dòng 1: khóa phải là chữ"


def test_merge_key_is_refused():
    assert refused("a: {<<: {b: 1}}") == ["a.<<: không nhận khóa gộp YAML (<<)"]


def test_quoted_merge_sign_is_a_key():
    assert read_yaml(b'"<<": 1') == {"<<": "1"}


def test_list_as_key_is_refused():
    assert refused("? [a]\n: 1") == ["dòng 1: khóa phải là chữ"]


def test_several_documents_are_refused():
    assert refused("a: 1\n---\nb: 2") == ["dòng 2: chứa nhiều hơn một tài liệu YAML"]


def test_marks_of_one_document_are_taken():
    assert read_yaml(b"%YAML 1.1\n---\na: 1\n...\n") == {"a": "1"}


def test_billion_laughs_is_refused_at_once():
    text = "a: &a [x,x]\n" + "".join(f"b{n}: &b{n} [*a,*a,*a,*a]\n" for n in range(40))
    began = time.monotonic()
    assert refused(text) == ["a: không nhận neo YAML (&)"]
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("text", ["[" * 10_000, "a: " + "{b: " * 10_000, "- " * 10_000, "[" * 5000 + "]" * 5000])
def test_deep_nesting_is_refused(text):
    (line,) = refused(text)
    assert line.endswith("lồng nhau quá 30 tầng")


@pytest.mark.parametrize(
    "text", ["a: [", "a: b: c", "\ta: 1", 'a: "b', "a: 'b", "- a\nb: c", "}", "@a", "a: %b\n  - c", '"\\ud800"']
)
def test_broken_syntax_is_refused(text):
    (line,) = refused(text)
    assert line.endswith("không đúng cú pháp YAML")


def test_more_than_twenty_megabytes_are_refused():
    assert refused(b"a" * (files.MAX_BYTES + 1)) == ["tệp: lớn hơn 20 MB"]


@pytest.mark.slow
def test_twenty_megabytes_are_read():
    head = b"a: "
    text = read_yaml(head + b"x" * (files.MAX_BYTES - len(head)))
    assert len(text["a"]) == files.MAX_BYTES - len(head)


@pytest.mark.parametrize("content", [b"a: \xff", b"a: \xc3\x28", "a: tệp".encode("utf-16"), b"a: \xed\xa0\x80"])
def test_other_than_utf8_is_refused(content):
    (line,) = refused(content)
    assert line.startswith("tệp: không phải UTF-8")


@pytest.mark.parametrize("escape", ["\\0", "\\a", "\\x1b", "\\r", "\\x7f", "\\N", "\\x9f"])
def test_escaped_control_character_is_refused(escape):
    (line,) = refused(f'a: ["x{escape}"]')
    assert line.startswith("a[0]: có ký tự điều khiển không nhận được (U+")


@pytest.mark.parametrize("byte", [b"\x00", b"\x07", b"\x1b"])
def test_raw_control_character_is_refused(byte):
    (line,) = refused(b"a: x" + byte)
    assert line.endswith("không đúng cú pháp YAML")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# only words\n", b"---\n...\n"])
def test_empty_file_has_no_content(content):
    assert read_yaml(content) is None


@pytest.mark.parametrize("content", [b"", b"[]", b"abc", b"null"])
def test_file_that_is_no_mapping_is_refused(content):
    with pytest.raises(FileRefused) as caught:
        parse(Sheet, read_yaml(content))
    assert str(caught.value) == "tệp: phải là một nhóm khóa - giá trị"


# ---------------------------------------------------------------- writing


@pytest.mark.parametrize(
    "text",
    ["07", "no", "null", "~", "2026-11-20", "a: b", "# x", "- x", "'", '"', "x\ny", " x", "x ", "\tx", "<<", "=", "&a", "*a", "!x", "%", "@",
     "x" * 3000, "từ " * 1500, "\u2028", "\ufeff", "\ufffe", "😀", "{a}", "[a]", "?", "|", ">", "...", "---", "a\n\n  b\n", "x" * 998 + "  y"],
)  # fmt: skip
def test_text_comes_back_as_it_was_written(text):
    assert read_yaml(write_yaml({"a": [text], text: "b"}).encode()) == {"a": [text], text: "b"}


@pytest.mark.parametrize(
    ("number", "spelled"), [("100", "100"), ("1E+2", "100"), ("97.50", "97.5"), ("0.000001", "0.000001"), ("-3", "-3")]
)
def test_number_is_written_plainly(number, spelled):
    assert write_yaml({"a": Decimal(number)}) == f"a: {spelled}\n"
