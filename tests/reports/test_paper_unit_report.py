"""The report of a unit, read back from its PDF and its Word file."""

import io

import pytest
from django.core.management import call_command
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from awards.models import AwardKind
from movements.models import IndicatorResult
from reports.domain import renderings
from reports.domain.papers import unit_report, word
from reports.enums import DocumentKind, UnitReportKind
from reports.models import UnitReport
from tests.factories import (
    at,
    make_authority,
    make_bloc_year,
    make_movement,
    make_target,
    make_unit_report,
    make_unit_year,
    make_year,
)
from tests.reports.paper_reading import lines_of, runs_of, text_of, words

pytestmark = pytest.mark.django_db
KIND = DocumentKind.UNIT_REPORT


def make_report(**options):
    authority = make_authority(name="Ủy ban nhân dân tỉnh Sơn Hà", board="Ban Thi đua - Khen thưởng tỉnh")
    year = make_year(authority)
    unit = make_unit_year(
        year, code="hoi-nha-bao", name="Hội Nhà báo tỉnh", letterhead_symbol="HNB", letterhead_place="Sơn Hà"
    )
    bloc_year = make_bloc_year(year, name="Khối thi đua các Hội", members=[unit, make_unit_year(year)])
    report = make_unit_report(bloc_year, unit=unit, whole=True, **options)
    return UnitReport.objects.for_page().get(pk=report.pk)


def fill(report):
    report.parts.filter(code="tasks").update(
        paragraphs=["Đã làm tốt <b>nhiều</b> việc.", "Nội dung\tKế hoạch\tThực hiện", "Hội viên\t120\t134", "Sau bảng."]
    )
    target = make_target(report.bloc_year, of=report.unit, text="Tác phẩm", unit_of_measure="bài", value=100)
    target.results.create(of=report.unit, value=118, note="Đến 31/10")
    movement = make_movement(report.bloc_year.year, name="Chuyển đổi số")
    IndicatorResult.objects.create(indicator=movement.indicators.get(), unit=report.unit, period="2026", value=42)
    award = AwardKind.objects.get(code="BKT")
    report.recognitions.create(award=award, recipients="individual", count=11, direct_workers=9)
    report.recognitions.create(award=award, recipients="collective", count=3, position=1)
    return report


@pytest.mark.slow
def test_sent_report_prints_everything_that_it_holds():
    content = renderings.bytes_of(fill(make_report(state="submitted", submitted_at=at("2026-11-19 10:05"))), KIND)

    text = text_of(content)
    for part in (
        "HỘI NHÀ BÁO TỈNH",
        "/BC-HNB",
        "Sơn Hà, ngày tháng năm",
        "BÁO CÁO Kết quả công tác thi đua, khen thưởng năm 2026 Kính gửi: - Khối trưởng Khối thi đua các Hội; - Ban",
        "I. Công tác lãnh đạo, chỉ đạo, tuyên truyền Nội dung Công tác lãnh đạo",
        "Đã làm tốt <b>nhiều</b> việc. Nội dung Kế hoạch Thực hiện Hội viên 120 134 Sau bảng.",
        "IX. Kết quả chỉ tiêu giao ước TT Chỉ tiêu Đơn vị tính Giao ước Kết quả",
        "1 Tác phẩm bài ≥ 100 118 Vượt. Đến 31/10",
        "X. Kết quả các phong trào thi đua",
        "1 Chuyển đổi số Chỉ số 1 2026 42",
        "XI. Số liệu",
        "XII. Kết quả khen thưởng 3 lượt tập thể, 11 lượt cá nhân được khen thưởng:",
        "Cộng 14 9",
        "Trên đây là báo cáo của Hội Nhà báo tỉnh./.",
        "THỦ TRƯỞNG ĐƠN VỊ",
        "Mã xác minh:",
    ):
        assert part in text
    assert "DỰ THẢO" not in text


@pytest.mark.slow
def test_draft_says_so_and_what_it_lacks_in_14_points_under_its_head():
    report = make_report()
    report.parts.filter(code="party").delete()
    content = renderings.bytes_of(report, KIND)

    runs, text = runs_of(content), text_of(content)
    assert "DỰ THẢO" in text
    assert "Dự thảo còn thiếu: Xây dựng Đảng, chính quyền, đoàn thể." in text
    (line,) = (line for line in lines_of(content) if words(line.text).startswith("Nội dung Công tác lãnh đạo"))
    assert (line.page, round(line.left, 1)) == (1, 43.7)
    assert {run.size for run in runs if run.page == 1 and abs(run.top - line.top) < 0.1} == {14}


@pytest.mark.slow
def test_mid_year_report_is_called_so_and_has_no_commendation():
    report = make_report(kind=UnitReportKind.MID_YEAR)
    text = text_of(renderings.bytes_of(report, DocumentKind.MID_YEAR_REPORT))
    assert "Sơ kết công tác thi đua, khen thưởng sáu tháng đầu năm 2026" in text
    assert "Kết quả khen thưởng" not in text


@pytest.mark.slow
def test_command_makes_the_bytes_of_the_worker(tmp_path):
    report = make_report()
    place = [report.bloc_year.bloc.code, "2026"]
    call_command("render_document", "unit-report", *place, unit="hoi-nha-bao", out=str(tmp_path / "a.pdf"))
    assert (tmp_path / "a.pdf").read_bytes() == renderings.bytes_of(report, KIND)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "Văn bản “unit-report” là của một đơn vị: ghi --unit MÃ."),
        ({"unit": "khong-co"}, "Đơn vị “khong-co” chưa có báo cáo năm trong khối này."),
    ],
)
def test_command_says_which_unit_is_missing(tmp_path, capsys, options, words):
    report = make_report()
    with pytest.raises(SystemExit):
        call_command(
            "render_document", "unit-report", report.bloc_year.bloc.code, "2026", out=str(tmp_path / "a.pdf"), **options
        )
    assert capsys.readouterr().err.strip() == words


@pytest.mark.parametrize(("number", "letters"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (39, "XXXIX")])
def test_parts_have_roman_numbers(number, letters):
    assert unit_report.roman(number) == letters


# ---------------------------------------------------------------- Word


def opened(content):
    return Document(io.BytesIO(content))


def texts_of(document):
    return [paragraph.text for paragraph in document.paragraphs]


def rows_of(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_word_file_says_what_the_paper_says():
    document = opened(word.bytes_of(fill(make_report(state="submitted")), KIND))

    texts, tables = texts_of(document), [rows_of(table) for table in document.tables]
    assert "BÁO CÁO\nKết quả công tác thi đua, khen thưởng năm 2026" in texts
    assert "Đã làm tốt <b>nhiều</b> việc." in texts
    assert tables[1] == [["Nội dung", "Kế hoạch", "Thực hiện"], ["Hội viên", "120", "134"]]
    assert ["1", "Tác phẩm", "bài", "≥ 100", "118", "Vượt. Đến 31/10"] in tables[2]
    assert ["", "Cộng", "", "14", "9"] in tables[5]
    assert tables[0][0][0].splitlines()[0] == "HỘI NHÀ BÁO TỈNH"
    assert "THỦ TRƯỞNG ĐƠN VỊ" in tables[-1][0][1]
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 2"][:2] == [
        "I. Công tác lãnh đạo, chỉ đạo, tuyên truyền",
        "II. Kết quả thực hiện nhiệm vụ chính trị, chuyên môn",
    ]


def test_word_file_is_set_as_official_papers_are():
    document = opened(word.bytes_of(make_report(), KIND))

    (section,) = document.sections
    assert [round(length.mm) for length in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [round(margin.mm) for margin in margins] == [20, 16, 20, 31]
    normal = document.styles["Normal"].font
    assert (normal.name, normal.size) == ("Times New Roman", Pt(14))
    assert "DỰ THẢO" in texts_of(document)
    assert section.different_first_page_header_footer is True
    assert "PAGE" in section.header.paragraphs[0]._p.xml


def test_heads_of_tables_are_repeated_in_word():
    document = opened(word.bytes_of(fill(make_report()), KIND))
    heads = [table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in document.tables[1:-1]]
    assert heads == [True] * 5


def test_strange_signs_and_a_wide_table_do_not_break_the_word_file():
    report = make_report()
    wide = ["\t".join(f"{row}.{column}" for column in range(30)) for row in range(400)]
    report.parts.filter(code="tasks").update(paragraphs=[*wide, "Gia đình 👨\u200d👩\u200d👧 שלום ]]> &amp; \x0b"])

    document = opened(word.bytes_of(report, KIND))

    sizes = [(len(table.rows), len(table.columns)) for table in document.tables]
    assert sizes[1:4] == [(400, 12), (400, 12), (400, 8)]
    assert {section.orientation for section in document.sections} == {0, 1}
    assert "Gia đình 👨\u200d👩\u200d👧 שלום ]]> &amp;" in " ".join(texts_of(document))
