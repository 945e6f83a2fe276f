"""The two kinds of a unit's report, sending back of named parts, what is asked to be explained."""

import itertools
from decimal import Decimal

import pytest

from awards.enums import Recipients
from awards.models import AwardKind
from blocs.enums import Milestone, Role
from blocs.errors import EditedMeanwhile, RuleBroken, WrongState
from blocs.models import AuditEvent, BlocYear, Receipt
from reports.domain import report_history, report_lines, report_parts, unit_reports
from reports.enums import ReportSection, UnitReportKind, UnitReportState
from reports.models import UnitReport
from reports.workflow import UNIT_MOVES
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_target,
    make_unit_report,
    make_unit_year,
    make_user,
    make_year,
)
from tests.reports.test_unit_reports import ALLOWED, everybody

pytestmark = pytest.mark.django_db
MID_YEAR = UnitReportKind.MID_YEAR
PDF = b"%PDF-1.7 evidence"


@pytest.fixture
def report():
    return make_unit_report(whole=True)


@pytest.fixture
def writer(report):
    return make_user(Role.UNIT_LEADER, unit=report.unit)


@pytest.fixture
def board(report):
    return make_user(Role.BOARD_STAFF, bloc_year=report.bloc_year)


def award(code="BKT"):
    return AwardKind.objects.get(code=code)


# ---------------------------------------------------------------- mid-year


@pytest.mark.parametrize(("state", "name"), list(itertools.product(UnitReportState.values, UNIT_MOVES)))
def test_mid_year_report_follows_the_same_table(state, name):
    report = make_unit_report(kind=MID_YEAR, state=state, whole=True)
    user = everybody(report)
    if (state, name) in ALLOWED:
        assert unit_reports.move(report.pk, name, by=user, note="lý do").state == ALLOWED[state, name]
    else:
        with pytest.raises(WrongState):
            unit_reports.move(report.pk, name, by=user, note="lý do")
        assert UnitReport.objects.get().state == state


def test_both_kinds_stand_beside_each_other():
    bloc_year = make_bloc_year()
    membership = bloc_year.memberships.first()
    reporter = make_user(Role.UNIT_REPORTER, unit=membership.unit)

    first = [unit_reports.open_report(membership, by=reporter, kind=kind) for kind in UnitReportKind]
    again = [unit_reports.open_report(membership, by=reporter, kind=kind) for kind in UnitReportKind]

    assert first == again
    assert [row.kind for row in first] == ["annual", "mid_year"]


def test_mid_year_report_fulfils_the_mid_year_milestone():
    report = make_unit_report(kind=MID_YEAR, whole=True)
    for code in (Milestone.MID_YEAR, Milestone.UNIT_REPORT):
        make_milestone(report.bloc_year, code, due="2026-07-15 17:00", locks="2026-07-20 17:00")

    unit_reports.move(report.pk, "submit", by=everybody(report), now=at("2026-07-15 17:00"))

    assert list(Receipt.objects.values_list("kind", "at")) == [("mid-year", at("2026-07-15 17:00"))]


def test_mid_year_report_is_locked_by_its_own_milestone():
    report = make_unit_report(kind=MID_YEAR, whole=True)
    make_milestone(report.bloc_year, Milestone.MID_YEAR, due="2026-07-15 17:00", locks="2026-07-20 17:00")
    with pytest.raises(RuleBroken):
        unit_reports.move(report.pk, "submit", by=everybody(report), now=at("2026-07-20 17:00:01"))


def test_targets_are_answered_at_the_end_of_the_year():
    report = make_unit_report(kind=MID_YEAR, whole=True)
    make_target(report.bloc_year, of=report.unit)
    assert report_parts.missing(report) == []


def test_late_unit_sends_although_nobody_can_note_its_target_any_more(report, writer):
    make_target(report.bloc_year, of=report.unit)
    assert report_parts.missing(report) != []
    BlocYear.objects.update(is_closed=True)  # the head has sent the summary report

    assert unit_reports.move(report.pk, "submit", by=writer).state == "submitted"


# ---------------------------------------------------------------- sent back for named parts


def sent_back(report, board, *parts):
    UnitReport.objects.filter(pk=report.pk).update(
        state="submitted", submitted_at=at("2026-11-19 10:00"), submitted_by=board
    )
    return unit_reports.move(report.pk, "return", by=board, note="Thiếu số", parts=parts)


def writes(report, user):
    """{section: what writes to it}"""
    target = make_target(report.bloc_year)
    return {
        "leading": lambda: unit_reports.save_part(report.pk, "leading", "Sửa.", version=1, by=user),
        "tasks": lambda: unit_reports.save_part(report.pk, "tasks", "Sửa.", version=1, by=user),
        ReportSection.FIGURES: lambda: unit_reports.save_figure(report.pk, "staff", Decimal(6), by=user),
        ReportSection.TARGETS: lambda: unit_reports.save_result(
            report.pk, target.pk, value=Decimal(1), note="", by=user
        ),
        ReportSection.COMMENDATION: lambda: report_lines.save_line(
            report.pk, award().pk, Recipients.INDIVIDUAL, count=2, by=user
        ),
        ReportSection.ATTACHMENTS: lambda: report_lines.add_file(report.pk, "a.pdf", PDF, by=user),
    }


@pytest.mark.parametrize("only", ["leading", "tasks", *ReportSection])
def test_only_the_named_part_is_written(report, writer, board, only):
    sent_back(report, board, only)

    acts, refused = writes(report, writer), []
    for section, write in acts.items():
        try:
            write()
        except WrongState:
            refused.append(section)

    together = {ReportSection.FIGURES, ReportSection.COMMENDATION}  # the one is counted from the other
    opened = together if only in together else {only}
    assert refused == [section for section in acts if section not in opened]


@pytest.mark.parametrize("named", [ReportSection.FIGURES, ReportSection.COMMENDATION])
def test_a_number_counted_from_the_lines_is_mended_there(report, writer, board, named):
    report_lines.save_line(report.pk, award().pk, Recipients.INDIVIDUAL, count=4, by=writer)
    sent_back(report, board, named)

    report_lines.save_line(report.pk, award().pk, Recipients.INDIVIDUAL, count=5, direct_workers=2, by=writer)
    unit_reports.save_figure(report.pk, "staff", Decimal(6), by=writer)

    assert report.figures.get(code="individuals").value == 5


def test_return_of_the_whole_opens_everything(report, writer, board):
    assert sent_back(report, board).returned_parts == []
    for write in writes(report, writer).values():
        write()


def test_all_parts_named_means_the_whole(report, board):
    codes = [code for code, _ in report_parts.sections(report)]
    assert sent_back(report, board, *codes).returned_parts == []


def test_unknown_part_is_not_sent_back(report, board):
    with pytest.raises(RuleBroken):
        sent_back(report, board, "poems")
    assert UnitReport.objects.get().state == "submitted"


def test_named_parts_stay_through_the_leaders_look(report, writer, board):
    sent_back(report, board, "tasks")
    unit_reports.move(report.pk, "hand_up", by=writer)
    unit_reports.move(report.pk, "take_back", by=writer)

    with pytest.raises(WrongState):
        unit_reports.save_part(report.pk, "leading", "Sửa.", version=1, by=writer)
    assert unit_reports.save_part(report.pk, "tasks", "Sửa.", version=1, by=writer).version == 2


def test_what_nobody_may_mend_does_not_hold_the_report_up(report, writer, board):
    report.parts.filter(code="party").delete()
    sent_back(report, board, "tasks")

    moved = unit_reports.move(report.pk, "submit", by=writer)

    assert (moved.state, moved.returned_by, moved.returned_parts) == ("submitted", board, ["tasks"])


# ---------------------------------------------------------------- numbers beside those of earlier years


def past_of(report, *values, code="staff", kind=UnitReportKind.ANNUAL, state="accepted"):
    """The unit's reports of 2025, 2024, … with these numbers."""
    authority = report.bloc_year.year.authority
    for before, value in enumerate(values, 1):
        year = make_year(authority, year=2026 - before)
        unit = make_unit_year(year, code=report.unit.unit.code)
        old = make_unit_report(
            make_bloc_year(year, members=[unit, make_unit_year(year)]), unit=unit, kind=kind, state=state
        )
        old.figures.create(code=code, value=value)


@pytest.mark.parametrize(
    ("past", "value", "words"),
    [
        ((), 500, ""),
        ((10,), 99, ""),
        ((10,), 100, "gấp 10 lần so với năm 2025 (10)"),
        ((100,), 10, "giảm 10 lần so với năm 2025 (100)"),
        ((100,), 11, ""),
        ((0,), 9, ""),
        ((0,), 10, "năm 2025 là 0"),
        ((25,), 0, "năm 2025 là 25"),
        ((10, 12), 30, ""),
        ((10, 12, 14), 15, "ngoài khoảng 10 – 14 của 3 năm trước"),
        ((10, 12, 14), 14, ""),
        ((10, 12, 14), 9, "ngoài khoảng 10 – 14 của 3 năm trước"),
    ],
)
def test_number_far_from_the_earlier_ones_is_doubted(report, past, value, words):
    past_of(report, *past)
    assert report_history.of(report).doubt("staff", Decimal(value)) == words


def test_twelve_years_count(report):
    past_of(report, *[10] * 12, 99)
    numbers = report_history.of(report).numbers["staff"]
    assert (len(numbers), numbers[0], numbers[-1]) == (12, ("2025", 10), ("2014", 10))


def test_report_that_was_never_sent_says_nothing_of_a_number(report):
    past_of(report, 500, state="draft")
    assert report_history.of(report) == report_history.History()


def test_other_kind_of_report_says_nothing_of_a_number(report):
    past_of(report, 500, kind=MID_YEAR)
    assert report_history.of(report).numbers == {}


def test_doubted_number_is_named_until_it_is_explained_and_holds_nothing_up(report, writer, board):
    past_of(report, 5)
    past = report_history.of(report)
    label = "“Tổng số cán bộ, công chức, viên chức, người lao động”: 60, gấp 12 lần so với năm 2025 (5)"
    unit_reports.save_figure(report.pk, "staff", Decimal(60), by=writer)
    assert (report_parts.unexplained(report, past), report_parts.missing(report)) == ([label], [])
    unit_reports.move(report.pk, "hand_up", by=writer)
    unit_reports.move(report.pk, "submit", by=writer)
    unit_reports.move(report.pk, "return", by=board, note="Vì sao?", parts=[ReportSection.FIGURES])

    unit_reports.save_figure(report.pk, "staff", Decimal(60), note="Nhận thêm hai đơn vị", by=writer)

    assert report_parts.unexplained(report, past) == []
    assert AuditEvent.objects.filter(action="unit_report.explain_figure").count() == 1


def test_second_writer_of_a_number_chooses(report, writer):
    unit_reports.save_figure(report.pk, "staff", Decimal(7), was=Decimal(5), by=writer)
    with pytest.raises(EditedMeanwhile) as caught:
        unit_reports.save_figure(report.pk, "staff", Decimal(8), was=Decimal(5), by=writer)
    assert (caught.value.theirs, caught.value.version) == ("7", "7")
    assert unit_reports.save_figure(report.pk, "staff", Decimal(8), was=Decimal(7), by=writer).value == 8
