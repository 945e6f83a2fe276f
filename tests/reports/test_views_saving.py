"""Fields that save themselves: what is answered, when two people write, when the report is closed."""

import re

import pytest
import time_machine
from django.urls import reverse

from blocs.enums import Milestone, Role
from blocs.models import TargetResult
from reports.enums import SummaryReportState, UnitReportState
from reports.models import UnitReportFigure
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_summary_report,
    make_target,
    make_unit_report,
    make_user,
    members_of,
)
from tests.screens import HTMX, Page, main_text, messages_of, page_of

pytestmark = pytest.mark.django_db
NASTY = "<script>alert(1)</script> <img src=x onerror=alert(2)> <a href=\"javascript:alert(3)\">bấm</a> & 'x'"


@pytest.fixture
def report():
    return make_unit_report()


@pytest.fixture
def reporter(report):
    return make_user(Role.UNIT_REPORTER, unit=report.unit, post="Người viết")


@pytest.fixture
def colleague(report):
    return make_user(Role.UNIT_REPORTER, unit=report.unit, post="Đồng nghiệp cùng phòng")


@pytest.fixture
def writer(client, reporter):
    client.force_login(reporter)
    return client


def part_url(report, code="leading"):
    name = "unit_report_part" if hasattr(report, "unit_id") else "summary_report_part"
    return reverse(name, args=[report.pk, code])


def version_in(response):
    """The number that the fragment puts into the form outside of its own place."""
    found = re.findall(
        r'<input type="hidden" name="version" id="leading-version" value="(\d+)" hx-swap-oob="true">',
        response.content.decode(),
    )
    return [int(number) for number in found]


# ---------------------------------------------------------------- it went well


def test_saved_part_answers_with_a_fragment_and_the_new_version(writer, report, reporter):
    response = writer.post(part_url(report), {"text": "Đoạn một.\n\nĐoạn hai.", "version": 0}, **HTMX)

    part = report.parts.get()
    assert (part.code, part.paragraphs, part.version, part.saved_by) == (
        "leading",
        ["Đoạn một.", "Đoạn hai."],
        1,
        reporter,
    )
    assert (response.status_code, version_in(response)) == (200, [1])
    assert "<html" not in response.content.decode()
    assert re.fullmatch(r"Đã lưu lúc \d\d:\d\d", page_of(response).text)


def test_version_grows_with_each_text(writer, report):
    answers = [
        version_in(writer.post(part_url(report), {"text": text, "version": version}, **HTMX))
        for version, text in enumerate(["một", "hai", "ba"])
    ]

    assert answers == [[1], [2], [3]]


def test_same_text_again_is_no_conflict_whatever_its_version(writer, report):
    writer.post(part_url(report), {"text": "Một lần.", "version": 0}, **HTMX)

    again = writer.post(part_url(report), {"text": "Một lần.", "version": 0}, **HTMX)

    assert (again.status_code, version_in(again), report.parts.get().version) == (200, [1], 1)


def test_without_javascript_the_page_comes_back_with_a_message(writer, report):
    response = writer.post(part_url(report), {"text": "Nội dung.", "version": 0}, follow=True)

    assert response.redirect_chain == [(reverse("unit_report", args=[report.pk]), 302)]
    assert messages_of(response) == ["Đã lưu."]
    assert 'name="version" value="1"' in response.content.decode()


def test_figure_and_result_are_saved(writer, report):
    target = make_target(report.bloc_year)

    figure = writer.post(reverse("unit_report_figure", args=[report.pk, "staff"]), {"value": "1.234"}, **HTMX)
    result = writer.post(
        reverse("unit_report_result", args=[report.pk, target.pk]), {"value": "1.234,5", "note": "Biên bản"}, **HTMX
    )

    assert (figure.status_code, result.status_code) == (200, 200)
    assert list(report.figures.values_list("code", "value")) == [("staff", 1234)]
    saved = TargetResult.objects.get(target=target)
    assert (saved.of, str(saved.value), saved.note) == (report.unit, "1234.5", "Biên bản")


def test_emptied_field_takes_the_value_away(writer, report):
    url = reverse("unit_report_figure", args=[report.pk, "staff"])
    writer.post(url, {"value": "12"}, **HTMX)

    response = writer.post(url, {"value": "  "}, **HTMX)

    assert (response.status_code, UnitReportFigure.objects.get(report=report).value) == (200, None)


def test_page_shows_numbers_as_they_are_written_here(writer, report):
    target = make_target(report.bloc_year)
    writer.post(reverse("unit_report_figure", args=[report.pk, "staff"]), {"value": "1234567"}, **HTMX)
    writer.post(reverse("unit_report_result", args=[report.pk, target.pk]), {"value": "1 234,50"}, **HTMX)

    html = writer.get(reverse("unit_report", args=[report.pk])).content.decode()

    assert re.findall(r'name="value" value="([^"]*)"', html) == ["1.234,5", "1.234.567"]


# ---------------------------------------------------------------- two people write


def written_by_the_colleague(client, report, colleague, text="Bản của đồng nghiệp."):
    client.force_login(colleague)
    client.post(part_url(report), {"text": text, "version": 0}, **HTMX)


def test_second_writer_gets_both_texts_and_the_choice(client, report, reporter, colleague):
    written_by_the_colleague(client, report, colleague)
    client.force_login(reporter)

    response = client.post(part_url(report), {"text": "Bản của tôi.", "version": 0}, **HTMX)

    html, page = response.content.decode(), page_of(response)
    assert response.status_code == 409
    assert "Đồng nghiệp cùng phòng đã lưu nội dung khác sau khi bạn mở phần này." in page.text
    assert "Bản đang lưu: Bản của đồng nghiệp." in page.text
    assert [button.words for button in page.buttons] == ["Lưu bản của tôi thay bản này"]
    assert '<button class="btn btn-outline-secondary" name="over" value="1">' in html
    assert f'href="{reverse("unit_report", args=[report.pk])}#leading"' in html
    assert report.parts.get().text == "Bản của đồng nghiệp."


def test_second_writer_may_replace_what_was_shown(client, report, reporter, colleague):
    written_by_the_colleague(client, report, colleague)
    client.force_login(reporter)

    response = client.post(part_url(report), {"text": "Bản của tôi.", "version": 0, "over": 1}, **HTMX)

    assert (response.status_code, version_in(response), report.parts.get().text) == (200, [2], "Bản của tôi.")


def test_replacing_is_refused_when_a_third_text_came_meanwhile(client, report, reporter, colleague):
    written_by_the_colleague(client, report, colleague)
    client.post(part_url(report), {"text": "Bản sửa tiếp.", "version": 1}, **HTMX)
    client.force_login(reporter)

    response = client.post(part_url(report), {"text": "Bản của tôi.", "version": 0, "over": 1}, **HTMX)

    assert (response.status_code, report.parts.get().text) == (409, "Bản sửa tiếp.")
    assert 'name="over" value="2"' in response.content.decode()


def test_without_javascript_the_choice_is_a_page_with_both_texts(client, report, reporter, colleague):
    written_by_the_colleague(client, report, colleague)
    client.force_login(reporter)

    response = client.post(part_url(report), {"text": "Bản của tôi.", "version": 0})

    assert response.status_code == 409
    html = response.content.decode()
    assert re.search(r"<textarea[^>]*>\s*Bản của tôi\.</textarea>", html)
    assert '<div class="lastyear mb-2" tabindex="0"><p>Bản của đồng nghiệp.</p></div>' in html
    assert '<button class="btn btn-outline-secondary" name="over" value="1">' in html


# ---------------------------------------------------------------- the report is closed


@pytest.mark.parametrize(
    ("state", "label"),
    [
        (UnitReportState.READY, "Chờ lãnh đạo xác nhận"),
        (UnitReportState.SUBMITTED, "Đã gửi"),
        (UnitReportState.ACCEPTED, "Đã nhận"),
    ],
)
def test_report_that_was_handed_on_is_not_edited(client, state, label):
    report = make_unit_report(state=state)
    target = make_target(report.bloc_year)
    client.force_login(make_user(Role.UNIT_REPORTER, unit=report.unit))

    answers = [
        client.post(part_url(report), {"text": "Thêm.", "version": 0}, **HTMX),
        client.post(reverse("unit_report_figure", args=[report.pk, "staff"]), {"value": "5"}, **HTMX),
        client.post(reverse("unit_report_result", args=[report.pk, target.pk]), {"value": "5"}, **HTMX),
    ]

    words = f"Báo cáo đang ở trạng thái “{label}”, không sửa được."
    assert [(answer.status_code, page_of(answer).text) for answer in answers] == [(422, words)] * 3
    assert (report.parts.count(), report.figures.count(), target.results.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    "state", [SummaryReportState.ADOPTED, SummaryReportState.SUBMITTED, SummaryReportState.ACCEPTED]
)
def test_summary_report_that_was_adopted_is_not_edited(client, state):
    report = make_summary_report(state=state)
    client.force_login(make_user(Role.BLOC_HEAD, bloc_year=report.bloc_year))

    response = client.post(part_url(report), {"text": "Thêm.", "version": 0}, **HTMX)

    words = f"Báo cáo đang ở trạng thái “{report.get_state_display()}”, không sửa được."
    assert (response.status_code, page_of(response).text, report.parts.count()) == (422, words, 0)


@pytest.mark.parametrize(("second", "status"), [("17:00:00", 200), ("17:00:01", 422)])
def test_report_is_edited_until_the_second_of_the_lock(client, second, status):
    bloc_year = make_bloc_year()
    make_milestone(bloc_year, due="2026-11-20 17:00", locks="2026-11-30 17:00")
    report = make_unit_report(bloc_year)
    user = make_user(Role.UNIT_REPORTER, unit=report.unit)

    with time_machine.travel(at(f"2026-11-30 {second}"), tick=False):
        client.force_login(user)
        response = client.post(part_url(report), {"text": "Vừa kịp.", "version": 0}, **HTMX)
        page = client.get(reverse("unit_report", args=[report.pk]))

    assert (response.status_code, report.parts.count()) == (status, int(status == 200))
    assert page.context["editable"] is (status == 200)
    if status == 422:
        locked = "Đã khóa nhận từ 17:00 thứ Hai 30/11/2026"
        assert page_of(response).text == f"{locked}; liên hệ Ban Thi đua - Khen thưởng nếu cần gia hạn."
        assert f"{locked}. Liên hệ Ban Thi đua - Khen thưởng nếu cần gia hạn." in main_text(page)


def test_returned_report_is_edited_after_the_lock(client):
    bloc_year = make_bloc_year()
    make_milestone(bloc_year, due="2026-01-20 17:00", locks="2026-01-30 17:00")
    report = make_unit_report(bloc_year, state=UnitReportState.RETURNED)
    client.force_login(make_user(Role.UNIT_REPORTER, unit=report.unit))

    response = client.post(part_url(report), {"text": "Đã bổ sung.", "version": 0}, **HTMX)

    assert (response.status_code, report.parts.get().text) == (200, "Đã bổ sung.")


@pytest.mark.parametrize("role", [Role.BOARD_STAFF, Role.BLOC_HEAD])
def test_reader_of_a_sent_report_does_not_write_it(client, role):
    report = make_unit_report(state=UnitReportState.SUBMITTED)
    client.force_login(make_user(role, bloc_year=report.bloc_year))

    response = client.post(part_url(report), {"text": "Chen vào.", "version": 0}, **HTMX)

    assert (response.status_code, page_of(response).text) == (422, "Chỉ đơn vị mình mới viết được báo cáo này.")


@pytest.mark.parametrize("role", [Role.BOARD_STAFF, Role.UNIT_LEADER, Role.COUNCIL_MEMBER])
def test_reader_of_a_summary_report_does_not_write_it(client, role):
    report = make_summary_report()
    client.force_login(make_user(role, bloc_year=report.bloc_year))

    response = client.post(part_url(report), {"text": "Chen vào.", "version": 0}, **HTMX)

    words = "Chỉ Khối trưởng, Khối phó được viết báo cáo tổng kết."
    assert (response.status_code, page_of(response).text) == (422, words)


# ---------------------------------------------------------------- text stays text


def without_ours(html):
    """The page without the scripts that base.html loads."""
    return re.sub(r"<script src=[^>]*></script>", "", html)


def test_markup_is_shown_as_characters_to_the_writer_and_the_reader(client):
    bloc_year = make_bloc_year()
    make_milestone(bloc_year, Milestone.UNIT_REPORT, due="2099-11-20 17:00")
    report = make_unit_report(bloc_year)
    target = make_target(bloc_year, text=NASTY)
    leader = make_user(Role.UNIT_LEADER, unit=report.unit, post=NASTY)
    client.force_login(leader)
    client.post(part_url(report), {"text": NASTY, "version": 0}, **HTMX)
    client.post(reverse("unit_report_result", args=[report.pk, target.pk]), {"value": "1", "note": NASTY}, **HTMX)
    editing = client.get(reverse("unit_report", args=[report.pk]))
    report.state, report.submitted_at, report.submitted_by = "submitted", at("2026-11-19 10:00"), leader
    report.save()
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=bloc_year))

    reading = client.get(reverse("unit_report", args=[report.pk]))

    for response in (editing, reading):
        html = without_ours(response.content.decode())
        assert re.findall(r"<script|<img|href=\"javascript:", html) == []
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=alert(2)&gt;" in html
        assert NASTY in Page(html).text


def test_markup_is_shown_as_characters_in_the_conflict(client, report, reporter, colleague):
    written_by_the_colleague(client, report, colleague, NASTY)
    client.force_login(reporter)

    for extra in (HTMX, {}):
        response = client.post(part_url(report), {"text": NASTY + " mới", "version": 0}, **extra)
        html = without_ours(response.content.decode())
        assert (response.status_code, re.findall(r"<script|<img|href=\"javascript:", html)) == (409, [])
        assert NASTY in Page(html).text


def test_markup_is_shown_as_characters_in_the_summary_report(client):
    report = make_summary_report()
    client.force_login(make_user(Role.BLOC_HEAD, bloc_year=report.bloc_year))
    client.post(part_url(report), {"text": NASTY, "version": 0}, **HTMX)

    for user in (None, make_user(Role.UNIT_LEADER, unit=members_of(report.bloc_year)[1])):
        if user:
            client.force_login(user)
        html = without_ours(client.get(reverse("summary_report", args=[report.pk])).content.decode())
        assert re.findall(r"<script|<img|href=\"javascript:", html) == []
        assert NASTY in Page(html).text
