"""Pasting from Word and the buttons for bold and italic, in a browser."""

import pytest

from reports.models import UnitReportPart

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PASTE = """([field, html, plain]) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  data.setData("text/plain", plain);
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
WORD = (
    "<style>p{}</style><p class=MsoNormal><b>Kết quả<o:p></o:p></b></p><script>window.bad = 1</script>"
    "<p style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp; </span></span>"
    "<![endif]>Việc một</p><img src='https://203.0.113.1/p.png'><img width=9 src='data:image/png;base64,AAAA'>"
)


def test_paste_from_word_is_saved_as_lines_with_marks(sign_in):
    page = sign_in("donvi")
    page.get_by_role("button", name="Viết báo cáo").click()
    form, field = page.locator("#form-tasks"), page.locator("#tasks-text")
    field.fill("ĐầuCuối")
    field.evaluate("field => field.setSelectionRange(3, 3)")

    page.evaluate(PASTE, [field.element_handle(), WORD, "Kết quả"])
    form.get_by_text("Đã bỏ 02 ảnh").wait_for()
    assert field.input_value() == "Đầu\n**Kết quả**\n- Việc một\nCuối"
    field.press("Control+z")
    assert field.input_value() == "ĐầuCuối"
    field.press("Control+Shift+z")

    field.evaluate("field => field.setSelectionRange(16, 26)")  # the line of the item
    field.press("Control+i")
    assert field.input_value() == "Đầu\n**Kết quả**\n- __Việc một__\nCuối"
    form.get_by_role("button", name="Nghiêng").click()
    assert field.input_value() == "Đầu\n**Kết quả**\n- Việc một\nCuối"
    field.press("End")
    field.press_sequentially(" ")
    form.get_by_role("button", name="Đậm").click()
    field.press_sequentially("x")
    form.locator("[data-saved]").get_by_text("Đã lưu lúc").wait_for()

    part = UnitReportPart.objects.get(code="tasks", report__unit__unit__code="hoi-nha-bao", report__state="draft")
    assert part.paragraphs == ["Đầu", "**Kết quả**", "- Việc một **x**", "Cuối"]
    assert page.evaluate("window.bad") is None


def test_paste_that_nobody_can_read_goes_in_as_plain_text(sign_in):
    page = sign_in("donvi")
    page.get_by_role("button", name="Viết báo cáo").click()
    field = page.locator("#tasks-text")
    field.fill("")
    page.route("**/dan/", lambda route: route.abort())

    page.evaluate(PASTE, [field.element_handle(), "<b>Một</b>", "Một"])

    page.locator("#form-tasks").get_by_text("Đã dán chữ không định dạng.").wait_for()
    assert field.input_value() == "Một"
