"""Every page of the reports: it works, for the right method, for those signed in, for those whom it concerns."""

import pytest
from django.urls import reverse

from blocs.enums import Role
from reports import urls
from tests.factories import make_bloc_year, make_unit_year, make_user, make_year
from tests.screens import content_of, make_province

pytestmark = pytest.mark.django_db

# name: (method, what stands in the address, who opens it, status)
VIEWS = {
    "todo": ("get", [], Role.UNIT_REPORTER, 200),
    "board": ("get", [], Role.BOARD_STAFF, 200),
    "bloc_list": ("get", [], Role.BOARD_STAFF, 200),
    "bloc_detail": ("get", ["bloc_year"], Role.UNIT_REPORTER, 200),
    "summary_report_open": ("post", ["bloc_year"], Role.BLOC_HEAD, 302),
    "unit_report_open": ("post", ["membership"], Role.UNIT_REPORTER, 302),
    "unit_report": ("get", ["report"], Role.UNIT_LEADER, 200),
    "unit_report_part": ("post", ["report", "=leading"], Role.UNIT_REPORTER, 302),
    "unit_report_figure": ("post", ["report", "=staff"], Role.UNIT_REPORTER, 302),
    "unit_report_result": ("post", ["report", "target"], Role.UNIT_REPORTER, 302),
    "unit_report_step": ("post", ["report", "=hand_up"], Role.UNIT_REPORTER, 302),
    "summary_report": ("get", ["summary"], Role.UNIT_REPORTER, 200),
    "summary_report_part": ("post", ["summary", "=leading"], Role.BLOC_HEAD, 302),
    "summary_report_step": ("post", ["summary", "=adopt"], Role.BLOC_HEAD, 302),
    "report_list": ("get", [], Role.BLOC_HEAD, 200),
    "batch_start": ("post", [], Role.BOARD_STAFF, 302),
    "batch": ("get", ["batch"], Role.BOARD_STAFF, 200),
    "batch_file": ("get", ["batch"], Role.BOARD_STAFF, 200),
    "rendering_state": ("get", ["rendering"], Role.BLOC_HEAD, 200),
    "rendering_retry": ("post", ["rendering"], Role.BLOC_HEAD, 302),
    "rendering_file": ("get", ["rendering"], Role.UNIT_LEADER, 200),
}
INPUT = {"text": "Nội dung.", "version": 1, "value": "5", "note": "", "adopted_on": "2026-11-20"}
OF_ONE_THING = [name for name, (_, parts, _, _) in VIEWS.items() if parts]


@pytest.fixture
def province():
    return make_province()


def address(name, province):
    args = [part[1:] if part[0] == "=" else getattr(province, part).pk for part in VIEWS[name][1]]
    return reverse(name, args=args)


def strangers(province):
    """Users who have nothing to do with the first bloc of the province."""
    elsewhere = make_bloc_year(make_year())
    return {
        "nobody": make_user(),
        "head of another bloc": make_user(Role.BLOC_HEAD, bloc_year=province.other),
        "leader of a unit of another bloc": make_user(Role.UNIT_LEADER, bloc_year=province.other),
        "leader of a unit of no bloc": make_user(Role.UNIT_LEADER, unit=make_unit_year(province.year)),
        "staff of another authority": make_user(Role.BOARD_STAFF, bloc_year=elsewhere),
        "administrator of another authority": make_user(Role.ADMINISTRATOR, bloc_year=elsewhere),
        "head at another authority": make_user(Role.BLOC_HEAD, bloc_year=elsewhere),
    }


def test_pages_of_this_table_are_pages_of_the_reports():
    """That every address stands in some table is asked in tests/test_urls_and_roles.py."""
    assert set(VIEWS) - {pattern.name for pattern in urls.urlpatterns} == set()


@pytest.mark.parametrize("name", VIEWS)
def test_page_works(client, province, name):
    method, _, role, status = VIEWS[name]
    client.force_login(make_user(role, bloc_year=province.bloc_year))

    response = getattr(client, method)(address(name, province), INPUT | {"year": province.year.pk})

    assert (response.status_code, content_of(response) == b"") == (status, status == 302)


@pytest.mark.parametrize("name", VIEWS)
def test_wrong_method_is_refused(client, province, name):
    method, _, role, _ = VIEWS[name]
    client.force_login(make_user(role, bloc_year=province.bloc_year))
    wrong = {"get": ["post", "put", "delete"], "post": ["get", "put", "delete"]}[method]

    statuses = [getattr(client, other)(address(name, province)).status_code for other in wrong]

    assert statuses == [405, 405, 405]


@pytest.mark.parametrize("name", VIEWS)
def test_anonymous_is_led_to_the_sign_in_page(client, province, name):
    method, url = VIEWS[name][0], address(name, province)
    after = url if method == "get" else reverse("todo")  # the address of a button cannot be opened

    response = getattr(client, method)(url)

    assert (response.status_code, response.url) == (302, f"{reverse('account_login')}?next={after}")


@pytest.mark.parametrize("name", OF_ONE_THING)
def test_stranger_finds_nothing(client, province, name):
    method, url, found = VIEWS[name][0], address(name, province), {}

    for who, user in strangers(province).items():
        client.force_login(user)
        found[who] = getattr(client, method)(url, INPUT).status_code

    assert found == dict.fromkeys(found, 404)


def test_stranger_starts_no_batch_for_a_year_of_others(client, province):
    found = {}

    for who, user in strangers(province).items():
        client.force_login(user)
        found[who] = client.post(reverse("batch_start"), {"year": province.year.pk}).status_code

    assert found == dict.fromkeys(found, 404)


@pytest.mark.parametrize("year", ["", "0", "-1", "abc", "²", "1" * 5000, "1,5"])
def test_year_that_is_none_is_not_found(client, province, year):
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=province.bloc_year))

    statuses = [client.post(reverse(name), {"year": year}).status_code for name in ("batch_start", "choose_year")]

    assert statuses == [404, 404]


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("unit_report_part", ["report", "=khong-co"]),
        ("unit_report_figure", ["report", "=khong-co"]),
        ("unit_report_step", ["report", "=khong-co"]),
        ("summary_report_part", ["summary", "=khong-co"]),
        ("summary_report_step", ["summary", "=khong-co"]),
        ("rendering_request", ["=khong-co", "=khoi-1"]),
        ("rendering_request", ["=summary-report", "=nam-1"]),
        ("rendering_request", ["=summary-report", "=khoi-99999999999999999999"]),
    ],
)
def test_word_that_means_nothing_is_not_found(client, province, name, args):
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=province.bloc_year))
    user = make_user(Role.UNIT_REPORTER, bloc_year=province.bloc_year)
    if args[0] == "report":
        client.force_login(user)
    values = [part[1:] if part[0] == "=" else getattr(province, part).pk for part in args]

    assert client.post(reverse(name, args=values), INPUT).status_code == 404


def test_seat_that_has_ended_opens_nothing(client, province):
    user = make_user(Role.BOARD_STAFF, bloc_year=province.bloc_year)
    user.seats.update(valid_to="2020-01-01")
    client.force_login(user)

    found = {name: client.get(address(name, province)).status_code for name in VIEWS if VIEWS[name][0] == "get"}

    assert found == dict.fromkeys(found, 404) | {"todo": 200, "bloc_list": 200, "report_list": 200}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (
            Role.BOARD_STAFF,
            [
                "todo",
                "board",
                "bloc_list",
                "movement_list",
                "conference_list",
                "report_list",
                "search",
                "organisation",
                "outbox",
            ],
        ),
        (
            Role.COUNCIL_MEMBER,
            ["todo", "board", "bloc_list", "movement_list", "conference_list", "report_list", "search"],
        ),
        (
            Role.ADMINISTRATOR,
            [
                "todo",
                "board",
                "bloc_list",
                "movement_list",
                "conference_list",
                "report_list",
                "search",
                "organisation",
                "admin:index",
            ],
        ),
        (
            Role.BLOC_DEPUTY,
            ["todo", "bloc_list", "movement_list", "conference_list", "report_list", "search", "upload_list"],
        ),
        (Role.UNIT_REPORTER, ["todo", "bloc_list", "movement_list", "conference_list", "report_list", "search"]),
        (Role.MOVEMENT_OWNER, ["todo", "movement_list", "search"]),
        (Role.ASSESSOR, ["todo", "movement_list", "search"]),
    ],
)
def test_masthead_offers_the_pages_that_the_seat_opens(client, province, role, expected):
    client.force_login(make_user(role, bloc_year=province.bloc_year))

    items = client.get(reverse("todo")).context["nav"]["items"]

    assert [item["url"] for item in items] == [reverse(name) for name in expected]
    assert [item["url"] for item in items if item["is_current"]] == [reverse("todo")]


def test_year_stays_chosen_on_the_pages_that_show_a_year(client, province):
    older = make_year(province.authority, year=2025)
    bloc_year = make_bloc_year(older)
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=province.bloc_year))

    response = client.post(reverse("choose_year"), {"year": older.pk, "next": "/bang/"}, follow=True)

    assert response.redirect_chain == [("/bang/", 302)]
    assert [row.bloc_year for row in response.context["board"].rows] == [bloc_year]


@pytest.mark.parametrize("target", ["https://vi-du.vn/", "//vi-du.vn/bang/", "/bao-cao-don-vi/1/", ""])
def test_choice_of_the_year_leads_nowhere_else(client, province, target):
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=province.bloc_year))

    response = client.post(reverse("choose_year"), {"year": province.year.pk, "next": target})

    assert response.url == reverse("todo")
