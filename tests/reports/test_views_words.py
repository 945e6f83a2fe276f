"""Reports in all their states, refusals and doors speak Vietnamese. The other pages: ``tests/test_words.py``."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from blocs.enums import Role
from reports.enums import RenderingState, SummaryReportState, UnitReportState
from tests import words
from tests.factories import make_summary_report, make_unit_report, make_user, members_of
from tests.screens import make_paper, make_province

pytestmark = pytest.mark.django_db


def leftovers(response):
    return words.leftovers(response.content.decode())


def signed_in(user):
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.mark.parametrize("state", UnitReportState.values)
def test_unit_report_speaks_vietnamese_in_every_state(state):
    found = {}
    for whole in (False, True):
        report = make_unit_report(state=state, whole=whole)
        for role in (Role.UNIT_REPORTER, Role.UNIT_LEADER):
            browser = signed_in(make_user(role, unit=report.unit))
            found[whole, role] = leftovers(browser.get(reverse("unit_report", args=[report.pk])))

    assert found == {key: [] for key in found}


@pytest.mark.parametrize("state", SummaryReportState.values)
def test_summary_report_speaks_vietnamese_in_every_state(state):
    report, found = make_summary_report(state=state, whole=True), {}
    for paper in RenderingState.values:
        report.bloc_year.renderings.all().delete()
        make_paper(report.bloc_year, state=paper)
        for role in (Role.BLOC_HEAD, Role.BOARD_STAFF):
            browser = signed_in(make_user(role, bloc_year=report.bloc_year))
            found[paper, role] = leftovers(browser.get(reverse("summary_report", args=[report.pk])))

    assert found == {key: [] for key in found}


@pytest.mark.parametrize(
    ("name", "things", "data"),
    [
        ("unit_report_part", ["report", "leading"], {"text": "x", "version": "abc", "over": "abc"}),
        ("unit_report_part", ["report", "leading"], {}),
        ("unit_report_part", ["report", "leading"], {"text": "x" * 120_001, "version": 1}),
        ("unit_report_figure", ["report", "staff"], {"value": "abc"}),
        ("unit_report_figure", ["report", "staff"], {"value": "1" * 20}),
        ("unit_report_result", ["report", "target"], {"value": "abc", "note": "x" * 2001}),
    ],
)
def test_refusal_speaks_vietnamese(name, things, data):
    province = make_province()
    browser = signed_in(make_user(Role.UNIT_LEADER, unit=province.units[0]))
    args = [getattr(province, word).pk if hasattr(province, word) else word for word in things]

    whole = browser.post(reverse(name, args=args), data)
    part = browser.post(reverse(name, args=args), data, HTTP_HX_REQUEST="true")

    assert [whole.status_code, part.status_code] == [422, 422]
    assert [leftovers(whole), leftovers(part)] == [[], []]


@pytest.mark.parametrize("data", [{}, {"login": "a", "password": "b"}, {"login": "x" * 500, "password": "a"}])
def test_sign_in_page_speaks_vietnamese(client, data):
    page, refused = client.get("/tai-khoan/dang-nhap/"), client.post("/tai-khoan/dang-nhap/", data)

    assert [leftovers(page), leftovers(refused)] == [[], []]


def test_page_that_is_not_there_speaks_vietnamese(client):
    anonymous = client.get("/khong-co/")
    client.force_login(make_user(Role.UNIT_LEADER))
    signed = client.get("/khong-co/")

    assert [anonymous.status_code, signed.status_code] == [404, 404]
    assert [leftovers(anonymous), leftovers(signed)] == [[], []]


@pytest.mark.parametrize("name", ["400.html", "500.html", "403_csrf.html", "429.html"])
def test_error_template_speaks_vietnamese(name):
    text = re.sub(r"\{[{%].*?[%}]\}", "", Path("templates", name).read_text(encoding="utf-8"))

    assert words.leftovers(text) == []


def test_unit_report_read_by_the_board_speaks_vietnamese():
    report = make_unit_report(state=UnitReportState.SUBMITTED, whole=True)
    browser = signed_in(make_user(Role.BOARD_STAFF, bloc_year=report.bloc_year))

    found = [leftovers(browser.get(reverse("unit_report", args=[report.pk])))]
    browser.post(reverse("unit_report_step", args=[report.pk, "return"]), {"note": "Thiếu phụ lục."})
    found.append(leftovers(browser.get(reverse("bloc_detail", args=[report.bloc_year_id]))))

    assert found == [[], []]
    assert members_of(report.bloc_year)[0] == report.unit


def test_farewell_of_the_administrators_pages_speaks_vietnamese(client):
    client.force_login(make_user(Role.ADMINISTRATOR))

    assert leftovers(client.post(reverse("admin:logout"))) == []
