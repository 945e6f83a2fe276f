"""Who is missing behind a number of the board: in one bloc, in the province, over the years, and whom to call."""

import io
import json
import re

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blocs.domain import grants
from blocs.enums import Milestone, Role
from blocs.models import AuditEvent
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_seat,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.screens import main_text, make_receipts, page_of

pytestmark = pytest.mark.django_db
DUE, LOCK = "2026-11-20 17:00", "2026-11-30 17:00"


def make_bloc(year, *moments, members=3, **columns):
    bloc_year = make_bloc_year(year, members=members, **columns)
    make_milestone(bloc_year, due=DUE, locks=LOCK)
    make_receipts(bloc_year, *moments)
    return bloc_year


def opened(client, user, name, *args, query="", now="2026-11-22 08:00"):
    with time_machine.travel(at(now), tick=False):
        client.force_login(user)
        return client.get(reverse(name, args=args) + query)


@pytest.fixture
def year():
    return make_year()


@pytest.fixture
def staff(year):
    return make_user(Role.BOARD_STAFF, authority=year.authority)


def numbers(total):
    return total.expected, total.received, total.on_time


# ---------------------------------------------------------------- numbers


def test_board_lists_and_command_give_the_same_numbers(client, year, staff):
    blocs = [
        make_bloc(year, "2026-11-19 08:00", "2026-11-21 08:00", members=5),
        make_bloc(year, "2026-11-20 17:00:00", "2026-11-20 17:00:01"),
    ]

    board = opened(client, staff, "board").context["board"]
    lists = [opened(client, staff, "missing", bloc.pk, "unit-report").context["total"] for bloc in blocs]
    province = opened(client, staff, "missing_province", "unit-report").context["total"]
    out = io.StringIO()
    call_command("completeness", year.label, "--format", "json", stdout=out)
    told = [(row["expected"], row["received"], row["on_time"]) for row in json.loads(out.getvalue())]

    assert [numbers(row.cells[0]) for row in board.rows] == [(5, 2, 1), (3, 2, 1)]
    assert [numbers(total) for total in lists] == told == [(5, 2, 1), (3, 2, 1)]
    assert numbers(board) == numbers(province) == (8, 4, 2)


def test_cell_opens_who_is_missing(client, year, staff):
    bloc_year = make_bloc(year, "2026-11-19 08:00", "2026-11-21 08:00")
    names = [unit.name for unit in members_of(bloc_year)]

    assert reverse("missing", args=[bloc_year.pk, "unit-report"]) in opened(client, staff, "board").content.decode()
    found = {
        state: [
            line.obligation.unit.name
            for line in opened(
                client, staff, "missing", bloc_year.pk, "unit-report", query=f"?tinh-trang={state}"
            ).context["lines"]
        ]
        for state in ("tat-ca", "con-thieu", "cham", "dung-han")
    }

    assert found == {"tat-ca": names, "con-thieu": names[2:], "cham": names[1:2], "dung-han": names[:1]}


def test_list_offers_only_what_the_role_may(client, year, staff):
    bloc_year = make_bloc(year, "2026-11-21 08:00")
    people = {
        "staff": staff,
        "head": make_user(Role.BLOC_HEAD, bloc_year=bloc_year),
        "unit": make_user(Role.UNIT_LEADER, bloc_year=bloc_year),
    }
    words = ("gia-han", "da-nhan", "mien-tinh-cham", "dien-thoai")

    found = {}
    for who, user in people.items():
        html = opened(client, user, "missing", bloc_year.pk, "unit-report").content.decode()
        found[who] = [word for word in words if f"/{word}/" in html]

    assert found == {"staff": list(words), "head": ["mien-tinh-cham"], "unit": []}


def test_head_is_offered_to_note_what_others_send_on_paper_until_the_lock(client, year):
    bloc_year = make_bloc(year)
    make_milestone(bloc_year, Milestone.SELF_SCORE, due="2026-11-20 17:00", locks="2026-11-30 17:00")
    head, rows = make_user(Role.BLOC_HEAD, bloc_year=bloc_year), bloc_year.obligations.filter(code="self-score")
    others = {reverse("obligation_receipt", args=[row.pk]) for row in rows if row.unit != members_of(bloc_year)[0]}

    found = {}
    for now in ("2026-11-30 17:00:00", "2026-11-30 17:00:01"):
        html = opened(client, head, "missing", bloc_year.pk, "self-score", now=now).content.decode()
        found[now] = {address for address in re.findall(r'href="([^"]+)"', html) if "/da-nhan/" in address}

    assert list(found.values()) == [others, set()]


def test_unknown_milestone_is_not_found(client, year, staff):
    bloc_year = make_bloc(year)

    assert opened(client, staff, "missing", bloc_year.pk, "handover").status_code == 404
    assert opened(client, staff, "missing_province", "handover").status_code == 404


def test_province_names_fifty_a_page(client, year, staff):
    make_bloc(year, members=53)

    pages = [
        opened(client, staff, "missing_province", "unit-report", query=f"?trang={number}").context["lines"]
        for number in (1, 2)
    ]

    assert [len(page) for page in pages] == [50, 3]


@pytest.mark.parametrize("name", ["board", "board_years", "missing_province", "call_list"])
def test_page_costs_the_same_for_one_and_three_blocs(client, year, staff, name):
    client.force_login(staff)
    args, costs = [] if name in ("board", "board_years") else ["unit-report"], {}
    for number in (1, 3):
        while year.bloc_years.count() < number:
            bloc_year = make_bloc(year, "2026-11-21 08:00")
            make_user(Role.UNIT_LEADER, unit=members_of(bloc_year)[2], phone="0912 345 678")
        with time_machine.travel(at("2026-11-22 08:00"), tick=False), CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name, args=args)).status_code == 200
        costs[number] = len(queries)

    assert costs[1] == costs[3]


@pytest.mark.parametrize("role", [Role.BOARD_STAFF, Role.BLOC_HEAD, Role.UNIT_LEADER])
def test_list_of_one_bloc_costs_the_same_for_one_and_three_units(client, year, role):
    costs = {}
    for number in (1, 3):
        bloc_year = make_bloc(year, members=number, deputy=False)
        client.force_login(make_user(role, bloc_year=bloc_year))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("missing", args=[bloc_year.pk, "unit-report"])).status_code == 200
        costs[number] = len(queries)

    assert costs[1] == costs[3]


# ---------------------------------------------------------------- filter


def test_board_narrows_by_officer_type_name_and_milestone(client, year, staff):
    other = make_user(post="Chuyên viên B")
    mine = make_bloc(year, name="Khối Đảng", type="đảng", desk_officer=staff)
    theirs = make_bloc(year, name="Cụm số 1", type="xã", desk_officer=other)
    free = make_bloc(year, name="Cụm số 2", type="xã")
    make_milestone(free, Milestone.COVENANT, due="2026-02-20 17:00")

    def shown(query):
        board = opened(client, staff, "board", query=query).context["board"]
        return [row.bloc_year for row in board.rows], [code for code, _, _ in board.columns]

    both = ["covenant", "unit-report"]
    assert shown("") == ([mine, theirs, free], both)
    assert shown("?officer=toi") == ([mine], ["unit-report"])
    assert shown(f"?officer={other.pk}")[0] == [theirs]
    assert shown("?officer=chua-co")[0] == [free]
    assert shown("?type=xã")[0] == [theirs, free]
    assert shown("?q=dang")[0] == [mine]
    assert shown("?code=covenant") == ([mine, theirs, free], ["covenant"])
    assert shown("?q=khong+co") == ([], [])


def test_what_the_filter_does_not_know_narrows_nothing_and_is_said(client, year, staff):
    bloc_year = make_bloc(year)

    response = opened(client, staff, "board", query="?officer=abc&bloc=x")

    assert [row.bloc_year for row in response.context["board"].rows] == [bloc_year]
    assert "officer" in response.context["filter"].errors


def test_links_keep_the_filter(client, year, staff):
    make_bloc(year, type="xã")

    html = opened(client, staff, "board", query="?type=x%C3%A3&code=unit-report").content.decode()

    assert f"{reverse('board_export')}?type=x%C3%A3&amp;code=unit-report" in html
    assert f'{reverse("missing_province", args=["unit-report"])}?type=x%C3%A3"' in html


def test_board_reminds_those_who_are_missing(client, year, staff):
    make_bloc(year, "2026-11-19 08:00")

    (button,) = [b for b in page_of(opened(client, staff, "board")).buttons if b.words.startswith("Nhắc")]

    assert (button.words, button.action) == ("Nhắc 2 đơn vị còn thiếu…", reverse("outbox_prepare"))
    council = make_user(Role.COUNCIL_MEMBER, authority=year.authority)
    assert "Nhắc" not in main_text(opened(client, council, "board"))


# ---------------------------------------------------------------- whom to call


def test_call_list_names_the_people_of_late_units_and_is_written_down(client, year, staff):
    bloc_year = make_bloc(year, "2026-11-19 08:00", "2026-11-21 08:00")
    sent, late, missing = members_of(bloc_year)
    for unit in (sent, late, missing):
        make_user(Role.UNIT_LEADER, unit=unit, post=f"Giám đốc {unit.name}", phone="0912 345 678")
    leader = missing.unit.seats.get().user
    make_seat(leader, Role.UNIT_REPORTER, unit=missing)

    response = opened(client, staff, "call_list", "unit-report")

    (call,) = response.context["calls"]
    assert [callee.user for callee in call.people] == [leader]
    assert f"{missing.name} {bloc_year.name}" in main_text(response)
    assert 'href="tel:0912345678"' in response.content.decode()
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id, event.after) == (
        "people.read_phones", staff.pk, {"milestone": "unit-report", "lines": 1, "users": [leader.pk]},
    )  # fmt: skip


@pytest.mark.parametrize(("moment", "late"), [("17:00:00", 0), ("17:00:01", 3)])
def test_who_is_still_in_time_is_not_called(client, year, staff, moment, late):
    make_bloc(year)

    response = opened(client, staff, "call_list", "unit-report", now=f"2026-11-20 {moment}")

    assert len(response.context["calls"]) == late


def test_unit_with_more_time_is_not_called(client, year, staff):
    bloc_year = make_bloc(year)
    row = bloc_year.obligations.get(unit=members_of(bloc_year)[1])
    grants.extend(row.pk, by=staff, due_at=at("2026-12-01 17:00"), locks_at=at("2026-12-05 17:00"), reason="Bão")

    calls = opened(client, staff, "call_list", "unit-report").context["calls"]

    assert row.unit not in [call.line.obligation.unit for call in calls]
    assert len(calls) == 2


def test_head_and_deputy_are_called_for_what_the_bloc_owes(client, year, staff):
    bloc_year = make_bloc(year)
    make_milestone(bloc_year, Milestone.SUMMARY_REPORT, due=DUE, locks=LOCK)
    people = {make_user(role, bloc_year=bloc_year) for role in (Role.BLOC_HEAD, Role.BLOC_DEPUTY)}

    (call,) = opened(client, staff, "call_list", "summary-report").context["calls"]

    assert {callee.user for callee in call.people} == people


# ---------------------------------------------------------------- over the years


def test_same_bloc_stands_in_one_row_over_the_years(client):
    old_year = make_year(year=2025)
    new_year = make_year(old_year.authority, year=2026)
    old = make_bloc(old_year, "2025-11-19 08:00")
    new = make_bloc(new_year, *["2026-11-19 08:00"] * 3, bloc=old.bloc)
    young = make_bloc(new_year)
    staff = make_user(Role.BOARD_STAFF, authority=old_year.authority)

    table = opened(client, staff, "board_years").context["board"]

    assert [row.label for row in table.years] == ["2025", "2026"]
    assert [(row.bloc_year, [share.text for share in row.shares]) for row in table.rows] == [
        (new, ["33,3", "100"]),
        (young, ["", "0"]),
    ]


def test_five_years_at_most(client):
    years = [make_year(year=2020)]
    years += [make_year(years[0].authority, year=number) for number in range(2021, 2027)]
    first = make_bloc(years[0])
    for year in years[1:]:
        make_bloc_year(year, bloc=first.bloc, members=[make_unit_year(year)], deputy=False)
    staff = make_user(Role.BOARD_STAFF, authority=years[0].authority)

    table = opened(client, staff, "board_years").context["board"]

    assert [row.year for row in table.years] == [2022, 2023, 2024, 2025, 2026]
