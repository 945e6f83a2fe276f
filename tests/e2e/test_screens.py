"""What a phone and the projector of a hall show without being pushed about, and what axe finds on the pages."""

from datetime import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse

from blocs.domain import attendance, conferences
from blocs.enums import Role
from blocs.models import BlocYear, UnitYear, User
from reports.domain import unit_reports
from reports.models import SummaryReport
from tests.factories import make_bloc_year, make_user, make_year, members_of
from tests.meeting_rows import make_meeting

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PHONE, HALL = {"width": 390, "height": 844}, {"width": 1280, "height": 720}
WIDE = "() => document.documentElement.scrollWidth - innerWidth"
SMALL = """() => [...document.querySelectorAll("main .btn, main select, main input, main textarea, header select, header .btn")]
  .filter((one) => !["hidden", "checkbox", "radio"].includes(one.type) && one.checkVisibility() && one.clientWidth > 1)
  .map((one) => [one.name || one.innerText, one.getBoundingClientRect().width, one.getBoundingClientRect().height])
  .filter(([, width, height]) => width < 40 || height < 40)"""
OUTSIDE = """() => [...document.querySelectorAll(".projector .present, .projector .qr, .projector li")]
  .filter((one) => { const at = one.getBoundingClientRect(), card = one.closest(".card").getBoundingClientRect();
    return at.bottom > Math.min(innerHeight, card.bottom) || at.right > Math.min(innerWidth, card.right) || !at.height; })
  .map((one) => one.innerText)"""


@pytest.fixture
def opened(browser, live_server):
    """``opened(user, size)`` -> a page of that user, who has signed in already."""
    contexts = []

    def page(user, size):
        client = Client()
        client.force_login(user)
        context = browser.new_context(viewport=size, locale="vi-VN")
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "sessionid", "value": client.session.session_key, "url": live_server.url}])
        contexts.append(context)
        return context.new_page()

    yield page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", ["khoitruong", "donvi"])
def test_pages_of_the_phone_are_as_wide_as_it_and_large_enough_to_press(sign_in, live_server, name):
    page, found = sign_in(name, width=PHONE["width"]), {}
    bloc_year = BlocYear.objects.get(bloc__code="hoi-dac-thu", year__label="2026")
    place = [bloc_year.pk]
    head = User.objects.get(username="khoitruong")
    membership = bloc_year.memberships.get(unit__unit__code="hoi-nha-bao")
    own = unit_reports.open_report(membership, by=User.objects.get(username="donvi"))
    meeting = make_meeting(bloc_year, state="running", by=head, kind="covenant")
    summary = SummaryReport.objects.get(bloc_year=bloc_year)
    pages = [
        *map(reverse, ["todo", "bloc_list", "movement_list", "conference_list", "report_list", "my_profile"]),
        *(
            reverse(name, args=place)
            for name in ["bloc_detail", "covenant", "bloc_calendar", "document_list", "handover"]
        ),
        reverse("conference", args=[meeting.pk]),
        reverse("summary_report", args=[summary.pk]),
        *([reverse("unit_report", args=[own.pk])] if name == "donvi" else []),
        f"{reverse('search')}?q=hoi",
        reverse("verify"),
    ]

    for address in pages:
        assert page.goto(live_server.url + address).status == 200, address
        found[address] = (max(page.evaluate(WIDE), 0), page.evaluate(SMALL), faults(page))

    assert found == dict.fromkeys(pages, (0, [], []))


def faults(page):
    """Contrast, names of fields and buttons, order of headings, landmarks: what axe tests by itself."""
    found = Axe().run(page).response["violations"]
    return [(fault["id"], node["html"]) for fault in found for node in fault["nodes"]]


@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("chuyenvien", ["todo", "board", "board_years", "organisation", "outbox", "audit_log", "rule_set_list", "year_list"]),
        ("quantri", ["todo", "people", "admin:index", "admin:blocs_unit_changelist"]),
        ("khoitruong2", ["todo", "bloc_list", "report_list", "upload_list", "message_list"]),
    ],
)  # fmt: skip
def test_pages_of_the_desk_have_no_fault_that_axe_finds(sign_in, live_server, name, pages):
    page = sign_in(name)
    found = {address: (page.goto(live_server.url + reverse(address)).status, faults(page)) for address in pages}
    assert found == dict.fromkeys(pages, (200, []))


@pytest.mark.parametrize("runs", [True, False], ids=["who runs it, with the code", "a member"])
def test_screen_of_the_hall_holds_twenty_five_units_at_once(opened, live_server, runs):
    year = make_year()
    bloc_year = make_bloc_year(year, members=25)
    for unit in members_of(bloc_year)[::2]:
        UnitYear.objects.filter(pk=unit.pk).update(name="Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh", short_name="")
    head = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    meeting = make_meeting(bloc_year, state="running", by=head)
    agenda = [(time(8 + number), "Trình bày dự thảo báo cáo tổng kết", "Khối trưởng") for number in range(8)]
    conferences.set_agenda(meeting.pk, agenda, by=head)
    for unit in members_of(bloc_year)[:17]:
        attendance.note(meeting.pk, unit.pk, by=head)
    page = opened(head if runs else make_user(Role.UNIT_LEADER, unit=members_of(bloc_year)[1]), HALL)

    page.goto(live_server.url + reverse("projector", args=[meeting.pk]))

    assert page.locator(".projector .who li").count() == 25
    assert page.locator(".projector .qr").count() == runs
    assert page.get_by_role("navigation").count() == 0
    assert page.evaluate("document.documentElement.scrollHeight") <= HALL["height"]
    assert page.evaluate(OUTSIDE) == []
    assert page.locator(".present").bounding_box()["height"] >= 80
