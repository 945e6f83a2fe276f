"""Who gives, ends and passes on which seat; what is written about people; nobody gets at more than he keeps."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from blocs.domain import organisation, people, seats
from blocs.domain.people import PersonFields
from blocs.enums import Role
from blocs.errors import DomainError, EditedMeanwhile, NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent, Seat, User
from tests.blocs.people_rows import FIELDS, World
from tests.factories import (
    make_bloc_year,
    make_seat,
    make_user,
    members_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


# ---------------------------------------------------------------- accounts


def test_new_person_has_a_seat_a_name_to_sign_in_and_no_password(world):
    user = people.create_person(FIELDS, Role.UNIT_REPORTER, at=world.member, by=world.board)

    seat = user.seats.get()
    assert (seat.role, seat.unit, seat.valid_from) == (Role.UNIT_REPORTER, world.member, timezone.localdate())
    assert (user.username, user.has_usable_password()) == (world.member.code, False)
    actions = AuditEvent.objects.order_by("pk").values_list("action", "authority_id")
    assert list(actions) == [("people.add", world.authority.pk), ("seat.give", world.authority.pk)]


def test_generated_names_have_no_accents_and_differ(world):
    made = [people.create_person(FIELDS, Role.BOARD_STAFF, at=world.authority, by=world.board) for _ in range(2)]

    assert [user.username for user in made] == ["van-phong-hoi-nha-bao-tinh", "van-phong-hoi-nha-bao-tinh-2"]


@pytest.mark.parametrize(
    "fields",
    [
        {"post": "", "full_name": ""},
        {"email": "khong-phai-thu"},
        {"phone": "chín một hai"},
        {"username": "có khoảng trắng"},
        {"post": "x" * 201},
    ],
)
def test_bad_data_is_refused_and_nothing_is_left(world, fields):
    number = User.objects.count()

    with pytest.raises(RuleBroken):
        people.create_person(
            PersonFields(**({"post": "Chánh Văn phòng"} | fields)), Role.UNIT_REPORTER, at=world.unit, by=world.board
        )

    assert User.objects.count() == number


def test_taken_name_is_refused_whatever_its_case(world):
    make_user(username="hoi-nha-bao")

    with pytest.raises(RuleBroken, match="Đã có tài khoản"):
        people.create_person(
            PersonFields(post="A", username="Hoi-Nha-Bao"), Role.UNIT_REPORTER, at=world.unit, by=world.board
        )


def test_one_corrects_oneself_and_the_trail_says_what_changed(world):
    people.edit_person(world.reporter.pk, PersonFields(post="Chánh Văn phòng", phone="0912"), by=world.reporter)

    event = AuditEvent.objects.get()
    assert (event.action, event.after) == ("people.edit", {"Chức danh": "Chánh Văn phòng", "Điện thoại": "(đã ghi)"})


def test_the_trail_tells_that_a_number_or_address_changed_never_which(world):
    """The trail is kept for good and read by many; a number is read on the person's page, where reading is noted."""
    user = people.create_person(FIELDS, Role.UNIT_REPORTER, at=world.unit, by=world.board)
    people.edit_person(user.pk, replace(FIELDS, phone="0987 654 321", email="moi@vi-du.vn"), by=world.board)
    people.edit_person(user.pk, replace(FIELDS, phone="", email=""), by=world.board)

    told = AuditEvent.objects.filter(action__startswith="people.").order_by("pk").values_list("before", "after")
    assert [(before and before.get("Điện thoại"), after["Điện thoại"]) for before, after in told] == [
        (None, "(đã ghi)"),
        ("(đã có)", "(đã thay)"),
        ("(đã có)", ""),
    ]
    kept = " ".join(map(str, told))
    assert [text for text in ("0912 345 678", "0987 654 321", "vp@vi-du.vn", "moi@vi-du.vn") if text in kept] == []


def test_second_editor_is_told(world):
    opened = organisation.digest(people.shown(world.reporter))
    people.edit_person(world.reporter.pk, FIELDS, by=world.board)

    with pytest.raises(EditedMeanwhile):
        people.edit_person(world.reporter.pk, PersonFields(post="Khác"), by=world.reporter, opened=opened)


def test_account_with_a_seat_that_one_does_not_keep_is_out_of_reach(world):
    make_seat(world.reporter, Role.ADMINISTRATOR, authority=world.authority)

    for by in (world.board, world.leader):
        with pytest.raises(NotAllowed):
            people.edit_person(world.reporter.pk, FIELDS, by=by)
    people.edit_person(world.reporter.pk, FIELDS, by=world.admin)


# ---------------------------------------------------------------- giving and ending

GIVES = {
    "board": set(Role) - {Role.ADMINISTRATOR},
    "admin": set(Role),
    "leader": {Role.UNIT_REPORTER},
    "reporter": set(),
}


@pytest.mark.parametrize("who", GIVES)
@pytest.mark.parametrize("role", Role)
def test_one_gives_and_ends_what_one_keeps(world, who, role):
    if role == Role.BLOC_DEPUTY:
        person = make_user(Role.UNIT_REPORTER, unit=world.deputy)
    else:
        person = world.reporter if role == Role.BLOC_HEAD else make_user(Role.UNIT_REPORTER, unit=world.member)
    by, allowed = getattr(world, who), role in GIVES[who]

    try:
        seat = seats.give_seat(person.pk, role, at=world.at(role), by=by)
    except NotAllowed:
        assert not allowed
        seat = make_seat(person, role, bloc_year=world.bloc_year, unit=world.unit)
    else:
        assert allowed
    try:
        seats.end_seat(seat.pk, by=by)
    except NotAllowed:
        assert not allowed
    else:
        seat.refresh_from_db()
        assert (allowed, seat.valid_to) == (True, timezone.localdate())


def test_elsewhere_one_gives_nothing(world):
    there = make_bloc_year()

    for by in (world.board, world.admin, world.leader):
        with pytest.raises(NotAllowed):
            seats.give_seat(world.reporter.pk, Role.UNIT_REPORTER, at=members_of(there)[0].unit, by=by)


def test_seat_of_today_is_not_given_twice_and_one_that_is_over_comes_back(world):
    person = make_user(Role.UNIT_REPORTER, unit=world.member)
    with pytest.raises(RuleBroken, match="đã giữ vị trí này"):
        seats.give_seat(person.pk, Role.UNIT_REPORTER, at=world.member, by=world.board)
    yesterday = timezone.localdate() - timedelta(days=1)
    person.seats.update(valid_from=yesterday, valid_to=yesterday)

    seat = seats.give_seat(person.pk, Role.UNIT_REPORTER, at=world.member, by=world.board)

    assert (seat.valid_from, seat.valid_to, person.seats.count()) == (timezone.localdate(), None, 1)


def test_seat_that_ends_before_it_begins_is_refused(world):
    today = timezone.localdate()

    for days in ({"valid_to": today - timedelta(days=1)}, {"valid_from": today + timedelta(days=2), "valid_to": today}):
        with pytest.raises(RuleBroken):
            seats.give_seat(world.reporter.pk, Role.ASSESSOR, at=world.unit, by=world.board, **days)


def test_seat_to_come_is_taken_back_whole(world):
    tomorrow = timezone.localdate() + timedelta(days=1)
    seat = seats.give_seat(world.reporter.pk, Role.ASSESSOR, at=world.unit, by=world.board, valid_from=tomorrow)

    assert seats.end_seat(seat.pk, by=world.board) is None
    assert not Seat.objects.filter(pk=seat.pk).exists()


def test_office_of_a_bloc_goes_to_people_of_its_leading_unit(world):
    stranger = make_user(Role.UNIT_REPORTER, unit=world.member)

    with pytest.raises(RuleBroken, match="không giữ vị trí nào ở đơn vị làm Khối trưởng"):
        seats.give_seat(stranger.pk, Role.BLOC_HEAD, at=world.bloc_year, by=world.board)


def test_nobody_ends_his_own_administrator_seat_and_the_last_one_stays(world):
    own = world.admin.seats.get()
    with pytest.raises(RuleBroken, match="Không ai tự bỏ"):
        seats.end_seat(own.pk, by=world.admin)
    second = make_user(Role.ADMINISTRATOR, bloc_year=world.bloc_year)
    world.admin.is_active = False
    world.admin.save()
    second_seat = second.seats.get()

    third = make_user(Role.ADMINISTRATOR, bloc_year=world.bloc_year, is_active=True)
    third.seats.update(valid_to=timezone.localdate())
    with pytest.raises(RuleBroken, match="cuối cùng"):
        seats.end_seat(second_seat.pk, by=third)


def test_seat_that_is_over_is_not_ended_again(world):
    seat = make_seat(world.reporter, Role.ASSESSOR, unit=world.unit, valid_to=timezone.localdate() - timedelta(days=1))

    with pytest.raises(WrongState):
        seats.end_seat(seat.pk, by=world.board)


# ---------------------------------------------------------------- stopping an account


def test_stopped_account_keeps_its_seats_and_opens_again(world):
    people.set_active(world.reporter.pk, active=False, by=world.board, reason="Chuyển công tác.")
    world.reporter.refresh_from_db()
    assert (world.reporter.is_active, world.reporter.seats.count()) == (False, 1)

    people.set_active(world.reporter.pk, active=True, by=world.board, reason="Trở lại.")

    world.reporter.refresh_from_db()
    trail = AuditEvent.objects.order_by("pk").values_list("action", "note")
    assert world.reporter.is_active
    assert list(trail) == [("people.stop", "Chuyển công tác."), ("people.open", "Trở lại.")]


@pytest.mark.parametrize(
    ("who", "by", "active", "reason", "words"),
    [
        ("board", "board", False, "Lý do.", "Không ai tự ngừng"),
        ("admin", "board", False, "Lý do.", "vị trí mà bạn không quản lý"),
        ("reporter", "board", False, " ", "Cần ghi rõ lý do"),
        ("reporter", "board", True, "Lý do.", "đang dùng được"),
    ],
)
def test_account_is_not_stopped(world, who, by, active, reason, words):
    with pytest.raises(DomainError, match=words):
        people.set_active(getattr(world, who).pk, active=active, by=getattr(world, by), reason=reason)


def test_last_administrator_is_not_stopped(world):
    second = make_user(Role.ADMINISTRATOR, bloc_year=world.bloc_year)
    second.seats.update(valid_to=timezone.localdate())

    with pytest.raises(RuleBroken, match="cuối cùng"):
        people.set_active(world.admin.pk, active=False, by=second, reason="Nghỉ hưu.")


# ---------------------------------------------------------------- handing over


@pytest.mark.parametrize("role", [Role.BLOC_HEAD, Role.UNIT_LEADER])
def test_holder_hands_his_seat_to_a_colleague(world, role):
    holder = world.leader
    seat = holder.seats.get() if role == Role.UNIT_LEADER else make_seat(holder, role, bloc_year=world.bloc_year)

    given = seats.hand_over_seat(seat.pk, world.reporter.pk, by=holder)

    seat.refresh_from_db()
    today = timezone.localdate()
    assert (seat.valid_to, given.user, given.valid_from, given.valid_to) == (today, world.reporter, today, None)
    assert AuditEvent.objects.filter(action="seat.hand_over").count() == 1


def test_only_a_colleague_takes_over(world):
    stranger = make_user(Role.UNIT_REPORTER, unit=world.member)

    with pytest.raises(RuleBroken, match="cùng đơn vị"):
        seats.hand_over_seat(world.leader.seats.get().pk, stranger.pk, by=world.leader)


@pytest.mark.parametrize("role", [Role.UNIT_REPORTER, Role.ASSESSOR, Role.COUNCIL_MEMBER])
def test_other_seats_are_passed_on_by_those_who_keep_them(world, role):
    holder = make_user(role, bloc_year=world.bloc_year, unit=world.unit)

    with pytest.raises(NotAllowed):
        seats.hand_over_seat(holder.seats.get().pk, world.reporter.pk, by=holder)


def test_leader_hands_over_to_somebody_without_an_account(world):
    given, issued = people.hand_over_to_new(world.leader.seats.get().pk, FIELDS, by=world.leader)

    assert (given.role, given.unit, given.user) == (Role.UNIT_LEADER, world.unit, issued.user)
    assert issued.user.invitations.open().count() == 1


# ---------------------------------------------------------------- who sees whom


def test_list_is_the_predicate(world):
    there = World()
    former = make_user()
    make_seat(former, Role.UNIT_REPORTER, unit=world.unit, valid_to=timezone.localdate() - timedelta(days=1))
    head = make_user(Role.BLOC_HEAD, bloc_year=world.bloc_year)
    everybody = list(User.objects.all())

    for user in (world.board, world.admin, world.leader, world.reporter, head, there.board, former):
        seen = set(User.objects.visible_to(user))
        assert seen == {person for person in everybody if user.has_perm("blocs.view_person", person)}
    assert set(User.objects.visible_to(world.leader)) == {world.leader, world.reporter}


def test_kept_accounts_are_those_of_the_rule(world):
    make_seat(world.reporter, Role.BLOC_HEAD, bloc_year=world.bloc_year)
    make_seat(world.leader, Role.BLOC_HEAD, bloc_year=world.bloc_year)
    make_seat(make_user(Role.UNIT_REPORTER, unit=world.unit), Role.ASSESSOR, unit=world.unit)
    everybody = list(User.objects.all())

    for user in (world.board, world.admin, world.leader, world.reporter):
        kept = {person.pk for person in everybody if user.has_perm("blocs.keep_person", person)}
        assert seats.kept_among(everybody, by=user) == kept
    assert world.reporter.pk in seats.kept_among(everybody, by=world.leader)


def test_rights_over_many_seats_are_those_of_the_rules(world, django_assert_num_queries):
    there = World()
    for user in (world.leader, world.reporter, there.reporter):
        make_seat(user, Role.BLOC_HEAD, bloc_year=world.bloc_year)
    rows = list(Seat.objects.select_related("unit", "bloc_year__year"))

    for user in (world.board, world.admin, world.leader, world.reporter, there.board):
        with django_assert_num_queries(1):
            found = seats.rights_over(rows, by=user)
        by_rule = tuple(
            {row.pk for row in rows if user.has_perm(f"blocs.{right}_seat", row)} for right in ("keep", "pass_on")
        )
        assert found == by_rule
