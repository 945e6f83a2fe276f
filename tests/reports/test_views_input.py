"""What is typed into a report: numbers as people write them here, and what is refused with which words."""

import pytest
from django.urls import reverse

from blocs.enums import Role
from blocs.models import TargetResult
from reports.enums import UnitReportState
from reports.models import UnitReportFigure
from tests.factories import make_bloc_year, make_target, make_unit_report, make_user
from tests.screens import HTMX, Page, main_text, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    return make_unit_report()


@pytest.fixture
def writer(client, report):
    client.force_login(make_user(Role.UNIT_REPORTER, unit=report.unit))
    return client


def part_url(report):
    return reverse("unit_report_part", args=[report.pk, "leading"])


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("1.234,5", "1234.5"),
        ("-3", "-3"),
        ("0", "0"),
        ("1 234 567,25", "1234567.25"),
        ("1.234.567", "1234567"),
        ("97,4", "97.4"),
    ],
)
def test_number_is_read_as_it_is_written_here(writer, report, typed, stored):
    target = make_target(report.bloc_year)

    writer.post(reverse("unit_report_result", args=[report.pk, target.pk]), {"value": typed}, **HTMX)

    assert str(TargetResult.objects.get(target=target).value) == stored


UNCLEAR = "Viết số như 1.234,5: dấu chấm ngăn hàng nghìn, dấu phẩy trước phần thập phân."


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1234.5", UNCLEAR),
        ("1,234.5", UNCLEAR),
        ("abc", UNCLEAR),
        ("1,2,3", UNCLEAR),
        ("12.34", UNCLEAR),
        ("1e5", UNCLEAR),
        ("--5", UNCLEAR),
        ("-", UNCLEAR),
        ("5,", UNCLEAR),
        (",5", UNCLEAR),
        ("NaN", UNCLEAR),
        ("Infinity", UNCLEAR),
        ("٣", UNCLEAR),
        ("²", UNCLEAR),
        ("1" * 20, "nhiều nhất 15 chữ số"),
        ("1" * 5000, "nhiều nhất 15 chữ số"),
        ("1,1234567", "nhiều nhất 6 chữ số thập phân"),
    ],
)
def test_number_that_may_be_misread_is_refused(writer, report, typed, message):
    target = make_target(report.bloc_year)

    response = writer.post(reverse("unit_report_result", args=[report.pk, target.pk]), {"value": typed}, **HTMX)

    assert (response.status_code, page_of(response).text) == (422, message)
    assert TargetResult.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "message"),
    [("-3", "Số liệu không được âm."), ("3,5", "Ở đây cần một số nguyên."), ("1" * 20, "nhiều nhất 15 chữ số")],
)
def test_figure_that_cannot_be_is_refused(writer, report, typed, message):
    response = writer.post(reverse("unit_report_figure", args=[report.pk, "staff"]), {"value": typed}, **HTMX)

    assert (response.status_code, page_of(response).text) == (422, message)
    assert UnitReportFigure.objects.count() == 0


def test_part_of_a_number_is_not_above_the_whole(writer, report):
    writer.post(reverse("unit_report_figure", args=[report.pk, "individuals"]), {"value": "10"}, **HTMX)

    response = writer.post(reverse("unit_report_figure", args=[report.pk, "direct_workers"]), {"value": "11"}, **HTMX)

    assert (response.status_code, page_of(response).text) == (
        422,
        "“Người lao động trực tiếp trong số cá nhân được khen thưởng” (11) lớn hơn “Cá nhân được khen thưởng trong năm” (10).",
    )


def test_text_that_is_too_long_is_refused_and_not_lost(writer, report):
    text = "dài " * 30_001

    response = writer.post(part_url(report), {"text": text, "version": 0})

    assert response.status_code == 422
    assert "nhiều nhất 120.000. Chuyển bớt sang tệp đính kèm." in main_text(response)
    assert text in response.content.decode()
    assert report.parts.count() == 0


@pytest.mark.parametrize("version", ["", "abc", "²", "1" * 5000])
@pytest.mark.parametrize("field", ["version", "over"])
def test_version_that_is_no_number_saves_nothing(writer, report, field, version):
    data = {"text": "Nội dung.", "version": 0} | {field: version}

    response = writer.post(part_url(report), data, **HTMX)

    expected = 200 if (field, version) == ("over", "") else 422
    assert (response.status_code, report.parts.count()) == (expected, int(expected == 200))


def test_target_of_another_bloc_is_refused(writer, report):
    foreign = make_target(make_bloc_year())

    response = writer.post(reverse("unit_report_result", args=[report.pk, foreign.pk]), {"value": "5"}, **HTMX)

    assert (response.status_code, page_of(response).text) == (422, "Không có chỉ tiêu này.")


def test_refused_page_without_javascript_keeps_the_input_and_says_why(writer, report):
    response = writer.post(reverse("unit_report_figure", args=[report.pk, "staff"]), {"value": "1234.5"})

    assert response.status_code == 422
    assert main_text(response).count(UNCLEAR) == 1
    assert 'value="1234.5"' in response.content.decode()
    assert [button.words for button in Page(response.content.decode()).buttons][-1] == "Lưu lại"
    assert f'href="{reverse("unit_report", args=[report.pk])}"' in response.content.decode()


def test_refused_page_of_a_report_that_was_sent_says_why_once(client):
    report = make_unit_report(state=UnitReportState.SUBMITTED)
    client.force_login(make_user(Role.UNIT_REPORTER, unit=report.unit))

    response = client.post(part_url(report), {"text": "Viết thêm.", "version": 0})

    assert response.status_code == 422
    assert main_text(response).count("Báo cáo đang ở trạng thái “Đã gửi”, không sửa được.") == 1
    assert "Viết thêm.</textarea>" in response.content.decode()
