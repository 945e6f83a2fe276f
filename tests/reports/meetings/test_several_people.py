"""Meetings that several take part in: units at the council, two people who write one row."""

from datetime import date

import pytest
from django.urls import reverse

from blocs.domain import conference_tasks, conferences, opinions
from blocs.enums import Role
from blocs.models import Attendance, ConferenceTask, Opinion
from tests.factories import make_bloc_year, make_user, members_of
from tests.meeting_rows import VALUES
from tests.reports.meetings.conftest import NOW
from tests.screens import main_text

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(name, args=args)


def make_council_meeting(year):
    by = make_user(Role.COUNCIL_SECRETARY, authority=year.authority)
    row = conferences.call_council(year.pk, by=by, **(VALUES | {"kind": "briefing"}))
    return conferences.start(row.pk, by=by, now=NOW)


@pytest.mark.parametrize("role", [Role.MOVEMENT_OWNER, Role.UNIT_REPORTER, Role.ASSESSOR])
def test_unit_of_the_year_reports_presence_at_a_meeting_of_the_council(client, bloc_year, role):
    meeting = make_council_meeting(bloc_year.year)
    unit = members_of(bloc_year)[0]
    client.force_login(make_user(role, unit=unit))
    page = client.get(url("attend", meeting.code))
    assert ("Tôi có mặt" in main_text(page), url("conference", meeting.pk) in page.content.decode()) == (True, False)
    assert client.post(url("attend", meeting.code), {"unit": unit.pk, "person": "Giám đốc"}).status_code == 200
    assert [(row.unit, row.way) for row in Attendance.objects.all()] == [(unit, "phone")]


def test_units_elsewhere_do_not_find_a_meeting_of_the_council(client, bloc_year):
    meeting = make_council_meeting(bloc_year.year)
    elsewhere = make_bloc_year()
    client.force_login(make_user(Role.UNIT_LEADER, unit=members_of(elsewhere)[1]))
    response = client.post(url("attend", meeting.code), {"unit": members_of(elsewhere)[1].pk})
    assert (response.status_code, Attendance.objects.count()) == (404, 0)


def test_of_two_who_write_one_question_the_second_is_shown_the_answer_and_chooses(client, bloc_year, head, running):
    unit = members_of(bloc_year)[1]
    row = opinions.save(running.pk, by=head, kind="question", unit=unit, text="Mấy cờ?")
    address = url("opinion_edit", running.pk, row.pk)
    opened = client.get(address).context["form"].initial["opened"]
    asked = {"kind": "question", "unit": unit, "text": "Mấy cờ?"}
    opinions.save(running.pk, by=head, opinion_id=row.pk, answer="Hai cờ", answered_by="Ban", **asked)

    form = {"kind": "question", "unit": unit.pk, "text": "Khối có mấy cờ?", "opened": opened}
    response = client.post(address, form)
    assert (response.status_code, Opinion.objects.get().answer) == (409, "Hai cờ")
    assert "Trả lời: Hai cờ" in main_text(response)
    over = response.context["conflict"].version
    assert client.post(address, form | {"answer": "Ba cờ", "over": over}).status_code == 302
    assert (Opinion.objects.get().text, Opinion.objects.get().answer) == ("Khối có mấy cờ?", "Ba cờ")


def test_of_two_who_write_one_task_the_second_chooses(client, bloc_year, head, running):
    unit, due_on = members_of(bloc_year)[1], date(2026, 12, 20)
    row = conference_tasks.save(running.pk, by=head, text="Gửi", unit=unit, person="A", due_on=due_on)
    address = url("task_edit", running.pk, row.pk)
    opened = client.get(address).context["form"].initial["opened"]
    conference_tasks.save(running.pk, by=head, task_id=row.pk, text="Gửi", unit=unit, person="B", due_on=due_on)
    form = {"text": "Gửi sớm", "unit": unit.pk, "person": "A", "due_on": "20/12/2026", "opened": opened}
    response = client.post(address, form)
    assert (response.status_code, ConferenceTask.objects.get().person) == (409, "B")
    assert "Người chịu trách nhiệm: B" in main_text(response)
    assert client.post(address, form | {"over": response.context["conflict"].version}).status_code == 302
    assert ConferenceTask.objects.get().text == "Gửi sớm"
