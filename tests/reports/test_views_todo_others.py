"""What the first page asks of the board and of movement owners, and what it says when there is nothing to do."""

import re
from datetime import date, time

import pytest
import time_machine
from django.urls import reverse

from blocs.enums import ConferenceKind, Milestone, Role
from movements.models import IndicatorResult
from reports.enums import SummaryReportState, UnitReportState
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_movement,
    make_seat,
    make_summary_report,
    make_unit_report,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.screens import main_text, make_receipts, sign_covenant

pytestmark = pytest.mark.django_db

DUE, LOCK = "2026-11-20 17:00", "2026-11-30 17:00"
BEFORE = at("2026-11-10 08:00")
AFTER = at("2026-11-22 08:00")


@pytest.fixture
def year():
    return make_year()


@pytest.fixture
def bloc_year(year):
    """A bloc whose reports are due and whose covenant is signed."""
    bloc_year = make_bloc_year(year)
    for code in (Milestone.UNIT_REPORT, Milestone.SUMMARY_REPORT):
        make_milestone(bloc_year, code, due=DUE, locks=LOCK)
    sign_covenant(bloc_year, signed_on=date(2026, 2, 14))
    return bloc_year


def opened(client, user, *, now=BEFORE):
    with time_machine.travel(now, tick=False):
        client.force_login(user)
        return client.get(reverse("todo"))


def tasks_of(client, user, *, now=BEFORE):
    """[(title, state in words, button)] as the page gives them."""
    response = opened(client, user, now=now)
    return [(task.title, task.words, task.button) for task in response.context["tasks"]]


# ---------------------------------------------------------------- board


def staff_of(bloc_year):
    return make_user(Role.BOARD_STAFF, bloc_year=bloc_year)


def test_board_is_asked_to_look_at_what_was_sent(client, bloc_year):
    summary = make_summary_report(bloc_year, state=SummaryReportState.SUBMITTED)
    for unit in members_of(bloc_year)[:2]:
        make_unit_report(bloc_year, unit=unit, state=UnitReportState.SUBMITTED)

    response = opened(client, staff_of(bloc_year))

    found = [(task.title, task.button, task.url) for task in response.context["tasks"]]
    assert found == [
        (f"Xem báo cáo tổng kết: {bloc_year.name}", "Mở báo cáo", reverse("summary_report", args=[summary.pk])),
        (f"Xem 2 báo cáo đơn vị: {bloc_year.name}", "Mở khối", reverse("bloc_detail", args=[bloc_year.pk])),
    ]


def test_board_follows_the_units_of_the_blocs_whose_day_has_passed(client, bloc_year):
    make_receipts(bloc_year, "2026-11-19 10:00")
    later = make_bloc_year(bloc_year.year)
    make_milestone(later, due="2026-12-10 17:00")

    before, after = tasks_of(client, staff_of(bloc_year)), tasks_of(client, staff_of(bloc_year), now=AFTER)

    assert before == []
    assert after == [("Theo dõi 2 đơn vị chưa gửi báo cáo năm", "Quá hạn 2 ngày, còn nhận 8 ngày", "Mở bảng toàn tỉnh")]


def test_bloc_without_a_day_does_not_hide_the_others(client, bloc_year):
    make_milestone(make_bloc_year(bloc_year.year))

    found = tasks_of(client, staff_of(bloc_year), now=AFTER)

    assert [title for title, _, _ in found] == ["Theo dõi 3 đơn vị chưa gửi báo cáo năm"]


def test_board_has_nothing_to_follow_when_all_have_sent(client, bloc_year):
    make_receipts(bloc_year, *["2026-11-19 10:00"] * 3)
    make_receipts(bloc_year, "2026-11-19 10:00", kind=Milestone.SUMMARY_REPORT)

    assert tasks_of(client, staff_of(bloc_year), now=AFTER) == []


def test_board_follows_the_head_when_the_units_have_sent(client, bloc_year):
    make_receipts(bloc_year, *["2026-11-19 10:00"] * 3)

    found = tasks_of(client, staff_of(bloc_year), now=AFTER)

    assert found == [
        ("Theo dõi 1 nơi chưa xong: Báo cáo của khối", "Quá hạn 2 ngày, còn nhận 8 ngày", "Mở bảng toàn tỉnh")
    ]


def test_other_milestones_that_are_overdue_stand_in_the_detail(client, bloc_year):
    response = opened(client, staff_of(bloc_year), now=AFTER)

    assert [task.detail for task in response.context["tasks"]] == [
        "0/3 báo cáo năm đã nhận; cũng quá hạn: Báo cáo của khối (1)"
    ]


def absent_tasks(client, user):
    """[(title, what the board counts as absent behind the task's button)]"""
    found = [task for task in opened(client, user, now=AFTER).context["tasks"] if task.button == "Mở bảng toàn tỉnh"]
    with time_machine.travel(AFTER, tick=False):
        return [(task.title, client.get(task.url).context["board"].absent) for task in found]


def test_the_board_shows_the_number_that_the_task_names(client, bloc_year):
    """Own blocs, blocs of nobody and blocs of a colleague, each with its own number of members."""
    user = staff_of(bloc_year)
    assert absent_tasks(client, user) == [("Theo dõi 3 đơn vị chưa gửi báo cáo năm", 3)]
    for officer, members in ((user, 4), (make_user(), 5)):
        other = make_bloc_year(bloc_year.year, members=members, desk_officer=officer)
        make_milestone(other, due=DUE, locks=LOCK)
    assert absent_tasks(client, user) == [
        ("Theo dõi 4 đơn vị chưa gửi báo cáo năm", 4),
        ("Theo dõi 3 đơn vị chưa gửi báo cáo năm (khối chưa có chuyên viên theo dõi)", 3),
    ]
    assert [number for _, number in absent_tasks(client, staff_of(bloc_year))] == [3]


def test_the_board_opens_at_the_milestone_that_the_task_names(client, bloc_year):
    make_receipts(bloc_year, *["2026-11-19 10:00"] * 3)
    assert absent_tasks(client, staff_of(bloc_year)) == [("Theo dõi 1 nơi chưa xong: Báo cáo của khối", 1)]


def test_what_is_absent_but_not_yet_due_is_said(client, bloc_year):
    make_milestone(make_bloc_year(bloc_year.year, members=2), due="2026-12-10 17:00")
    (task,) = opened(client, staff_of(bloc_year), now=AFTER).context["tasks"]
    assert task.detail.startswith("0/5 báo cáo năm đã nhận, 2 chưa đến hạn")


def test_bloc_of_another_officer_is_one_line(client, bloc_year):
    mine = staff_of(bloc_year)
    for _ in range(2):
        other = make_bloc_year(bloc_year.year, desk_officer=make_user())
        make_summary_report(other, state=SummaryReportState.SUBMITTED)
        make_unit_report(other, state=UnitReportState.SUBMITTED)
        make_unit_report(other, unit=members_of(other)[1], state=UnitReportState.SUBMITTED)

    found = tasks_of(client, mine)

    assert found == [
        (
            "Khối do chuyên viên khác theo dõi: 2 báo cáo tổng kết, 4 báo cáo đơn vị",
            "Chờ xem",
            "Mở danh sách báo cáo",
        )
    ]


@pytest.mark.parametrize("role", [Role.COUNCIL_MEMBER, Role.COUNCIL_SECRETARY, Role.ADMINISTRATOR, Role.ASSESSOR])
def test_those_who_look_on_are_asked_for_nothing(client, bloc_year, role):
    make_summary_report(bloc_year, state=SummaryReportState.SUBMITTED)
    make_unit_report(bloc_year, state=UnitReportState.SUBMITTED)

    assert tasks_of(client, make_user(role, bloc_year=bloc_year), now=AFTER) == []


# ---------------------------------------------------------------- movement owners


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        (0, [("Chưa có số liệu nào", "Ghi kết quả")]),
        (1, [("Còn 2 chỉ số chưa có số liệu", "Ghi kết quả")]),
        (3, []),
    ],
)
def test_owner_is_asked_for_what_no_indicator_has(client, year, answered, expected):
    unit = make_unit_year(year)
    movement = make_movement(owner=unit, indicators=3)
    for indicator in movement.indicators.all()[:answered]:
        for period in ("2025", "2026"):
            IndicatorResult.objects.create(indicator=indicator, unit=unit, period=period, value=1)

    found = tasks_of(client, make_user(Role.MOVEMENT_OWNER, unit=unit))

    assert [(words, button) for _, words, button in found] == expected


def test_owner_is_not_asked_where_nothing_is_measured(client, year):
    unit = make_unit_year(year)
    make_movement(owner=unit, indicators=0)
    make_movement(year, indicators=1)

    assert tasks_of(client, make_user(Role.MOVEMENT_OWNER, unit=unit)) == []


@pytest.mark.parametrize(("ends_on", "look"), [(None, "idle"), ("2026-11-10", "idle"), ("2026-11-09", "late")])
def test_movement_is_late_when_it_has_ended(client, year, ends_on, look):
    unit = make_unit_year(year)
    make_movement(owner=unit, ends_on=ends_on)

    response = opened(client, make_user(Role.MOVEMENT_OWNER, unit=unit))

    assert [task.look for task in response.context["tasks"]] == [look]


# ---------------------------------------------------------------- nothing to do


def test_who_has_delivered_is_told_what_comes_next(client, bloc_year):
    make_milestone(bloc_year, Milestone.CONFERENCE, due="2026-12-15 17:00")
    report = make_unit_report(bloc_year, state=UnitReportState.SUBMITTED)
    make_receipts(bloc_year, "2026-11-09 10:00")

    response = opened(client, make_user(Role.UNIT_REPORTER, unit=report.unit))

    assert main_text(response).endswith(
        "Hiện không có việc nào chờ bạn. Sắp tới: 20/11/2026 · Báo cáo của khối 15/12/2026 · Tổng kết "
        f"Đã xong gần đây 09/11 Báo cáo năm của {report.unit.short}"
    )


def test_three_dates_are_named_at_most_each_once(client, year):
    for _ in range(3):
        bloc_year = make_bloc_year(year)
        for number, code in enumerate((Milestone.CHECK, Milestone.CONFERENCE, Milestone.PROPOSAL, Milestone.HANDOVER)):
            make_milestone(bloc_year, code, due=f"2026-12-{10 + number} 17:00")

    response = opened(client, make_user(Role.COUNCIL_MEMBER, authority=year.authority))

    found = [(item.due_at, item.words) for item in response.context["upcoming"]]
    assert found == [
        (at("2026-12-10 17:00"), "Thẩm định"),
        (at("2026-12-11 17:00"), "Tổng kết"),
        (at("2026-12-12 17:00"), "Hồ sơ trình"),
    ]


def test_empty_page_says_so_when_no_date_is_set(client, year):
    response = opened(client, make_user(Role.BOARD_STAFF, authority=year.authority))

    assert main_text(response).endswith("Hiện không có việc nào chờ bạn. Năm này không còn mốc nào của bạn đặt trước.")


@pytest.mark.parametrize("role", [Role.MOVEMENT_OWNER, Role.ASSESSOR])
def test_who_has_no_date_is_not_told_that_the_year_has_none(client, bloc_year, role):
    """Dates of blocs lie ahead; they are not those of an owner or assessor."""
    text = main_text(opened(client, make_user(role, unit=make_unit_year(bloc_year.year))))

    assert text.endswith("Hiện không có việc nào chờ bạn. Năm này không còn mốc nào của bạn đặt trước.")


def test_user_without_a_seat_is_told_whom_to_ask(client):
    response = opened(client, make_user())

    text = "Việc cần làm Tài khoản này chưa được giao vị trí nào; liên hệ quản trị hệ thống."
    assert main_text(response) == f"{text} Hiện không có việc nào chờ bạn."


def test_each_task_has_one_button(client, bloc_year):
    user = make_user(Role.BOARD_STAFF, bloc_year=bloc_year)
    unit = members_of(bloc_year)[0]
    for role in (Role.UNIT_LEADER, Role.MOVEMENT_OWNER):
        make_seat(user, role, unit=unit)
    make_seat(user, Role.BLOC_HEAD, bloc_year=bloc_year)
    make_movement(owner=unit)

    html = opened(client, user, now=AFTER).content.decode()

    tasks = re.split(r'<div class="task', html)[1:]
    assert len(tasks) == 4
    assert [len(re.findall(r"<button|<a class=\"btn", task)) for task in tasks] == [1, 1, 1, 1]


def test_head_opens_the_meeting_that_is_planned(client, bloc_year):
    make_milestone(bloc_year, Milestone.CONFERENCE, due=DUE)
    head = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    asked = ("Tổ chức hội nghị tổng kết", "Còn 10 ngày", "Mở lịch của khối")
    assert asked in tasks_of(client, head)
    day = {"held_on": date(2026, 11, 18), "starts_at": time(8)}
    meeting = bloc_year.conferences.create(year=bloc_year.year, kind=ConferenceKind.YEAR_END, **day)
    tasks = {task.title: task for task in opened(client, head).context["tasks"]}
    assert tasks[asked[0]].url == reverse("conference", args=[meeting.pk])
    assert tasks[asked[0]].detail.endswith("Dự kiến họp 08:00 ngày 18/11/2026")
    with time_machine.travel(BEFORE, tick=False):
        text = main_text(client.get(reverse("bloc_detail", args=[bloc_year.pk])))
    assert "dự kiến 18/11/2026" in text


def test_meeting_says_which_task_is_late(client, bloc_year):
    meeting = bloc_year.conferences.create(year=bloc_year.year, kind=ConferenceKind.MID_YEAR, held_on=date(2026, 7, 9))
    for number, due_on in enumerate((date(2026, 11, 9), date(2026, 11, 10))):
        meeting.tasks.create(text=f"Việc {number}", due_on=due_on)
    client.force_login(staff_of(bloc_year))
    with time_machine.travel(BEFORE, tick=False):
        text = main_text(client.get(reverse("conference", args=[meeting.pk])))
    assert text.count("Quá hạn") == 1
