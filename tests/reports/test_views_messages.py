"""The pages of the outbox and of what I was sent."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reports.domain import messages, reminders
from reports.models import Message
from tests.factories import make_year
from tests.reports.reminder_rows import make_owing
from tests.screens import make_receipts, page_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


@pytest.fixture
def world():
    found = make_owing()
    reminders.remind(DAY)
    return found


@pytest.fixture
def board(client, world):
    client.force_login(world.board)
    return client


def states():
    return sorted(Message.objects.values_list("state", flat=True))


def test_outbox_shows_each_recipient_and_his_address(board, world):
    text = page_of(board.get(reverse("outbox"))).text
    shown = [
        str(user) in text and (user.email or "chỉ báo trong hệ thống") in text
        for user in [*world.leaders, world.reporter]
    ]
    assert shown == [True] * 4


def test_board_is_told_on_its_first_page_and_in_the_menu_that_letters_wait(board, client, world):
    page = board.get(reverse("todo"))
    assert [(task.title, task.url) for task in page.context["tasks"] if "thư" in task.title] == [
        ("4 thư nhắc chờ gửi", reverse("outbox"))
    ]
    assert "Hộp chờ gửi (4 thư chờ)" in page_of(page).text
    board.post(reverse("outbox_act"), {"do": "send_all"})
    page = board.get(reverse("todo"))
    assert [task.title for task in page.context["tasks"] if "thư" in task.title] == []
    assert "thư chờ" not in page_of(page).text


def test_letters_of_another_authority_are_no_task(client, world):
    client.force_login(make_owing().board)
    page = client.get(reverse("todo"))
    assert [task.title for task in page.context["tasks"] if "thư" in task.title] == []
    assert "thư chờ" not in page_of(page).text


def test_list_shows_the_subject_that_would_go_out(board, world):
    reminders.remind(date(2026, 11, 21))
    make_receipts(world.bloc, "2026-11-21 08:00")
    digest = Message.objects.get(kind="digest", recipient=world.officer)
    for url in (reverse("outbox"), reverse("outbox_message", args=[digest.pk])):
        text = page_of(board.get(url)).text
        assert ("Còn thiếu 2 việc đã đến hạn" in text, "Còn thiếu 3 việc đã đến hạn" in text) == (True, False)


def test_outbox_says_which_blocs_have_no_desk_officer(board, world):
    assert "chưa có chuyên viên theo dõi" not in page_of(board.get(reverse("outbox"))).text
    world.bloc.desk_officer = None
    world.bloc.save()
    text = page_of(board.get(reverse("outbox"))).text
    assert "1 cụm, khối năm 2026 chưa có chuyên viên theo dõi" in text
    assert world.bloc.name in text


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({}, 4),
        ({"kind": "due"}, 4),
        ({"kind": "digest"}, 0),
        ({"on": "20/11/2026"}, 4),
        ({"on": "21/11/2026"}, 0),
        ({"state": "sent"}, 0),
        ({"state": "tat-ca"}, 4),
        ({"officer": "toi"}, 0),
        ({"q": "chuc danh so"}, 4),
        ({"q": "khong ai"}, 0),
    ],
)
def test_filter_of_the_outbox(board, query, number):
    assert board.get(reverse("outbox"), query).context["page"].paginator.count == number


def test_filter_by_desk_officer(board, world):
    page = board.get(reverse("outbox"), {"officer": world.officer.pk}).context["page"]
    assert page.paginator.count == 4


@pytest.mark.parametrize("chosen", ["9" * 30, "9" * 5000, "²", "-1"])
def test_id_that_no_letter_can_have_chooses_nothing(board, chosen):
    before = states()
    answer = board.post(reverse("outbox_act"), {"do": "cancel", "chosen": chosen, "note": "x"}, follow=True)
    assert "Chưa chọn thư nào" in page_of(answer).text
    assert states() == before


def test_chosen_letters_are_sent(board, world):
    letter = Message.objects.get(recipient=world.leaders[0])
    answer = board.post(reverse("outbox_act"), {"do": "send", "chosen": [letter.pk]}, follow=True)
    assert states() == ["sending", "waiting", "waiting", "waiting"]
    assert "Đang gửi 1 thư" in page_of(answer).text


def test_all_that_the_filter_shows_are_sent(board, world):
    board.post(reverse("outbox_act"), {"do": "send_all", "q": world.leaders[0].post})
    assert states() == ["sending", "waiting", "waiting", "waiting"]
    board.post(reverse("outbox_act"), {"do": "send_all"})
    assert states() == ["sending"] * 4


def test_letters_are_taken_away_with_a_reason(board):
    ids = list(Message.objects.values_list("pk", flat=True))
    answer = board.post(reverse("outbox_act"), {"do": "cancel", "chosen": ids}, follow=True)
    assert ("Cần ghi rõ lý do" in page_of(answer).text, states()) == (True, ["waiting"] * 4)
    board.post(reverse("outbox_act"), {"do": "cancel", "chosen": ids, "note": "Đã gọi."})
    assert states() == ["cancelled"] * 4


def test_letters_of_another_authority_are_not_sent(board):
    make_owing()
    reminders.remind(DAY)
    foreign = Message.objects.latest("pk")
    board.post(reverse("outbox_act"), {"do": "send", "chosen": [foreign.pk, "x"]})
    foreign.refresh_from_db()
    assert foreign.state == "waiting"


def test_second_editor_chooses(board, world):
    letter = Message.objects.get(recipient=world.leaders[0])
    messages.edit(letter.pk, "Bản của người kia", "Lời kia", 0, by=world.officer)
    url, mine = reverse("outbox_message", args=[letter.pk]), {"subject": "Bản của tôi", "body": "Lời tôi", "version": 0}
    answer = board.post(url, mine)
    assert (answer.status_code, "Bản của người kia" in page_of(answer).text) == (409, True)
    assert board.post(url, mine | {"over": 1}).status_code == 302
    letter.refresh_from_db()
    assert (letter.subject, letter.version) == ("Bản của tôi", 2)


def test_board_prepares_letters_from_its_filter(board, world):
    url, chosen = reverse("outbox_prepare"), {"code": "unit-report"}
    page = page_of(board.post(url, chosen)).text
    assert "3 việc còn thiếu, 4 người nhận" in page
    board.post(url, chosen | {"text": "Đề nghị gửi báo cáo."})
    assert Message.objects.filter(kind="letter", body="Đề nghị gửi báo cáo.", state="waiting").count() == 4


def test_letter_is_read_by_opening_it(client, world):
    letter = Message.objects.get(recipient=world.leaders[0])
    messages.begin([letter], by=None)
    messages.deliver(letter.pk)
    client.force_login(world.leaders[0])
    assert "(1 chưa đọc)" in page_of(client.get(reverse("message_list"))).text
    assert world.units[0].name in page_of(client.get(reverse("message_detail", args=[letter.pk]))).text
    assert "chưa đọc)" not in page_of(client.get(reverse("message_list"))).text


@pytest.mark.parametrize("name", ["outbox", "message_list"])
def test_list_costs_the_same_for_any_number(client, name):
    year, found = make_year(), {}
    for number in (1, 3):
        while year.bloc_years.count() < number:
            world = make_owing(year)
        Message.objects.all().delete()
        reminders.remind(DAY)
        if name == "message_list":
            Message.objects.update(state="sent", sent_at=timezone.now(), recipient=world.board)
        client.force_login(world.board)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name))
        found[number] = len(queries)
    assert found[1] == found[3]
