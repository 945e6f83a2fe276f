"""What people paste: signs that nobody sees, letters of other scripts, tables from Excel and Word, far too much."""

import pytest

from blocs.enums import Role
from blocs.errors import RuleBroken
from reports.domain import pasted, unit_reports
from reports.domain.pasted import PastedTable
from reports.domain.texts import paragraphs_of
from reports.models import UnitReportPart
from tests.factories import make_unit_report, make_user


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\u202eb\u2066c\u2069d\u200fe", ["abcde"]),  # marks of direction
        ("a\u200bb\ufeffc\u00add\u2060e", ["abcde"]),  # zero-width signs, a soft hyphen
        ("a\u200db", ["ab"]),
        ("Gia đình 👨\u200d👩\u200d👧 văn hóa ❤\ufe0f", ["Gia đình 👨\u200d👩\u200d👧 văn hóa ❤\ufe0f"]),
        ("Hô\u0323i Nha\u0300 ba\u0301o", ["Hội Nhà báo"]),
        ("Z" + "\u0335\u0336\u0337\u0338\u0339" * 20 + "a", ["Z\u0335\u0336a"]),
        ("שלום عليكم", ["שלום عليكم"]),
        ("một\x0bhai\x0cba\u2028bốn\rnăm", ["một", "hai", "ba", "bốn", "năm"]),
        ("\uf0b7 Việc một\n\uf0a7 Việc hai", ["- Việc một", "- Việc hai"]),
        ("\tĐoạn thụt đầu dòng", ["Đoạn thụt đầu dòng"]),
        ("\tTên\tSố\n1\tA\t5", ["\tTên\tSố", "1\tA\t5"]),
        ("\x00\x1b\u202e \n", []),
    ],
)
def test_text_is_kept_without_what_nobody_sees(text, found):
    assert paragraphs_of(text) == found


@pytest.mark.django_db
def test_text_of_two_hundred_thousand_letters_is_refused_in_words():
    report = make_unit_report()
    user = make_user(Role.UNIT_REPORTER, unit=report.unit)
    with pytest.raises(RuleBroken) as caught:
        unit_reports.save_part(report.pk, "tasks", "x" * 200_000, version=0, by=user)
    words = "Phần này dài 200.000 chữ, nhiều nhất 120.000. Chuyển bớt sang tệp đính kèm."
    assert (str(caught.value), UnitReportPart.objects.count()) == (words, 0)


def test_more_paragraphs_than_a_report_has_are_refused():
    assert len(paragraphs_of("x\n" * 1000)) == 1000
    with pytest.raises(RuleBroken):
        paragraphs_of("x\n" * 1001)


def test_lines_of_cells_are_a_table_between_paragraphs():
    found = pasted.blocks(["Trước", "TT\tTên\tSố", "1\tA\t1.234,5", "2\tB", "Sau", "một\tdòng"])
    table = PastedTable(("TT", "Tên", "Số"), (("1", "A", "1.234,5"), ("2", "B", "")), (0, 2))
    assert found == ["Trước", table, "Sau", "một dòng"]


def test_empty_columns_are_left_out():
    assert pasted.table(["A\t\tB", "1\t\t2"]).columns == ("A", "B")


def test_table_of_400_rows_and_30_columns_is_taken_whole_and_printed_in_parts():
    text = "\n".join("\t".join(f"{row}.{column}" for column in range(30)) for row in range(400))

    (whole,) = pasted.blocks(paragraphs_of(text))
    parts = pasted.in_parts(whole)

    assert (len(whole.columns), len(whole.rows)) == (30, 399)
    assert [len(part.columns) for part in parts] == [12, 12, 8]
    assert all(part.columns[0] == "0.0" and part.rows[-1][0] == "399.0" for part in parts)
    shown = [cell for part in parts for cell in part.rows[7][1:]]
    assert shown == [f"8.{column}" for column in range(1, 30)]
