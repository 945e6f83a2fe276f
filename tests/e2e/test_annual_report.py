"""The main job in a browser: the unit writes, its leader sends, the head completes, the board makes the PDF."""

import io
import zipfile
from pathlib import Path

import pytest
from django.utils import timezone
from pypdf import PdfReader

from blocs.models import AuditEvent, BlocYear, Membership, Receipt
from reports.models import Rendering, SummaryReport, UnitReport
from reports.unit_form import FIGURES, PARTS
from tests.e2e.conftest import unfold

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


NUMBERS = {
    "staff": "24",
    "collectives": "3",
    "individuals": "61",
    "direct_workers": "40",
    "exemplar_count": "3",
}  # as usual


def shown_bloc():
    return BlocYear.objects.get(bloc__code="hoi-dac-thu", bloc__authority__code="ubnd-son-ha", year__label="2026")


def write(page, key, text, field="text"):
    """Type into a field and wait until it has saved itself."""
    page.locator(f"#{key}-{field}").fill(text)
    if field != "text":
        page.locator(f"#{key}-{field}").press("Tab")
    page.locator(f"#form-{key} [data-saved]").get_by_text("Đã lưu lúc").wait_for()


def test_annual_report_from_the_unit_to_the_opened_pdf(sign_in, worker, media_root):
    bloc = shown_bloc()

    reporter = sign_in("donvi")
    reporter.get_by_role("button", name="Viết báo cáo").click()
    for part in PARTS:
        write(reporter, part.code, f"Nội dung {part.code} <script>alert(1)</script> của đơn vị.")
    assert {figure.code for figure in FIGURES} == set(NUMBERS)
    for code, number in NUMBERS.items():
        write(reporter, code, number, "value")
    for target in bloc.covenant.targets.filter(of__unit__code="hoi-nha-bao"):
        write(reporter, f"t{target.pk}", "130,5", "value")
    reporter.reload()
    reporter.get_by_role("button", name="Chuyển lãnh đạo xác nhận").click()
    reporter.get_by_text("Chờ lãnh đạo xác nhận").first.wait_for()

    leader = sign_in("lanhdao")
    leader.get_by_role("link", name="Xem và xác nhận").click()
    assert "<script>alert(1)</script>" in leader.locator("main").inner_text()  # shown as characters, not run
    leader.get_by_role("button", name="Xác nhận và gửi").click()
    leader.get_by_text("báo cáo ở trạng thái “Đã gửi”").wait_for()
    report = UnitReport.objects.get(bloc_year=bloc, unit__unit__code="hoi-nha-bao")
    assert report.state == "submitted"
    assert Receipt.objects.get(bloc_year=bloc, unit=report.unit, kind="unit-report").at == report.submitted_at

    held = bloc.conferences.filter(kind="year_end")  # planned for a day to come; a report is adopted where it is held
    held.update(held_on=timezone.localdate(), starts_at=None)
    head = sign_in("khoitruong")
    head.get_by_role("link", name="Soạn tiếp").click()
    for code in ("exemplars", "shortcomings", "causes", "next_tasks", "recommendations"):
        unfold(head, code)
        write(head, code, f"Phần {code} do Khối trưởng viết.\nĐoạn thứ hai.")
    head.reload()
    head.get_by_label("Ngày hội nghị thông qua").fill(timezone.localdate().isoformat())
    head.get_by_role("button", name="Ghi nhận đã thông qua").click()
    head.get_by_role("button", name="Gửi Ban Thi đua - Khen thưởng").click()
    head.get_by_text("báo cáo ở trạng thái “Đã gửi”").wait_for()

    board = sign_in("chuyenvien")
    board.get_by_role("link", name="Mở báo cáo").first.click()
    board.get_by_role("button", name="Tạo bản PDF").click()
    link = board.get_by_role("link", name="Mở bản PDF")
    link.wait_for(timeout=60_000)
    answer = board.request.get(board.url.split("/bao-cao")[0] + link.get_attribute("href"))
    board.get_by_role("button", name="Nhận báo cáo").click()
    board.get_by_text("báo cáo ở trạng thái “Đã nhận”").wait_for()

    assert SummaryReport.objects.get(bloc_year=bloc).state == "accepted"
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.body())).pages).split())
    expected = [
        "Khối thi đua các tổ chức Hội đặc thù",
        "Khối trưởng: Hội Nhà báo tỉnh",
        *(row.unit.name for row in Membership.objects.filter(bloc_year=bloc).select_related("unit")),
        *(str(target) for target in bloc.covenant.targets.all()),
        "130,5",
        "Phần shortcomings do Khối trưởng viết.",
    ]
    assert [words for words in expected if words not in text] == []
    assert "DỰ THẢO" not in text
    assert Rendering.objects.get(bloc_year=bloc).state == "done"
    ours = [f"reports.unitreport:{report.pk}", f"reports.summaryreport:{bloc.summary_report.pk}"]
    steps = r"^(unit|summary)_report\.(hand_up|submit|adopt|accept)$"
    moves = AuditEvent.objects.filter(target__in=ours, action__regex=steps)
    assert list(moves.order_by("at", "pk").values_list("action", flat=True)) == [
        "unit_report.hand_up",
        "unit_report.submit",
        "summary_report.adopt",
        "summary_report.submit",
        "summary_report.accept",
    ]


def test_paper_of_a_finished_bloc_names_proposals_and_next_head(sign_in, worker):
    bloc = BlocYear.objects.get(bloc__code="hoi-dac-thu", bloc__authority__code="ubnd-son-ha", year__label="2025")
    board = sign_in("chuyenvien")

    board.goto(board.url.rstrip("/") + f"/khoi/{bloc.pk}/")
    board.get_by_role("button", name="Tạo bản PDF").click()
    link = board.get_by_role("link", name="Mở bản PDF")
    link.wait_for(timeout=60_000)

    answer = board.request.get(board.url.split("/khoi")[0] + link.get_attribute("href"))
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.body())).pages).split())
    proposed = [row.unit.name for row in bloc.proposals.select_related("unit")]
    following = bloc.next_leaders.select_related("unit").get(role="head").unit.name
    assert proposed != []
    assert [name for name in [*proposed, f"Khối trưởng năm 2026: {following}"] if name not in text] == []


def test_reports_of_all_blocs_with_one_button(sign_in, worker, media_root):
    board = sign_in("chuyenvien")
    board.get_by_role("link", name="Báo cáo", exact=True).click()

    board.get_by_role("button", name="Tạo PDF của 12 cụm, khối").click()
    board.get_by_text("12/12").wait_for(timeout=120_000)
    with board.expect_download() as download:
        board.get_by_role("link", name="Tải 12 báo cáo (ZIP)").click()
    archive = zipfile.ZipFile(Path(download.value.path()))
    first = [Rendering.objects.filter(state="done", reused=False).count(), len(archive.namelist())]
    board.get_by_role("link", name="‹ Báo cáo").click()
    board.get_by_role("button", name="Tạo PDF của 12 cụm, khối").click()
    board.get_by_text("12 báo cáo không đổi nên không tạo lại").wait_for(timeout=60_000)

    assert first == [12, 12]
    assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
    assert Rendering.objects.filter(state="done", reused=True).count() == 12
    assert len(list((media_root / "papers").rglob("*.pdf"))) == 12


def test_phone_shows_the_to_do_list_without_scrolling_sideways(sign_in):
    page = sign_in("khoitruong", width=390)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
