"""Workbooks to read: the rows and numbers of the page, with its filter."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from blocs.domain import completeness
from blocs.enums import Milestone, Role
from blocs.models import AuditEvent, BlocYear
from movements.models import IndicatorResult
from reports.domain import uploads
from reports.enums import SummaryReportState, UploadKind
from reports.models import Upload
from tests.factories import (
    make_bloc_year,
    make_milestone,
    make_movement,
    make_summary_report,
    make_target,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.screens import make_receipts

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    year = make_year()
    user = make_user(Role.BOARD_STAFF, authority=year.authority)
    client.force_login(user)
    return client, year, user


def sheet(answer, number=0):
    """The rows of a sheet below its head."""
    rows = load_workbook(io.BytesIO(answer.content)).worksheets[number].iter_rows(values_only=True)
    return list(rows)[1:]


def fetch(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def test_file_has_a_plain_name_and_is_not_kept_by_the_browser(staff):
    client, _, _ = staff

    answer = fetch(client, "workbook_file", "units")

    assert answer["Content-Disposition"] == 'attachment; filename="don-vi-2026.xlsx"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")


def test_units_follow_the_filter(staff):
    client, year, _ = staff
    make_bloc_year(year, members=[make_unit_year(year, name="Sở Nội vụ", kind="so")])
    make_unit_year(year, name="Hội Nhà báo", kind="hoi")

    assert [row[1] for row in sheet(fetch(client, "workbook_file", "units"))] == ["Sở Nội vụ", "Hội Nhà báo"]
    assert [row[1] for row in sheet(fetch(client, "workbook_file", "units", q="nha bao"))] == ["Hội Nhà báo"]
    assert [row[1] for row in sheet(fetch(client, "workbook_file", "units", kind="so"))] == ["Sở Nội vụ"]
    assert [row[1] for row in sheet(fetch(client, "workbook_file", "units", place="ngoai-khoi"))] == ["Hội Nhà báo"]
    assert sheet(fetch(client, "workbook_file", "units", trong="1")) == []


@pytest.mark.parametrize("officer", ["toi", "own"])
def test_blocs_follow_the_filter_of_both_pages(staff, officer):
    client, year, user = staff
    mine, other = make_bloc_year(year, desk_officer=user, type="so"), make_bloc_year(year, type="xa")

    of_officer = fetch(client, "workbook_file", "blocs", officer=user.pk if officer == "own" else officer)
    of_type = fetch(client, "workbook_file", "blocs", type="xa")

    assert [row[0] for row in sheet(of_officer)] == [mine.bloc.code]
    assert {row[0] for row in sheet(of_officer, 1)} == {mine.bloc.code}
    assert [row[0] for row in sheet(of_type)] == [other.bloc.code]


def test_blocs_of_others_are_not_in_a_heads_file(client):
    mine = make_bloc_year()
    make_bloc_year(mine.year)
    client.force_login(make_user(Role.BLOC_HEAD, bloc_year=mine))

    assert [row[0] for row in sheet(fetch(client, "workbook_file", "blocs"))] == [mine.bloc.code]


def test_people_follow_the_filter_and_reading_is_noted(staff):
    client, year, user = staff
    unit = make_unit_year(year)
    leader = make_user(Role.UNIT_LEADER, unit=unit, post="Chánh Văn phòng Hội Nhà báo")

    rows = sheet(fetch(client, "workbook_file", "people", role=Role.UNIT_LEADER))

    assert [(row[0], row[1], row[2], row[6]) for row in rows] == [
        (unit.unit.code, Role.UNIT_LEADER.label, leader.post, leader.username)
    ]
    assert AuditEvent.objects.filter(note="Xuất danh sách", actor_id=user.pk).count() == 1


def test_completeness_has_the_numbers_of_the_one_count(staff):
    client, year, _ = staff
    for _ in range(2):
        bloc_year = make_bloc_year(year)
        make_milestone(bloc_year, Milestone.UNIT_REPORT, due="2026-01-10 17:00", locks="2026-01-20 17:00")
        make_milestone(bloc_year, Milestone.COVENANT, due="2026-01-10 17:00", locks="2026-01-20 17:00")
    make_receipts(bloc_year, "2026-01-09 09:00")
    make_milestone(make_bloc_year(year, members=0), due="2026-01-10 17:00")

    whole = sheet(fetch(client, "board_export"))
    narrow = sheet(fetch(client, "board_export", code=Milestone.UNIT_REPORT, q=bloc_year.name))

    counted = completeness.count_all(BlocYear.objects.filter(year=year))
    assert (len(whole), whole[-1][3:8]) == (5, (0, 0, None, 0, None))
    assert [row[3:8] for row in whole] == [
        (row.expected, row.received, _number(row.rate), row.on_time, _number(row.on_time_rate)) for row in counted
    ]
    assert [(row[1], row[2], row[3]) for row in narrow] == [(bloc_year.name, "Báo cáo năm", 3)]


def _number(rate):
    return None if rate is None else float(rate)


def test_reports_follow_the_filter(staff):
    client, year, _ = staff
    sent, _ = make_bloc_year(year), make_bloc_year(year)
    make_milestone(sent, due="2026-01-10 17:00")
    make_summary_report(sent, state=SummaryReportState.SUBMITTED)

    (row,) = sheet(fetch(client, "report_export", q=sent.name))

    names = ", ".join(unit.short for unit in members_of(sent))
    assert row[:6] == (sent.name, 0, 3, None, names, "Đã gửi")
    assert f"{row[6]:%H:%M %d/%m/%Y}" == "10:05 19/11/2026"


def test_movements_follow_the_filter(staff):
    client, year, _ = staff
    unit = make_unit_year(year)
    shown = make_movement(owner=unit, name="Xây dựng nông thôn mới")
    make_movement(year, name="Chuyển đổi số")
    IndicatorResult.objects.create(indicator=shown.indicators.get(), unit=unit, period="2026", value="12.5")

    (row,) = sheet(fetch(client, "movement_export", q="nong thon"))

    assert row == (shown.name, unit.name, "Chỉ số 1", 10, None, "2026", unit.name, 12.5)


def test_targets_are_those_of_the_bloc(client):
    bloc_year = make_bloc_year()
    make_target(bloc_year, text="Trồng cây", value=1234)
    make_target(make_bloc_year(bloc_year.year), text="Của khối khác")
    client.force_login(make_user(Role.UNIT_REPORTER, bloc_year=bloc_year))

    assert [row[2:5] for row in sheet(fetch(client, "targets_file", bloc_year.pk))] == [
        ("Trồng cây", "từ … trở lên", 1234)
    ]


@pytest.mark.parametrize("name", ["board_export", "report_export", "movement_export", "workbook_file"])
def test_file_costs_the_same_for_any_number_of_rows(staff, name):
    client, year, _ = staff
    args, found = (["blocs"] if name == "workbook_file" else []), {}

    for number in (1, 3):
        while year.bloc_years.count() < number:
            bloc_year = make_bloc_year(year)
            make_milestone(bloc_year, due="2026-01-10 17:00")
            make_movement(owner=members_of(bloc_year)[0])
        with CaptureQueriesContext(connection) as queries:
            fetch(client, name, *args)
        found[number] = len(queries)

    assert found[1] == found[3]


def test_own_files_cost_the_same_for_any_number(staff):
    client, year, user = staff
    found = {}

    for number in (1, 3):
        while Upload.objects.count() < number:
            uploads.keep(UploadKind.UNITS, year.authority, year, by=user, content="Mã\tTên đơn vị\na\tA".encode())
        with CaptureQueriesContext(connection) as queries:
            fetch(client, "upload_list")
        found[number] = len(queries)

    assert found[1] == found[3]


def test_preview_costs_the_same_for_any_number_of_rows_that_stay(staff):
    client, year, user = staff
    found = {}

    for number in (1, 3):
        while year.bloc_years.count() < number:
            make_bloc_year(year)
        content = fetch(client, "workbook_file", "blocs").content
        upload = uploads.keep(UploadKind.BLOCS, year.authority, year, by=user, content=content, name="a.xlsx")
        with CaptureQueriesContext(connection) as queries:
            page = fetch(client, "upload_detail", upload.pk)
        found[number] = len(queries)
        assert page.context["plan"].counts == {"new": 0, "changed": 0, "unchanged": 4 * number, "faulty": 0}

    assert found[1] == found[3]
