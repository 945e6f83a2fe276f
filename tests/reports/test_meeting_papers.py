"""Papers of meetings and of the handover, read back; the set with one button; the draft for the news."""

import io
import zipfile
from datetime import date, time

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from PIL import ExifTags, Image

from awards.domain import notices
from blocs.domain import attachments, attendance, conferences, handovers
from blocs.enums import Role
from blocs.errors import RuleBroken
from reports.domain import meeting_set, news, renderings
from reports.domain.papers import handover_paper, meetings, word
from reports.enums import DocumentKind, RenderingState
from reports.models import RenderingBatch
from tests.blocs.test_attachments import picture
from tests.factories import (
    PASSWORD,
    at,
    make_bloc_year,
    make_seat,
    make_summary_report,
    make_target,
    make_user,
    members_of,
)
from tests.meeting_rows import make_meeting, make_whole_meeting
from tests.reports.paper_reading import text_of
from tests.screens import content_of, main_text, recently_confirmed

pytestmark = pytest.mark.django_db
K = DocumentKind


@pytest.fixture
def bloc_year():
    return make_bloc_year(name="Khối thi đua các Hội", members=4)


@pytest.fixture
def head(bloc_year):
    return make_user(Role.BLOC_HEAD, bloc_year=bloc_year)


@pytest.fixture
def meeting(bloc_year, head):
    return make_whole_meeting(bloc_year, by=head)


# ---------------------------------------------------------------- read back


@pytest.mark.slow
def test_minutes_tell_everything_that_was_recorded(bloc_year, meeting):
    names = [unit.name for unit in members_of(bloc_year)]
    content = renderings.bytes_of(meeting, K.CONFERENCE_MINUTES)
    text = text_of(content)
    for part in (
        "BIÊN BẢN Hội nghị tổng kết năm 2026",
        "Hồi 08 giờ, ngày 05 tháng 12 năm 2026, tại Hội trường A, Khối thi đua các Hội tổ chức hội nghị tổng kết",
        "1. Chủ trì: Khối trưởng.",
        "Có mặt 03/04 đơn vị thành viên, đủ số đơn vị cần có mặt để tiến hành (2/3 tổng số, tức 03 đơn vị).",
        f"Vắng: {names[3]}.",
        "- 08:00: Khai mạc (Khối trưởng); - Thảo luận.",
        f"1. {names[1]} (tham luận): Kinh nghiệm tổ chức phong trào.",
        f"Câu hỏi 1. {names[2]} hỏi: Khối có mấy cờ? Phó Trưởng ban trả lời: Hai cờ.",
        ": 02. Tiêu chuẩn: Dẫn đầu khối.",
        f"- {names[0]}: ",
        "trao ngày 05/12/2026 tại Hội trường A, người nhận: Chủ tịch.",
        "- Làm sớm.",
        "- Thông qua báo cáo.",
        f"1 Gửi báo cáo hoàn chỉnh {names[3]} Phó Chủ tịch 31/12/2026",
        "Hội nghị kết thúc hồi 11 giờ 30 phút, cùng ngày.",
        "THƯ KÝ (Ký, ghi rõ họ tên)",
    ):
        assert part in text
    assert "DỰ THẢO" not in text


@pytest.mark.slow
def test_invitation_agenda_and_list_are_printed_before_the_meeting(bloc_year, head, tmp_path):
    row = make_meeting(bloc_year, by=head)
    conferences.set_agenda(row.pk, [(time(8), "Khai mạc", "Khối trưởng")], by=head)
    out = tmp_path / "giay-moi.pdf"
    code = bloc_year.bloc.code
    call_command("render_document", "conference-invitation", code, "2026", "--id", str(row.pk), "--out", str(out))
    invitation = text_of(out.read_bytes())
    for part in (
        "GIẤY MỜI Dự hội nghị tổng kết năm 2026",
        "1. Thời gian: 08 giờ, thứ Bảy, ngày 05 tháng 12 năm 2026.",
        f"- {members_of(bloc_year)[0].name};",
        "- Phó Trưởng ban.",
        "- 08:00: Khai mạc (Khối trưởng).",
    ):
        assert part in invitation
    sheet = text_of(renderings.bytes_of(row, K.ATTENDANCE_SHEET))
    assert "Họ tên, chức vụ Ký tên" in sheet
    assert all(unit.name in sheet for unit in members_of(bloc_year))
    agenda = text_of(renderings.bytes_of(row, K.CONFERENCE_AGENDA))
    assert "1 08:00 Khai mạc Khối trưởng" in agenda


@pytest.mark.slow
def test_minutes_of_the_handover_say_who_signed_and_what(bloc_year, head, meeting):
    giver, receiver = members_of(bloc_year)[:2]
    leader = make_user(Role.UNIT_LEADER, unit=receiver, post="Chủ tịch bên nhận")
    record = handovers.begin(bloc_year.pk, receiver_id=receiver.pk, by=head)
    frame = {"handed_on": date(2026, 12, 20), "place": "Hội trường A", "witness": "Chuyên viên", "note": ""}
    handovers.save(record.pk, [("document", "Sổ theo dõi", True, "01 quyển")], by=head, **frame)
    assert handover_paper.build(bloc_year).is_draft is True
    for side, user in (("giver", head), ("receiver", leader)):
        handovers.sign(record.pk, side, by=user, now=at("2026-12-20 09:00"))
    text = text_of(renderings.bytes_of(bloc_year, K.HANDOVER_MINUTES))
    for part in (
        "BIÊN BẢN Bàn giao nhiệm vụ Khối trưởng năm 2026",
        f"1. Bên giao: {giver.name}, Khối trưởng năm 2026.",
        f"2. Bên nhận: {receiver.name}.",
        "1 Sổ theo dõi Đã giao 01 quyển",
        "Bên nhận ký trên hệ thống lúc 09:00 Chủ nhật 20/12/2026: Chủ tịch bên nhận.",
        "ĐẠI DIỆN BÊN NHẬN",
    ):
        assert part in text
    assert "DỰ THẢO" not in text


# ---------------------------------------------------------------- as data


def test_meeting_recorded_on_a_later_day_has_no_hours_of_that_day(bloc_year, head):
    row = make_meeting(bloc_year, by=head)
    later = at("2026-12-08 07:46")
    conferences.start(row.pk, by=head, now=later)
    noted = attendance.note(row.pk, members_of(bloc_year)[0].pk, person="Chủ tịch", by=head, now=later)
    assert (noted.arrived_at, noted.way) == (None, "secretary")
    with pytest.raises(RuleBroken, match="ghi giờ bế mạc của ngày đó"):
        conferences.end(row.pk, by=head, now=later)

    row = conferences.end(row.pk, at=time(11, 15), by=head, now=later)

    paper = meetings.minutes(row)
    assert paper.presence.rows[0][-1] == ""
    assert paper.ending.startswith("Hội nghị kết thúc hồi 11 giờ 15 phút, cùng ngày.")


@pytest.mark.parametrize("way", ["by its day", "opened"])
def test_held_meeting_of_an_earlier_day_is_no_draft_and_invents_no_hour(bloc_year, head, way):
    with time_machine.travel(at("2026-12-08 07:46"), tick=False):
        row = make_meeting(bloc_year, by=head, starts_at=None, place="")
        if way == "opened":
            conferences.start(row.pk, by=head)
            row.refresh_from_db()
        paper = meetings.minutes(row)

    assert paper.opening.startswith("Ngày 05 tháng 12 năm 2026, Khối thi đua các Hội tổ chức")
    assert (paper.is_draft, paper.ending) == (False, "Biên bản lập thành 02 bản, có giá trị như nhau")


def test_minutes_are_a_draft_until_the_end_and_say_when_too_few_came(bloc_year, head):
    row = make_meeting(bloc_year, state="running", by=head)
    paper = meetings.minutes(row)
    assert (paper.is_draft, paper.ending) == (True, "Hội nghị chưa bế mạc.")
    assert paper.presence_sentence.startswith("Có mặt 0/04 đơn vị thành viên, chưa đủ")


def test_paper_of_the_council_carries_its_name(bloc_year):
    secretary = make_user(Role.COUNCIL_SECRETARY, bloc_year=bloc_year)
    row = conferences.call_council(
        bloc_year.year_id, by=secretary, kind="briefing", held_on=date(2026, 6, 1), quorum=2, quorum_of=3
    )
    paper = meetings.minutes(row)
    assert (paper.heading.issuer, paper.heading.symbol) == ("HỘI ĐỒNG THI ĐUA - KHEN THƯỞNG TỈNH", "/BB-HĐTĐKT")


# ---------------------------------------------------------------- the set


@pytest.mark.parametrize(
    ("kind", "draft"),
    [("covenant", ["covenant"]), ("mid_year", []), ("briefing", []), ("year_end", ["summary-report"])],
)
def test_set_holds_the_draft_that_belongs_to_the_meeting(bloc_year, head, kind, draft):
    meeting = make_meeting(bloc_year, by=head, kind=kind)
    papers = ["conference-invitation", "attendance-sheet", "conference-agenda"]
    assert kinds_of(meeting_set.request_set(meeting.pk, by=head)) == papers
    make_summary_report(bloc_year)
    make_target(bloc_year)
    assert kinds_of(meeting_set.request_set(meeting.pk, by=head)) == [*papers, *draft]


def kinds_of(batch):
    return list(batch.renderings.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("kind", "noted_at", "stands"),
    [
        ("year_end", "2026-12-05 11:00", True),
        ("year_end", "2026-12-05 11:31", False),
        ("covenant", "2026-12-05 08:00", False),
        ("mid_year", "2026-12-05 08:00", False),
    ],
)
def test_minutes_tell_what_the_board_had_said_by_the_end_of_the_year_end_conference(
    bloc_year, head, kind, noted_at, stands
):
    meeting = make_meeting(bloc_year, state="ended", by=head, kind=kind)
    staff = make_user(Role.BOARD_STAFF, bloc_year=bloc_year)
    with time_machine.travel(at(noted_at), tick=False):
        notices.notify(bloc_year.pk, "CTDT", count=2, standard="Dẫn đầu khối", by=staff)
    assert bool(meetings.minutes(meeting).notices) is stands


def test_one_button_asks_for_all_papers_and_the_zip_holds_them(client, bloc_year, head, meeting):
    make_summary_report(bloc_year)
    client.force_login(head)
    response = client.post(reverse("meeting_papers", args=[meeting.pk]))
    batch = RenderingBatch.objects.get()
    assert response.url == reverse("batch", args=[batch.pk])
    kinds = ["conference-invitation", "attendance-sheet", "conference-agenda", "summary-report"]
    assert list(batch.renderings.order_by("pk").values_list("kind", flat=True)) == kinds
    for row in batch.renderings.all():
        path = renderings.path_of(row)
        row.file, row.sha256, row.state, row.pages = f"papers/{row.pk}.pdf", "0" * 64, RenderingState.DONE, 1
        row.save()
        path = renderings.path_of(row)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-1.7")
    assert "4/4 văn bản" in main_text(client.get(response.url))
    archive = zipfile.ZipFile(io.BytesIO(content_of(client.get(reverse("batch_file", args=[batch.pk])))))
    names = archive.namelist()
    assert [name.partition("-")[2].partition(f"-{bloc_year.bloc.code}")[0] for name in names[:4]] == [
        "giay-moi-hoi-nghi", "danh-sach-ky-ten-du-hoi-nghi", "chuong-trinh-hoi-nghi", "bao-cao-tong-ket",
    ]  # fmt: skip
    assert names[4] == "bang-so-lieu.xlsx"
    assert "Đợt" not in main_text(client.get(reverse("report_list")))


def test_tables_open_again_and_hold_who_came(bloc_year, meeting):
    book = load_workbook(io.BytesIO(meeting_set.tables(meeting)))
    rows = list(book["Đơn vị dự họp"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [unit.name for unit in members_of(bloc_year)]
    assert [row[2] for row in rows] == ["Chủ tịch", "Chủ tịch", "Chủ tịch", None]
    assert book.sheetnames[:3] == ["Đơn vị dự họp", "Chỉ tiêu", "Đề nghị khen thưởng"]


# ---------------------------------------------------------------- the news


def test_news_is_made_from_the_record(client, bloc_year, head, meeting):
    judged = attachments.judge("a.png", picture())
    conferences.add_picture(meeting.pk, judged, caption="Toàn cảnh hội nghị", by=head)
    found = news.draft(meeting)
    names = [unit.name for unit in members_of(bloc_year)]
    assert found.title == "Khối thi đua các Hội tổ chức hội nghị tổng kết năm 2026"
    assert "cùng đại diện 03/04 đơn vị thành viên" in found.paragraphs[0]
    assert f"01 ý kiến, tham luận của: {names[1]}." in found.text
    assert "Hội nghị kết luận: Thông qua báo cáo." in found.paragraphs
    document = Document(io.BytesIO(word.bytes_of(meeting, K.CONFERENCE_NEWS)))
    assert f"TIN HỘI NGHỊ\n{found.title}" in [paragraph.text for paragraph in document.paragraphs]
    assert (len(document.inline_shapes), document.paragraphs[-1].text) == (1, "Toàn cảnh hội nghị")
    client.force_login(head)
    assert found.title in main_text(client.get(reverse("meeting_news", args=[meeting.pk])))


def test_news_keeps_names_and_counts_only_who_spoke(bloc_year, head, meeting):
    lines = ["UBND tỉnh giao chỉ tiêu sớm.", "Hội Nhà báo tỉnh gửi báo cáo"]
    conferences.conclude(meeting.pk, directions=lines, conclusions=[], by=head)
    unit = members_of(bloc_year)[2]
    meeting.opinions.create(kind="speech", unit=unit, position=9)  # registered, not held
    meeting.refresh_from_db()
    found = news.draft(meeting)
    assert any(
        text.endswith(": UBND tỉnh giao chỉ tiêu sớm; Hội Nhà báo tỉnh gửi báo cáo.") for text in found.paragraphs
    )
    assert "01 ý kiến, tham luận của:" in found.text
    assert unit.name not in found.text


def test_news_turns_pictures_upright_and_passes_over_broken_ones(head, meeting):
    turned, file = Image.Exif(), io.BytesIO()
    turned[ExifTags.Base.Orientation] = 6  # a phone held upright
    Image.new("RGB", (40, 20)).save(file, "JPEG", exif=turned)
    for name, content in (("dung.jpg", file.getvalue()), ("hong.png", picture())):
        conferences.add_picture(meeting.pk, attachments.judge(name, content), caption="", by=head)
    attachments.path_of(meeting.pictures.get(name="hong.png")).write_bytes(b"broken")

    document = Document(io.BytesIO(word.bytes_of(meeting, K.CONFERENCE_NEWS)))

    (shape,) = document.inline_shapes
    assert shape.height == shape.width * 2
    assert document.paragraphs[-1].text == "(Không mở được ảnh hong.png.)"


def test_news_of_a_bare_meeting_tells_nothing_that_is_not_known(bloc_year, head):
    row = make_meeting(bloc_year, by=head, place="", chair="", guests=[])
    found = news.draft(row)
    assert found.paragraphs == ()
    assert found.lead.startswith("Ngày 05/12/2026, Khối thi đua các Hội tổ chức hội nghị tổng kết")


# ---------------------------------------------------------------- the handover's page


def test_signing_asks_for_the_password_first(client, bloc_year, meeting):
    giver, receiver = members_of(bloc_year)[:2]
    user = make_user(password=PASSWORD, username="khoi-truong")
    make_seat(user, Role.BLOC_HEAD, bloc_year=bloc_year)
    client.force_login(user)
    page = reverse("handover", args=[bloc_year.pk])
    assert "Lập biên bản bàn giao" in main_text(client.get(page))
    client.post(reverse("handover_begin", args=[bloc_year.pk]), {"receiver": receiver.pk})
    today = f"{timezone.localdate():%d/%m/%Y}"
    data = {"handed_on": today, "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-kind": "flag"}
    client.post(reverse("handover_edit", args=[bloc_year.pk]), data | {"form-0-text": "Cờ luân lưu"})
    asked = client.post(reverse("handover_sign", args=[bloc_year.pk, "giver"]))
    assert asked.url.startswith(reverse("account_reauthenticate"))
    recently_confirmed(client)
    client.post(reverse("handover_sign", args=[bloc_year.pk, "giver"]))
    text = main_text(client.get(page))
    assert f"Bên giao : {giver.name} Đã ký" in text
    assert "Cờ luân lưu" in text
    assert client.post(reverse("handover_sign", args=[bloc_year.pk, "receiver"])).status_code == 404


def test_page_before_the_conference_says_what_is_missing(client, bloc_year, head):
    client.force_login(head)
    text = main_text(client.get(reverse("handover", args=[bloc_year.pk])))
    assert "Bàn giao làm từ hội nghị tổng kết trở đi; khối chưa ghi hội nghị tổng kết." in text


def test_handover_page_costs_the_same_for_one_and_three_items(client, bloc_year, head, meeting, queries_of):
    client.force_login(head)
    record = handovers.begin(bloc_year.pk, receiver_id=members_of(bloc_year)[1].pk, by=head)
    frame = {"handed_on": None, "place": "", "witness": "", "note": ""}
    handovers.save(record.pk, [("flag", "Cờ", False, "")], by=head, **frame)
    one = queries_of(reverse("handover", args=[bloc_year.pk]))
    handovers.save(record.pk, [("flag", text, False, "") for text in "abc"], by=head, **frame)
    assert queries_of(reverse("handover", args=[bloc_year.pk])) == one


def test_notice_of_the_board_stands_on_the_blocs_page(client, bloc_year, head, meeting):
    client.force_login(head)
    assert "Dẫn đầu khối" in main_text(client.get(reverse("bloc_detail", args=[bloc_year.pk])))
