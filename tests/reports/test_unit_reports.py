"""The unit's annual report: its steps, its moments, its texts and figures."""

import itertools
from decimal import Decimal

import pytest
import time_machine

from blocs.enums import Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent, Receipt, TargetResult
from reports.domain import report_parts, unit_reports
from reports.domain.texts import MAX_CHARACTERS, moves_for, paragraphs_of
from reports.enums import UnitReportState
from reports.models import UnitReport, UnitReportFigure, UnitReportPart
from reports.unit_form import FIGURES, PARTS
from reports.workflow import UNIT_MOVES
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_seat,
    make_target,
    make_unit_report,
    make_user,
    members_of,
)

pytestmark = pytest.mark.django_db

# state, step -> new state; whatever is not here is refused
ALLOWED = {
    ("draft", "hand_up"): "ready",
    ("draft", "submit"): "submitted",
    ("ready", "take_back"): "draft",
    ("ready", "submit"): "submitted",
    ("submitted", "return"): "returned",
    ("submitted", "accept"): "accepted",
    ("returned", "hand_up"): "ready",
    ("returned", "submit"): "submitted",
}


def everybody(report):
    """One user with every seat that any step asks for."""
    user = make_user(Role.BOARD_STAFF, bloc_year=report.bloc_year)
    make_seat(user, Role.UNIT_LEADER, unit=report.unit)
    return user


def stored(report):
    return UnitReport.objects.values_list("state", "submitted_at", "returned_note").get(pk=report.pk)


@pytest.mark.parametrize(("state", "name"), list(itertools.product(UnitReportState.values, UNIT_MOVES)))
def test_move_follows_the_table(state, name):
    report = make_unit_report(state=state, whole=True)
    user = everybody(report)
    before = stored(report)
    if (state, name) in ALLOWED:
        moved = unit_reports.move(report.pk, name, by=user, note="lý do")
        assert moved.state == stored(report)[0] == ALLOWED[state, name]
        assert list(AuditEvent.objects.values_list("action", "before", "after")) == [
            (f"unit_report.{name}", state, ALLOWED[state, name])
        ]
    else:
        with pytest.raises(WrongState):
            unit_reports.move(report.pk, name, by=user, note="lý do")
        assert (stored(report), AuditEvent.objects.count(), Receipt.objects.count()) == (before, 0, 0)


def test_table_names_known_states_and_steps():
    assert {step for _, step in ALLOWED} == set(UNIT_MOVES)


@pytest.mark.parametrize(("state", "name"), list(ALLOWED))
def test_stranger_takes_no_step(state, name):
    report = make_unit_report(state=state, whole=True)
    with pytest.raises(NotAllowed):
        unit_reports.move(report.pk, name, by=make_user(Role.UNIT_LEADER), note="lý do")
    assert stored(report)[0] == state


def test_reporter_does_not_send():
    report = make_unit_report(whole=True)
    reporter = make_user(Role.UNIT_REPORTER, unit=report.unit)
    with pytest.raises(NotAllowed):
        unit_reports.move(report.pk, "submit", by=reporter)
    assert unit_reports.move(report.pk, "hand_up", by=reporter).state == "ready"


@pytest.mark.parametrize("note", ["", "  \n "])
def test_return_needs_a_reason(note):
    report = make_unit_report(state="submitted")
    with pytest.raises(RuleBroken):
        unit_reports.move(report.pk, "return", by=everybody(report), note=note)
    assert (stored(report)[0], AuditEvent.objects.count()) == ("submitted", 0)


def test_reason_of_a_return_is_kept_until_the_next_sending():
    report = make_unit_report(state="submitted", whole=True)
    user = everybody(report)
    unit_reports.move(report.pk, "return", by=user, note=" Thiếu số liệu ")
    assert stored(report)[2] == "Thiếu số liệu"
    unit_reports.move(report.pk, "submit", by=user)
    assert stored(report)[2] == ""


@pytest.mark.parametrize("name", ["hand_up", "submit"])
def test_unfinished_report_is_not_handed_on(name):
    report = make_unit_report()
    make_target(report.bloc_year, of=report.unit, text="Hội viên mới")
    with pytest.raises(RuleBroken) as caught:
        unit_reports.move(report.pk, name, by=everybody(report))
    lacking = [part.label for part in PARTS if not part.optional] + [figure.label for figure in FIGURES]
    assert str(caught.value) == "Còn thiếu: " + "; ".join([*lacking, "Kết quả chỉ tiêu “Hội viên mới”"]) + "."
    assert stored(report)[0] == "draft"


def test_optional_part_may_stay_empty():
    report = make_unit_report(whole=True)
    report.parts.filter(code="recommendations").delete()
    assert report_parts.missing(report) == []


def test_progress_counts_obligatory_parts():
    report = make_unit_report(whole=True)
    report.parts.filter(code__in=["recommendations", "tasks"]).delete()
    assert report_parts.progress(report) == (6, 7)


def test_moves_offered_are_those_that_are_allowed():
    for state in UnitReportState.values:
        report = make_unit_report(state=state)
        offered = moves_for(UNIT_MOVES, report, everybody(report), ["A", "B"])
        assert {name for name, _, _ in offered} == {name for of, name in ALLOWED if of == state}
        assert {name: reason for name, _, reason in offered if reason} == {
            name: "Còn thiếu: A; B" for of, name in ALLOWED if of == state and name in ("hand_up", "submit")
        }


# ---------------------------------------------------------------- moments

DUE, LOCK = "2026-11-20 23:59:59", "2026-11-30 17:00:00"


def whole_report(**options):
    report = make_unit_report(whole=True, **options)
    make_milestone(report.bloc_year, due=DUE, locks=LOCK)
    return report, make_user(Role.UNIT_LEADER, unit=report.unit)


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        ("2026-11-20 23:59:58", False),
        (DUE, False),
        ("2026-11-20 23:59:59.999999", False),
        ("2026-11-21 00:00:00", True),
        (LOCK, True),
    ],
)
def test_sent_at_the_due_second_is_on_time(moment, late):
    report, leader = whole_report()
    unit_reports.move(report.pk, "submit", by=leader, now=at(moment))
    assert Receipt.objects.get().at == at(moment)
    assert unit_reports.deadline(report).is_late(Receipt.objects.get().at) is late


@pytest.mark.parametrize("moment", ["2026-11-30 17:00:01", "2027-01-01 00:00:00"])
@pytest.mark.parametrize("name", ["submit", "hand_up"])
def test_after_the_lock_nothing_is_sent(moment, name):
    report, leader = whole_report()
    with pytest.raises(RuleBroken) as caught:
        unit_reports.move(report.pk, name, by=leader, now=at(moment))
    assert str(caught.value) == (
        "Đã khóa nhận từ 17:00 thứ Hai 30/11/2026; liên hệ Ban Thi đua - Khen thưởng nếu cần gia hạn."
    )
    assert (stored(report)[0], Receipt.objects.count(), AuditEvent.objects.count()) == ("draft", 0, 0)


def test_at_the_lock_second_it_is_still_sent():
    report, leader = whole_report()
    assert unit_reports.move(report.pk, "submit", by=leader, now=at("2026-11-30 17:00:00.9")).state == "submitted"


def test_clock_of_the_machine_counts():
    report, leader = whole_report()
    with time_machine.travel(at("2026-11-30 17:00:01"), tick=False), pytest.raises(RuleBroken):
        unit_reports.move(report.pk, "submit", by=leader)
    with time_machine.travel(at("2026-11-30 16:59:59"), tick=False):
        assert unit_reports.move(report.pk, "submit", by=leader).submitted_at == at("2026-11-30 16:59:59")


def test_without_dates_nothing_is_late_or_locked():
    report = make_unit_report(whole=True)
    leader = make_user(Role.UNIT_LEADER, unit=report.unit)
    unit_reports.move(report.pk, "submit", by=leader, now=at("2030-01-01"))
    assert unit_reports.deadline(report).is_late(Receipt.objects.get().at) is False


def test_first_sending_is_the_moment_of_receipt():
    report, leader = whole_report()
    board = make_user(Role.BOARD_STAFF, bloc_year=report.bloc_year)
    unit_reports.move(report.pk, "submit", by=leader, now=at("2026-11-19 08:00"))
    unit_reports.move(report.pk, "return", by=board, note="Thiếu", now=at("2026-11-25 08:00"))
    unit_reports.move(report.pk, "submit", by=leader, now=at("2026-12-05 08:00"))
    assert Receipt.objects.get().at == at("2026-11-19 08:00")
    assert stored(report)[:2] == ("submitted", at("2026-12-05 08:00"))


def test_returned_report_may_be_written_and_sent_after_the_lock():
    report, leader = whole_report(state="returned")
    with time_machine.travel(at("2026-12-05 08:00"), tick=False):
        unit_reports.save_part(report.pk, "tasks", "Đã sửa.", version=1, by=leader)
        assert unit_reports.move(report.pk, "submit", by=leader).state == "submitted"


def test_draft_is_not_written_after_the_lock():
    report, leader = whole_report()
    with time_machine.travel(at("2026-12-05 08:00"), tick=False), pytest.raises(RuleBroken):
        unit_reports.save_part(report.pk, "tasks", "Muộn.", version=1, by=leader)


def test_sent_twice_is_refused_and_writes_nothing():
    report, leader = whole_report()
    unit_reports.move(report.pk, "submit", by=leader, now=at("2026-11-19 08:00"))
    before = stored(report), AuditEvent.objects.count(), Receipt.objects.count()
    with pytest.raises(WrongState):
        unit_reports.move(report.pk, "submit", by=leader, now=at("2026-11-19 08:00:01"))
    assert (stored(report), AuditEvent.objects.count(), Receipt.objects.count()) == before


# ---------------------------------------------------------------- opening and writing


def test_report_is_opened_once():
    bloc_year = make_bloc_year()
    membership = bloc_year.memberships.first()
    reporter = make_user(Role.UNIT_REPORTER, unit=membership.unit)
    first = unit_reports.open_report(membership, by=reporter)
    assert unit_reports.open_report(membership, by=reporter) == first
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["unit_report.open"]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.UNIT_REPORTER, Role.UNIT_LEADER)])
def test_only_the_unit_opens_its_report(role):
    bloc_year = make_bloc_year()
    user = make_user(role, bloc_year=bloc_year)
    with pytest.raises(NotAllowed):
        unit_reports.open_report(bloc_year.memberships.first(), by=user)
    assert UnitReport.objects.count() == 0


@pytest.fixture
def draft():
    return make_unit_report()


@pytest.fixture
def reporter(draft):
    return make_user(Role.UNIT_REPORTER, unit=draft.unit, post="Chánh Văn phòng")


def test_text_is_saved_by_paragraphs(draft, reporter):
    part = unit_reports.save_part(draft.pk, "tasks", "  Một.  \r\n\r\nHai.\n", version=0, by=reporter)
    assert (part.paragraphs, part.version, part.saved_by) == (["Một.", "Hai."], 1, reporter)
    event = AuditEvent.objects.get()
    assert (event.action, event.before, event.after) == ("report.save_part", {"tasks": []}, {"tasks": ["Một.", "Hai."]})


@pytest.mark.parametrize("text", ["Một.\nHai.", "Một.\r\nHai.", " Một. \n\n Hai.\n"])
def test_same_text_again_is_no_new_version(draft, reporter, text):
    unit_reports.save_part(draft.pk, "tasks", "Một.\nHai.", version=0, by=reporter)
    part = unit_reports.save_part(draft.pk, "tasks", text, version=0, by=reporter)
    assert (part.version, AuditEvent.objects.count()) == (1, 1)


def test_second_editor_does_not_overwrite_the_first(draft, reporter):
    other = make_user(Role.UNIT_REPORTER, unit=draft.unit)
    unit_reports.save_part(draft.pk, "tasks", "Của Chánh Văn phòng.", version=0, by=reporter)
    with pytest.raises(EditedMeanwhile) as caught:
        unit_reports.save_part(draft.pk, "tasks", "Của người sau.", version=0, by=other)
    assert (caught.value.theirs, caught.value.version) == ("Của Chánh Văn phòng.", 1)
    assert str(caught.value).startswith("Chánh Văn phòng đã lưu nội dung khác")
    assert UnitReportPart.objects.values_list("paragraphs", "version", "saved_by").get() == (
        ["Của Chánh Văn phòng."],
        1,
        reporter.pk,
    )
    assert AuditEvent.objects.count() == 1
    unit_reports.save_part(draft.pk, "tasks", "Của người sau.", version=caught.value.version, by=other)
    assert UnitReportPart.objects.get().text == "Của người sau."


def test_version_from_the_future_is_refused(draft, reporter):
    with pytest.raises(EditedMeanwhile):
        unit_reports.save_part(draft.pk, "tasks", "x", version=7, by=reporter)


def test_two_editors_of_two_parts_do_not_disturb_each_other(draft, reporter):
    unit_reports.save_part(draft.pk, "tasks", "x", version=0, by=reporter)
    assert unit_reports.save_part(draft.pk, "party", "y", version=0, by=reporter).version == 1


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a & b < c > d \"e\" 'f'", "{{ 7 * 7 }}{% load x %}"])
def test_markup_is_kept_as_characters(draft, reporter, text):
    assert unit_reports.save_part(draft.pk, "tasks", text, version=0, by=reporter).paragraphs == [text]


def test_control_characters_are_dropped():
    assert paragraphs_of("a\x00b\x07c\x1b[0m\x7f\x85d\te\r\n\nf") == ["abc[0md\te", "f"]


def test_text_becomes_nfc():
    assert paragraphs_of("Hô\u0323i") == ["Hội"]


def test_text_of_the_greatest_length_is_taken_and_one_more_is_not(draft, reporter):
    unit_reports.save_part(draft.pk, "tasks", "x" * MAX_CHARACTERS, version=0, by=reporter)
    with pytest.raises(RuleBroken) as caught:
        unit_reports.save_part(draft.pk, "tasks", "y" * (MAX_CHARACTERS + 1), version=1, by=reporter)
    assert str(caught.value) == "Phần này dài 120.001 chữ, nhiều nhất 120.000. Chuyển bớt sang tệp đính kèm."
    assert UnitReportPart.objects.get().version == 1


def test_unknown_part_is_refused(draft, reporter):
    with pytest.raises(RuleBroken):
        unit_reports.save_part(draft.pk, "poem", "x", version=0, by=reporter)


@pytest.mark.parametrize("state", ["ready", "submitted", "accepted"])
def test_nothing_is_written_in_other_states(state):
    report = make_unit_report(state=state)
    leader = make_user(Role.UNIT_LEADER, unit=report.unit)
    target = make_target(report.bloc_year)
    with pytest.raises(WrongState):
        unit_reports.save_part(report.pk, "tasks", "x", version=0, by=leader)
    with pytest.raises(WrongState):
        unit_reports.save_figure(report.pk, "staff", Decimal(1), by=leader)
    with pytest.raises(WrongState):
        unit_reports.save_result(report.pk, target.pk, value=Decimal(1), note="", by=leader)
    assert (UnitReportPart.objects.count(), UnitReportFigure.objects.count(), TargetResult.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.UNIT_REPORTER, Role.UNIT_LEADER)])
def test_nobody_else_writes(draft, role):
    user = make_user(role, bloc_year=draft.bloc_year, unit=None)
    with pytest.raises(NotAllowed):
        unit_reports.save_part(draft.pk, "tasks", "x", version=0, by=user)
    with pytest.raises(NotAllowed):
        unit_reports.save_figure(draft.pk, "staff", Decimal(1), by=user)


# ---------------------------------------------------------------- figures and results


def test_figure_is_saved_changed_and_taken_away(draft, reporter):
    for value in (Decimal(5), Decimal(6), Decimal(6), None):
        unit_reports.save_figure(draft.pk, "staff", value, by=reporter)
    assert UnitReportFigure.objects.values_list("code", "value").get() == ("staff", None)
    events = AuditEvent.objects.order_by("pk").values_list("before", "after")
    assert list(events) == [
        ({"staff": None}, {"staff": "5"}),
        ({"staff": "5"}, {"staff": "6"}),
        ({"staff": "6"}, {"staff": None}),
    ]
    assert "Tổng số cán bộ, công chức, viên chức, người lao động" in report_parts.missing(draft)


def test_negative_figure_is_refused(draft, reporter):
    with pytest.raises(RuleBroken):
        unit_reports.save_figure(draft.pk, "staff", Decimal(-1), by=reporter)


def test_unknown_figure_is_refused(draft, reporter):
    with pytest.raises(RuleBroken):
        unit_reports.save_figure(draft.pk, "poems", Decimal(1), by=reporter)


@pytest.mark.parametrize("order", [("individuals", "direct_workers"), ("direct_workers", "individuals")])
def test_direct_workers_are_not_more_than_individuals(draft, reporter, order):
    values = {"individuals": Decimal(5), "direct_workers": Decimal(6)}
    unit_reports.save_figure(draft.pk, order[0], values[order[0]], by=reporter)
    with pytest.raises(RuleBroken) as caught:
        unit_reports.save_figure(draft.pk, order[1], values[order[1]], by=reporter)
    assert str(caught.value) == (
        "“Người lao động trực tiếp trong số cá nhân được khen thưởng” (6) lớn hơn “Cá nhân được khen thưởng trong năm” (5)."
    )
    assert UnitReportFigure.objects.count() == 1


def test_as_many_direct_workers_as_individuals_are_taken(draft, reporter):
    unit_reports.save_figure(draft.pk, "individuals", Decimal(5), by=reporter)
    assert unit_reports.save_figure(draft.pk, "direct_workers", Decimal(5), by=reporter).value == 5


def test_result_for_the_blocs_target_is_the_units_own(draft, reporter):
    target = make_target(draft.bloc_year)
    unit_reports.save_result(draft.pk, target.pk, value=Decimal("97.5"), note="Còn 2 người", by=reporter)
    assert TargetResult.objects.values_list("target", "of", "value", "note").get() == (
        target.pk, draft.unit_id, Decimal("97.5"), "Còn 2 người",
    )  # fmt: skip


def test_result_for_another_units_target_is_refused(draft, reporter):
    target = make_target(draft.bloc_year, of=members_of(draft.bloc_year)[1])
    with pytest.raises(RuleBroken):
        unit_reports.save_result(draft.pk, target.pk, value=Decimal(1), note="", by=reporter)


def test_result_for_another_blocs_target_is_refused(draft, reporter):
    with pytest.raises(RuleBroken):
        unit_reports.save_result(draft.pk, make_target(make_bloc_year()).pk, value=Decimal(1), note="", by=reporter)
