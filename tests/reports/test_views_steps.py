"""The steps of both reports, taken through the pages: who is offered what, what is said, what is refused."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from blocs.enums import Milestone, Role
from blocs.models import Receipt
from reports.enums import SummaryReportState as S
from reports.enums import UnitReportState as U
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
from tests.screens import main_text, messages_of, page_of

pytestmark = pytest.mark.django_db

HAND_UP, TAKE_BACK, SEND = "Chuyển lãnh đạo xác nhận", "Lấy về sửa tiếp", "Xác nhận và gửi"
RETURN, ACCEPT = "Trả lại", "Nhận báo cáo"
ADOPT, REOPEN, SUBMIT = "Ghi nhận đã thông qua", "Mở lại để sửa", "Gửi Ban Thi đua - Khen thưởng"

# Written by hand: the buttons of a whole report by state and role; who is not named is offered none.
UNIT_BUTTONS = {
    U.DRAFT: {Role.UNIT_REPORTER: [HAND_UP], Role.UNIT_LEADER: [HAND_UP, SEND]},
    U.READY: {Role.UNIT_REPORTER: [TAKE_BACK], Role.UNIT_LEADER: [TAKE_BACK, SEND]},
    U.SUBMITTED: {Role.BOARD_STAFF: [RETURN, ACCEPT]},
    U.RETURNED: {Role.UNIT_REPORTER: [HAND_UP], Role.UNIT_LEADER: [HAND_UP, SEND]},
    U.ACCEPTED: {},
}
SUMMARY_BUTTONS = {
    S.DRAFT: {Role.BLOC_HEAD: [ADOPT]},
    S.ADOPTED: {Role.BLOC_HEAD: [REOPEN, SUBMIT]},
    S.SUBMITTED: {Role.BOARD_STAFF: [RETURN, ACCEPT]},
    S.RETURNED: {Role.BLOC_HEAD: [ADOPT]},
    S.ACCEPTED: {},
}
OUTSIDE = {Role.MOVEMENT_OWNER, Role.ASSESSOR}  # a seat of theirs opens no report
SENT = {U.SUBMITTED, U.ACCEPTED}  # a returned report is its own unit's again


def unit_url(report):
    return reverse("unit_report", args=[report.pk])


def take(client, report, name, **data):
    """Press a button; the page that comes then."""
    kind = "unit_report_step" if hasattr(report, "unit_id") else "summary_report_step"
    response = client.post(reverse(kind, args=[report.pk, name]), data, follow=True)
    report.refresh_from_db()
    return response


def step_buttons(response, kind):
    return [
        button for button in page_of(response).buttons if f"/{kind}/" in button.action and "/buoc/" in button.action
    ]


# ---------------------------------------------------------------- who is offered what


@pytest.mark.parametrize("state", U.values)
@pytest.mark.parametrize("role", Role.values)
def test_unit_report_offers_its_steps_to_those_who_may_take_them(client, state, role):
    report = make_unit_report(state=state, whole=True)
    client.force_login(make_user(role, bloc_year=report.bloc_year))

    response = client.get(unit_url(report))

    reads = role in {Role.UNIT_REPORTER, Role.UNIT_LEADER} or (state in SENT and role not in OUTSIDE)
    assert response.status_code == (200 if reads else 404)
    offered = [button.words for button in step_buttons(response, "bao-cao-don-vi")]
    assert offered == UNIT_BUTTONS[U(state)].get(Role(role), [])


@pytest.mark.parametrize("state", S.values)
@pytest.mark.parametrize("role", Role.values)
def test_summary_report_offers_its_steps_to_those_who_may_take_them(client, state, role):
    report = make_summary_report(state=state, whole=True)
    client.force_login(make_user(role, bloc_year=report.bloc_year))

    response = client.get(reverse("summary_report", args=[report.pk]))

    assert response.status_code == (404 if role in OUTSIDE else 200)
    offered = [button.words for button in step_buttons(response, "bao-cao-tong-ket")]
    assert offered == SUMMARY_BUTTONS[S(state)].get(Role(role), [])


STEPS = {HAND_UP: "hand_up", TAKE_BACK: "take_back", SEND: "submit", RETURN: "return", ACCEPT: "accept"}


@pytest.mark.parametrize("role", [Role.UNIT_REPORTER, Role.UNIT_LEADER, Role.BOARD_STAFF, Role.BLOC_HEAD])
@pytest.mark.parametrize("state", U)
def test_step_that_is_not_offered_is_refused_when_asked_for(client, state, role):
    """Each step as a hand-made request would try it."""
    done = []
    for label, name in STEPS.items():
        report = make_unit_report(state=state, whole=True)
        client.force_login(make_user(role, bloc_year=report.bloc_year))
        take(client, report, name, note="Thiếu phụ lục.")
        if report.state != state:
            done.append(label)

    assert done == UNIT_BUTTONS[state].get(role, [])


# ---------------------------------------------------------------- the way of a unit's report


def test_report_goes_from_the_reporter_to_the_board(client):
    report = make_unit_report(whole=True)
    reporter = make_user(Role.UNIT_REPORTER, unit=report.unit)
    leader = make_user(Role.UNIT_LEADER, unit=report.unit)
    staff = make_user(Role.BOARD_STAFF, bloc_year=report.bloc_year)
    said = []

    for user, name in ((reporter, "hand_up"), (leader, "submit"), (staff, "accept")):
        client.force_login(user)
        said += messages_of(take(client, report, name))

    assert said == [
        "Đã ghi: báo cáo ở trạng thái “Chờ lãnh đạo xác nhận”.",
        "Đã ghi: báo cáo ở trạng thái “Đã gửi”.",
        "Đã ghi: báo cáo ở trạng thái “Đã nhận”.",
    ]
    assert (report.state, report.submitted_by) == ("accepted", leader)
    assert Receipt.objects.get(bloc_year=report.bloc_year, unit=report.unit).at == report.submitted_at


def test_return_needs_a_reason_and_shows_it_to_the_unit(client):
    report = make_unit_report(state=U.SUBMITTED, whole=True)
    reporter = make_user(Role.UNIT_REPORTER, unit=report.unit)
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=report.bloc_year))

    without = take(client, report, "return", note="   ")
    refused_state = report.state
    take(client, report, "return", note="Thiếu số liệu điển hình.")
    client.force_login(reporter)
    page = client.get(unit_url(report))

    assert (messages_of(without), refused_state) == (["Cần ghi rõ lý do."], "submitted")
    assert report.state == "returned"
    assert "Bị trả lại. Lý do: Thiếu số liệu điển hình." in main_text(page)


def test_returned_report_keeps_its_first_moment_when_sent_again(client):
    bloc_year = make_bloc_year()
    make_milestone(bloc_year, due="2026-11-20 17:00", locks="2026-11-30 17:00")
    report = make_unit_report(bloc_year, whole=True)
    leader = make_user(Role.UNIT_LEADER, unit=report.unit)
    staff = make_user(Role.BOARD_STAFF, bloc_year=bloc_year)

    for moment, user, name in (
        ("2026-11-20 16:00", leader, "submit"),
        ("2026-12-01 08:00", staff, "return"),
        ("2026-12-02 08:00", leader, "submit"),
    ):
        with time_machine.travel(at(moment), tick=False):
            client.force_login(user)
            response = take(client, report, name, note="Sửa lại.")

    assert messages_of(response) == ["Đã ghi: báo cáo ở trạng thái “Đã gửi”."]
    assert Receipt.objects.get(bloc_year=bloc_year).at == at("2026-11-20 16:00")


def test_unfinished_report_says_what_is_missing_beside_the_button(client):
    report = make_unit_report()
    make_target(report.bloc_year, "T9", of=report.unit, text="Tỷ lệ chuyển đổi số")
    client.force_login(make_user(Role.UNIT_LEADER, unit=report.unit))

    response = client.get(unit_url(report))

    buttons = step_buttons(response, "bao-cao-don-vi")
    why = "Chưa thực hiện được: còn thiếu 13 mục ở trên. Tải lại sau khi điền đủ."
    assert [(button.is_disabled, button.why) for button in buttons] == [(True, why), (True, why)]
    assert "Còn thiếu trước khi gửi: Công tác lãnh đạo, chỉ đạo, tuyên truyền" in main_text(response)
    assert "Kết quả chỉ tiêu “Tỷ lệ chuyển đổi số”" in main_text(response)


def test_target_that_came_after_handing_up_is_named_to_the_leader(client):
    report = make_unit_report(state=U.READY, whole=True)
    make_target(report.bloc_year, "T9", of=report.unit, text="Tỷ lệ chuyển đổi số")
    client.force_login(make_user(Role.UNIT_LEADER, unit=report.unit))

    response = client.get(unit_url(report))

    send = step_buttons(response, "bao-cao-don-vi")[-1]
    assert (send.words, send.is_disabled) == (SEND, True)
    assert "Còn thiếu trước khi gửi: Kết quả chỉ tiêu “Tỷ lệ chuyển đổi số”" in main_text(response)


def test_unfinished_report_is_not_sent_by_hand(client):
    report = make_unit_report()
    client.force_login(make_user(Role.UNIT_LEADER, unit=report.unit))

    response = take(client, report, "submit")

    assert report.state == "draft"
    assert messages_of(response)[0].startswith("Còn thiếu: Công tác lãnh đạo, chỉ đạo, tuyên truyền; ")


@pytest.mark.parametrize(
    ("second", "state", "said"),
    [
        ("17:00:00", "submitted", "Đã ghi: báo cáo ở trạng thái “Đã gửi”."),
        (
            "17:00:01",
            "draft",
            "Đã khóa nhận từ 17:00 thứ Hai 30/11/2026; liên hệ Ban Thi đua - Khen thưởng nếu cần gia hạn.",
        ),
    ],
)
def test_report_is_sent_until_the_second_of_the_lock(client, second, state, said):
    bloc_year = make_bloc_year()
    make_milestone(bloc_year, due="2026-11-20 17:00", locks="2026-11-30 17:00")
    report = make_unit_report(bloc_year, whole=True)
    user = make_user(Role.UNIT_LEADER, unit=report.unit)

    with time_machine.travel(at(f"2026-11-30 {second}"), tick=False):
        client.force_login(user)
        response = take(client, report, "submit")

    assert (report.state, messages_of(response)) == (state, [said])


def test_button_says_that_the_lock_has_passed(client):
    unit_report = make_unit_report(whole=True)
    summary = make_summary_report(unit_report.bloc_year, state=S.ADOPTED, whole=True)
    for code in (Milestone.UNIT_REPORT, Milestone.SUMMARY_REPORT):
        make_milestone(unit_report.bloc_year, code, due="2026-01-20 17:00", locks="2026-01-30 17:00")
    found = []

    for role, name, report, kind in (
        (Role.UNIT_LEADER, "unit_report", unit_report, "bao-cao-don-vi"),
        (Role.BLOC_HEAD, "summary_report", summary, "bao-cao-tong-ket"),
    ):
        client.force_login(make_user(role, bloc_year=report.bloc_year))
        response = client.get(reverse(name, args=[report.pk]))
        found += [(button.words, button.is_disabled, button.why) for button in step_buttons(response, kind)]

    why = "Chưa thực hiện được: đã khóa nhận từ 17:00 thứ Sáu 30/01/2026."
    assert found == [(HAND_UP, True, why), (SEND, True, why), (REOPEN, False, ""), (SUBMIT, True, why)]


@pytest.mark.parametrize("state", U.values)
def test_every_disabled_button_has_its_reason_beside_it(client, state):
    report = make_unit_report(state=state)
    reasons = []

    for role in (Role.UNIT_LEADER, Role.UNIT_REPORTER):
        client.force_login(make_user(role, unit=report.unit))
        buttons = page_of(client.get(unit_url(report))).buttons
        reasons += [button.why for button in buttons if button.is_disabled]

    assert [reason for reason in reasons if not reason] == []


# ---------------------------------------------------------------- the way of a bloc's report


def test_summary_report_goes_from_the_head_to_the_board(client):
    report = make_summary_report(whole=True)
    head = make_user(Role.BLOC_HEAD, bloc_year=report.bloc_year)
    staff = make_user(Role.BOARD_STAFF, bloc_year=report.bloc_year)
    said, today = [], timezone.localdate()

    for user, name, data in (
        (head, "adopt", {"adopted_on": today.isoformat()}),
        (head, "reopen", {"note": "Bổ sung số liệu."}),
        (head, "adopt", {"adopted_on": f"{today:%d/%m/%Y}"}),
        (head, "submit", {}),
        (staff, "return", {"note": "Thiếu phần kiến nghị."}),
        (head, "adopt", {"adopted_on": today.isoformat()}),
        (head, "submit", {}),
        (staff, "accept", {}),
    ):
        client.force_login(user)
        said += messages_of(take(client, report, name, **data))

    states = ["Đã thông qua", "Đang soạn", "Đã thông qua", "Đã gửi", "Bị trả lại", "Đã thông qua", "Đã gửi", "Đã nhận"]
    assert said == [f"Đã ghi: báo cáo ở trạng thái “{state}”." for state in states]
    assert (report.state, report.adopted_on, report.submitted_by) == ("accepted", today, head)
    receipt = Receipt.objects.get(bloc_year=report.bloc_year)
    assert (receipt.kind, receipt.unit) == (Milestone.SUMMARY_REPORT, members_of(report.bloc_year)[0])


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("", "Cần ghi ngày hội nghị thông qua."),
        ("2999-01-01", "Ngày thông qua không thể ở tương lai."),
        ("2025-12-31", "Ngày thông qua trước khi năm bắt đầu (01/01/2026)."),
    ],
)
def test_day_of_adoption_is_checked(client, day, said):
    report = make_summary_report(whole=True)
    client.force_login(make_user(Role.BLOC_HEAD, bloc_year=report.bloc_year))

    response = take(client, report, "adopt", adopted_on=day)

    assert (messages_of(response), report.state) == ([said], "draft")


@pytest.mark.parametrize("day", ["30/02/2026", "hôm qua", "2026-13-01"])
def test_day_that_is_none_is_refused_in_vietnamese(client, day):
    report = make_summary_report(whole=True)
    client.force_login(make_user(Role.BLOC_HEAD, bloc_year=report.bloc_year))

    response = take(client, report, "adopt", adopted_on=day)

    assert (messages_of(response), report.state) == (["Nhập một ngày hợp lệ."], "draft")


def test_reopening_needs_a_reason(client):
    report = make_summary_report(state=S.ADOPTED, whole=True)
    client.force_login(make_user(Role.BLOC_HEAD, bloc_year=report.bloc_year))

    response = take(client, report, "reopen")

    assert (messages_of(response), report.state) == (["Cần ghi rõ lý do."], "adopted")


def test_reason_that_is_too_long_is_refused_in_vietnamese(client):
    report = make_unit_report(state=U.SUBMITTED)
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=report.bloc_year))

    response = take(client, report, "return", note="x" * 2001)

    assert report.state == "submitted"
    assert [("2000" in said, "Ensure" in said) for said in messages_of(response)] == [(True, False)]


def test_deputy_sees_what_is_missing_but_no_step(client):
    report = make_summary_report()
    client.force_login(make_user(Role.BLOC_DEPUTY, bloc_year=report.bloc_year))

    response = client.get(reverse("summary_report", args=[report.pk]))

    assert step_buttons(response, "bao-cao-tong-ket") == []
    assert "Còn thiếu trước khi gửi: Công tác lãnh đạo, chỉ đạo" in main_text(response)


# ---------------------------------------------------------------- beginning a report


def test_open_button_begins_a_report_once(client):
    bloc_year = make_bloc_year()
    membership = bloc_year.memberships.first()
    client.force_login(make_user(Role.UNIT_REPORTER, unit=membership.unit))
    url = reverse("unit_report_open", args=[membership.pk])

    first, second = client.post(url), client.post(url)

    report = bloc_year.unit_reports.get()
    assert (first.url, second.url) == (unit_url(report), unit_url(report))


def test_member_cannot_begin_the_report_of_the_bloc(client):
    bloc_year = make_bloc_year()
    client.force_login(make_user(Role.UNIT_LEADER, bloc_year=bloc_year))

    response = client.post(reverse("summary_report_open", args=[bloc_year.pk]), follow=True)

    assert messages_of(response) == ["Khối trưởng chưa bắt đầu báo cáo tổng kết."]
    assert not hasattr(bloc_year, "summary_report")
