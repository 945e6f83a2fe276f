"""The province's report, read back from its PDF."""

from dataclasses import replace

import pytest
from django.core.management import call_command

from blocs.domain import obligations
from blocs.models import Authority, BlocYear, Receipt, Year
from reports.domain import province_reports, renderings
from reports.domain.assembly import drafts
from reports.domain.assembly.kinds import PROVINCE
from reports.domain.papers import province, word
from reports.enums import DocumentKind
from tests.factories import at
from tests.reports.paper_reading import lines_of, text_of, words
from tests.reports.province_rows import Province

pytestmark = pytest.mark.django_db
KIND = DocumentKind.PROVINCE_REPORT


@pytest.fixture
def world():
    made = Province()
    made.recognise(made.units[0], 8, direct=6)
    made.recognise(made.units[3], 4, direct=3, award="CTDT", recipients="collective")
    made.year.authority.name = "Ủy ban nhân dân tỉnh Sơn Hà"
    made.year.authority.board = "Sở Nội vụ"
    made.year.authority.save()
    made.year.theme = "Đoàn kết, sáng tạo"
    made.year.save()
    drafts.assemble(PROVINCE, made.report.pk, by=made.board)
    return made


@pytest.mark.parametrize("written_before", [{}, {"month": "tháng       năm 2026"}])
def test_day_of_a_report_that_is_finished_in_january_is_left_to_who_signs(world, written_before):
    report = province_reports.finish(world.report.pk, by=world.board, now=at("2027-01-10 09:00"))
    report.kept["heading"] |= written_before
    report.save()

    day = province.build(world.year).heading.day

    assert day.split() == ["ngày", "tháng", "năm"]


@pytest.mark.slow
def test_finished_report_prints_heading_parts_signature_and_annexes(world):
    province_reports.finish(world.report.pk, by=world.board)
    content = renderings.bytes_of(world.year, KIND)
    text = text_of(content)
    for part in (
        "ỦY BAN NHÂN DÂN TỈNH SƠN HÀ",
        "SỞ NỘI VỤ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BÁO CÁO Tổng kết công tác thi đua, khen thưởng năm 2026, phương hướng, nhiệm vụ năm 2027",
        "Sở Nội vụ báo cáo kết quả công tác thi đua, khen thưởng năm 2026, chủ đề thi đua “Đoàn kết, sáng tạo” như sau:",
        "I. Đặc điểm tình hình; tình hình báo cáo của các cụm, khối",
        "Năm 2026 có 03 cụm, khối thi đua với 06 đơn vị thành viên.",
        "III. Kết quả các phong trào thi đua và hoạt động của cụm, khối",
        "210 người (06 đơn vị của 03 cụm, khối).",
        "IV. Công tác khen thưởng",
        "người lao động trực tiếp chiếm 06/08 lượt cá nhân có ghi số này (75,0 %)",
        f"{world.blocs[2].name}: next_tasks của {world.blocs[2].name}.",
        "phương hướng, nhiệm vụ năm 2027 của Sở Nội vụ./.",
        "- Ủy ban nhân dân tỉnh Sơn Hà (để báo cáo);",
        "GIÁM ĐỐC",
        "Phụ lục I TÌNH HÌNH BÁO CÁO CỦA CÁC CỤM, KHỐI",
        "của Sở Nội vụ)",
        f"1 {world.blocs[0].name} 2 2/2 100,0 % 2 Nhận ngày 19/11/2026",
        "Cộng 6 6/6 100,0 % 6 03/03 đã nhận",
        "Phụ lục II KẾT QUẢ KHEN THƯỞNG THEO DANH HIỆU, HÌNH THỨC",
        "Cộng 4 8 6/8 75,0 %",
    ):
        assert part in text
    assert "DỰ THẢO" not in text
    annexes = [line.page for line in lines_of(content) if words(line.text) in ("Phụ lục I", "Phụ lục II")]
    assert len(set(annexes)) == 2


def test_draft_says_what_it_lacks(world):
    paper = province.build(world.year)

    assert paper.is_draft
    assert paper.missing == ("Điển hình tiên tiến", "Kiến nghị, đề xuất")


def test_year_without_a_report_is_an_empty_draft(world):
    world.report.delete()

    paper = province.build(world.year)

    assert (paper.is_draft, paper.leading, len(paper.blocs.rows)) == (True, (), 3)


def test_annex_tells_how_each_report_of_a_bloc_stands(world):
    for summary, state in zip(world.summaries, ("returned", "adopted", "accepted"), strict=True):
        summary.state = state
        summary.save()
    Receipt.objects.filter(bloc_year=world.blocs[1]).delete()
    obligations.renew_bloc(world.blocs[1].pk)

    rows = province.build(world.year).blocs.rows

    assert [row[-1] for row in rows] == ["Bị trả lại", "Đã thông qua, chưa gửi", "Nhận ngày 19/11/2026"]


def test_authority_without_an_office_issues_it_itself(world):
    world.year.authority.board = ""
    world.year.authority.save()

    paper = province.build(world.year)

    assert (paper.heading.superior, paper.heading.issuer) == ("", "ỦY\u00a0BAN\u00a0NHÂN\u00a0DÂN TỈNH SƠN HÀ")
    assert paper.signature.on_behalf == "TM. ỦY BAN NHÂN DÂN TỈNH SƠN HÀ"


def change_every_source(world):
    """What a finished report no longer follows: a bloc's name, a report, commendations, the theme, the office."""
    BlocYear.objects.filter(pk=world.blocs[0].pk).update(name="Khối tên khác")
    world.summaries[2].state = "returned"
    world.summaries[2].save()
    world.recognise(world.units[0], 5, direct=1, award="BKT")
    Year.objects.update(theme="Chủ đề khác")
    Authority.objects.update(board="Ban khác", place="Nơi khác", council="Hội đồng khác")
    world.year = Year.objects.select_related("authority").get(pk=world.year.pk)


def test_finished_report_prints_what_stood_when_it_was_finished(world):
    live = province.build(world.year)
    province_reports.finish(world.report.pk, by=world.board)
    finished = province.build(world.year)
    assert finished == replace(live, is_draft=False)

    change_every_source(world)

    assert province.build(world.year) == finished


def test_report_that_is_opened_again_follows_its_sources(world):
    province_reports.finish(world.report.pk, by=world.board)
    change_every_source(world)

    province_reports.reopen(world.report.pk, by=world.board, note="Bổ sung.")

    paper = province.build(world.year)
    assert (paper.is_draft, paper.heading.issuer, paper.heading.place) == (True, "BAN KHÁC", "Nơi khác")
    assert "Chủ đề khác" in paper.opening
    assert paper.blocs.rows[0][1] == "Khối tên khác"
    assert paper.blocs.rows[2][-1] == "Bị trả lại"
    assert paper.awards.total[2:4] == ("4", "13")
    province_reports.finish(world.report.pk, by=world.board)
    assert province.build(world.year) == replace(paper, is_draft=False)


@pytest.mark.slow
def test_bytes_of_a_finished_report_stay_in_print_and_in_word(world):
    province_reports.finish(world.report.pk, by=world.board)
    before = renderings.bytes_of(world.year, KIND), word.bytes_of(world.year, KIND)
    change_every_source(world)
    assert (renderings.bytes_of(world.year, KIND), word.bytes_of(world.year, KIND)) == before


@pytest.mark.slow
def test_command_makes_the_paper_of_the_year(world, tmp_path):
    out = tmp_path / "out.pdf"

    call_command("render_document", "province-report", "-", "2026", out=str(out))

    assert out.read_bytes() == renderings.bytes_of(world.year, KIND)
