"""What a unit's report took over from elsewhere stands as it was sent, until its part is sent back."""

from decimal import Decimal

import pytest
from django.urls import reverse

from blocs.enums import Role
from blocs.models import Target, UnitYear
from movements.models import IndicatorResult
from reports.domain import report_sources, unit_reports
from reports.domain.papers import unit_report as paper
from reports.enums import ReportSection, UnitReportKind
from reports.models import ReportForm, UnitReport, UnitReportFigure
from tests.factories import (
    make_bloc_year,
    make_movement,
    make_target,
    make_unit_report,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.screens import main_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc_year():
    return make_bloc_year()


@pytest.fixture(params=UnitReportKind)
def report(bloc_year, request):
    """A sent report: a movement at 42, a target at 7, staff of 5 the year before."""
    unit = members_of(bloc_year)[0]
    old_year = make_year(bloc_year.year.authority, year=2025)
    old_unit = make_unit_year(old_year, code=unit.unit.code)
    old_bloc = make_bloc_year(old_year, members=[old_unit, make_unit_year(old_year)], bloc=bloc_year.bloc)
    make_unit_report(old_bloc, unit=old_unit, kind=request.param, state="accepted", whole=True)
    make_target(bloc_year, of=unit).results.create(of=unit, value=7)
    movement = make_movement(bloc_year.year, name="Chuyển đổi số")
    IndicatorResult.objects.create(indicator=movement.indicators.get(), unit=unit, period="2026", value=42)
    found = make_unit_report(bloc_year, kind=request.param, whole=True)
    return again(unit_reports.move(found.pk, "submit", by=make_user(Role.UNIT_LEADER, unit=unit)))


@pytest.fixture
def board(bloc_year):
    return make_user(Role.BOARD_STAFF, bloc_year=bloc_year)


def again(report):
    return UnitReport.objects.for_page().get(pk=report.pk)


def sent_back(report, board, *parts):
    unit_reports.move(report.pk, "return", by=board, note="Sửa", parts=parts)
    return again(report)


def sent_again(report):
    return again(unit_reports.move(report.pk, "submit", by=report.submitted_by))


def everything_changes(report):
    IndicatorResult.objects.update(value=99)
    IndicatorResult.objects.create(
        indicator=make_movement(report.bloc_year.year).indicators.get(), unit=report.unit, period="2026", value=1
    )
    Target.objects.update(text="Chỉ tiêu đã điều chỉnh", value=Decimal(90))
    UnitReportFigure.objects.exclude(report=report).update(value=9999)
    ReportForm.objects.create(
        year=report.bloc_year.year, kind=report.kind, parts=[{"code": "tasks", "label": "Tên mới"}], figures=[]
    )
    UnitYear.objects.filter(pk=report.unit_id).update(letterhead_symbol="MOI")


def reached(report):
    return [row.value for row in report_sources.movement_rows(report)]


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_paper_and_page_of_a_sent_report_stand(client, report, board, state):
    before = paper.build(report)
    if state == "accepted":
        unit_reports.move(report.pk, "accept", by=board)
    client.force_login(board)

    everything_changes(report)

    assert (paper.build(again(report)), reached(again(report))) == (before, [42])
    words = main_text(client.get(reverse("unit_report", args=[report.pk])))
    assert "Chỉ tiêu T1" in words
    assert "Chỉ tiêu đã điều chỉnh" not in words
    assert "Sau khi gửi, số ở mục ấy đã khác; báo cáo giữ số lúc gửi." in words


@pytest.mark.parametrize("parts", [(), (ReportSection.TARGETS,)])
def test_what_is_sent_back_is_read_anew(report, board, parts):
    IndicatorResult.objects.update(value=99)
    assert reached(again(report)) == [42]

    returned = sent_back(report, board, *parts)
    assert reached(returned) == [99]
    sent = sent_again(report)
    IndicatorResult.objects.update(value=100)

    assert reached(again(sent)) == [99]
    assert "99" in str(paper.build(again(sent)))


def test_other_parts_sent_back_leave_it(report, board):
    IndicatorResult.objects.update(value=99)
    returned = sent_back(report, board, "tasks")
    assert reached(returned) == [42]
    unit_reports.save_part(report.pk, "tasks", "Đã sửa.", version=1, by=report.submitted_by)

    sent = sent_again(report)

    assert reached(sent) == [42]
    assert "Đã sửa." in str(paper.build(sent))


def test_nothing_newer_nothing_said(client, report, board):
    client.force_login(board)
    assert "đã khác" not in main_text(client.get(reverse("unit_report", args=[report.pk])))
