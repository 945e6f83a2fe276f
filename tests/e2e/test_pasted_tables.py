"""Rows and cells copied in Excel, pasted in a browser."""

import pytest
from django.urls import reverse

from blocs.models import Year
from reports.models import ReportForm, Upload
from tests.e2e.test_formatted_text import PASTE

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
BLOCK = [("12", "Biên bản số 1"), ("1.234,5", 'Nói "tốt"'), ("không có", "Chưa đo")]


def values(rows):
    return [tuple(field.input_value() for field in row.locator("input:visible").all()[:2]) for row in rows[:3]]


def test_cells_pasted_into_the_results_fill_right_and_down_and_are_saved(sign_in):
    page = sign_in("donvi")
    page.get_by_role("button", name="Viết báo cáo").click()
    table = page.locator("[data-paste-table]").first
    rows = table.locator("[data-paste-row]").all()
    text = "\r\n".join(f"{value}\t{note}\tthừa" for value, note in BLOCK) + "\r\n"

    page.evaluate(PASTE, [rows[0].locator("input:visible").first.element_handle(), "", text])

    page.get_by_text("Đã điền 6 ô; 3 ô không nhận").wait_for()
    assert values(rows) == BLOCK
    for row in rows[:2]:
        row.locator("[data-saved]").get_by_text("Đã lưu").wait_for()
    rows[2].locator("[data-saved] .state-miss").wait_for()  # the server judges each row on its own
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    rows = page.locator("[data-paste-table]").first.locator("[data-paste-row]").all()
    assert values(rows)[:2] == BLOCK[:2]
    assert values(rows)[2] != BLOCK[2]


def test_cells_pasted_over_others_are_taken_back(sign_in):
    page = sign_in("donvi")
    page.get_by_role("button", name="Viết báo cáo").click()
    rows = page.locator("[data-paste-table]").first.locator("[data-paste-row]").all()
    before = values(rows)
    text = "\r\n".join(f"{number}\tGhi {number}" for number in (71, 72, 73))

    page.evaluate(PASTE, [rows[0].locator("input:visible").first.element_handle(), "", text])
    undo = page.get_by_role("button", name="Hoàn tác")
    undo.wait_for()
    for row in rows[:3]:
        row.locator("[data-saved]").get_by_text("Đã lưu").wait_for()
    pasted = values(rows)
    rows[1].locator("input:visible").nth(1).fill("Viết sau khi dán")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        undo.click()

    page.get_by_text("Đã trả lại 5 ô như trước khi dán; 1 ô đã sửa sau khi dán thì giữ nguyên.").wait_for()
    expected = [before[0], (before[1][0], "Viết sau khi dán"), before[2]]
    assert (pasted, values(rows)) == ([("71", "Ghi 71"), ("72", "Ghi 72"), ("73", "Ghi 73")], expected)
    assert undo.count() == 0
    page.wait_for_load_state("networkidle")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert values(page.locator("[data-paste-table]").first.locator("[data-paste-row]").all()) == expected


def test_choices_and_marks_are_taken_back(sign_in, live_server):
    page, year = sign_in("chuyenvien"), Year.objects.get(label="2026", authority__code="ubnd-son-ha")
    page.goto(live_server.url + reverse("report_form_edit", args=[year.pk, "annual"]))
    labels = page.locator("[data-paste-table]").nth(1).locator("input[name$='-label']:visible")
    row = labels.last.locator("xpath=ancestor::*[@data-paste-row][1]")
    fields = row.locator("input:visible, select:visible")
    state = "(fields) => fields.map((field) => field.type === 'checkbox' ? field.checked : field.value)"
    before = fields.evaluate_all(state)
    page.evaluate(PASTE, [labels.last.element_handle(), "", "Số sáng kiến\tsáng kiến\t(không)\tCộng\tx"])
    pasted = fields.evaluate_all(state)

    page.get_by_role("button", name="Hoàn tác").click()

    page.get_by_text("Đã trả lại 5 ô như trước khi dán").get_by_text("Chưa lưu").wait_for()
    assert fields.evaluate_all(state) == before
    assert True in pasted


def test_cells_go_by_place_choices_by_their_words_and_wait_for_the_button(sign_in, live_server):
    page, year = sign_in("chuyenvien"), Year.objects.get(label="2026", authority__code="ubnd-son-ha")
    page.goto(live_server.url + reverse("report_form_edit", args=[year.pk, "annual"]))
    labels = page.locator("[data-paste-table]").nth(1).locator("input[name$='-label']")
    first = labels.nth(labels.count() - 3)  # the first of the empty rows
    text = "Số sáng kiến\tsáng kiến\t(không)\tCộng\tx\nSố điểm\tđiểm\tkhông có ô này"

    page.evaluate(PASTE, [first.element_handle(), "", text])

    page.get_by_text("Đã điền 7 ô; 1 ô không nhận").get_by_text("Chưa lưu").wait_for()
    page.locator("input[type=checkbox][name='confirmed']").first.check()
    page.get_by_role("button", name="Lưu mẫu").click()
    page.get_by_role("heading", name="Mẫu báo cáo").first.wait_for()
    figures = {row["label"]: row for row in ReportForm.objects.get(year=year, kind="annual").figures}
    assert (figures["Số sáng kiến"]["unit"], figures["Số sáng kiến"]["decimals"]) == ("sáng kiến", True)
    assert figures["Số điểm"]["unit"] == "điểm"


def test_one_pasted_cell_is_left_to_the_browser(sign_in):
    page = sign_in("donvi")
    page.get_by_role("button", name="Viết báo cáo").click()
    field = page.locator("[data-paste-row] input:visible").first

    was_taken = page.evaluate(
        f"(all) => {{ let taken = null; document.addEventListener('paste', (event) => {{ taken = event.defaultPrevented; }}, {{ once: true }}); ({PASTE})(all); return taken; }}",
        [field.element_handle(), "", "12\r\n"],
    )

    assert was_taken is False


def test_units_pasted_under_their_list_come_to_the_preview(sign_in):
    page = sign_in("chuyenvien")
    page.get_by_role("link", name="Tổ chức", exact=True).click()
    page.get_by_role("link", name="Danh sách đơn vị").click()
    page.get_by_text("Dán từ Excel").click()
    page.get_by_label("Sao chép cả dòng tên cột").fill(
        "Mã\tTên đơn vị\nhoi-lam-thu\tHội Làm thử tỉnh\nhoi-nha-bao\tHội Nhà báo"
    )
    page.get_by_role("button", name="Xem trước các dòng đã dán").click()

    page.get_by_role("heading", name="Phần dán từ Excel").wait_for()
    assert "Hội Làm thử tỉnh" in page.locator("main").inner_text()
    upload = Upload.objects.get()
    assert (upload.kind, upload.name, upload.applied_at) == ("units", "", None)
