"""What is wrong with a quota is refused wherever it comes from: a rule file, a year file, the page of a bloc."""

from decimal import Decimal
from itertools import permutations

import pytest

from awards.domain.own_quotas import QuotaFields, set_quota
from awards.domain.quota_checks import circle
from awards.models import Quota
from blocs.domain import pins
from blocs.domain.bloc_edits import save_bloc
from blocs.domain.files import FileRefused, write_yaml
from blocs.domain.rulesets import import_rules, publish, read
from blocs.enums import Role
from blocs.errors import RuleBroken
from blocs.models import RuleSet
from tests.blocs.organisation_rows import fields_of, make_rules
from tests.blocs.rule_rows import make_rule_set, small_rules
from tests.factories import make_bloc_year, make_user

pytestmark = pytest.mark.django_db


def percent(award, *after):
    return {"award": award, "max_percent": "50", "base": "remaining", "after": list(after)}


def by_size(*sizes):
    names = ("ge", "le", "max")
    rows = [{name: value for name, value in zip(names, size, strict=True) if value} for size in sizes]
    return {"award": "CTDT", "by_size": rows}


BAD = {
    "sizes that overlap": ([by_size(("4", "9", "1"), ("9", "", "2"))], "[0].by_size: các khoảng số thành viên chồng lên nhau ở khoảng bắt đầu từ 9"),
    "sizes that overlap, the later first": ([by_size(("9", "", "2"), ("4", "9", "1"))], "[0].by_size: các khoảng số thành viên chồng lên nhau ở khoảng bắt đầu từ 9"),
    "two open ranges": ([by_size(("", "", "1"), ("", "", "2"))], "[0].by_size: các khoảng số thành viên chồng lên nhau ở khoảng bắt đầu từ 0"),
    "size backwards": ([by_size(("9", "4", "1"))], "[0].by_size: khoảng số thành viên viết ngược: 9 đến 4"),
    "after itself": ([percent("BKT", "BKT")], "[0].after: một khen thưởng không trừ chính nó"),
    "after each other": (
        [{"award": "GK", "max": "1"}, percent("BKT", "CTDT"), percent("CTDT", "BKT", "GK")],
        "[1].after: chỉ tiêu trừ lẫn nhau thành vòng, không tính được: BKT → CTDT → BKT",
    ),
    "after one that another shares its number with": (
        [percent("BKT", "CTDCP"), {**percent("GK", "BKT"), "shared_with": ["CTDCP"]}],
        "[0].after: chỉ tiêu trừ lẫn nhau thành vòng, không tính được: BKT → GK → BKT",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("quotas", "line"), BAD.values(), ids=BAD.keys())
def test_rule_file_is_refused(quotas, line):
    with pytest.raises(FileRefused) as caught:
        make_rule_set(quotas=quotas)

    assert (str(caught.value), RuleSet.objects.count()) == (f"quotas{line}", 0)


@pytest.mark.parametrize(
    "quotas",
    [
        [by_size(("10", "", "2"), ("4", "9", "1"))],
        [{"award": "CTDT", "max": "2", "shared_with": ["CTDT", "BKT"]}],
        [{"award": "CTDT", "max": "1"}, percent("BKT", "CTDT", "GK"), percent("GK", "CTDT")],
        [
            {"award": "CTDT", "max": "2"},
            {**percent("BKT", "GK"), "shared_with": ["CTDCP", "CTDT"]},
            percent("GK", "CTDT"),
        ],
        [{"award": "CTDT", "max": "1"}, {**percent("BKT", "CTDT"), "shared_with": ["CTDT"]}],
        [{**percent("BKT", "CTDT"), "shared_with": ["CTDT"]}],
        [{"award": "GK", "max": "1", "shared_with": ["CTDT"]}, percent("CTDT", "BKT"), percent("BKT", "GK")],
        [{"award": "CTDT", "max": "1", "after": ["BKT"]}, percent("BKT", "CTDT")],
    ],
)
def test_what_only_looks_odd_is_taken(quotas):
    assert make_rule_set(quotas=quotas).is_published


def test_after_without_the_remaining_members_is_a_warning():
    quotas = [{"award": "BKT", "max_percent": "50", "after": ["CTDT"]}, {"award": "CTDT", "max": "1"}]

    _, _, notes = import_rules(write_yaml(small_rules(quotas=quotas)).encode())

    assert notes == ["chỉ tiêu “BKT”: after không có tác dụng vì base không phải remaining"]


def test_set_that_was_stored_before_the_check_is_still_read():
    content = small_rules(quotas=BAD["after each other"][0])

    assert len(read(RuleSet.objects.create(code="cu", content=content)).quotas) == 3


def test_own_quota_that_closes_a_circle_with_the_rules_is_refused():
    bloc = make_bloc_year(members=5)
    make_rules(bloc.year, quotas=[percent("BKT", "CTDT")])
    staff = make_user(Role.BOARD_STAFF, authority=bloc.year.authority)
    fields = QuotaFields(source="QĐ 1", max_percent=Decimal(50), base="remaining", after=["BKT"])

    with pytest.raises(RuleBroken, match="thành vòng, không tính được: BKT → CTDT → BKT"):
        set_quota(bloc.pk, "CTDT", fields, by=staff, reason="Thông báo 9")

    assert Quota.objects.count() == 0


@pytest.fixture
def bloc():
    """A bloc whose own quota of one award is counted after the rules' quota of another."""
    row = make_bloc_year(members=5)
    make_rules(row.year, quotas=[{"award": "BKT", "max": "1"}])
    fields = QuotaFields(source="QĐ 1", max_percent=Decimal(50), base="remaining", after=["BKT"])
    set_quota(row.pk, "CTDT", fields, by=officer(row), reason="Thông báo 9")
    return row


def officer(bloc):
    return make_user(Role.BOARD_STAFF, authority=bloc.year.authority)


def test_rules_that_close_a_circle_with_a_blocs_own_quota_are_not_published(bloc):
    where = {"scope": {"bloc": bloc.bloc.code}, "authority": bloc.year.authority.code}
    draft = make_rule_set(**where, quotas=[percent("BKT", "CTDT")], publish=False)

    with pytest.raises(RuleBroken, match=f"{bloc.name} có chỉ tiêu riêng. .* thành vòng"):
        publish(draft.pk, by=officer(bloc))

    draft.refresh_from_db()
    assert not draft.is_published


def test_rules_that_close_a_circle_are_neither_pinned_nor_opened_with(bloc):
    closing = make_rules(
        bloc.year, scope="bloc", scope_code=bloc.bloc.code, code="vong", quotas=[percent("BKT", "CTDT")]
    )

    with pytest.raises(RuleBroken, match="thành vòng"):
        save_bloc(
            bloc.year_id, fields_of(bloc, rule_set=closing), by=officer(bloc), bloc_year_id=bloc.pk, reason="Kế hoạch"
        )
    with pytest.raises(RuleBroken, match="thành vòng"):
        pins.check(bloc.year.bloc_years.all())


def waits(after, shared_with=""):
    return QuotaFields(
        source="", max_percent=Decimal(50), base="remaining", after=list(after), shared_with=list(shared_with)
    )


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"A": "B", "B": "C", "C": ""}, []),
        ({"A": "B", "B": "C", "C": "B"}, ["B", "C"]),
        ({"A": "BC", "B": "D", "C": "D", "D": ""}, []),
        ({"A": "X"}, []),
        ({"A": "B", "B": "C", "C": "A"}, ["A", "B", "C"]),
    ],
)
def test_circle(after, expected):
    assert circle({award: waits(others) for award, others in after.items()}) == expected


SHARED = {  # award: (after, shared_with)
    "through one that only shares": ({"A": ("K", "X"), "K": ("X", "")}, {"A", "K"}),
    "through the one that takes another in": ({"A": ("K", "B"), "B": ("", ""), "K": ("AB", "")}, {"A", "K"}),
    "through one of two that share with each other": ({"A": ("K", "B"), "B": ("", "A"), "K": ("AB", "")}, {"A", "K"}),
    "none, the other has its own": ({"A": ("K", "B"), "B": ("", ""), "K": ("B", "")}, set()),
    "none, the one that waits is taken in": ({"A": ("", "B"), "B": ("K", ""), "K": ("AB", "")}, set()),
    "none, after one that it shares with": ({"A": ("B", "B"), "B": ("", ""), "K": ("A", "")}, set()),
    "none, after one that it alone shares with": ({"A": ("X", "X"), "K": ("A", "")}, set()),
    "none, one after two that share": ({"A": ("", "BC"), "B": ("", "A"), "K": ("ABC", "")}, set()),
    "none, sharing is not handed on": ({"A": ("K", "B"), "B": ("", "C"), "K": ("BC", "")}, set()),
}


@pytest.mark.parametrize(("rows", "expected"), SHARED.values(), ids=SHARED.keys())
def test_circle_through_a_shared_number_in_whatever_order(rows, expected):
    for order in permutations(rows):
        assert set(circle({award: waits(*rows[award]) for award in order})) == expected
