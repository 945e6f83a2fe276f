"""The board's table: the numbers and the colours."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from blocs.domain import obligations, receipts
from blocs.enums import ConferenceKind, Milestone, Role
from blocs.models import Conference, Receipt
from reports.domain import standing
from reports.enums import SummaryReportState
from tests.blocs.rule_rows import make_rule_set
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_proposal,
    make_summary_report,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.screens import main_text, make_receipts, sign_covenant

pytestmark = pytest.mark.django_db
DUE, LOCK = "2026-11-20 17:00", "2026-11-30 17:00"


def board_page(client, bloc_year, *, now="2026-11-22 08:00"):
    user = make_user(Role.BOARD_STAFF, bloc_year=bloc_year)
    with time_machine.travel(at(now), tick=False):
        client.force_login(user)
        return client.get(reverse("board"))


def cells_of(response):
    """{milestone: (look, received, expected)} of the first row."""
    board = response.context["board"]
    row = board.rows[0]
    return {
        code: (cell.look, cell.received, cell.expected)
        for (code, _, _), cell in zip(board.columns, row.cells, strict=True)
        if cell
    }


def figures_of(response):
    found = re.findall(r'<span class="muted">([^<]*)</span><b[^>]*>(.*?)</b>', response.content.decode())
    return {label: re.sub(r"<[^>]*>", "", number) for label, number in found}


# ---------------------------------------------------------------- colours


def background_of(selector):
    """What the style sheet paints a cell with."""
    css = Path("static/css/theme.css").read_text(encoding="utf-8")
    found = re.findall(rf"(?<![\w.-]){re.escape(selector)} {{([^}}]*)}}", css)
    return re.search(r"background: ([^;]+);", " ".join(found))[1]


def test_what_is_overdue_or_closed_does_not_look_like_what_is_not_yet_due():
    """A cell in which nothing came in has no bar: its own ground has to tell."""
    looks = [background_of(selector) for selector in (".cell", ".cell.late", ".cell.miss")]
    assert len(set(looks)) == 3


# ---------------------------------------------------------------- numbers


def test_twelve_units_nine_sent_seven_on_time(client):
    bloc_year = make_bloc_year(members=12)
    make_milestone(bloc_year, due=DUE, locks=LOCK)
    make_receipts(bloc_year, *[DUE] * 7, "2026-11-20 17:00:01", "2026-11-21 08:00")

    response = board_page(client, bloc_year)

    assert figures_of(response) == {
        "Báo cáo năm đã nhận": "9 / 12 75,0 %",
        "Đúng hạn": "7 58,3 %",
        "Chậm": "2",
        "Chưa gửi": "3",
    }
    assert cells_of(response) == {"unit-report": ("late", 9, 12)}
    assert "9/12 ▲ 9/12 đã nhận. Quá hạn 2 ngày, còn nhận 8 ngày" in main_text(response)


def test_numbers_of_several_blocs_are_added(client):
    year = make_year()
    for members, sent in ((4, 4), (3, 1), (5, 0)):
        bloc_year = make_bloc_year(year, members=members)
        make_milestone(bloc_year, due=DUE)
        make_receipts(bloc_year, *["2026-11-19 08:00"] * sent)

    response = board_page(client, bloc_year)

    assert figures_of(response) == {
        "Báo cáo năm đã nhận": "5 / 12 41,7 %",
        "Đúng hạn": "5 41,7 %",
        "Chậm": "0",
        "Chưa gửi": "7",
    }


def test_unit_that_left_does_not_stand_in_for_one_that_is_missing(client):
    bloc_year = make_bloc_year()
    make_milestone(bloc_year, due=DUE)
    make_receipts(bloc_year, "2026-11-19 08:00", "2026-11-19 08:00")
    gone = make_unit_year(bloc_year.year)
    Receipt.objects.create(bloc_year=bloc_year, unit=gone, kind=Milestone.UNIT_REPORT, at=at("2026-11-19 08:00"))

    response = board_page(client, bloc_year)

    assert cells_of(response) == {"unit-report": ("late", 2, 3)}


def test_board_and_report_list_and_bloc_page_tell_the_same_numbers(client):
    bloc_year = make_bloc_year(members=5)
    make_bloc_year(bloc_year.year)
    make_milestone(bloc_year, due=DUE, locks=LOCK)
    make_receipts(bloc_year, "2026-11-19 08:00", "2026-11-21 08:00", "2026-11-19 09:00")

    board = board_page(client, bloc_year)
    with time_machine.travel(at("2026-11-22 08:00"), tick=False):
        listed = client.get(reverse("report_list"))
        page = client.get(reverse("bloc_detail", args=[bloc_year.pk]))

    assert cells_of(board)["unit-report"] == ("late", 3, 5)
    row = listed.context["rows"][0]
    late, absent = [unit.short for unit in members_of(bloc_year)][1:2], [u.short for u in members_of(bloc_year)][3:]
    assert (row["units"].received, row["units"].expected) == (3, 5)
    assert (row["names"].late, row["names"].absent) == (late, absent)
    assert [member.words for member in page.context["members"]] == [
        "Đúng hạn",
        "Chậm",
        "Đúng hạn",
        *["Chưa gửi. Quá hạn 2 ngày, còn nhận 8 ngày"] * 2,
    ]
    assert "Còn 2 đơn vị chưa gửi" in main_text(page)


def test_covenant_column_counts_signatures(client):
    bloc_year = make_bloc_year(members=4)
    make_milestone(bloc_year, Milestone.COVENANT, due="2026-02-28 17:00")
    units = members_of(bloc_year)
    make_receipts(bloc_year, "2026-02-10 08:00", kind=Milestone.COVENANT)
    sign_covenant(bloc_year, units[0], units[1], units[3], make_unit_year(bloc_year.year), signed_on=date(2026, 2, 14))

    response = board_page(client, bloc_year)

    assert cells_of(response) == {"covenant": ("late", 3, 4)}


def test_what_the_head_owes_is_one(client):
    bloc_year = make_bloc_year()
    make_milestone(bloc_year, Milestone.SUMMARY_REPORT, due=DUE)
    make_milestone(bloc_year, Milestone.CONFERENCE, due=DUE)
    make_receipts(bloc_year, "2026-11-19 08:00", kind=Milestone.SUMMARY_REPORT)
    Conference.objects.create(
        year=bloc_year.year, bloc_year=bloc_year, kind=ConferenceKind.YEAR_END, held_on=date(2026, 11, 18)
    )
    obligations.renew_bloc(bloc_year.pk)

    response = board_page(client, bloc_year)

    assert cells_of(response) == {"summary-report": ("full", 1, 1), "conference": ("full", 1, 1)}


@pytest.mark.parametrize(
    ("state", "proposed", "expected"),
    [
        (SummaryReportState.SUBMITTED, True, ("full", 1, 1)),
        (SummaryReportState.SUBMITTED, False, ("late", 0, 1)),
        (SummaryReportState.DRAFT, True, ("late", 0, 1)),
    ],
)
def test_list_of_proposals_comes_in_with_the_summary_report(client, state, proposed, expected):
    bloc_year = make_bloc_year()
    make_milestone(bloc_year, Milestone.PROPOSAL, due=DUE, locks=LOCK)
    make_summary_report(bloc_year, state=state)
    if state == SummaryReportState.SUBMITTED:
        receipts.record(bloc_year, members_of(bloc_year)[0], Milestone.SUMMARY_REPORT, at=at("2026-11-20 08:00"))
    if proposed:
        make_proposal(bloc_year, members_of(bloc_year)[0])
    obligations.renew_bloc(bloc_year.pk)

    response = board_page(client, bloc_year)

    assert cells_of(response) == {"proposal": expected}


def test_columns_stand_by_their_earliest_day(client):
    year = make_year()
    first, second = make_bloc_year(year), make_bloc_year(year)
    make_milestone(first, Milestone.SUMMARY_REPORT, due="2026-12-05 17:00")
    make_milestone(first, "viec-rieng")
    make_milestone(second, Milestone.SUMMARY_REPORT, due="2026-11-05 17:00")
    make_milestone(second, Milestone.UNIT_REPORT, due="2026-11-20 17:00")

    response = board_page(client, first)

    assert [label for _, label, _ in response.context["board"].columns] == [
        "Báo cáo của khối",
        "Báo cáo năm",
        "viec-rieng",
    ]
    assert "không đặt mốc này" in main_text(response)


def test_bloc_without_members_has_a_dash_where_nobody_owes(client):
    bloc_year = make_bloc_year(members=0)
    make_milestone(bloc_year, due="2026-01-20 17:00", locks="2026-01-30 17:00")

    response = board_page(client, bloc_year)

    assert cells_of(response) == {"unit-report": ("none", 0, 0)}
    assert f"{bloc_year.name} – Chưa có ai phải làm" in main_text(response)
    page = response.content.decode()
    assert 'title="Chưa có ai phải làm"' in page
    assert reverse("missing", args=[bloc_year.pk, "unit-report"]) not in page
    assert reverse("missing_province", args=["unit-report"]) not in page


def test_milestone_that_nobody_owes_is_offered_and_narrows_page_and_workbook(client):
    make_rule_set(milestones=[{"code": "unit-report"}, {"code": "check", "owed_by": "assessor"}])
    bloc_year = make_bloc_year()
    obligations.renew_bloc(bloc_year.pk)
    response = board_page(client, bloc_year)
    assert [code for code, _ in response.context["filter"].fields["code"].choices] == ["unit-report", "check"]
    narrow = client.get(reverse("board"), {"code": "check"})
    assert cells_of(narrow) == {"check": ("none", 0, 0)}
    workbook = load_workbook(BytesIO(client.get(reverse("board_export"), {"code": "check"}).content))
    assert [row[3] for row in workbook.active.iter_rows(min_row=2, values_only=True)] == [0]
    for name in ("missing_province", "call_list"):
        assert client.get(reverse(name, args=["check"])).status_code == 200
    assert client.get(reverse("board_years"), {"code": "check"}).status_code == 200


def test_bloc_where_nobody_owes_leaves_the_rates_of_the_others(client):
    bloc_year = make_bloc_year(members=2)
    empty = make_bloc_year(bloc_year.year, members=0)
    for row in (bloc_year, empty):
        make_milestone(row, due=DUE, locks=LOCK)
    make_receipts(bloc_year, "2026-11-19 08:00")

    response = board_page(client, bloc_year)
    listed = client.get(reverse("report_list")).context["rows"]

    assert figures_of(response)["Báo cáo năm đã nhận"] == "1 / 2 50,0 %"
    assert [row.cells[0].look for row in response.context["board"].rows] == ["late", "none"]
    assert reverse("missing_province", args=["unit-report"]) in response.content.decode()
    assert [row["units"] and row["units"].expected for row in listed] == [2, None]


@pytest.mark.parametrize(
    ("received", "expected", "fill"),
    [(0, 0, 0), (0, 40, 0), (1, 40, 5), (9, 12, 75), (20, 40, 50), (39, 40, 95), (40, 40, 100), (1, 1, 100)],
)
def test_bar_is_whole_only_when_all_is_there(received, expected, fill):
    assert standing.Cell(expected, received, received, "open", "").fill == fill


def test_every_width_of_a_bar_has_its_class(settings):
    theme = (settings.BASE_DIR / "static" / "css" / "theme.css").read_text(encoding="utf-8")

    assert [width for width in range(0, 101, 5) if f".fill-{width}" not in theme] == []


# ---------------------------------------------------------------- colours


@pytest.mark.parametrize(
    ("moment", "look"),
    [
        ("2026-11-20 16:59:59", "open"),
        ("2026-11-20 17:00:00", "open"),
        ("2026-11-20 17:00:01", "late"),
        ("2026-11-30 16:59:59", "late"),
        ("2026-11-30 17:00:00", "late"),
        ("2026-11-30 17:00:01", "miss"),
    ],
)
def test_cell_changes_its_colour_to_the_second(client, moment, look):
    bloc_year = make_bloc_year()
    make_milestone(bloc_year, due=DUE, locks=LOCK)
    make_receipts(bloc_year, "2026-11-10 08:00", "2026-11-10 08:00")

    response = board_page(client, bloc_year, now=moment)

    assert cells_of(response) == {"unit-report": (look, 2, 3)}
    assert f'class="cell {look}"' in response.content.decode()


@pytest.mark.parametrize("moment", ["2026-11-20 17:00:00", "2026-11-20 17:00:01", "2026-11-30 17:00:01"])
def test_full_cell_stays_full(client, moment):
    bloc_year = make_bloc_year()
    make_milestone(bloc_year, due=DUE, locks=LOCK)
    make_receipts(bloc_year, *["2026-11-10 08:00"] * 3)

    response = board_page(client, bloc_year, now=moment)

    assert cells_of(response) == {"unit-report": ("full", 3, 3)}
    assert "3/3 ✓ 3/3 đã nhận. Đủ" in main_text(response)
