"""The list of movements, one movement, and recording its results."""

from decimal import Decimal

import pytest
from django.urls import reverse

from blocs.enums import Role
from blocs.models import AuditEvent
from movements.domain import results
from movements.models import Indicator, IndicatorResult, Movement
from tests import factories as make

pytestmark = pytest.mark.django_db
LIST = "/phong-trao/"


@pytest.fixture
def bloc_year():
    return make.make_bloc_year()


@pytest.fixture
def movement(bloc_year):
    owner, coordinator, _ = make.members_of(bloc_year)
    return make.make_movement(owner=owner, coordinators=[coordinator], name="Xóa nhà tạm, nhà dột nát")


@pytest.fixture
def owner(movement, client):
    user = make.make_user(Role.MOVEMENT_OWNER, unit=movement.owner)
    client.force_login(user)
    return user


@pytest.fixture
def reader(bloc_year, client):
    client.force_login(make.make_user(Role.BLOC_HEAD, bloc_year=bloc_year))


@pytest.fixture
def member(bloc_year):
    return make.make_user(Role.UNIT_REPORTER, unit=make.members_of(bloc_year)[2])


def words(response):
    return " ".join(response.content.decode().split())


def names(response):
    return [row[0].name for row in response.context["rows"]]


def detail(movement):
    return reverse("movement_detail", args=[movement.pk])


def record(movement):
    return reverse("movement_record", args=[movement.pk])


def put(indicator, unit, value, period="2026"):
    return IndicatorResult.objects.create(indicator=indicator, unit=unit, value=value, period=period)


# ---------------------------------------------------------------- the list


def test_list_shows_the_movements_of_the_year(client, owner, movement):
    make.make_movement(make.make_year(movement.year.authority, year=2025), name="Năm trước")
    page = client.get(LIST)
    assert names(page) == ["Xóa nhà tạm, nhà dột nát"]
    assert words(page).count('<span class="state state-idle">Chưa có số liệu</span>') == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=nha+dot", ["Xóa nhà tạm, nhà dột nát"]),
        ("?q=NHÀ+DỘT", ["Xóa nhà tạm, nhà dột nát"]),
        ("?q=mồ côi", []),
        ("?launcher=pm", ["An sinh"]),
        ("?launcher=nobody&sort=nothing", ["Xóa nhà tạm, nhà dột nát", "An sinh"]),
        ("?sort=name", ["An sinh", "Xóa nhà tạm, nhà dột nát"]),
        ("?trang=99", ["Xóa nhà tạm, nhà dột nát", "An sinh"]),
    ],
)
def test_list_filters_and_sorts(client, reader, movement, query, found):
    make.make_movement(movement.year, name="An sinh", launched_by="pm")
    assert names(client.get(LIST + query)) == found


def test_list_says_what_to_do_when_nothing_fits(client, owner):
    assert words(client.get(LIST + "?q=khong-co")).count("Không có phong trào nào phù hợp.") == 1


def test_list_of_somebody_without_a_year_is_empty(client):
    client.force_login(make.make_user())
    assert words(client.get(LIST)).count("Năm này chưa có phong trào nào được ghi.") == 1


def test_list_is_paginated(client, reader, movement):
    for number in range(50):
        make.make_movement(movement.year, name=f"Số {number}", indicators=0)
    page = client.get(LIST + "?sort=name")
    assert len(page.context["rows"]) == 50
    assert words(page).count('href="?sort=name&amp;trang=2"') == 1


def test_list_needs_one_number_of_queries(reader, movement, queries_of, bloc_year):
    one = queries_of(LIST)
    for _ in range(2):
        other = make.make_movement(owner=make.members_of(bloc_year)[1], indicators=2)
        put(other.indicators.first(), movement.owner, 3)
    assert queries_of(LIST) == one


# ---------------------------------------------------------------- one movement


def test_detail_adds_up_the_results(client, member, movement, bloc_year):
    client.force_login(member)
    indicator = movement.indicators.get()
    for unit, value in zip(make.members_of(bloc_year), ["4", "3.5", "3"], strict=True):
        put(indicator, unit, Decimal(value))
    put(indicator, movement.owner, 900, period="6 tháng 2026")
    page = words(client.get(detail(movement)))
    assert page.count('<td class="num"><b>10,5</b></td>') == 1
    assert page.count('<span class="state state-ok">Đạt mục tiêu</span>') == 1
    assert page.count("Lưu kết quả") == 0


def test_detail_needs_one_number_of_queries(owner, movement, queries_of, bloc_year):
    units = make.members_of(bloc_year)
    put(movement.indicators.get(), units[0], 1)
    one = queries_of(detail(movement))
    for unit in units[1:]:
        put(movement.indicators.get(), unit, 1)
    assert queries_of(detail(movement)) == one


@pytest.mark.parametrize(
    ("measure", "common", "values", "value", "met"),
    [
        ("nhà", None, [4, 5], 9, False),
        ("nhà", None, [4, 6], 10, True),
        ("nhà", 12, [4, 5], 12, True),
        ("%", None, [9, 12], None, False),
        ("%", None, [10, 12], None, True),
        ("%", None, [11], 11, True),
        ("triệu đồng/người", 8, [11, 12], 8, False),
        ("nhà", None, [], None, None),
    ],
)
def test_standing_never_adds_shares(movement, bloc_year, measure, common, values, value, met):
    indicator = movement.indicators.get()
    indicator.unit_of_measure = measure
    if common is not None:
        put(indicator, None, common)
    for unit, number in zip(make.members_of(bloc_year), values, strict=False):
        put(indicator, unit, number)
    found = results.standing(indicator, "2026")
    assert (found.value, found.met) == (value, met)


# ---------------------------------------------------------------- recording


def test_owner_records_and_corrects_a_result(client, owner, movement, bloc_year):
    indicator, unit = movement.indicators.get(), make.members_of(bloc_year)[2]
    data = {"indicator": indicator.pk, "unit": unit.pk, "period": "2026", "value": "1.234,5"}
    assert client.post(record(movement), data).headers["Location"] == detail(movement)
    row = IndicatorResult.objects.get()
    assert (row.unit, row.period, row.value) == (unit, "2026", Decimal("1234.5"))
    page = words(client.get(f"{detail(movement)}?sua={row.pk}"))
    assert page.count('value="1.234,5"') == 1
    client.post(record(movement), data | {"value": ""})
    assert IndicatorResult.objects.count() == 0
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["movement.record_result", "movement.clear_result"]


def test_board_staff_records_too(client, movement, bloc_year):
    client.force_login(make.make_user(Role.BOARD_STAFF, bloc_year=bloc_year))
    data = {"indicator": movement.indicators.get().pk, "unit": "", "period": "2026", "value": "7"}
    client.post(record(movement), data)
    assert IndicatorResult.objects.get().value == 7


def test_recording_refuses_with_words(client, owner, movement):
    response = client.post(record(movement), {"indicator": "", "unit": "", "period": "2026", "value": "x"})
    assert response.status_code == 422
    assert words(response).count("Viết số như 1.234,5") == 1
    assert words(response).count("Trường này là bắt buộc.") == 1


def test_indicator_of_another_movement_is_refused(client, owner, movement):
    other = make.make_movement(movement.year).indicators.get()
    response = client.post(record(movement), {"indicator": other.pk, "unit": "", "period": "2026", "value": "7"})
    assert response.status_code == 422
    assert IndicatorResult.objects.count() == 0


def test_unit_of_another_year_is_refused(owner, movement):
    stranger = make.make_unit_year()
    with pytest.raises(results.RuleBroken):
        results.record(movement.indicators.get().pk, by=owner, unit=stranger, period="2026", value=Decimal(1))


# ---------------------------------------------------------------- rights


def test_reader_cannot_record(client, member, movement):
    client.force_login(member)
    assert client.post(record(movement), {}).status_code == 404


def test_stranger_gets_404_and_nobody_the_sign_in_page(client, movement):
    addresses = [detail(movement), record(movement), LIST]
    login = reverse("account_login")
    assert [client.get(address).headers["Location"] for address in addresses] == [
        f"{login}?next={address}" for address in addresses
    ]
    client.force_login(make.make_user(Role.MOVEMENT_OWNER))
    assert client.get(detail(movement)).status_code == 404
    assert client.post(record(movement)).status_code == 404
    assert names(client.get(LIST)) == []


def test_wrong_methods(client, owner, movement):
    assert client.post(LIST).status_code == 405
    assert client.post(detail(movement)).status_code == 405
    assert client.get(record(movement)).status_code == 405


def test_movement_without_indicators_offers_no_form(client, owner, movement):
    Indicator.objects.all().delete()
    page = words(client.get(detail(movement)))
    assert page.count("Phong trào này chưa đặt chỉ số.") == 1
    assert page.count("Lưu kết quả") == 0
    assert Movement.objects.count() == 1
