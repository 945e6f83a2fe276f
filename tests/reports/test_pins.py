"""What a year counts by the rules of its day stays, whatever is published later; a file shows only what was chosen."""

from itertools import permutations

import pytest
import time_machine

from awards.domain.quotas import limits
from blocs.domain import bloc_edits, completeness, obligations, pins, rulesets
from blocs.enums import Role
from blocs.models import BlocYear, Obligation
from reports.domain import opening, summary_reports
from tests.blocs.organisation_rows import fields_of
from tests.blocs.rule_rows import make_rule_set
from tests.factories import (
    at,
    make_authority,
    make_bloc_year,
    make_milestone,
    make_summary_report,
    make_user,
    make_year,
)
from tests.reports.opening_rows import make_source, of_year, prepare
from tests.reports.yearfiles import exported, load, small

pytestmark = pytest.mark.django_db
LATER = [
    {"code": "mid-year", "due": {"month": "7", "day": "1"}},
    {"code": "unit-report", "due": {"month": "10", "day": "1"}},
]


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(at("2026-11-01 08:00"), tick=False):
        yield


def counted(year):
    return [(row.code, row.expected, row.due_at) for row in completeness.count(BlocYear.objects.filter(year=year))]


def everything_renewed():
    """What the nightly task does."""
    return obligations.renew(BlocYear.objects.filter(year__is_open=True))


@pytest.fixture
def past():
    """A year that is over, brought by a file when a set was published."""
    make_rule_set()
    year, _, _ = load(small(year="2022"))
    assert counted(year)
    return year


def test_set_published_later_leaves_a_finished_year_as_it_was(past):
    before = counted(past)
    make_rule_set(version="2", milestones=LATER)
    make_rule_set(id="cung-pham-vi", milestones=LATER)
    everything_renewed()
    assert counted(past) == before
    assert rulesets.of(past.bloc_years.get()).version == 1


def test_set_of_its_time_does_not_give_way_to_a_narrower_one_of_later():
    with time_machine.travel(at("2022-03-01 08:00"), tick=False):
        make_rule_set()
    past, _, _ = load(small(year="2022"))
    before = counted(past)
    make_rule_set(id="hep-hon", scope={"bloc": past.bloc_years.get().bloc.code}, milestones=LATER)
    everything_renewed()
    assert counted(past) == before


def test_file_does_not_show_what_it_did_not_say_and_changes_nothing_once_more(past):
    out = exported(past)
    assert b"rules:" not in out
    for replace in (False, True):
        _, changes, _ = load(out, replace=replace)
        assert (bool(changes), exported(past)) == (False, out)
    assert past.bloc_years.get().rule_set is not None


def test_name_that_the_file_gave_comes_back_without_a_version():
    make_rule_set()
    data = small(year="2022")
    data["blocs"][0]["rules"] = "quy-tac"
    year, _, _ = load(data)
    assert b"rules: quy-tac\n" in exported(year)
    staff = make_user(Role.BOARD_STAFF, authority=year.authority)
    row = year.bloc_years.get()
    bloc_edits.save_bloc(year.pk, fields_of(row, code="ma-moi"), by=staff, bloc_year_id=row.pk, reason="Đổi mã")
    assert b"rules: quy-tac\n" in exported(year)


def test_year_that_came_before_any_set_takes_the_first_and_keeps_it():
    year, _, _ = load(small(year="2022"))
    assert counted(year) == []
    make_rule_set()
    before = counted(year)
    assert [row[0] for row in before] == ["unit-report"]
    make_rule_set(version="2", milestones=LATER)
    everything_renewed()
    assert counted(year) == before


@pytest.mark.parametrize("closed", [False, True])
def test_finished_year_without_a_set_takes_the_first_for_calendar_and_quotas_alike(closed):
    year = make_year(year=2022)
    row = make_bloc_year(year, is_closed=closed)
    make_milestone(row, "covenant", due="2022-02-15 17:00")
    draft = make_rule_set(publish=False, quotas=[{"award": "CTDT", "max": "2"}])
    assert rulesets.under(draft, list(pins.unpinned(draft))) == [row]
    rulesets.publish(draft.pk, by=None)
    make_rule_set(version="2", milestones=LATER, quotas=[{"award": "CTDT", "max": "9"}])
    everything_renewed()
    assert [code for code, _, _ in counted(year)] == ["unit-report", "covenant"]
    assert limits(BlocYear.objects.get(pk=row.pk))["CTDT"].max == 2


SPANS = {"chung": "", "rieng": "ubnd", "rieng-sau": "ubnd"}


@pytest.mark.parametrize("order", list(permutations(["year", *SPANS])), ids="-".join)
def test_sets_of_one_width_have_one_order_whichever_comes_first(order):
    authority = make_authority(code="ubnd")
    for name in order:
        if name == "year":
            row = make_bloc_year(make_year(authority, year=2022))
            pins.hold(BlocYear.objects.filter(pk=row.pk))
        else:
            begins = "2022-03-01" if name == "rieng-sau" else "2022-01-01"
            make_rule_set(id=name, authority=SPANS[name] or None, valid_from=begins)
    assert rulesets.of(BlocYear.objects.get(pk=row.pk)).code == "rieng-sau"


SCOPES = {"tinh": "province", "loai": {"type": "so"}, "khoi": {"bloc": "khoi-1"}}


@pytest.mark.parametrize("order", list(permutations(["year", *SCOPES])), ids="-".join)
@pytest.mark.parametrize("closed", [False, True])
def test_narrowest_set_wins_for_a_past_year_in_whatever_order_they_come(order, closed):
    for name in order:
        if name == "year":
            row = make_bloc_year(make_year(year=2022), type="so", bloc__code="khoi-1", is_closed=closed)
            pins.hold(BlocYear.objects.filter(pk=row.pk))  # as an import does
        else:
            make_rule_set(id=name, scope=SCOPES[name], quotas=[{"award": "CTDT", "max": str(len(name))}])
    assert rulesets.of(BlocYear.objects.get(pk=row.pk)).code == "khoi"


@pytest.mark.parametrize(("now", "follows"), [("2026-12-31 23:59:59", True), ("2027-01-01 00:00:00", False)])
def test_running_year_follows_until_its_last_second(now, follows):
    with time_machine.travel(at("2026-03-01 08:00"), tick=False):
        make_rule_set()
        row = make_bloc_year()
        obligations.renew_bloc(row.pk)
    with time_machine.travel(at(now), tick=False):
        make_rule_set(version="2", milestones=LATER)
        everything_renewed()
    codes = set(Obligation.objects.filter(bloc_year=row).values_list("code", flat=True))
    assert ("mid-year" in codes) is follows
    with time_machine.travel(at("2027-06-01 08:00"), tick=False):
        assert everything_renewed() == 0


def test_opened_year_keeps_the_set_of_that_day_and_the_next_year_finds_its_own():
    make_rule_set()
    source, (old,) = make_source()
    year = prepare(source)
    staff = make_user(Role.BOARD_STAFF, authority=year.authority)
    opening.open_year(year.pk, by=staff)
    row, before = of_year(year, old), counted(year)
    assert (str(row.rule_set), pins.is_chosen(row)) == ("quy-tac@1", False)
    assert b"rules:" not in exported(year)
    make_rule_set(version="2", milestones=LATER)
    everything_renewed()
    assert counted(year) == before
    assert of_year(prepare(year, label="2028", year=2028), row).rule_set is None


def test_bloc_that_has_sent_its_report_keeps_its_set():
    make_rule_set()
    row = make_bloc_year()
    make_summary_report(row, state="adopted", whole=True)
    head = make_user(Role.BLOC_HEAD, bloc_year=row)
    obligations.renew_bloc(row.pk)
    summary_reports.move(row.summary_report.pk, "submit", by=head)
    before = counted(row.year)
    draft = make_rule_set(version="2", milestones=LATER)
    everything_renewed()
    assert (counted(row.year), list(pins.unpinned(draft))) == (before, [])


def test_board_that_takes_a_choice_back_leaves_no_name_in_the_file():
    make_rule_set()
    data = small(year="2026")
    data["blocs"][0]["rules"] = "quy-tac"
    year, _, _ = load(data)
    row, staff = year.bloc_years.get(), make_user(Role.BOARD_STAFF, authority=year.authority)
    bloc_edits.save_bloc(year.pk, fields_of(row, rule_set=None), by=staff, bloc_year_id=row.pk, reason="Thôi ghim")
    assert pins.hold(BlocYear.objects.filter(pk=row.pk)) == 1
    assert b"rules:" not in exported(year)


def test_holding_costs_the_same_for_one_and_three(django_assert_num_queries):
    make_rule_set()
    for number in (1, 3):
        year = make_year()
        for _ in range(number):
            make_bloc_year(year)
        with django_assert_num_queries(3):
            assert pins.hold(year.bloc_years.all()) == number
