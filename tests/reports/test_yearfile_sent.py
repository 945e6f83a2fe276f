"""A file beside what people adopted, sent or received here."""

from datetime import date

import pytest

from blocs.domain import receipts
from blocs.domain.files import FileRefused
from blocs.enums import Role
from blocs.models import BlocYear, Receipt
from reports.domain import summary_reports, unit_reports
from reports.domain.adoption import Adoption
from reports.domain.assembly import versions
from reports.domain.assembly.kinds import SUMMARY
from reports.models import SummaryPart, SummaryReport
from tests.factories import at, make_unit_report, make_user, members_of
from tests.reports.yearfiles import again_nothing, bloc_of, exported, load, row_counts, small, with_bloc

pytestmark = pytest.mark.django_db


def adopted_report(year):
    """The summary report of the year's only bloc, written and adopted here."""
    bloc_year = BlocYear.objects.get(year=year)
    head = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    report = summary_reports.open_report(bloc_year, by=head)
    for code in summary_reports.OBLIGATORY:
        part = report.parts.filter(code=code).first()
        summary_reports.save_part(report.pk, code, f"Ở đây: {code}", version=part.version if part else 0, by=head)
    how = Adoption(how="hands", votes_for=2)
    moved = {"adopted_on": date(2026, 11, 10), "adoption": how, "now": at("2026-11-12 08:00")}
    return summary_reports.move(report.pk, "adopt", by=head, **moved), head


def sent_report(year):
    report, head = adopted_report(year)
    return summary_reports.move(report.pk, "submit", by=head, now=at("2026-11-12 09:00"))


@pytest.mark.parametrize("replace", [False, True])
def test_report_sent_here_is_not_changed_by_a_file(replace):
    year, _, _ = load(with_bloc(report={"leading": ["Từ tệp."]}))
    sent_report(year)
    before = bloc_of(year)["report"], bloc_of(year)["received"]
    load(with_bloc(report={"leading": ["Tệp sau."], "adopted_on": "2026-12-20"}, received=[{"unit": "hoi-nha-bao", "kind": "summary-report", "at": "2026-12-21"}]), replace=replace)  # fmt: skip
    assert (bloc_of(year)["report"], bloc_of(year)["received"]) == before
    assert SummaryReport.objects.get().state == "submitted"


@pytest.mark.parametrize("replace", [False, True])
def test_words_adopted_here_are_not_changed_by_a_file(replace):
    year, _, _ = load(with_bloc(report={"leading": ["Từ tệp."]}))
    report, _ = adopted_report(year)
    before, digest = bloc_of(year)["report"], report.adopted_digest
    words: dict = {"leading": ["Tệp sau."], "causes": ["Thêm."], "adopted_on": "2026-11-10"}

    _, _, warnings = load(with_bloc(report=words, received=RECEIVED), replace=replace)

    report.refresh_from_db()
    content = versions.digest_of(versions.content_of(SUMMARY, report), report.kept)
    assert (bloc_of(year)["report"], report.adopted_digest, content) == (before, digest, digest)
    assert (report.state, report.votes_for) == ("submitted", 2)
    assert [text for text in warnings if "lời khác trong tệp không được nhận" in text]


def test_later_file_moves_no_day_of_what_was_adopted_here():
    year, _, _ = load(small())
    report, _ = adopted_report(year)
    load(with_bloc(report={"adopted_on": "2026-12-20"}))
    report.refresh_from_db()
    assert (report.adopted_on, report.state) == (date(2026, 11, 10), "adopted")


@pytest.mark.parametrize("words", [{"leading": ["Tệp sau."]}, {"leading": ["Tệp sau."], "adopted_on": "2026-12-20"}])
def test_file_of_the_whole_year_that_knows_another_adoption_takes_ours_back(words):
    year, _, _ = load(small())
    report, _ = adopted_report(year)
    load(with_bloc(report=words), replace=True)
    report.refresh_from_db()
    assert bloc_of(year)["report"] == words
    assert (report.adopted_digest, report.adopted_how, report.votes_for, report.kept) == ("", "", None, None)


@pytest.mark.parametrize("replace", [False, True])
def test_receipt_taken_here_is_not_changed_by_a_file(replace):
    year, _, _ = load(small())
    bloc_year = BlocYear.objects.get(year=year)
    unit = members_of(bloc_year)[0]
    make_unit_report(bloc_year, unit=unit, state="submitted", submitted_at=at("2026-11-19 10:05"))
    receipts.record(bloc_year, unit, "unit-report", at=at("2026-11-19 10:05"))
    load(with_bloc(received=[{"unit": "hoi-nha-bao", "kind": "unit-report", "at": "2026-11-01"}]), replace=replace)
    assert Receipt.objects.get().at == at("2026-11-19 10:05")


def test_receipt_of_a_file_keeps_its_moment_when_the_unit_sends_here():
    year, _, _ = load(with_bloc(received=[{"unit": "hoi-nha-bao", "kind": "unit-report", "at": "2026-11-01"}]))
    bloc_year = BlocYear.objects.get(year=year)
    report = make_unit_report(bloc_year, whole=True)
    unit_reports.move(report.pk, "submit", by=make_user(Role.UNIT_LEADER, unit=report.unit), now=at("2026-11-10 08:00"))
    assert Receipt.objects.get().at == at("2026-11-01 23:59:59")


def test_replace_may_not_remove_a_unit_that_reported_here():
    year, _, _ = load(small())
    make_unit_report(BlocYear.objects.get(year=year))
    counts = row_counts()
    with pytest.raises(FileRefused) as caught:
        load(small(units=small()["units"][1:], bloc={"members": ["hoi-luat-gia"], "head": None}), replace=True)
    assert (
        str(caught.value)
        == "--replace: không xóa được vì hệ thống còn giữ: báo cáo của đơn vị: Báo cáo năm 2026 của Hội Nhà báo tỉnh"
    )
    assert row_counts() == counts


RECEIVED = [{"unit": "hoi-nha-bao", "kind": "summary-report", "at": "2026-12-21"}]
STEPS = {
    "text only": ([{"report": {"leading": ["A"]}}], "draft"),
    "receipt only": ([{"received": RECEIVED}], None),
    "adopted": ([{"report": {"leading": ["A"], "adopted_on": "2026-12-20"}}], "adopted"),
    "all at once": ([{"report": {"adopted_on": "2026-12-20"}, "received": RECEIVED}], "submitted"),
    "text, then adoption": ([{"report": {"leading": ["A"]}}, {"report": {"adopted_on": "2026-12-20"}}], "adopted"),
    "adoption, then receipt": ([{"report": {"adopted_on": "2026-12-20"}}, {"received": RECEIVED}], "submitted"),
    "receipt, then adoption": ([{"received": RECEIVED}, {"report": {"adopted_on": "2026-12-20"}}], "submitted"),
    "text and receipt, then adoption": ([{"report": {"leading": ["A"]}, "received": RECEIVED}, {"report": {"adopted_on": "2026-12-20"}}], "submitted"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "state"), STEPS.values(), ids=STEPS.keys())
def test_how_far_files_bring_a_summary_report(files, state):
    for bloc in files:
        year, _, _ = load(with_bloc(**bloc))
    assert SummaryReport.objects.values_list("state", flat=True).first() == state
    assert again_nothing(year)
    _, changes, _ = load(exported(year), replace=True)
    assert bool(changes) is False


def test_report_returned_here_stays_returned():
    year, _, _ = load(with_bloc(report={"adopted_on": "2026-12-20"}, received=RECEIVED))
    report = SummaryReport.objects.get()
    board = make_user(Role.BOARD_STAFF, authority=year.authority)
    summary_reports.move(report.pk, "return", by=board, note="Thiếu phụ lục")
    for replace in (False, True):
        _, changes, _ = load(exported(year), replace=replace)
        assert (bool(changes), SummaryReport.objects.get().state) == (False, "returned")


def test_report_adopted_here_beside_a_receipt_of_a_file_is_left():
    year, _, _ = load(with_bloc(received=RECEIVED))
    bloc_year = BlocYear.objects.get(year=year)
    head = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    report = summary_reports.open_report(bloc_year, by=head)
    for code in summary_reports.OBLIGATORY:
        summary_reports.save_part(report.pk, code, "x", version=0, by=head)
    summary_reports.move(report.pk, "adopt", by=head, adopted_on=date(2026, 11, 10), now=at("2026-11-12 08:00"))
    assert again_nothing(year)
    assert SummaryReport.objects.get().state == "adopted"


def test_replace_makes_an_adopted_report_a_draft_where_the_file_knows_no_adoption():
    year, _, _ = load(with_bloc(report={"leading": ["A"], "adopted_on": "2026-12-20"}, received=RECEIVED))
    load(with_bloc(report={"leading": ["A"]}), replace=True)
    assert bloc_of(year)["report"] == {"leading": ["A"]}
    assert SummaryReport.objects.values_list("state", "adopted_on", "submitted_at").get() == ("draft", None, None)


def test_editor_is_told_of_a_text_that_a_file_brought_meanwhile():
    year, _, _ = load(small())
    bloc_year = BlocYear.objects.get(year=year)
    head = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    report = summary_reports.open_report(bloc_year, by=head)
    load(with_bloc(report={"leading": ["Từ tệp."]}))
    with pytest.raises(summary_reports.texts.EditedMeanwhile) as caught:
        summary_reports.save_part(report.pk, "leading", "Của tôi.", version=0, by=head)
    assert (caught.value.theirs, caught.value.version) == ("Từ tệp.", 1)
    assert SummaryPart.objects.get().paragraphs == ["Từ tệp."]


def test_text_of_a_later_file_is_added_and_counted_as_saved():
    load(with_bloc(report={"leading": ["A", "B"]}))
    load(with_bloc(report={"leading": ["B", "C"]}))
    assert SummaryPart.objects.values_list("paragraphs", "version").get() == (["A", "B", "C"], 2)
