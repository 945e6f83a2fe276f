"""A bloc's year in a browser: three units sign, report, object, meet by phone; the head assembles, hands over; a paper is checked."""

import hashlib
import re

import pytest
from django.conf import settings
from django.utils import timezone

from blocs.enums import Role
from blocs.models import Attendance, BlocYear, Conference, Handover, Signature
from reports.models import SummaryReport, UnitReport
from tests.e2e.conftest import unfold
from tests.factories import make_user

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
UNITS = ["hoi-nha-bao", "hoi-luat-gia", "lien-hiep-huu-nghi"]
LEADERS = ["lanhdao", "lanhdao-luatgia", "lanhdao-huunghi"]


@pytest.fixture
def bloc(sample):
    """The associations' bloc with three members, its covenant not signed yet; each unit has a leader and no past."""
    row = BlocYear.objects.get(bloc__code="hoi-dac-thu", bloc__authority__code="ubnd-son-ha", year__label="2026")
    UnitReport.objects.all().delete()
    row.memberships.exclude(unit__unit__code__in=UNITS).delete()
    row.covenant.signatures.all().delete()
    row.covenant.targets.exclude(of=None).delete()
    row.covenant.signed_on = None
    row.covenant.save()
    row.conferences.all().delete()
    for name, code in list(zip(LEADERS, UNITS, strict=True))[1:]:
        unit = row.memberships.get(unit__unit__code=code).unit
        make_user(Role.UNIT_LEADER, unit=unit, username=name, password=settings.DEMO_PASSWORD)
    return row


def confirm_password(page, button="Xác nhận và làm tiếp"):
    page.get_by_label("Mật khẩu").fill(settings.DEMO_PASSWORD)
    page.get_by_role("button", name=button).click()


def sign_covenant(page, bloc, base):
    page.goto(f"{base}/khoi/{bloc.pk}/giao-uoc/")
    page.get_by_role("link", name="Đọc và ký giao ước").click()
    page.get_by_role("button", name=re.compile("Ký thay mặt")).click()
    if page.get_by_label("Mật khẩu").count():
        confirm_password(page)
    page.get_by_text("Đã ký").first.wait_for()


def write_report(page, bloc, base, number):
    """The leader opens the unit's report from what is to do, fills it, sends it."""
    page.goto(base)
    page.get_by_role("button", name="Viết báo cáo").click()
    for part in page.locator("form[id^=form-] textarea[name=text]").all():
        key = part.get_attribute("id").removesuffix("-text")
        part.fill(f"Việc số {number}, {key}.")
        page.locator(f"#form-{key} [data-saved]").get_by_text("Đã lưu lúc").wait_for()
    for code in ("staff", "collectives", "individuals", "direct_workers", "exemplar_count"):
        field = page.locator(f"#{code}-value")
        field.fill("0" if code in ("collectives", "individuals", "direct_workers") else str(10 * number))
        field.press("Tab")
        page.locator(f"#form-{code} [data-saved]").get_by_text("Đã lưu lúc").wait_for()
    page.reload()
    page.get_by_role("button", name="Xác nhận và gửi").click()
    page.get_by_text("báo cáo ở trạng thái “Đã gửi”").wait_for()


def test_year_of_a_bloc(sign_in, bloc, live_server, worker, browser):
    base, today = live_server.url, timezone.localdate()
    head = sign_in("khoitruong")
    leaders = [sign_in(name, width=400) for name in LEADERS]
    summary = SummaryReport.objects.get(bloc_year=bloc)
    summary.parts.all().delete()

    sign_the_covenant(head, leaders, bloc, base)
    for number, page in enumerate(leaders, 1):
        write_report(page, bloc, base, number)
    assemble_and_discuss(head, leaders[2], summary, base)
    meet(head, leaders[:2], bloc, base, today)
    head.goto(f"{base}/bao-cao-tong-ket/{summary.pk}/")
    head.get_by_label("Ngày hội nghị thông qua").fill(today.isoformat())
    head.get_by_role("button", name="Ghi nhận đã thông qua").click()
    head.get_by_text("báo cáo ở trạng thái “Đã thông qua”").wait_for()
    hand_over(head, leaders, bloc, base, today)
    head.goto(f"{base}/bao-cao-tong-ket/{summary.pk}/")
    head.get_by_role("button", name="Tạo bản PDF").click()
    link = head.get_by_role("link", name="Mở bản PDF")
    link.wait_for(timeout=60_000)

    check_paper(browser, base, head.request.get(base + link.get_attribute("href")).body())
    assert set(UnitReport.objects.filter(bloc_year=bloc).values_list("state", flat=True)) == {"submitted"}


def sign_the_covenant(head, leaders, bloc, base):
    head.goto(f"{base}/khoi/{bloc.pk}/giao-uoc/")
    head.get_by_role("link", name="Chốt văn bản để ký").click()
    head.locator("main form[method=post] button.btn-primary").click()
    head.get_by_text("Đã chốt, chờ ký").first.wait_for()
    for page in leaders:
        sign_covenant(page, bloc, base)
    assert Signature.objects.filter(covenant__bloc_year=bloc).exclude(digest="").count() == 3
    head.goto(f"{base}/khoi/{bloc.pk}/giao-uoc/")
    head.get_by_text("3/3 đơn vị đã ký").wait_for()
    target = bloc.covenant.targets.first()
    head.goto(f"{base}/khoi/{bloc.pk}/giao-uoc/chi-tieu/{target.pk}/ket-qua/")
    head.get_by_label("Kết quả của khối").fill("1.234,5")
    head.get_by_role("button", name="Lưu kết quả").click()
    head.get_by_text("1.234,5").first.wait_for()


def assemble_and_discuss(head, member, summary, base):
    """The draft with one button, an objection from a telephone, its answer, the head's own words."""
    head.goto(f"{base}/bao-cao-tong-ket/{summary.pk}/")
    head.get_by_role("button", name="Lập dự thảo").click()
    head.get_by_text("Đã lập dự thảo từ các báo cáo").wait_for()
    assert "60 người (3 đơn vị có số liệu)" in head.locator("#results-text").input_value()
    member.goto(f"{base}/bao-cao-tong-ket/{summary.pk}/")
    member.get_by_label("Nội dung góp ý").fill("Cần nêu rõ hơn việc phối hợp.")
    member.get_by_role("button", name="Gửi góp ý").click()
    member.get_by_text("Đã gửi góp ý").wait_for()
    head.reload()
    head.get_by_role("link", name=re.compile("Trả lời")).click()
    head.get_by_label("Kết quả").select_option(label="Tiếp thu")
    head.get_by_role("button", name="Lưu câu trả lời").click()
    for code in ("strengths", "causes"):
        unfold(head, code)
        head.locator(f"#{code}-text").fill("Khối phối hợp chặt chẽ.")
        head.locator(f"#form-{code} [data-saved]").get_by_text("Đã lưu lúc").wait_for()


def meet(head, present, bloc, base, today):
    head.goto(f"{base}/khoi/{bloc.pk}/hoi-nghi/them/")
    head.get_by_label("Loại hội nghị").select_option(label="Hội nghị tổng kết")
    head.get_by_label("Ngày họp").fill(f"{today:%d/%m/%Y}")
    head.get_by_role("button", name="Lưu").click()
    head.get_by_role("button", name="Khai mạc, mở điểm danh").click()
    head.get_by_text("Đang họp").first.wait_for()
    meeting = Conference.objects.get(bloc_year=bloc)
    for page in present:
        page.goto(f"{base}/hoi-nghi/diem-danh/?ma={meeting.code}")
        page.get_by_role("button", name="Tôi có mặt").click()
        page.get_by_text("Đã có mặt").wait_for()
    head.reload()
    head.get_by_text("Đủ số đơn vị để họp").wait_for()
    head.get_by_role("button", name="Bế mạc, khóa điểm danh").click()
    assert Attendance.objects.filter(conference=meeting, way="phone").count() == 2


def hand_over(head, leaders, bloc, base, today):
    head.goto(f"{base}/khoi/{bloc.pk}/ban-giao/")
    head.get_by_label(re.compile("Bên nhận")).select_option(label="Hội Luật gia tỉnh")
    head.get_by_role("button", name="Lập biên bản bàn giao").click()
    head.get_by_label("Ngày bàn giao").fill(f"{today:%d/%m/%Y}")
    head.get_by_role("button", name="Lưu danh sách").click()
    for page, side in ((leaders[0], "bên giao"), (leaders[1], "bên nhận")):
        page.goto(f"{base}/khoi/{bloc.pk}/ban-giao/")
        page.get_by_role("button", name=f"Ký {side}").click()
        if page.get_by_label("Mật khẩu").count():
            confirm_password(page)
        page.get_by_text("Đã ký").first.wait_for()
    row = Handover.objects.get(bloc_year=bloc)
    assert row.giver_signed_at is not None
    assert row.receiver_signed_at is not None


def check_paper(browser, base, content):
    """The browser makes the digest of the file; one changed byte is another file."""
    context = browser.new_context(viewport={"width": 400, "height": 800}, locale="vi-VN")
    page = context.new_page()
    file = {"name": "bao-cao.pdf", "mimeType": "application/pdf", "buffer": content}
    for changed, words in (
        (content, "Đúng là văn bản do hệ thống này tạo"),
        (content + b" ", "không biết văn bản này"),
    ):
        page.goto(f"{base}/xac-minh/")
        page.locator("input[type=file]").set_input_files(file | {"buffer": changed})
        page.wait_for_function("document.querySelector('input[name=digest]').value.length === 64")
        assert page.locator("input[name=digest]").input_value() == hashlib.sha256(changed).hexdigest()
        page.get_by_role("button", name="Kiểm tra").click()
        page.get_by_text(words).wait_for()
    context.close()
