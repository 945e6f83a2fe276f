"""From an empty installation to the first year that is open: by pages alone, and nowhere a closed door."""

import io
import re
from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from blocs.enums import AUTHORITY_ROLES, Role
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import AuditEvent, Authority, BlocYear, Seat, UnitYear, User, Year
from reports.domain import opening
from reports.domain.yearfile.dump import export_year
from tests.factories import make_authority, make_bloc_year, make_user, members_of
from tests.screens import main_text

pytestmark = pytest.mark.django_db
PASSWORD = "mot-mat-khau-dai-2026"
DAYS = {"label": "2026", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
NOTHING_YET = "Cơ quan chưa có năm thi đua nào"


# ---------------------------------------------------------------- the whole way


@pytest.fixture
def administrator(monkeypatch):
    """The browser of the one account that the operator's command made."""
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    call_command("add_administrator", "quantri", "ubnd-moi", "--name", "Ủy ban tỉnh Mới", stdout=io.StringIO())
    client = Client()
    page = client.post("/tai-khoan/dang-nhap/", {"login": "quantri", "password": PASSWORD}, follow=True)
    assert NOTHING_YET in main_text(page)
    return client


def first_task(client):
    """(title, address of its button) on the first page."""
    task = client.get(reverse("todo")).context["tasks"][0]
    return task.title, task.url


def post(client, address, **form):
    page = client.post(address, form, follow=True)
    assert (page.status_code, page.context.get("form") and page.context["form"].errors) in ((200, None), (200, {}))
    return page


def code_of_slip(client, person):
    page = client.post(reverse("people_invite"), {"person": person.pk, "how": "slip"})
    return re.search(r"<code>([A-Z0-9-]+)</code>", page.content.decode())[1]


def enter(code):
    """The browser of who comes in with a slip."""
    client = Client()
    client.post(reverse("invitation"), {"code": code})
    page = client.post(reverse("invitation"), {"code": code, "password": PASSWORD, "again": PASSWORD}, follow=True)
    assert page.redirect_chain[-1][0] == reverse("todo")
    return client


def let_the_board_in(administrator):
    """The administrator follows the first page: a person of the board, the slip; then the board's browser."""
    title, address = first_task(administrator)
    assert title == "Thêm người của Ban Thi đua - Khen thưởng"
    assert administrator.get(address).context["form"]["role"].value() == Role.BOARD_STAFF
    post(administrator, address, role=Role.BOARD_STAFF, post="Chuyên viên Ban Thi đua - Khen thưởng")
    title, address = first_task(administrator)
    assert title == "Cấp lối vào cho người của Ban Thi đua - Khen thưởng"
    (person,) = administrator.get(address).context["rows"]
    return enter(code_of_slip(administrator, person))


def test_first_year_by_pages_alone_from_an_empty_installation(administrator):
    board = let_the_board_in(administrator)
    assert administrator.get(reverse("todo")).context["tasks"] == []  # the rest is the board's
    title, address = first_task(board)
    assert title == "Lập năm đầu tiên"
    post(board, address, **DAYS)
    post(board, reverse("unit_add"), name="Sở Mới")
    post(board, reverse("bloc_add"), name="Khối Mới", kind="khoi")
    bloc, unit = BlocYear.objects.get(), UnitYear.objects.get()
    post(board, reverse("bloc_members_add", args=[bloc.pk]), units=unit.pk)
    post(board, reverse("bloc_leaders", args=[bloc.pk]), head=unit.pk)
    post(board, reverse("person_add"), role=Role.UNIT_LEADER, unit=unit.pk, post="Giám đốc")
    year = Year.objects.get()
    page = board.get(reverse("year_detail", args=[year.pk]))
    asked = board.post(reverse("year_open", args=[year.pk]), {"seen": page.context["seen"]}, follow=True)
    if not Year.objects.get().is_open:
        post(board, asked.request["PATH_INFO"] + "?" + asked.request["QUERY_STRING"], password=PASSWORD)

    year.refresh_from_db()
    assert (year.is_open, export_year(year)["blocs"][0]["members"]) == (True, ["so-moi"])
    head = enter(code_of_slip(board, User.objects.get(post="Giám đốc")))
    assert head.get(reverse("bloc_detail", args=[bloc.pk])).status_code == 200


def test_people_of_the_board_come_by_list_too(administrator):
    page = administrator.get(reverse("people"))
    assert '<input type="hidden" name="year" value="">' in page.content.decode()
    workbook = administrator.get(reverse("workbook_file", args=["people"]))
    assert 'filename="tai-khoan-ubnd-moi.xlsx"' in workbook["Content-Disposition"]
    rows = f"Vai trò\tChức danh\tĐơn vị\n{Role.BOARD_STAFF.label}\tChuyên viên A\t\n"
    page = administrator.post(reverse("upload_add", args=["people"]), {"paste": rows, "year": ""}, follow=True)
    assert [line.faults for line, *_ in page.context["page"]] == [()]
    assert "Ủy ban tỉnh Mới" in main_text(page)
    upload = page.context["upload"]
    page = administrator.post(
        reverse("upload_take", args=[upload.pk]), {"seen": page.context["plan"].fingerprint}, follow=True
    )
    assert "Đã nhận: 1 dòng mới" in main_text(page)
    assert Seat.objects.get(role=Role.BOARD_STAFF).authority == Authority.objects.get()


def test_before_the_first_year_nobody_is_seated_in_a_unit(administrator):
    refused = administrator.post(reverse("person_add"), {"role": Role.UNIT_LEADER, "post": "Giám đốc"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["role"])
    rows = f"Vai trò\tChức danh\tĐơn vị\n{Role.UNIT_LEADER.label}\tGiám đốc\tso-moi\n"
    page = administrator.post(reverse("upload_add", args=["people"]), {"paste": rows, "year": ""}, follow=True)
    assert "chưa có năm thi đua nên chưa có đơn vị “so-moi”" in main_text(page)
    assert administrator.post(reverse("upload_add", args=["units"]), {"paste": "x", "year": ""}).status_code == 404
    assert User.objects.count() == 1


def test_second_seat_before_the_first_year(administrator):
    post(administrator, reverse("person_add"), role=Role.COUNCIL_MEMBER, post="Ủy viên")
    person = User.objects.get(post="Ủy viên")
    post(administrator, reverse("person_seat_add", args=[person.pk]), role=Role.BOARD_STAFF)
    assert set(person.seats.values_list("role", flat=True)) == {Role.COUNCIL_MEMBER, Role.BOARD_STAFF}


# ---------------------------------------------------------------- no closed door


@pytest.mark.parametrize("role", sorted(AUTHORITY_ROLES))
def test_without_a_year_the_menu_and_its_pages_lead_nowhere_closed(client, role):
    client.force_login(make_user(role, authority=make_authority()))
    menu = {item["label"]: item["url"] for item in client.get("/").context["nav"]["items"]}
    found = set()
    for address in menu.values():
        page = client.get(address)
        assert page.status_code == 200, address
        main = page.content.decode().partition("<main")[2]
        found |= set(re.findall(r'<a [^>]*href="(/[^"#]*)"', main))
    assert {link: status for link in sorted(found) if (status := client.get(link).status_code) >= 400} == {}
    keeps = role in (Role.BOARD_STAFF, Role.ADMINISTRATOR)
    assert menu.get("Tổ chức") == (reverse("year_list") if keeps else None)
    assert not {"Bảng toàn tỉnh", "Hộp chờ gửi", "Tra cứu"} & set(menu)


# ---------------------------------------------------------------- laying a year down


def test_first_year_is_empty_and_in_preparation():
    authority = make_authority()
    staff = make_user(Role.BOARD_STAFF, authority=authority)
    year = opening.begin_year(authority.pk, by=staff, **DAYS)
    assert (year.is_open, year.copied_from, year.bloc_years.count()) == (False, None, 0)
    assert AuditEvent.objects.get(action="year.begin").after["label"] == "2026"
    with pytest.raises(RuleBroken, match="Năm 2026 đã có đúng các ngày này"):
        opening.begin_year(authority.pk, by=staff, **DAYS | {"label": "2026 (2)"})


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COUNCIL_SECRETARY])
def test_first_year_is_the_boards_to_lay_down(role):
    authority = make_authority()
    with pytest.raises(NotAllowed):
        opening.begin_year(authority.pk, by=make_user(role, authority=authority), **DAYS)


def test_board_without_a_year_is_led_to_its_first(client):
    authority = make_authority()
    client.force_login(make_user(Role.BOARD_STAFF, authority=authority))
    for address in ("/", "/nhap-tep/"):
        assert NOTHING_YET in client.get(address).content.decode()
    page = client.post(first_task(client)[1], DAYS, follow=True)
    assert "Đã lập năm 2026" in page.content.decode()
    for address in ("/to-chuc/", "/nhap-tep/", "/nguoi-dung/"):
        assert client.get(address).status_code == 200


# ---------------------------------------------------------------- an empty year beside others

SCHOOL = {"label": "2025-2026", "starts_on": date(2025, 9, 1), "ends_on": date(2026, 8, 31)}


@pytest.fixture
def running(client):
    """A bloc of the calendar year 2026, which is open; the board is signed in."""
    bloc = make_bloc_year()
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=bloc))
    return bloc


def school_bloc(client, running, unit_code):
    """The school year that began before, with a bloc of one unit: made on pages."""
    listed = client.get(reverse("year_list")).content.decode()
    address = reverse("year_begin", args=[running.year.authority_id])
    assert f'href="{address}"' in listed
    page = client.get(address)
    assert "Lập năm còn trống" in main_text(page)
    assert "không đứng ở hai năm đã mở có ngày trùng nhau" in main_text(page)
    post(client, address, **SCHOOL)
    post(client, reverse("unit_add"), name="Trường A", code=unit_code)
    post(client, reverse("bloc_add"), name="Khối trường", kind="khoi")
    bloc = BlocYear.objects.get(name="Khối trường")
    post(client, reverse("bloc_members_add", args=[bloc.pk]), units=bloc.year.units.get().pk)
    return bloc


def test_school_year_that_began_before_is_laid_down_beside_and_opens(client, running):
    school = school_bloc(client, running, "truong-a").year
    assert (school.label, school.copied_from, school.is_open) == ("2025-2026", None, False)
    opening.open_year(school.pk, by=client.get("/").context["user"])
    school.refresh_from_db()
    assert school.is_open


def test_year_beside_asks_nobody_twice(client, running):
    asked = members_of(running)[0]
    school = school_bloc(client, running, asked.unit.code).year
    with pytest.raises(RuleBroken, match="sẽ bị giao việc hai lần"):
        opening.open_year(school.pk, by=client.get("/").context["user"])


def test_year_beside_does_not_move_onto_the_days_of_another(client, running):
    post(client, reverse("year_begin", args=[running.year.authority_id]), **SCHOOL)
    school = Year.objects.get(label="2025-2026")
    days = {"starts_on": running.year.starts_on, "ends_on": running.year.ends_on}
    page = client.post(reverse("year_edit", args=[school.pk]), {"label": school.label, **days})
    assert page.status_code == 422
    assert "đã có đúng các ngày này" in main_text(page)
