"""A session that ends while a page is open: acts in the background are told so, signing in leads to a page."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from blocs.enums import Role
from tests.factories import PASSWORD, make_unit_report, make_user
from tests.screens import HTMX, Page, make_province, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    return make_unit_report()


@pytest.fixture
def part(report):
    return reverse("unit_report_part", args=[report.pk, "leading"])


def test_a_field_is_told_that_nobody_is_signed_in(client, part, report):
    answer = client.post(part, {"text": "Chữ", "version": 0}, **HTMX)

    assert answer.status_code == 401
    assert "Phiên làm việc đã hết" in page_of(answer).text
    assert 'href="/tai-khoan/dang-nhap/" target="_blank"' in answer.content.decode()
    assert not report.parts.exists()


def test_a_paper_that_is_polled_is_told_too(client):
    rendering = make_province().rendering

    answer = client.get(reverse("rendering_state", args=[rendering.pk]), **HTMX)

    assert (answer.status_code, "password" in answer.content.decode()) == (401, False)


def test_who_must_set_up_a_second_factor_is_told_so(client, settings):
    province = make_province()
    settings.SECOND_FACTOR = True
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=province.bloc_year))

    answer = client.get(reverse("rendering_state", args=[province.rendering.pk]), **HTMX)

    assert answer.status_code == 401
    assert "phải bật xác thực hai bước" in page_of(answer).text


def test_an_act_that_asks_for_the_password_again_is_told_so(client, report):
    client.force_login(make_user(Role.UNIT_LEADER, unit=report.unit))
    membership = report.bloc_year.memberships.get(unit=report.unit)

    answer = client.post(reverse("covenant_sign", args=[report.bloc_year_id, membership.pk]), **HTMX)

    assert answer.status_code == 401
    assert "Cần xác nhận lại mật khẩu" in page_of(answer).text


def test_nothing_is_written_from_a_page_of_another_account(client, part, report):
    opened_by, now = (make_user(Role.UNIT_REPORTER, unit=report.unit) for _ in range(2))
    client.force_login(now)
    data = {"text": "Chữ", "version": 0}

    refused = client.post(part, data, HTTP_X_PAGE_OF=str(opened_by.pk), **HTMX)
    taken = client.post(part, data, HTTP_X_PAGE_OF=str(now.pk), **HTMX)

    assert (refused.status_code, taken.status_code) == (401, 200)
    assert "tài khoản khác" in Page(refused.content.decode()).text


def test_a_redirect_in_the_background_leads_the_whole_page_away(client):
    province = make_province()
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=province.bloc_year))

    answer = client.post(reverse("rendering_retry", args=[province.rendering.pk]), **HTMX)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["HX-Redirect"] == reverse("bloc_detail", args=[province.bloc_year.pk])


@pytest.mark.parametrize("origin", ["http://testserver", "https://elsewhere.example", ""])
def test_signing_in_after_a_button_leads_to_its_page(client, part, report, origin):
    user = make_user(Role.UNIT_REPORTER, unit=report.unit, password=PASSWORD)
    page = reverse("unit_report", args=[report.pk]) + "?x=1"

    answer = client.post(part, {"text": "Chữ"}, headers={"referer": origin + page} if origin else None)
    following = parse_qs(urlsplit(answer.url).query)["next"][0]
    landed = client.post(answer.url, {"login": user.username, "password": PASSWORD}, follow=True)

    assert following == (page if origin == "http://testserver" else "/")
    assert landed.status_code == 200


def test_a_page_that_was_asked_for_stays_the_aim(client, report):
    page = reverse("unit_report", args=[report.pk])

    assert client.get(page).url == f"/tai-khoan/dang-nhap/?next={page}"
