"""Search without accents, the same on every database."""

import unicodedata
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from blocs.domain import audit
from blocs.domain.sync import Sync
from blocs.folding import BATCH, fold, fold_rows
from blocs.models import AuditEvent, BlocYear, Holiday, UnitYear
from tests.factories import make_bloc_year, make_unit_year, make_user, make_year

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hội Nhà báo", "hoi nha bao"),
        (unicodedata.normalize("NFD", "Hội Nhà báo"), "hoi nha bao"),
        ("Đảng ủy   các cơ quan\tĐẢNG", "dang uy cac co quan dang"),
        ("ĐƯỜNG  đi", "duong di"),
        ("Ban Tuyên giáo & Dân vận 2026", "ban tuyen giao & dan van 2026"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    "words", ["hoi nha bao", "Hội Nhà báo", "nhà BÁO", "bao hoi", unicodedata.normalize("NFD", "Nhà báo")]
)
def test_name_is_found_with_and_without_accents(words):
    unit = make_unit_year(name="Hội Nhà báo tỉnh")
    make_unit_year(unit.year, name="Hội Luật gia tỉnh")

    assert list(UnitYear.objects.search(words)) == [unit]


def test_every_word_must_occur():
    make_unit_year(name="Hội Nhà báo tỉnh")

    assert list(UnitYear.objects.search("hoi luat gia")) == []


@pytest.mark.parametrize("sign", ["%", "_", "\\"])
def test_signs_of_the_database_mean_nothing(sign):
    make_unit_year(name="Hội Nhà báo tỉnh")

    assert list(UnitYear.objects.search(sign)) == []


def test_a_save_of_the_name_alone_is_found():
    bloc_year = make_bloc_year(name="Khối cũ")
    bloc_year.name = "Khối Đối ngoại"

    bloc_year.save(update_fields=["name"])

    assert list(BlocYear.objects.search("doi ngoai")) == [bloc_year]


def test_rows_that_a_file_adds_and_changes_are_found():
    year = make_year()
    unit = make_unit_year(year, name="Tên cũ", short_name="")
    rows = [
        {"year": year, "unit": unit.unit, "name": "Sở Điện lực"},
        {"year": year, "unit": make_unit_year().unit, "name": "Sở Y tế"},
    ]

    Sync(replace=False).rows(UnitYear.objects.filter(year=year), rows, key=["year", "unit"], group=["year"])

    assert [len(UnitYear.objects.search(words)) for words in ("dien luc", "y te", "ten cu")] == [1, 1, 0]


def test_a_migration_folds_the_rows_that_are_there_also_of_the_trail():
    """The trail is only added to; the migration sees a plain table."""
    audit.record("bloc.edit", by=make_user(post="Chuyên viên"), target=make_bloc_year(), note="Bão lũ")
    days = [Holiday(on=date(2026, 1, 1) + timedelta(days=number), name="Nghỉ lễ") for number in range(BATCH + 1)]
    Holiday.objects.bulk_create(days)
    apps = MigrationLoader(connection).project_state().apps
    apps.get_model("blocs", "AuditEvent").objects.update(folded="", folded_actor="")
    apps.get_model("blocs", "Holiday").objects.update(folded="")
    assert AuditEvent.objects.search("bao lu").count() == 0

    fold_rows("blocs", "AuditEvent", "Holiday")(apps, None)

    assert (AuditEvent.objects.search("bao lu").count(), AuditEvent.objects.by_actor("chuyen vien").count()) == (1, 1)
    assert Holiday.objects.filter(folded="nghi le").count() == BATCH + 1


def test_person_is_found_by_post_name_and_telephone():
    user = make_user(full_name="Nguyễn Văn Ấ", post="Chánh Văn phòng", phone="0912 345 678")

    found = [list(type(user).objects.search(words)) for words in ("nguyen van a", "chanh van phong", "345 678")]

    assert found == [[user]] * 3
