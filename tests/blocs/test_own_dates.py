"""A bloc's own dates beside those of its rule set."""

import pytest

from blocs.domain import organisation, own_dates
from blocs.domain.own_dates import lines, open_codes, set_date
from blocs.enums import Milestone, Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken
from blocs.models import AuditEvent, MilestoneDate, Obligation
from tests.blocs.organisation_rows import make_rules
from tests.factories import at, make_bloc_year, make_milestone, make_user

pytestmark = pytest.mark.django_db
WHY = {"reason": "Công văn 7"}
CALENDAR = [
    {"code": "covenant", "due": {"month": "2", "day": "15"}},
    {"code": "unit-report", "due": {"month": "11", "day": "20"}, "locks": {"month": "11", "day": "30"}},
    {"code": "conference", "due": {"month": "12", "day": "10"}},
]


@pytest.fixture
def bloc():
    row = make_bloc_year()
    make_rules(row.year, milestones=CALENDAR)
    return row


@pytest.fixture
def staff(bloc):
    return make_user(Role.BOARD_STAFF, authority=bloc.year.authority)


def test_own_dates_go_before_the_rules(bloc, staff):
    due, locks = at("2026-11-25 17:00"), at("2026-12-05 17:00")

    set_date(bloc.pk, "unit-report", due_at=due, locks_at=locks, by=staff, **WHY)

    line = next(line for line in lines(bloc) if line.code == "unit-report")
    assert (line.holds.due_at, line.holds.locks_at) == (due, locks)
    assert line.rule.due_at == at("2026-11-20 23:59:59")
    assert set(Obligation.objects.filter(bloc_year=bloc, code="unit-report").values_list("due_at", "locks_at")) == {
        (due, locks)
    }
    event = AuditEvent.objects.get(action="bloc.set_date")
    assert (event.before["Hạn riêng"], event.after["Hạn riêng"]) == ("", "17:00 thứ Tư 25/11/2026")


def test_cleared_dates_are_those_of_the_rules_again(bloc, staff):
    set_date(bloc.pk, "unit-report", due_at=at("2026-11-25 17:00"), by=staff, **WHY)
    assert set_date(bloc.pk, "unit-report", by=staff, **WHY) is None
    assert MilestoneDate.objects.count() == 0
    assert Obligation.objects.filter(code="unit-report").first().due_at == at("2026-11-20 23:59:59")


def test_clearing_nothing_leaves_no_trace(bloc, staff):
    set_date(bloc.pk, "unit-report", by=staff, **WHY)
    assert AuditEvent.objects.count() == 0


def test_lock_before_due_is_refused(bloc, staff):
    with pytest.raises(RuleBroken, match="không được trước hạn"):
        set_date(
            bloc.pk, "unit-report", due_at=at("2026-11-25 17:00"), locks_at=at("2026-11-25 16:59"), by=staff, **WHY
        )
    with pytest.raises(RuleBroken, match="không được trước hạn"):
        set_date(bloc.pk, "unit-report", locks_at=at("2026-11-01 17:00"), by=staff, **WHY)
    with pytest.raises(RuleBroken, match="ghi cả thời điểm khóa"):
        set_date(bloc.pk, "unit-report", due_at=at("2026-12-01 17:00"), by=staff, **WHY)
    assert MilestoneDate.objects.count() == 0


@pytest.mark.parametrize(
    ("moment", "words"),
    [("2026-02-01 17:00", "trước hạn của mốc “Ký giao ước”"), ("2026-12-20 17:00", "sau hạn của mốc “Tổng kết”")],
)
def test_calendar_out_of_order_is_refused(bloc, staff, moment, words):
    with pytest.raises(RuleBroken, match=words):
        set_date(bloc.pk, "unit-report", due_at=at(moment), locks_at=at("2026-12-30 17:00"), by=staff, **WHY)
    assert MilestoneDate.objects.count() == 0


def test_day_outside_the_year_is_refused(bloc, staff):
    with pytest.raises(RuleBroken, match="ở ngoài năm 2026"):
        set_date(bloc.pk, "handover", due_at=at("2028-11-25 17:00"), by=staff, **WHY)


def test_milestone_that_no_rule_names_may_be_added(bloc, staff):
    assert Milestone.HANDOVER in open_codes(bloc)
    set_date(bloc.pk, "handover", due_at=at("2027-01-25 17:00"), by=staff, **WHY)
    line = lines(bloc)[-1]
    assert (line.code, line.rule, line.holds.due_at) == ("handover", None, at("2027-01-25 17:00"))
    assert Milestone.HANDOVER not in open_codes(bloc)


def test_unknown_milestone_is_refused(bloc, staff):
    with pytest.raises(RuleBroken, match="Không có mốc"):
        set_date(bloc.pk, "la", due_at=at("2026-11-25 17:00"), by=staff, **WHY)


def test_milestone_of_a_free_code_that_a_file_brought_may_be_changed(bloc, staff):
    make_milestone(bloc, "kiem-tra-cheo", due="2026-06-01 17:00")
    set_date(bloc.pk, "kiem-tra-cheo", due_at=at("2026-06-02 17:00"), by=staff, **WHY)
    assert bloc.milestones.get().due_at == at("2026-06-02 17:00")


def test_dates_are_the_boards(bloc):
    with pytest.raises(NotAllowed):
        set_date(bloc.pk, "unit-report", by=make_user(Role.BLOC_HEAD, bloc_year=bloc), **WHY)


def test_second_editor_of_a_date_is_shown_both(bloc, staff):
    opened = organisation.digest(own_dates.shown(bloc, "unit-report"))
    set_date(bloc.pk, "unit-report", due_at=at("2026-11-25 17:00"), by=staff, opened=opened, **WHY)
    with pytest.raises(EditedMeanwhile) as caught:
        set_date(bloc.pk, "unit-report", due_at=at("2026-11-26 17:00"), by=staff, opened=opened, **WHY)
    assert "Hạn riêng: 17:00 thứ Tư 25/11/2026" in caught.value.theirs
