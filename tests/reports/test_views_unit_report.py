"""The page of a unit's report: what it takes over, asks, sends back; and the board's page of forms."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import AwardKind
from blocs.enums import Milestone, Role
from movements.models import IndicatorResult
from reports import todo
from reports.domain import report_forms, report_lines, unit_reports
from reports.enums import ReportSection, UnitReportKind
from reports.models import ReportForm, UnitReport
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_movement,
    make_target,
    make_unit_report,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.screens import HTMX, content_of, main_text, messages_of, page_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 evidence"


@pytest.fixture
def report():
    return make_unit_report(whole=True)


@pytest.fixture
def reporter(client, report):
    user = make_user(Role.UNIT_REPORTER, unit=report.unit)
    client.force_login(user)
    return user


def page(client, report):
    return client.get(reverse("unit_report", args=[report.pk]))


def last_year(report, staff=5):
    year = make_year(report.bloc_year.year.authority, year=2025)
    unit = make_unit_year(year, code=report.unit.unit.code)
    bloc_year = make_bloc_year(year, members=[unit, make_unit_year(year)], bloc=report.bloc_year.bloc)
    old = make_unit_report(bloc_year, unit=unit, whole=True, state="accepted")
    old.figures.filter(code="staff").update(value=staff)
    return old


def figure(client, report, **data):
    return client.post(reverse("unit_report_figure", args=[report.pk, "staff"]), data, **HTMX)


# ---------------------------------------------------------------- what stands beside the fields


def test_last_years_words_and_numbers_stand_beside_the_fields(client, report, reporter):
    last_year(report)
    text = main_text(page(client, report))
    assert "Năm trước viết (2025)" in text
    assert "Năm 2025: 5" in text


def test_movements_and_targets_are_taken_over(client, report, reporter):
    old = last_year(report)
    make_target(old.bloc_year, text="Hội viên mới").results.create(of=old.unit, value=90)
    make_target(report.bloc_year, text="Hội viên mới")
    movement = make_movement(report.bloc_year.year, name="Chuyển đổi số")
    IndicatorResult.objects.create(indicator=movement.indicators.get(), unit=report.unit, period="2026", value=42)

    text = main_text(page(client, report))

    assert "năm 2025 đạt 90" in text
    assert re.search("Chuyển đổi số Chỉ số 1 2026 10 42", text)


def test_doubted_number_is_saved_and_asks_why(client, report, reporter):
    last_year(report)

    answer = figure(client, report, value="60", was="5")

    assert answer.status_code == 200
    assert "Số này gấp 12 lần so với năm 2025 (5). Vì sao?" in page_of(answer).text
    assert 'id="staff-was" value="60" hx-swap-oob="true"' in answer.content.decode()
    assert report.figures.get(code="staff").value == 60
    explained = figure(client, report, value="60", was="60", note="Nhận thêm hai đơn vị")
    assert 'value="Nhận thêm hai đơn vị"' in explained.content.decode()
    assert "chưa có giải trình" not in main_text(page(client, report))


@pytest.mark.parametrize("role", [Role.UNIT_LEADER, Role.BLOC_HEAD, Role.BOARD_STAFF])
def test_unexplained_number_is_told_to_sender_and_receivers(client, report, role):
    last_year(report)
    report.figures.filter(code="staff").update(value=60)
    UnitReport.objects.filter(pk=report.pk).update(
        state="submitted", submitted_at=at("2026-11-19 10:00"), submitted_by=make_user()
    )
    client.force_login(make_user(role, unit=report.unit, bloc_year=report.bloc_year))

    assert "Số khác thường chưa có giải trình (vẫn gửi được)" in main_text(page(client, report))
    UnitReport.objects.update(state="accepted")
    assert "chưa có giải trình" not in main_text(page(client, report))


def test_usual_number_asks_nothing(client, report, reporter):
    last_year(report)
    assert 'name="note"' not in figure(client, report, value="6", was="5").content.decode()


def test_second_writer_of_a_number_gets_the_choice(client, report, reporter):
    figure(client, report, value="7", was="5")

    answer = figure(client, report, value="8", was="5")

    assert answer.status_code == 409
    assert 'name="over" value="7"' in answer.content.decode()
    assert figure(client, report, value="8", was="5", over="7").status_code == 200
    assert report.figures.get(code="staff").value == 8


@pytest.mark.parametrize("value", ["1,5", "-3", "abc"])
def test_number_that_is_none_is_refused(client, report, reporter, value):
    assert figure(client, report, value=value).status_code == 422
    assert report.figures.get(code="staff").value == 5


# ---------------------------------------------------------------- commendation and files


def test_line_is_added_changed_and_taken_away(client, report, reporter):
    award = AwardKind.objects.get(code="BKT")
    data = {"award": award.pk, "recipients": "individual", "count": "11", "direct_workers": "9"}
    added = client.post(reverse("unit_report_line_add", args=[report.pk]), data, follow=True)
    line = report.recognitions.get()
    assert messages_of(added) == [f"Đã ghi: {award}."]
    assert re.search("Cộng: 0 tập thể, 11 cá nhân ?; lao động trực tiếp 9", main_text(added))

    url = reverse("unit_report_line", args=[report.pk, line.pk])
    assert client.post(url, {"count": "8", "direct_workers": "9"}, **HTMX).status_code == 422
    assert client.post(url, {"count": "12", "direct_workers": ""}, **HTMX).status_code == 200
    line.refresh_from_db()
    assert (line.count, line.direct_workers) == (12, None)

    client.post(reverse("unit_report_line_remove", args=[report.pk, line.pk]))
    assert report.recognitions.count() == 0


def attach(client, report, content=PDF, **data):
    form = {"file": SimpleUploadedFile("minh-chung.pdf", content)} | data
    return client.post(reverse("unit_report_attach", args=[report.pk]), form, follow=True)


def test_file_is_attached_and_given_back_as_it_came(client, report, reporter):
    answer = attach(client, report, is_open="on")
    row = report.attachments.get()
    assert messages_of(answer) == ["Đã kèm tệp minh-chung.pdf."]
    got = client.get(reverse("unit_report_file", args=[report.pk, row.pk]))
    assert content_of(got) == PDF
    assert got["Content-Disposition"] == 'inline; filename="minh-chung.pdf"'
    assert (got["Content-Type"], got["X-Content-Type-Options"]) == ("application/pdf", "nosniff")


def test_file_is_not_taken_before_somebody_says_that_it_is_not_secret(client, report, reporter):
    answer = attach(client, report)
    assert messages_of(answer) == ["Tài liệu mật không đưa lên hệ thống này: xác nhận ở ô dưới."]
    assert report.attachments.count() == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"MZ\x90 a program", "Chưa nhận tệp. Chỉ nhận tệp DOCX, JPG, PDF, PNG, XLSX."),
        (b"%PDF-1.7" + bytes(40 * 1024 * 1024), "Tệp lớn hơn 20 MB."),
    ],
    ids=["renamed program", "40 MB"],
)
def test_file_that_harms_is_refused_in_words(client, report, reporter, content, words):
    answer = attach(client, report, content, is_open="on")
    assert (messages_of(answer), report.attachments.count()) == ([words], 0)


# ---------------------------------------------------------------- sent back for named parts


def test_board_names_the_parts_and_the_unit_writes_only_these(client, report, reporter):
    UnitReport.objects.filter(pk=report.pk).update(
        state="submitted", submitted_at=at("2026-11-19"), submitted_by=reporter
    )
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=report.bloc_year))
    assert "Chỉ trả lại một số phần" in main_text(page(client, report))
    data = {"note": "Thiếu số", "parts": ["tasks", ReportSection.FIGURES.value]}
    client.post(reverse("unit_report_step", args=[report.pk, "return"]), data)
    client.force_login(reporter)

    html = page(client, report).content.decode()

    forms = re.findall(r'<form id="form-([\w-]+)"', html)
    assert forms == ["tasks", *(spec.code for spec in report_forms.of_report(report).figures)]
    assert "Chỉ sửa: <b>Kết quả thực hiện nhiệm vụ chính trị, chuyên môn; Số liệu; Kết quả khen thưởng</b>" in html
    refused = client.post(reverse("unit_report_part", args=[report.pk, "party"]), {"text": "x", "version": 1}, **HTMX)
    assert refused.status_code == 422


def test_only_who_sent_it_back_is_asked_to_look_again(client, report, reporter):
    year = report.bloc_year.year
    first, second = (make_user(Role.BOARD_STAFF, bloc_year=report.bloc_year) for _ in range(2))

    def asked(user):
        return [task.title for task in todo.tasks(user, year) if task.title.startswith("Xem 1 báo cáo")]

    leader = make_user(Role.UNIT_LEADER, unit=report.unit)
    title = f"Xem 1 báo cáo đơn vị: {report.bloc_year.name}"
    unit_reports.move(report.pk, "submit", by=leader)
    assert [asked(user) for user in (first, second)] == [[title], [title]]
    unit_reports.move(report.pk, "return", by=first, note="Thiếu", parts=["tasks"])
    unit_reports.move(report.pk, "submit", by=leader)

    assert [asked(user) for user in (first, second)] == [[title], []]
    first.seats.all().delete()
    assert asked(second) == [title]
    assert unit_reports.move(report.pk, "accept", by=second).state == "accepted"


# ---------------------------------------------------------------- mid-year


def test_mid_year_report_is_a_thing_to_do_of_its_own(client):
    bloc_year = make_bloc_year()
    unit = members_of(bloc_year)[0]
    for code in (Milestone.MID_YEAR, Milestone.UNIT_REPORT):
        make_milestone(bloc_year, code, due="2099-07-15 17:00")
    user = make_user(Role.UNIT_REPORTER, unit=unit)
    client.force_login(user)

    tasks = {task.title: task for task in todo.tasks(user, bloc_year.year)}

    assert sorted(tasks) == [f"Nộp báo cáo năm của {unit.short}", f"Nộp báo cáo sơ kết của {unit.short}"]
    opened = client.post(tasks[f"Nộp báo cáo sơ kết của {unit.short}"].url, follow=True)
    assert f"Báo cáo sơ kết năm 2026 của {unit.name}" in main_text(opened)
    assert "Kết quả khen thưởng" not in main_text(opened)


def test_sent_mid_year_report_is_opened_from_the_page_of_the_bloc(client):
    report = make_unit_report(kind=UnitReportKind.MID_YEAR, state="submitted", whole=True)
    client.force_login(make_user(Role.BLOC_HEAD, bloc_year=report.bloc_year))
    html = client.get(reverse("bloc_detail", args=[report.bloc_year_id])).content.decode()
    assert f'<a href="{reverse("unit_report", args=[report.pk])}">Báo cáo sơ kết</a>' in html


# ---------------------------------------------------------------- Word, and what a page costs


def test_word_file_is_given_with_a_plain_name(client, report, reporter):
    got = client.get(reverse("paper_word", args=["unit-report", f"bao-cao-{report.pk}"]))
    name = f"bao-cao-cua-don-vi-{report.unit.unit.code}-2026.docx"
    assert got["Content-Disposition"] == f'attachment; filename="{name}"'
    assert content_of(got).startswith(b"PK")


@pytest.mark.parametrize("kind", ["division-decision", "poem"])
def test_other_papers_have_no_word_file(client, report, reporter, kind):
    assert client.get(reverse("paper_word", args=[kind, f"bao-cao-{report.pk}"])).status_code == 404


def test_page_costs_the_same_for_one_and_many_rows(client):
    costs = []
    for number in (1, 4):
        report = make_unit_report(whole=True)
        last_year(report)
        user = make_user(Role.UNIT_REPORTER, unit=report.unit)
        movement = make_movement(report.bloc_year.year, indicators=number)
        awards = [kind for kind in AwardKind.objects.all() if "individual" in kind.recipients][:number]
        for position, award in enumerate(awards):
            report_lines.save_line(report.pk, award.pk, "individual", count=3, by=user)
            report_lines.add_file(report.pk, f"{position}.pdf", PDF, by=user)
            make_target(report.bloc_year, f"T{position}", of=report.unit)
        for indicator in movement.indicators.all():
            IndicatorResult.objects.create(indicator=indicator, unit=report.unit, value=1)
        client.force_login(user)
        page(client, report)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert page(client, report).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]


# ---------------------------------------------------------------- the board's forms


@pytest.fixture
def officer(client, report):
    user = make_user(Role.BOARD_STAFF, bloc_year=report.bloc_year)
    client.force_login(user)
    return user


def form_data(*labels, figures=(), **data):
    found = {"parts-TOTAL_FORMS": len(labels), "parts-INITIAL_FORMS": 0, "loai": ""}
    found |= {"figures-TOTAL_FORMS": len(figures), "figures-INITIAL_FORMS": 0}
    for place, rows in (("parts", labels), ("figures", figures)):
        for number, label in enumerate(rows):
            found |= {f"{place}-{number}-label": label, f"{place}-{number}-ORDER": len(rows) - number}
    return found | data


def edit_url(report, kind="annual"):
    return reverse("report_form_edit", args=[report.bloc_year.year_id, kind])


def test_form_is_saved_in_the_order_that_was_numbered(client, report, officer):
    answer = client.post(edit_url(report, "mid_year"), form_data("Hai", "Một", figures=["Số"]), follow=True)
    assert messages_of(answer) == ["Đã lưu mẫu báo cáo."]
    form = report_forms.of_bloc(report.bloc_year, UnitReportKind.MID_YEAR)
    assert [part.label for part in form.parts] == ["Một", "Hai"]
    assert [item.code for item in form.figures] == ["so"]


def test_page_says_who_has_already_written_and_asks_to_confirm(client, report, officer):
    text = main_text(client.get(edit_url(report)))
    assert f"Đã có đơn vị viết theo mẫu này: {report.unit.short} (đang viết)" in text
    refused = client.post(edit_url(report), form_data("Một"))
    assert refused.status_code == 422
    assert "1 đơn vị đã viết theo mẫu này. Đánh dấu ô xác nhận rồi lưu lại." in main_text(refused)
    assert client.post(edit_url(report), form_data("Một", confirmed="on")).status_code == 302


def test_unit_is_asked_by_the_saved_form(client, report, officer):
    client.post(edit_url(report), form_data("Việc nổi bật", figures=["Hội viên"], confirmed="on"))
    client.force_login(make_user(Role.UNIT_REPORTER, unit=report.unit))
    text = main_text(page(client, report))
    assert "Còn thiếu trước khi gửi: Việc nổi bật Hội viên" in text
    url = reverse("unit_report_part", args=[report.pk, "viec-noi-bat"])
    assert client.post(url, {"text": "Đã làm.", "version": 0}, **HTMX).status_code == 200
    gone = reverse("unit_report_part", args=[report.pk, "leading"])
    assert client.post(gone, {"text": "x", "version": 1}, **HTMX).status_code == 404


def test_second_editor_of_a_form_is_shown_the_first(client, report, officer):
    opened = re.search(r'name="opened" value="(\w+)"', client.get(edit_url(report)).content.decode())[1]
    client.post(edit_url(report), form_data("Của người trước", confirmed="on", opened=opened))

    answer = client.post(edit_url(report), form_data("Của người sau", confirmed="on", opened=opened))

    assert answer.status_code == 409
    assert "Của người trước" in main_text(answer)
    over = re.search(r'name="over" value="(\w+)"', answer.content.decode())[1]
    assert (
        client.post(edit_url(report), form_data("Của người sau", confirmed="on", opened=opened, over=over)).status_code
        == 302
    )


def test_form_of_a_type_is_set_and_given_up(client, officer, report):
    type(report.bloc_year).objects.filter(pk=report.bloc_year_id).update(type="hoi")
    client.post(edit_url(report), form_data("Riêng", loai="hoi", confirmed="on"))
    assert ReportForm.objects.get().bloc_type == "hoi"
    assert "Mẫu đã lưu" in main_text(client.get(reverse("report_form_list", args=[report.bloc_year.year_id])))
    url = reverse("report_form_discard", args=[report.bloc_year.year_id, "annual"])
    client.post(url, {"loai": "hoi"})
    assert ReportForm.objects.count() == 1
    client.post(url, {"loai": "hoi", "confirmed": "1"})
    assert ReportForm.objects.count() == 0


@pytest.mark.parametrize("place", [("annual", "?loai=khong-co"), ("poem", "")])
def test_unknown_kind_or_type_is_not_found(client, report, officer, place):
    kind, query = place
    assert client.get(edit_url(report, kind) + query).status_code == 404
