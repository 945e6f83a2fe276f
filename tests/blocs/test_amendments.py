"""Changing a signed covenant: both sides agree, and only then it changes."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from blocs.domain import amendments, attachments, covenant_text, evidence, signing
from blocs.domain import covenant as covenants
from blocs.enums import Role
from blocs.errors import DomainError, NotAllowed, RuleBroken, WrongState
from blocs.models import Amendment, AuditEvent, BlocYear, Covenant, ResultEvidence, Target, TargetResult
from tests.factories import make_bloc_year, make_seat, make_target, make_user, members_of
from tests.screens import main_text

pytestmark = pytest.mark.django_db
NEW = {"text": "Hội viên mới", "op": ">=", "value": Decimal("12.5"), "unit_of_measure": "người"}


@pytest.fixture
def bloc_year():
    row = make_bloc_year()
    make_target(row, "T1")
    Covenant.objects.update(goals=["a"], solutions=["b"], signed_on=date(2026, 2, 14))
    return row


@pytest.fixture
def head(bloc_year):
    return make_user(Role.BLOC_HEAD, bloc_year=bloc_year)


@pytest.fixture
def officer(bloc_year):
    return make_user(Role.BOARD_STAFF, bloc_year=bloc_year)


def propose(bloc_year, by, kind="change", **changes):
    target = None if kind == "add" else Target.objects.filter(covenant__bloc_year=bloc_year).first().pk
    values = None if kind == "remove" else NEW
    return amendments.propose(
        bloc_year.pk,
        **({"by": by, "kind": kind, "reason": "Kế hoạch đổi", "target_id": target, "values": values} | changes),
    )


def test_head_proposes_and_the_officer_agrees(bloc_year, head, officer):
    row = propose(bloc_year, head)
    assert (row.head_agreed_by, row.officer_agreed_at, row.applied_at) == (head, None, None)
    assert Target.objects.get().text == "Chỉ tiêu T1"
    amendments.agree(row.pk, by=officer)
    target = Target.objects.get()
    assert (target.code, target.text, target.value, target.unit_of_measure) == (
        "T1",
        "Hội viên mới",
        Decimal("12.5"),
        "người",
    )
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "covenant.propose_amendment", "covenant.agree_amendment", "covenant.agree_amendment",
        "covenant.apply_amendment",
    ]  # fmt: skip


def test_deputys_proposal_needs_both(bloc_year, head, officer):
    row = propose(bloc_year, make_user(Role.BLOC_DEPUTY, bloc_year=bloc_year), "add")
    amendments.agree(row.pk, by=officer)
    assert Target.objects.count() == 1
    amendments.agree(row.pk, by=head)
    assert list(Target.objects.values_list("code", "text")) == [("T1", "Chỉ tiêu T1"), ("T2", "Hội viên mới")]


def test_removed_target_takes_results_and_evidence_along_and_the_trail_keeps_them(client, bloc_year, head, officer):
    target, unit = Target.objects.get(), members_of(bloc_year)[2]
    covenants.record_result(target, by=head, value=Decimal(1), note="Cả khối")
    reporter = make_user(Role.UNIT_REPORTER, unit=unit)
    member = bloc_year.memberships.get(unit=unit)
    result = evidence.record_unit_result(member.pk, target.pk, by=reporter, value=Decimal("2.5"))
    proof = evidence.add(result.pk, attachments.judge("minh-chung.pdf", b"%PDF-1.7 proof"), by=reporter)
    told = "Chỉ tiêu đang có 2 kết quả và 1 minh chứng"
    client.force_login(head)
    assert told in main_text(client.get(reverse("amendment_remove_target", args=[bloc_year.pk, target.pk])))
    row = propose(bloc_year, head, "remove")
    client.force_login(officer)
    assert told in main_text(client.get(reverse("covenant", args=[bloc_year.pk])))
    amendments.agree(row.pk, by=officer)
    row.refresh_from_db()
    assert (Target.objects.count(), row.target, row.before["text"]) == (0, None, "Chỉ tiêu T1")
    assert (TargetResult.objects.count(), ResultEvidence.objects.count()) == (0, 0)
    events = AuditEvent.objects.filter(action="covenant.drop_result").order_by("pk")
    assert [(e.before["of"], e.before["value"], e.before["note"], e.before["files"]) for e in events] == [
        (None, "1", "Cả khối", []), (unit.name, "2.5", "", [f"minh-chung.pdf ({proof.sha256})"]),
    ]  # fmt: skip


def test_digest_of_the_text_goes_on_and_signatures_keep_theirs(bloc_year, head, officer):
    Covenant.objects.update(signed_on=None)
    old = covenant_text.close(bloc_year.pk, by=head).digest
    first, second, _ = bloc_year.memberships.order_by("position")
    signature = signing.sign(first.pk, by=make_user(Role.UNIT_LEADER, unit=first.unit), digest=old)
    signing.conclude(bloc_year.pk, by=head, signed_on=timezone.localdate())
    amendments.agree(propose(bloc_year, head).pk, by=officer)
    new = Covenant.objects.get().digest
    signature.refresh_from_db()
    assert (signature.digest, new == old) == (old, False)
    late = make_user(Role.UNIT_LEADER, unit=second.unit)
    with pytest.raises(WrongState):
        signing.sign(second.pk, by=late, digest=old)
    assert signing.sign(second.pk, by=late, digest=new).digest == new


def test_amendment_takes_no_other_change_along(bloc_year, head, officer):
    Covenant.objects.update(signed_on=None)
    digest = covenant_text.close(bloc_year.pk, by=head).digest
    Covenant.objects.update(signed_on=timezone.localdate())
    row = propose(bloc_year, head)
    Covenant.objects.update(goals=["Đổi sau lưng"])
    with pytest.raises(WrongState, match="không còn như lúc chốt"):
        amendments.agree(row.pk, by=officer)
    assert Covenant.objects.get().digest == digest


def test_unit_leader_proposes_for_the_own_target_only(bloc_year, head, officer):
    unit = members_of(bloc_year)[2]
    own, leader = make_target(bloc_year, "R1", of=unit), make_user(Role.UNIT_LEADER, unit=unit)
    with pytest.raises(NotAllowed):
        propose(bloc_year, leader)
    row = propose(bloc_year, leader, target_id=own.pk)
    for by in (head, officer):
        amendments.agree(row.pk, by=by)
    own.refresh_from_db()
    assert (own.text, own.of) == ("Hội viên mới", unit)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.BLOC_HEAD, Role.BLOC_DEPUTY)])
def test_others_do_not_propose(bloc_year, role):
    with pytest.raises(NotAllowed):
        propose(bloc_year, make_user(role, bloc_year=bloc_year))
    assert Amendment.objects.count() == 0


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.BLOC_HEAD, Role.BOARD_STAFF)])
def test_others_do_not_agree_or_refuse(bloc_year, head, role):
    row, user = propose(bloc_year, head), make_user(role, bloc_year=bloc_year)
    with pytest.raises(NotAllowed):
        amendments.agree(row.pk, by=user)
    with pytest.raises(NotAllowed):
        amendments.refuse(row.pk, by=user, reason="x")


def test_one_person_is_not_both_sides(bloc_year, head):
    make_seat(head, Role.BOARD_STAFF, authority=bloc_year.year.authority)
    row = propose(bloc_year, head)
    with pytest.raises(NotAllowed, match="cả hai bên"):
        amendments.agree(row.pk, by=head)


def test_refusal_says_why_and_ends_it(bloc_year, head, officer):
    row = propose(bloc_year, head)
    with pytest.raises(RuleBroken):
        amendments.refuse(row.pk, by=officer, reason=" ")
    amendments.refuse(row.pk, by=officer, reason="Không có căn cứ")
    with pytest.raises(WrongState):
        amendments.agree(row.pk, by=officer)
    assert Target.objects.get().text == "Chỉ tiêu T1"


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": "  "}, {"values": NEW | {"text": " "}}, {"values": NEW | {"value": None}},
        {"values": NEW | {"direction": "down"}}, {"target_id": None}, {"target_id": 10**9}, {"kind": "unknown"},
        {"values": {"text": "Chỉ tiêu T1", "op": ">=", "value": Decimal(100)}},
    ],
)  # fmt: skip
def test_slip_is_refused(bloc_year, head, changes):
    with pytest.raises(RuleBroken):
        propose(bloc_year, head, **changes)
    assert (Amendment.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_one_open_proposal_for_a_target(bloc_year, head):
    propose(bloc_year, head)
    with pytest.raises(WrongState):
        propose(bloc_year, head, "remove")


def test_target_that_changed_meanwhile_is_not_written_over(bloc_year, head, officer):
    row = propose(bloc_year, head)
    Target.objects.update(value=7)
    with pytest.raises(WrongState, match="đã đổi"):
        amendments.agree(row.pk, by=officer)
    assert Target.objects.get().value == 7


@pytest.mark.parametrize("state", ["draft", "over"])
def test_covenant_is_amended_between_signing_and_the_sent_report_only(bloc_year, head, state):
    if state == "draft":
        Covenant.objects.update(signed_on=None)
    else:
        BlocYear.objects.update(is_closed=True)
    with pytest.raises(DomainError):
        propose(bloc_year, head)


def test_words_of_a_promise():
    values = {"text": "Hội viên mới", "op": ">=", "value": "1200", "unit_of_measure": "người", "source": "NQ 01"}
    assert amendments.words_of(values) == "Hội viên mới: ≥ 1.200 người (căn cứ: NQ 01)"
    assert amendments.words_of(values | {"value": None, "source": ""}) == "Hội viên mới: người"
    assert amendments.words_of(None) == ""
