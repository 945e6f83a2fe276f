"""A bloc's own quota goes before the one of its rule set."""

from dataclasses import replace
from decimal import Decimal

import pytest

from awards.domain import own_quotas
from awards.domain.own_quotas import QuotaFields, lines, set_quota
from blocs.domain import organisation
from blocs.enums import Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken
from blocs.models import AuditEvent
from tests.blocs.organisation_rows import make_rules
from tests.factories import make_bloc_year, make_quota, make_user

pytestmark = pytest.mark.django_db
WHY = {"reason": "Thông báo 9"}
TWO = QuotaFields(source="Quyết định 3", max=2)


@pytest.fixture
def bloc():
    row = make_bloc_year(members=5)
    make_rules(row.year, quotas=[{"award": "CTDT", "max": "1"}, {"award": "BKT", "max_percent": "40"}])
    return row


@pytest.fixture
def staff(bloc):
    return make_user(Role.BOARD_STAFF, authority=bloc.year.authority)


def test_own_quota_goes_first_and_says_how(bloc, staff):
    limit = set_quota(bloc.pk, "CTDT", TWO, by=staff, **WHY)

    assert (limit.max, limit.how, limit.source) == (2, "cố định 2", "Quyết định 3")
    found = {line.award.code: (line.rule, line.own is not None, line.limit.max) for line in lines(bloc)}
    assert found == {
        "CTDT": ("nhiều nhất 1", True, 2),
        "BKT": ("40 % tất cả thành viên, làm tròn xuống", False, 2),
    }
    event = AuditEvent.objects.get(action="bloc.set_quota")
    assert (event.before["Chỉ tiêu riêng"], event.after["Chỉ tiêu riêng"]) == ("", "nhiều nhất 2")


def test_cleared_quota_is_that_of_the_rules_again(bloc, staff):
    set_quota(bloc.pk, "CTDT", TWO, by=staff, **WHY)
    assert set_quota(bloc.pk, "CTDT", None, by=staff, **WHY).max == 1


def test_same_quota_again_leaves_no_trace(bloc, staff):
    for _ in range(2):
        set_quota(bloc.pk, "CTDT", TWO, by=staff, **WHY)
    set_quota(bloc.pk, "BKT", None, by=staff, **WHY)
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        (QuotaFields(source="QĐ", by_size=[{"ge": 4, "le": 9, "max": 3}, {"ge": 10, "max": 4}]), 3),
        (QuotaFields(source="QĐ", max_percent=Decimal(50), base="all", rounding="ceil"), 3),
        (QuotaFields(source="QĐ", max_percent=Decimal(50), base="remaining", after=["BKT"]), 1),
    ],
)
def test_quota_by_size_and_by_percentage(bloc, staff, fields, number):
    assert set_quota(bloc.pk, "CTDT", fields, by=staff, **WHY).max == number


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"source": " "}, "Cần ghi căn cứ"),
        ({"max": None}, "đúng một cách tính"),
        ({"max_percent": Decimal(10)}, "đúng một cách tính"),
        ({"max": None, "max_percent": Decimal(101)}, "từ 0 đến 100"),
        ({"after": ["BKT"]}, "chỉ dùng khi tính trên thành viên còn lại"),
        ({"shared_with": ["CTDT"]}, "chính nó"),
        ({"shared_with": ["LA"]}, "Danh mục không có khen thưởng mã: LA"),
        ({"max": None, "by_size": [{"ge": 4, "le": 9, "max": 1}, {"ge": 9, "max": 2}]}, "chồng lên nhau"),
        ({"max": None, "by_size": [{"ge": 4, "max": 1}, {"ge": 9, "max": 2}]}, "chồng lên nhau"),
        ({"max": None, "by_size": [{"ge": 9, "le": 4, "max": 1}]}, "viết ngược"),
    ],
)
def test_quota_that_makes_no_sense_is_refused(bloc, staff, change, words):
    with pytest.raises(RuleBroken, match=words):
        set_quota(bloc.pk, "CTDT", replace(TWO, **change), by=staff, **WHY)
    assert bloc.quotas.count() == 0


def test_unknown_award_is_refused(bloc, staff):
    with pytest.raises(RuleBroken, match="không có khen thưởng mã"):
        set_quota(bloc.pk, "LA", TWO, by=staff, **WHY)


def test_quotas_are_the_boards(bloc):
    with pytest.raises(NotAllowed):
        set_quota(bloc.pk, "CTDT", TWO, by=make_user(Role.BLOC_HEAD, bloc_year=bloc), **WHY)


def test_second_editor_of_a_quota_is_shown_both(bloc, staff):
    opened = organisation.digest(own_quotas.shown(bloc, "CTDT"))
    set_quota(bloc.pk, "CTDT", TWO, by=staff, opened=opened, **WHY)
    with pytest.raises(EditedMeanwhile) as caught:
        set_quota(bloc.pk, "CTDT", replace(TWO, max=3), by=staff, opened=opened, **WHY)
    assert "Chỉ tiêu riêng: nhiều nhất 2" in caught.value.theirs
    with pytest.raises(EditedMeanwhile):
        set_quota(bloc.pk, "CTDT", None, by=staff, opened=opened, **WHY)


def test_bloc_without_rules_shows_its_own_only():
    bloc = make_bloc_year()
    make_quota(bloc, max=1, shared_with=["BKT"])
    line = lines(bloc)[0]
    assert (line.rule, own_quotas.in_words(line.own)) == ("", "nhiều nhất 1 (dùng chung với BKT)")
