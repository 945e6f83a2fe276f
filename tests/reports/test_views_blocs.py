"""The lists of blocs and reports, and the page of a bloc: who stands where, and what comes next."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from blocs.domain import handovers
from blocs.enums import ConferenceKind, Milestone, Role
from blocs.models import Conference, Handover, NextLeader
from reports.enums import SummaryReportState, UnitReportState
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_proposal,
    make_summary_report,
    make_target,
    make_unit_report,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.screens import main_text, make_receipts, sign_covenant

pytestmark = pytest.mark.django_db
DUE, LOCK = "2026-11-20 17:00", "2026-11-30 17:00"


# ---------------------------------------------------------------- the lists


def test_bloc_list_names_blocs_and_heads(client):
    year = make_year()
    blocs = [make_bloc_year(year), make_bloc_year(year, head=False, deputy=False)]
    client.force_login(make_user(Role.COUNCIL_MEMBER, authority=year.authority))

    response = client.get(reverse("bloc_list"))

    assert response.context["rows"] == [(blocs[0], members_of(blocs[0])[0].name), (blocs[1], None)]
    assert "chưa có" in main_text(response)


def test_only_bloc_opens_at_once(client):
    bloc_year = make_bloc_year()
    client.force_login(make_user(Role.UNIT_LEADER, bloc_year=bloc_year))

    assert client.get(reverse("bloc_list")).url == reverse("bloc_detail", args=[bloc_year.pk])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bloc_list", "Bạn không thuộc cụm, khối nào trong năm này. Chọn năm khác ở góc trên."),
        ("report_list", "Năm này bạn không thuộc cụm, khối nào."),
    ],
)
def test_empty_list_says_why(client, name, words):
    client.force_login(make_user(Role.ASSESSOR, unit=make_unit_year()))

    assert main_text(client.get(reverse(name))).endswith(words)


def test_board_of_a_year_without_blocs_says_so(client):
    client.force_login(make_user(Role.BOARD_STAFF, authority=make_year().authority))

    assert main_text(client.get(reverse("board"))).endswith("Năm này chưa có cụm, khối nào.")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (None, "Chưa bắt đầu Quá hạn 2 ngày, còn nhận 8 ngày chưa có"),
        (SummaryReportState.DRAFT, "Đang soạn Quá hạn 2 ngày, còn nhận 8 ngày chưa có"),
        (SummaryReportState.SUBMITTED, "Đã gửi 10:05 thứ Năm 19/11/2026 chưa có"),
    ],
)
def test_report_list_says_where_each_report_stands(client, state, words):
    bloc_year = make_bloc_year()
    make_milestone(bloc_year, Milestone.SUMMARY_REPORT, due=DUE, locks=LOCK)
    if state:
        make_summary_report(bloc_year, state=state)
    user = make_user(Role.BOARD_STAFF, bloc_year=bloc_year)

    with time_machine.travel(at("2026-11-22 08:00"), tick=False):
        client.force_login(user)
        response = client.get(reverse("report_list"))

    assert main_text(response).endswith(words)


# ---------------------------------------------------------------- the page of a bloc


def next_of(client, bloc_year, *, now="2026-11-22 08:00"):
    """(present step, [what it needs]) as the page says it."""
    user = make_user(Role.BOARD_STAFF, bloc_year=bloc_year)
    with time_machine.travel(at(now), tick=False):
        client.force_login(user)
        response = client.get(reverse("bloc_detail", args=[bloc_year.pk]))
    found = response.context["next"]
    return found.step, [item.words for item in found.items]


def hold(bloc_year, kind, day):
    Conference.objects.create(year=bloc_year.year, bloc_year=bloc_year, kind=kind, held_on=day)


def acts_of_a_year(bloc_year):
    """The facts of a bloc's year, one after the other; it stops after each."""
    units = members_of(bloc_year)
    yield
    bloc_year.memberships.filter(unit=units[0]).update(role="head")
    yield
    make_target(bloc_year)
    yield
    sign_covenant(bloc_year, *units, signed_on=date(2026, 2, 14))
    yield
    hold(bloc_year, ConferenceKind.MID_YEAR, date(2026, 7, 1))
    make_receipts(bloc_year, *["2026-11-19 08:00"] * 3)
    yield
    summary = make_summary_report(bloc_year, whole=True)
    yield
    summary.state, summary.adopted_on = SummaryReportState.ADOPTED, date(2026, 11, 20)
    summary.save()
    yield
    hold(bloc_year, ConferenceKind.YEAR_END, date(2026, 11, 20))
    yield
    make_proposal(bloc_year, units[0])
    summary.state, summary.submitted_at = SummaryReportState.SUBMITTED, at("2026-11-21 08:00")
    summary.save()
    yield
    bloc_year.decisions.create(number="1/QĐ-UBND", dated=date(2026, 12, 30))
    yield
    NextLeader.objects.create(bloc_year=bloc_year, unit=units[1], role="head")
    yield
    record = Handover.objects.create(
        bloc_year=bloc_year, giver=units[0], receiver=units[1], handed_on=date(2026, 11, 21)
    )
    for side in (0, 1):
        yield
        handovers.sign(record.pk, ("giver", "receiver")[side], by=make_user(Role.UNIT_LEADER, unit=units[side]))
    yield


def test_line_of_steps_goes_forward_with_the_facts(client):
    bloc_year = make_bloc_year(head=False, deputy=False)
    make_milestone(bloc_year, due=DUE, locks=LOCK)

    found = [next_of(client, bloc_year) for _ in acts_of_a_year(bloc_year)]

    lacking = "Báo cáo tổng kết còn thiếu 5 phần"
    assert found == [
        ("chuẩn bị", ["Chưa có Khối trưởng"]),
        ("ký giao ước", ["Chưa có chỉ tiêu giao ước"]),
        ("ký giao ước", ["Đã có 1 chỉ tiêu", "Chưa ký giao ước"]),
        ("thực hiện", ["3 đơn vị chưa gửi báo cáo năm"]),
        ("tổng hợp", ["Đã nhận 3/3 báo cáo năm", lacking]),
        ("tổng hợp", ["Đã nhận 3/3 báo cáo năm", "Báo cáo tổng kết đã đủ phần", "Chưa ghi nhận thông qua"]),
        ("hội nghị", ["Chưa ghi ngày hội nghị tổng kết"]),
        (
            "trình hồ sơ",
            ["Chưa có danh sách đề nghị khen thưởng", "Báo cáo tổng kết chưa gửi Ban Thi đua - Khen thưởng"],
        ),
        ("quyết định", ["Chờ quyết định khen thưởng"]),
        ("bàn giao", ["Chưa ghi Khối trưởng năm sau"]),
        ("bàn giao", ["Chưa lập biên bản bàn giao"]),
        ("bàn giao", ["Bên giao chưa ký", "Bên nhận chưa ký"]),
        ("bàn giao", ["Bên giao đã ký", "Bên nhận chưa ký"]),
        ("", []),
    ]


def test_finished_year_says_so(client):
    bloc_year = make_bloc_year()
    units = members_of(bloc_year)
    sign_covenant(bloc_year, signed_on=date(2026, 2, 14))
    make_summary_report(bloc_year, state=SummaryReportState.ACCEPTED, whole=True)
    hold(bloc_year, ConferenceKind.YEAR_END, date(2026, 11, 20))
    make_proposal(bloc_year, units[0])
    bloc_year.decisions.create(number="1/QĐ-UBND", dated=date(2026, 12, 30))
    NextLeader.objects.create(bloc_year=bloc_year, unit=units[1], role="head")
    make_bloc_year(
        bloc=bloc_year.bloc, year=make_year(bloc_year.year.authority, year=2027)
    )  # of which no record was kept
    client.force_login(make_user(Role.BLOC_HEAD, bloc_year=bloc_year))

    response = client.get(reverse("bloc_detail", args=[bloc_year.pk]))

    line = [(step.label, step.look) for step in response.context["steps"]]
    assert line == [
        (label, "done")
        for label in (
            "Chuẩn bị",
            "Ký giao ước",
            "Thực hiện",
            "Tổng hợp",
            "Hội nghị",
            "Trình hồ sơ",
            "Quyết định",
            "Bàn giao",
        )
    ]
    assert "Năm này đã xong" in main_text(response)
    assert f"Bàn giao {units[1].short}" in main_text(response)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (UnitReportState.SUBMITTED, "Đúng hạn"),
        (UnitReportState.RETURNED, "Bị trả lại, chờ gửi lại"),
        (UnitReportState.ACCEPTED, "Đúng hạn, đã nhận"),
    ],
)
def test_bloc_page_says_where_the_report_of_a_unit_stands(client, state, words):
    bloc_year = make_bloc_year(members=1, deputy=False)
    make_milestone(bloc_year, due=DUE)
    make_unit_report(bloc_year, state=state)
    make_receipts(bloc_year, "2026-11-19 10:05")
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=bloc_year))

    response = client.get(reverse("bloc_detail", args=[bloc_year.pk]))

    assert [row.words for row in response.context["members"]] == [words]


def test_draft_of_another_unit_is_not_offered(client):
    bloc_year = make_bloc_year()
    own, sent, draft = (
        make_unit_report(bloc_year, unit=unit, state=state)
        for unit, state in zip(
            members_of(bloc_year),
            (UnitReportState.DRAFT, UnitReportState.SUBMITTED, UnitReportState.DRAFT),
            strict=True,
        )
    )
    found = {}

    for role in (Role.UNIT_REPORTER, Role.BLOC_HEAD, Role.BOARD_STAFF):
        client.force_login(make_user(role, bloc_year=bloc_year))
        html = client.get(reverse("bloc_detail", args=[bloc_year.pk])).content.decode()
        found[role] = [row for row in (own, sent, draft) if reverse("unit_report", args=[row.pk]) in html]

    assert found == {Role.UNIT_REPORTER: [own], Role.BLOC_HEAD: [sent], Role.BOARD_STAFF: [sent]}
