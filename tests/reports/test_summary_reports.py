"""The bloc's summary report: its steps, its adoption, its moments."""

import itertools
from datetime import date

import pytest
import time_machine

from blocs.enums import MemberRole, Milestone, Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent, Membership, Receipt
from reports.domain import summary_reports
from reports.domain.texts import moves_for
from reports.enums import SummaryReportState
from reports.models import SummaryPart, SummaryReport
from reports.workflow import SUMMARY_MOVES
from tests.factories import at, make_bloc_year, make_milestone, make_seat, make_summary_report, make_user, members_of

pytestmark = pytest.mark.django_db

# state, step -> new state; whatever is not here is refused
ALLOWED = {
    ("draft", "adopt"): "adopted",
    ("returned", "adopt"): "adopted",
    ("adopted", "reopen"): "draft",
    ("adopted", "submit"): "submitted",
    ("submitted", "return"): "returned",
    ("submitted", "accept"): "accepted",
}
NOW = at("2026-11-20 08:00")


def everybody(report):
    user = make_user(Role.BOARD_STAFF, bloc_year=report.bloc_year)
    make_seat(user, Role.BLOC_HEAD, bloc_year=report.bloc_year)
    return user


def stored(report):
    return SummaryReport.objects.values_list("state", "adopted_on", "submitted_at", "returned_note").get(pk=report.pk)


@pytest.mark.parametrize(("state", "name"), list(itertools.product(SummaryReportState.values, SUMMARY_MOVES)))
def test_move_follows_the_table(state, name):
    report = make_summary_report(state=state, whole=True)
    user = everybody(report)
    before = stored(report)
    step = {"note": "lý do", "adopted_on": date(2026, 11, 18), "now": NOW}
    if (state, name) in ALLOWED:
        assert summary_reports.move(report.pk, name, by=user, **step).state == ALLOWED[state, name]
        assert stored(report)[0] == ALLOWED[state, name]
        steps = AuditEvent.objects.filter(action__startswith="summary_report.")
        assert [(event.action, event.before["state"], event.after["state"]) for event in steps] == [
            (f"summary_report.{name}", state, ALLOWED[state, name])
        ]
    else:
        with pytest.raises(WrongState):
            summary_reports.move(report.pk, name, by=user, **step)
        assert (stored(report), AuditEvent.objects.count(), Receipt.objects.count()) == (before, 0, 0)


def test_adoption_notes_the_conference_and_takes_a_slip_back():
    report = make_summary_report(state="draft", whole=True)
    held = report.bloc_year.conferences.values_list("kind", "held_on")
    summary_reports.move(report.pk, "adopt", by=everybody(report), adopted_on=date(2026, 11, 17), now=NOW)
    assert list(held.all()) == [("year_end", date(2026, 11, 17))]
    summary_reports.move(report.pk, "reopen", by=everybody(report), note="sai ngày", now=NOW)
    assert list(held.all()) == []
    summary_reports.move(report.pk, "adopt", by=everybody(report), adopted_on=date(2026, 11, 18), now=NOW)
    assert list(held.all()) == [("year_end", date(2026, 11, 18))]


def test_table_names_known_steps():
    assert {step for _, step in ALLOWED} == set(SUMMARY_MOVES)


@pytest.mark.parametrize(("state", "name"), list(ALLOWED))
@pytest.mark.parametrize("role", [Role.UNIT_LEADER, Role.COUNCIL_SECRETARY, Role.BLOC_DEPUTY])
def test_others_take_no_step(state, name, role):
    report = make_summary_report(state=state, whole=True)
    user = make_user(role, bloc_year=report.bloc_year)
    with pytest.raises(NotAllowed):
        summary_reports.move(report.pk, name, by=user, note="lý do", adopted_on=date(2026, 11, 18), now=NOW)
    assert stored(report)[0] == state


@pytest.mark.parametrize(("state", "name"), [("adopted", "reopen"), ("submitted", "return")])
def test_step_back_needs_a_reason(state, name):
    report = make_summary_report(state=state)
    with pytest.raises(RuleBroken):
        summary_reports.move(report.pk, name, by=everybody(report), note=" ", now=NOW)
    assert stored(report)[0] == state


def test_unfinished_report_is_not_adopted():
    report = make_summary_report()
    with pytest.raises(RuleBroken) as caught:
        summary_reports.move(report.pk, "adopt", by=everybody(report), adopted_on=date(2026, 11, 18), now=NOW)
    assert str(caught.value) == (
        "Còn thiếu: Công tác lãnh đạo, chỉ đạo; Kết quả thực hiện nhiệm vụ và phong trào thi đua; Ưu điểm; "
        "Tồn tại, hạn chế; Phương hướng, nhiệm vụ năm sau."
    )


@pytest.mark.parametrize("day", [None, date(2026, 11, 21), date(2025, 12, 31)])
def test_day_of_adoption_must_make_sense(day):
    report = make_summary_report(whole=True)
    with pytest.raises(RuleBroken):
        summary_reports.move(report.pk, "adopt", by=everybody(report), adopted_on=day, now=NOW)
    assert stored(report)[:2] == ("draft", None)


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 11, 20)])
def test_adoption_keeps_its_day(day):
    report = make_summary_report(whole=True)
    summary_reports.move(report.pk, "adopt", by=everybody(report), adopted_on=day, now=NOW)
    assert stored(report)[:2] == ("adopted", day)


def test_today_is_vietnams():
    report = make_summary_report(whole=True)
    after_midnight = at("2026-11-21 00:30")  # still the 20th in Greenwich
    summary_reports.move(report.pk, "adopt", by=everybody(report), adopted_on=date(2026, 11, 21), now=after_midnight)
    assert stored(report)[0] == "adopted"


def test_reopened_report_has_no_day_of_adoption():
    report = make_summary_report(state="adopted")
    summary_reports.move(report.pk, "reopen", by=everybody(report), note="Sửa số liệu", now=NOW)
    assert stored(report)[:2] == ("draft", None)


def test_sending_notes_the_receipt_of_the_head():
    report = make_summary_report(state="adopted")
    summary_reports.move(report.pk, "submit", by=everybody(report), now=NOW)
    head = members_of(report.bloc_year)[0]
    assert Receipt.objects.values_list("unit", "kind", "at").get() == (head.pk, "summary-report", NOW)


def test_sending_without_a_head_is_refused():
    report = make_summary_report(state="adopted")
    Membership.objects.filter(role=MemberRole.HEAD).update(role=MemberRole.MEMBER)
    with pytest.raises(RuleBroken):
        summary_reports.move(report.pk, "submit", by=everybody(report), now=NOW)
    assert (stored(report)[0], Receipt.objects.count(), AuditEvent.objects.count()) == ("adopted", 0, 0)


def test_first_sending_is_the_moment_of_receipt():
    report = make_summary_report(state="adopted", whole=True)
    user = everybody(report)
    make_milestone(report.bloc_year, Milestone.SUMMARY_REPORT, due="2026-11-25 17:00", locks="2026-11-30 17:00")
    summary_reports.move(report.pk, "submit", by=user, now=at("2026-11-25 17:00:00"))
    summary_reports.move(report.pk, "return", by=user, note="Thiếu", now=at("2026-11-29"))
    summary_reports.move(report.pk, "adopt", by=user, adopted_on=date(2026, 12, 1), now=at("2026-12-02"))
    summary_reports.move(report.pk, "submit", by=user, now=at("2026-12-03"))
    receipt = Receipt.objects.get()
    assert (receipt.at, summary_reports.deadline(report).is_late(receipt.at)) == (at("2026-11-25 17:00:00"), False)
    assert stored(report)[2] == at("2026-12-03")


@pytest.mark.parametrize(("moment", "taken"), [("2026-11-30 17:00:00", True), ("2026-11-30 17:00:01", False)])
def test_lock_is_exact_to_the_second(moment, taken):
    report = make_summary_report(state="adopted")
    make_milestone(report.bloc_year, Milestone.SUMMARY_REPORT, due="2026-11-25 17:00", locks="2026-11-30 17:00")
    user = everybody(report)
    if taken:
        assert summary_reports.move(report.pk, "submit", by=user, now=at(moment)).state == "submitted"
    else:
        with pytest.raises(RuleBroken):
            summary_reports.move(report.pk, "submit", by=user, now=at(moment))
        assert (stored(report)[0], Receipt.objects.count()) == ("adopted", 0)


def test_sent_twice_is_refused_and_writes_nothing():
    report = make_summary_report(state="adopted")
    user = everybody(report)
    with time_machine.travel(NOW, tick=False):
        summary_reports.move(report.pk, "submit", by=user)
        before = stored(report), AuditEvent.objects.count(), Receipt.objects.count()
        with pytest.raises(WrongState):
            summary_reports.move(report.pk, "submit", by=user)
    assert (stored(report), AuditEvent.objects.count(), Receipt.objects.count()) == before


def test_moves_offered_are_those_that_are_allowed():
    for state in SummaryReportState.values:
        report = make_summary_report(state=state)
        offered = moves_for(SUMMARY_MOVES, report, everybody(report), ["A"])
        assert {name for name, _, _ in offered} == {name for of, name in ALLOWED if of == state}


# ---------------------------------------------------------------- opening and writing


@pytest.mark.parametrize("role", [Role.BLOC_HEAD, Role.BLOC_DEPUTY])
def test_report_is_opened_once_by_those_who_lead(role):
    bloc_year = make_bloc_year()
    user = make_user(role, bloc_year=bloc_year)
    first = summary_reports.open_report(bloc_year, by=user)
    assert summary_reports.open_report(bloc_year, by=user) == first
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["summary_report.open"]


def test_nobody_else_opens_a_report():
    bloc_year = make_bloc_year()
    with pytest.raises(NotAllowed):
        summary_reports.open_report(bloc_year, by=make_user(Role.BOARD_STAFF, bloc_year=bloc_year))
    assert SummaryReport.objects.count() == 0


def test_deputy_and_head_do_not_overwrite_each_other():
    report = make_summary_report()
    head = make_user(Role.BLOC_HEAD, bloc_year=report.bloc_year)
    deputy = make_user(Role.BLOC_DEPUTY, bloc_year=report.bloc_year)
    summary_reports.save_part(report.pk, "results", "Của khối phó.", version=0, by=deputy)
    with pytest.raises(EditedMeanwhile) as caught:
        summary_reports.save_part(report.pk, "results", "Của khối trưởng.", version=0, by=head)
    assert (caught.value.theirs, caught.value.version) == ("Của khối phó.", 1)
    assert SummaryPart.objects.get().text == "Của khối phó."


@pytest.mark.parametrize("state", ["adopted", "submitted", "accepted"])
def test_nothing_is_written_in_other_states(state):
    report = make_summary_report(state=state)
    with pytest.raises(WrongState):
        summary_reports.save_part(report.pk, "results", "x", version=0, by=everybody(report))
    assert SummaryPart.objects.count() == 0


def test_unknown_part_is_refused():
    report = make_summary_report()
    with pytest.raises(RuleBroken):
        summary_reports.save_part(report.pk, "poem", "x", version=0, by=everybody(report))


@pytest.mark.parametrize("role", [Role.UNIT_LEADER, Role.UNIT_REPORTER, Role.BOARD_STAFF, Role.ADMINISTRATOR])
def test_others_do_not_write(role):
    report = make_summary_report()
    with pytest.raises(NotAllowed):
        summary_reports.save_part(report.pk, "results", "x", version=0, by=make_user(role, bloc_year=report.bloc_year))
