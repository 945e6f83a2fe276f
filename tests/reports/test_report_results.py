"""Results of targets in the two reports of a unit: what the mid-year report keeps, and two people who note one result."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from awards.enums import Recipients
from awards.models import AwardKind
from blocs.domain import covenant as covenants
from blocs.domain import evidence
from blocs.enums import Role
from blocs.errors import EditedMeanwhile, RuleBroken
from blocs.models import BlocYear, Target, TargetResult
from reports.domain import report_lines, report_parts, report_sources, unit_reports
from reports.domain.papers import unit_report as paper
from reports.enums import UnitReportKind
from reports.models import UnitReport
from tests.factories import make_bloc_year, make_target, make_unit_report, make_user, members_of
from tests.screens import HTMX, main_text, messages_of, page_of, sign_covenant

pytestmark = pytest.mark.django_db
MID_YEAR = UnitReportKind.MID_YEAR


@pytest.fixture
def bloc_year():
    return make_bloc_year()


@pytest.fixture
def target(bloc_year):
    row = make_target(bloc_year, of=members_of(bloc_year)[0], unit_of_measure="%")
    sign_covenant(bloc_year, signed_on=date(2026, 2, 14))
    return row


@pytest.fixture
def mid_year(bloc_year):
    return make_unit_report(bloc_year, kind=MID_YEAR, whole=True)


@pytest.fixture
def writer(bloc_year):
    return make_user(Role.UNIT_LEADER, unit=members_of(bloc_year)[0])


@pytest.fixture
def board(bloc_year):
    return make_user(Role.BOARD_STAFF, bloc_year=bloc_year)


def note(report, target, value, by, words="", opened=""):
    unit_reports.save_result(report.pk, target.pk, value=Decimal(value), note=words, by=by, opened=opened)


def live():
    row = TargetResult.objects.get()
    return row.value, row.note, row.is_draft


def said(report):
    report = UnitReport.objects.for_page().get(pk=report.pk)
    return [(row.value, row.note) for row in report_sources.target_rows(report)]


def sent(report, by):
    return unit_reports.move(report.pk, "submit", by=by)


def returned(report, board):
    return unit_reports.move(report.pk, "return", by=board, note="Thiếu số")


# ---------------------------------------------------------------- what a mid-year report keeps


def test_sent_mid_year_report_keeps_its_results_and_the_words_of_its_targets(mid_year, target, writer, bloc_year):
    note(mid_year, target, 40, writer, "Sáu tháng")
    sent(mid_year, writer)
    before = paper.build(UnitReport.objects.for_page().get(pk=mid_year.pk))

    evidence.record_unit_result(bloc_year.memberships.first().pk, target.pk, by=writer, value=Decimal(100))
    Target.objects.update(text="Chỉ tiêu đã điều chỉnh", value=90)

    assert live() == (100, "", True)
    assert said(mid_year) == [(40, "Sáu tháng")]
    assert paper.build(UnitReport.objects.for_page().get(pk=mid_year.pk)) == before


def test_annual_report_goes_on_with_the_covenant(mid_year, target, writer, bloc_year):
    note(mid_year, target, 40, writer)
    sent(mid_year, writer)
    annual = make_unit_report(bloc_year, whole=True)
    note(annual, target, 100, writer)
    sent(annual, writer)
    assert (said(annual), UnitReport.objects.get(pk=annual.pk).kept_results) == ([(100, "")], None)


def test_returned_mid_year_report_leaves_what_the_annual_report_says(mid_year, target, writer, board, bloc_year):
    note(mid_year, target, 40, writer)
    sent(mid_year, writer)
    annual = make_unit_report(bloc_year, whole=True)
    note(annual, target, 40, writer)
    sent(annual, writer)
    BlocYear.objects.update(is_closed=True)
    returned(mid_year, board)

    note(mid_year, target, 1, writer)
    sent(mid_year, writer)

    assert (live(), said(mid_year)) == ((40, "", False), [(1, "")])


def test_mend_of_a_mid_year_result_is_followed_as_long_as_nothing_newer_stands(
    mid_year, target, writer, board, bloc_year
):
    note(mid_year, target, 40, writer)
    sent(mid_year, writer)
    returned(mid_year, board)
    note(mid_year, target, 42, writer)
    assert live() == (42, "", True)
    evidence.record_unit_result(bloc_year.memberships.first().pk, target.pk, by=writer, value=Decimal(60))
    note(mid_year, target, 43, writer)
    assert (live(), said(mid_year)) == ((60, "", True), [(43, "")])


def test_own_target_whose_sent_result_was_taken_back_is_missing(target, writer, board, bloc_year):
    annual = make_unit_report(bloc_year, whole=True)
    note(annual, target, 40, writer)
    sent(annual, writer)
    returned(annual, board)

    unit_reports.save_result(annual.pk, target.pk, value=None, note="", by=writer)

    assert report_parts.missing(UnitReport.objects.for_page().get(pk=annual.pk)) == ["Kết quả chỉ tiêu “Chỉ tiêu T1”"]


def test_mid_year_report_that_was_never_sent_writes_nothing_once_the_annual_was(
    client, mid_year, target, writer, bloc_year
):
    annual = make_unit_report(bloc_year, whole=True)
    note(annual, target, 100, writer)
    sent(annual, writer)
    with pytest.raises(RuleBroken, match="Báo cáo năm của đơn vị đã gửi"):
        note(mid_year, target, 1, writer)
    client.force_login(writer)
    assert "Báo cáo năm của đơn vị đã gửi" in main_text(client.get(reverse("unit_report", args=[mid_year.pk])))
    assert live() == (100, "", False)


def test_result_of_a_closed_bloc_stands(target, writer, bloc_year):
    report = make_unit_report(bloc_year, state="returned", whole=True)
    BlocYear.objects.update(is_closed=True)
    with pytest.raises(RuleBroken, match="không sửa được nữa"):
        note(report, target, 1, writer)


def test_target_that_was_not_in_the_sent_report_is_refused(mid_year, target, writer, board, bloc_year):
    sent(mid_year, writer)
    returned(mid_year, board)
    with pytest.raises(RuleBroken, match="Không có chỉ tiêu này"):
        note(mid_year, make_target(bloc_year, "T9"), 1, writer)
    note(mid_year, target, 3, writer)
    assert (live(), said(mid_year)) == ((3, "", True), [(3, "")])


# ---------------------------------------------------------------- two people note one result


def test_second_writer_of_a_result_chooses(target, writer, bloc_year):
    report, opened = make_unit_report(bloc_year), covenants.opened_with()
    note(report, target, 40, writer, "Biên bản", opened)
    note(report, target, 40, writer, "Biên bản", opened)
    with pytest.raises(EditedMeanwhile) as caught:
        note(report, target, 50, writer, "", opened)
    assert caught.value.theirs == "Kết quả: 40\nGhi chú: Biên bản"
    note(report, target, 50, writer, "", caught.value.version)
    assert live() == (50, "", True)


def test_second_writer_of_a_kept_result_chooses(mid_year, target, writer, board):
    note(mid_year, target, 40, writer)
    sent(mid_year, writer)
    returned(mid_year, board)
    opened = covenants.opened_with(Decimal(40))
    note(mid_year, target, 41, writer, "", opened)
    with pytest.raises(EditedMeanwhile):
        note(mid_year, target, 42, writer, "", opened)
    assert said(mid_year) == [(41, "")]


def test_page_of_a_report_offers_the_choice_and_saves_with_it(client, target, writer, bloc_year):
    report = make_unit_report(bloc_year)
    client.force_login(writer)
    url = reverse("unit_report_result", args=[report.pk, target.pk])
    form = {"value": "40", "note": "", "opened": covenants.opened_with()}
    first = client.post(url, form, **HTMX)
    new = covenants.opened_with(Decimal(40))
    assert f'id="t{target.pk}-opened" value="{new}" hx-swap-oob="true"' in first.content.decode()
    second = client.post(url, form | {"value": "50"}, **HTMX)
    assert (second.status_code, "Kết quả: 40" in page_of(second).text) == (409, True)
    assert client.post(url, form | {"value": "50", "over": new}, **HTMX).status_code == 200
    assert live() == (50, "", True)
    assert (
        f'value="{covenants.opened_with(Decimal(50))}"'
        in client.get(reverse("unit_report", args=[report.pk])).content.decode()
    )


@pytest.mark.parametrize("whose", ["bloc", "unit"])
def test_page_of_a_result_in_the_covenant_offers_the_choice(client, bloc_year, whose):
    target = make_target(bloc_year)
    sign_covenant(bloc_year, signed_on=date(2026, 2, 14))
    member = bloc_year.memberships.select_related("unit").first()
    if whose == "bloc":
        user, url = (
            make_user(Role.BLOC_HEAD, bloc_year=bloc_year),
            reverse("target_result", args=[bloc_year.pk, target.pk]),
        )
    else:
        user = make_user(Role.UNIT_REPORTER, unit=member.unit)
        url = reverse("unit_result", args=[bloc_year.pk, member.pk, target.pk])
    client.force_login(user)
    opened = covenants.opened_with()
    assert f'value="{opened}"' in client.get(url).content.decode()
    client.post(url, {"value": "40", "note": "", "opened": opened})
    second = client.post(url, {"value": "50", "note": "", "opened": opened})
    assert (second.status_code, "Kết quả: 40" in main_text(second)) == (409, True)
    client.post(url, {"value": "50", "note": "", "opened": opened, "over": covenants.opened_with(Decimal(40))})
    assert TargetResult.objects.get().value == 50


# ---------------------------------------------------------------- two people note one line, one explanation


def line(report, by, count, opened=""):
    award = AwardKind.objects.get(code="BKT")
    return report_lines.save_line(report.pk, award.pk, Recipients.INDIVIDUAL, count=count, by=by, opened=opened)


def test_second_writer_of_a_line_chooses(writer, bloc_year):
    report = make_unit_report(bloc_year)
    opened = report_lines.opened_with(line(report, writer, 3))
    line(report, writer, 4, opened)
    line(report, writer, 4, opened)
    with pytest.raises(EditedMeanwhile) as caught:
        line(report, writer, 5, opened)
    assert caught.value.theirs == "Số lượng: 4\nLao động trực tiếp: (không có)"
    assert line(report, writer, 5, caught.value.version).count == 5


def test_line_that_a_colleague_added_is_not_added_over(client, writer, bloc_year):
    report = make_unit_report(bloc_year)
    row = line(report, writer, 3)
    client.force_login(writer)
    form = {"award": row.award_id, "recipients": "individual", "count": "9"}
    page = client.post(reverse("unit_report_line_add", args=[report.pk]), form, follow=True)
    assert "Đã có dòng" in messages_of(page)[0]
    assert report.recognitions.get().count == 3
    url = reverse("unit_report_line", args=[report.pk, row.pk])
    form = {"count": "8", "direct_workers": "", "opened": report_lines.opened_with()}
    assert client.post(url, form, **HTMX).status_code == 409


def test_second_writer_of_an_explanation_chooses(writer, bloc_year):
    report, staff = make_unit_report(bloc_year), Decimal(5)
    unit_reports.save_figure(report.pk, "staff", staff, by=writer, note="Sáp nhập", was=None, was_note="")
    with pytest.raises(EditedMeanwhile) as caught:
        unit_reports.save_figure(report.pk, "staff", staff, by=writer, note="Tách", was=staff, was_note="")
    assert caught.value.theirs == "5\nGiải trình: Sáp nhập"
    row = unit_reports.save_figure(report.pk, "staff", Decimal(6), by=writer, note="", was=staff, was_note="")
    assert (row.value, row.note) == (6, "Sáp nhập")
