"""Entering and changing movements and their indicators."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import AuditEvent
from movements.domain import movements, results
from movements.models import Indicator, IndicatorResult, Movement
from tests import factories as make

pytestmark = pytest.mark.django_db
ADD = "/phong-trao/them/"


@pytest.fixture
def bloc_year():
    return make.make_bloc_year()


@pytest.fixture
def units(bloc_year):
    return make.members_of(bloc_year)


@pytest.fixture
def movement(units):
    return make.make_movement(owner=units[0], coordinators=[units[2], units[1]], name="Xóa nhà tạm")


@pytest.fixture
def board(bloc_year, client):
    user = make.make_user(Role.BOARD_STAFF, bloc_year=bloc_year)
    client.force_login(user)
    return user


@pytest.fixture
def owner(movement):
    return make.make_user(Role.MOVEMENT_OWNER, unit=movement.owner)


def url(name, *rows):
    return reverse(name, args=[row.pk for row in rows])


def fields(units, **changes):
    return {
        "name": "Xây dựng nông thôn mới",
        "launched_by": "pm",
        "launched_on": date(2026, 1, 15),
        "ends_on": date(2026, 12, 31),
        "owner": units[0],
        "coordinators": [units[1]],
    } | changes


def posted(units, **changes):
    return {
        "year": units[0].year_id,
        "name": "Xây dựng nông thôn mới",
        "launched_by": "pm",
        "launched_on": "15/01/2026",
        "ends_on": "2026-12-31",
        "owner": units[0].pk,
        "coordinators": [units[2].pk, units[1].pk],
    } | changes


def test_board_adds_a_movement(client, board, units):
    response = client.post(ADD, posted(units))
    found = Movement.objects.get()
    assert response.headers["Location"] == url("movement_detail", found)
    assert (found.code, found.launched_on, found.ends_on) == ("p1", date(2026, 1, 15), date(2026, 12, 31))
    assert {row.unit for row in found.coordinators.all()} == {units[1], units[2]}
    event = AuditEvent.objects.get()
    assert (event.action, event.before, event.after["owner"]) == ("movement.save", None, units[0].name)


def test_next_code_is_free(board, units):
    movements.save_movement(units[0].year_id, by=board, code="p1", **fields(units))
    saved = movements.save_movement(units[0].year_id, by=board, **fields(units))
    assert saved.code == "p2"


def test_board_edits_all_of_it(client, board, movement, units):
    page = client.get(url("movement_edit", movement)).content.decode()
    assert page.count("Lưu phong trào") == 1
    data = posted(units, name="Tên khác", owner=units[1].pk, coordinators=[])
    assert client.post(url("movement_edit", movement), data).status_code == 302
    code = movement.code
    movement.refresh_from_db()
    assert (movement.name, movement.owner, movement.code) == ("Tên khác", units[1], code)
    assert movement.coordinators.count() == 0
    event = AuditEvent.objects.get()
    assert (event.before["name"], event.after["name"]) == ("Xóa nhà tạm", "Tên khác")


def test_owner_edits_the_dates_only(client, owner, movement, units):
    client.force_login(owner)
    client.post(url("movement_edit", movement), posted(units, name="Tên khác", owner=units[1].pk))
    movement.refresh_from_db()
    assert (movement.name, movement.owner, movement.ends_on) == ("Xóa nhà tạm", units[0], date(2026, 12, 31))
    with pytest.raises(NotAllowed, match="chỉ sửa thời gian"):
        movements.save_movement(movement.year_id, by=owner, movement_id=movement.pk, **fields(units))


def test_saving_what_is_there_writes_nothing(board, movement, units):
    same = {name: getattr(movement, name) for name in ("name", "launched_by", "launched_on", "ends_on", "owner")}
    same |= {"scope": movement.scope, "method": movement.method, "coordinators": [units[1], units[2]]}
    movements.save_movement(movement.year_id, by=board, movement_id=movement.pk, **same)
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_on": "14/01/2026"}, "Ngày kết thúc không được trước ngày phát động."),
        ({"launched_on": "31/02/2026"}, "Viết ngày như 20/11/2026."),
        ({"name": ""}, "Trường này là bắt buộc."),
    ],
)
def test_form_refuses_with_words(client, board, units, changes, words):
    response = client.post(ADD, posted(units, **changes))
    assert response.status_code == 422
    assert response.content.decode().count(words) == 1
    assert Movement.objects.count() == 0


def test_domain_refuses(board, movement, units):
    stranger = make.make_unit_year()
    for changes, words in [
        ({"ends_on": date(2026, 1, 14)}, "Ngày kết thúc"),
        ({"owner": stranger}, "có trong năm"),
        ({"coordinators": [stranger]}, "có trong năm"),
        ({"coordinators": [units[0]]}, "không đồng thời"),
        ({"code": movement.code}, "đã có phong trào mã"),
        ({"code": "a/b"}, "dấu /"),
        ({"movement_id": 0x7FFF}, "vừa được người khác xóa"),
    ]:
        with pytest.raises(RuleBroken, match=words):
            movements.save_movement(units[0].year_id, by=board, **fields(units, **changes))
    assert AuditEvent.objects.count() == 0


def test_taken_code_is_said_on_the_page(client, board, movement, units):
    response = client.post(ADD, posted(units, code=movement.code))
    assert response.status_code == 422
    assert response.content.decode().count("đã có phong trào mã") == 1


# ---------------------------------------------------------------- indicators


def test_indicator_is_added_edited_deleted(client, owner, movement):
    client.force_login(owner)
    data = {"text": "Số nhà", "target": "1.234,5", "unit_of_measure": "nhà"}
    assert client.post(url("indicator_add", movement), data).headers["Location"] == url("movement_detail", movement)
    row = Indicator.objects.get(text="Số nhà")
    assert (row.code, row.target) == ("i1", Decimal("1234.5"))
    assert client.get(url("indicator_edit", movement, row)).content.decode().count('value="1.234,5"') == 1
    client.post(url("indicator_edit", movement, row), data | {"target": ""})
    row.refresh_from_db()
    assert row.target is None
    client.post(url("indicator_delete", movement, row))
    assert not Indicator.objects.filter(pk=row.pk).exists()
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["movement.save_indicator", "movement.save_indicator", "movement.delete_indicator"]


def test_indicator_with_results_stays(client, board, movement):
    row = movement.indicators.get()
    IndicatorResult.objects.create(indicator=row, unit=None, period="2026", value=1)
    page = client.post(url("indicator_delete", movement, row), follow=True).content.decode()
    assert page.count("Chỉ số đã có kết quả, không xóa được.") == 1
    assert page.count("Xóa chỉ số") == 0
    assert Indicator.objects.filter(pk=row.pk).exists()


def test_indicator_of_another_movement(client, board, movement):
    other = make.make_movement(movement.year).indicators.get()
    assert client.post(url("indicator_edit", movement, other), {"text": "x"}).status_code == 404
    assert client.post(url("indicator_delete", movement, other)).status_code == 404
    with pytest.raises(RuleBroken, match="vừa được người khác xóa"):
        movements.delete_indicator(movement.pk, other.pk, by=board)


def test_empty_indicator_is_refused(client, board, movement):
    assert client.post(url("indicator_add", movement), {"text": "", "target": "x"}).status_code == 422


# ---------------------------------------------------------------- rights


@pytest.mark.parametrize("who", ["stranger", "member", "other owner", "other board"])
def test_others_find_nothing(client, movement, units, who):
    user = {
        "stranger": make.make_user,
        "member": lambda: make.make_user(Role.UNIT_REPORTER, unit=units[2]),
        "other owner": lambda: make.make_user(Role.MOVEMENT_OWNER, unit=units[2]),
        "other board": lambda: make.make_user(Role.BOARD_STAFF, bloc_year=make.make_bloc_year()),
    }[who]()
    client.force_login(user)
    row = movement.indicators.get()
    pages = [url("movement_edit", movement), url("indicator_add", movement), url("indicator_edit", movement, row)]
    for page in pages:
        assert client.get(page).status_code == 404
    for page in [*pages, ADD, url("indicator_delete", movement, row)]:
        assert client.post(page, posted(units)).status_code == 404
    with pytest.raises(NotAllowed):
        movements.save_movement(movement.year_id, by=user, **fields(units))
    with pytest.raises(NotAllowed):
        movements.delete_indicator(movement.pk, row.pk, by=user)


def test_buttons_only_for_those_who_may(client, board, owner, movement, units):
    seen = {}
    for user in (board, owner, make.make_user(Role.UNIT_REPORTER, unit=units[2])):
        client.force_login(user)
        pages = (
            client.get("/phong-trao/").content.decode() + client.get(url("movement_detail", movement)).content.decode()
        )
        seen[user] = (pages.count(">Thêm phong trào</a>"), pages.count(">Thêm chỉ số</a>"))
    assert list(seen.values()) == [(1, 1), (0, 1), (0, 0)]


def test_wrong_methods(client, board, movement):
    assert client.get(url("indicator_delete", movement, movement.indicators.get())).status_code == 405
    for page in [ADD, url("movement_edit", movement), url("indicator_add", movement)]:
        assert client.put(page).status_code == 405


# ---------------------------------------------------------------- of two writers


def test_of_two_who_change_one_movement_the_second_is_shown_both_and_chooses(client, board, movement, units):
    address = reverse("movement_edit", args=[movement.pk])
    opened = client.get(address).context["form"].initial["opened"]
    values = {"code": movement.code, "launched_by": "", "launched_on": None, "owner": units[0], "coordinators": []}
    year = movement.year_id
    movements.save_movement(
        year, by=board, movement_id=movement.pk, name="Tên khác", ends_on=date(2026, 12, 30), **values
    )
    form = {"year": year, "name": "Tên của tôi", "code": movement.code, "owner": units[0].pk, "opened": opened}
    response = client.post(address, form)
    movement.refresh_from_db()
    assert (response.status_code, movement.name) == (409, "Tên khác")
    text = " ".join(response.content.decode().split())
    assert "Kết thúc ngày: 30/12/2026" in text
    assert client.post(address, form | {"over": response.context["conflict"].version}).status_code == 302
    movement.refresh_from_db()
    assert (movement.name, movement.ends_on) == ("Tên của tôi", None)


def test_of_two_who_change_one_indicator_the_second_chooses(client, board, movement):
    row = movement.indicators.first()
    address = reverse("indicator_edit", args=[movement.pk, row.pk])
    opened = client.get(address).context["form"].initial["opened"]
    movements.save_indicator(
        movement.pk, by=board, indicator_id=row.pk, text="Số nhà", unit_of_measure="nhà", target=Decimal(1200)
    )
    form = {"text": "Số nhà xây mới", "unit_of_measure": "nhà", "target": "900", "opened": opened}
    response = client.post(address, form)
    assert (response.status_code, Indicator.objects.get(pk=row.pk).target) == (409, 1200)
    assert "Mục tiêu: 1.200" in response.content.decode()
    assert client.post(address, form | {"over": response.context["conflict"].version}).status_code == 302
    assert Indicator.objects.get(pk=row.pk).target == 900


def test_of_two_who_note_one_result_the_second_chooses(client, board, movement, units):
    row = movement.indicators.first()
    page, address = (reverse(name, args=[movement.pk]) for name in ("movement_detail", "movement_record"))
    opened = client.get(page).context["form"].initial["opened"]
    results.record(row.pk, by=board, unit=units[1], period="2026", value=Decimal(40))
    form = {"indicator": row.pk, "unit": units[1].pk, "period": "2026", "value": "55", "opened": opened}
    response = client.post(address, form)
    assert (response.status_code, IndicatorResult.objects.get().value) == (409, 40)
    assert "Kết quả: 40" in response.content.decode()
    assert client.post(address, form | {"over": response.context["conflict"].version}).status_code == 302
    assert IndicatorResult.objects.get().value == 55
    known = client.get(page, {"sua": IndicatorResult.objects.get().pk}).context["form"].initial["opened"]
    assert client.post(address, form | {"value": "60", "opened": known}).status_code == 302
