"""How many of an award a bloc may propose, and that nobody proposes more."""

from datetime import date

import pytest

from awards.domain import catalogue, proposals
from awards.domain.quotas import limits, refusal, taken
from awards.models import AwardKind, Hold, LawVersion, Proposal, ProposedCount
from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import AuditEvent
from tests.at_once import needs_row_locks, two_at_once
from tests.factories import make_bloc_year, make_proposal, make_quota, make_user, members_of

pytestmark = pytest.mark.django_db
AWARD = "Cờ thi đua của UBND tỉnh"


def max_of(bloc_year, award="CTDT"):
    return limits(bloc_year)[award].max


def hold(bloc_year, unit, begins_on=None, ends_on=None):
    Hold.objects.create(bloc_year=bloc_year, unit=unit, code="KY_LUAT", begins_on=begins_on, ends_on=ends_on)


# ---------------------------------------------------------------- the number


def test_award_without_a_quota_has_no_limit():
    assert limits(make_bloc_year()) == {}


def test_fixed_number():
    bloc_year = make_bloc_year()
    make_quota(bloc_year, max=2, source="QĐ 1")
    limit = limits(bloc_year)["CTDT"]
    assert (limit.max, limit.how, limit.source, limit.awards) == (2, "cố định 2", "QĐ 1", ("CTDT",))


def test_fixed_zero():
    bloc_year = make_bloc_year()
    make_quota(bloc_year, max=0)
    assert max_of(bloc_year) == 0


@pytest.mark.parametrize(("members", "number"), [(2, 0), (3, 1), (5, 1), (6, 2), (9, 2)])
def test_number_by_size(members, number):
    bloc_year = make_bloc_year(members=members)
    make_quota(bloc_year, by_size=[{"ge": 3, "le": 5, "max": 1}, {"ge": 6, "max": 2}])
    assert max_of(bloc_year) == number
    assert limits(bloc_year)["CTDT"].how == f"khối có {members} thành viên nên được {number}"


def test_number_by_size_without_a_lower_end():
    bloc_year = make_bloc_year(members=3)
    make_quota(bloc_year, by_size=[{"le": 3, "max": 1}])
    assert max_of(bloc_year) == 1


PERCENTS = [
    ("20", "", 7, 1), ("20", "floor", 7, 1), ("20", "half_up", 7, 1), ("20", "ceil", 7, 2),  # 1.4
    ("50", "floor", 5, 2), ("50", "half_up", 5, 3), ("50", "ceil", 5, 3),  # 2.5
    ("33.34", "floor", 3, 1), ("33.34", "half_up", 3, 1), ("33.34", "ceil", 3, 2),  # 1.0002
    ("100", "floor", 4, 4), ("0", "ceil", 4, 0), ("20", "ceil", 5, 1),
]  # fmt: skip


@pytest.mark.parametrize(("percent", "rounding", "members", "number"), PERCENTS)
def test_percentage_and_its_rounding(percent, rounding, members, number):
    bloc_year = make_bloc_year(members=members)
    make_quota(bloc_year, max_percent=percent, rounding=rounding)
    assert max_of(bloc_year) == number


def test_percentage_says_how():
    bloc_year = make_bloc_year(members=7)
    make_quota(bloc_year, max_percent="20", rounding="ceil", base="all")
    assert limits(bloc_year)["CTDT"].how == "20 % của 7 thành viên, làm tròn lên, được 2"


HOLDS = [
    (None, None, 2), (date(2026, 10, 1), None, 2), (date(2026, 12, 31), None, 2), (None, date(2026, 12, 31), 2),
    (date(2027, 1, 1), None, 3), (None, date(2026, 12, 30), 3), (date(2026, 2, 1), date(2026, 3, 1), 3),
]  # fmt: skip


@pytest.mark.parametrize(("begins_on", "ends_on", "eligible"), HOLDS)
def test_eligible_are_those_without_a_hold_on_the_last_day(begins_on, ends_on, eligible):
    bloc_year = make_bloc_year(members=3)
    make_quota(bloc_year, max_percent="100", base="eligible")
    hold(bloc_year, members_of(bloc_year)[0], begins_on, ends_on)
    assert max_of(bloc_year) == eligible


def test_two_holds_of_a_unit_count_once():
    bloc_year = make_bloc_year(members=3)
    make_quota(bloc_year, max_percent="100", base="eligible")
    for _ in range(2):
        hold(bloc_year, members_of(bloc_year)[0])
    assert max_of(bloc_year) == 2


def test_remaining_are_members_less_the_quotas_before():
    bloc_year = make_bloc_year(members=10)
    make_quota(bloc_year, "CTDCP", max=1)
    make_quota(bloc_year, "CTDT", by_size=[{"ge": 1, "max": 2}])
    make_quota(bloc_year, "BKT", max_percent="50", base="remaining", after=["CTDCP", "CTDT", "GK"])
    assert limits(bloc_year)["BKT"].how == "50 % của 7 thành viên còn lại (10 trừ 3), làm tròn xuống, được 3"


def test_remaining_is_not_below_zero():
    bloc_year = make_bloc_year(members=2)
    make_quota(bloc_year, "CTDT", max=5)
    make_quota(bloc_year, "BKT", max_percent="50", base="remaining", after=["CTDT"])
    assert max_of(bloc_year, "BKT") == 0


def test_remaining_in_whatever_order_the_quotas_stand():
    bloc_year = make_bloc_year(members=10)
    make_quota(bloc_year, "BKT", max_percent="50", base="remaining", after=["CTDT"])
    make_quota(bloc_year, "CTDT", max_percent="20", base="remaining", after=["CTDCP"])
    make_quota(bloc_year, "CTDCP", max=1)
    assert {code: limit.max for code, limit in limits(bloc_year).items()} == {"CTDCP": 1, "CTDT": 1, "BKT": 4}


def test_number_of_the_eligible_is_told_only_openly():
    bloc_year = make_bloc_year(members=3)
    make_quota(bloc_year, max_percent="100", base="eligible")
    hold(bloc_year, members_of(bloc_year)[0])
    words = [limits(bloc_year, openly=openly)["CTDT"].how for openly in (False, True)]
    assert words == [
        "100 % của số thành viên đủ điều kiện, làm tròn xuống, được 2",
        "100 % của 2 thành viên đủ điều kiện, làm tròn xuống, được 2",
    ]


def test_quotas_that_wait_for_each_other_come_to_an_end():
    bloc_year = make_bloc_year(members=4)
    make_quota(bloc_year, "BKT", max_percent="50", base="remaining", after=["CTDT"])
    make_quota(bloc_year, "CTDT", max_percent="50", base="remaining", after=["BKT"])
    assert set(limits(bloc_year)) == {"BKT", "CTDT"}


# ---------------------------------------------------------------- proposing


@pytest.fixture
def bloc_year():
    return make_bloc_year(members=4)


@pytest.fixture
def head(bloc_year):
    return make_user(Role.BLOC_HEAD, bloc_year=bloc_year)


def test_proposal_within_the_quota(bloc_year, head):
    make_quota(bloc_year, max=2)
    first, second, *_ = members_of(bloc_year)
    proposals.propose(bloc_year.pk, "CTDT", second.pk, by=head)
    proposals.propose(bloc_year.pk, "CTDT", first.pk, by=head)
    assert list(Proposal.objects.values_list("unit", "position")) == [(second.pk, 0), (first.pk, 1)]
    event = AuditEvent.objects.first()
    assert (event.action, event.after) == ("proposal.propose", {"award": AWARD, "unit": first.name})


def test_proposal_beyond_the_quota_is_refused(bloc_year, head):
    make_quota(bloc_year, max=1, source="QĐ 12/QĐ-HĐ")
    first, second, *_ = members_of(bloc_year)
    proposals.propose(bloc_year.pk, "CTDT", first.pk, by=head)
    with pytest.raises(RuleBroken) as caught:
        proposals.propose(bloc_year.pk, "CTDT", second.pk, by=head)
    award = AwardKind.objects.get(code="CTDT")
    assert str(caught.value) == f"Đã đủ chỉ tiêu {award}: 1/1 (cố định 1). Căn cứ: QĐ 12/QĐ-HĐ."
    assert (Proposal.objects.count(), AuditEvent.objects.count()) == (1, 1)


def test_proposal_without_a_quota_has_no_end(bloc_year, head):
    for unit in members_of(bloc_year):
        proposals.propose(bloc_year.pk, "BKT", unit.pk, by=head)
    assert Proposal.objects.count() == 4


@pytest.mark.parametrize("order", [("CTDT", "CTDCP"), ("CTDCP", "CTDT")])
def test_shared_number_is_one_for_all_its_awards(bloc_year, head, order):
    make_quota(bloc_year, "CTDT", max=1, shared_with=["CTDCP"])
    first, second, *_ = members_of(bloc_year)
    proposals.propose(bloc_year.pk, order[0], first.pk, by=head)
    with pytest.raises(RuleBroken):
        proposals.propose(bloc_year.pk, order[1], second.pk, by=head)
    proposals.propose(bloc_year.pk, "BKT", second.pk, by=head)
    assert taken(bloc_year) == {order[0]: 1, "BKT": 1}


def test_known_numbers_count_too(bloc_year):
    make_quota(bloc_year, "CTDT", max=3, shared_with=["CTDCP"])
    award = AwardKind.objects.get(code="CTDT")
    ProposedCount.objects.create(bloc_year=bloc_year, award=award, count=3)
    assert refusal(AwardKind.objects.get(code="CTDCP"), limits(bloc_year), taken(bloc_year)) != ""
    assert refusal(AwardKind.objects.get(code="BKT"), limits(bloc_year), taken(bloc_year)) == ""


def test_list_is_not_kept_beside_a_number(bloc_year, head):
    ProposedCount.objects.create(bloc_year=bloc_year, award=AwardKind.objects.get(code="CTDT"), count=3)
    with pytest.raises(RuleBroken):
        proposals.propose(bloc_year.pk, "CTDT", members_of(bloc_year)[0].pk, by=head)


def test_unit_is_not_proposed_twice(bloc_year, head):
    unit = members_of(bloc_year)[0]
    make_proposal(bloc_year, unit)
    with pytest.raises(RuleBroken):
        proposals.propose(bloc_year.pk, "CTDT", unit.pk, by=head)
    assert proposals.propose(bloc_year.pk, "BKT", unit.pk, by=head).unit == unit


def test_stranger_is_not_proposed(bloc_year, head):
    with pytest.raises(RuleBroken):
        proposals.propose(bloc_year.pk, "CTDT", members_of(make_bloc_year())[0].pk, by=head)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.BLOC_HEAD, Role.BLOC_DEPUTY)])
def test_others_do_not_propose(bloc_year, role):
    user, unit = make_user(role, bloc_year=bloc_year), members_of(bloc_year)[0]
    proposal = make_proposal(bloc_year, unit, "BKT")
    with pytest.raises(NotAllowed):
        proposals.propose(bloc_year.pk, "CTDT", unit.pk, by=user)
    with pytest.raises(NotAllowed):
        proposals.withdraw(bloc_year.pk, proposal.pk, by=user, note="x")
    assert Proposal.objects.count() == 1


def test_place_is_free_again_after_a_withdrawal(bloc_year, head):
    make_quota(bloc_year, max=1)
    first, second, *_ = members_of(bloc_year)
    proposal = proposals.propose(bloc_year.pk, "CTDT", first.pk, by=head)
    proposals.withdraw(bloc_year.pk, proposal.pk, by=head, note=" Xin rút ")
    event = AuditEvent.objects.first()
    assert (event.action, event.before, event.note) == (
        "proposal.withdraw",
        {"award": AWARD, "unit": first.name},
        "Xin rút",
    )
    assert proposals.propose(bloc_year.pk, "CTDT", second.pk, by=head).unit == second


def test_withdrawal_needs_a_reason(bloc_year, head):
    proposal = make_proposal(bloc_year, members_of(bloc_year)[0])
    with pytest.raises(RuleBroken):
        proposals.withdraw(bloc_year.pk, proposal.pk, by=head, note=" ")
    assert Proposal.objects.count() == 1


def test_proposal_of_another_bloc_is_not_withdrawn(bloc_year, head):
    other = make_bloc_year()
    proposal = make_proposal(other, members_of(other)[0])
    with pytest.raises(RuleBroken):
        proposals.withdraw(bloc_year.pk, proposal.pk, by=head, note="x")
    assert Proposal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@needs_row_locks
def test_two_who_ask_at_once_do_not_both_get_the_last_place():
    bloc_year = make_bloc_year(members=4)
    make_quota(bloc_year, max=1)
    head = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    units = [unit.pk for unit in members_of(bloc_year)[:2]]

    def propose(unit):
        proposals.propose(bloc_year.pk, "CTDT", unit, by=head)
        return "proposed"

    answers, refused = two_at_once(propose, units)

    assert (answers, len(refused)) == (["proposed"], 1)
    assert Proposal.objects.count() == 1


# ---------------------------------------------------------------- the catalogue


def test_catalogue_is_there_and_is_not_loaded_twice():
    before = AwardKind.objects.count(), LawVersion.objects.count()
    catalogue.load_missing()
    assert (AwardKind.objects.count(), LawVersion.objects.count()) == before
    assert {"CTDT", "CTDCP", "BKT"} <= set(AwardKind.objects.values_list("code", flat=True))


def test_edited_row_of_the_catalogue_stays():
    AwardKind.objects.filter(code="CTDT").update(name="Cờ của tỉnh")
    AwardKind.objects.get(code="BKT").delete()
    catalogue.load_missing()
    assert AwardKind.objects.get(code="CTDT").name == "Cờ của tỉnh"
    assert AwardKind.objects.filter(code="BKT").exists()


def test_unknown_award_is_added_to_be_completed():
    kinds, added = catalogue.kinds_by_code(["CTDT", "GIAI_X"])
    assert (added, kinds["GIAI_X"].name, kinds["GIAI_X"].confirmed) == (["GIAI_X"], "GIAI_X", False)
