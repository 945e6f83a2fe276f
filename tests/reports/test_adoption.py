"""How the conference adopts the summary report: who counts, what is kept of it, what the paper and the trail tell."""

from datetime import date, time

import pytest
import time_machine
from django.urls import reverse

from blocs.domain import comments, conferences, organisation
from blocs.enums import Role
from blocs.errors import RuleBroken, WrongState
from blocs.models import AuditEvent
from reports import todo
from reports.domain import summary_reports
from reports.domain.adoption import Adoption, words
from reports.domain.assembly import drafts, versions
from reports.domain.assembly.kinds import SUMMARY
from reports.domain.papers import meetings, summary
from reports.models import SummaryVersion
from tests.factories import at, make_target, make_user
from tests.reports.assembly_rows import Bloc
from tests.screens import page_of

pytestmark = pytest.mark.django_db
NOW = at("2026-12-20 10:00")
DAY = date(2026, 12, 18)


def begun(**options):
    made = Bloc(**options)
    drafts.assemble(SUMMARY, made.summary.pk, by=made.head)
    for code in summary_reports.OBLIGATORY:
        if not made.texts(code):
            summary_reports.save_part(made.summary.pk, code, "Đủ.", version=0, by=made.head)
    made.summary.refresh_from_db()
    return made


@pytest.fixture
def world():
    return begun()


def adopt(world, **adoption):
    how = {"adoption": Adoption(**adoption)} if adoption else {}
    return summary_reports.move(world.summary.pk, "adopt", by=world.head, adopted_on=DAY, now=NOW, **how)


def held(world, *units, on=DAY):
    conference = world.bloc_year.conferences.create(
        year=world.bloc_year.year, kind="year_end", held_on=on, opened_at=at(f"{on} 08:00")
    )
    for unit in units:
        conference.attendances.create(unit=unit)
    return conference


# ---------------------------------------------------------------- how many


def test_adoption_keeps_what_was_adopted_and_its_digest(world):
    report = adopt(world)
    report.refresh_from_db()

    version = SummaryVersion.objects.first()
    assert (report.adopted_how, version.reason, version.kept) == ("consent", "Hội nghị thông qua", report.kept)
    assert (
        report.adopted_digest == version.digest == versions.digest_of(versions.content_of(SUMMARY, report), report.kept)
    )


def test_adoption_is_a_version_of_its_own_also_of_the_same_words(world):
    versions.keep_now(SUMMARY, world.summary.pk, by=world.head, reason="Trước hội nghị")

    adopt(world)

    reasons = SummaryVersion.objects.order_by("number").values_list("reason", flat=True)
    assert list(reasons)[-2:] == ["Trước hội nghị", "Hội nghị thông qua"]


def test_hands_are_counted(world):
    report = adopt(world, how="hands", votes_for=2, votes_against=1)

    assert (report.adopted_how, report.votes_for, report.votes_against, report.votes_other) == ("hands", 2, 1, None)
    assert words(report) == "thông qua ngày 18/12/2026, biểu quyết giơ tay: 02 tán thành, 01 không tán thành"


@pytest.mark.parametrize(
    ("adoption", "said"),
    [
        ({"how": "hands"}, "cần ghi số tán thành"),
        ({"how": "hands", "votes_for": 3, "votes_other": 1}, r"nhiều hơn số đơn vị thành viên \(3\)"),
        ({"how": "consent", "votes_for": 3}, "không ghi số phiếu"),
        (
            {"how": "hands", "votes_for": 1, "votes_against": 2},
            "Mới có 01/03 đơn vị thành viên tán thành, chưa quá nửa",
        ),
        ({"how": "hands", "votes_for": 1}, "chưa quá nửa"),
    ],
)
def test_counts_that_cannot_be_or_do_not_suffice_are_refused(world, adoption, said):
    with pytest.raises(RuleBroken, match=said):
        adopt(world, **adoption)
    world.summary.refresh_from_db()
    assert (world.summary.state, world.summary.adopted_digest) == ("draft", "")


@pytest.mark.parametrize(
    ("adoption", "said"),
    [
        ({"votes_for": 3, "votes_against": 2}, r"nhiều hơn số đơn vị có mặt \(4\)"),
        ({"votes_for": 2, "votes_against": 1}, "Mới có 02/04 đơn vị có mặt"),
    ],
)
def test_who_was_present_counts_where_presence_was_noted(adoption, said):
    world = begun(units=5)
    held(world, *world.units[:4])
    held(world, *world.units, on=date(2026, 12, 17))

    with pytest.raises(RuleBroken, match=said):
        adopt(world, how="hands", **adoption)
    assert adopt(world, how="hands", votes_for=3, votes_against=1).state == "adopted"


@pytest.mark.parametrize("adoption", [{}, {"how": "hands", "votes_for": 3}])
def test_conference_without_quorum_adopts_nothing(adoption):
    world = begun(units=5)
    conference = held(world, *world.units[:3])

    with pytest.raises(RuleBroken, match="ngày 18/12/2026 có 03/05 đơn vị, cần ít nhất 04: chưa thông qua"):
        adopt(world, **adoption)

    conference.attendances.create(unit=world.units[3])
    assert adopt(world, **adoption).state == "adopted"


# ---------------------------------------------------------------- comments


def test_report_is_not_adopted_while_a_comment_waits_for_an_answer(client, world):
    member = make_user(Role.UNIT_LEADER, unit=world.units[2])
    row = summary_reports.comment(world.summary.pk, passage="results", text="Thiếu.", by=member)
    client.force_login(world.head)

    with pytest.raises(RuleBroken, match="Còn thiếu: trả lời 01 góp ý"):
        adopt(world)
    assert "trả lời 01 góp ý" in page_of(client.get(reverse("summary_report", args=[world.summary.pk]))).text
    (task,) = [task for task in todo.tasks(world.head, world.bloc_year.year) if "góp ý" in task.title]
    assert task.url.endswith("#gop-y")
    comments.answer(row.pk, by=world.head, outcome="accepted")
    assert adopt(world).state == "adopted"
    assert [task for task in todo.tasks(world.head, world.bloc_year.year) if "góp ý" in task.title] == []


# ---------------------------------------------------------------- on which day


@pytest.mark.parametrize(
    "columns", [{"starts_at": time(8)}, {"opened_at": at("2026-12-17 08:00")}, {}], ids=["planned", "held", "noted"]
)
def test_day_without_the_conference_adopts_nothing(world, columns):
    other = date(2026, 12, 25) if "starts_at" in columns else date(2026, 12, 17)
    row = world.bloc_year.conferences.create(year=world.bloc_year.year, kind="year_end", held_on=other, **columns)

    with pytest.raises(RuleBroken, match=f"Ngày 18/12/2026 không có hội nghị tổng kết; .*{other:%d/%m/%Y}"):
        adopt(world)
    row.held_on = DAY
    row.save()
    assert adopt(world).adopted_on == DAY


@pytest.mark.parametrize("kind", ["covenant", "mid_year"])
def test_other_meetings_have_no_say_about_the_day(world, kind):
    world.bloc_year.conferences.create(year=world.bloc_year.year, kind=kind, held_on=date(2026, 12, 25))

    assert adopt(world).adopted_on == DAY


def test_day_of_the_conference_is_offered(client, world):
    held(world, on=date(2026, 12, 17))
    with time_machine.travel(NOW):
        client.force_login(world.head)
        page = client.get(reverse("summary_report", args=[world.summary.pk])).content.decode()

    assert 'name="adopted_on" value="2026-12-17"' in page


@pytest.mark.parametrize(
    ("changed", "stays"),
    [
        ({}, 0),
        ({"place": "Hội trường A"}, 1),
        ({"chair": "Khối trưởng"}, 1),
        ({"secretary": "Thư ký"}, 1),
        ({"quorum": 1, "quorum_of": 2}, 1),
    ],
)
def test_reopening_takes_back_the_conference_that_the_adoption_noted_while_it_is_empty(world, changed, stays):
    adopt(world)
    row = world.bloc_year.conferences.get()
    if changed:
        opened, columns = organisation.digest(conferences.shown(row)), {"kind": "year_end", "held_on": DAY} | changed
        with time_machine.travel(NOW):
            conferences.edit(row.pk, by=world.head, opened=opened, **columns)

    summary_reports.move(world.summary.pk, "reopen", by=world.head, note="Sửa số liệu.", now=NOW)

    assert world.bloc_year.conferences.count() == stays
    assert AuditEvent.objects.filter(action="conference.withdraw").count() == 1 - stays


def test_reopening_leaves_a_conference_that_people_noted(world):
    with time_machine.travel(NOW):
        conferences.call(world.bloc_year.pk, by=world.head, kind="year_end", held_on=DAY)
    adopt(world)

    summary_reports.move(world.summary.pk, "reopen", by=world.head, note="Sửa số liệu.", now=NOW)

    assert world.bloc_year.conferences.get().held_on == DAY


# ---------------------------------------------------------------- what stands


def test_tables_of_an_adopted_report_stand_and_follow_the_data_again_when_reopened(world):
    target = make_target(world.bloc_year, "T1", text="Số mô hình", value=9, op=">=", unit_of_measure="mô hình")
    target.results.create(value=10)
    report = adopt(world)
    before = summary.build(world.bloc_year)

    target.results.update(value=11)
    world.recognise(world.units[0], 7)

    assert summary.build(world.bloc_year) == before
    assert (before.targets.rows[0][4], before.recognitions, before.digest) == ("10", None, report.adopted_digest)
    summary_reports.move(report.pk, "reopen", by=world.head, note="Sửa số liệu.", now=NOW)
    again = summary.build(world.bloc_year)
    assert (again.targets.rows[0][4], again.recognitions.rows[0][4], again.digest) == ("11", "7", "")


def test_other_tables_give_another_digest(world):
    first = adopt(world).adopted_digest
    summary_reports.move(world.summary.pk, "reopen", by=world.head, note="Sửa số liệu.", now=NOW)
    world.recognise(world.units[0], 7)

    assert adopt(world).adopted_digest != first


def test_adopted_report_leaves_its_day_open_and_calls_units_as_on_that_day(world):
    unit = world.units[1]
    adopted = unit.name
    unit.unit.renames.create(on=date(2026, 12, 19), old_name=adopted, new_name="Tên mới", document="Quyết định")
    type(unit).objects.filter(pk=unit.pk).update(name="Tên mới")

    adopt(world)

    paper = summary.build(world.bloc_year)
    assert paper.heading.day.split() == ["ngày", "tháng", "năm"]
    assert adopted in [row[1] for row in paper.members.rows]


def test_what_the_decision_brings_comes_into_an_adopted_report(world):
    adopt(world)

    world.bloc_year.next_leaders.create(unit=world.units[1], role="head")

    assert len(summary.build(world.bloc_year).next_leaders) == 1


def test_reopened_report_is_adopted_by_nobody_but_the_trail_and_a_version_keep_it(world):
    digest = adopt(world, how="hands", votes_for=3).adopted_digest

    report = summary_reports.move(world.summary.pk, "reopen", by=world.head, note="Sửa số liệu.", now=NOW)

    assert (report.adopted_how, report.votes_for, report.adopted_digest, report.kept) == ("", None, "", None)
    told = {
        "adopted_on": "2026-12-18",
        "adopted_how": "hands",
        "votes_for": 3,
        "adopted_digest": digest,
    }
    version = SummaryVersion.objects.get(reason="Hội nghị thông qua")
    adopted, reopened = AuditEvent.objects.filter(action__startswith="summary_report.").order_by("pk")[1:]
    assert adopted.after == {"state": "adopted", **told, "version": version.number}
    assert (reopened.before, reopened.after) == ({"state": "adopted", **told}, {"state": "draft"})
    assert version.digest == digest


def test_returned_report_follows_the_data_until_it_is_adopted_again(world):
    report = adopt(world)
    board = make_user(Role.BOARD_STAFF, bloc_year=world.bloc_year)
    summary_reports.move(report.pk, "submit", by=world.head, now=NOW)

    report = summary_reports.move(report.pk, "return", by=board, note="Thiếu.", now=NOW)

    assert (report.kept, summary.build(world.bloc_year).is_draft) == (None, True)
    assert adopt(world).kept


def test_adopted_report_is_not_restored(world):
    adopt(world)

    with pytest.raises(WrongState):
        versions.restore(SUMMARY, world.summary.pk, 1, by=world.head)


# ---------------------------------------------------------------- where it is told


def test_page_minutes_and_paper_tell_how_it_was_adopted(client, world):
    conference = held(world, *world.units)
    report = adopt(world, how="hands", votes_for=3)
    client.force_login(make_user(Role.UNIT_LEADER, unit=world.units[1]))
    said = "thông qua ngày 18/12/2026, biểu quyết giơ tay: 03 tán thành"

    shown = page_of(client.get(reverse("summary_report", args=[report.pk]))).text
    listed = page_of(client.get(reverse("version_list", args=[report.pk]))).text
    minutes, paper = meetings.minutes(conference), summary.build(world.bloc_year)

    assert (said in shown, report.adopted_digest in shown, report.adopted_digest in listed) == (True, True, True)
    assert minutes.conclusions == (
        f"Báo cáo tổng kết năm 2026 được {said}; dấu SHA-256 của nội dung: {report.adopted_digest}.",
    )
    assert (paper.adopted, paper.digest, paper.is_draft) == (said, report.adopted_digest, False)
