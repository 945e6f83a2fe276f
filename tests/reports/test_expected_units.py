"""A meeting that is over keeps whom it expected, whatever becomes of the bloc's members later."""

from datetime import date, time

import pytest
import time_machine

from blocs.domain import attendance, conferences, memberships, successions
from blocs.domain.successions import NewUnit
from blocs.enums import Role
from blocs.models import Conference, ExpectedUnit
from reports.domain.papers import meetings, summary
from tests.blocs.succession_rows import DAY, PAPER, Reform
from tests.factories import at, make_summary_report, make_unit_year, make_user

pytestmark = pytest.mark.django_db
VALUES = {
    "kind": "covenant", "place": "Hội trường A", "chair": "", "secretary": "", "guests": [], "quorum": 2,
    "quorum_of": 3,
}  # fmt: skip


@pytest.fixture
def clock():
    with time_machine.travel(at("2026-03-03 08:00"), tick=False) as found:
        yield found


@pytest.fixture
def reform(clock):
    return Reform()


@pytest.fixture
def head(reform):
    return make_user(Role.BLOC_HEAD, bloc_year=reform.bloc)


def meeting_of(reform, head, *, held_on, come, starts_at=None, **values):
    row = conferences.call(reform.bloc.pk, by=head, held_on=held_on, starts_at=starts_at, **(VALUES | values))
    if starts_at:
        row = conferences.start(row.pk, by=head)
    for unit in come:
        attendance.note(row.pk, unit.pk, person="Thủ trưởng", by=head)
    return row


def found(meeting):
    presence = attendance.presence(Conference.objects.get(pk=meeting.pk))
    return presence.present, presence.expected, [unit.name for unit in presence.absent], len(presence.guests)


def paper_of(meeting):
    made = meetings.minutes(Conference.objects.for_page().get(pk=meeting.pk))
    return made.presence_sentence, made.absent, made.heading, made.signature


@pytest.mark.parametrize("opened", [True, False])
def test_merger_leaves_presence_quorum_and_minutes_of_earlier_meetings(reform, head, clock, opened):
    starts_at = time(8) if opened else None
    meeting = meeting_of(reform, head, held_on=date(2026, 3, 3), come=reform.units[:4], starts_at=starts_at)
    if opened:
        clock.move_to(at("2026-03-03 11:00"))
        conferences.end(meeting.pk, by=head)
    clock.move_to(at("2026-07-10 09:00"))
    before = found(meeting), paper_of(meeting)
    assert before[0] == (4, 5, [reform.units[4].name], 0)
    successions.merge(reform.ids(0, 4), into=NewUnit(name="Sở mới"), by=reform.staff, **PAPER)
    assert (found(meeting), paper_of(meeting)) == before


@pytest.mark.parametrize("act", ["split", "dissolve"])
def test_other_acts_leave_earlier_meetings_alone(reform, head, clock, act):
    meeting = meeting_of(reform, head, held_on=date(2026, 3, 3), come=reform.units)
    clock.move_to(at("2026-07-10 09:00"))
    if act == "dissolve":
        successions.dissolve(reform.units[4].unit_id, by=reform.staff, **PAPER)
    else:
        into = [NewUnit(name="Sở A")]
        successions.split(reform.units[4].unit_id, into=into, continues=True, by=reform.staff, **PAPER)
    assert found(meeting) == (5, 5, [], 0)


def test_meeting_from_the_day_of_the_merger_on_expects_the_new_unit(reform, head, clock):
    clock.move_to(at("2026-07-10 09:00"))
    meeting = meeting_of(reform, head, held_on=DAY, come=reform.units[:3])
    successions.merge(reform.ids(3, 4), into=NewUnit(name="Sở mới"), by=reform.staff, **PAPER)
    assert found(meeting) == (3, 4, ["Sở mới"], 0)


def test_first_change_counts_and_a_meeting_to_come_follows_the_members(reform, head, clock):
    past = meeting_of(reform, head, held_on=date(2026, 3, 3), come=reform.units)
    clock.move_to(at("2026-03-10 09:00"))
    coming = meeting_of(reform, head, held_on=date(2026, 3, 10), come=[], starts_at=time(9), kind="briefing")
    fresh = make_unit_year(reform.year)
    units = [unit.pk for unit in reform.units]
    memberships.set_members(reform.bloc.pk, [*units[:4], fresh.pk], by=reform.staff, reason="Sắp xếp lại")
    assert (found(past)[:2], found(coming)[:2]) == ((5, 5), (0, 5))
    assert ExpectedUnit.objects.count() == 5
    memberships.set_members(reform.bloc.pk, units[:4], by=reform.staff, reason="Sắp xếp lại")
    assert (found(past)[:2], found(coming)[:2], ExpectedUnit.objects.count()) == ((5, 5), (0, 4), 5)


def test_reordered_members_keep_nothing(reform, head, clock):
    meeting_of(reform, head, held_on=date(2026, 3, 3), come=reform.units)
    memberships.set_members(
        reform.bloc.pk, [unit.pk for unit in reversed(reform.units)], by=reform.staff, reason="Sắp xếp lại"
    )
    assert ExpectedUnit.objects.count() == 0


def test_summary_says_how_many_came_of_those_who_were_expected(reform, head, clock):
    meeting_of(reform, head, held_on=date(2026, 3, 3), come=reform.units)
    report = make_summary_report(reform.bloc, whole=True)
    clock.move_to(at("2026-07-10 09:00"))
    successions.merge(reform.ids(3, 4), into=NewUnit(name="Sở mới"), by=reform.staff, **PAPER)
    assert "có 05/05 đơn vị dự." in str(summary.build(report.bloc_year))
