"""What an officer grants about one thing that is owed, and what is written down about it by hand."""

import pytest
import time_machine

from blocs.domain import grants, obligations, receipts
from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import AuditEvent, Extension, Receipt, Waiver
from tests.blocs.rule_rows import make_rule_set
from tests.blocs.test_obligations import DUE, LOCKS, of, sent
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_seat,
    make_unit_report,
    make_user,
    members_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc_year():
    row = make_bloc_year()
    make_milestone(row, due=DUE, locks=LOCKS)
    return row


@pytest.fixture
def staff(bloc_year):
    return make_user(Role.BOARD_STAFF, bloc_year=bloc_year)


def test_extension_is_of_one_unit_only(bloc_year, staff):
    given, other = members_of(bloc_year)[1:]
    grants.extend(of(bloc_year, unit=given).pk, by=staff, locks_at=at("2026-12-05 17:00"), reason="Bão số 9")
    reports = [make_unit_report(bloc_year, unit=unit, whole=True) for unit in (given, other)]
    sent(reports[0], make_user(Role.UNIT_LEADER, unit=given), "2026-12-05 17:00:00")
    with pytest.raises(RuleBroken):
        sent(reports[1], make_user(Role.UNIT_LEADER, unit=other), "2026-12-05 17:00:00")
    assert of(bloc_year, unit=given).is_on_time is False  # the due moment stayed
    event = AuditEvent.objects.get(action="obligation.extend")
    assert (event.actor_id, event.note) == (staff.pk, "Bão số 9")


@pytest.mark.parametrize(("moment", "is_on_time"), [("2026-12-03 17:00:00", True), ("2026-12-03 17:00:01", False)])
def test_extension_of_the_due_moment_too(bloc_year, staff, moment, is_on_time):
    unit = members_of(bloc_year)[1]
    row = of(bloc_year, unit=unit)
    grants.extend(row.pk, by=staff, due_at=at("2026-12-03 17:00"), locks_at=at("2026-12-05 17:00"), reason="Bão số 9")
    receipts.record(bloc_year, unit, "unit-report", at=at(moment))
    assert of(bloc_year, unit=unit).is_on_time is is_on_time


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"locks_at": at(LOCKS), "reason": "x"}, "muộn hơn"),
        ({"locks_at": at("2026-12-05 17:00"), "due_at": at("2026-12-06 17:00"), "reason": "x"}, "không được trước"),
        ({"locks_at": at("2026-12-05 17:00"), "due_at": at(DUE), "reason": "x"}, "Hạn nộp mới phải muộn hơn"),
        ({"locks_at": at("2026-12-05 17:00"), "reason": " "}, "lý do"),
    ],
)
def test_extension_that_makes_no_sense(bloc_year, staff, arguments, words):
    with pytest.raises(RuleBroken, match=words):
        grants.extend(of(bloc_year, unit=members_of(bloc_year)[1]).pk, by=staff, **arguments)
    assert Extension.objects.count() == 0


def test_what_came_in_is_not_extended(bloc_year, staff):
    unit = members_of(bloc_year)[1]
    receipts.record(bloc_year, unit, "unit-report", at=at(DUE))
    with pytest.raises(RuleBroken, match="đã nộp"):
        grants.extend(of(bloc_year, unit=unit).pk, by=staff, locks_at=at("2026-12-05 17:00"), reason="x")


@pytest.fixture
def extended(bloc_year, staff):
    """The second unit may deliver on time until 22 November, at all until 2 December."""
    row = of(bloc_year, unit=members_of(bloc_year)[1])
    return grants.extend(row.pk, by=staff, due_at=at("2026-11-22 17:00"), locks_at=at("2026-12-02 17:00"), reason="Bão")


def test_extension_never_makes_one_due_before_all_others(bloc_year, extended):
    bloc_year.milestones.update(due_at=at("2026-11-25 17:00"), locks_at=at("2026-12-05 17:00"))
    obligations.renew_bloc(bloc_year.pk)
    rows = bloc_year.obligations.values_list("due_at", "on_time_until", "locks_at")
    assert set(rows) == {(at("2026-11-25 17:00"), at("2026-11-25 17:00"), at("2026-12-05 17:00"))}


def test_days_of_grace_of_all_hold_for_the_extended_too(bloc_year, extended):
    make_rule_set(lateness={"grace": "4"})
    row = of(bloc_year, unit=extended.unit)
    assert (row.due_at, row.on_time_until) == (at("2026-11-22 17:00"), at("2026-11-24 17:00"))


@pytest.mark.parametrize(
    ("due", "locks", "words"),
    [
        ("2026-11-20 17:00:00", "2026-12-09 17:00:00", "muộn hơn hạn chung"),
        ("2026-11-21 17:00:00", "2026-11-30 17:00:00", "muộn hơn thời điểm khóa chung"),
    ],
)
def test_second_extension_is_held_to_the_dates_of_all(bloc_year, staff, extended, due, locks, words):
    with pytest.raises(RuleBroken, match=words):
        grants.extend(extended.pk, by=staff, due_at=at(due), locks_at=at(locks), reason="Bão")
    assert of(bloc_year, unit=extended.unit).due_at == at("2026-11-22 17:00")


def test_extension_may_be_shortened_to_a_second_after_the_dates_of_all(bloc_year, staff, extended):
    row = grants.extend(
        extended.pk, by=staff, due_at=at("2026-11-20 17:00:01"), locks_at=at("2026-11-30 17:00:01"), reason="Nhầm"
    )
    assert (row.due_at, row.locks_at) == (at("2026-11-20 17:00:01"), at("2026-11-30 17:00:01"))


def test_what_never_closes_is_not_closed_by_an_extension(staff, bloc_year):
    make_milestone(bloc_year, "self-score", due="2026-07-05 17:00")
    row = of(bloc_year, "self-score", members_of(bloc_year)[1])
    with pytest.raises(RuleBroken, match="không đặt thời điểm khóa"):
        grants.extend(row.pk, by=staff, locks_at=at("2026-12-01 17:00"), reason="Bão")
    row = grants.extend(row.pk, by=staff, due_at=at("2026-08-01"), locks_at=at("2026-12-01 17:00"), reason="Bão")
    assert (row.due_at, row.locks_at) == (at("2026-08-01"), None)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.BOARD_STAFF])
def test_others_extend_nothing(bloc_year, role):
    user = make_user(role, bloc_year=bloc_year)
    with pytest.raises(NotAllowed):
        grants.extend(
            of(bloc_year, unit=members_of(bloc_year)[0]).pk, by=user, locks_at=at("2026-12-05 17:00"), reason="x"
        )


def late_one(bloc_year):
    unit = members_of(bloc_year)[1]
    receipts.record(bloc_year, unit, "unit-report", at=at("2026-11-21 08:00"))
    return of(bloc_year, unit=unit)


WAIVERS = {  # who the rule set names: who may, of the bloc's desk officer, another officer, the head, the deputy
    None: {"desk"},
    "desk_officer": {"desk"},
    "board": {"desk", "officer"},
    "head": {"head"},
}


@pytest.mark.parametrize("waived_by", WAIVERS, ids=str)
@pytest.mark.parametrize("who", ["desk", "officer", "head", "deputy"])
def test_who_waives_lateness(waived_by, who):
    row = make_bloc_year()
    make_rule_set(lateness={"waived_by": waived_by})
    make_milestone(row, due=DUE)
    people = {
        "desk": make_user(Role.BOARD_STAFF, bloc_year=row),
        "officer": make_user(Role.BOARD_STAFF, bloc_year=row),
        "head": make_user(Role.BLOC_HEAD, bloc_year=row),
        "deputy": make_user(Role.BLOC_DEPUTY, bloc_year=row),
    }
    row.desk_officer = people["desk"]
    row.save()
    owed = late_one(row)
    if who in WAIVERS[waived_by]:
        assert grants.waive(owed.pk, by=people[who], reason="Mất điện cả huyện").is_on_time is True
        assert Waiver.objects.get().given_by == people[who]
        assert obligations.renew_bloc(row.pk) == 0
    else:
        with pytest.raises(NotAllowed):
            grants.waive(owed.pk, by=people[who], reason="Mất điện cả huyện")


def test_waiver_is_for_what_came_in_late(bloc_year, staff):
    row = of(bloc_year, unit=members_of(bloc_year)[1])
    with pytest.raises(RuleBroken, match="đã nộp và đang tính là chậm"):
        grants.waive(row.pk, by=staff, reason="x")
    with pytest.raises(RuleBroken, match="lý do"):
        grants.waive(late_one(bloc_year).pk, by=staff, reason="")


# ---------------------------------------------------------------- what came in on paper


@pytest.fixture
def on_paper(bloc_year):
    """What no report of the system tells: due on 20 November, closed on the 30th."""
    make_milestone(bloc_year, "self-score", due=DUE, locks=LOCKS)
    return bloc_year


def noted(row, user, moment=DUE, now="2026-11-21 08:00"):
    with time_machine.travel(at(now), tick=False):
        return grants.note_receipt(row.pk, by=user, at=at(moment), reason="Nhận bản giấy")


@pytest.mark.parametrize("role", [Role.BOARD_STAFF, Role.BLOC_HEAD, Role.BLOC_DEPUTY])
def test_receipt_written_down_by_hand(on_paper, role):
    user = make_user(role, bloc_year=on_paper)
    row = noted(of(on_paper, "self-score", members_of(on_paper)[2]), user)
    assert (row.received_at, row.is_on_time, Receipt.objects.get().at) == (at(DUE), True, at(DUE))
    event = AuditEvent.objects.get(action="obligation.note_receipt")
    assert (event.actor_id, event.note) == (user.pk, "Nhận bản giấy")


@pytest.mark.parametrize(
    ("role", "own"), [(Role.BLOC_HEAD, 0), (Role.BLOC_DEPUTY, 1), (Role.BLOC_HEAD, 2), (Role.BLOC_DEPUTY, 2)]
)
def test_nobody_notes_what_his_own_unit_owes(on_paper, role, own):
    """The unit for which he leads the bloc, and one in which he sits himself."""
    user, unit = make_user(role, bloc_year=on_paper), members_of(on_paper)[own]
    if own == 2:
        make_seat(user, Role.UNIT_REPORTER, unit=unit)
    with pytest.raises(NotAllowed):
        noted(of(on_paper, "self-score", unit), user)
    assert Receipt.objects.count() == 0


@pytest.mark.parametrize("code", ["unit-report", "mid-year", "conference"])
@pytest.mark.parametrize("role", [Role.BLOC_HEAD, Role.BLOC_DEPUTY])
def test_report_of_the_system_and_what_the_head_owes_are_noted_by_the_board(on_paper, staff, role, code):
    for other in ("mid-year", "conference"):
        make_milestone(on_paper, other, due=DUE)
    row = of(on_paper, code, members_of(on_paper)[2] if code != "conference" else None)
    with pytest.raises(NotAllowed):
        noted(row, make_user(role, bloc_year=on_paper))
    assert noted(row, staff).received_at == at(DUE)


@pytest.mark.parametrize("role", [Role.BLOC_HEAD, Role.BLOC_DEPUTY])
def test_who_leads_notes_to_the_second_of_the_lock(on_paper, staff, role):
    leader, (*_, unit) = make_user(role, bloc_year=on_paper), members_of(on_paper)
    row = of(on_paper, "self-score", unit)
    with pytest.raises(NotAllowed, match="Đã khóa nhận từ 17:00 thứ Hai 30/11/2026"):
        noted(row, leader, now="2026-11-30 17:00:01")
    assert Receipt.objects.count() == 0
    assert noted(row, leader, now="2026-11-30 17:00:00").is_on_time is True


def test_board_notes_after_the_lock(on_paper, staff):
    row = noted(of(on_paper, "self-score", members_of(on_paper)[2]), staff, now="2026-11-30 17:00:01")
    assert row.received_at == at(DUE)


@pytest.mark.parametrize(
    ("moment", "is_near"),
    [
        ("2025-09-30 23:59:59", False),
        ("2025-10-01 00:00:00", True),
        ("2027-10-31 23:59:59", True),
        ("2027-11-01 00:00:00", False),
    ],
)
def test_receipt_lies_near_its_year(bloc_year, staff, moment, is_near):
    row = of(bloc_year, unit=members_of(bloc_year)[2])
    if is_near:
        assert noted(row, staff, moment, now="2027-11-02 08:00").received_at == at(moment)
    else:
        with pytest.raises(RuleBroken, match="ở ngoài năm 2026"):
            noted(row, staff, moment, now="2027-11-02 08:00")


@time_machine.travel(at("2026-11-21 08:00"), tick=False)
def test_receipt_of_tomorrow_or_twice_is_refused(bloc_year, staff):
    row = of(bloc_year, unit=members_of(bloc_year)[2])
    with pytest.raises(RuleBroken, match="tương lai"):
        grants.note_receipt(row.pk, by=staff, at=at("2026-11-21 08:00:01"), reason="x")
    grants.note_receipt(row.pk, by=staff, at=at(DUE), reason="x")
    with pytest.raises(RuleBroken, match="đã ghi nhận"):
        grants.note_receipt(row.pk, by=staff, at=at(DUE), reason="x")


def test_unit_writes_down_nothing_for_itself(bloc_year):
    unit = members_of(bloc_year)[2]
    with pytest.raises(NotAllowed):
        grants.note_receipt(
            of(bloc_year, unit=unit).pk,
            by=make_user(Role.UNIT_LEADER, unit=unit),
            at=at("2026-01-05 08:00"),
            reason="x",
        )
