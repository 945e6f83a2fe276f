"""Awards that share a number: sharing is what each quota itself says, in whatever order the rows stand."""

from collections import Counter
from itertools import permutations

import pytest

from awards.domain.quotas import limits, refusal
from awards.models import AwardKind
from tests.blocs.rule_rows import stored
from tests.factories import make_authority, make_bloc_year, make_quota, make_year

pytestmark = pytest.mark.django_db


def own(number, *shared_with):
    return {"max": number, "shared_with": list(shared_with)}


def rest(*after, shared_with=()):
    return {"max_percent": "50", "base": "remaining", "after": list(after), "shared_with": list(shared_with)}


def bloc_with(rows, order, members=20):
    bloc_year = make_bloc_year(members=members)
    for award in order:
        make_quota(bloc_year, award, **rows[award])
    return bloc_year


ALL = ("CTDT", "GK", "CTDCP")
TAKEN_OFF = {  # what is taken off 20 members for BKT
    "each its own": ({"CTDT": own(4), "GK": own(1), "BKT": rest("CTDT", "GK")}, 5),
    "a flag of the Government takes a place of the province's": (
        {"CTDCP": own(1), "CTDT": own(4, "CTDCP"), "BKT": rest("CTDCP", "CTDT")}, 4,
    ),
    "the taken in is the larger": ({"GK": own(6), "CTDT": own(4, "GK"), "BKT": rest("CTDT", "GK")}, 4),
    "the one with the number is not after": ({"GK": own(2), "CTDT": own(4, "GK"), "BKT": rest("GK")}, 2),
    "each of the other": ({"CTDT": own(2, "GK"), "GK": own(5, "CTDT"), "BKT": rest("CTDT", "GK")}, 5),
    "each of the other, one also of a third": (
        {"CTDT": own(2, "GK", "CTDCP"), "GK": own(5, "CTDT"), "BKT": rest(*ALL)}, 5,
    ),
    "round about": (
        {"CTDT": own(2, "GK"), "GK": own(3, "CTDCP"), "CTDCP": own(4, "CTDT"), "BKT": rest(*ALL)}, 4,
    ),
    "not handed on": ({"CTDT": own(4, "GK"), "GK": own(6, "CTDCP"), "CTDCP": own(3), "BKT": rest(*ALL)}, 7),
    "two that are taken in by one of them": (
        {"CTDT": own(4, "GK", "CTDCP"), "GK": own(6, "CTDCP"), "CTDCP": own(3, "GK"), "BKT": rest(*ALL)}, 4,
    ),
    "without a quota, by the one that names it": ({"CTDT": own(3, "GK"), "BKT": rest("GK")}, 3),
    "without a quota, once": ({"CTDT": own(3, "GK", "CTDCP"), "BKT": rest(*ALL)}, 3),
    "without a quota, two that name it": (
        {"CTDT": own(3, "GK"), "CTDCP": own(5, "GK"), "BKT": rest("GK")}, 5,
    ),
    "without a quota, one that names both": (
        {"CTDT": own(3, "GK", "TTLDXS"), "CTDCP": own(5, "GK"), "BKT": rest("GK", "TTLDXS")}, 3,
    ),
    "without a quota, named by one that is taken in": (
        {"CTDT": own(4, "GK"), "GK": own(2, "TTLDXS"), "BKT": rest("CTDT", "GK", "TTLDXS")}, 6,
    ),
    "nobody names it": ({"CTDT": own(3), "BKT": rest("GK")}, 0),
    "only the one that counts names it": ({"BKT": rest("GK", shared_with=["GK"])}, 0),
    "after one that it shares with": ({"GK": own(2), "BKT": rest("GK", shared_with=["GK"])}, 2),
    "never more than there are": ({"CTDT": own(21, "GK"), "GK": own(9, "CTDT"), "BKT": rest("CTDT", "GK")}, 21),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "taken"), TAKEN_OFF.values(), ids=TAKEN_OFF.keys())
def test_taken_off_in_whatever_order_the_rows_stand(rows, taken):
    for order in permutations(rows):
        found = limits(bloc_with(rows, order))
        left = max(0, 20 - taken)
        assert found["BKT"].how.startswith(f"50 % của {left} thành viên còn lại (20 trừ {taken})"), order
        assert {code: found[code].max for code in rows if code != "BKT"} == {
            code: row["max"] for code, row in rows.items() if code != "BKT"
        }


def test_one_that_waits_and_is_taken_in_is_not_asked_for():
    rows = {"CTDT": own(4, "GK"), "GK": rest("BKT"), "BKT": rest("CTDT", "GK")}
    for order in permutations(rows):
        assert {code: row.max for code, row in limits(bloc_with(rows, order)).items()} == {"CTDT": 4, "BKT": 8, "GK": 6}


@pytest.mark.parametrize("quotas", [{"GK": rest("CTDT")}, {"CTDT": own(2), "GK": rest("CTDT")}])
def test_own_number_goes_before_one_that_the_rules_share(quotas):
    stored("quang-nam-2021")  # BKT: half of all, shared with CTDCP and CTDT
    bloc_year = make_bloc_year(make_year(make_authority(code="ubnd-quang-nam")), members=20)
    for award, row in quotas.items():
        make_quota(bloc_year, award, **row)

    number, share = ("2", 9) if "CTDT" in quotas else ("10", 5)
    assert limits(bloc_year)["GK"].max == share
    assert f"(20 trừ {number})" in limits(bloc_year)["GK"].how
    assert limits(bloc_year)["BKT"].max == 10


def test_counting_ends_where_stored_rules_wait_for_each_other():
    rows = {"CTDT": rest("BKT", shared_with=["GK"]), "GK": rest("CTDT", "GK"), "BKT": rest("GK", "CTDT")}
    for order in permutations(rows):
        assert set(limits(bloc_with(rows, order))) == set(rows)


# ---------------------------------------------------------------- proposing


@pytest.mark.parametrize("order", list(permutations(["CTDCP", "CTDT", "GK"])))
def test_award_is_refused_where_any_number_that_takes_it_in_is_full(order):
    rows = {"CTDCP": own(1), "CTDT": own(4, "CTDCP"), "GK": own(6, "CTDT")}
    found = limits(bloc_with(rows, order))

    def refused(award, **taken):
        return bool(refusal(AwardKind.objects.get(code=award), found, Counter(taken)))

    assert [refused("CTDT", CTDT=3), refused("CTDT", CTDT=4), refused("CTDT", CTDT=3, CTDCP=1)] == [False, True, True]
    assert [refused("CTDCP", CTDT=3), refused("CTDCP", CTDT=4), refused("CTDCP", CTDCP=1)] == [False, True, True]
    assert [refused("CTDT", GK=6), refused("CTDCP", GK=6), refused("GK", GK=3, CTDT=3)] == [True, False, True]


def test_refusal_names_the_awards_of_the_number():
    found = limits(bloc_with({"GK": own(3), "CTDT": own(2, "GK", "BKT")}, ["GK", "CTDT"]))
    names = {kind.code: str(kind) for kind in AwardKind.objects.all()}

    assert refusal(AwardKind.objects.get(code="GK"), found, Counter(BKT=2)) == (
        f"Đã đủ chỉ tiêu {names['GK']}: 2/2 (cố định 2). "
        f"Số này dùng chung cho: {names['CTDT']}, {names['GK']}, {names['BKT']}."
    )
    assert refusal(AwardKind.objects.get(code="GK"), found, Counter(GK=1)) == ""
