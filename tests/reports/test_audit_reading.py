"""The trail in words: states, codes, counts and people as they are called, nothing cut off for good."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from blocs.domain import audit, audit_reading
from blocs.enums import Role
from blocs.models import AuditEvent
from reports.domain import messages
from reports.enums import UploadKind
from reports.models import Message
from tests.factories import make_bloc_year, make_summary_report, make_unit_report, make_user
from tests.reports.reminder_rows import make_owing
from tests.reports.workbook_desk import UNITS, Desk
from tests.reports.yearfiles import as_file, load, small
from tests.screens import page_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ({"name": "Cũ"}, {"name": "Mới"}, ["tên: Cũ → Mới"]),
        ({"name": "Cũ"}, {"name": "Cũ"}, []),
        (None, {"motto": "Đoàn kết"}, ["khẩu hiệu: Đoàn kết"]),
        ({"motto": "Đoàn kết"}, None, ["khẩu hiệu: Đoàn kết → (trống)"]),
        ({"due_at": "2026-11-20T10:00:00Z"}, {"due_at": None}, ["hạn: 17:00 thứ Sáu 20/11/2026 → (trống)"]),
        ({"held_on": "2026-11-20"}, {"held_on": "2026-11-21"}, ["ngày họp: 20/11/2026 → 21/11/2026"]),
        ({"is_closed": False}, {"is_closed": True}, ["đã chốt số liệu: không → có"]),
        (None, {"messages": [1, 2], "blocs": 1234}, ["số khối: 1.234", "số thư: 2"]),
        (None, {"created": {"blocs.year": 2}}, ["thêm: năm thi đua: 2"]),
        ("Cũ", "Mới", ["giá trị: Cũ → Mới"]),
        ({"kind": "khoi"}, {"kind": "cum"}, ["hình thức: Khối thi đua → Cụm thi đua"]),
    ],
)
def test_changes_are_lines(before, after, lines):
    event = audit.record("bloc.edit", by=None, target=make_bloc_year(), before=before, after=after)
    event.refresh_from_db()
    assert audit_reading.lines_of(event) == lines


def lines(action, target, before=None, after=None):
    event = audit.record(action, by=None, target=target, before=before, after=after)
    event.refresh_from_db()
    return audit_reading.lines_of(event)


def test_states_are_called_as_on_their_pages():
    report, summary = make_unit_report(), make_summary_report()
    assert lines("unit_report.accept", report, "submitted", "accepted") == ["trạng thái: Đã gửi → Đã nhận"]
    assert lines("summary_report.adopt", summary, "draft", "adopted") == ["trạng thái: Đang soạn → Đã thông qua"]


def test_codes_are_called_by_their_labels():
    bloc, summary = make_bloc_year(), make_summary_report()
    assert lines("rendering.request", bloc, after={"kind": "summary-report"}) == ["văn bản: Báo cáo tổng kết"]
    assert lines("conference.note", bloc, after={"kind": "year_end"}) == ["hội nghị: Hội nghị tổng kết"]
    assert lines("people.read_phones", bloc.year, after={"milestone": "unit-report"}) == ["mốc: Báo cáo năm"]
    part = lines("report.save_part", summary, {"strengths": []}, {"strengths": ["Đoàn kết."]})
    assert part == ["Ưu điểm: (trống) → Đoàn kết."]


def test_people_are_named_and_one_who_is_gone_is_said_to_be():
    bloc, user = make_bloc_year(), make_user()
    found = lines("people.read", bloc.year, after={"users": [user.pk, user.pk + 1000]})
    assert found == [f"của những người: {user}; (tài khoản không còn)"]


def test_letters_that_went_out_name_who_got_them():
    world = make_owing()
    rows = [
        Message.objects.create(
            year=world.year, recipient=user, kind="letter", on=world.year.ends_on, subject="Nhắc", body="Nhắc"
        )
        for user in world.leaders[:2]
    ]

    messages.send([row.pk for row in rows], by=world.board)

    event = AuditEvent.objects.get(action="message.send")
    assert audit_reading.lines_of(event) == [
        "số thư: 2", "người nhận: " + "; ".join(str(user) for user in sorted(world.leaders[:2], key=lambda u: u.pk)),
    ]  # fmt: skip


def test_list_that_was_taken_is_named_and_counted():
    desk = Desk()

    desk.take(desk.bring(UploadKind.UNITS, UNITS, ("moi", "Sở Mới", "", "", "")))

    event = AuditEvent.objects.get(action="upload.take")
    found = audit_reading.lines_of(event)
    assert event.target_label == "Đơn vị: phần dán từ Excel"
    assert [line for line in found if line.startswith("dòng")] == ["dòng mới: 1"]


def test_row_without_a_name_of_its_own_is_called_after_its_table():
    event = AuditEvent(target="reports.upload:10", target_label="Upload object (10)")
    assert audit_reading.target_of(event) == "tệp đưa lên số 10"


def test_year_file_says_row_by_row_what_it_changed():
    load(as_file(small()))
    load(as_file(small(theme="Chủ đề mới")))

    event = AuditEvent.objects.filter(action="year.import").first()

    assert event.note == ""
    assert audit_reading.lines_of(event) == [
        "sửa năm thi đua: Ủy ban nhân dân tỉnh Sơn Hà · 2026 — chủ đề: (trống) → Chủ đề mới"
    ]


@pytest.mark.parametrize(
    ("item", "line"),
    [
        (
            {"row": "khối của năm: 2026 · a", "before": {"motto": "Cũ"}, "after": {"motto": "Mới"}},
            "sửa khối của năm: 2026 · a — khẩu hiệu: Cũ → Mới",
        ),
        ({"row": "khối của năm: A", "before": "B", "after": None}, "sửa khối của năm: A"),
        ({"row": "việc: A", "before": "B", "after": "C"}, "sửa việc: A — giá trị: B → C"),
    ],
)
def test_older_records_of_a_year_file_are_read_too(item, line):
    assert lines("year.import", make_bloc_year().year, after={"updated": [item]}) == [line]


# ---------------------------------------------------------------- the page


@pytest.fixture
def board(client):
    bloc = make_bloc_year()
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=bloc))
    client.bloc = bloc
    return client


def test_long_line_and_many_lines_are_there_to_unfold(board):
    audit.record("bloc.edit", by=None, target=board.bloc, after={"motto": "dài " * 200 + "HẾT"})
    audit.record(
        "year.import", by=None, target=board.bloc.year, after={"updated": [{"row": f"việc: {n}"} for n in range(15)]}
    )

    answer = board.get(reverse("audit_log"))

    assert "HẾT" in page_of(answer).text
    assert "5 dòng nữa" in page_of(answer).text
    assert answer.content.decode().count("<details>") == 2


def test_people_of_a_page_are_asked_for_once(board, tmp_path):
    found = {}
    for number in (1, 3):
        for _ in range(number):
            audit.record("people.read", by=None, target=board.bloc.year, after={"users": [make_user().pk]})
        with CaptureQueriesContext(connection) as queries:
            board.get(reverse("audit_log"))
        found[number] = len(queries)
    path = tmp_path / "nhat-ky.xlsx"
    path.write_bytes(board.get(reverse("audit_export")).content)
    cells = [row[4].value for row in load_workbook(path).worksheets[0].iter_rows(min_row=2)]
    assert found[1] == found[3]
    assert all(cell.startswith("của những người: Chức danh số") for cell in cells)
