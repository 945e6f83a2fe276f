"""The sample province: the reform of 1/7/2025 stands in it as acts on units."""

from collections import Counter
from datetime import date

import pytest
from django.core.management import call_command

from blocs.enums import SuccessionKind
from blocs.models import Succession, Unit
from tests.factories import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = date(2025, 7, 1)


@pytest.fixture
def sample(settings):
    settings.DEMO_PASSWORD = PASSWORD
    call_command("load_sample")


@pytest.mark.usefixtures("sample")
def test_reform_is_told_with_how_when_and_by_which_document():
    rows = list(Succession.objects.select_related("predecessor", "successor"))
    told = {(row.predecessor.code, row.successor.code): row.kind for row in rows}
    assert {row.on for row in rows} == {DAY}
    assert all("mẫu" in row.document for row in rows)
    assert Counter(row.kind for row in rows) == {
        SuccessionKind.MERGE: 6, SuccessionKind.SPLIT: 9, SuccessionKind.RENAME: 4,
    }  # fmt: skip
    assert told["so-tai-nguyen-moi-truong", "so-nong-nghiep-moi-truong"] == SuccessionKind.MERGE
    assert told["so-ke-hoach-dau-tu", "so-tai-chinh"] == SuccessionKind.MERGE
    assert told["huyen-bac-linh", "xa-bac-linh"] == SuccessionKind.SPLIT
    assert told["cuc-thue", "thue-tinh"] == SuccessionKind.RENAME


@pytest.mark.usefixtures("sample")
def test_no_unit_ends_without_an_act():
    ended = Unit.objects.filter(valid_to__isnull=False)
    assert ended.count() > 0
    assert list(ended.filter(successions=None).values_list("code", flat=True)) == []
