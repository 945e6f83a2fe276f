"""Number, day and signed copy of a paper; the papers of a bloc in one place; words found inside reports."""

import os
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
from tests.screens import main_text

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


def test_report_is_not_signed_before_the_conference_adopted_it(bloc_year, head):
    make_summary_report(bloc_year, state="adopted", adopted_on=date(2026, 1, 21))
    paper = make_paper(bloc_year)

    with pytest.raises(RuleBroken, match=r"trước ngày hội nghị thông qua báo cáo \(21/01/2026\)"):
        issues.note(paper.pk, number="1/BC", dated=date(2026, 1, 20), by=head)
    assert issues.note(paper.pk, number="1/BC", dated=date(2026, 1, 21), by=head).number == "1/BC"


def test_number_of_another_paper_of_the_same_issuer_and_year_is_refused(bloc_year, head):
    first = issues.note(make_paper(bloc_year).pk, number="1/BC", dated=DAY, by=head)
    other = make_paper(bloc_year, "handover-minutes", "b")

    with pytest.raises(RuleBroken, match=f"Số 1/BC đã ghi cho văn bản khác: {first}"):
        issues.note(other.pk, number="1/bc", dated=DAY, by=head)
    row = issues.note(other.pk, number="2/BC", dated=DAY, by=head)
    with pytest.raises(RuleBroken, match="đã ghi cho văn bản khác"):
        issues.correct(row.pk, number="1/BC", dated=DAY, signer="", reason="x", by=head, opened=issues.opened_with(row))
    elsewhere = make_bloc_year(bloc_year.year)
    by = make_user(Role.BLOC_HEAD, bloc_year=elsewhere)
    assert issues.note(make_paper(elsewhere, mark="c").pk, number="1/BC", dated=DAY, by=by).number == "1/BC"


def test_shelf_says_that_a_text_was_opened_again_and_asks_for_no_number(client, bloc_year, head):
    report = make_summary_report(bloc_year, state="adopted", adopted_on=DAY)
    paper, shelf = make_paper(bloc_year), reverse("document_list", args=[bloc_year.pk])
    client.force_login(head)
    asked = reverse("paper_issue", args=[paper.pk])
    assert asked in client.get(shelf).content.decode()

    type(report).objects.filter(pk=report.pk).update(state="draft")

    shown = client.get(shelf).content.decode()
    assert (asked in shown, "chưa in lại" in shown) == (False, True)
    assert client.get(asked).status_code == 302


def test_number_is_given_once(bloc_year, head):
    paper = make_paper(bloc_year)
    issues.note(paper.pk, number="1/BC", dated=DAY, by=head)

    with pytest.raises(RuleBroken, match="đã có số 1/BC"):
        issues.note(paper.pk, number="2/BC", dated=DAY, by=head)


def test_print_that_was_asked_for_again_has_the_number_already(bloc_year, head):
    first, again = make_paper(bloc_year), make_paper(bloc_year)
    issues.note(first.pk, number="1/BC", dated=DAY, by=head)

    with pytest.raises(RuleBroken, match="đã có số 1/BC"):
        issues.note(again.pk, number="2/BC", dated=DAY, by=head)
    (shelf,) = library.shelves(head, bloc_year=bloc_year)
    ((holds, others),) = shelf.papers
    assert (holds, holds.issued.number, others) == (again, "1/BC", ())


def test_older_print_gets_a_number_only_when_it_is_confirmed_to_be_the_signed_one(client, bloc_year, head):
    client.force_login(head)
    old, new = make_paper(bloc_year), make_paper(bloc_year, mark="b")
    page, form = reverse("paper_issue", args=[old.pk]), {"number": "1/BC", "dated": "20/01/2026"}

    refused = client.post(page, form)

    assert (refused.status_code, Issue.objects.count()) == (422, 0)
    assert f"mã {new.code}" in refused.content.decode()
    assert client.post(page, form | {"is_this_print": "on"}).status_code == 302
    assert Issue.objects.get().rendering == old


def test_print_of_before_the_last_sending_gets_no_number_any_more(client, bloc_year):
    unit = members_of(bloc_year)[2]
    report = make_unit_report(bloc_year, unit=unit, state="submitted", submitted_at=timezone.now())
    old = make_paper(report, "unit-report", finished_at=timezone.now() - timedelta(days=2))
    make_paper(report, "unit-report", "b")
    leader = make_user(Role.UNIT_LEADER, unit=unit)

    with pytest.raises(WrongState, match="Nội dung đã đổi"):
        issues.note(old.pk, number="1/BC", dated=DAY, is_this_print=True, by=leader)
    client.force_login(leader)
    shown = client.get(reverse("document_list", args=[bloc_year.pk])).content.decode()
    assert reverse("paper_issue", args=[old.pk]) not in shown


def trail(action):
    event = AuditEvent.objects.get(action=action)
    return event.before, event.after, event.note


def test_wrong_number_is_mended_with_a_reason_and_stays_in_the_trail(client, bloc_year, head):
    client.force_login(head)
    row = issues.note(make_paper(bloc_year).pk, number="51/BC", dated=DAY, by=head)
    page, form = reverse("issue_correct", args=[row.pk]), {"number": "15/BC", "dated": "21/01/2026", "signer": ""}

    assert client.post(page, form | {"reason": " "}).status_code == 422
    assert client.post(page, form | {"reason": "Gõ nhầm"}).status_code == 302

    row.refresh_from_db()
    assert (row.number, row.dated) == ("15/BC", date(2026, 1, 21))
    before, after, note = trail("paper.correct_issue")
    assert (before["number"], after["number"], note) == ("51/BC", "15/BC", "Gõ nhầm")
    with pytest.raises(RuleBroken, match="vẫn như cũ"):
        issues.correct(row.pk, number="15/BC", dated=row.dated, signer="", reason="x", by=head)


def test_of_two_who_mend_one_number_the_second_is_shown_both_and_chooses(client, bloc_year, head):
    row = issues.note(make_paper(bloc_year).pk, number="15/BC", dated=DAY, signer="Khối trưởng", copy=None, by=head)
    client.force_login(head)
    address = reverse("issue_correct", args=[row.pk])
    opened = client.get(address).context["form"].initial["opened"]
    issues.correct(row.pk, number="16/BC", dated=DAY, signer="Khối trưởng", reason="Nhầm số", by=head)
    form = {"number": "15/BC", "dated": "21/01/2026", "signer": "Khối trưởng", "reason": "Nhầm ngày", "opened": opened}
    response = client.post(address, form)
    assert (response.status_code, Issue.objects.get().number) == (409, "16/BC")
    assert "16/BC" in main_text(response)
    assert client.post(address, form | {"over": response.context["conflict"].version}).status_code == 302
    assert Issue.objects.get().dated == date(2026, 1, 21)


def test_number_and_copy_are_taken_back_with_a_reason_and_stay_in_the_trail(client, bloc_year, head):
    client.force_login(head)
    copies = [attachments.judge("a.pdf", PDF), attachments.judge("b.pdf", PDF + b"!")]
    paper = make_paper(bloc_year)
    row = issues.note(paper.pk, number="1/BC", dated=DAY, copy=copies[0], by=head)
    wrong = issues.add_copy(row.pk, copies[1], by=head)

    assert client.post(reverse("copy_withdraw", args=[wrong.pk]), {"reason": "Nhầm tệp"}).status_code == 302
    assert [copy.name for copy in row.copies.all()] == ["a.pdf"]
    assert trail("paper.withdraw_copy")[0] == {"name": "b.pdf", "sha256": wrong.sha256}

    page = reverse("issue_withdraw", args=[row.pk])
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "Nhầm văn bản"}).status_code == 302
    assert (Issue.objects.count(), SignedCopy.objects.count()) == (0, 0)
    before, _, note = trail("paper.withdraw_issue")
    assert (before["number"], before["copies"][0][:5], note) == ("1/BC", "a.pdf", "Nhầm văn bản")
    assert issues.note(paper.pk, number="2/BC", dated=DAY, by=head).number == "2/BC"


def test_of_two_who_take_the_same_back_the_second_is_told(bloc_year, head):
    row = issues.note(make_paper(bloc_year).pk, number="1/BC", dated=DAY, copy=attachments.judge("a", PDF), by=head)
    copy = row.copies.get()
    issues.withdraw_copy(copy.pk, reason="x", by=head)
    with pytest.raises(RuleBroken, match="vừa được người khác rút"):
        issues.withdraw_copy(copy.pk, reason="x", by=head)
    issues.withdraw(row.pk, reason="x", by=head)
    with pytest.raises(RuleBroken, match="vừa được người khác rút"):
        issues.withdraw(row.pk, reason="x", by=head)


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


def test_full_disk_is_told_on_the_page_and_no_number_is_noted(client, bloc_year, head, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    client.force_login(head)
    page = reverse("paper_issue", args=[make_paper(bloc_year).pk])
    form = {"number": "15/BC", "dated": "20/01/2026", "copy": SimpleUploadedFile("a.pdf", PDF)}
    monkeypatch.setattr(os, "fsync", full)

    response = client.post(page, form)

    assert (response.status_code, Issue.objects.count()) == (422, 0)
    assert "Máy chủ không ghi được tệp" in response.content.decode()


# ---------------------------------------------------------------- all papers in one place


def test_newest_print_stands_first_and_an_issued_one_before_it(bloc_year, head):
    old = make_paper(bloc_year)
    make_paper(bloc_year, mark="b")
    again = make_paper(bloc_year, mark="b")
    (shelf,) = library.shelves(head, bloc_year=bloc_year)
    assert shelf.papers == ((again, (old,)),)

    issues.note(old.pk, number="1/BC", dated=DAY, is_this_print=True, by=head)

    (shelf,) = library.shelves(head, bloc_year=bloc_year)
    assert shelf.papers == ((old, (again,)),)


def test_drafts_of_a_unit_are_on_its_own_shelf_only(bloc_year, head):
    report = make_unit_report(bloc_year, unit=members_of(bloc_year)[2])
    paper = make_paper(report, "unit-report", is_draft=True)
    own = make_user(Role.UNIT_REPORTER, unit=members_of(bloc_year)[2])

    assert [shelf.papers for shelf in library.shelves(own, bloc_year=bloc_year)] == [((paper, ()),)]
    assert library.shelves(head, bloc_year=bloc_year) == []


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

    of_units, of_blocs, _ = library.passages(head, "cay XANH", most=20)

    assert [(found.report, found.text) for found in of_units] == [(sent, "Đã trồng 1.200 cây xanh ven đường.")]
    assert [found.report for found in of_blocs] == [summary]
    assert library.passages(make_user(), "cay xanh", most=20) == [[], [], []]


def test_long_passage_is_cut_around_the_word(bloc_year, head):
    report = make_unit_report(bloc_year, state="submitted")
    report.parts.create(code="x", paragraphs=["a" * 500 + " điển hình " + "b" * 500])

    (found,), *_ = library.passages(head, "dien hinh", most=20)

    assert (found.text[0], found.text[-1], "điển hình" in found.text, len(found.text) < 200) == ("…", "…", True, True)


def test_search_page_shows_the_passage(client, bloc_year, head):
    client.force_login(head)
    report = make_unit_report(bloc_year, state="submitted")
    report.parts.create(code="x", paragraphs=["Mô hình tiết kiệm điện."])

    shown = client.get(reverse("search"), {"q": "tiet kiem dien"}).content.decode()

    assert "Trong lời báo cáo" in shown
    assert "Mô hình tiết kiệm điện." in shown


# ---------------------------------------------------------------- papers of no bloc


def test_papers_of_the_year_stand_together_with_number_and_signed_copy(client, bloc_year):
    year = bloc_year.year
    board = make_user(Role.BOARD_STAFF, authority=year.authority)
    client.force_login(board)
    paper = make_paper(year, "province-report")
    page = reverse("year_documents", args=[year.pk])
    assert reverse("paper_issue", args=[paper.pk]) in client.get(page).content.decode()
    form = {"number": "9/BC-UBND", "dated": "20/01/2026", "copy": SimpleUploadedFile("Bản ký.pdf", PDF)}

    assert client.post(reverse("paper_issue", args=[paper.pk]), form).url == page

    shown, row = client.get(page).content.decode(), Issue.objects.get()
    assert "9/BC-UBND" in shown
    for name, pk in (("paper_copy", row.pk), ("issue_correct", row.pk), ("signed_copy", row.copies.get().pk)):
        assert reverse(name, args=[pk]) in shown
