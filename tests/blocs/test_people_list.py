"""People as a list: the same rules as on the pages, a preview for each row, all or none."""

import pytest

from blocs.domain import people_list
from blocs.domain.plans import Entry
from blocs.enums import Role
from blocs.errors import NotAllowed
from blocs.models import AuditEvent, User
from tests.factories import make_bloc_year, make_seat, make_user, members_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    bloc_year = make_bloc_year()
    return bloc_year.year, members_of(bloc_year)[2], make_user(Role.BOARD_STAFF, bloc_year=bloc_year)


def entry(number=2, **values):
    return Entry(f"dòng {number}", dict.fromkeys(people_list.LABELS, "") | values)


def states(lines):
    return [line.state for line in lines]


def reasons(lines):
    return [fault.message for line in lines for fault in line.faults]


REPORTER = Role.UNIT_REPORTER.label


def test_rows_are_new_then_unchanged_then_changed(world):
    year, unit, board = world
    row = {"unit": unit.name.upper(), "role": REPORTER, "post": "Văn phòng", "phone": "0912 000 111"}

    first = people_list.apply(year.authority, year, [entry(**row)], by=board)
    again = people_list.apply(year.authority, year, [entry(**row)], by=board)
    changed = people_list.apply(year.authority, year, [entry(**(row | {"phone": "0913"}))], by=board)

    user = User.objects.get(post="Văn phòng")
    assert states([*first, *again, *changed]) == ["new", "unchanged", "changed"]
    assert (user.phone, user.seats.get().unit, user.has_usable_password()) == ("0913", unit.unit, False)


def test_new_seat_of_a_known_person_is_a_change(world):
    year, unit, board = world
    user = make_user(Role.UNIT_REPORTER, unit=unit, post="Văn phòng")

    lines = people_list.apply(
        year.authority,
        year,
        [entry(username=user.username, unit=unit.unit.code, role=Role.UNIT_LEADER.label)],
        by=board,
    )

    assert states(lines) == ["changed"]
    assert set(user.seats.values_list("role", flat=True)) == {Role.UNIT_REPORTER, Role.UNIT_LEADER}


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"role": "Giám đốc"}, "không có vai trò này"),
        ({"role": "Khối trưởng"}, "theo đơn vị dẫn đầu khối"),
        ({"role": REPORTER}, "cần ghi mã hoặc tên đơn vị"),
        ({"role": REPORTER, "unit": "khong-co"}, "năm này không có đơn vị"),
        ({"role": Role.BOARD_STAFF.label, "unit": "khong-co"}, "không gắn với đơn vị"),
        ({"role": Role.BOARD_STAFF.label}, "Cần ghi chức danh hoặc họ tên"),
        ({"role": Role.BOARD_STAFF.label, "post": "A", "email": "sai"}, "thư điện tử viết như"),
        ({"role": Role.ADMINISTRATOR.label, "post": "A"}, "không được cấp vị trí"),
    ],
)
def test_faulty_row_says_why_and_writes_nothing(world, values, why):
    year, _, board = world
    number = User.objects.count()

    lines = people_list.apply(year.authority, year, [entry(**values)], by=board)

    assert (states(lines), why in " ".join(reasons(lines))) == (["faulty"], True)
    assert User.objects.count() == number


def test_account_of_another_authority_is_not_shown(world):
    year, unit, board = world
    stranger = make_user(Role.UNIT_LEADER, post="Bí mật", phone="0999")

    lines = people_list.apply(
        year.authority,
        year,
        [entry(username=stranger.username, unit=unit.unit.code, role=REPORTER, post="A")],
        by=board,
    )

    assert (states(lines), "Bí mật" in repr(lines)) == (["faulty"], False)


def test_administrator_is_not_changed_by_the_board(world):
    year, unit, board = world
    both = make_user(Role.UNIT_REPORTER, unit=unit, post="Văn phòng")
    make_seat(both, Role.ADMINISTRATOR, authority=year.authority)

    lines = people_list.apply(
        year.authority,
        year,
        [entry(username=both.username, unit=unit.unit.code, role=REPORTER, email="x@vi-du.vn")],
        by=board,
    )

    assert states(lines) == ["faulty"]


def test_same_row_twice_is_refused(world):
    year, unit, board = world
    row = {"username": "van-phong", "unit": unit.unit.code, "role": REPORTER, "post": "Văn phòng"}

    assert states(people_list.apply(year.authority, year, [entry(2, **row), entry(3, **row)], by=board)) == [
        "new",
        "faulty",
    ]


def test_list_comes_out_as_it_goes_in_and_reading_it_is_noted(world):
    year, unit, board = world
    make_user(Role.UNIT_REPORTER, unit=unit, post="Văn phòng", phone="0912")

    rows = people_list.rows(year.authority, year, by=board)

    assert states(people_list.apply(year.authority, year, [entry(**row) for row in rows], by=board)) == [
        "unchanged"
    ] * len(rows)
    assert AuditEvent.objects.filter(action="people.read").count() == 1


def test_stranger_gets_nothing(world):
    year, unit, _ = world

    for user in (make_user(Role.UNIT_LEADER, unit=unit), make_user(Role.BOARD_STAFF)):
        with pytest.raises(NotAllowed):
            people_list.rows(year.authority, year, by=user)
        with pytest.raises(NotAllowed):
            people_list.apply(year.authority, year, [], by=user)
