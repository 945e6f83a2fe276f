"""What the first page asks of whom: each obligation once, with its day and one button."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from blocs.enums import Milestone, Role
from blocs.models import Receipt
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
from tests.screens import main_text, make_receipts, page_of, sign_covenant

pytestmark = pytest.mark.django_db

DUE, LOCK = "2026-11-20 17:00", "2026-11-30 17:00"
BEFORE = at("2026-11-10 08:00")
AFTER = at("2026-11-22 08:00")
DATES = "Hạn nộp 17:00 thứ Sáu 20/11/2026 · còn nhận (tính là chậm) đến 17:00 thứ Hai 30/11/2026"


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


# ---------------------------------------------------------------- units


@pytest.mark.parametrize("role", [Role.UNIT_REPORTER, Role.UNIT_LEADER])
def test_unit_is_asked_for_its_report_once(client, bloc_year, role):
    unit = members_of(bloc_year)[0]

    response = opened(client, make_user(role, unit=unit))

    (task,) = response.context["tasks"]
    assert (task.title, task.detail, task.words) == (f"Nộp báo cáo năm của {unit.short}", DATES, "Còn 10 ngày")
    (button,) = [button for button in page_of(response).buttons if button.words == "Viết báo cáo"]
    assert button.action == reverse("unit_report_open", args=[bloc_year.memberships.first().pk])
    assert main_text(response).count("Nộp báo cáo năm") == 1


UNIT_TASKS = [
    # state, what the reporter is asked, what the leader is asked
    (UnitReportState.DRAFT, ("Nộp báo cáo năm của {}", "Viết tiếp (đã xong 7/7 phần)"),
     ("Nộp báo cáo năm của {}", "Xem bản đang viết (7/7 phần)")),
    (UnitReportState.READY, ("Báo cáo năm của {} đang chờ lãnh đạo xác nhận", "Xem báo cáo"),
     ("Xác nhận và gửi báo cáo năm của {}", "Xem và xác nhận")),
    (UnitReportState.RETURNED, ("Sửa báo cáo năm của {} bị trả lại", "Viết tiếp (đã xong 7/7 phần)"),
     ("Sửa báo cáo năm của {} bị trả lại", "Xem bản đang viết (7/7 phần)")),
    (UnitReportState.SUBMITTED, None, None),
    (UnitReportState.ACCEPTED, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("state", "reporter", "leader"), UNIT_TASKS)
def test_unit_is_asked_for_the_next_step_of_its_report(client, bloc_year, state, reporter, leader):
    report = make_unit_report(bloc_year, state=state, whole=True)

    for role, expected in ((Role.UNIT_REPORTER, reporter), (Role.UNIT_LEADER, leader)):
        found = [(title, button) for title, _, button in tasks_of(client, make_user(role, unit=report.unit))]
        assert found == ([(expected[0].format(report.unit.short), expected[1])] if expected else [])


def test_who_is_both_reporter_and_leader_is_asked_once(client, bloc_year):
    report = make_unit_report(bloc_year, state=UnitReportState.READY, whole=True)
    user = make_user(Role.UNIT_REPORTER, unit=report.unit)
    make_seat(user, Role.UNIT_LEADER, unit=report.unit)

    assert [button for _, _, button in tasks_of(client, user)] == ["Xem và xác nhận"]


def test_returned_report_shows_the_reason(client, bloc_year):
    report = make_unit_report(bloc_year, state=UnitReportState.RETURNED)
    report.returned_note = "Thiếu số liệu điển hình <b>tiên tiến</b>."
    report.save()

    response = opened(client, make_user(Role.UNIT_REPORTER, unit=report.unit))

    assert "Lý do: Thiếu số liệu điển hình <b>tiên tiến</b>." in main_text(response)
    assert "<b>tiên tiến</b>" not in response.content.decode()


@pytest.mark.parametrize("begun", [False, True])
def test_unit_whose_report_a_file_records_is_not_asked_again(client, bloc_year, begun):
    unit = members_of(bloc_year)[0]
    make_receipts(bloc_year, "2026-11-19 10:00")
    if begun:
        make_unit_report(bloc_year, unit=unit)

    assert tasks_of(client, make_user(Role.UNIT_REPORTER, unit=unit), now=AFTER) == []


def test_bloc_without_a_date_asks_its_units_for_nothing(client, year):
    unit = members_of(make_bloc_year(year))[0]

    assert tasks_of(client, make_user(Role.UNIT_REPORTER, unit=unit)) == []


@pytest.mark.parametrize(
    ("moment", "look", "words"),
    [
        ("2026-11-19 08:00", "idle", "Còn 1 ngày"),
        ("2026-11-20 17:00:00", "idle", "Hạn hôm nay"),
        ("2026-11-20 17:00:01", "late", "Vừa quá hạn hôm nay, còn nhận 10 ngày"),
        ("2026-11-22 08:00", "late", "Quá hạn 2 ngày, còn nhận 8 ngày"),
        ("2026-11-30 17:00:00", "late", "Quá hạn 10 ngày, chỉ còn nhận hôm nay"),
        ("2026-11-30 17:00:01", "miss", "Đã khóa, không nhận nữa"),
    ],
)
def test_task_says_how_much_time_is_left(client, bloc_year, moment, look, words):
    user = make_user(Role.UNIT_REPORTER, bloc_year=bloc_year)

    response = opened(client, user, now=at(moment))

    (task,) = response.context["tasks"]
    assert (task.look, task.words) == (look, words)
    assert ('class="task overdue"' in response.content.decode()) is (look != "idle")


def test_tasks_stand_by_their_day(client, year):
    user, names = make_user(), {}
    for due in ("2026-12-15 17:00", "2026-11-25 17:00", "2026-12-01 17:00"):
        bloc_year = make_bloc_year(year)
        make_milestone(bloc_year, due=due)
        unit = members_of(bloc_year)[0]
        make_seat(user, Role.UNIT_REPORTER, unit=unit)
        names[due] = f"Nộp báo cáo năm của {unit.short}"
    owner = make_movement(owner=make_unit_year(year)).owner
    make_seat(user, Role.MOVEMENT_OWNER, unit=owner)

    titles = [title for title, _, _ in tasks_of(client, user)]

    assert titles[:3] == [names[due] for due in sorted(names)]
    assert titles[3].startswith("Ghi kết quả phong trào")


# ---------------------------------------------------------------- heads and deputies


@pytest.mark.parametrize("role", [Role.BLOC_HEAD, Role.BLOC_DEPUTY])
def test_bloc_is_asked_for_its_report_once(client, bloc_year, role):
    make_receipts(bloc_year, "2026-11-19 10:00", "2026-11-19 11:00")

    response = opened(client, make_user(role, bloc_year=bloc_year))

    (task,) = response.context["tasks"]
    assert (task.title, task.detail, task.button) == (
        "Soạn báo cáo tổng kết của khối",
        "2/3 đơn vị đã gửi báo cáo năm",
        "Bắt đầu soạn",
    )
    assert task.post is True


BLOC_TASKS = [
    (SummaryReportState.DRAFT, "Soạn báo cáo tổng kết của khối", "Soạn tiếp", "Soạn tiếp"),
    (SummaryReportState.RETURNED, "Soạn báo cáo tổng kết của khối", "Soạn tiếp", "Soạn tiếp"),
    (SummaryReportState.ADOPTED, "Gửi báo cáo tổng kết đã thông qua", "Xem và gửi", "Xem báo cáo"),
    (SummaryReportState.SUBMITTED, None, None, None),
    (SummaryReportState.ACCEPTED, None, None, None),
]


@pytest.mark.parametrize(("state", "title", "head", "deputy"), BLOC_TASKS)
def test_bloc_is_asked_for_the_next_step_of_its_report(client, bloc_year, state, title, head, deputy):
    make_summary_report(bloc_year, state=state, whole=True)

    of_head = tasks_of(client, make_user(Role.BLOC_HEAD, bloc_year=bloc_year))
    of_deputy = tasks_of(client, make_user(Role.BLOC_DEPUTY, bloc_year=bloc_year))

    assert [(found, button) for found, _, button in of_head] == ([(title, head)] if title else [])
    assert [button for _, _, button in of_deputy] == ([deputy] if title else [])


def test_deputy_is_not_told_to_send(client, bloc_year):
    make_summary_report(bloc_year, state=SummaryReportState.ADOPTED, whole=True)

    found = tasks_of(client, make_user(Role.BLOC_DEPUTY, bloc_year=bloc_year))

    assert [title for title, _, _ in found] == ["Báo cáo tổng kết đang chờ Khối trưởng gửi"]


def test_draft_names_the_parts_that_are_missing(client, bloc_year):
    make_summary_report(bloc_year)

    response = opened(client, make_user(Role.BLOC_HEAD, bloc_year=bloc_year))

    (task,) = response.context["tasks"]
    assert task.detail == (
        "0/3 đơn vị đã gửi báo cáo năm; còn thiếu 05 phần: Công tác lãnh đạo, chỉ đạo; "
        "Kết quả thực hiện nhiệm vụ và phong trào thi đua; Ưu điểm; Tồn tại, hạn chế; Phương hướng, nhiệm vụ năm sau"
    )


def test_returned_summary_report_shows_the_reason(client, bloc_year):
    report = make_summary_report(bloc_year, state=SummaryReportState.RETURNED, whole=True)
    report.returned_note = "Thiếu biên bản."
    report.save()

    found = tasks_of(client, make_user(Role.BLOC_HEAD, bloc_year=bloc_year))

    assert [words for _, words, _ in found] == ["Bị trả lại: Thiếu biên bản."]


def test_unsigned_covenant_is_a_task_of_the_head(client, year):
    bloc_year = make_bloc_year(year)
    make_milestone(bloc_year, Milestone.COVENANT, due="2026-11-12 17:00")
    make_summary_report(bloc_year, state=SummaryReportState.SUBMITTED)

    found = tasks_of(client, make_user(Role.BLOC_HEAD, bloc_year=bloc_year))

    assert found == [("Hoàn thiện chỉ tiêu giao ước thi đua", "Còn 2 ngày", "Mở giao ước")]


def test_receipt_of_a_unit_that_left_the_bloc_is_not_counted(client, bloc_year):
    gone = make_unit_year(bloc_year.year)
    Receipt.objects.create(bloc_year=bloc_year, unit=gone, kind=Milestone.UNIT_REPORT, at=BEFORE)

    response = opened(client, make_user(Role.BLOC_HEAD, bloc_year=bloc_year))

    assert [task.detail for task in response.context["tasks"]] == ["0/3 đơn vị đã gửi báo cáo năm"]
