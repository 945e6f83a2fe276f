"""The organisation in a browser: a year is opened, a bloc divided, two units merged, somebody let in by a slip."""

import re
from datetime import date

import pytest
from django.conf import settings

from blocs.models import BlocYear, Membership, Unit, Year

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PASSWORD = "mat-khau-cua-nguoi-moi-27"
FROM = date(2027, 1, 1)


def prepare_the_year(board):
    board.get_by_role("link", name="Tổ chức", exact=True).click()
    board.get_by_role("link", name="Năm thi đua, mở năm mới").click()
    board.get_by_role("link", name=re.compile("Chuẩn bị năm sau từ năm 2026 · Ủy ban")).click()
    board.get_by_role("button", name="Chuẩn bị năm mới").click()
    board.get_by_role("heading", name="Năm 2027 (đang chuẩn bị)").wait_for()


def divide_a_bloc(board):
    """Two members of the associations' bloc go to a new one."""
    board.get_by_role("button", name="Sửa khối, thành viên").click()
    board.get_by_role("link", name="Thêm cụm, khối").click()
    board.get_by_label("Tên", exact=True).or_(board.get_by_label("Tên*", exact=True)).first.fill("Khối hội mới tách")
    board.locator("main form[method=post] button.btn-primary").click()
    old = BlocYear.objects.get(year__label="2027", bloc__code="hoi-dac-thu")
    board.get_by_role("link", name="Tổ chức", exact=True).click()
    board.get_by_role("link", name=old.name).first.click()
    board.locator(f"a[href='/to-chuc/{old.pk}/thanh-vien/']").first.click()
    for name in ("Hội Khuyến học tỉnh", "Hội Văn học - Nghệ thuật tỉnh"):
        board.get_by_label(name, exact=True).check()
    board.locator("select[name=to]").select_option(label="Khối hội mới tách")
    board.get_by_role("button", name="Chuyển đơn vị được chọn").click()
    board.locator("main").get_by_text("6 đơn vị").first.wait_for()


def merge_two_units(board):
    board.get_by_role("link", name="Tổ chức", exact=True).click()
    board.get_by_role("link", name="Danh sách đơn vị").click()
    board.get_by_role("link", name="Hội Đông y tỉnh").click()
    board.get_by_role("link", name=re.compile("Sáp nhập")).click()
    board.get_by_label("Hội Chữ thập đỏ tỉnh").first.check()
    board.locator("input[name=into][value=new]").check()
    board.locator("input[name=name]").fill("Hội Y tế và Nhân đạo tỉnh")
    board.locator("input[name=on]").fill("01/01/2027")
    board.locator("[name=document]").fill("Quyết định số 9/QĐ-UBND ngày 20/11/2026")
    board.get_by_role("button", name="Xem tác động").click()
    board.get_by_role("heading", name=re.compile("sẽ thay đổi những gì")).wait_for()
    board.get_by_text("6 → 5 đơn vị").wait_for()
    board.locator("button[value=confirm]").click()
    board.get_by_role("heading", name="Hội Y tế và Nhân đạo tỉnh").wait_for()


def open_the_year(board):
    board.get_by_role("link", name="Tổ chức", exact=True).click()
    board.get_by_role("link", name="Năm thi đua, mở năm mới").click()
    board.get_by_role("link", name="2027", exact=True).click()
    assert "Hội Y tế và Nhân đạo tỉnh" in board.locator("main").text_content()  # among the differences
    board.get_by_role("button", name="Xác nhận mở năm 2027").click()
    board.get_by_label("Mật khẩu").fill(settings.DEMO_PASSWORD)
    board.get_by_role("button", name="Xác nhận và làm tiếp").click()
    board.get_by_text("Đã mở năm 2027: giao 303 việc").wait_for()


def print_a_slip(board):
    """The code on the slip of somebody new in the merged unit."""
    board.get_by_role("link", name="Tổ chức", exact=True).click()
    board.get_by_role("link", name="Người dùng", exact=True).click()
    board.get_by_role("link", name="Thêm người dùng").click()
    board.locator("input[name=post]").fill("Văn thư - Hội Y tế và Nhân đạo")
    board.locator("select[name=role]").select_option(label="Người làm báo cáo của đơn vị")
    board.locator("select[name=unit]").select_option(label="Hội Y tế và Nhân đạo tỉnh")
    board.locator("main form[method=post] button.btn-primary").first.click()
    board.get_by_role("heading", name="Văn thư - Hội Y tế và Nhân đạo").wait_for()
    board.get_by_role("button", name=re.compile("In phiếu")).click()
    code = board.locator(".slip code").inner_text()
    assert board.locator(".slip img.qr").evaluate("picture => picture.naturalWidth") > 0
    return code


def enter_by_the_slip(browser, live_server, code):
    context = browser.new_context(viewport={"width": 400, "height": 800}, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{live_server.url}/vao/")
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="Tiếp tục").click()
    for name in ("password", "again"):
        page.locator(f"input[name={name}]").fill(PASSWORD)
    page.get_by_role("button", name="Đặt mật khẩu và vào").click()
    page.get_by_role("heading", name="Việc cần làm").wait_for()
    shown = page.locator("main").inner_text()
    context.close()
    return shown


def test_year_from_its_preparation_to_the_first_who_is_missing(sign_in, browser, live_server):
    board = sign_in("chuyenvien")

    prepare_the_year(board)
    divide_a_bloc(board)
    merge_two_units(board)
    open_the_year(board)
    shown = enter_by_the_slip(browser, live_server, print_a_slip(board))

    year = Year.objects.get(label="2027")
    members = Membership.objects.filter(bloc_year__year=year)
    moved = members.filter(bloc_year__name="Khối hội mới tách").values_list("unit__name", flat=True)
    assert (year.is_open, sorted(moved)) == (True, ["Hội Khuyến học tỉnh", "Hội Văn học - Nghệ thuật tỉnh"])
    assert Unit.objects.filter(valid_to=date(2026, 12, 31)).count() == 2
    assert "Hội Y tế và Nhân đạo" in shown
    board.goto(f"{live_server.url}/bang/?q=hoi+dac+thu")
    board.locator("table.board a.cell").nth(2).click()
    board.get_by_role("link", name="Hội Y tế và Nhân đạo tỉnh", exact=True).wait_for()
    board.locator("main").get_by_text("Chưa gửi").first.wait_for()
