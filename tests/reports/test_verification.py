"""Is a paper genuine: by its code, by its file, before and after a newer one; and what the public page gives away."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from blocs.domain import audit
from blocs.errors import WrongState
from blocs.models import Amendment, Covenant
from reports.domain import issues, verification
from reports.domain.papers import seals
from reports.domain.verification import Verdict
from reports.models import Issue, ProvinceReport, SignedCopy
from tests.factories import (
    make_bloc_year,
    make_rendering,
    make_summary_report,
    make_unit_report,
    make_user,
)

pytestmark = pytest.mark.django_db
MARKS = {"old": "a" * 64, "new": "b" * 64}


@pytest.fixture
def bloc_year():
    return make_bloc_year(name="Khối thi đua các Hội")


def make_paper(thing, mark, *, age=0, kind="summary-report", **columns):
    fingerprint = MARKS[mark]
    return make_rendering(
        kind,
        thing,
        state="done",
        file=f"papers/{mark}.pdf",
        sha256=fingerprint[::-1].replace("a", "1").replace("b", "2"),
        fingerprint=fingerprint,
        code=seals.code_of(fingerprint),
        finished_at=timezone.now() - timedelta(days=age),
        **columns,
    )


def issue(paper, number="15/BC-HNB"):
    return Issue.objects.create(rendering=paper, number=number, dated=date(2026, 12, 20), noted_by=make_user())


def test_codes_are_told_apart_and_follow_from_the_paper():
    codes = {seals.code_of(f"{number:064x}") for number in range(500)}

    assert len(codes) == 500
    assert seals.code_of(MARKS["old"]) == seals.code_of(MARKS["old"])
    assert all(seals.tidy(code) == code for code in codes)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7qk2-m0xd-93tb", "7QK2-M0XD-93TB"),
        (" 7QK2 M0XD 93TB ", "7QK2-M0XD-93TB"),
        ("7QK2M0XD93TB", "7QK2-M0XD-93TB"),
        ("7QK2-MOXD-93TB", "7QK2-M0XD-93TB"),
        ("7QK2-M0XD", ""),
        ("7QK2-M0XD-93T!", ""),
        ("", ""),
    ],
)
def test_code_is_read_as_people_type_it(typed, code):
    assert seals.tidy(typed) == code


def test_newest_paper_is_genuine_and_the_older_replaced(bloc_year):
    old, new = make_paper(bloc_year, "old", age=2), make_paper(bloc_year, "new", age=1)

    assert verification.by_code(new.code).verdict == Verdict.GENUINE
    assert verification.by_code(old.code).verdict == Verdict.REPLACED
    assert verification.by_digest(old.sha256).verdict == Verdict.REPLACED
    assert verification.by_code("0000-0000-0000").verdict == Verdict.UNKNOWN


def test_issued_paper_holds_against_a_newer_print_of_what_drifted(bloc_year):
    old, new = make_paper(bloc_year, "old", age=2), make_paper(bloc_year, "new", age=1)
    issue(old)

    found = verification.by_code(old.code)

    assert (found.verdict, found.number, found.dated) == (Verdict.GENUINE, "15/BC-HNB", date(2026, 12, 20))
    found = verification.by_code(new.code)
    assert (found.verdict, found.number) == (Verdict.REPLACED, "")
    assert found.holds.endswith("số 15/BC-HNB, ngày 20/12/2026")


def test_number_stays_known_when_the_same_paper_is_asked_for_again(bloc_year):
    old = make_paper(bloc_year, "old", age=2)
    issue(old)
    make_paper(bloc_year, "old", age=1, reused=True)

    for found in (verification.by_code(old.code), verification.by_digest(old.sha256)):
        assert (found.verdict, found.number, found.dated) == (Verdict.GENUINE, "15/BC-HNB", date(2026, 12, 20))


def test_draft_does_not_replace_an_official_paper(bloc_year):
    old, new = make_paper(bloc_year, "old", age=2), make_paper(bloc_year, "new", age=1, is_draft=True)

    assert verification.by_code(old.code).verdict == Verdict.GENUINE
    assert verification.by_code(new.code).verdict == Verdict.REPLACED


def adopted_again(bloc_year):
    with transaction.atomic():
        report = make_summary_report(bloc_year, state="adopted", adopted_on=date(2026, 12, 18))
        audit.record("summary_report.adopt", by=None, target=report)
    return make_paper(bloc_year, "old", age=2), bloc_year, "summary-report"


def sent_again(bloc_year):
    report = make_unit_report(bloc_year, state="submitted", submitted_at=timezone.now())
    return make_paper(report, "old", age=2, kind="unit-report"), report, "unit-report"


def finished_again(bloc_year):
    ProvinceReport.objects.create(year=bloc_year.year, finished_at=timezone.now(), finished_by=make_user(), kept={})
    return make_paper(bloc_year.year, "old", age=2, kind="province-report"), bloc_year.year, "province-report"


def amended(bloc_year):
    covenant = Covenant.objects.create(bloc_year=bloc_year, signed_on=date(2026, 2, 14))
    now, user = timezone.now(), make_user()
    agreed = {"head_agreed_at": now, "head_agreed_by": user, "officer_agreed_at": now, "officer_agreed_by": user}
    Amendment.objects.create(covenant=covenant, kind="add", reason="x", proposed_by=user, applied_at=now, **agreed)
    return make_paper(bloc_year, "old", age=2, kind="covenant"), bloc_year, "covenant"


@pytest.mark.parametrize("again", [adopted_again, sent_again, finished_again, amended])
def test_paper_that_was_settled_anew_replaces_the_signed_one(bloc_year, again):
    old, thing, kind = again(bloc_year)
    issue(old)
    assert verification.by_code(old.code).verdict == Verdict.OUTRUN
    with pytest.raises(WrongState, match="tạo lại bản in"):
        issues.newer(old)

    new = make_paper(thing, "new", age=0, kind=kind)

    assert verification.by_code(old.code).verdict == Verdict.REPLACED
    found = verification.by_code(new.code)
    assert (found.verdict, found.number) == (Verdict.GENUINE, "")


@pytest.mark.parametrize("kind", ["summary-report", "province-report", "unit-report", "covenant"])
def test_paper_whose_text_was_opened_again_is_not_called_valid(bloc_year, kind):
    thing = {"province-report": bloc_year.year}.get(kind, bloc_year)
    if kind == "summary-report":
        make_summary_report(bloc_year)
    elif kind == "province-report":
        ProvinceReport.objects.create(year=bloc_year.year)
    elif kind == "unit-report":
        thing = make_unit_report(bloc_year, state="returned", submitted_at=timezone.now() - timedelta(days=9))
    else:
        Covenant.objects.create(bloc_year=bloc_year)
    paper = make_paper(thing, "old", age=2, kind=kind)
    issue(paper)

    assert verification.by_code(paper.code).verdict == Verdict.OUTRUN
    assert verification.by_digest(paper.sha256).verdict == Verdict.OUTRUN
    with pytest.raises(WrongState, match="mở lại"):
        issues.newer(paper)


def test_papers_of_other_things_replace_nothing(bloc_year):
    paper = make_paper(bloc_year, "old", age=2)
    make_paper(make_bloc_year(), "new", age=1)
    make_paper(bloc_year, "new", age=1, kind="covenant")

    assert verification.by_code(paper.code).verdict == Verdict.GENUINE


def test_signed_copy_is_known_by_its_own_digest(bloc_year):
    row = issue(make_paper(bloc_year, "old"))
    SignedCopy.objects.create(
        issue=row, name="da-ky.pdf", media_type="application/pdf", size=9, sha256="c" * 64, added_by=row.noted_by
    )

    found = verification.by_digest("C" * 64)

    assert (found.verdict, found.is_signed_copy, found.number) == (Verdict.GENUINE, True, "15/BC-HNB")


@pytest.mark.parametrize("digest", ["c" * 64, "c" * 63, "x" * 64, ""])
def test_changed_file_is_unknown(bloc_year, digest):
    make_paper(bloc_year, "old")

    assert verification.by_digest(digest).verdict == Verdict.UNKNOWN


def test_anybody_asks_without_an_account_and_learns_what_it_is(client, bloc_year):
    paper = make_paper(bloc_year, "old", is_draft=True)

    asked = client.post(reverse("verify"), {"code": paper.code.lower(), "digest": ""}, follow=True)
    by_file = client.post(reverse("verify"), {"code": "", "digest": paper.sha256})

    for response in (asked, by_file):
        shown = response.content.decode()
        assert "Báo cáo tổng kết (bản dự thảo)" in shown
        assert "Khối thi đua các Hội, năm 2026" in shown
        assert "không phải là chữ ký số" in shown


@pytest.mark.parametrize(
    "form", [{}, {"code": "abc"}, {"code": "", "digest": ""}, {"code": "7QK2-M0XD-93TB", "digest": "a" * 64}]
)
def test_empty_or_wrong_question_is_told(client, form):
    assert client.post(reverse("verify"), form).status_code == 422
