"""The pages about people: what they show, what they do, what they leave in the trail."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from blocs.domain import invitation_slips, invitations
from blocs.enums import Role
from blocs.models import AuditEvent, Invitation, RetentionClass, User
from tests.factories import make_bloc_year, make_seat, make_unit_year, make_user, members_of
from tests.screens import main_text, messages_of, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc_year():
    return make_bloc_year()


@pytest.fixture
def board(client, bloc_year):
    user = make_user(Role.BOARD_STAFF, bloc_year=bloc_year, post="Chuyên viên")
    client.force_login(user)
    return user


def reporter(bloc_year, **columns):
    return make_user(Role.UNIT_REPORTER, unit=members_of(bloc_year)[0], **columns)


# ---------------------------------------------------------------- the list


@pytest.mark.usefixtures("board")
def test_list_is_searched_and_filtered(client, bloc_year):
    unit = make_unit_year(bloc_year.year, name="Hội Nhà báo tỉnh")
    found = make_user(Role.UNIT_REPORTER, unit=unit, post="Văn phòng", email="vp@vi-du.vn")
    other = reporter(bloc_year, post="Chánh Thanh tra", last_login=timezone.now())

    def shown(**query):
        text = main_text(client.get(reverse("people"), query))
        return [person for person in (found, other) if person.post in text]

    assert shown() == [found, other]
    assert shown(q="hoi nha bao") == [found]
    assert shown(q="thanh tra") == [other]
    assert shown(role="board_staff") == []
    assert shown(bloc=bloc_year.pk) == [other]
    assert shown(state="chua-vao") == [found]
    assert shown(state="khong-thu") == [other]


def test_numbers_are_shown_on_demand_and_noted(client, bloc_year, board):
    person = reporter(bloc_year, phone="0912 345 678")
    plain = main_text(client.get(reverse("people")))
    events = AuditEvent.objects.count()

    full = main_text(client.get(reverse("people"), {"lien-he": "1"}))

    assert ("0912 345 678" in plain, events, "0912 345 678" in full) == (False, 0, True)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id, event.after) == ("people.read", board.pk, {"users": [person.pk]})


@pytest.mark.parametrize("name", ["people", "unit_people", "bloc_people", "person", "my_profile"])
def test_queries_do_not_grow_with_rows(client, bloc_year, name):
    unit = members_of(bloc_year)[0]
    roles = {"unit_people": Role.UNIT_LEADER}
    user = make_user(roles.get(name, Role.BOARD_STAFF), bloc_year=bloc_year, unit=unit)
    client.force_login(user)
    person = user if name == "my_profile" else reporter(bloc_year)
    args = {"bloc_people": [bloc_year.pk], "person": [person.pk]}.get(name, [])
    counts = []
    more_seats(bloc_year, person)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name, args=args)).status_code == 200
        counts.append(len(queries))
        for _ in range(3):
            more_seats(bloc_year, person)
            invitations.invite(reporter(bloc_year).pk, by=make_user(Role.ADMINISTRATOR, bloc_year=bloc_year))

    assert counts[0] == counts[1]


def more_seats(bloc_year, person):
    """The person in three more places; a colleague with an office."""
    there = make_bloc_year(bloc_year.year)
    make_seat(person, Role.BLOC_HEAD, bloc_year=there)
    make_seat(person, Role.UNIT_LEADER, unit=members_of(there)[0])
    make_seat(person, Role.ASSESSOR, unit=members_of(there)[1])
    make_seat(reporter(bloc_year), Role.BLOC_HEAD, bloc_year=bloc_year)


@pytest.mark.usefixtures("board")
def test_workbook_holds_what_the_page_shows(client, bloc_year):
    reporter(bloc_year, post="Chánh Thanh tra")
    reporter(bloc_year, post="Văn thư")

    content = client.get(reverse("workbook_file", args=["people"]), {"q": "thanh tra"}).content

    rows = list(load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True))
    assert ["Chánh Thanh tra" in row for row in rows[1:]] == [True]


# ---------------------------------------------------------------- the way in


def test_slips_show_each_code_once_and_store_it_nowhere(client, bloc_year, board):
    people = [reporter(bloc_year, post=f"Người {number}") for number in range(3)]

    page = client.post(reverse("people_invite"), {"person": [row.pk for row in people], "how": "slip"})

    codes = [slip["issued"].code for slip in page.context["slips"]]
    html = page.content.decode()
    assert [html.count(code) for code in codes] == [1, 1, 1]
    assert html.count('src="data:image/svg+xml;base64,') == 3
    assert "no-store" in page["Cache-Control"]
    kept = repr([*Invitation.objects.values(), *AuditEvent.objects.values()])
    assert [code for code in codes if code in kept or code.replace("-", "") in kept] == []
    assert "Đã cấp, chưa dùng" in main_text(client.get(reverse("people")))


def test_letters_go_to_those_with_an_address_and_slips_to_the_others(client, bloc_year, board):
    written = reporter(bloc_year, post="Có thư", email="vp@vi-du.vn")
    without = reporter(bloc_year, post="Không thư")

    page = client.post(reverse("people_invite"), {"person": [written.pk, without.pk], "how": "mail"})

    letter = mail.outbox[0]
    assert ([slip["issued"].user for slip in page.context["slips"]], letter.to) == ([without], ["vp@vi-du.vn"])
    assert f"{invitation_slips.address()}#" in letter.body
    assert (written.username in letter.body, board.post in letter.body) == (True, True)


def test_link_keeps_its_code_behind_the_mark_that_no_server_sees(bloc_year, board):
    issued = invitations.invite(reporter(bloc_year).pk, by=board)

    address, _, code = invitation_slips.link(issued).partition("#")

    assert (address, code) == (invitation_slips.address(), issued.code)
    assert issued.code not in repr(issued)


def test_one_person_out_of_reach_stops_the_whole_batch(client, bloc_year, board):
    near = reporter(bloc_year)
    far = make_user(Role.ADMINISTRATOR, bloc_year=bloc_year)

    page = client.post(reverse("people_invite"), {"person": [near.pk, far.pk], "how": "slip"}, follow=True)

    assert messages_of(page)[0].startswith("Chưa cấp cho ai.")
    assert not Invitation.objects.exists()


@pytest.mark.usefixtures("board")
def test_strangers_in_a_batch_are_not_there(client, bloc_year):
    stranger = make_user(Role.UNIT_REPORTER)

    page = client.post(reverse("people_invite"), {"person": [stranger.pk, "x", ""], "how": "slip"}, follow=True)

    assert messages_of(page) == ["Chưa chọn người nào."]


def test_wrong_codes_are_limited(client):
    said = [client.post(reverse("invitation"), {"code": f"AAAA-{n}"}).status_code for n in range(11)]

    assert said == [422] * 10 + [429]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"used_at": timezone.now()}, "đã dùng lúc"),
        ({"revoked_at": timezone.now()}, "thu hồi lúc"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "đã hết hạn lúc"),
    ],
)
def test_closed_ways_say_why_and_whom_to_ask(client, bloc_year, board, change, words):
    issued = invitations.invite(reporter(bloc_year).pk, by=board)
    Invitation.objects.update(**change)
    client.logout()

    text = main_text(client.post(reverse("invitation"), {"code": issued.code}))

    assert (words in text, f"Hãy hỏi người đã cấp: {board}." in text) == (True, True)


# ---------------------------------------------------------------- a unit's leader, a head


def test_leader_adds_his_reporter_and_prints_the_slip(client, bloc_year):
    unit = members_of(bloc_year)[0]
    client.force_login(make_user(Role.UNIT_LEADER, unit=unit))
    form = {"role": "unit_reporter", "unit": unit.pk, "post": "Văn thư"}

    client.post(reverse("person_add"), form)

    user = User.objects.get(post="Văn thư")
    slips = client.post(reverse("people_invite"), {"person": [user.pk], "how": "slip", "from": "unit_people"})
    assert (user.seats.get().role, len(slips.context["slips"])) == (Role.UNIT_REPORTER, 1)
    assert "Văn thư" in main_text(client.get(reverse("unit_people")))


@pytest.mark.parametrize("form", [{"role": "unit_leader"}, {"role": "board_staff"}, {"unit": "other"}])
def test_leader_gives_nothing_else(client, bloc_year, form):
    mine, other = members_of(bloc_year)[:2]
    client.force_login(make_user(Role.UNIT_LEADER, unit=mine))
    data = {"role": "unit_reporter", "unit": mine.pk, "post": "Văn thư"} | form
    data["unit"] = other.pk if data["unit"] == "other" else data["unit"]

    assert client.post(reverse("person_add"), data).status_code == 422
    assert not User.objects.filter(post="Văn thư").exists()


def test_leader_hands_his_seat_to_somebody_new_and_prints_the_slip(client, bloc_year):
    leader = make_user(Role.UNIT_LEADER, unit=members_of(bloc_year)[0])
    client.force_login(leader)

    page = client.post(reverse("seat_hand_over", args=[leader.seats.get().pk]), {"post": "Lãnh đạo mới"})

    new = User.objects.get(post="Lãnh đạo mới")
    assert set(new.seats.values_list("role", flat=True)) == {Role.UNIT_LEADER, Role.UNIT_REPORTER}
    assert [slip["issued"].user for slip in page.context["slips"]] == [new]


def test_head_hands_his_seat_to_a_colleague(client, bloc_year):
    head, colleague = reporter(bloc_year), reporter(bloc_year)
    seat = make_seat(head, Role.BLOC_HEAD, bloc_year=bloc_year)
    client.force_login(head)
    link = reverse("seat_hand_over", args=[seat.pk])
    on_page = link in client.get(reverse("bloc_people", args=[bloc_year.pk])).content.decode()

    client.post(link, {"to": colleague.pk})

    assert (on_page, colleague.seats.filter(role=Role.BLOC_HEAD).exists()) == (True, True)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("seat_end", "Đây là vị trí cuối ở đơn vị, nên cũng kết thúc: “Khối trưởng · "),
        ("seat_hand_over", "Chuyển theo cho người nhận: “Khối trưởng · "),
    ],
)
@pytest.mark.usefixtures("board")
def test_confirmation_names_the_offices_that_go_along(client, bloc_year, name, words):
    person = make_user(Role.UNIT_LEADER, unit=members_of(bloc_year)[0])
    link = reverse(name, args=[person.seats.get().pk])
    before = main_text(client.get(link))
    make_seat(person, Role.BLOC_HEAD, bloc_year=bloc_year)

    assert (words in before, words in main_text(client.get(link))) == (False, True)


# ---------------------------------------------------------------- the seat in which one works


def test_seat_narrows_what_is_shown_and_not_what_one_may(client, bloc_year):
    user = make_user(Role.BOARD_STAFF, bloc_year=bloc_year)
    seat = make_seat(user, Role.UNIT_LEADER, unit=members_of(bloc_year)[0])
    client.force_login(user)
    everything = page_of(client.get("/")).text

    client.post(reverse("choose_seat"), {"seat": seat.pk, "next": "/"})
    narrow = page_of(client.get("/")).text
    client.post(reverse("choose_seat"), {"seat": "", "next": "/"})

    assert ["Bảng toàn tỉnh" in text for text in (everything, narrow, page_of(client.get("/")).text)] == [
        True,
        False,
        True,
    ]
    client.post(reverse("choose_seat"), {"seat": seat.pk})
    assert client.get(reverse("board")).status_code == 200


def test_seat_of_somebody_else_or_over_is_not_chosen(client, bloc_year):
    user, other = reporter(bloc_year), reporter(bloc_year)
    over = make_seat(user, Role.ASSESSOR, unit=members_of(bloc_year)[0], valid_to=timezone.localdate() - timedelta(1))
    client.force_login(user)

    found = [client.post(reverse("choose_seat"), {"seat": row.pk}).status_code for row in (other.seats.get(), over)]

    assert found == [404, 404]


def test_own_data_and_their_terms_are_shown_to_oneself(client, bloc_year):
    client.force_login(reporter(bloc_year, post="Văn thư", phone="0912"))

    page = client.get(reverse("my_profile"))

    text = main_text(page)
    assert 'value="0912"' in page.content.decode()
    assert [row.name in text for row in RetentionClass.objects.all()] == [True] * 5
