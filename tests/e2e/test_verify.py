"""The public page in a browser: the file stays where it is, and each question is asked alone."""

import hashlib

import pytest
from django.utils import timezone

from tests.factories import make_bloc_year, make_rendering

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FILE = {"name": "Bao-cao.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 ours"}
GENUINE, UNKNOWN = "Đúng là văn bản do hệ thống này tạo", "Hệ thống này không biết văn bản này"


@pytest.fixture
def page(browser, live_server):
    context = browser.new_context(locale="vi-VN")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"{live_server.url}/xac-minh/")
    yield page
    context.close()


@pytest.fixture
def paper():
    digest = hashlib.sha256(FILE["buffer"]).hexdigest()
    done = {"state": "done", "file": "x", "sha256": digest, "finished_at": timezone.now(), "pages": 1}
    return make_rendering("covenant", make_bloc_year(), fingerprint="a" * 64, code="7QK2-M0XD-93TB", **done)


def ask(page, answer):
    page.get_by_role("button", name="Kiểm tra").click()
    page.get_by_role("status").get_by_text(answer).wait_for()


def test_each_question_is_asked_alone_and_no_file_is_sent(page, paper):
    sent = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.locator("input[type=file]").set_input_files(FILE)
    ask(page, GENUINE)
    assert not any(word in body for body in sent for word in ("Bao-cao", "%PDF"))

    page.locator("input[type=file]").set_input_files(FILE)
    page.wait_for_function("document.querySelector('[name=digest]').value.length === 64")
    page.get_by_label("Mã in trên văn bản").fill("0000-0000-0000")
    assert page.get_by_label("Hoặc dấu SHA-256").input_value() == ""
    ask(page, UNKNOWN)

    page.get_by_label("Mã in trên văn bản").fill(paper.code)
    page.locator("input[type=file]").set_input_files(FILE | {"buffer": b"%PDF-1.7 other"})
    assert page.get_by_label("Mã in trên văn bản").input_value() == ""
    ask(page, UNKNOWN)


def test_button_waits_until_the_digest_is_made(page, paper):
    page.evaluate(
        "() => { window.real = crypto.subtle.digest.bind(crypto.subtle); crypto.subtle.digest = (...all) => new Promise((done) => { window.release = () => done(window.real(...all)); }); }"
    )
    page.locator("input[type=file]").set_input_files(FILE)
    page.wait_for_function("() => Boolean(window.release)")
    assert page.get_by_role("button", name="Kiểm tra").is_disabled()
    page.evaluate("window.release()")
    ask(page, GENUINE)


def test_page_says_why_no_file_can_be_chosen_without_a_secure_connection(page):
    assert page.get_by_text("Không chọn được tệp ở đây").is_hidden()
    page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined });")
    page.reload()
    page.get_by_text("Không chọn được tệp ở đây").wait_for()
    assert page.locator("input[type=file]").is_disabled()
