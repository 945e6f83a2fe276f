"""Drafting a covenant: what is stored, offered, taken, refused."""

from decimal import Decimal

import pytest

from blocs.domain import covenant_text
from blocs.enums import Role
from blocs.errors import EditedMeanwhile, RuleBroken
from blocs.models import Covenant, Target
from tests.factories import make_bloc_year, make_target, make_unit_year, make_user, make_year, members_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc_year():
    return make_bloc_year()


@pytest.fixture
def head(bloc_year):
    return make_user(Role.BLOC_HEAD, bloc_year=bloc_year)


def test_text_is_stored_and_cleaned(bloc_year, head):
    row = covenant_text.save_text(
        bloc_year.pk, by=head, motto=" Đoàn kết\u200b ", goals=["Một", " Một ", "", "Hai\u202e"], solutions=["Ba  bốn"]
    )
    bloc_year.refresh_from_db()
    assert (bloc_year.motto, row.goals, row.solutions) == ("Đoàn kết", ["Một", "Hai"], ["Ba bốn"])


def test_second_editor_is_told(bloc_year, head):
    opened = covenant_text.opened_with(Covenant.objects.create(bloc_year=bloc_year))
    covenant_text.save_text(bloc_year.pk, by=head, motto="A", goals=["x"], solutions=[], opened=opened)
    with pytest.raises(EditedMeanwhile) as caught:
        covenant_text.save_text(bloc_year.pk, by=head, motto="B", goals=["y"], solutions=[], opened=opened)
    assert "Mục tiêu: x" in caught.value.theirs
    covenant_text.save_text(bloc_year.pk, by=head, motto="B", goals=["y"], solutions=[], opened=caught.value.version)
    assert Covenant.objects.get().goals == ["y"]


@pytest.mark.parametrize("goals", [["a" * 2001], [f"Mục tiêu {n}" for n in range(61)]])
def test_endless_text_is_refused(bloc_year, head, goals):
    with pytest.raises(RuleBroken):
        covenant_text.save_text(bloc_year.pk, by=head, motto="", goals=goals, solutions=[])
    assert Covenant.objects.count() == 0


def test_last_years_covenant_is_offered_for_units_that_are_still_members(head, bloc_year):
    kept, left = members_of(bloc_year)[0], "da-giai-the"
    old_year = make_year(bloc_year.year.authority, year=2025)
    old_units = [make_unit_year(old_year, code=kept.unit.code), make_unit_year(old_year, code=left)]
    old = make_bloc_year(old_year, members=old_units, bloc=bloc_year.bloc)
    make_target(old, "T1", value=Decimal("97.5"), unit_of_measure="%", direction="up", source="NQ 01")
    make_target(old, "T2", of=old_units[0])
    make_target(old, "T3", of=old_units[1])
    Covenant.objects.filter(bloc_year=old).update(goals=["Cũ"], solutions=["Cách cũ"])
    offer = covenant_text.last_year(bloc_year)
    assert (offer.goals, offer.solutions) == (("Cũ",), ("Cách cũ",))
    assert [(one["code"], one["of"]) for one in offer.targets] == [("T1", None), ("T2", kept)]
    values = {"goals": offer.goals, "solutions": offer.solutions, "targets": offer.targets}
    assert covenant_text.take(bloc_year.pk, by=head, **values) == 4
    assert covenant_text.take(bloc_year.pk, by=head, **values) == 0
    row = Target.objects.get(covenant__bloc_year=bloc_year, code="T1")
    assert (row.value, row.op, row.direction, row.source) == (Decimal("97.5"), ">=", "up", "NQ 01")


def test_bloc_without_a_past_has_only_the_template(bloc_year, head):
    assert not covenant_text.last_year(bloc_year)
    offer = covenant_text.template()
    covenant_text.take(bloc_year.pk, by=head, goals=offer.goals, solutions=offer.solutions, targets=offer.targets)
    assert covenant_text.faults(Covenant.objects.get()) == []


def test_taken_target_with_a_code_in_use_gets_the_next(bloc_year, head):
    make_target(bloc_year, "T1")
    covenant_text.take(bloc_year.pk, by=head, targets=[{"code": "T1", "text": "Khác", "op": "", "value": None}])
    assert list(Target.objects.values_list("code", "text")) == [("T1", "Chỉ tiêu T1"), ("T2", "Khác")]
