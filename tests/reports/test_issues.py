"""Number, day and signed copy of a paper; the papers of a bloc in one place; words found inside reports."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from blocs.domain import attachments
from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent
from reports.domain import issues, library
from reports.models import Issue, SignedCopy
from tests.factories import (
    make_bloc_year,
    make_rendering,
    make_summary_report,
    make_unit_report,
    make_user,
    members_of,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 signed and sealed"
DAY = date(2026, 1, 20)


@pytest.fixture
def bloc_year():
    return make_bloc_year()


@pytest.fixture
def head(bloc_year):
    return make_user(Role.BLOC_HEAD, bloc_year=bloc_year)


def make_paper(thing, kind="summary-report", mark="a", **columns):
    done = {"state": "done", "file": "x", "sha256": mark * 64, "fingerprint": mark * 64, "pages": 2}
    done |= {"code": f"{mark.upper() * 4}-0000-0000", "finished_at": timezone.now()}
    return make_rendering(kind, thing, **(done | columns))


# ---------------------------------------------------------------- number, day, signed copy


def test_paper_gets_its_number_and_its_signed_copy(bloc_year, head):
    paper = make_paper(bloc_year)

    row = issues.note(
        paper.pk, number=" 15/BC-HNB ", dated=DAY, signer="Khối trưởng", copy=attachments.judge("k.pdf", PDF), by=head
    )

    copy = SignedCopy.objects.get()
    assert (row.number, row.dated, copy.issue, copy.name) == ("15/BC-HNB", DAY, row, "k.pdf")
    assert attachments.path_of(copy).read_bytes() == PDF
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["paper.issue", "paper.signed_copy"]


@pytest.mark.parametrize(
    ("columns", "form", "error"),
    [
        ({"is_draft": True}, {}, WrongState),
        ({"state": "queued"}, {}, WrongState),
        ({}, {"number": "  "}, RuleBroken),
        ({}, {"dated": timezone.localdate() + timedelta(days=1)}, RuleBroken),
    ],
    ids=["draft", "unfinished", "no number", "future"],
)
def test_number_is_refused(bloc_year, head, columns, form, error):
    paper = make_paper(bloc_year, **columns)

    with pytest.raises(error):
        issues.note(paper.pk, by=head, **({"number": "1/BC", "dated": DAY} | form))
    assert (Issue.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_number_is_given_once(bloc_year, head):
    paper = make_paper(bloc_year)
    issues.note(paper.pk, number="1/BC", dated=DAY, by=head)

    with pytest.raises(RuleBroken, match="đã có số 1/BC"):
        issues.note(paper.pk, number="2/BC", dated=DAY, by=head)


@pytest.mark.parametrize("role", Role)
def test_who_gives_a_number_to_papers_of_a_bloc_and_of_a_unit(bloc_year, role):
    unit = members_of(bloc_year)[2]
    report = make_unit_report(bloc_year, unit=unit, state="submitted")
    user = make_user(role, bloc_year=bloc_year, unit=unit)
    may = []
    for paper in (make_paper(bloc_year), make_paper(report, "unit-report", "b")):
        try:
            issues.note(paper.pk, number="1/BC", dated=DAY, by=user)
            may.append(True)
        except NotAllowed:
            may.append(False)

    assert may == [
        role in (Role.BOARD_STAFF, Role.BLOC_HEAD, Role.BLOC_DEPUTY),
        role in (Role.UNIT_REPORTER, Role.UNIT_LEADER),
    ]


def test_copy_comes_by_the_page_and_is_given_back(client, bloc_year, head):
    client.force_login(head)
    paper = make_paper(bloc_year)
    form = {"number": "15/BC", "dated": "20/01/2026", "copy": SimpleUploadedFile("Bản ký.pdf", PDF)}

    response = client.post(reverse("paper_issue", args=[paper.pk]), form)

    copy = SignedCopy.objects.get()
    assert response.url == reverse("document_list", args=[bloc_year.pk])
    assert b"".join(client.get(reverse("signed_copy", args=[copy.pk])).streaming_content) == PDF


@pytest.mark.parametrize("content", [b"MZ not a scan", b""])
def test_wrong_copy_is_told_and_nothing_is_kept(client, bloc_year, head, content):
    client.force_login(head)
    form = {"number": "15/BC", "dated": "20/01/2026", "copy": SimpleUploadedFile("a.pdf", content)}

    response = client.post(reverse("paper_issue", args=[make_paper(bloc_year).pk]), form)

    assert (response.status_code, Issue.objects.count()) == (422, 0)


# ---------------------------------------------------------------- all papers in one place


def test_newest_print_stands_first_and_an_issued_one_before_it(bloc_year, head):
    old, new = make_paper(bloc_year), make_paper(bloc_year, mark="b")
    again = make_paper(bloc_year, mark="b")
    (shelf,) = library.shelves(head, bloc_year)
    assert shelf.papers == ((again, (old,)),)

    issues.note(old.pk, number="1/BC", dated=DAY, by=head)

    (shelf,) = library.shelves(head, bloc_year)
    assert (shelf.papers, new in shelf.papers[0][1]) == (((old, (again,)),), False)


def test_drafts_of_a_unit_are_on_its_own_shelf_only(bloc_year, head):
    report = make_unit_report(bloc_year, unit=members_of(bloc_year)[2])
    paper = make_paper(report, "unit-report", is_draft=True)
    own = make_user(Role.UNIT_REPORTER, unit=members_of(bloc_year)[2])

    assert [shelf.papers for shelf in library.shelves(own, bloc_year)] == [((paper, ()),)]
    assert library.shelves(head, bloc_year) == []


def test_shelves_cost_the_same_for_one_and_three(client, bloc_year, head):
    client.force_login(head)
    found = []
    for unit in members_of(bloc_year):
        report = make_unit_report(bloc_year, unit=unit, state="submitted")
        issues.note(
            make_paper(report, "unit-report").pk, number="1", dated=DAY, by=make_user(Role.UNIT_LEADER, unit=unit)
        )
        make_paper(report, "unit-report", "b")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("document_list", args=[bloc_year.pk])).status_code == 200
        found.append(len(queries))

    assert found == [found[0]] * 3


# ---------------------------------------------------------------- words inside reports


def test_words_are_found_inside_reports_with_rights_first(bloc_year, head):
    mine, theirs = members_of(bloc_year)[:2]
    sent = make_unit_report(bloc_year, unit=mine, state="submitted")
    draft = make_unit_report(bloc_year, unit=theirs, state="draft")
    for report in (sent, draft):
        report.parts.create(code="tasks-2", paragraphs=["Dòng đầu.", "Đã trồng 1.200 cây xanh ven đường."])
    summary = make_summary_report(bloc_year)
    summary.parts.create(code="results", paragraphs=["Toàn khối trồng 9.000 cây xanh."])

    of_units, of_blocs = library.passages(head, "cay XANH", most=20)

    assert [(found.report, found.text) for found in of_units] == [(sent, "Đã trồng 1.200 cây xanh ven đường.")]
    assert [found.report for found in of_blocs] == [summary]
    assert library.passages(make_user(), "cay xanh", most=20) == [[], []]


def test_long_passage_is_cut_around_the_word(bloc_year, head):
    report = make_unit_report(bloc_year, state="submitted")
    report.parts.create(code="x", paragraphs=["a" * 500 + " điển hình " + "b" * 500])

    (found,), _ = library.passages(head, "dien hinh", most=20)

    assert (found.text[0], found.text[-1], "điển hình" in found.text, len(found.text) < 200) == ("…", "…", True, True)


def test_search_page_shows_the_passage(client, bloc_year, head):
    client.force_login(head)
    report = make_unit_report(bloc_year, state="submitted")
    report.parts.create(code="x", paragraphs=["Mô hình tiết kiệm điện."])

    shown = client.get(reverse("search"), {"q": "tiet kiem dien"}).content.decode()

    assert "Trong lời báo cáo" in shown
    assert "Mô hình tiết kiệm điện." in shown
