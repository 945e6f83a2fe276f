"""Presence: two phones, the secretary, strangers, the end; what is said; what follows."""

from datetime import date

import pytest

from blocs.domain import attendance, conference_tasks, conferences, opinions
from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import Attendance, AuditEvent, ConferenceTask, Opinion
from tests.factories import at, make_bloc_year, make_seat, make_user, members_of
from tests.meeting_rows import MORNING, make_meeting

pytestmark = pytest.mark.django_db
SOON, LATER = at("2026-12-05 08:05"), at("2026-12-05 08:20")


@pytest.fixture
def bloc_year():
    return make_bloc_year(members=4)


@pytest.fixture
def head(bloc_year):
    return make_user(Role.BLOC_HEAD, bloc_year=bloc_year)


@pytest.fixture
def meeting(bloc_year, head):
    return make_meeting(bloc_year, state="running", by=head)


def person_of(bloc_year, number=1, role=Role.UNIT_REPORTER, **columns):
    return make_user(role, unit=members_of(bloc_year)[number], **columns)


# ---------------------------------------------------------------- by phone


def test_of_two_phones_the_first_counts_and_the_second_is_told(bloc_year, meeting):
    unit = members_of(bloc_year)[1]
    first, second = person_of(bloc_year, post="Chủ tịch"), person_of(bloc_year, post="Chánh Văn phòng")
    row, is_new = attendance.attend(meeting.pk, meeting.code, unit.pk, by=first, now=SOON)
    again, is_new_too = attendance.attend(meeting.pk, meeting.code, unit.pk, by=second, now=LATER)
    assert (is_new, is_new_too, again.pk) == (True, False, row.pk)
    assert (again.person, again.arrived_at, again.noted_by, again.way) == ("Chủ tịch", SOON, first, "phone")
    assert AuditEvent.objects.filter(action="conference.attend").count() == 1


def test_phone_of_a_unit_that_is_no_member_is_refused(meeting):
    elsewhere = make_bloc_year(meeting.year)
    stranger = person_of(elsewhere, 0)
    for unit in (members_of(elsewhere)[0], members_of(meeting.bloc_year)[0]):
        with pytest.raises(NotAllowed):
            attendance.attend(meeting.pk, meeting.code, unit.pk, by=stranger, now=SOON)
    assert Attendance.objects.count() == 0


def test_phone_before_the_opening_after_the_end_and_with_another_code_is_refused(bloc_year, head, meeting):
    unit, person = members_of(bloc_year)[1], person_of(bloc_year)
    with pytest.raises(WrongState, match="không đúng"):
        attendance.attend(meeting.pk, "AAAA-AAAA", unit.pk, by=person, now=SOON)
    planned = make_meeting(bloc_year, by=head)
    with pytest.raises(WrongState, match="chưa mở"):
        attendance.attend(planned.pk, "", unit.pk, by=person, now=SOON)
    conferences.end(meeting.pk, by=head, now=LATER)
    with pytest.raises(WrongState, match="đã bế mạc lúc 08:20"):
        attendance.attend(meeting.pk, meeting.code, unit.pk, by=person, now=at("2026-12-05 08:21"))
    assert Attendance.objects.count() == 0


def test_phone_is_refused_once_the_day_is_over_although_nobody_closed_the_meeting(bloc_year, meeting):
    with pytest.raises(WrongState, match="đã qua"):
        attendance.attend(
            meeting.pk, meeting.code, members_of(bloc_year)[1].pk, by=person_of(bloc_year), now=at("2026-12-06 00:10")
        )
    assert Attendance.objects.count() == 0


def test_person_of_two_member_units_reports_each(bloc_year, meeting):
    person = person_of(bloc_year, 1)
    make_seat(person, Role.UNIT_LEADER, unit=members_of(bloc_year)[2])
    units = attendance.units_of(person, meeting)
    assert units == members_of(bloc_year)[1:3]
    for unit in units:
        attendance.attend(meeting.pk, meeting.code, unit.pk, by=person, now=SOON)
    assert attendance.presence(meeting).present == 2


# ---------------------------------------------------------------- by the secretary


def test_secretary_notes_corrects_and_takes_back(bloc_year, head, meeting):
    unit = members_of(bloc_year)[2]
    attendance.note(meeting.pk, unit.pk, person="Phó Chủ tịch", by=head, now=SOON)
    row = attendance.note(meeting.pk, unit.pk, person="Chủ tịch", by=head, now=LATER)
    assert (row.person, row.arrived_at, row.way) == ("Chủ tịch", SOON, "secretary")
    attendance.withdraw(meeting.pk, unit.pk, by=head)
    assert Attendance.objects.count() == 0
    with pytest.raises(RuleBroken):
        attendance.withdraw(meeting.pk, unit.pk, by=head)


def test_secretary_notes_nobody_before_the_opening_and_no_unit_of_another_year(bloc_year, head, meeting):
    planned = make_meeting(bloc_year, by=head)
    with pytest.raises(WrongState):
        attendance.note(planned.pk, members_of(bloc_year)[0].pk, by=head)
    with pytest.raises(RuleBroken):
        attendance.note(meeting.pk, members_of(make_bloc_year())[0].pk, by=head)


def test_member_does_not_note_others(bloc_year, meeting):
    with pytest.raises(NotAllowed):
        attendance.note(meeting.pk, members_of(bloc_year)[1].pk, by=person_of(bloc_year))


@pytest.mark.parametrize(("share", "needed"), [((2, 3), 3), ((1, 2), 2), ((3, 4), 3), ((1, 1), 4)])
def test_quorum_is_the_share_of_members_rounded_up(bloc_year, head, share, needed):
    meeting = make_meeting(bloc_year, state="running", by=head, quorum=share[0], quorum_of=share[1])
    for unit in members_of(bloc_year)[:3]:
        attendance.note(meeting.pk, unit.pk, by=head, now=SOON)
    found = attendance.presence(meeting)
    assert (found.present, found.expected, found.needed, found.is_enough) == (3, 4, needed, needed <= 3)
    assert found.absent == members_of(bloc_year)[3:]


def test_guest_unit_is_listed_and_does_not_count(bloc_year, head, meeting):
    guest = members_of(make_bloc_year(bloc_year.year))[0]
    attendance.note(meeting.pk, guest.pk, by=head, now=SOON)
    found = attendance.presence(meeting)
    assert (found.present, [line.unit for line in found.guests]) == (0, [guest])


# ---------------------------------------------------------------- what is said

SPEECH = {"kind": "speech", "minutes": 10, "text": "Kinh nghiệm"}


def test_unit_registers_for_itself_alone_and_until_the_end(bloc_year, head, meeting):
    own, other = members_of(bloc_year)[1:3]
    person = person_of(bloc_year)
    row = opinions.save(meeting.pk, by=person, unit=own, **SPEECH)
    with pytest.raises(NotAllowed):
        opinions.save(meeting.pk, by=person, unit=other, **SPEECH)
    with pytest.raises(NotAllowed):
        opinions.save(meeting.pk, by=person, opinion_id=row.pk, unit=other, **SPEECH)
    conferences.end(meeting.pk, by=head, now=LATER)
    with pytest.raises(WrongState):
        opinions.save(meeting.pk, by=person, unit=own, **SPEECH)
    with pytest.raises(WrongState):
        opinions.remove(meeting.pk, row.pk, by=person)
    assert Opinion.objects.get().text == "Kinh nghiệm"


def test_question_gets_its_answer_from_who_runs_the_meeting(bloc_year, head, meeting):
    unit, person = members_of(bloc_year)[1], person_of(bloc_year)
    asked = {"kind": "question", "unit": unit, "text": "Có mấy cờ?"}
    row = opinions.save(meeting.pk, by=person, answer="Mười", answered_by="Tôi", **asked)
    assert (row.answer, row.answered_by) == ("", "")
    row = opinions.save(meeting.pk, by=head, opinion_id=row.pk, answer="02 cờ", answered_by="Ban TĐKT", **asked)
    assert row.answer == "02 cờ"
    with pytest.raises(WrongState):
        opinions.save(meeting.pk, by=person, opinion_id=row.pk, **(asked | {"text": "Khác"}))
    with pytest.raises(RuleBroken, match="Chỉ câu hỏi"):
        opinions.save(meeting.pk, by=head, opinion_id=row.pk, answer="02", **(asked | {"kind": "speech"}))


def test_order_of_speeches_is_changed(bloc_year, head, meeting):
    first, second, third = (
        opinions.save(meeting.pk, by=head, unit=unit, **SPEECH) for unit in members_of(bloc_year)[:3]
    )
    opinions.put_forward(meeting.pk, third.pk, by=head)
    opinions.put_forward(meeting.pk, first.pk, by=head)
    assert list(meeting.opinions.all()) == [first, third, second]
    with pytest.raises(NotAllowed):
        opinions.put_forward(meeting.pk, third.pk, by=person_of(bloc_year))


def test_nobody_speaks_without_a_name(meeting, head):
    with pytest.raises(RuleBroken, match="Ghi đơn vị hoặc người phát biểu"):
        opinions.save(meeting.pk, by=head, **SPEECH)


# ---------------------------------------------------------------- what follows


def test_task_is_finished_by_the_unit_that_got_it(bloc_year, head, meeting):
    unit = members_of(bloc_year)[1]
    row = conference_tasks.save(meeting.pk, by=head, text="Việc", unit=unit, person="A", due_on=date(2026, 12, 20))
    with pytest.raises(NotAllowed):
        conference_tasks.finish(row.pk, note="", by=person_of(bloc_year, 2))
    row = conference_tasks.finish(row.pk, note="Đã gửi", by=person_of(bloc_year), now=LATER)
    assert (row.done_at, row.done_note) == (LATER, "Đã gửi")
    with pytest.raises(WrongState):
        conference_tasks.finish(row.pk, note="", by=head)
    with pytest.raises(WrongState):
        conference_tasks.remove(meeting.pk, row.pk, by=head)
    assert conference_tasks.reopen(row.pk, by=head).done_at is None


def test_task_without_a_unit_is_the_boards(bloc_year, head, meeting):
    row = conference_tasks.save(meeting.pk, by=head, text="Việc", person="Chuyên viên", due_on=date(2026, 12, 20))
    assert make_user(Role.BOARD_STAFF, bloc_year=bloc_year).has_perm("blocs.finish_task", row) is True
    assert person_of(bloc_year).has_perm("blocs.finish_task", row) is False


def test_task_is_due_after_the_meeting(head, meeting):
    with pytest.raises(RuleBroken, match="từ ngày họp"):
        conference_tasks.save(meeting.pk, by=head, text="Việc", person="A", due_on=date(2026, 12, 4))
    assert ConferenceTask.objects.count() == 0


def test_running_meeting_began_when_it_was_opened(meeting):
    assert meeting.opened_at == MORNING
