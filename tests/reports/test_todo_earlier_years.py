"""A year that is over leaves things to do: who turns to the new one still sees them, with the year they are of."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from blocs.domain import conference_tasks
from blocs.enums import Milestone, Role
from reports import todo
from reports.enums import SummaryReportState, UnitReportState
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_movement,
    make_seat,
    make_summary_report,
    make_unit_report,
    make_user,
    make_year,
    members_of,
)
from tests.meeting_rows import make_meeting
from tests.screens import main_text

pytestmark = pytest.mark.django_db
NOW = at("2027-01-10 09:00")


@pytest.fixture
def year():
    return make_year()


@pytest.fixture
def coming(year):
    return make_year(year.authority, year=2027)


@pytest.fixture
def bloc_year(year):
    return make_bloc_year(year, members=4)


def tasks_of(user, year, now=NOW):
    return [(task.title, task.detail) for task in todo.tasks(user, year, now=now)]


def test_task_of_the_year_end_conference_is_shown_in_the_new_year(bloc_year, year, coming):
    head = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    meeting, unit = make_meeting(bloc_year, state="running", by=head), members_of(bloc_year)[2]
    given = {"by": head, "person": "A", "due_on": date(2027, 2, 1)}
    conference_tasks.save(meeting.pk, text="Gửi báo cáo", unit=unit, **given)
    conference_tasks.save(meeting.pk, text="Trả lời kiến nghị", **given)
    for user, text in (
        (make_user(Role.UNIT_REPORTER, unit=unit), "Gửi báo cáo"),
        (make_user(Role.BOARD_STAFF, authority=year.authority), "Trả lời kiến nghị"),
    ):
        for shown in (year, coming):
            assert f"Việc sau hội nghị: {text}" in [title for title, _ in tasks_of(user, shown)]
        assert [title for title, _ in tasks_of(user, coming, at("2027-11-02 09:00")) if text in title] == []


@pytest.mark.parametrize(("held_in", "held_on"), [(2026, date(2027, 1, 10)), (2027, date(2026, 12, 20))])
def test_meeting_of_today_is_shown_whichever_year_it_is_of(year, coming, held_in, held_on):
    bloc_year = make_bloc_year(year if held_in == 2026 else coming)
    head = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    make_meeting(bloc_year, by=head, held_on=held_on)
    shown = coming if held_in == 2026 else year  # the newest that has begun on that day
    now = at(f"{held_on} 07:00")
    assert "Điều hành hội nghị tổng kết" in [title for title, _ in tasks_of(head, shown, now)]


def test_what_the_head_owes_after_the_year_is_shown_until_it_is_closed(client, bloc_year, coming):
    for code in (Milestone.COVENANT, Milestone.CONFERENCE, Milestone.PROPOSAL, Milestone.HANDOVER):
        make_milestone(bloc_year, code, due="2026-12-20 17:00", locks="2027-01-31 17:00")
    head = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    found = [task for task in todo.tasks(head, coming, now=NOW) if task.owed]
    assert [task.title for task in found] == [
        "Tổ chức hội nghị tổng kết", "Lập danh sách đề nghị khen thưởng", "Bàn giao cho Khối trưởng năm sau",
    ]  # fmt: skip
    assert all(task.detail.startswith(f"năm 2026 · {bloc_year.name}") for task in found)
    assert tasks_of(head, coming, at("2027-01-31 17:01")) == []
    make_seat(head, Role.UNIT_REPORTER, bloc_year=make_bloc_year(coming))
    with time_machine.travel(NOW, tick=False):
        client.force_login(head)
        assert "năm 2026 · " in main_text(client.get(reverse("todo")))


def test_reports_that_are_late_or_sent_back_are_asked_for_in_the_new_year(bloc_year, coming):
    make_milestone(bloc_year, Milestone.UNIT_REPORT, due="2026-12-20 17:00", locks="2027-01-31 17:00")
    make_milestone(bloc_year, Milestone.SUMMARY_REPORT, due="2026-12-25 17:00", locks="2027-01-31 17:00")
    late, returned, accepted = members_of(bloc_year)[:3]
    make_unit_report(bloc_year, unit=returned, state=UnitReportState.RETURNED)
    make_unit_report(bloc_year, unit=accepted, state=UnitReportState.ACCEPTED)
    make_summary_report(bloc_year, state=SummaryReportState.RETURNED)
    after = at("2027-02-10 09:00")
    for unit, titles, later in (
        (late, [f"Nộp báo cáo năm của {late.short}"], []),
        (returned, *[[f"Sửa báo cáo năm của {returned.short} bị trả lại"]] * 2),
        (accepted, [], []),
    ):
        user = make_user(Role.UNIT_REPORTER, unit=unit)
        assert [title for title, _ in tasks_of(user, coming)] == titles
        assert [title for title, _ in tasks_of(user, coming, after)] == later
    head = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    (summary,) = [detail for title, detail in tasks_of(head, coming, after) if "tổng kết" in title]
    assert summary.startswith("năm 2026 · ")


def test_board_looks_through_reports_of_the_year_that_is_over(bloc_year, year, coming):
    make_unit_report(bloc_year, state=UnitReportState.SUBMITTED)
    make_summary_report(bloc_year, state=SummaryReportState.SUBMITTED)
    staff = make_user(Role.BOARD_STAFF, authority=year.authority)
    found = dict(tasks_of(staff, coming))
    assert found[f"Xem 1 báo cáo đơn vị: {bloc_year.name}"] == "năm 2026 · Nhận, hoặc trả lại kèm lý do"
    assert found[f"Xem báo cáo tổng kết: {bloc_year.name}"].startswith("năm 2026 · ")


def test_movement_without_results_is_its_owners_also_after_the_year(bloc_year, coming):
    owner = members_of(bloc_year)[0]
    movement = make_movement(owner=owner)
    found = tasks_of(make_user(Role.MOVEMENT_OWNER, unit=owner), coming)
    assert found == [(f"Ghi kết quả phong trào “{movement.name}”", "năm 2026 · Cơ quan chủ trì ghi theo từng đơn vị")]


def test_who_turns_back_sees_that_year_without_what_came_later(bloc_year, year, coming):
    after = make_bloc_year(coming)
    make_milestone(after, due="2027-11-20 17:00", locks="2027-11-30 17:00")
    user = make_user(Role.UNIT_REPORTER, bloc_year=after)
    make_seat(user, Role.UNIT_LEADER, bloc_year=bloc_year)
    assert [title for title, _ in tasks_of(user, year)] == []
