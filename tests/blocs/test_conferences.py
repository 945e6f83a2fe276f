"""A meeting from its plan to its end: who may, when, and what the trail says."""

from datetime import date, time, timedelta

import pytest
import time_machine

from awards.models import AwardKind, Presentation
from blocs.domain import attachments, attendance, conferences, obligations
from blocs.enums import Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent, Conference, Handover, Obligation
from tests.blocs.test_attachments import picture
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_rendering,
    make_summary_report,
    make_user,
    make_year,
    members_of,
)
from tests.meeting_rows import DAY, MORNING, NOON, VALUES, make_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc_year():
    return make_bloc_year()


@pytest.fixture
def head(bloc_year):
    return make_user(Role.BLOC_HEAD, bloc_year=bloc_year)


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize("role", Role)
def test_only_head_and_deputy_call_a_meeting(bloc_year, role):
    user = make_user(role, bloc_year=bloc_year)
    if role in (Role.BLOC_HEAD, Role.BLOC_DEPUTY):
        assert conferences.call(bloc_year.pk, by=user, **VALUES).held_on == DAY
    else:
        with pytest.raises(NotAllowed):
            conferences.call(bloc_year.pk, by=user, **VALUES)
        assert Conference.objects.count() == 0


@pytest.mark.parametrize("role", Role)
def test_meeting_of_the_council_is_run_by_the_board_and_its_secretary(role):
    year = make_year()
    user = make_user(role, authority=year.authority) if role in AT_AUTHORITY else make_user(role)
    if role in (Role.BOARD_STAFF, Role.COUNCIL_SECRETARY):
        assert conferences.call_council(year.pk, by=user, **VALUES).bloc_year is None
    else:
        with pytest.raises(NotAllowed):
            conferences.call_council(year.pk, by=user, **VALUES)


AT_AUTHORITY = {Role.BOARD_STAFF, Role.COUNCIL_MEMBER, Role.COUNCIL_SECRETARY, Role.ADMINISTRATOR}


@pytest.mark.parametrize(
    ("held_on", "is_near"),
    [(date(2025, 10, 1), True), (date(2025, 9, 30), False), (date(2027, 10, 31), True), (date(2027, 11, 1), False)],
)
def test_day_lies_near_the_year(bloc_year, head, held_on, is_near):
    if is_near:
        assert conferences.call(bloc_year.pk, by=head, **(VALUES | {"held_on": held_on})).pk
    else:
        with pytest.raises(RuleBroken, match="quá xa năm 2026"):
            conferences.call(bloc_year.pk, by=head, **(VALUES | {"held_on": held_on}))


def test_planned_meeting_fulfils_nothing_until_it_opens(bloc_year, head):
    make_milestone(bloc_year, "conference", due="2026-12-10 17:00")
    meeting = make_meeting(bloc_year, by=head)
    owed = Obligation.objects.get(bloc_year=bloc_year, code="conference")
    assert owed.received_at is None
    conferences.start(meeting.pk, by=head, now=MORNING)
    owed.refresh_from_db()
    assert (owed.received_at, owed.is_on_time) == (at("2026-12-05 23:59:59"), True)


def test_meeting_noted_with_its_day_alone_counts_as_held(bloc_year, head):
    make_milestone(bloc_year, "conference", due="2026-12-10 17:00")
    with time_machine.travel(MORNING, tick=False):
        make_meeting(bloc_year, by=head, starts_at=None)
    assert Obligation.objects.get(bloc_year=bloc_year, code="conference").received_at is not None


@time_machine.travel(MORNING - timedelta(days=1), tick=False)
def test_day_to_come_is_a_plan_and_needs_its_hour(bloc_year, head):
    make_milestone(bloc_year, "conference", due="2026-12-10 17:00")
    with pytest.raises(RuleBroken, match="05/12/2026 chưa tới"):
        make_meeting(bloc_year, by=head, starts_at=None)
    Conference.objects.create(year=bloc_year.year, bloc_year=bloc_year, kind="year_end", held_on=DAY)  # by a file
    obligations.renew_bloc(bloc_year.pk)
    assert not Conference.objects.held().exists()
    assert Obligation.objects.get(bloc_year=bloc_year, code="conference").received_at is None


def test_opening_and_closing_are_written_down(bloc_year, head):
    meeting = make_meeting(bloc_year, state="ended", by=head)
    assert (meeting.opened_at, meeting.ended_at, meeting.is_running) == (MORNING, NOON, False)
    assert actions() == ["conference.call", "conference.open", "conference.end"]


def test_opening_makes_a_code_that_can_be_typed(bloc_year, head):
    first, second = make_meeting(bloc_year, state="running", by=head), make_meeting(bloc_year, state="running", by=head)
    assert len({first.code, second.code}) == 2
    assert [len(part) for part in first.code.split("-")] == [4, 4]


def test_meeting_opens_on_its_day_and_not_before(bloc_year, head):
    meeting = make_meeting(bloc_year, by=head)
    with pytest.raises(RuleBroken, match="05/12/2026"):
        conferences.start(meeting.pk, by=head, now=MORNING - timedelta(days=1))
    conferences.start(meeting.pk, by=head, now=MORNING)
    with pytest.raises(WrongState, match="đã khai mạc"):
        conferences.start(meeting.pk, by=head, now=NOON)


def test_meeting_of_an_earlier_day_is_noted_without_a_code(bloc_year, head):
    meeting = make_meeting(bloc_year, by=head)
    row = conferences.start(meeting.pk, by=head, now=MORNING + timedelta(days=3))
    assert (row.opened_at, row.code) == (MORNING, "")


def test_end_lies_between_the_opening_and_now(bloc_year, head):
    meeting = make_meeting(bloc_year, state="running", by=head)
    for hour in (time(7, 59), time(11, 31)):
        with pytest.raises(RuleBroken):
            conferences.end(meeting.pk, at=hour, by=head, now=NOON)
    assert conferences.end(meeting.pk, at=time(11), by=head, now=NOON).ended_at == at("2026-12-05 11:00")
    with pytest.raises(WrongState):
        conferences.end(meeting.pk, by=head, now=NOON)


def test_closing_that_came_too_early_is_undone(bloc_year, head):
    meeting = make_meeting(bloc_year, state="ended", by=head)
    assert conferences.resume(meeting.pk, by=head).is_running is True
    with pytest.raises(WrongState):
        conferences.resume(meeting.pk, by=head)


def test_opening_by_mistake_is_taken_back_with_a_reason(bloc_year, head):
    make_milestone(bloc_year, "conference", due="2026-12-20 17:00:00")
    meeting = make_meeting(bloc_year, state="running", by=head)
    owed = Obligation.objects.filter(bloc_year=bloc_year, code="conference")
    assert owed.get().received_at is not None
    with pytest.raises(RuleBroken, match="lý do"):
        conferences.undo_start(meeting.pk, reason=" ", by=head)
    row = conferences.undo_start(meeting.pk, reason="Hội nghị hoãn", by=head)
    assert (row.opened_at, row.code, owed.get().received_at) == (None, "", None)
    event = AuditEvent.objects.get(action="conference.undo_open")
    assert (event.note, event.before) == ("Hội nghị hoãn", {"at": "08:00 thứ Bảy 05/12/2026"})
    with pytest.raises(WrongState, match="chưa khai mạc"):
        conferences.undo_start(meeting.pk, reason="Lại", by=head)
    conferences.edit(meeting.pk, by=head, **(VALUES | {"held_on": date(2026, 12, 12)}))


@pytest.mark.parametrize("what", ["presence", "minutes", "presentation", "adoption", "handover", "end"])
def test_opening_stays_while_something_rests_on_it(bloc_year, head, what):
    meeting = make_meeting(bloc_year, state="running", by=head)
    unit, award = members_of(bloc_year)[1], AwardKind.objects.get(code="BKT")
    if what == "presence":
        attendance.note(meeting.pk, unit.pk, by=head, now=MORNING)
    elif what == "minutes":
        make_rendering(conferences.MINUTES, meeting)
    elif what == "presentation":
        row = {"bloc_year": bloc_year, "unit": unit, "award": award, "conference": meeting, "noted_by": head}
        Presentation.objects.create(presented_on=DAY, **row)
    elif what == "adoption":
        make_summary_report(bloc_year, state="adopted", adopted_on=DAY)
    elif what == "handover":
        Handover.objects.create(bloc_year=bloc_year, giver=members_of(bloc_year)[0], receiver=unit)
    else:
        conferences.end(meeting.pk, by=head, now=NOON)
    with pytest.raises((RuleBroken, WrongState)):
        conferences.undo_start(meeting.pk, reason="Nhầm", by=head)
    assert Conference.objects.get().opened_at == MORNING


def test_of_two_editors_the_second_is_shown_what_the_first_saved(bloc_year, head):
    meeting = make_meeting(bloc_year, by=head)
    seen = conferences.organisation.digest(conferences.shown(meeting))
    conferences.edit(meeting.pk, by=head, opened=seen, **(VALUES | {"place": "Hội trường B"}))
    with pytest.raises(EditedMeanwhile) as caught:
        conferences.edit(meeting.pk, by=head, opened=seen, **(VALUES | {"place": "Hội trường C"}))
    assert "Địa điểm: Hội trường B" in caught.value.theirs
    assert Conference.objects.get().place == "Hội trường B"


def test_day_and_kind_stay_once_the_meeting_is_open(bloc_year, head):
    meeting = make_meeting(bloc_year, state="running", by=head)
    with pytest.raises(WrongState):
        conferences.edit(meeting.pk, by=head, **(VALUES | {"held_on": date(2026, 12, 6)}))
    assert conferences.edit(meeting.pk, by=head, **(VALUES | {"place": "Phòng họp 2"})).place == "Phòng họp 2"


def test_agenda_is_written_whole_and_in_order(bloc_year, head):
    meeting = make_meeting(bloc_year, by=head)
    conferences.set_agenda(meeting.pk, [(time(8), "Khai mạc", "Khối trưởng"), (None, "Thảo luận", "")], by=head)
    conferences.set_agenda(meeting.pk, [(None, "Thảo luận", ""), (time(9), "Bế mạc", "")], by=head)
    assert conferences.agenda_values(meeting) == {"Chương trình": ["Thảo luận", "09:00 - Bế mạc"]}
    event = AuditEvent.objects.filter(action="conference.agenda").order_by("pk").last()
    assert event.before == {"Chương trình": ["08:00 - Khai mạc - Khối trưởng", "Thảo luận"]}


def test_only_a_meeting_of_which_nothing_came_is_removed(bloc_year, head):
    conferences.remove(make_meeting(bloc_year, by=head).pk, by=head)
    running = make_meeting(bloc_year, state="running", by=head)
    with pytest.raises(WrongState):
        conferences.remove(running.pk, by=head)
    assert list(Conference.objects.all()) == [running]
    with pytest.raises(WrongState, match="người khác xóa"):
        conferences.remove(running.pk + 99, by=head)


def test_planned_meeting_outlives_the_reopening_of_the_report(bloc_year, head):
    """Reopening takes back the day that the adoption noted, not a meeting that people planned."""
    conferences.set_agenda(make_meeting(bloc_year, by=head).pk, [(None, "Khai mạc", "")], by=head)
    conferences.withdraw_year_end(bloc_year, held_on=DAY, by=head)
    assert Conference.objects.count() == 1


def test_same_picture_is_kept_once(bloc_year, head):
    meeting = make_meeting(bloc_year, by=head)
    judged = attachments.judge("a.png", picture())
    row = conferences.add_picture(meeting.pk, judged, caption="Toàn cảnh", by=head)
    assert attachments.path_of(row).read_bytes() == picture()
    with pytest.raises(RuleBroken, match="đã có"):
        conferences.add_picture(meeting.pk, judged, caption="", by=head)
    conferences.remove_picture(meeting.pk, row.pk, by=head)
    assert meeting.pictures.count() == 0
