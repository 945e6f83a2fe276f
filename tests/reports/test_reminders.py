"""Who is reminded on which day: the clock, the seats, once a day whatever runs twice."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs.domain import grants
from blocs.enums import OwedBy, Role
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import Obligation
from reports import tasks
from reports.domain import messages, reminders
from reports.models import Message, Reminder
from tests.at_once import needs_row_locks, two_at_once
from tests.factories import at, make_bloc_year, make_milestone, make_seat, make_user, make_year
from tests.reports.reminder_rows import letters, make_owing
from tests.screens import make_receipts

pytestmark = pytest.mark.django_db
DUE_DAY = date(2026, 11, 20)


def told(world, day):
    """{kind: the people of this world who were told}"""
    reminders.remind(day)
    names = {
        user.pk: name for name in ("reporter", "head", "deputy", "officer", "board") for user in [getattr(world, name)]
    }
    names |= {user.pk: f"leader{number}" for number, user in enumerate(world.leaders, 1)}
    found = {}
    for kind, person in letters():
        found.setdefault(kind, set()).add(names[person])
    return found


UNITS = {"reporter", "leader1", "leader2", "leader3"}
WATCH = {"head", "deputy", "officer"}


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-8, {}),
        (-7, {"reminder": UNITS}),
        (-6, {}),
        (-1, {}),
        (0, {"due": UNITS}),
        (1, {"digest": WATCH}),
        (5, {"digest": WATCH}),  # locks at 17:00 of this day
        (6, {}),
    ],
)
def test_day_decides_who_is_told(days, expected):
    assert told(make_owing(), DUE_DAY + timedelta(days=days)) == expected


@pytest.mark.parametrize(("days", "expected"), [(-7, {"reminder": UNITS}), (0, {"due": UNITS}), (1, {})])
def test_what_only_closes_is_told_by_the_day_of_the_lock(days, expected):
    world = make_owing(due=None, locks="2026-11-20 17:00")
    assert told(world, DUE_DAY + timedelta(days=days)) == expected


def test_without_a_lock_the_digest_ends_with_the_year():
    world = make_owing(locks=None)
    assert told(world, date(2026, 12, 31)) == {"digest": WATCH}
    Message.objects.all().delete()
    assert told(world, date(2027, 1, 1)) == {}


@pytest.mark.parametrize(("days", "left"), [(-7, {"leader2", "leader3"}), (0, {"leader2", "leader3"})])
def test_who_has_delivered_hears_nothing(days, left):
    world = make_owing()
    make_receipts(world.bloc, "2026-11-01 09:00")
    assert set().union(*told(world, DUE_DAY + timedelta(days=days)).values()) == left


def test_when_all_have_delivered_nobody_gets_a_digest():
    world = make_owing()
    make_receipts(world.bloc, *["2026-11-01 09:00"] * 3)
    assert told(world, DUE_DAY + timedelta(days=1)) == {}


def test_extension_moves_the_days_of_one_unit():
    world = make_owing()
    row = Obligation.objects.get(unit=world.units[1])
    grants.extend(
        row.pk, by=world.board, due_at=at("2026-11-27 17:00"), locks_at=at("2026-11-30 17:00"), reason="Bão lũ."
    )
    assert told(world, DUE_DAY) == {"due": UNITS - {"leader2"}, "reminder": {"leader2"}}


def test_year_in_preparation_is_quiet():
    world = make_owing(make_year())
    world.year.is_open = False
    world.year.save()
    assert told(world, DUE_DAY) == {}


@pytest.mark.parametrize(
    ("owed_by", "expected"),
    [
        (OwedBy.HEAD, {"head", "deputy"}),
        (OwedBy.BOARD, {"officer"}),
        (OwedBy.OWNER, {"owner"}),
        (OwedBy.ASSESSOR, {"assessor"}),
    ],
)
def test_letter_goes_to_those_who_owe(owed_by, expected):
    world = make_owing()
    owner = make_user(Role.MOVEMENT_OWNER, unit=world.units[0])
    assessor = make_user(Role.ASSESSOR, unit=world.units[0])
    Obligation.objects.exclude(unit=world.units[0]).delete()
    Obligation.objects.update(owed_by=owed_by)
    reminders.remind(DUE_DAY)
    people = {
        "head": world.head,
        "deputy": world.deputy,
        "officer": world.officer,
        "owner": owner,
        "assessor": assessor,
    }
    assert {row.recipient for row in Message.objects.all()} == {people[name] for name in expected}


def test_without_a_desk_officer_all_the_board_owes():
    world = make_owing()
    world.bloc.desk_officer = None
    world.bloc.save()
    Obligation.objects.exclude(unit=world.units[0]).delete()
    Obligation.objects.update(owed_by=OwedBy.BOARD)
    assert told(world, DUE_DAY) == {"due": {"board", "officer"}}


def test_without_a_desk_officer_the_digest_goes_to_the_head_alone():
    world = make_owing()
    world.bloc.desk_officer = None
    world.bloc.save()
    assert told(world, DUE_DAY + timedelta(days=1)) == {"digest": {"head", "deputy"}}


def test_closed_account_and_ended_seat_hear_nothing():
    world = make_owing()
    world.leaders[0].is_active = False
    world.leaders[0].save()
    world.leaders[1].seats.update(valid_to=DUE_DAY - timedelta(days=1))
    world.leaders[2].seats.update(valid_from=DUE_DAY + timedelta(days=1))
    assert told(world, DUE_DAY) == {"due": {"reporter"}}


def test_one_letter_holds_all_that_a_person_owes_that_day():
    world = make_owing()
    make_milestone(world.bloc, "registration", due="2026-11-20 09:00", locks="2026-11-25 17:00")
    reminders.remind(DUE_DAY)
    letter = Message.objects.get(recipient=world.leaders[0])
    assert letter.reminders.count() == 2


def test_officer_gets_one_digest_over_all_his_blocs():
    world = make_owing()
    other = make_bloc_year(world.year, desk_officer=world.officer)
    make_milestone(other, due="2026-11-20 17:00", locks="2026-11-25 17:00")
    reminders.remind(DUE_DAY + timedelta(days=1))
    letter = Message.objects.get(recipient=world.officer)
    assert letter.reminders.count() == 6


@pytest.mark.parametrize("days", [-7, 0, 1])
def test_task_twice_makes_nothing_double(days):
    make_owing()
    day = DUE_DAY + timedelta(days=days)
    reminders.remind(day)
    once = (letters(), Reminder.objects.count())
    assert reminders.remind(day) == []
    assert (letters(), Reminder.objects.count()) == once


def test_what_is_new_later_in_the_day_makes_no_second_letter():
    world = make_owing()
    reminders.remind(DUE_DAY)
    make_milestone(world.bloc, "registration", due="2026-11-20 09:00", locks="2026-11-25 17:00")
    once = letters()
    reminders.remind(DUE_DAY)
    assert letters() == once


def waiting(person):
    """[(kind, day)] of the letters that wait for a person."""
    rows = Message.objects.filter(recipient=person, state="waiting").order_by("on", "kind")
    return [(row.kind, row.on) for row in rows]


def test_digests_that_nobody_sent_do_not_pile_up():
    world = make_owing()
    days = [DUE_DAY + timedelta(days=number) for number in range(1, 6)]
    for day in days:
        reminders.remind(day)
    assert [waiting(person) for person in (world.head, world.officer)] == [[("digest", days[-1])]] * 2
    older = Message.objects.filter(recipient=world.head, state="cancelled")
    assert ({row.error for row in older}, older.count()) == ({messages.REPLACED}, 4)


def test_after_the_lock_no_digest_of_an_earlier_day_waits():
    world = make_owing()
    reminders.remind(DUE_DAY + timedelta(days=5))
    reminders.remind(DUE_DAY + timedelta(days=6))
    assert waiting(world.head) == []


def test_reminder_is_not_kept_after_its_day_has_come():
    """On the day itself another letter says so."""
    world = make_owing()
    before = DUE_DAY - timedelta(days=7)
    reminders.remind(before)
    reminders.remind(DUE_DAY - timedelta(days=1))
    assert waiting(world.leaders[0]) == [("reminder", before)]
    reminders.remind(DUE_DAY)
    assert waiting(world.leaders[0]) == [("due", DUE_DAY)]
    assert Message.objects.get(recipient=world.leaders[0], kind="reminder").error == messages.PASSED


def test_reminder_of_an_extended_thing_still_waits():
    world = make_owing()
    reminders.remind(DUE_DAY - timedelta(days=7))
    row = Obligation.objects.get(unit=world.units[0])
    days = {"due_at": at("2026-11-24 17:00"), "locks_at": at("2026-11-30 17:00")}
    grants.extend(row.pk, by=world.board, reason="Bão lũ.", **days)
    reminders.remind(DUE_DAY)
    assert [kind for kind, _ in waiting(world.leaders[0])] == ["reminder"]


@pytest.mark.parametrize("state", ["sending", "sent", "failed"])
def test_only_what_waits_is_taken_away(state):
    make_owing()
    reminders.remind(DUE_DAY + timedelta(days=1))
    Message.objects.update(state=state, sent_at=at("2026-11-21 08:00"))
    reminders.remind(DUE_DAY + timedelta(days=2))
    assert set(Message.objects.filter(on=DUE_DAY + timedelta(days=1)).values_list("state", flat=True)) == {state}


def test_letters_of_the_board_and_of_other_authorities_wait_on():
    world, far = make_owing(), make_owing()
    reminders.remind(DUE_DAY + timedelta(days=1))
    owed = Obligation.objects.filter(bloc_year=world.bloc)
    reminders.prepare_letters(owed, "Đề nghị gửi.", year=world.year, by=world.board)
    messages.retire(world.year.authority, date(2027, 2, 1))
    assert [kind for kind, _ in waiting(world.leaders[0])] == ["letter"]
    assert [kind for kind, _ in waiting(far.head)] == ["digest"]


@pytest.mark.django_db(transaction=True)
@needs_row_locks
def test_two_at_once_make_nothing_double():
    world = make_owing()

    two_at_once(lambda _: len(reminders.remind(DUE_DAY)), [1, 2])

    people = sorted(user.pk for user in [world.reporter, *world.leaders])
    assert letters() == [("due", pk) for pk in people]


def test_authority_that_trusts_the_schedule_sends_at_once(mailoutbox):
    world = make_owing()
    world.year.authority.sends_reminders = True
    world.year.authority.save()
    ids = reminders.remind(DUE_DAY)
    assert sorted(ids) == sorted(Message.objects.values_list("pk", flat=True))
    assert set(Message.objects.values_list("state", "sent_by")) == {("sending", None)}
    for message_id in ids:
        tasks.deliver(message_id=message_id)
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(user.email for user in world.leaders)


def test_cost_does_not_grow_with_the_people():
    found = {}
    for number in (1, 3):
        year = make_year()
        for _ in range(number):
            make_owing(year)
        with CaptureQueriesContext(connection) as queries:
            reminders._remind_authority(year.authority_id, DUE_DAY)
        found[number] = len(queries)
    assert found[1] == found[3]


# ---------------------------------------------------------------- by the board


def test_letters_to_those_who_are_missing_wait():
    world = make_owing()
    make_receipts(world.bloc, "2026-11-01 09:00")
    made = reminders.prepare_letters(Obligation.objects.all(), "Đề nghị gửi báo cáo.", year=world.year, by=world.board)
    assert {row.recipient for row in made} == set(world.leaders[1:])
    assert {row.state for row in made} == {"waiting"}
    with pytest.raises(RuleBroken, match="Không có ai để nhắc"):
        reminders.prepare_letters(Obligation.objects.all(), "Nhắc lại.", year=world.year, by=world.board)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.BOARD_STAFF])
def test_others_prepare_no_letters(role):
    world = make_owing()
    user = make_user()
    make_seat(user, role, bloc_year=world.bloc)
    with pytest.raises(NotAllowed):
        reminders.prepare_letters(Obligation.objects.all(), "Lời.", year=world.year, by=user)


def test_letter_needs_words():
    world = make_owing()
    with pytest.raises(RuleBroken):
        reminders.prepare_letters(Obligation.objects.all(), "  ", year=world.year, by=world.board)


def test_preview_says_whom_nobody_answers_for():
    world = make_owing()
    world.leaders[1].seats.all().delete()
    things, people, nobody = reminders.preview(Obligation.objects.all())
    assert (things, people, [row.unit for row in nobody]) == (3, 3, [world.units[1]])
