"""A covenant from the draft to the signatures: what is possible in which state, what is refused with which words."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from blocs.domain import attachments, covenant_text, obligations, receipts, signing
from blocs.domain import covenant as covenants
from blocs.enums import Milestone, Role
from blocs.errors import DomainError, NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent, BlocYear, Covenant, CovenantPaper, Receipt, Signature, Target, Year
from tests.factories import (
    make_bloc_year,
    make_milestone,
    make_target,
    make_user,
    members_of,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a scan made for a test"
STATES = ("empty", "draft", "closed", "partly", "signed", "imported")


@pytest.fixture
def bloc_year():
    return make_bloc_year()


@pytest.fixture
def head(bloc_year):
    return make_user(Role.BLOC_HEAD, bloc_year=bloc_year)


def draft(bloc_year, **columns):
    make_target(bloc_year)
    Covenant.objects.filter(bloc_year=bloc_year).update(goals=["Mục tiêu"], solutions=["Giải pháp"], **columns)
    return Covenant.objects.get(bloc_year=bloc_year)


def closed(bloc_year, head):
    draft(bloc_year)
    return covenant_text.close(bloc_year.pk, by=head)


def leader_of(unit):
    return make_user(Role.UNIT_LEADER, unit=unit)


def sign(bloc_year, number, **changes):
    membership = bloc_year.memberships.select_related("unit").order_by("position")[number]
    digest = Covenant.objects.get(bloc_year=bloc_year).digest
    return signing.sign(membership.pk, **({"by": leader_of(membership.unit), "digest": digest} | changes))


def closed_days_ago(days):
    Covenant.objects.update(closed_at=timezone.now() - timedelta(days=days))


def scan():
    return attachments.judge("giao-uoc.pdf", PDF, allowed=attachments.ONLY_PAPERS)


def in_state(state, bloc_year, head):
    if state == "empty":
        return
    if state == "imported":
        draft(bloc_year, signed_on=date(2026, 2, 14))
        return
    draft(bloc_year)
    if state != "draft":
        covenant_text.close(bloc_year.pk, by=head)
    for number in range({"partly": 1, "signed": 3}.get(state, 0)):
        sign(bloc_year, number)


# ---------------------------------------------------------------- which step in which state

POSSIBLE = {
    ("empty", "edit"), ("draft", "edit"),
    ("draft", "close"),
    ("closed", "reopen"), ("partly", "reopen"),
    ("closed", "sign"), ("partly", "sign"),
    ("closed", "paper"), ("partly", "paper"), ("imported", "paper"),
    ("partly", "conclude"),
}  # fmt: skip
STEPS = {
    "edit": lambda b, by: covenant_text.save_text(b.pk, by=by, motto="", goals=["a"], solutions=[]),
    "close": lambda b, by: covenant_text.close(b.pk, by=by),
    "reopen": lambda b, by: covenant_text.reopen(b.pk, by=by, reason="Sai số"),
    "conclude": lambda b, by: signing.conclude(b.pk, by=by, signed_on=timezone.localdate()),
    "paper": lambda b, by: signing.attach_paper(
        b.pk, scan(), by=by, units=members_of(b)[2:], signed_on=timezone.localdate()
    ),
    "sign": lambda b, by: signing.sign(
        b.memberships.get(unit=members_of(b)[2]).pk,
        by=leader_of(members_of(b)[2]),
        digest=getattr(Covenant.objects.filter(bloc_year=b).first(), "digest", ""),
    ),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", STATES)
def test_step_follows_the_table(state, step, bloc_year, head):
    in_state(state, bloc_year, head)
    events = AuditEvent.objects.count()
    if (state, step) in POSSIBLE:
        STEPS[step](bloc_year, head)
        assert AuditEvent.objects.count() > events
        return
    with pytest.raises(DomainError):
        STEPS[step](bloc_year, head)
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("role", [role for role in Role if role != Role.BLOC_HEAD])
def test_only_the_head_fixes_the_text(role, bloc_year, head):
    user = make_user(role, bloc_year=bloc_year)
    draft(bloc_year)
    with pytest.raises(NotAllowed):
        covenant_text.close(bloc_year.pk, by=user)
    covenant_text.close(bloc_year.pk, by=head)
    sign(bloc_year, 0)
    with pytest.raises(NotAllowed):
        covenant_text.reopen(bloc_year.pk, by=user, reason="x")
    with pytest.raises(NotAllowed):
        signing.conclude(bloc_year.pk, by=user, signed_on=timezone.localdate())


@pytest.mark.parametrize("role", [role for role in Role if role != Role.UNIT_LEADER])
def test_only_the_leader_signs_for_his_unit(role, bloc_year, head):
    closed(bloc_year, head)
    with pytest.raises(NotAllowed):
        sign(bloc_year, 0, by=make_user(role, bloc_year=bloc_year))
    with pytest.raises(NotAllowed):
        sign(bloc_year, 0, by=leader_of(members_of(bloc_year)[1]))


# ---------------------------------------------------------------- closing


@pytest.mark.parametrize(
    ("columns", "target", "complaint"),
    [
        ({"goals": []}, {}, "Chưa có mục tiêu."),
        ({"solutions": []}, {}, "Chưa có giải pháp."),
        ({}, {"value": None}, "có yêu cầu so sánh nhưng chưa có số giao ước"),
        ({}, {"text": ""}, "chưa có nội dung"),
        ({}, {"direction": "down"}, "không đi cùng"),
    ],
)
def test_unfinished_text_is_not_closed(bloc_year, head, columns, target, complaint):
    draft(bloc_year)
    Covenant.objects.update(**columns)
    if target:
        Target.objects.update(**target)
    with pytest.raises(RuleBroken, match=complaint):
        covenant_text.close(bloc_year.pk, by=head)
    assert Covenant.objects.get().digest == ""


def test_target_in_words_alone_may_be_closed(bloc_year, head):
    draft(bloc_year)
    Target.objects.update(op="", value=None)
    assert len(covenant_text.close(bloc_year.pk, by=head).digest) == 64


def test_digest_follows_the_text_and_nothing_else(bloc_year):
    row = draft(bloc_year)
    first = covenant_text.digest_of(row)
    Target.objects.update(value=Decimal("100.000"))
    members_of(bloc_year)[0].memberships.update(position=9)
    assert covenant_text.digest_of(Covenant.objects.get()) == first
    Target.objects.update(value=101)
    assert covenant_text.digest_of(Covenant.objects.get()) != first


def test_closed_text_is_not_changed_on_any_way(bloc_year, head):
    closed(bloc_year, head)
    target = Target.objects.get()
    for act in (
        lambda: covenants.save_target(bloc_year.pk, by=head, target_id=target.pk, text="y"),
        lambda: covenants.delete_target(bloc_year.pk, target.pk, by=head),
        lambda: covenant_text.take(bloc_year.pk, by=head, goals=["z"]),
    ):
        with pytest.raises(RuleBroken, match="đã chốt để ký"):
            act()


# ---------------------------------------------------------------- signing


def test_signature_holds_who_when_and_the_digest(bloc_year, head):
    make_milestone(bloc_year, Milestone.COVENANT, due="2099-02-28 17:00")
    row = closed(bloc_year, head)
    unit = members_of(bloc_year)[0]
    by = make_user(Role.UNIT_LEADER, unit=unit, full_name="Người ký mẫu", post="Thủ trưởng")
    signature = sign(bloc_year, 0, by=by)
    assert (signature.signed_by, signature.signer, signature.digest) == (by, "Người ký mẫu, Thủ trưởng", row.digest)
    assert signature.signed_on == timezone.localdate()
    assert receipts.first_moment(bloc_year.pk, Milestone.COVENANT, unit_id=unit.pk) == signature.signed_at
    owed = bloc_year.obligations.filter(code=Milestone.COVENANT, received_at__isnull=False)
    assert [row.unit for row in owed] == [unit]


def test_covenant_is_signed_with_the_last_unit(bloc_year, head):
    closed(bloc_year, head)
    for number in range(3):
        assert Covenant.objects.get().signed_on is None
        sign(bloc_year, number)
    assert Covenant.objects.get().signed_on == timezone.localdate()
    assert AuditEvent.objects.filter(action="covenant.conclude").count() == 1


def test_second_signature_is_refused_with_who_and_when(bloc_year, head):
    closed(bloc_year, head)
    first = sign(bloc_year, 0)
    with pytest.raises(WrongState, match=first.signer):
        sign(bloc_year, 0)
    with pytest.raises(WrongState, match="Mỗi đơn vị ký một lần"):
        signing.attach_paper(
            bloc_year.pk, scan(), by=head, units=members_of(bloc_year)[:1], signed_on=timezone.localdate()
        )
    assert (Signature.objects.count(), CovenantPaper.objects.count()) == (1, 0)


def test_text_that_the_signer_did_not_see_is_not_signed(bloc_year, head):
    old = closed(bloc_year, head).digest
    covenant_text.reopen(bloc_year.pk, by=head, reason="Sai số")
    covenants.save_target(bloc_year.pk, by=head, target_id=Target.objects.get().pk, text="Khác")
    covenant_text.close(bloc_year.pk, by=head)
    with pytest.raises(WrongState, match="Đọc lại bản mới"):
        sign(bloc_year, 0, digest=old)
    assert Signature.objects.count() == 0


def test_text_changed_behind_the_closing_is_not_signed(bloc_year, head):
    closed(bloc_year, head)
    Target.objects.update(value=1)
    with pytest.raises(WrongState, match="không còn như lúc chốt"):
        sign(bloc_year, 0)
    assert Receipt.objects.count() == 0


@pytest.mark.parametrize("step", ["paper", "conclude"])
def test_nothing_rests_on_a_text_changed_behind_the_closing(bloc_year, head, step):
    closed(bloc_year, head)
    sign(bloc_year, 0)
    Target.objects.update(value=1)
    with pytest.raises(WrongState, match="không còn như lúc chốt"):
        STEPS[step](bloc_year, head)
    assert (Signature.objects.count(), Covenant.objects.get().signed_on) == (1, None)


def test_closed_text_keeps_name_theme_and_motto(bloc_year, head):
    digest = closed(bloc_year, head).digest
    BlocYear.objects.filter(pk=bloc_year.pk).update(name="Khối khác", motto="Khẩu hiệu khác")
    Year.objects.update(theme="Chủ đề mới")
    assert sign(bloc_year, 0).digest == digest
    row = Covenant.objects.get()
    assert covenant_text.text_of(row)["theme"] == ""
    assert covenant_text.moved_on(row) == [
        ("Tên khối", "Khối khác"),
        ("Chủ đề thi đua của tỉnh", "Chủ đề mới"),
        ("Khẩu hiệu của khối", "Khẩu hiệu khác"),
    ]
    covenant_text.reopen(bloc_year.pk, by=head, reason="Đổi chủ đề")
    assert covenant_text.close(bloc_year.pk, by=head).digest != digest
    assert covenant_text.moved_on(Covenant.objects.get()) == []


def test_nobody_signs_after_the_lock(bloc_year, head):
    make_milestone(bloc_year, Milestone.COVENANT, due="2026-01-31 17:00", locks="2026-02-28 17:00")
    closed(bloc_year, head)
    with pytest.raises(RuleBroken, match="Đã khóa nhận"):
        sign(bloc_year, 0)


def test_reopening_voids_signatures_and_keeps_their_first_moments(bloc_year, head):
    make_milestone(bloc_year, Milestone.COVENANT, due="2099-02-28 17:00")
    closed(bloc_year, head)
    sign(bloc_year, 0)
    with pytest.raises(RuleBroken):
        covenant_text.reopen(bloc_year.pk, by=head, reason=" ")
    assert covenant_text.reopen(bloc_year.pk, by=head, reason="Sai số") == 1
    assert (Signature.objects.count(), Receipt.objects.count()) == (0, 1)
    assert bloc_year.obligations.filter(received_at__isnull=False).count() == 1


def test_paper_signs_for_the_units_on_it(bloc_year, head):
    make_milestone(bloc_year, Milestone.COVENANT, due="2099-02-28 17:00")
    closed(bloc_year, head)
    closed_days_ago(3)
    units, yesterday = members_of(bloc_year), timezone.localdate() - timedelta(days=1)
    paper = signing.attach_paper(bloc_year.pk, scan(), by=head, units=units, signed_on=yesterday)
    rows = Signature.objects.order_by("position")
    assert [(row.unit, row.paper, row.digest) for row in rows] == [(unit, paper, "") for unit in units]
    assert Covenant.objects.get().signed_on == yesterday
    assert attachments.path_of(paper).read_bytes() == PDF
    obligations.renew_bloc(bloc_year.pk)
    assert bloc_year.obligations.filter(code=Milestone.COVENANT, received_at__isnull=False).count() == 3


def test_paper_attached_by_mistake_is_taken_back(bloc_year, head):
    make_milestone(bloc_year, Milestone.COVENANT, due="2099-02-28 17:00")
    closed(bloc_year, head)
    sign(bloc_year, 0)
    paper = signing.attach_paper(
        bloc_year.pk, scan(), by=head, units=members_of(bloc_year)[1:], signed_on=timezone.localdate()
    )
    assert Covenant.objects.get().signed_on is not None
    for who, words in ((make_user(Role.BLOC_DEPUTY, bloc_year=bloc_year), "Nhầm bản"), (head, " ")):
        with pytest.raises(DomainError):
            signing.withdraw_paper(bloc_year.pk, paper.pk, by=who, reason=words)
    assert signing.withdraw_paper(bloc_year.pk, paper.pk, by=head, reason="Nhầm bản") == 2
    assert (Signature.objects.count(), CovenantPaper.objects.count()) == (1, 0)
    assert Covenant.objects.get().signed_on is None
    assert bloc_year.obligations.filter(received_at__isnull=False).count() == 1
    assert AuditEvent.objects.filter(action="covenant.withdraw_paper", note="Nhầm bản").count() == 1


def test_paper_comes_in_when_it_is_attached_and_not_on_the_day_that_is_typed(bloc_year, head):
    closed(bloc_year, head)
    closed_days_ago(9)
    before, unit = timezone.now(), members_of(bloc_year)[0]
    signing.attach_paper(
        bloc_year.pk, scan(), by=head, units=[unit], signed_on=timezone.localdate() - timedelta(days=8)
    )
    assert receipts.first_moment(bloc_year.pk, Milestone.COVENANT, unit_id=unit.pk) >= before


def test_no_paper_is_attached_after_the_lock(bloc_year, head):
    make_milestone(bloc_year, Milestone.COVENANT, due="2026-01-31 17:00", locks="2026-02-28 17:00")
    closed(bloc_year, head)
    with pytest.raises(RuleBroken, match="Đã khóa nhận"):
        STEPS["paper"](bloc_year, head)
    assert Signature.objects.count() == 0


def test_covenant_is_not_concluded_before_its_closing(bloc_year, head):
    closed(bloc_year, head)
    sign(bloc_year, 0)
    with pytest.raises(RuleBroken, match="trước ngày chốt văn bản"):
        signing.conclude(bloc_year.pk, by=head, signed_on=timezone.localdate() - timedelta(days=1))


@pytest.mark.parametrize("fault", ["nobody", "stranger", "tomorrow", "far"])
def test_paper_with_a_slip_is_refused(bloc_year, head, fault):
    closed(bloc_year, head)
    units = {"nobody": [], "stranger": members_of(make_bloc_year())[:1]}.get(fault, members_of(bloc_year))
    day = timezone.localdate() + timedelta(days={"tomorrow": 1, "far": -9999}.get(fault, 0))
    with pytest.raises(RuleBroken):
        signing.attach_paper(bloc_year.pk, scan(), by=head, units=units, signed_on=day)
    assert (Signature.objects.count(), CovenantPaper.objects.count()) == (0, 0)


def test_conclusion_before_all_have_signed_leaves_the_door_open(bloc_year, head):
    closed(bloc_year, head)
    with pytest.raises(RuleBroken, match="Chưa đơn vị nào ký"):
        signing.conclude(bloc_year.pk, by=head, signed_on=timezone.localdate())
    sign(bloc_year, 0)
    signing.conclude(bloc_year.pk, by=head, signed_on=timezone.localdate())
    assert sign(bloc_year, 1).digest == Covenant.objects.get().digest
