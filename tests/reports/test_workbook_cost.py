"""What a row of a list costs: queries for one row and for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs.models import Obligation
from reports.domain import uploads
from reports.enums import UploadKind
from tests.factories import make_bloc_year, make_milestone, make_unit_year
from tests.reports.workbook_desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return Desk()


def units(desk, number):
    return UploadKind.UNITS, [("Mã", "Tên đơn vị"), *((f"moi-{n}", f"Sở {n}") for n in range(number))]


def blocs(desk, number):
    return UploadKind.BLOCS, [("Mã", "Tên"), *((f"moi-{n}", f"Khối mới {n}") for n in range(number))]


def members(desk, number):
    """All of one bloc."""
    code = desk.bloc.bloc.code
    rows = [(code, make_unit_year(desk.year).unit.code) for _ in range(number)]
    return UploadKind.BLOCS, [("Mã khối", "Mã đơn vị"), *rows]


def heads(desk, number):
    """Each the first of its bloc."""
    codes = [make_bloc_year(desk.year, members=0).bloc.code for _ in range(number)]
    rows = [(code, make_unit_year(desk.year).unit.code, "Khối trưởng") for code in codes]
    return UploadKind.BLOCS, [("Mã khối", "Mã đơn vị", "Vai trò"), *rows]


def people(desk, number):
    rows = [(desk.codes[n], "Lãnh đạo đơn vị", f"Giám đốc {n}") for n in range(number)]
    return UploadKind.PEOPLE, [("Đơn vị", "Vai trò", "Chức danh"), *rows]


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (units, 8),
        (blocs, 11),
        (members, 0),
        (heads, 51),
        (people, 14),
    ],  # a leader may lead a bloc: his offices are looked up
    ids=lambda item: str(item)[:15],
)
def test_a_row_costs_no_more(desk, make, most):
    found = {}
    for number in (1, 3):
        kind, lines = make(desk, number)
        upload = desk.bring(kind, *lines)
        with CaptureQueriesContext(connection) as queries:
            plan = uploads.preview(upload, by=desk.by)
        assert plan.counts["new"] == number
        found[number] = len(queries)
    assert (found[3] - found[1]) / 2 <= most


def test_obligations_of_all_blocs_that_a_list_changes_are_there_at_the_end(desk):
    kind, lines = heads(desk, 2)
    for code, *_ in lines[1:]:
        make_milestone(desk.year.bloc_years.get(bloc__code=code), due="2026-11-20 17:00")

    desk.take(desk.bring(kind, *lines))

    owing = set(Obligation.objects.values_list("bloc_year__bloc__code", "unit__unit__code"))
    assert owing >= {(code, unit) for code, unit, _ in lines[1:]}
