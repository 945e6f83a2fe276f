"""Workbooks: what is refused before it is opened, what a preview says, all rows or none."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from blocs.domain.files import FileRefused, write_yaml
from blocs.enums import Role
from blocs.models import Membership, Seat, Unit, UnitYear
from reports.domain.workbooks.kinds import read, workbook
from reports.domain.workbooks.place import Place
from reports.domain.yearfile.dump import export_year
from reports.enums import UploadKind
from reports.models import Upload
from tests.factories import PASSWORD, make_bloc_year, make_seat, make_target, make_unit_year, make_user, make_year
from tests.screens import main_text

pytestmark = pytest.mark.django_db


def book(*rows, change=None, title="Đơn vị"):
    found = Workbook()
    sheet = found.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if change:
        change(found, sheet)
    stream = io.BytesIO()
    found.save(stream)
    return stream.getvalue()


HEAD = ("Mã", "Tên đơn vị")


def with_part(content, name):
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as packet:
        packet.writestr(name, b"x")
    return stream.getvalue()


def hide(found, sheet):
    found.create_sheet("Ẩn").sheet_state = "hidden"


BAD = {
    "nothing": b"",
    "picture": b"\x89PNG\r\n\x1a\n" + b"0" * 100,
    "old excel": bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 600,
    "password": bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
    "macro": with_part(book(HEAD, ("a", "A")), "xl/vbaProject.bin"),
    "merged": book(HEAD, ("a", "A"), change=lambda found, sheet: sheet.merge_cells("A2:B2")),
    "hidden sheet": book(HEAD, ("a", "A"), change=hide),
    "unknown column": book((*HEAD, "Cột lạ"), ("a", "A", "x")),
    "column twice": book(("Mã", "Mã"), ("a", "A")),
    "no column": book(("Tên đơn vị",), ("A",)),
}


@pytest.mark.parametrize("name", BAD)
def test_unfit_file_is_refused_with_a_reason(name):
    with pytest.raises(FileRefused) as refusal:
        read(UploadKind.UNITS, BAD[name], pasted=False)

    assert all(fault.message for fault in refusal.value.faults)


def test_formula_is_a_fault_of_its_row():
    rows = read(UploadKind.UNITS, book(HEAD, ("a", "=1+1")), pasted=False)["units"]

    assert [len(row.faults) for row in rows] == [1]


def test_fifty_thousand_rows_are_refused():
    content = book(HEAD, *((f"u{number}", "Đơn vị") for number in range(50_000)))

    with pytest.raises(FileRefused):
        read(UploadKind.UNITS, content, pasted=False)


def test_bomb_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packet:
        packet.writestr("xl/worksheets/sheet1.xml", b"0" * (60 * 1024 * 1024))

    with pytest.raises(FileRefused):
        read(UploadKind.UNITS, stream.getvalue(), pasted=False)


def uploaded(client, year, content, kind="units", name="tep.xlsx"):
    return client.post(reverse("upload_add", args=[kind]), {"year": year.pk, "file": SimpleUploadedFile(name, content)})


@pytest.fixture
def desk(client):
    year = make_year()
    bloc_year = make_bloc_year(year)
    client.force_login(make_user(Role.BOARD_STAFF, authority=year.authority))
    return client, year, bloc_year


def taken(client, upload, plan):
    return client.post(
        reverse("upload_take", args=[upload.pk]), {"seen": plan.fingerprint, "reason": "Bổ sung."}, follow=True
    )


def test_preview_then_take_then_not_again(desk):
    client, year, _ = desk
    answer = uploaded(client, year, book(HEAD, ("moi-1", "Sở Mới"), ("moi-2", "Hội Mới")))
    upload = Upload.objects.get()
    page = client.get(reverse("upload_detail", args=[upload.pk]))
    plan = page.context["plan"]

    first = taken(client, upload, plan)
    names = set(UnitYear.objects.filter(year=year, unit__code__startswith="moi").values_list("name", flat=True))

    assert (answer.status_code, plan.counts["new"], names) == (302, 2, {"Sở Mới", "Hội Mới"})
    assert "Đã nhận: 2 dòng mới" in main_text(first)
    assert "Tệp này đã nhận rồi" in main_text(taken(client, upload, plan))
    assert client.get(reverse("upload_list")).status_code == 200
    client.post(reverse("upload_discard", args=[upload.pk]))
    assert not Upload.objects.exists()


def test_thousands_of_rows_are_written_with_a_point(desk):
    client, year, _ = desk
    units = [Unit(authority=year.authority, code=f"cu-{number}") for number in range(1000)]
    Unit.objects.bulk_create(units)
    UnitYear.objects.bulk_create(UnitYear(year=year, unit=unit, name=unit.code) for unit in units)
    uploaded(client, year, book(HEAD, ("moi", "Sở Mới"), *((unit.code, "") for unit in units)))
    upload = Upload.objects.get()

    answer = taken(client, upload, client.get(reverse("upload_detail", args=[upload.pk])).context["plan"])

    assert "1 dòng mới, 0 dòng thay đổi, 1.000 dòng không đổi" in main_text(answer)


def test_one_faulty_row_stops_all(desk):
    client, year, _ = desk
    uploaded(client, year, book(HEAD, ("moi-1", "Sở Mới"), ("moi-1", "Sở Mới hai")))
    upload = Upload.objects.get()
    page = client.get(reverse("upload_detail", args=[upload.pk]))

    answer = taken(client, upload, page.context["plan"])

    assert page.context["faulty"] >= 1
    assert "Chưa nhận dòng nào." in main_text(answer)
    assert not UnitYear.objects.filter(unit__code="moi-1").exists()


def test_refused_file_is_not_kept(desk):
    client, year, _ = desk

    answer = uploaded(client, year, BAD["macro"])

    assert (answer.status_code, Upload.objects.count()) == (422, 0)
    assert "macro" in main_text(answer)


def test_pasted_rows_go_the_same_way(desk):
    client, year, _ = desk
    client.post(reverse("upload_add", args=["units"]), {"year": year.pk, "paste": "Mã\tTên đơn vị\ndan-1\tHội Dán"})
    upload = Upload.objects.get()

    plan = client.get(reverse("upload_detail", args=[upload.pk])).context["plan"]

    assert [(line.label, line.state) for line in plan.lines] == [("Hội Dán", "new")]


@pytest.mark.parametrize("kind", [UploadKind.UNITS, UploadKind.BLOCS])
def test_what_was_fetched_comes_back_unchanged(desk, kind):
    client, year, _ = desk
    content = client.get(reverse("workbook_file", args=[kind])).content
    answer = uploaded(client, year, content, kind=kind)

    plan = client.get(answer.url).context["plan"]

    assert (plan.counts["new"], plan.counts["changed"], plan.counts["faulty"]) == (0, 0, 0)
    assert plan.counts["unchanged"] > 0


def test_unit_in_two_blocs_of_one_tier_is_refused(desk):
    client, year, bloc_year = desk
    other = make_bloc_year(year)
    unit = Membership.objects.filter(bloc_year=bloc_year).first().unit.unit
    content = client.get(reverse("workbook_file", args=["blocs"])).content
    found = load_workbook(io.BytesIO(content))
    sheet = found.worksheets[1]
    columns = {cell.value: cell.column for cell in sheet[1]}
    row = sheet.max_row + 1
    first, second = list(columns)[:2]
    sheet.cell(row, columns[first], other.bloc.code)
    sheet.cell(row, columns[second], unit.code)
    stream = io.BytesIO()
    found.save(stream)

    answer = uploaded(client, year, stream.getvalue(), kind="blocs")
    plan = client.get(answer.url).context["plan"]

    assert plan.counts["faulty"] >= 1


def test_formulas_are_neutralised():
    unit = make_unit_year(name="=HYPERLINK(1)")
    user = make_user(Role.BOARD_STAFF, authority=unit.year.authority)

    found = load_workbook(io.BytesIO(workbook(UploadKind.UNITS, Place(unit.year.authority, unit.year, user))))
    cells = [cell for row in found.worksheets[0].iter_rows(min_row=2) for cell in row if cell.value]

    assert [cell.data_type for cell in cells if cell.data_type == "f"] == []


@pytest.mark.parametrize("kind", [UploadKind.UNITS, UploadKind.BLOCS, UploadKind.PEOPLE])
def test_every_template_has_a_drop_down_also_before_there_is_a_row(kind):
    user = make_user(Role.BOARD_STAFF, authority=(year := make_year()).authority)

    found = load_workbook(io.BytesIO(workbook(kind, Place(year.authority, year, user), empty=True)))

    assert any(sheet.data_validations.dataValidation for sheet in found.worksheets)


def test_drop_down_of_kinds_has_those_in_use():
    unit = make_unit_year(kind="co-quan-dang")
    user = make_user(Role.BOARD_STAFF, authority=unit.year.authority)

    found = load_workbook(
        io.BytesIO(workbook(UploadKind.UNITS, Place(unit.year.authority, unit.year, user), empty=True))
    )

    values = {cell.value for row in found["Danh mục"].iter_rows() for cell in row}
    assert {"Loại", "co-quan-dang", "so-nganh"} <= values
    assert [str(rule.sqref) for rule in found["Đơn vị"].data_validations.dataValidation] == ["D2:D5001"]


def test_targets_of_a_bloc_go_out_and_come_in(client):
    bloc_year = make_bloc_year()
    make_target(bloc_year)
    client.force_login(make_user(Role.BLOC_HEAD, bloc_year=bloc_year))
    content = client.get(reverse("targets_file", args=[bloc_year.pk])).content

    answer = client.post(
        reverse("upload_targets", args=[bloc_year.pk]), {"file": SimpleUploadedFile("t.xlsx", content)}
    )
    plan = client.get(answer.url).context["plan"]

    assert (plan.counts["unchanged"], plan.counts["faulty"]) == (1, 0)


def test_year_file_in_the_browser(desk):
    client, year, _ = desk
    content = write_yaml(export_year(year)).encode()

    same = client.get(uploaded(client, year, content, kind="year", name="nam.yaml").url)
    broken = uploaded(client, year, b"format: emulation-year/1\nyear: x\n", kind="year", name="nam.yaml")

    assert (same.status_code, broken.status_code) == (200, 422)


def test_year_file_asks_for_the_password_and_then_for_nothing_else(client):
    year = make_year()
    make_bloc_year(year)
    user = make_user(password=PASSWORD, username="ban-tdkt")
    make_seat(user, Role.BOARD_STAFF, authority=year.authority)
    client.force_login(user)
    content = write_yaml(export_year(year) | {"theme": "Chủ đề mới"}).encode()
    url = uploaded(client, year, content, kind="year", name="nam.yaml").url
    page = client.get(url)
    upload = Upload.objects.get()
    form = {"seen": page.context["plan"].fingerprint, "reason": "Theo kế hoạch."}

    asked = client.post(reverse("upload_take", args=[upload.pk]), form)
    year.refresh_from_db()
    before = year.theme
    answer = client.post(asked.url, {"password": PASSWORD}, follow=True)
    year.refresh_from_db()

    assert "Lý do (năm 2026 đang chạy)" in main_text(page)
    assert (asked.url.startswith(reverse("account_reauthenticate")), before) == (True, "")
    assert "Đã nhận: 0 dòng mới, 1 dòng thay đổi." in main_text(answer)
    assert year.theme == "Chủ đề mới"


def test_board_export_has_the_numbers_of_the_board(desk):
    client, _, _ = desk

    answer = client.get(reverse("board_export"))

    assert load_workbook(io.BytesIO(answer.content)).worksheets[0].max_row >= 1


# ---------------------------------------------------------------- how often a list is run


def runs(client, url):
    """Whether opening the page runs the list: a run writes and undoes."""
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url)
    return any(item["sql"].startswith('INSERT INTO "blocs_unit"') for item in queries), page


def test_list_is_not_run_again_for_its_first_look_nor_for_its_further_pages(desk):
    client, year, _ = desk
    url = uploaded(client, year, book(HEAD, *((f"moi-{number}", f"Sở {number}") for number in range(60)))).url

    first, _ = runs(client, url)
    second, page = runs(client, f"{url}?trang=2")
    chosen, only = runs(client, f"{url}?loai=new")
    again, _ = runs(client, url)

    assert (first, second, chosen, again) == (False, False, False, True)
    assert (page.context["page"].number, only.context["page"].paginator.count) == (2, 60)


def test_page_that_is_older_than_the_data_takes_nothing_and_is_shown_anew(desk):
    client, year, _ = desk
    url = uploaded(client, year, book(HEAD, ("moi-1", "Sở Mới"))).url
    upload, plan = Upload.objects.get(), client.get(url).context["plan"]
    make_unit_year(year, name="Sở Mới")

    answer = taken(client, upload, plan)

    assert "Chưa nhận dòng nào" in main_text(answer)
    assert [line.state for line in answer.context["plan"].lines] == ["faulty"]


def test_kept_look_is_not_for_who_lost_the_right(desk):
    client, year, _ = desk
    url = uploaded(client, year, book(HEAD, ("moi-1", "Sở Mới"))).url
    Seat.objects.all().delete()

    page = client.get(url)

    assert "plan" not in page.context
    assert "không có quyền" in main_text(page)
