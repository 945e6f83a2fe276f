"""Quotas that a rule set prescribes, alone and beside a bloc's own; four provinces by hand."""

import pytest

from awards.domain.quotas import limits, refusal
from awards.models import AwardKind
from reports.domain import rule_words
from tests.blocs.rule_rows import make_rule_set, stored
from tests.factories import make_authority, make_bloc_year, make_quota, make_year

pytestmark = pytest.mark.django_db


def numbers(bloc_year):
    return {code: limit.max for code, limit in limits(bloc_year).items()}


def seven(authority, **columns):
    return make_bloc_year(make_year(make_authority(code=authority)), members=7, **columns)


PROVINCES = {  # a bloc of seven, counted by hand
    "hung-yen-2021": ("ubnd-hung-yen", {"CTDT": 2, "BKT": 1}),
    "quang-ninh-2017": ("ubnd-quang-ninh", {"CTDCP": 1, "CTDT": 1, "BKT": 2}),
    "quang-nam-2021": ("ubnd-quang-nam", {"BKT": 3}),
    "bac-ninh-2025": ("ubnd-bac-ninh", {}),
}


@pytest.mark.parametrize("name", PROVINCES)
def test_bloc_of_seven(name):
    for other in PROVINCES:
        stored(other)
    authority, expected = PROVINCES[name]
    assert numbers(seven(authority)) == expected


def test_shared_half_of_quang_nam_is_one_number_for_flags_and_certificates():
    stored("quang-nam-2021")
    limit = limits(seven("ubnd-quang-nam"))["BKT"]
    assert (limit.max, limit.awards) == (3, ("BKT", "CTDCP", "CTDT"))
    taken = {"CTDCP": 1, "CTDT": 1, "BKT": 1, "GK": 9}
    flag = AwardKind.objects.get(code="CTDT")
    assert refusal(flag, {"BKT": limit}, taken) == (
        f"Đã đủ chỉ tiêu {flag}: 3/3 (50 % của 7 thành viên, làm tròn xuống, được 3). Số này dùng chung cho: "
        f"Bằng khen của Chủ tịch UBND tỉnh, Cờ thi đua của Chính phủ, {flag}. Căn cứ: Quyết định 11/2021/QĐ-UBND."
    )
    assert refusal(flag, {"BKT": limit}, taken | {"BKT": 0}) == ""


@pytest.mark.parametrize(
    ("type_", "expected"), [("khoi-co-so", {"CTDT": 1, "BKT": 1}), ("", {"CTDCP": 1, "CTDT": 1, "BKT": 2})]
)
def test_blocs_below_the_province_of_quang_ninh(type_, expected):
    stored("quang-ninh-2017")
    stored("quang-ninh-2017-co-so")
    assert numbers(seven("ubnd-quang-ninh", type=type_)) == expected


def test_own_quota_goes_before_the_rule_sets_award_by_award():
    stored("hung-yen-2021")
    bloc_year = seven("ubnd-hung-yen")
    make_quota(bloc_year, "CTDT", max=4, source="QĐ 5")
    make_quota(bloc_year, "GK", max=9)
    assert numbers(bloc_year) == {"CTDT": 4, "BKT": 1, "GK": 9}
    assert limits(bloc_year)["CTDT"].source == "QĐ 5"


def test_own_number_counts_for_what_remains():
    stored("quang-ninh-2017")
    bloc_year = seven("ubnd-quang-ninh")
    make_quota(bloc_year, "CTDT", max=3)
    assert numbers(bloc_year)["BKT"] == 1  # half of 7 - 1 - 3


@pytest.mark.parametrize(("members", "number"), [(3, 0), (4, 1), (9, 1), (10, 2)])
def test_size_without_a_range_gives_nothing(members, number):
    make_rule_set(quotas=[{"award": "CTDT", "by_size": [{"ge": "4", "le": "9", "max": "1"}, {"ge": "10", "max": "2"}]}])
    bloc_year = make_bloc_year(members=members)
    assert numbers(bloc_year) == {"CTDT": number}
    assert limits(bloc_year)["CTDT"].source == "Bộ quy tắc quy-tac@1"


@pytest.mark.parametrize(("rounding", "number"), [(None, 3), ("floor", 3), ("half_up", 4), ("ceil", 4)])
def test_half_of_seven_rounded(rounding, number):
    make_rule_set(quotas=[{"award": "BKT", "max_percent": "50", "rounding": rounding}])
    assert numbers(make_bloc_year(members=7)) == {"BKT": number}


def test_remaining_takes_a_shared_number_off_once():
    make_rule_set(
        quotas=[
            {"award": "CTDT", "max": "3", "shared_with": ["CTDCP"]},
            {"award": "BKT", "max_percent": "50", "base": "remaining", "after": ["CTDCP", "CTDT"]},
        ]
    )
    assert numbers(make_bloc_year(members=7)) == {"CTDT": 3, "BKT": 2}


def test_remaining_is_never_below_nothing():
    make_rule_set(
        quotas=[
            {"award": "CTDT", "max": "9"},
            {"award": "BKT", "max_percent": "50", "base": "remaining", "after": ["CTDT"]},
        ]
    )
    assert numbers(make_bloc_year(members=7))["BKT"] == 0


def test_rule_set_in_words():
    words = rule_words.words_of(stored("quang-ninh-2017"))
    assert [row.words for row in words.quotas] == [
        "Nhiều nhất 1.",
        "Nhiều nhất 1.",
        "Nhiều nhất 50 % số thành viên còn lại sau khi trừ chỉ tiêu Cờ thi đua của Chính phủ, "
        "Cờ thi đua của UBND tỉnh, làm tròn xuống.",
    ]
    assert (words.heads, words.calendar) == ("Khối trưởng, Khối phó luân phiên.", [])
    words = rule_words.words_of(stored("hung-yen-2021"))
    assert words.lateness.startswith("Chậm không quá 4 ngày vẫn tính là đúng hạn.")
    assert (words.calendar[-1].due, words.calendar[-1].locks) == ("hết ngày 10/01 năm sau", "hết ngày 31/01 năm sau")
