"""A page of many rows asks the database no more often than a page of one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blocs.enums import Milestone, Role
from movements.models import IndicatorResult
from reports.enums import RenderingState, SummaryReportState, UnitReportState
from reports.models import RenderingBatch, SummaryPart
from tests.factories import (
    make_bloc_year,
    make_milestone,
    make_movement,
    make_quota,
    make_seat,
    make_summary_report,
    make_target,
    make_unit_report,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.screens import make_paper, make_receipts

pytestmark = pytest.mark.django_db
PAST, OVER = "2026-01-10 17:00", "2026-01-20 17:00"


def queries_of(client, user, url):
    """How many queries the page takes, and its answer."""
    client.force_login(user)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(url)
    assert response.status_code == 200
    return len(queries), response


def full_bloc(year, *, members=3):
    """A bloc with something in every column: dates, receipts, a report of a unit and of the bloc, a paper."""
    bloc_year = make_bloc_year(year, members=members)
    for code in (Milestone.COVENANT, Milestone.UNIT_REPORT, Milestone.SUMMARY_REPORT):
        make_milestone(bloc_year, code, due=PAST, locks=OVER)
    make_receipts(bloc_year, "2026-01-09 09:00")
    make_unit_report(bloc_year, state=UnitReportState.SUBMITTED)
    SummaryPart.objects.create(report=make_summary_report(bloc_year), code="results", paragraphs=["Kết quả."])
    make_target(bloc_year)
    make_paper(bloc_year)
    return bloc_year


@pytest.mark.parametrize("name", ["todo", "board", "report_list", "movement_list"])
def test_staff_page_costs_the_same_for_any_number_of_blocs(client, name):
    year = make_year()
    staff = make_user(Role.BOARD_STAFF, authority=year.authority)
    found = {}

    for number in (1, 3, 30):
        while year.bloc_years.count() < number:
            bloc_year = full_bloc(year)
            make_movement(owner=members_of(bloc_year)[0])
        found[number], _ = queries_of(client, staff, reverse(name))

    assert found == dict.fromkeys(found, found[1])


@pytest.mark.parametrize("name", ["board", "report_list"])
def test_page_of_thirty_blocs_names_them_all(client, name):
    year = make_year()
    blocs = [make_bloc_year(year) for _ in range(30)]
    client.force_login(make_user(Role.BOARD_STAFF, authority=year.authority))

    page = client.get(reverse(name)).content.decode()

    assert [bloc.name for bloc in blocs if f">{bloc.name}</a>" not in page] == []


def test_bloc_list_costs_the_same_for_two_and_four_blocs(client):
    """The only bloc of a user opens at once, so a list begins with two."""
    year = make_year()
    staff = make_user(Role.BOARD_STAFF, authority=year.authority)
    found = {}

    for number in (2, 4):
        while year.bloc_years.count() < number:
            full_bloc(year)
        found[number], _ = queries_of(client, staff, reverse("bloc_list"))

    assert found[2] == found[4]


@pytest.mark.parametrize("role", [Role.BOARD_STAFF, Role.BLOC_HEAD, Role.UNIT_LEADER])
def test_bloc_page_costs_the_same_for_one_and_three_members(client, role):
    found = {}

    for number in (1, 3):
        bloc_year = make_bloc_year(make_year(), members=number, deputy=False)
        make_milestone(bloc_year, due=PAST, locks=OVER)
        make_receipts(bloc_year, *["2026-01-09 09:00"] * number)
        for unit in members_of(bloc_year):
            make_unit_report(bloc_year, unit=unit, state=UnitReportState.SUBMITTED)
        make_quota(bloc_year, max=number)
        make_summary_report(bloc_year)
        make_paper(bloc_year)
        user = make_user(role, bloc_year=bloc_year)
        found[number], _ = queries_of(client, user, reverse("bloc_detail", args=[bloc_year.pk]))

    assert found[1] == found[3]


def test_batch_page_costs_the_same_for_one_and_three_papers(client):
    found = {}

    for number in (1, 3):
        year = make_year()
        batch = RenderingBatch.objects.create(year=year)
        for _ in range(number):
            batch.renderings.add(make_paper(make_bloc_year(year), state=RenderingState.FAILED))
        staff = make_user(Role.BOARD_STAFF, authority=year.authority)
        found[number], response = queries_of(client, staff, reverse("batch", args=[batch.pk]))
        assert len(response.context["failed"]) == number

    assert found[1] == found[3]


# ---------------------------------------------------------------- to do, role by role


def unit_place(year, user, role):
    bloc_year = make_bloc_year(year)
    make_milestone(bloc_year, due=PAST, locks=OVER)
    unit = members_of(bloc_year)[0]
    make_unit_report(bloc_year, unit=unit, state=UnitReportState.READY, whole=True)
    make_seat(user, role, unit=unit)


def bloc_place(year, user, role):
    bloc_year = full_bloc(year)
    make_seat(user, role, bloc_year=bloc_year)


def movement_place(year, user, role):
    unit = make_unit_year(year)
    movement = make_movement(owner=unit, indicators=2)
    IndicatorResult.objects.create(indicator=movement.indicators.first(), unit=unit, period="2026", value=1)
    make_seat(user, role, unit=unit)


@pytest.mark.parametrize(
    ("role", "add_place", "tasks_each"),
    [
        (Role.UNIT_REPORTER, unit_place, 1),
        (Role.UNIT_LEADER, unit_place, 1),
        (Role.BLOC_HEAD, bloc_place, 2),
        (Role.BLOC_DEPUTY, bloc_place, 2),
        (Role.MOVEMENT_OWNER, movement_place, 1),
    ],
)
def test_to_do_costs_the_same_for_one_and_three_places(client, role, add_place, tasks_each):
    year, user, costs, tasks = make_year(), make_user(), {}, {}

    for number in (1, 3):
        while user.seats.count() < number:
            add_place(year, user, role)
        costs[number], response = queries_of(client, user, reverse("todo"))
        tasks[number] = len(response.context["tasks"])

    assert tasks == {1: tasks_each, 3: 3 * tasks_each}
    assert costs[1] == costs[3]


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.COUNCIL_MEMBER, Role.COUNCIL_SECRETARY, Role.ADMINISTRATOR])
def test_to_do_of_those_who_look_on_costs_the_same_for_one_and_three_blocs(client, role):
    year, found = make_year(), {}
    user = make_user(role, authority=year.authority, unit=make_unit_year(year))

    for number in (1, 3):
        while year.bloc_years.count() < number:
            make_milestone(full_bloc(year), Milestone.CONFERENCE, due="2099-12-20 17:00")
        found[number], _ = queries_of(client, user, reverse("todo"))

    assert found[1] == found[3]


def test_unit_report_asks_no_more_for_more_targets(client):
    costs = {}
    for targets in (1, 3):
        bloc_year = make_bloc_year()
        for position in range(targets):
            make_target(bloc_year, f"T{position}", of=members_of(bloc_year)[0])
        report = make_unit_report(bloc_year, whole=True)
        user = make_user(Role.UNIT_REPORTER, unit=report.unit)
        costs[targets], _ = queries_of(client, user, reverse("unit_report", args=[report.pk]))

    assert costs[1] == costs[3]


def test_summary_report_asks_no_more_for_a_report_written_whole(client):
    costs = []
    for state, whole in ((SummaryReportState.DRAFT, False), (SummaryReportState.DRAFT, True)):
        report = make_summary_report(state=state, whole=whole)
        user = make_user(Role.BLOC_HEAD, bloc_year=report.bloc_year)
        costs.append(queries_of(client, user, reverse("summary_report", args=[report.pk]))[0])

    assert costs[0] == costs[1]
