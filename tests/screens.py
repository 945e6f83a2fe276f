"""What the tests of the pages share: a small province with everything in it, and a page as a reader sees it."""

import re
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.utils import timezone

from blocs.domain import obligations
from blocs.enums import Milestone, Role
from blocs.models import Authority, BlocYear, Covenant, Membership, Receipt, Signature, Target, UnitYear, Year
from movements.models import Movement
from reports.domain import renderings
from reports.enums import DocumentKind, RenderingState, UnitReportState
from reports.models import Rendering, RenderingBatch, SummaryReport, UnitReport
from tests.factories import (
    at,
    make_bloc_year,
    make_movement,
    make_proposal,
    make_quota,
    make_rendering,
    make_summary_report,
    make_target,
    make_unit_report,
    make_user,
    make_year,
    members_of,
)

NOBODY = "nobody"  # a user without any seat
HTMX = {"HTTP_HX_REQUEST": "true"}


@dataclass(frozen=True)
class Province:
    """One authority's year with two blocs; the rows are of the first bloc, the unit's report of its first unit."""

    year: Year
    bloc_year: BlocYear
    other: BlocYear
    units: list[UnitYear]
    report: UnitReport
    summary: SummaryReport
    target: Target
    movement: Movement
    proposal: object
    rendering: Rendering
    batch: RenderingBatch

    @property
    def authority(self) -> Authority:
        return self.year.authority

    @property
    def membership(self) -> Membership:
        return self.bloc_year.memberships.get(unit=self.units[0])


def make_province(*, report_state=UnitReportState.DRAFT):
    """The movement is run by the third member unit; the paper is done and its file is there."""
    year = make_year()
    bloc_year, other = make_bloc_year(year), make_bloc_year(year)
    units = members_of(bloc_year)
    target = make_target(bloc_year)
    rendering = make_paper(bloc_year)
    batch = RenderingBatch.objects.create(year=year)
    batch.renderings.add(rendering)
    make_quota(bloc_year, max=2)
    return Province(
        year=year,
        bloc_year=bloc_year,
        other=other,
        units=units,
        report=make_unit_report(bloc_year, state=report_state, whole=True),
        summary=make_summary_report(bloc_year, whole=True),
        target=target,
        movement=make_movement(owner=units[2]),
        proposal=make_proposal(bloc_year, units[0]),
        rendering=rendering,
        batch=batch,
    )


def make_paper(bloc_year, *, state=RenderingState.DONE, content=b"%PDF-1.7 made for a test", **columns):
    """A paper of the bloc; a finished one has its file, named by its content."""
    now = timezone.now()
    defaults = {}
    if state == RenderingState.DONE:
        name = f"{bloc_year.pk}-{len(content)}.pdf"
        defaults = {"file": f"papers/{name}", "sha256": "0" * 64, "pages": 1, "finished_at": now}
    if state == RenderingState.FAILED:
        defaults = {"error": "Không ghi được tệp.", "finished_at": now}
    rendering = make_rendering(DocumentKind.SUMMARY_REPORT, bloc_year, state=state, **(defaults | columns))
    if rendering.file:
        path = renderings.path_of(rendering)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return rendering


def make_receipts(bloc_year, *moments, kind=Milestone.UNIT_REPORT):
    """``"2026-11-20 17:00"`` in Vietnam for the first unit, the next for the second, …; None where nothing came in."""
    for position, (unit, moment) in enumerate(zip(members_of(bloc_year), moments, strict=False)):
        if moment:
            Receipt.objects.create(bloc_year=bloc_year, unit=unit, kind=kind, at=at(moment), position=position)
    obligations.renew_bloc(bloc_year.pk)


def sign_covenant(bloc_year, *units, signed_on):
    covenant, _ = Covenant.objects.update_or_create(bloc_year=bloc_year, defaults={"signed_on": signed_on})
    for position, unit in enumerate(units):
        Signature.objects.create(covenant=covenant, unit=unit, position=position)
    obligations.renew_bloc(bloc_year.pk)


def make_people(province):
    """{role or ``NOBODY``: a user with that one seat in the province}; units' seats are at the first member, owners'
    at the unit that runs the movement."""
    people = {
        role: make_user(role, bloc_year=province.bloc_year) for role in Role.values if role != Role.MOVEMENT_OWNER
    }
    people[Role.MOVEMENT_OWNER] = make_user(Role.MOVEMENT_OWNER, unit=province.units[2])
    people[NOBODY] = make_user()
    return people


def recently_confirmed(client):
    """The signed-in client has just given its password again: views that ask for it let it through."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


# ---------------------------------------------------------------- reading a page


@dataclass
class Button:
    """``why`` is the text of the element that describes the button, ``action`` the address of its form."""

    action: str
    is_disabled: bool
    described_by: str
    pieces: list[str] = field(default_factory=list)
    why: str = ""

    @property
    def words(self):
        return _joined(self.pieces)


WRITTEN = ("text", "search", "tel", "submit", "button")  # inputs whose value stands on the page as it is


class Page(HTMLParser):
    """The visible text of a page, what its attributes say or fields hold (``spoken``), and its buttons."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.pieces, self.spoken, self.buttons = [], [], []
        self._open, self._by_id, self._action, self._button = [], {}, "", None
        self.feed(html)
        self.close()
        self.text = _joined(self.pieces)
        for button in self.buttons:
            button.why = _joined(self._by_id.get(button.described_by, []))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.spoken += [values[name] for name in ("title", "aria-label", "placeholder", "alt") if values.get(name)]
        if tag == "input" and values.get("type", "text") in WRITTEN and values.get("value"):
            self.spoken.append(values["value"])
        if tag == "form":
            self._action = values.get("action", "")
        if tag == "button":
            self._button = Button(self._action, "disabled" in values, values.get("aria-describedby", ""))
            self.buttons.append(self._button)
        if tag not in {"input", "link", "meta", "br", "hr", "img"}:
            self._open.append((tag, values.get("id")))

    def handle_endtag(self, tag):
        if tag == "button":
            self._button = None
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if {"script", "style"} & {tag for tag, _ in self._open}:
            return
        self.pieces.append(data)
        if self._button:
            self._button.pieces.append(data)
        for _, name in self._open:
            if name:
                self._by_id.setdefault(name, []).append(data)


def _joined(pieces):
    return re.sub(r"\s+", " ", " ".join(pieces)).strip()


def content_of(response):
    """The bytes of an answer, also of one that is sent piece by piece."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def page_of(response):
    return Page(response.content.decode())


def main_text(response):
    """The words between the masthead and the footer."""
    return Page(re.search(r"<main[^>]*>(.*)</main>", response.content.decode(), re.DOTALL)[1]).text


def messages_of(response):
    """The notices at the top of the page that a redirect led to."""
    found = re.findall(r'<div class="notice [^"]*" role="status">(.*?)</div>', response.content.decode(), re.DOTALL)
    return [Page(html).text for html in found]
