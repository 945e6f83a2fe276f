"""Every page speaks Vietnamese: no English left over from a package, no value of Python shown as it is."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from blocs.enums import Milestone, Role
from reports.enums import RenderingState, SummaryReportState, UnitReportState
from tests.factories import make_milestone, make_summary_report, make_unit_report, make_user, members_of
from tests.screens import Page, make_paper, make_people, make_province, make_receipts, page_of

pytestmark = pytest.mark.django_db

ENGLISH = re.compile(
    r"\b(?:username|password|save[d]?|submit|log ?in|log ?out|sign ?in|sign ?out|e-?mail|delete[d]?|add(?:ed)?|change[d]?"
    r"|cancel|search|next|previous|home|error[s]?|field|required|enter|select(?:ed)?|choose|close|loading|yes|none|true"
    r"|false|and|the|this|that|of|for|with|please|correct|valid|invalid|page[s]?|file[s]?|report[s]?|unit[s]?|year|draft"
    r"|queued|running|done|failed|total|actions?|filter|view|history|today|forbidden|not found|server|lorem)\b",
    re.IGNORECASE,
)
PYTHON = re.compile(r"\{[{%]|%\}|<[A-Z]\w{1,30} |datetime\.|Decimal\(|\bobject at\b|__\w{1,30}__")

# Pages that a seat opens; what is in the address is taken from the province.
PAGES = {
    Role.BOARD_STAFF: [
        ("todo",), ("board",), ("bloc_list",), ("report_list",), ("movement_list",), ("bloc_detail", "bloc_year"),
        ("summary_report", "summary"), ("batch", "batch"), ("rendering_state", "rendering"), ("covenant", "bloc_year"),
        ("proposals", "bloc_year"), ("movement_detail", "movement"), ("account_logout",), ("board_years",),
        ("bloc_calendar", "bloc_year"),
    ],
    Role.BLOC_HEAD: [
        ("todo",), ("bloc_detail", "bloc_year"), ("summary_report", "summary"), ("covenant", "bloc_year"),
        ("target_add", "bloc_year"), ("target_edit", "bloc_year", "target"), ("target_delete", "bloc_year", "target"),
        ("target_result", "bloc_year", "target"), ("proposals", "bloc_year"),
        ("proposal_withdraw", "bloc_year", "proposal"), ("report_list",),
    ],
    Role.UNIT_LEADER: [("todo",), ("unit_report", "report"), ("bloc_detail", "bloc_year"), ("movement_list",)],
    Role.MOVEMENT_OWNER: [("todo",), ("movement_detail", "movement"), ("bloc_list",), ("report_list",)],
}  # fmt: skip


def leftovers(response):
    """English words and bare values among what the page shows or says."""
    page = page_of(response)
    text = "\n".join([page.text, *page.spoken])
    return sorted(set(ENGLISH.findall(text)) | set(PYTHON.findall(text)))


def signed_in(user):
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.mark.parametrize("role", PAGES)
def test_page_speaks_vietnamese(role):
    province = make_province()
    for code in (Milestone.COVENANT, Milestone.UNIT_REPORT, Milestone.SUMMARY_REPORT, Milestone.CONFERENCE):
        make_milestone(province.bloc_year, code, due="2026-01-10 17:00", locks="2099-01-10 17:00")
    make_receipts(province.bloc_year, None, "2026-01-09 08:00", "2026-01-11 08:00")
    browser, found = signed_in(make_people(province)[role]), {}

    for name, *words in PAGES[role]:
        response = browser.get(reverse(name, args=[getattr(province, word).pk for word in words]))
        assert (name, response.status_code) == (name, 200)
        found[name] = leftovers(response)

    assert found == {name: [] for name in found}


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
    ("name", "words", "data"),
    [
        ("unit_report_part", ["report", "leading"], {"text": "x", "version": "abc", "over": "abc"}),
        ("unit_report_part", ["report", "leading"], {}),
        ("unit_report_part", ["report", "leading"], {"text": "x" * 120_001, "version": 1}),
        ("unit_report_figure", ["report", "staff"], {"value": "abc"}),
        ("unit_report_figure", ["report", "staff"], {"value": "1" * 20}),
        ("unit_report_result", ["report", "target"], {"value": "abc", "note": "x" * 2001}),
        ("unit_report_result", ["report", "target"], {"value": "5", "note": "có ký tự rỗng \x00"}),
    ],
)
def test_refusal_speaks_vietnamese(name, words, data):
    province = make_province()
    browser = signed_in(make_user(Role.UNIT_LEADER, unit=province.units[0]))
    args = [getattr(province, word).pk if hasattr(province, word) else word for word in words]

    whole = browser.post(reverse(name, args=args), data)
    part = browser.post(reverse(name, args=args), data, HTTP_HX_REQUEST="true")

    assert [whole.status_code, part.status_code] == [422, 422]
    assert [leftovers(whole), leftovers(part)] == [[], []]


@pytest.mark.parametrize("data", [{}, {"login": "a", "password": "b"}, {"login": "x" * 500, "password": "\x00"}])
def test_sign_in_page_speaks_vietnamese(client, data):
    page, refused = client.get("/tai-khoan/dang-nhap/"), client.post("/tai-khoan/dang-nhap/", data)

    assert [leftovers(page), leftovers(refused)] == [[], []]


def test_page_that_is_not_there_speaks_vietnamese(client):
    anonymous = client.get("/khong-co/")
    client.force_login(make_user(Role.UNIT_LEADER))
    signed = client.get("/khong-co/")

    assert [anonymous.status_code, signed.status_code] == [404, 404]
    assert [leftovers(anonymous), leftovers(signed)] == [[], []]


@pytest.mark.parametrize("name", ["500.html", "403_csrf.html", "429.html"])
def test_error_template_speaks_vietnamese(name):
    text = re.sub(r"\{[{%].*?[%}]\}", "", Path("templates", name).read_text(encoding="utf-8"))

    assert ENGLISH.findall(Page(text).text) == []


def test_unit_report_read_by_the_board_speaks_vietnamese():
    report = make_unit_report(state=UnitReportState.SUBMITTED, whole=True)
    browser = signed_in(make_user(Role.BOARD_STAFF, bloc_year=report.bloc_year))

    found = [leftovers(browser.get(reverse("unit_report", args=[report.pk])))]
    browser.post(reverse("unit_report_step", args=[report.pk, "return"]), {"note": "Thiếu phụ lục."})
    found.append(leftovers(browser.get(reverse("bloc_detail", args=[report.bloc_year_id]))))

    assert found == [[], []]
    assert members_of(report.bloc_year)[0] == report.unit


# Not the index: its words for screen readers are Django's, whose Vietnamese is incomplete.
ADMIN_PAGES = ["blocs_user_changelist", "blocs_seat_changelist", "awards_awardkind_changelist", "password_change"]


@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_administrators_page_speaks_vietnamese(client, name):
    client.force_login(make_user(Role.ADMINISTRATOR))

    page = page_of(client.get(reverse(f"admin:{name}")))

    assert ENGLISH.findall(page.text) == []


def test_farewell_of_the_administrators_pages_speaks_vietnamese(client):
    client.force_login(make_user(Role.ADMINISTRATOR))

    assert leftovers(client.post(reverse("admin:logout"))) == []
