"""Targets of a covenant and what was reached."""

from datetime import date
from decimal import Decimal

import pytest

from blocs.domain import covenant
from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import AuditEvent, Covenant, Target, TargetResult
from tests.factories import make_bloc_year, make_target, make_user, members_of

pytestmark = pytest.mark.django_db

VERDICTS = [
    (">=", "100", "100", "met"), (">=", "100", "100.01", "exceeded"), (">=", "100", "99.99", "missed"),
    (">", "100", "100", "missed"), (">", "100", "101", "met"),
    ("=", "100", "100", "met"), ("=", "100", "101", "missed"),
    ("<=", "5", "5", "met"), ("<=", "5", "4", "exceeded"), ("<=", "5", "6", "missed"),
    ("<", "5", "5", "missed"), ("<", "5", "4", "met"),
    ("", "100", "100", "met"), ("", "100", "120", "exceeded"), ("", "100", "80", "missed"),
    (">=", None, "5", "unknown"), (">=", "5", None, "unknown"), (">=", "0", "0", "met"),
]  # fmt: skip


@pytest.mark.parametrize(("op", "promised", "reached", "verdict"), VERDICTS)
def test_verdict(op, promised, reached, verdict):
    target = Target(op=op, value=promised and Decimal(promised))
    assert covenant.verdict(target, reached and Decimal(reached)) == verdict


@pytest.fixture
def bloc_year():
    return make_bloc_year()


@pytest.fixture
def head(bloc_year):
    return make_user(Role.BLOC_HEAD, bloc_year=bloc_year)


def test_targets_follow_each_other(bloc_year, head):
    for text in ("Một", "Hai"):
        covenant.save_target(bloc_year.pk, by=head, code=text, text=text, op=">=", value=Decimal("97.5"))
    assert list(Target.objects.values_list("code", "position", "value")) == [
        ("Một", 0, Decimal("97.5")),
        ("Hai", 1, Decimal("97.5")),
    ]
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["covenant.save_target"] * 2


def test_target_without_a_code_gets_the_next_free_one(bloc_year, head):
    make_target(bloc_year, "T1")
    assert covenant.save_target(bloc_year.pk, by=head, text="x").code == "T2"


def test_target_is_changed(bloc_year, head):
    target = make_target(bloc_year, "T1", value=90)
    covenant.save_target(bloc_year.pk, by=head, target_id=target.pk, code="T1", text="Mới", op="<=", value=Decimal(5))
    assert Target.objects.values_list("code", "text", "op", "value").get() == ("T1", "Mới", "<=", 5)
    event = AuditEvent.objects.get()
    assert (event.before["value"], event.after["value"]) == ("90", "5")


def test_code_is_not_given_twice(bloc_year, head):
    make_target(bloc_year, "T1")
    with pytest.raises(RuleBroken):
        covenant.save_target(bloc_year.pk, by=head, code="T1", text="x")
    assert Target.objects.count() == 1


def test_unit_may_have_the_code_of_the_bloc(bloc_year, head):
    make_target(bloc_year, "T1")
    unit = members_of(bloc_year)[0]
    covenant.save_target(bloc_year.pk, by=head, code="T1", of=unit, text="x")
    assert list(Target.objects.values_list("code", "of")) == [("T1", None), ("T1", unit.pk)]


def test_units_answer_goes_over_to_its_new_own_target(bloc_year, head):
    common, unit = make_target(bloc_year, "T1"), members_of(bloc_year)[0]
    covenant.record_result(common, by=head, of=unit, value=Decimal(5))
    own = covenant.save_target(bloc_year.pk, by=head, code="T1", of=unit, text="x")
    assert TargetResult.objects.values_list("target", "of", "value").get() == (own.pk, unit.pk, 5)


def test_own_target_is_of_a_member(bloc_year, head):
    with pytest.raises(RuleBroken):
        covenant.save_target(bloc_year.pk, by=head, code="T1", of=members_of(make_bloc_year())[0], text="x")
    assert Target.objects.count() == 0


def test_signed_covenant_is_not_changed(bloc_year, head):
    target = make_target(bloc_year)
    Covenant.objects.update(signed_on=date(2026, 3, 3))
    with pytest.raises(RuleBroken):
        covenant.save_target(bloc_year.pk, by=head, target_id=target.pk, code="T1", text="x")
    with pytest.raises(RuleBroken):
        covenant.delete_target(bloc_year.pk, target.pk, by=head)
    assert (Target.objects.count(), AuditEvent.objects.count()) == (1, 0)


def test_target_with_a_result_is_not_deleted(bloc_year, head):
    target = make_target(bloc_year)
    covenant.record_result(target, by=head, value=Decimal(1))
    with pytest.raises(RuleBroken):
        covenant.delete_target(bloc_year.pk, target.pk, by=head)
    assert Target.objects.count() == 1


def test_target_with_a_sent_result_under_a_draft_is_not_deleted(bloc_year, head):
    target = make_target(bloc_year)
    target.results.create(of=members_of(bloc_year)[0], value=2, is_draft=True, was_sent=True, sent_value=1)
    with pytest.raises(RuleBroken):
        covenant.delete_target(bloc_year.pk, target.pk, by=head)


def test_target_is_deleted(bloc_year, head):
    target = make_target(bloc_year)
    covenant.delete_target(bloc_year.pk, target.pk, by=head)
    assert (Target.objects.count(), AuditEvent.objects.get().action) == (0, "covenant.delete_target")


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.BLOC_HEAD, Role.BLOC_DEPUTY)])
def test_others_do_not_touch_the_covenant(bloc_year, role):
    user, target = make_user(role, bloc_year=bloc_year), make_target(bloc_year)
    with pytest.raises(NotAllowed):
        covenant.save_target(bloc_year.pk, by=user, code="T9", text="x")
    with pytest.raises(NotAllowed):
        covenant.delete_target(bloc_year.pk, target.pk, by=user)
    with pytest.raises(NotAllowed):
        covenant.record_bloc_result(bloc_year.pk, target.pk, by=user, value=Decimal(1))
    assert (Target.objects.count(), TargetResult.objects.count()) == (1, 0)


def test_result_is_noted_changed_and_taken_away(bloc_year, head):
    target = make_target(bloc_year)
    for value, note in ((Decimal(1), ""), (Decimal(2), "x"), (Decimal(2), "x"), (None, "")):
        covenant.record_bloc_result(bloc_year.pk, target.pk, by=head, value=value, note=note)
    assert TargetResult.objects.count() == 0
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "covenant.record_result", "covenant.record_result", "covenant.clear_result",
    ]  # fmt: skip


def test_nothing_taken_away_leaves_no_trace(bloc_year, head):
    assert covenant.record_result(make_target(bloc_year), by=head) is None
    assert AuditEvent.objects.count() == 0


def test_results_of_units_stand_beside_the_blocs(bloc_year, head):
    target = make_target(bloc_year)
    first, second, _ = members_of(bloc_year)
    for of in (None, first, second):
        covenant.record_result(target, by=head, of=of, value=Decimal(3))
    assert list(TargetResult.objects.order_by("position").values_list("of", "position")) == [
        (None, 0), (first.pk, 1), (second.pk, 2),
    ]  # fmt: skip


def test_result_of_another_blocs_target_is_refused(bloc_year, head):
    with pytest.raises(RuleBroken):
        covenant.record_bloc_result(bloc_year.pk, make_target(make_bloc_year()).pk, by=head, value=Decimal(1))
