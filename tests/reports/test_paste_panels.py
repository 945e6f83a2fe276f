"""The panel for rows from Excel stands under each list for who may bring rows, and leads to the preview."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from blocs.enums import Role
from reports.models import Upload
from tests.screens import make_people, make_province, sign_covenant

pytestmark = pytest.mark.django_db

STAFF, HEAD, LEADER, ADMIN = Role.BOARD_STAFF, Role.BLOC_HEAD, Role.UNIT_LEADER, Role.ADMINISTRATOR
WHERE = {  # page: (does its address name a bloc, who sees the panel, who sees the page only)
    "unit_list": (False, [STAFF], [HEAD, LEADER, ADMIN]),
    "organisation": (False, [STAFF], [ADMIN]),
    "people": (False, [STAFF, ADMIN], []),
    "unit_people": (False, [], [LEADER]),
    "bloc_people": (True, [STAFF, ADMIN], [HEAD]),
    "covenant": (True, [HEAD, Role.BLOC_DEPUTY], [STAFF, LEADER, ADMIN]),
    "covenant_draft": (True, [HEAD, Role.BLOC_DEPUTY], []),
}
PANEL = 'id="paste-panel"'


def signed_in(user):
    browser = Client()
    browser.force_login(user)
    return browser


def address(page, province):
    return reverse(page, args=[province.bloc_year.pk] if WHERE[page][0] else [])


@pytest.mark.parametrize("page", WHERE)
def test_panel_is_shown_to_who_may_bring_rows(page):
    province = make_province()
    people = make_people(province)
    _, shown, hidden = WHERE[page]

    found = {role: signed_in(people[role]).get(address(page, province)) for role in [*shown, *hidden]}

    assert {role: (answer.status_code, PANEL in answer.content.decode()) for role, answer in found.items()} == {
        role: (200, role in shown) for role in found
    }


def test_closed_covenant_takes_no_rows():
    province = make_province()
    browser = signed_in(make_people(province)[HEAD])
    sign_covenant(province.bloc_year, signed_on=date(2026, 3, 1))

    assert PANEL not in browser.get(address("covenant", province)).content.decode()


def panel(response):
    """(address of the form, names of the columns of the first list)"""
    html = response.content.decode().partition(PANEL)[2]
    return re.search(r'action="([^"]+)"', html)[1], re.findall(
        r"<b>([^<]+)</b>", re.search(r"<p.*?</p>", html, re.DOTALL)[0]
    )


@pytest.mark.parametrize("page", ["unit_list", "organisation", "people", "covenant_draft"])
def test_columns_that_the_panel_names_are_those_that_it_takes(page):
    """What the panel lists, copied as the first line, is understood."""
    province = make_province()
    browser = signed_in(make_people(province)[HEAD if page == "covenant_draft" else STAFF])
    url, names = panel(browser.get(address(page, province)))
    rows = ["\t".join(names), "\t".join("x" for _ in names)]

    answer = browser.post(url, {"year": province.year.pk, "paste": "\n".join(rows)}, follow=True)

    assert answer.redirect_chain == [(reverse("upload_detail", args=[Upload.objects.get().pk]), 302)]
    assert answer.status_code == 200
    assert len(answer.context["plan"].lines) == 1
