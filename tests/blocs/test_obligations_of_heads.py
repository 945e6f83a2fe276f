"""What the head owes is delivered by the head or by the bloc, not by a unit that does the same for itself."""

import pytest
import time_machine

from blocs.domain import grants, memberships, obligations, receipts
from blocs.enums import MemberRole, Role
from blocs.models import Covenant, Obligation, Receipt, Signature
from tests.blocs.rule_rows import make_rule_set, stored
from tests.factories import at, make_authority, make_bloc_year, make_unit_year, make_user, make_year, members_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(at("2026-07-20 08:00"), tick=False):
        yield


@pytest.fixture
def bloc():
    """A bloc under a set by which the head owes the covenant and the report of half a year."""
    rules = stored("hung-yen-2021")
    row = make_bloc_year(make_year(make_authority(code=rules.authority_code)))
    obligations.renew_bloc(row.pk)
    return row


def came_in(bloc, code):
    return Obligation.objects.get(bloc_year=bloc, code=code).received_at


@pytest.mark.parametrize("place", [0, 1])
def test_what_a_unit_sends_for_itself_is_not_what_the_head_owes(bloc, place):
    for code in ("covenant", "mid-year"):
        receipts.record(bloc, members_of(bloc)[place], code, at=at("2026-01-20 09:00"), as_unit=True)
        assert came_in(bloc, code) is None


def test_receipt_of_another_unit_does_not_count_and_the_heads_does(bloc):
    head, other, _ = members_of(bloc)
    receipts.record(bloc, other, "mid-year", at=at("2026-07-01 09:00"))
    assert came_in(bloc, "mid-year") is None
    receipts.record(bloc, head, "mid-year", at=at("2026-07-02 09:00"))
    assert came_in(bloc, "mid-year") == at("2026-07-02 09:00")


def test_what_a_former_head_delivered_stays(bloc):
    head, other, _ = members_of(bloc)
    receipts.record(bloc, head, "mid-year", at=at("2026-07-02 09:00"))
    bloc.memberships.filter(unit=head).update(role=MemberRole.MEMBER)
    bloc.memberships.filter(unit=other).update(role=MemberRole.HEAD, deputy_rank=None)
    for _ in range(2):
        obligations.renew_bloc(bloc.pk)
        assert came_in(bloc, "mid-year") == at("2026-07-02 09:00")


def test_covenant_of_the_bloc_came_in_when_it_was_signed(bloc):
    covenant = Covenant.objects.create(bloc_year=bloc)
    Signature.objects.create(covenant=covenant, unit=members_of(bloc)[1], signed_on="2026-01-20")
    obligations.renew_bloc(bloc.pk)
    assert came_in(bloc, "covenant") is None
    for unit in (members_of(bloc)[0], members_of(bloc)[2]):  # all of them, without a day of the covenant
        Signature.objects.create(covenant=covenant, unit=unit, signed_on="2026-01-25")
    obligations.renew_bloc(bloc.pk)
    assert came_in(bloc, "covenant") == at("2026-01-25 23:59:59")
    covenant.signed_on = "2026-01-30"
    covenant.save()
    obligations.renew_bloc(bloc.pk)
    assert came_in(bloc, "covenant") == at("2026-01-30 23:59:59")


def signed_by_all(bloc):
    """Signatures of a file, the covenant without a day of its own."""
    covenant = Covenant.objects.create(bloc_year=bloc)
    for day, unit in enumerate(members_of(bloc), 20):
        Signature.objects.create(covenant=covenant, unit=unit, signed_on=f"2026-01-{day}")
    obligations.renew_bloc(bloc.pk)
    return covenant


def test_covenant_that_all_signed_stays_signed_when_a_member_comes_later(bloc):
    signed_by_all(bloc)
    unit, staff = make_unit_year(bloc.year), make_user(Role.BOARD_STAFF, bloc_year=bloc)
    memberships.add_members(bloc.pk, [unit.pk], by=staff, reason="Công văn 5")
    obligations.renew_bloc(bloc.pk)
    assert came_in(bloc, "covenant") == at("2026-01-22 23:59:59")


def test_covenant_is_unsigned_when_its_last_signature_goes(bloc):
    covenant = signed_by_all(bloc)
    covenant.signatures.filter(signed_on="2026-01-22").delete()
    obligations.renew_bloc(bloc.pk)
    assert came_in(bloc, "covenant") is None


def test_covenant_is_unsigned_while_a_unit_has_only_its_receipt_of_a_text_opened_again(bloc):
    covenant = Covenant.objects.create(bloc_year=bloc)
    for unit in members_of(bloc):
        receipts.record(bloc, unit, "covenant", at=at("2026-01-20 09:00"), as_unit=True)
    first, *others = members_of(bloc)
    for units, is_signed in (([first], False), (others, True)):
        for unit in units:
            Signature.objects.create(covenant=covenant, unit=unit, signed_on="2026-01-20")
        obligations.renew_bloc(bloc.pk)
        assert (came_in(bloc, "covenant") is not None) is is_signed


def test_receipt_noted_by_hand_stands_beside_what_the_heads_unit_did_for_itself(bloc):
    head = members_of(bloc)[0]
    receipts.record(bloc, head, "mid-year", at=at("2026-07-01 09:00"), as_unit=True)
    staff = make_user(Role.BOARD_STAFF, bloc_year=bloc)
    grants.note_receipt(
        Obligation.objects.get(bloc_year=bloc, code="mid-year").pk,
        by=staff,
        at=at("2026-07-03 09:00"),
        reason="Công văn 3",
    )
    assert came_in(bloc, "mid-year") == at("2026-07-03 09:00")
    assert Receipt.objects.filter(bloc_year=bloc, kind="mid-year").count() == 2


@pytest.mark.parametrize("code", ["conference", "handover", "proposal"])
def test_what_no_unit_does_for_itself_counts_whoever_brought_it(code):
    make_rule_set(milestones=[{"code": code, "owed_by": "head"}])
    bloc = make_bloc_year()
    receipts.record(bloc, members_of(bloc)[1], code, at=at("2026-07-02 09:00"))
    assert came_in(bloc, code) == at("2026-07-02 09:00")


@pytest.mark.parametrize(("owed_by", "head"), [("board", True), ("head", False)])
def test_where_no_unit_owes_any_receipt_counts(owed_by, head):
    make_rule_set(milestones=[{"code": "mid-year", "owed_by": owed_by}])
    bloc = make_bloc_year(head=head)
    receipts.record(bloc, members_of(bloc)[1], "mid-year", at=at("2026-07-02 09:00"))
    assert came_in(bloc, "mid-year") == at("2026-07-02 09:00")
