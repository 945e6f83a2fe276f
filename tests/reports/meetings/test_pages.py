"""The pages of meetings: what each reader sees, wrong input, pictures, presence by phone, costs, what is left to do."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from blocs.domain import attendance, conference_tasks, conferences, opinions
from blocs.enums import Role
from blocs.models import Attendance, Conference, ConferencePicture, ConferenceTask, Opinion
from reports import todo
from tests.blocs.test_attachments import huge_picture, picture
from tests.factories import at, make_bloc_year, make_milestone, make_movement, make_user, members_of
from tests.meeting_rows import make_meeting
from tests.reports.meetings.conftest import NOW
from tests.screens import HTMX, content_of, main_text, messages_of

pytestmark = pytest.mark.django_db
FORM = {
    "kind": "year_end", "held_on": "05/12/2026", "starts_at": "8h", "place": "Hội trường A", "chair": "Khối trưởng",
    "secretary": "", "guests": "Đại biểu một\n\nĐại biểu hai", "quorum": "2", "quorum_of": "3",
}  # fmt: skip


def member_of(bloc_year, number=1, **columns):
    return make_user(Role.UNIT_LEADER, unit=members_of(bloc_year)[number], **columns)


def url(name, *args):
    return reverse(name, args=args)


# ---------------------------------------------------------------- the frame


def test_meeting_is_added_with_an_hour_as_people_write_it(client, head, bloc_year):
    response = client.post(url("conference_add", bloc_year.pk), FORM, follow=True)
    row = Conference.objects.get()
    assert (f"{row.starts_at:%H:%M}", row.guests) == ("08:00", ["Đại biểu một", "Đại biểu hai"])
    assert "Chưa họp" in main_text(response)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"held_on": "31/02/2026"}, "Viết ngày như 20/11/2026."),
        ({"held_on": ""}, "bắt buộc"),
        ({"held_on": "05/12/2062"}, "quá xa năm 2026"),
        ({"starts_at": "25:00"}, "Viết giờ như 08:00."),
        ({"quorum": "4"}, "không lớn hơn tổng số phần"),
        ({"quorum_of": "0"}, "1"),
        ({"guests": "x" * 2001}, "Mỗi dòng nhiều nhất 2000 chữ"),
        ({"guests": "\n".join(map(str, range(101)))}, "Nhiều nhất 100 dòng."),
        ({"kind": "party"}, "party"),
    ],
)
def test_wrong_frame_is_refused_with_words(client, head, bloc_year, change, complaint):
    response = client.post(url("conference_add", bloc_year.pk), FORM | change)
    assert response.status_code == 422
    assert complaint in main_text(response)
    assert Conference.objects.count() == 0


def test_signs_that_nobody_sees_do_not_come_in(client, head, bloc_year):
    client.post(url("conference_add", bloc_year.pk), FORM | {"place": "\u202eHo\u0323\u0302i\u200b trường\u2066 A"})
    assert Conference.objects.get().place == "Hội trường A"


def test_agenda_follows_the_numbers_and_an_emptied_row_goes(client, head, bloc_year):
    meeting = make_meeting(bloc_year, by=head)
    rows = [("2", "09:00", "Thảo luận", ""), ("1", "08:00", "Khai mạc", "Khối trưởng"), ("3", "", "", "")]
    data = {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0", "opened": ""}
    for number, (place, starts_at, text, presenter) in enumerate(rows):
        values = {"place": place, "starts_at": starts_at, "text": text, "presenter": presenter}
        data |= {f"form-{number}-{name}": value for name, value in values.items()}
    client.post(url("conference_agenda", meeting.pk), data)
    assert [item.text for item in meeting.agenda.all()] == ["Khai mạc", "Thảo luận"]
    refused = client.post(url("conference_agenda", meeting.pk), data | {"form-2-presenter": "Ai đó"})
    assert (refused.status_code, "Ghi nội dung của mục này" in main_text(refused)) == (422, True)


def test_second_editor_of_the_conclusions_is_shown_the_first(client, head, bloc_year):
    meeting = make_meeting(bloc_year, by=head)
    conferences.conclude(meeting.pk, directions=[], conclusions=["Của người kia"], by=head)
    data = {"directions": "", "conclusions": "Của tôi", "opened": "cu"}
    response = client.post(url("conference_conclude", meeting.pk), data)
    assert response.status_code == 422
    assert "Kết luận: Của người kia" in main_text(response)


# ---------------------------------------------------------------- presence


def test_phone_reports_presence_and_the_second_phone_is_told(client, bloc_year, running):
    first, second = member_of(bloc_year, post="Chủ tịch hội"), member_of(bloc_year, post="Phó Chủ tịch hội")
    address, data = url("attend", running.code), {"unit": members_of(bloc_year)[1].pk, "person": "Chủ tịch hội"}
    client.force_login(first)
    assert "Tôi có mặt" in main_text(client.get(address))
    done = client.post(address, data)
    assert (done.status_code, "Đã có mặt" in main_text(done)) == (200, True)
    client.force_login(second)
    again = client.post(address, data | {"person": "Phó Chủ tịch hội"})
    assert "Đơn vị đã được điểm danh từ trước; lần này không ghi thêm." in main_text(again)
    assert Attendance.objects.get().person == "Chủ tịch hội"


def test_phone_after_the_end_is_told_when_it_ended(client, bloc_year, head):
    meeting = make_meeting(bloc_year, state="ended", by=head)
    client.force_login(member_of(bloc_year))
    page = main_text(client.get(url("attend", meeting.code)))
    assert "Hội nghị đã bế mạc lúc 11:30 thứ Bảy 05/12/2026" in page
    response = client.post(url("attend", meeting.code), {"unit": members_of(bloc_year)[1].pk})
    assert (response.status_code, Attendance.objects.count()) == (422, 0)


def test_unit_that_is_no_member_does_not_find_the_page(client, bloc_year, running):
    other = make_bloc_year(bloc_year.year)
    client.force_login(member_of(other))
    response = client.post(url("attend", running.code), {"unit": members_of(other)[1].pk})
    assert (response.status_code, Attendance.objects.count()) == (404, 0)


def test_who_sees_the_meeting_without_being_of_a_unit_is_sent_to_the_secretary(client, bloc_year, running):
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=bloc_year))
    assert "nhờ thư ký hội nghị ghi có mặt" in main_text(client.get(url("attend", running.code)))


@pytest.mark.parametrize("unit", ["", "abc", "9" * 30, "-1"])
def test_phone_that_sends_no_unit_is_answered(client, bloc_year, running, unit):
    client.force_login(member_of(bloc_year))
    assert client.post(url("attend", running.code), {"unit": unit}).status_code == 422


def test_code_may_be_typed_carelessly(client, head):
    assert client.get(url("attend_enter"), {"ma": " k7qf 3m2x"}).url == url("attend", "K7QF-3M2X")
    assert client.get(url("attend_enter"), {"ma": "K7QF"}).status_code == 422


def test_code_is_shown_where_the_meeting_is_run_and_to_nobody_else(client, bloc_year, running):
    for name in ("conference", "projector"):
        assert running.code in client.get(url(name, running.pk)).content.decode()
    client.force_login(member_of(bloc_year))
    for name in ("conference", "projector"):
        page = client.get(url(name, running.pk)).content.decode()
        assert (running.code in page, "data:image/svg" in page) == (False, False)


def test_code_is_shown_no_more_once_the_day_is_over(client, running):
    with time_machine.travel(at("2026-12-06 08:00"), tick=False):
        for name in ("conference", "projector"):
            assert running.code not in client.get(url(name, running.pk)).content.decode()


def test_projector_renews_itself_in_part(client, bloc_year, head, running):
    attendance.note(running.pk, members_of(bloc_year)[0].pk, by=head, now=NOW)
    whole, part = client.get(url("projector", running.pk)), client.get(url("projector", running.pk), **HTMX)
    assert ("<html" in whole.content.decode(), "<html" in part.content.decode()) == (True, False)
    assert "1 /3" in main_text(whole)
    assert 'hx-trigger="every 4s"' in part.content.decode()


# ---------------------------------------------------------------- rows


def test_member_registers_a_question_and_reads_the_answer(client, bloc_year, head, running):
    client.force_login(member_of(bloc_year))
    data = {"kind": "question", "unit": members_of(bloc_year)[1].pk, "text": "Có mấy cờ?", "answer": "Mười"}
    client.post(url("opinion_add", running.pk), data)
    row = Opinion.objects.get()
    assert (row.text, row.answer) == ("Có mấy cờ?", "")
    client.force_login(head)
    client.post(url("opinion_edit", running.pk, row.pk), data | {"answer": "02 cờ", "answered_by": "Ban TĐKT"})
    client.force_login(member_of(bloc_year, 2))
    assert "Trả lời (Ban TĐKT): 02 cờ" in main_text(client.get(url("conference", running.pk)))


def test_task_wants_a_person_and_a_day(client, bloc_year, running):
    data = {"text": "Việc", "unit": members_of(bloc_year)[1].pk, "person": "", "due_on": ""}
    response = client.post(url("task_add", running.pk), data)
    assert (response.status_code, ConferenceTask.objects.count()) == (422, 0)
    client.post(url("task_add", running.pk), data | {"person": "Phó Chủ tịch", "due_on": "20/12/2026"})
    assert ConferenceTask.objects.get().due_on == date(2026, 12, 20)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (huge_picture(), "triệu điểm ảnh"),
        (b"MZ\x90\x00 a program", "Chỉ nhận tệp JPG, PNG."),
        (b"%PDF-1.7", "Chỉ nhận tệp JPG, PNG."),
        (b"\x89PNG\r\n\x1a\n broken", "không mở được"),
        (b"", "Chọn một tệp ảnh."),
    ],
    ids=["100 megapixels", "program", "pdf", "broken", "empty"],
)
def test_what_is_no_picture_is_refused(client, running, content, complaint):
    file = SimpleUploadedFile("anh.png", content)
    response = client.post(url("picture_add", running.pk), {"file": file}, follow=True)
    assert complaint in messages_of(response)[0]
    assert ConferencePicture.objects.count() == 0


def test_picture_is_given_back_to_who_sees_the_meeting(client, bloc_year, running):
    client.post(
        url("picture_add", running.pk), {"file": SimpleUploadedFile("a.exe", picture()), "caption": "Toàn cảnh"}
    )
    row = ConferencePicture.objects.get()
    client.force_login(member_of(bloc_year))
    response = client.get(url("picture_file", running.pk, row.pk))
    assert content_of(response) == picture()
    assert response.headers["Content-Disposition"] == 'inline; filename="a.png"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    client.force_login(member_of(make_bloc_year(bloc_year.year)))
    assert client.get(url("picture_file", running.pk, row.pk)).status_code == 404


@pytest.mark.parametrize("part", ["opinion", "task", "picture", "attendance"])
def test_what_is_taken_out_is_asked_first_and_only_once(client, bloc_year, head, running, part):
    unit = members_of(bloc_year)[1]
    row = {
        "opinion": lambda: opinions.save(running.pk, by=head, kind="speech", unit=unit, text="Vườn thuốc nam"),
        "task": lambda: conference_tasks.save(
            running.pk, by=head, text="Gửi biên bản", unit=unit, person="A", due_on=date(2026, 12, 20)
        ),
        "picture": lambda: ConferencePicture.objects.create(
            conference=running, name="a.png", caption="Toàn cảnh", media_type="image/png", size=1, sha256="0" * 64,
            added_by=head,
        ),
        "attendance": lambda: attendance.note(running.pk, unit.pk, person="Chủ tịch", by=head, now=NOW) and unit,
    }[part]()  # fmt: skip
    words = {"opinion": "Vườn thuốc nam", "task": "Gửi biên bản", "picture": "Toàn cảnh", "attendance": "Chủ tịch"}
    name = "attendance_withdraw" if part == "attendance" else f"{part}_remove"
    rows = {"opinion": Opinion, "task": ConferenceTask, "picture": ConferencePicture, "attendance": Attendance}[part]

    page = client.get(url(name, running.pk, row.pk))
    assert words[part] in main_text(page)
    assert rows.objects.count() == 1
    answers = [messages_of(client.post(url(name, running.pk, row.pk), follow=True)) for _ in range(2)]
    assert rows.objects.count() == 0
    assert answers[0] != answers[1]
    assert "vừa được người khác bỏ" in messages_of(client.get(url(name, running.pk, row.pk), follow=True))[0]


def test_unit_takes_out_its_own_question_and_no_other(client, bloc_year, head, running):
    asked = [
        opinions.save(running.pk, by=head, kind="question", unit=unit, text="Hỏi") for unit in members_of(bloc_year)[:2]
    ]
    client.force_login(member_of(bloc_year))
    assert [client.get(url("opinion_remove", running.pk, row.pk)).status_code for row in asked] == [404, 200]
    client.post(url("opinion_remove", running.pk, asked[0].pk))
    client.post(url("opinion_remove", running.pk, asked[1].pk))
    assert list(Opinion.objects.all()) == [asked[0]]


# ---------------------------------------------------------------- costs


@pytest.mark.parametrize("name", ["conference", "projector"])
def test_page_costs_the_same_for_one_and_three_rows(client, bloc_year, head, running, name, queries_of):
    units = members_of(bloc_year)

    def fill(unit):
        attendance.note(running.pk, unit.pk, by=head, now=NOW)
        opinions.save(running.pk, by=head, kind="speech", unit=unit)
        conference_tasks.save(running.pk, by=head, text="Việc", unit=unit, person="A", due_on=date(2026, 12, 20))

    fill(units[0])
    one = queries_of(url(name, running.pk))
    for unit in units[1:]:
        fill(unit)
    assert queries_of(url(name, running.pk)) == one


def test_list_costs_the_same_for_one_and_three_meetings(client, bloc_year, running, head, queries_of):
    one = queries_of(url("conference_list"))
    for kind in ("covenant", "mid_year"):
        make_meeting(bloc_year, by=head, kind=kind)
    assert queries_of(url("conference_list")) == one


# ---------------------------------------------------------------- what is left to do


def titles(user, year):
    return [task.title for task in todo.tasks(user, year, now=NOW)]


def test_task_stands_in_the_list_of_who_got_it_until_it_is_done(bloc_year, head, running):
    unit, given = members_of(bloc_year)[1], {"person": "A", "due_on": date(2026, 12, 20)}
    row = conference_tasks.save(running.pk, by=head, text="Gửi số liệu", unit=unit, **given)
    conference_tasks.save(running.pk, by=head, text="Gửi công văn", **given)
    mine, other = member_of(bloc_year), member_of(bloc_year, 2)
    staff = make_user(Role.BOARD_STAFF, bloc_year=bloc_year)
    found = {user.pk: titles(user, bloc_year.year) for user in (mine, other, staff)}
    assert ["Việc sau hội nghị: Gửi số liệu" in found[user.pk] for user in (mine, other, staff)] == [True, False, False]
    assert "Việc sau hội nghị: Gửi công văn" in found[staff.pk]
    conference_tasks.finish(row.pk, note="", by=mine)
    assert "Việc sau hội nghị: Gửi số liệu" not in titles(mine, bloc_year.year)


def test_owner_of_a_movement_finishes_a_task_of_the_council(client, bloc_year):
    secretary = make_user(Role.COUNCIL_SECRETARY, bloc_year=bloc_year)
    owner_unit = members_of(bloc_year)[2]
    make_movement(owner=owner_unit)
    meeting = conferences.call_council(
        bloc_year.year_id, by=secretary, kind="briefing", held_on=date(2026, 6, 1), quorum=2, quorum_of=3
    )
    row = conference_tasks.save(
        meeting.pk, by=secretary, text="Chuẩn bị buổi làm việc", unit=owner_unit, person="A", due_on=date(2026, 6, 9)
    )
    owner = make_user(Role.MOVEMENT_OWNER, unit=owner_unit)
    assert "Việc sau hội nghị: Chuẩn bị buổi làm việc" in titles(owner, bloc_year.year)
    client.force_login(owner)
    assert client.get(url("conference", meeting.pk)).status_code == 404
    assert client.post(url("task_finish", row.pk), {"note": "Đã làm"}).url == "/"
    assert ConferenceTask.objects.get().done_by == owner


def test_head_is_reminded_of_todays_meeting_until_it_is_closed(bloc_year, head):
    meeting = make_meeting(bloc_year, by=head)
    assert "Điều hành hội nghị tổng kết" in titles(head, bloc_year.year)
    with time_machine.travel(NOW, tick=False):
        conferences.start(meeting.pk, by=head)
        conferences.end(meeting.pk, by=head)
    assert "Điều hành hội nghị tổng kết" not in titles(head, bloc_year.year)


def test_year_file_keeps_meetings_made_on_pages(bloc_year, head, running, tmp_path, capsys):
    """Export, import, export: the same text, and nothing that only the pages hold is lost."""
    make_milestone(bloc_year, "conference", due="2026-12-10 17:00")
    attendance.note(running.pk, members_of(bloc_year)[1].pk, person="Chủ tịch", by=head, now=NOW)
    conferences.set_agenda(running.pk, [(None, "Khai mạc", "")], by=head)
    code = bloc_year.year.authority.code
    call_command("export_year", "2026", "--authority", code)
    first = capsys.readouterr().out
    path = tmp_path / "year.yaml"
    path.write_text(first, encoding="utf-8")
    call_command("import_year", str(path), "--replace")
    capsys.readouterr()
    call_command("export_year", "2026", "--authority", code)
    assert capsys.readouterr().out == first
    row = Conference.objects.get()
    assert (row.code, row.agenda.get().text) == (running.code, "Khai mạc")
    assert (row.attendances.get().person, row.attendances.get().way) == ("Chủ tịch", "secretary")
