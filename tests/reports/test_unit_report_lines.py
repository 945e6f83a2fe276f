"""Commendation figures and attached files of a unit's report."""

import io
import re
import zipfile
from collections import Counter
from dataclasses import asdict
from decimal import Decimal

import pytest
import yaml
from django.urls import reverse

from awards.enums import Recipients
from awards.models import AwardKind, Recognition
from blocs.domain import attachments
from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import AuditEvent
from reports.domain import recognitions, report_forms, report_lines, report_parts, unit_reports
from reports.enums import ReportSection, UnitReportKind
from reports.management.commands import load_sample
from reports.models import ReportAttachment, ReportRecognition
from tests.factories import make_bloc_year, make_unit_report, make_user, members_of
from tests.screens import HTMX

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


# ---------------------------------------------------------------- commendation


def line_of(report, user, **options):
    chosen = {"recipients": Recipients.INDIVIDUAL, "count": 11, "direct_workers": 9} | options
    return report_lines.save_line(report.pk, award(chosen.pop("award", "BKT")).pk, by=user, **chosen)


def known(report):
    rows = Recognition.objects.filter(unit=report.unit).order_by("position")
    return list(rows.values_list("award__code", "recipients", "count", "direct_workers"))


def test_lines_become_the_years_data_when_the_report_is_sent(report, writer):
    line_of(report, writer)
    line_of(report, writer, recipients=Recipients.COLLECTIVE, count=3, direct_workers=None)
    assert known(report) == []

    unit_reports.move(report.pk, "submit", by=writer)

    assert known(report) == [("BKT", "individual", 11, 9), ("BKT", "collective", 3, None)]


def test_lines_sent_again_replace_the_first(report, writer, board):
    other = Recognition.objects.create(
        bloc_year=report.bloc_year,
        unit=members_of(report.bloc_year)[1],
        award=award(),
        recipients="individual",
        count=1,
    )
    line, kept = line_of(report, writer), line_of(report, writer, award="GK")
    unit_reports.move(report.pk, "submit", by=writer)
    unit_reports.move(report.pk, "return", by=board, note="Sai", parts=[ReportSection.COMMENDATION])
    report_lines.remove_line(report.pk, line.pk, by=writer)
    line_of(report, writer, award="GK", count=20)

    unit_reports.move(report.pk, "submit", by=writer)

    assert known(report) == [("GK", "individual", 20, 9)]
    assert Recognition.objects.filter(pk=other.pk).exists()
    assert ReportRecognition.objects.get() == kept


def test_report_begins_with_what_is_known(report, writer):
    bloc_year = make_bloc_year()
    unit = members_of(bloc_year)[0]
    for recipients, count, direct in (("individual", 3, 1), ("individual", 2, None), ("", 9, None)):
        Recognition.objects.create(
            bloc_year=bloc_year, unit=unit, award=award(), recipients=recipients, count=count, direct_workers=direct
        )
    user = make_user(Role.UNIT_REPORTER, unit=unit)

    fresh = unit_reports.open_report(bloc_year.memberships.first(), by=user)

    assert list(recognitions.lines(fresh).values_list("recipients", "count", "direct_workers")) == [
        ("individual", 5, 1)
    ]


def test_first_report_without_a_line_leaves_what_a_file_brought(report, writer):
    Recognition.objects.create(bloc_year=report.bloc_year, unit=report.unit, award=award(), count=4)
    unit_reports.move(report.pk, "submit", by=writer)
    assert known(report) == [("BKT", "", 4, None)]


def test_what_the_blocs_sent_report_rests_on_stands(report, writer):
    line_of(report, writer)
    type(report.bloc_year).objects.filter(pk=report.bloc_year_id).update(is_closed=True)
    unit_reports.move(report.pk, "submit", by=writer)
    assert known(report) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"count": 0}, "Số lượng phải từ 1 trở lên."),
        ({"count": 10**7}, "Số lượng lớn quá, kiểm tra lại."),
        ({"count": 3, "direct_workers": 4}, "Lao động trực tiếp (4) phải từ 0 đến số lượng (3)."),
        ({"recipients": "dog"}, "Chọn danh hiệu, hình thức khen thưởng và đối tượng."),
        ({"award": "CTDT"}, "Cờ thi đua của UBND tỉnh không tặng cho cá nhân."),
    ],
)
def test_line_that_cannot_be_is_refused(report, writer, options, words):
    with pytest.raises(RuleBroken) as caught:
        line_of(report, writer, **options)
    assert (str(caught.value), ReportRecognition.objects.count()) == (words, 0)


def test_mid_year_report_has_no_commendation():
    report = make_unit_report(kind=MID_YEAR)
    with pytest.raises(RuleBroken):
        line_of(report, make_user(Role.UNIT_REPORTER, unit=report.unit))


def test_totals_add_up(report, writer):
    line_of(report, writer)
    line_of(report, writer, award="GK", count=4, direct_workers=None)
    line_of(report, writer, recipients=Recipients.COLLECTIVE, count=3, direct_workers=None)
    assert recognitions.totals(list(recognitions.lines(report))) == {"individual": 15, "collective": 3, "direct": 9}


def figures(report):
    codes = ("collectives", "individuals", "direct_workers")
    found = dict(report.figures.filter(code__in=codes).values_list("code", "value"))
    return tuple(found.get(code) for code in codes)


def test_figures_of_commendation_are_counted_from_the_lines(report, writer):
    assert figures(report) == (5, 5, 5)
    first = line_of(report, writer)
    line_of(report, writer, award="GK", count=4, direct_workers=None)
    assert figures(report) == (5, 15, 9)
    line_of(report, writer, recipients=Recipients.COLLECTIVE, count=3, direct_workers=2)
    assert figures(report) == (3, 15, 9)
    report_lines.remove_line(report.pk, first.pk, by=writer)
    assert figures(report) == (3, 4, None)
    assert any("lao động trực tiếp" in words for words in report_parts.missing(report))


def test_figure_that_the_lines_count_is_not_typed_otherwise(report, writer):
    line_of(report, writer)
    with pytest.raises(RuleBroken, match="cộng từ bảng kết quả khen thưởng"):
        unit_reports.save_figure(report.pk, "individuals", Decimal(12), by=writer)
    row = unit_reports.save_figure(report.pk, "individuals", Decimal(11), by=writer, note="Sáp nhập hai hội")
    assert (row.value, row.note) == (11, "Sáp nhập hai hội")
    assert unit_reports.save_figure(report.pk, "collectives", Decimal(7), by=writer).value == 7


def test_direct_workers_that_were_typed_go_where_they_are_more_than_the_lines_count(report, writer):
    line_of(report, writer, count=6, direct_workers=None)
    assert figures(report) == (5, 6, 5)
    line_of(report, writer, count=4, direct_workers=None)
    assert figures(report) == (5, 4, None)


def test_form_without_these_figures_is_left_alone(report, writer, board):
    form = report_forms.of_report(report)
    kept = [asdict(one) for one in form.figures if one.code not in ("individuals", "direct_workers")]
    parts = [asdict(part) for part in form.parts]
    report_forms.save(report.bloc_year.year_id, "annual", "", parts=parts, figures=kept, by=board, confirmed=True)
    line_of(report, writer)
    assert figures(report) == (5, 5, 5)


def test_page_shows_the_counted_figures_and_follows_a_line(client, report, writer):
    line = line_of(report, writer)
    client.force_login(writer)
    page = client.get(reverse("unit_report", args=[report.pk])).content.decode()
    assert re.search(r'<input[^>]*value="11"[^>]*readonly[^>]*id="individuals-value"', page)
    assert not re.search(r'<input[^>]*readonly[^>]*id="staff-value"', page)
    url = reverse("unit_report_line", args=[report.pk, line.pk])
    answer = client.post(url, {"count": "12", "direct_workers": "9"}, **HTMX).content.decode()
    assert 'value="12" id="individuals-value" readonly class="num textinput form-control" hx-swap-oob="true"' in answer
    assert "<b>12</b> cá nhân" in answer
    answer = client.post(url, {"count": "12", "direct_workers": ""}, **HTMX).content.decode()
    assert 'value="" id="direct_workers-value" class=' in answer


def test_sample_says_the_same_twice():
    written = yaml.safe_load((load_sample.FOLDER / "bao-cao-don-vi.yaml").read_text(encoding="utf-8"))
    year = yaml.safe_load((load_sample.FOLDER / "son-ha-2026.yaml").read_text(encoding="utf-8"))
    bloc = next(one for one in year["blocs"] if one["code"] == load_sample.SHOWN_BLOC)
    listed = Counter()
    for row in bloc["recognitions"]:
        listed[row["unit"], row["recipients"]] += row["count"]
    said = {(unit, "individual"): parts["figures"]["individuals"] for unit, parts in written.items()}
    assert {place: said[place] for place in listed} == dict(listed)


# ---------------------------------------------------------------- attached files


def packet(size=0):
    """A .docx, with this many zeros in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", "<document/>")
        if size:
            file.writestr("word/media/image1.bin", bytes(size))
    return buffer.getvalue()


def test_file_is_kept_and_taken_off(report, writer):
    row = report_lines.add_file(report.pk, "C:\\tai lieu\\minh chứng.exe.pdf", PDF, by=writer)
    assert (row.name, attachments.path_of(row).read_bytes()) == ("minh chứng.exe.pdf", PDF)
    report_lines.remove_file(report.pk, row.pk, by=writer)
    assert ReportAttachment.objects.count() == 0
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["unit_report.attach", "unit_report.detach"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bao-cao.pdf", b"MZ\x90\x00 a program"),
        ("bao-cao.docx", b"MZ\x90\x00 a program"),
        ("trong.pdf", b""),
        ("lon.pdf", b"%PDF-1.7" + bytes(40 * 1024 * 1024)),
        ("bom.docx", packet(300 * 1024 * 1024)),
        ("hong.docx", packet()[:-30]),
    ],
    ids=["program as pdf", "program as docx", "empty", "40 MB", "zip bomb", "torn"],
)  # fmt: skip
def test_file_that_harms_is_refused_and_leaves_nothing(report, writer, settings, name, content):
    with pytest.raises(RuleBroken):
        report_lines.add_file(report.pk, name, content, by=writer)
    assert ReportAttachment.objects.count() == AuditEvent.objects.count() == 0


def test_twenty_files_are_enough(report, writer):
    for number in range(report_lines.MAX_FILES):
        report_lines.add_file(report.pk, f"{number}.pdf", PDF, by=writer)
    with pytest.raises(RuleBroken):
        report_lines.add_file(report.pk, "21.pdf", PDF, by=writer)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.UNIT_REPORTER, Role.UNIT_LEADER)])
def test_nobody_else_adds_lines_and_files(report, role):
    user = make_user(role, bloc_year=report.bloc_year)
    for act in (lambda: line_of(report, user), lambda: report_lines.add_file(report.pk, "a.pdf", PDF, by=user)):
        with pytest.raises(NotAllowed):
            act()
