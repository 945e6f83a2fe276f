"""Every page speaks Vietnamese to every reader: what the tables of addresses open, what they refuse, what was done."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from blocs.enums import Role
from blocs.models import AuditEvent
from tests.screens import content_of
from tests.test_urls_and_roles import ADMIN_STATUS, EXPECTED, ROWS, address, form_of, make_rest, make_world
from tests.words import leftovers

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # every page of four roles; both databases say the same

# How many kinds of acts of theirs the trail must show at least, so that its page is worth reading.
KINDS = {Role.BOARD_STAFF: 25, Role.BLOC_HEAD: 25, Role.UNIT_LEADER: 10, Role.ADMINISTRATOR: 1}


class Reading:
    """One person's browser, and what the pages say that they should not: {fault: the first address with it}."""

    def __init__(self, user):
        self.browser, self.faults, self.pages, self.events = Client(), {}, 0, []
        self.browser.force_login(user)

    def get(self, url):
        self._read(url, self.browser.get(url))

    def post(self, url, data, *, lead_on=False):
        """The page that answers, or the one that it leads to. Nothing stays but what the trail says."""
        known = AuditEvent.objects.count()
        with transaction.atomic():
            response = self.browser.post(url, data)
            self.events += AuditEvent.objects.order_by("pk")[known:]
            if lead_on and response.status_code == 302 and response["Location"].startswith("/"):
                response = self.browser.get(response["Location"])
            self._read(f"{url} ←", response)
            transaction.set_rollback(True)

    def _read(self, url, response):
        content = content_of(response)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            self.pages += 1
            self.faults |= {fault: url for fault in leftovers(content.decode()) if fault not in self.faults}


def rows_of(role, method):
    """(name, address, rows of its place) of what this role may open or send."""
    places, people = make_world()
    make_rest(places["own"])
    found = [
        (key[0], address(key[0], words, places[key[2]]), places[key[2]])
        for key, words in ROWS.items()
        if key[1] == method and EXPECTED[key][role] in (200, 302, 422)
    ]
    return people[role], people[Role.BOARD_STAFF], found


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Đã lưu 1.234 dòng, đạt 12,5 %; ngày 01/02/2026, tệp danh-sach.xlsx</p>", []),
        ("<p>Delete</p><script>save()</script>", ["Delete"]),
        ('<input value="2026-02-01" name="x"><input type="date" value="2026-02-01">', ["a day of a database"]),
        ("<p>Đạt 12.5 %</p>", ["a decimal point"]),
        ("<p>Đổi vung.mien, due_at</p>", ["a name of the code"]),
        ("<p>unit-report</p>", ["unit-report"]),
        ('<img alt="&lt;Year: 1&gt;"><p>{{ x }}</p>', ["Year", "a tag of a template", "a value of Python"]),
        ("<p>&amp;nbsp;</p>", ["an escaped tag or sign"]),
    ],
)
def test_reader_finds_what_does_not_belong(html, found):
    assert sorted({fault.partition(":")[0] for fault in leftovers(html)}) == found


@pytest.mark.parametrize("role", KINDS)
def test_page_speaks_vietnamese(role):
    user, _, rows = rows_of(role, "GET")
    reading = Reading(user)

    for _, url, _ in rows:
        reading.get(url)

    assert reading.faults == {}
    assert reading.pages > 40


@pytest.mark.parametrize("role", KINDS)
def test_answer_and_trail_speak_vietnamese(role):
    """Each form as a person fills it in, as nobody should, and empty; then the trail of all that was done."""
    user, staff, rows = rows_of(role, "POST")
    reading = Reading(user)

    for name, url, place in rows:
        good = form_of(name, place)
        reading.post(url, good, lead_on=True)
        reading.post(url, dict.fromkeys(good, "abc.1"))
        reading.post(url, {})
    AuditEvent.objects.bulk_create(AuditEvent(**columns(event)) for event in reading.events)
    trail = Reading(staff)
    for number in range(1, AuditEvent.objects.count() // 50 + 2):
        trail.get(f"{reverse('audit_log')}?trang={number}")

    assert reading.faults | trail.faults == {}
    assert len({event.action for event in reading.events}) >= KINDS[role]


def columns(event):
    return {field.attname: getattr(event, field.attname) for field in event._meta.concrete_fields if field.name != "id"}


def test_administrators_tables_speak_vietnamese():
    places, people = make_world()
    make_rest(places["own"])
    reading = Reading(people[Role.ADMINISTRATOR])

    for table, verbs in ADMIN_STATUS.items():
        model = AuditEvent._meta.apps.get_model(table.replace("_", ".", 1))
        row = model._default_manager.order_by("pk").first()
        for verb in (verb for verb, status in verbs.items() if status == 200):
            reading.get(reverse(f"admin:{table}_{verb}", args=[] if verb in ("changelist", "add") else [row.pk]))

    assert reading.faults == {}
