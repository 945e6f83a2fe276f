"""Makes docs/pictures from a running demo: ``.venv/bin/python scripts/guide_pictures.py http://127.0.0.1:8000``.

Begin with a sample province that was just loaded (``make demo-reset`` in another window): the pictures follow one
report from the unit to the PDF, and the script takes these steps in the demo. Names after the address make only these
pictures; the steps are taken all the same. Needs Chromium, and ``pdftoppm`` for the page of the PDF (else left out).
"""

import io
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PASSWORD = os.environ.get("DEMO_PASSWORD", "thi-dua-2026")
MOST_BYTES = 200_000
COLOURS = (128, 96, 64)
NEAR = 9  # of 255 in each channel
DESK, PHONE = 1280, 390
MARGIN = 12
ZONE = "Asia/Ho_Chi_Minh"
PLACE = """node => {
    const box = node.getBoundingClientRect()
    return {x: box.x, y: box.y + window.scrollY, width: box.width, height: box.height}
}"""  # on the page, however far it is scrolled

PARTS = {
    "leading": "Ban hành kế hoạch, phát động phong trào từ tháng 01 năm 2026.\n"
    "Ký giao ước thi đua ngày 14/02/2026; kiểm tra các chi hội trong tháng 6.",
    "tasks": "Hoàn thành 12/12 nhiệm vụ trọng tâm của năm; tổ chức tốt các hoạt động kỷ niệm của ngành.",
    "movements": "Phong trào “Mỗi Hội một việc thiết thực hướng về cơ sở”: hoàn thành 03 việc ở 03 xã.",
    "party": "Tổ chức đảng, công đoàn hoàn thành tốt nhiệm vụ.",
    "exemplars": "Phát hiện, bồi dưỡng 03 điển hình; giới thiệu 02 điển hình với Khối.",
    "shortcomings": "Báo cáo tháng của hai chi hội còn chậm, do thiếu người làm chuyên trách.",
    "next_tasks": "Mở thêm 02 lớp bồi dưỡng nghiệp vụ cho hội viên ở xã, phường.",
}
FIGURES = {"staff": "24", "collectives": "3", "individuals": "62", "direct_workers": "41", "exemplar_count": "3"}
SUMMARY = {
    "exemplars": "Khối giới thiệu 14 điển hình tiên tiến, 10 điển hình ở cơ sở.",
    "shortcomings": "Một số đơn vị gửi báo cáo chậm; số liệu về an sinh xã hội chưa thống nhất cách tính.",
    "causes": "Cán bộ làm công tác thi đua ở các đơn vị đều kiêm nhiệm.",
    "next_tasks": "Thống nhất biểu mẫu số liệu ngay từ quý I năm 2027.",
}


class Guide:
    """A browser at the demo, and the pictures that it takes."""

    def __init__(self, browser, address, wanted):
        self.browser, self.address, self.wanted = browser, address.rstrip("/"), wanted

    def sign_in(self, name, width=DESK):
        page = self.visitor(width)
        page.get_by_label("Tên đăng nhập").fill(name)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.get_by_role("heading", name="Việc cần làm").wait_for()
        return page

    def visitor(self, width=DESK):
        context = self.browser.new_context(viewport={"width": width, "height": 900}, locale="vi-VN", timezone_id=ZONE)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.goto(self.address)
        return page

    def go(self, page, name):
        page.get_by_role("navigation", name="Các trang chính").get_by_role("link", name=name, exact=True).click()

    def take(self, page, name, *, of=None, until=None, most=None):
        """The page, or only the element ``of``; to the end of ``until`` where given; at most ``most`` pixels high."""
        if self.wanted and name not in self.wanted:
            return
        first = (of or page.locator("main")).first.evaluate(PLACE)
        last, width = until.first.evaluate(PLACE) if until else first, page.viewport_size["width"]
        left = max(0, first["x"] - MARGIN) if of else 0
        top = first["y"] - MARGIN if of else 0
        height = last["y"] + last["height"] + MARGIN - top
        clip = {"x": left, "y": top, "width": min(width, first["width"] + 2 * MARGIN) if of else width}
        clip["height"] = min(height, most or height)
        store(name, page.screenshot(full_page=True, clip=clip, animations="disabled"))


def store(name, content):
    """As few colours as make the file small enough to live in the repository."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.png"
    for colours in COLOURS:
        picture.quantize(palette=palette_of(picture, colours), dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            break
    else:
        sys.exit(f"{path.name} is larger than {MOST_BYTES} bytes: take less of the page")
    print(f"{path.name}  {picture.width} x {picture.height}  {path.stat().st_size // 1000} kB")


def palette_of(picture, size):
    """The most frequent colours as they are, none close to another: a small mark stays green, white stays white."""
    chosen = []
    for _, colour in sorted(picture.getcolors(picture.width * picture.height), reverse=True):
        if all(max(abs(a - b) for a, b in zip(colour, other, strict=True)) > NEAR for other in chosen):
            chosen.append(colour)
            if len(chosen) == size:
                break
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in chosen for channel in colour])
    return palette


def write(page, key, text, field="text"):
    """Type into a field and wait until it has saved itself."""
    page.locator(f"#{key}-{field}").fill(text)
    if field != "text":
        page.locator(f"#{key}-{field}").press("Tab")
    page.locator(f"#form-{key} [data-saved]").get_by_text("Đã lưu lúc").wait_for()


def result_keys(page):
    """The keys of the targets on the page of a unit's report, its own first."""
    return page.evaluate(
        "[...document.querySelectorAll('form')].map(row => row.id.slice(5)).filter(key => /^t[0-9]+$/.test(key))"
    )


# ---------------------------------------------------------------- the way of one report


def unit(guide):
    """The reporter writes, the leader sends."""
    reporter = guide.sign_in("donvi")
    guide.take(reporter, "viec-don-vi")
    reporter.get_by_role("button", name="Viết báo cáo").click()
    write(reporter, "leading", PARTS["leading"])
    guide.take(reporter, "bao-cao-don-vi", until=reporter.locator("#leading"))

    leader = guide.sign_in("lanhdao")
    leader.goto(reporter.url)
    write(reporter, "tasks", PARTS["tasks"])
    leader.locator("#tasks-text").fill("Hoàn thành các nhiệm vụ được giao.")
    leader.locator("#form-tasks").get_by_text("Bản của bạn chưa được lưu").wait_for()
    guide.take(leader, "hai-nguoi-sua", of=leader.locator("#tasks"))
    leader.context.close()

    reporter.reload()
    guide.take(
        reporter,
        "con-thieu",
        of=reporter.locator(".card", has_text="Còn thiếu trước khi gửi"),
        until=reporter.locator("#moves"),
    )
    for code in list(PARTS)[2:]:
        write(reporter, code, PARTS[code])
    for code, number in FIGURES.items():
        write(reporter, code, number, "value")
    for key, number in zip(result_keys(reporter), ("134", "5", "100"), strict=False):
        write(reporter, key, number, "value")
    guide.take(reporter, "so-lieu", of=reporter.locator("#figures ~ .card"))
    reporter.reload()
    guide.take(reporter, "chuyen-lanh-dao", of=reporter.locator("#moves"))
    reporter.get_by_role("button", name="Chuyển lãnh đạo xác nhận").click()
    reporter.get_by_text("Chờ lãnh đạo xác nhận").first.wait_for()

    leader = guide.sign_in("lanhdao")
    guide.take(leader, "viec-lanh-dao")
    leader.get_by_role("link", name="Xem và xác nhận").click()
    guide.take(leader, "xac-nhan-gui", of=leader.locator("#moves"))
    leader.get_by_role("button", name="Xác nhận và gửi").click()
    leader.get_by_text("báo cáo ở trạng thái “Đã gửi”").wait_for()
    return reporter, leader


def returned(guide, reporter, leader):
    """The board sends the report back once."""
    board = guide.sign_in("chuyenvien")
    guide.take(board, "viec-ban-tdkt", most=1000)
    board.goto(leader.url)
    board.get_by_label("Lý do (bắt buộc)").fill("Đề nghị ghi rõ số điển hình ở chi hội xã, phường.")
    guide.take(board, "tra-lai", of=board.locator("#moves"))
    board.get_by_role("button", name="Trả lại").click()
    board.get_by_text("báo cáo ở trạng thái “Bị trả lại”").wait_for()
    reporter.goto(leader.url)
    guide.take(reporter, "bi-tra-lai", until=reporter.locator(".notice-error"))
    write(reporter, "exemplars", PARTS["exemplars"] + "\nCó 02 điển hình ở chi hội xã, phường.")
    leader.reload()
    leader.get_by_role("button", name="Xác nhận và gửi").click()
    leader.get_by_text("báo cáo ở trạng thái “Đã gửi”").wait_for()
    return board


def head(guide):
    """The head completes the bloc's report; the conference adopts it."""
    page = guide.sign_in("khoitruong")
    guide.take(page, "viec-khoi-truong")
    guide.go(page, "Khối của tôi")
    if page.get_by_role("heading", name="Cụm, khối").count():
        page.get_by_role("link", name="Hội đặc thù").click()
    guide.take(page, "khoi", most=1150)
    bloc = page.url
    covenant_and_proposals(guide, page, bloc)
    page.goto(bloc)
    page.get_by_role("link", name="Mở báo cáo tổng kết").click()
    guide.take(page, "bao-cao-khoi", until=page.locator("#leading"))
    for code, text in SUMMARY.items():
        write(page, code, text)
    page.reload()
    page.get_by_label("Ngày hội nghị thông qua").fill(f"{datetime.now(ZoneInfo(ZONE)):%Y-%m-%d}")
    guide.take(page, "thong-qua", of=page.locator("#moves"))
    page.get_by_role("button", name="Ghi nhận đã thông qua").click()
    page.get_by_role("button", name="Gửi Ban Thi đua - Khen thưởng").wait_for()
    guide.take(page, "gui-ban-tdkt", of=page.locator("#moves"))
    page.get_by_role("button", name="Gửi Ban Thi đua - Khen thưởng").click()
    page.get_by_text("báo cáo ở trạng thái “Đã gửi”").wait_for()
    return bloc


def board_pages(guide, page, bloc):
    """The province at one look, the papers of all blocs, one page of one of them."""
    guide.go(page, "Bảng toàn tỉnh")
    guide.take(page, "bang-toan-tinh")
    guide.go(page, "Báo cáo")
    guide.take(page, "danh-sach-bao-cao", most=900)
    page.get_by_role("button", name="Tạo PDF của").click()
    page.get_by_text("Đang tạo").first.wait_for()
    page.get_by_text("Đã xong").first.wait_for(timeout=180_000)
    guide.take(page, "tao-pdf")
    page.goto(bloc)
    link = page.get_by_role("link", name="Mở bản PDF")
    link.wait_for(timeout=60_000)
    guide.take(page, "ban-pdf", of=page.locator(".card", has=link))
    answer = page.request.get(guide.address + link.get_attribute("href"))
    if shutil.which("pdftoppm") is None:
        print("trang-pdf.png left out: pdftoppm is not installed")
    elif not guide.wanted or "trang-pdf" in guide.wanted:
        command = ["pdftoppm", "-png", "-r", "72", "-f", "1", "-l", "1", "-"]
        store("trang-pdf", subprocess.run(command, input=answer.body(), capture_output=True, check=True).stdout)


def covenant_and_proposals(guide, page, bloc):
    page.goto(bloc)
    page.get_by_role("link", name="Giao ước thi đua, chỉ tiêu và kết quả").click()
    guide.take(page, "giao-uoc", most=1100)
    page.get_by_role("link", name="Ghi kết quả").first.click()
    guide.take(page, "ket-qua-chi-tieu")
    page.goto(bloc)
    page.get_by_role("link", name="Danh sách đề nghị khen thưởng").click()
    chosen = page.get_by_role("region", name="Cờ thi đua").or_(page.locator("main section")).first
    chosen.get_by_label("Đơn vị thành viên").select_option(index=2)
    chosen.get_by_role("button", name="Đưa vào danh sách").click()
    page.get_by_text("vào danh sách đề nghị").first.wait_for()
    guide.take(page, "de-nghi", most=1100)


def other_blocs(guide):
    """What the sample's other blocs show: a draft in discussion, a meeting, a handover."""
    page = guide.sign_in("khoitruong2")
    page.get_by_role("link", name="Soạn tiếp").click()
    guide.take(page, "du-thao", until=page.locator("#leading"))
    page = guide.sign_in("lanhdao3")
    page.get_by_role("link", name="Mở biên bản").click()
    guide.take(page, "ban-giao")
    guide.go(page, "Hội nghị")
    page.get_by_role("link", name="Hội nghị tổng kết").first.click()
    guide.take(page, "hoi-nghi", most=1200)


def movements(guide):
    page = guide.sign_in("coquanchutri")
    guide.go(page, "Phong trào")
    guide.take(page, "danh-sach-phong-trao", most=800)
    page.locator("main table a").first.click()
    guide.take(page, "phong-trao", most=950)
    guide.take(page, "ghi-ket-qua", of=page.locator("#ghi"))


def administration(guide):
    page = guide.sign_in("quantri")
    guide.go(page, "Quản trị")
    guide.take(page, "quan-tri", of=page.locator("#container"))
    page.goto(f"{guide.address}/quan-tri/blocs/auditevent/")
    guide.take(page, "quan-tri-vet", of=page.locator("#container"))


def main(address, *wanted):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is missing: scripts/system-packages test")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--lang=vi"]
        )
        guide = Guide(browser, address, set(wanted))
        visitor = guide.visitor()
        guide.take(visitor, "dang-nhap", of=visitor.locator(".signin"))
        phone = guide.sign_in("khoitruong", PHONE)
        guide.take(phone, "dien-thoai", most=900)
        reporter, leader = unit(guide)
        board = returned(guide, reporter, leader)
        bloc = head(guide)
        board_pages(guide, board, bloc)
        other_blocs(guide)
        movements(guide)
        administration(guide)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
