"""Beside the prints on a bloc's shelf: what people attached, and what can be made; each as far as one may read it."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from blocs.domain import attachments, conferences
from blocs.enums import Role
from blocs.models import Covenant, CovenantPaper, ResultEvidence, TargetResult
from reports.domain import shelf_rest
from reports.models import Rendering, ReportAttachment
from tests.blocs.test_attachments import office, picture
from tests.factories import make_bloc_year, make_rendering, make_target, make_unit_report, make_user, members_of
from tests.meeting_rows import make_meeting
from tests.screens import main_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc_year():
    return make_bloc_year()


@pytest.fixture
def head(bloc_year):
    return make_user(Role.BLOC_HEAD, bloc_year=bloc_year)


def stored(model, name, **columns):
    return model.objects.create(
        name=name, media_type="application/pdf", size=9, sha256="0" * 64, added_by=make_user(), **columns
    )


def make_files(bloc_year, head):
    """A file of each sort; of unit 2 one in a draft, and one of unit 1 in a sent report."""
    first, second = members_of(bloc_year)[1:3]
    target = make_target(bloc_year)
    stored(CovenantPaper, "giao-uoc.pdf", covenant=Covenant.objects.get(bloc_year=bloc_year))
    for unit, state in ((first, "submitted"), (second, "draft")):
        report = make_unit_report(bloc_year, unit=unit, state=state)
        stored(ReportAttachment, f"kem-{state}.pdf", report=report)
        result = TargetResult.objects.create(target=target, of=unit, is_draft=state == "draft")
        stored(ResultEvidence, f"chung-{state}.pdf", result=result)
    meeting = make_meeting(bloc_year, by=head)
    conferences.add_picture(meeting.pk, attachments.judge("anh.png", picture()), caption="Toàn cảnh", by=head)


def names(user, place):
    return {row.file.name for _, rows in shelf_rest.files(user, place) for row in rows}


def test_files_stand_on_the_shelf_as_far_as_one_may_read_them(client, bloc_year, head):
    make_files(bloc_year, head)
    common = {"giao-uoc.pdf", "anh.png", "chung-submitted.pdf"}
    drafts = {"kem-draft.pdf", "chung-draft.pdf"}
    own = make_user(Role.UNIT_REPORTER, unit=members_of(bloc_year)[2])

    assert names(head, bloc_year) == common | {"kem-submitted.pdf"}
    assert names(own, bloc_year) == common | drafts
    client.force_login(own)
    shown = client.get(reverse("document_list", args=[bloc_year.pk])).content.decode()
    for _, rows in shelf_rest.files(own, bloc_year):
        for row in rows:
            assert f'href="{reverse(row.address[0], args=row.address[1:])}"' in shown


@pytest.mark.parametrize(("content", "how"), [(b"%PDF-1.7 x", "inline"), (office(Document), "attachment")])
def test_scans_open_in_the_browser_and_office_files_are_saved(client, bloc_year, head, content, how):
    client.force_login(head)
    report = make_unit_report(bloc_year, state="submitted")
    judged, columns = attachments.judge("a", content), {"target": report, "report": report}
    with transaction.atomic():
        row = attachments.attach(ReportAttachment, judged, by=head, action="unit_report.attach", **columns)

    response = client.get(reverse("unit_report_file", args=[report.pk, row.pk]))

    assert response.headers["Content-Disposition"].startswith(how)
    assert b"".join(response.streaming_content) == content


def test_sent_reports_that_were_never_printed_stand_there_with_their_button(client, bloc_year, head):
    client.force_login(head)
    page = reverse("document_list", args=[bloc_year.pk])
    reports = [make_unit_report(bloc_year, unit=unit, state="accepted") for unit in members_of(bloc_year)]
    make_unit_report(make_bloc_year(), state="accepted")
    assert "Chưa có văn bản nào" not in main_text(client.get(page))
    assert [row.place for row in shelf_rest.unmade(head, bloc_year)] == [f"bao-cao-{row.pk}" for row in reports]

    asked = reverse("rendering_request", args=["unit-report", f"bao-cao-{reports[0].pk}"])
    assert client.post(asked, {"next": page}).url == page

    assert [row.is_under_way for row in shelf_rest.unmade(head, bloc_year)] == [True, False, False]
    Rendering.objects.update(state="done", file="x", sha256="x", finished_at="2026-11-20T08:00Z")
    assert len(shelf_rest.unmade(head, bloc_year)) == 2


def test_papers_of_the_year_that_can_be_made(bloc_year):
    year = bloc_year.year
    board = make_user(Role.BOARD_STAFF, authority=year.authority)
    council = make_user(Role.COUNCIL_MEMBER, authority=year.authority)

    assert [row.kind for row in shelf_rest.unmade(board, year)] == ["division-decision"]
    assert shelf_rest.unmade(council, year) == []


def test_shelf_costs_the_same_for_one_and_three_of_each(client, bloc_year, head):
    client.force_login(head)
    found, target = [], make_target(bloc_year)
    for unit in members_of(bloc_year):
        report = make_unit_report(bloc_year, unit=unit, state="submitted")
        stored(ReportAttachment, "a.pdf", report=report)
        result = TargetResult.objects.create(target=target, of=unit)
        stored(ResultEvidence, "b.pdf", result=result)
        conferences.add_picture(
            make_meeting(bloc_year, by=head).pk, attachments.judge("c", picture()), caption="", by=head
        )
        done = {"state": "done", "file": "x", "sha256": "x", "finished_at": report.submitted_at, "pages": 1}
        make_rendering("unit-report", report, **done)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("document_list", args=[bloc_year.pk])).status_code == 200
        found.append(len(queries))

    assert found == [found[0]] * 3
