"""A session that ends, or a server that refuses, while a text is being written: nothing typed is lost."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from blocs.enums import Role
from reports.models import Rendering, UnitReportPart
from tests.e2e.conftest import eventually
from tests.factories import PASSWORD, make_rendering, make_unit_report, make_user

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TYPED = "Một đoạn văn dài đã viết cả buổi sáng."


@pytest.fixture
def report(transactional_db):
    return make_unit_report()


@pytest.fixture
def people(report):
    return [make_user(Role.UNIT_REPORTER, unit=report.unit, password=PASSWORD) for _ in range(2)]


@pytest.fixture
def page(browser, live_server, client, people, report):
    """The report, opened by the first of them in a browser."""
    errors, context = [], browser.new_context(locale="vi-VN")
    context.set_default_timeout(15_000)
    client.force_login(people[0])
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(live_server.url + reverse("unit_report", args=[report.pk]))
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def form(page):
    return page.locator("#form-tasks")


@pytest.fixture
def field(page):
    return page.locator("#tasks-text")


def is_guarded(page):
    return page.evaluate("!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))")


def saved(report):
    return [part.text for part in report.parts.filter(code="tasks")]


def sign_in_again(page, user):
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Đăng nhập hoặc xác nhận ở thẻ mới").first.click()
    other = opened.value
    other.get_by_label("Tên đăng nhập").fill(user.username)
    other.get_by_label("Mật khẩu").fill(PASSWORD)
    other.get_by_role("button", name="Đăng nhập").click()
    other.get_by_role("heading", name="Việc cần làm").wait_for()
    other.close()


def test_text_outlives_the_session_and_is_saved_after_signing_in_elsewhere(page, form, field, people, report):
    Session.objects.all().delete()

    field.fill(TYPED)
    form.get_by_text("Phiên làm việc đã hết").wait_for()
    assert form.get_by_text("Chữ của bạn còn ở đây").is_visible()
    assert page.locator("input[type=password]").count() == 0
    assert (field.input_value(), is_guarded(page), saved(report)) == (TYPED, True, [])

    sign_in_again(page, people[0])
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    form.get_by_text("Đã lưu lúc").wait_for()
    assert (saved(report), is_guarded(page)) == ([TYPED], False)
    page.locator("#shortcomings-text").fill("Phần khác.")  # the page goes on
    page.locator("#form-shortcomings").get_by_text("Đã lưu lúc").wait_for()


def test_another_account_in_the_same_browser_writes_nothing(page, form, field, people, report):
    Session.objects.all().delete()
    field.fill(TYPED)
    form.get_by_text("Phiên làm việc đã hết").wait_for()

    sign_in_again(page, people[1])
    form.get_by_role("button", name="Lưu").click()

    form.get_by_text("đang đăng nhập tài khoản khác").wait_for()
    assert (field.input_value(), is_guarded(page), saved(report)) == (TYPED, True, [])


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "nội dung quá dài"),
        (403, "phiên làm việc đã cũ"),
        (404, "Không còn thấy nơi ghi"),
        (500, "Máy chủ đang gặp lỗi"),
        (0, "Không có kết nối"),
    ],
)
def test_each_refusal_is_told_in_words_and_the_guard_stays(page, form, field, report, status, words):
    page.route("**/phan/tasks/", lambda route: route.fulfill(status=status) if status else route.abort())

    field.fill(TYPED)

    form.get_by_text(words).wait_for()
    assert (field.input_value(), is_guarded(page)) == (TYPED, True)
    page.unroute("**/phan/tasks/")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    form.get_by_text("Đã lưu lúc").wait_for()
    assert (saved(report), is_guarded(page)) == ([TYPED], False)


def test_what_is_not_taken_keeps_the_guard_until_it_is_let_go(page, form, field, report):
    field.fill("Bản đầu.")
    form.get_by_text("Đã lưu lúc").wait_for()
    part = UnitReportPart.objects.get(code="tasks")
    UnitReportPart.objects.filter(pk=part.pk).update(paragraphs=["Bản của người khác."], version=part.version + 1)

    field.fill(TYPED)
    form.get_by_text("Bản đang lưu").wait_for()
    assert is_guarded(page)
    form.get_by_role("link", name="Bỏ bản của tôi, lấy bản này").click()

    eventually(lambda: field.input_value() == "Bản của người khác.", what="the other's text")


def test_a_polled_paper_keeps_its_box(page, people, report):
    make_rendering("unit-report", report, state="running")
    page.reload()
    box = page.locator("[hx-get][hx-trigger='every 1s']")
    box.wait_for()
    Session.objects.all().delete()

    box.get_by_text("Phiên làm việc đã hết").wait_for()
    assert page.locator("input[type=password]").count() == 0
    sign_in_again(page, people[0])
    Rendering.objects.update(state="failed", error="Không ghi được tệp.")
    page.get_by_text("Không ghi được tệp.").wait_for()
    assert page.get_by_text("Phiên làm việc đã hết").count() == 0
