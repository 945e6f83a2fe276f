"""What administrators read and search: names instead of codes, Vietnamese, accents or not."""

import gettext
import re
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from awards.models import AwardKind, AwardName, Decision, LawVersion
from blocs.domain import audit
from blocs.enums import Role
from blocs.models import BlocType, Holiday, LegalDocument, Obligation, UnitRename
from tests import factories as make
from tests.blocs.rule_rows import make_rule_set

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority():
    return make.make_authority()


@pytest.fixture(autouse=True)
def administrator(authority, client):
    user = make.make_user(Role.ADMINISTRATOR, authority=authority)
    client.force_login(user)
    return user


def words_of(response):
    return " ".join(response.content.decode().split())


def page(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


ENGLISH = ("Skip to main content", "Toggle theme", "Breadcrumbs", "Model name", "Add link", "Change or view list link")


def test_pages_have_no_codes_and_no_english(client, authority):
    bloc_year = make.make_bloc_year(make.make_year(authority))
    make.make_milestone(bloc_year, "mid-year")
    event = audit.record(
        "people.read_phones", by=None, target=bloc_year, before={"is_closed": False}, after={"is_closed": True}
    )
    rules, owed = make_rule_set(authority=authority.code), Obligation.objects.filter(code="mid-year").first()
    lists = [reverse(f"admin:blocs_{name}_changelist") for name in ("obligation", "auditevent", "ruleset")]
    pages = {
        address: words_of(client.get(address))
        for address in [reverse("admin:index"), *lists, *map(page, (event, rules, owed))]
    }
    codes = [">mid-year<", ">people.read_phones<", "is_closed", "&quot;milestones&quot;", "{&quot;"]
    assert [(address, word) for address, text in pages.items() for word in (*codes, *ENGLISH) if word in text] == []
    assert "Sơ kết" in pages[lists[0]]
    assert "Xem danh sách số điện thoại" in pages[lists[1]]
    assert "đã chốt số liệu: có" in pages[page(event)]


@pytest.mark.parametrize(
    ("table", "query", "number"),
    [
        ("obligation", {"code": "mid-year"}, 3),
        ("obligation", {"code": "unit-report"}, 0),
        ("auditevent", {"group": "khoi"}, 1),
        ("auditevent", {"group": "bao-cao"}, 0),
        ("auditevent", {"group": "khong-co"}, 0),
    ],
)
def test_filters_by_words_narrow(client, authority, table, query, number):
    bloc_year = make.make_bloc_year(make.make_year(authority))
    make.make_milestone(bloc_year, "mid-year")
    audit.record("bloc.edit", by=None, target=bloc_year)
    rows = client.get(reverse(f"admin:blocs_{table}_changelist"), query).context["cl"].result_list
    assert len(rows) == number


def test_own_words_are_compiled():
    """What is written in the .po file is what people see."""
    folder = Path("config/locale/vi/LC_MESSAGES")
    written = dict(re.findall(r'msgid "(.+)"\nmsgstr "(.+)"', (folder / "django.po").read_text(encoding="utf-8")))
    with (folder / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {text: compiled.gettext(text) for text in written} == written
    assert len(written) > len(ENGLISH)


SEARCHES = [  # table, words, what is found
    ("awards_awardkind", "bang khen cua chu tich", {"Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh"}),
    ("awards_awardkind", "ten thoi ky truoc", {"Cờ thi đua của Ủy ban nhân dân tỉnh"}),
    ("awards_lawversion", "luat thi dua so la", {"Luật Thi đua số lạ"}),
    ("awards_decision", "QĐ", {"12/QĐ-UBND"}),
    ("awards_decision", "12/qd-ubnd", {"12/QĐ-UBND"}),
    ("blocs_bloctype", "so nganh", {"Sở, ngành"}),
    ("blocs_legaldocument", "nghi dinh la", {"Nghị định lạ"}),
    ("blocs_unitrename", "quyet dinh doi ten", {"Sở Cũ"}),
    ("blocs_unitrename", "SỞ MỚI", {"Sở Cũ"}),
    ("blocs_holiday", "quoc khanh", {"Quốc khánh"}),
    ("blocs_auditevent", "chuyen vien bao lu", {"Chuyên viên Ấ"}),
    ("blocs_auditevent", "mien tinh cham", {"Chuyên viên Ấ"}),
    ("blocs_auditevent", "khong co ai", set()),
]


@pytest.mark.parametrize(("table", "words", "found"), SEARCHES)
def test_search_needs_no_accents(client, authority, table, words, found):
    unit = make.make_unit_year(make.make_year(authority)).unit
    bloc_year = make.make_bloc_year(make.make_year(authority, year=2027), name="Khối thi đua")
    AwardName.objects.create(
        kind=AwardKind.objects.get(code="CTDT"), law_version=LawVersion.objects.first(), name="Tên thời kỳ trước"
    )
    LawVersion.objects.create(code="LA", law="Luật Thi đua số lạ", valid_from=date(1999, 1, 1))
    Decision.objects.create(bloc_year=bloc_year, number="12/QĐ-UBND")
    BlocType.objects.create(authority=authority, code="t1", name="Sở, ngành")
    LegalDocument.objects.create(name="Nghị định lạ")
    UnitRename.objects.create(
        unit=unit, on=date(2026, 3, 1), old_name="Sở Cũ", new_name="Sở Mới", document="Quyết định đổi tên số 1"
    )
    Holiday.objects.create(on=date(2026, 9, 2), name="Quốc khánh")
    by = make.make_user(Role.BOARD_STAFF, authority=authority, post="Chuyên viên Ấ")
    audit.record("obligation.waive", by=by, target=bloc_year, note="Bão, lũ lớn")
    audit.record("obligation.waive", by=None, target=make.make_year(), note="Lý do khác")
    rows = client.get(reverse(f"admin:{table}_changelist"), {"q": words}).context["cl"].result_list
    name = {"awards_decision": "number", "awards_lawversion": "law", "blocs_unitrename": "old_name"}.get(table, "name")
    assert {getattr(row, "actor" if table == "blocs_auditevent" else name) for row in rows} == found
