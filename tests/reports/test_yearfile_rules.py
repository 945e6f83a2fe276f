"""The year file names the rule set of a bloc: pinned, kept, given out as it was written."""

import pytest

from blocs.domain.files import FileRefused
from blocs.models import BlocYear, Obligation
from tests.blocs.rule_rows import make_rule_set
from tests.reports.yearfiles import content, exported, load, small

pytestmark = pytest.mark.django_db


def with_rules(name):
    return small(bloc={"rules": name})


def refused(name):
    with pytest.raises(FileRefused) as caught:
        load(with_rules(name))
    assert BlocYear.objects.count() == 0
    return str(caught.value)


@pytest.mark.parametrize("name", ["quy-tac", "quy-tac@1"])
def test_name_comes_back_as_it_was_written(name):
    row = make_rule_set(authority="ubnd-son-ha")
    year, _, _ = load(with_rules(name))
    out = exported(year)
    assert BlocYear.objects.get().rule_set == row
    assert content(out)["blocs"][0]["rules"] == name
    assert bool(load(out)[1]) is False
    assert exported(year) == out


def test_calendar_of_the_set_is_owed():
    make_rule_set()
    load(with_rules("quy-tac"))
    assert Obligation.objects.filter(code="unit-report").count() == 3


def test_unknown_set():
    assert refused("quy-tac") == "blocs[0].rules: không có bộ quy tắc “quy-tac”"


def test_draft():
    make_rule_set(publish=False)
    assert refused("quy-tac@1") == "blocs[0].rules: bộ quy tắc “quy-tac@1” chưa công bố"


def test_set_of_another_authority():
    make_rule_set(authority="ubnd-khac")
    assert refused("quy-tac") == "blocs[0].rules: quy-tac@1 là của “ubnd-khac”"


@pytest.mark.parametrize("name", ["quy-tac", "quy-tac@1"])
def test_later_version_does_not_move_the_pin(name):
    first = make_rule_set()
    year, _, _ = load(with_rules(name))
    out = exported(year)
    make_rule_set(version="2", milestones=[])
    assert (BlocYear.objects.get().rule_set, Obligation.objects.count()) == (first, 3)
    assert bool(load(out)[1]) is False
    assert (BlocYear.objects.get().rule_set, exported(year)) == (first, out)
    load(with_rules("quy-tac@2"))
    assert BlocYear.objects.get().rule_set.version == 2


def test_new_bloc_takes_the_highest_version():
    make_rule_set()
    second = make_rule_set(version="2")
    load(with_rules("quy-tac"))
    assert BlocYear.objects.get().rule_set == second


def test_file_without_the_key_keeps_the_pin_and_replace_clears_it():
    row = make_rule_set()
    load(with_rules("quy-tac"))
    load(small())
    assert BlocYear.objects.get().rule_set == row
    load(small(), replace=True)
    assert BlocYear.objects.get().rule_set is None
