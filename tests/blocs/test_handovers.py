"""The record from one head to the next: when it begins, what it lists, who signs, what changes afterwards."""

from datetime import date

import pytest

from blocs.domain import conference_tasks, handovers
from blocs.enums import HandoverKind, Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent, Handover, NextLeader, Obligation
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_seat,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.meeting_rows import make_meeting

pytestmark = pytest.mark.django_db
NOW = at("2026-12-20 09:00")
FRAME = {"handed_on": date(2026, 12, 19), "place": "Hội trường A", "witness": "Chuyên viên", "note": ""}


@pytest.fixture
def bloc_year():
    return make_bloc_year()


@pytest.fixture
def head(bloc_year):
    return make_user(Role.BLOC_HEAD, bloc_year=bloc_year, post="Khối trưởng")


@pytest.fixture
def record(bloc_year, head):
    make_meeting(bloc_year, state="ended", by=head)
    NextLeader.objects.create(bloc_year=bloc_year, unit=members_of(bloc_year)[1], role="head")
    row = handovers.begin(bloc_year.pk, receiver_id=members_of(bloc_year)[1].pk, by=head)
    return handovers.save(row.pk, [("document", "Sổ theo dõi", True, "01 quyển")], by=head, **FRAME)


@pytest.fixture
def successor(bloc_year):
    return make_user(Role.UNIT_LEADER, unit=members_of(bloc_year)[1], post="Lãnh đạo bên nhận")


def test_handover_begins_with_the_conference_and_not_before(bloc_year, head):
    receiver = members_of(bloc_year)[1].pk
    with pytest.raises(RuleBroken, match="từ hội nghị tổng kết"):
        handovers.begin(bloc_year.pk, receiver_id=receiver, by=head)
    make_meeting(bloc_year, by=head)
    with pytest.raises(RuleBroken, match="từ hội nghị tổng kết"):
        handovers.begin(bloc_year.pk, receiver_id=receiver, by=head)
    make_meeting(bloc_year, state="running", by=head)
    assert handovers.begin(bloc_year.pk, receiver_id=receiver, by=head).giver == members_of(bloc_year)[0]
    with pytest.raises(WrongState):
        handovers.begin(bloc_year.pk, receiver_id=receiver, by=head)


def test_receiver_is_the_head_chosen_for_the_next_year(bloc_year, head):
    make_meeting(bloc_year, state="ended", by=head)
    NextLeader.objects.create(bloc_year=bloc_year, unit=members_of(bloc_year)[2], role="head")
    for wrong in members_of(bloc_year)[:2]:
        with pytest.raises(RuleBroken):
            handovers.begin(bloc_year.pk, receiver_id=wrong.pk, by=head)
    assert list(handovers.receivers(bloc_year)) == [members_of(bloc_year)[2]]


def test_first_list_holds_open_tasks_papers_flag_and_contacts_by_post(bloc_year, head, successor):
    meeting = make_meeting(bloc_year, state="ended", by=head)
    given = {"unit": members_of(bloc_year)[2], "person": "A", "due_on": date(2027, 1, 10)}
    conference_tasks.save(meeting.pk, by=head, text="Gửi số liệu", **given)
    done = conference_tasks.save(meeting.pk, by=head, text="Đã làm", **given)
    conference_tasks.finish(done.pk, note="", by=head)
    found = handovers.proposed(bloc_year)
    short = members_of(bloc_year)[2].short
    assert [text for kind, text in found if kind == HandoverKind.TASK] == [f"Gửi số liệu ({short}, hạn 10/01/2027)"]
    assert (HandoverKind.DOCUMENT, "Biên bản hội nghị tổng kết ngày 05/12/2026") in found
    assert (HandoverKind.FLAG, "Cờ luân lưu của khối (nếu có)") in found
    contacts = [text for kind, text in found if kind == HandoverKind.CONTACT]
    assert contacts == [f"{members_of(bloc_year)[1].name}: Lãnh đạo bên nhận"]


def test_who_has_no_post_is_listed_by_role_never_by_user_name(bloc_year):
    unit = members_of(bloc_year)[1]
    for role in (Role.UNIT_LEADER, Role.UNIT_REPORTER):
        make_user(role, unit=unit, post="", full_name="Họ Và Tên")
    bloc_year.desk_officer = make_user(Role.BOARD_STAFF, bloc_year=bloc_year, post="", full_name="Họ Và Tên")

    found = [text for kind, text in handovers.proposed(bloc_year) if kind == HandoverKind.CONTACT]

    assert found == [
        f"{unit.name}: Lãnh đạo đơn vị, Người làm báo cáo của đơn vị",
        "Chuyên viên theo dõi khối: Ban Thi đua - Khen thưởng",
    ]


def test_both_sides_sign_and_the_duty_is_done(bloc_year, head, successor, record):
    make_milestone(bloc_year, "handover", due="2026-12-31 17:00")
    handovers.sign(record.pk, "giver", by=head, now=NOW)
    assert Obligation.objects.get(code="handover").received_at is None
    row = handovers.sign(record.pk, "receiver", by=successor, now=NOW)
    assert (row.giver_signed_by, row.receiver_signed_by, row.digest) == (head, successor, handovers.digest(row))
    assert Obligation.objects.get(code="handover").received_at == NOW
    with pytest.raises(WrongState, match="không đổi được nữa"):
        handovers.unsign(record.pk, "giver", by=head)


@pytest.mark.parametrize("side", ["giver", "receiver"])
def test_strangers_sign_for_neither_side(bloc_year, record, side):
    third = make_user(Role.UNIT_LEADER, unit=members_of(bloc_year)[2])
    deputy = make_user(Role.BLOC_DEPUTY, bloc_year=bloc_year)
    for user in (third, deputy, make_user(Role.BOARD_STAFF, bloc_year=bloc_year)):
        with pytest.raises(NotAllowed):
            handovers.sign(record.pk, side, by=user, now=NOW)


def test_head_of_the_next_year_signs_for_the_receiver(bloc_year, record):
    year = make_year(bloc_year.year.authority, year=2027)
    receiver, other = (make_unit_year(year, code=row.unit.code) for row in members_of(bloc_year)[1:])
    coming = make_bloc_year(year, bloc=bloc_year.bloc, members=[receiver, other])
    user = make_user(Role.BLOC_HEAD, bloc_year=coming)
    assert (handovers.signs(user, record, "receiver"), handovers.signs(user, record, "giver")) == (True, False)


def test_one_person_does_not_sign_for_both(bloc_year, head, record):
    make_seat(head, Role.UNIT_LEADER, unit=members_of(bloc_year)[1])
    handovers.sign(record.pk, "giver", by=head, now=NOW)
    with pytest.raises(RuleBroken, match="hai người"):
        handovers.sign(record.pk, "receiver", by=head, now=NOW)


def test_signed_twice_or_before_its_day_is_refused(head, record):
    with pytest.raises(RuleBroken, match="chưa tới"):
        handovers.sign(record.pk, "giver", by=head, now=at("2026-12-18 09:00"))
    handovers.sign(record.pk, "giver", by=head, now=NOW)
    with pytest.raises(WrongState, match="Bên giao đã ký"):
        handovers.sign(record.pk, "giver", by=head, now=NOW)


def test_what_one_side_signed_changes_only_after_it_took_its_name_back(bloc_year, head, successor, record):
    handovers.sign(record.pk, "receiver", by=successor, now=NOW)
    with pytest.raises(WrongState, match="đã có bên ký"):
        handovers.save(record.pk, [], by=head, **FRAME)
    Handover.objects.update(place="Nơi khác")  # past the rules, as a repair of the database would
    with pytest.raises(WrongState, match="Nội dung đã khác"):
        handovers.sign(record.pk, "giver", by=head, now=NOW)
    handovers.unsign(record.pk, "receiver", by=successor)
    assert handovers.save(record.pk, [], by=head, **FRAME).items.count() == 0


def test_without_a_day_nobody_signs_and_of_two_editors_the_second_is_told(head, record):
    seen = handovers.organisation.digest(handovers.content(record))
    handovers.save(record.pk, [], by=head, opened=seen, **(FRAME | {"handed_on": None}))
    with pytest.raises(RuleBroken, match="Chưa ghi ngày bàn giao"):
        handovers.sign(record.pk, "giver", by=head, now=NOW)
    with pytest.raises(EditedMeanwhile):
        handovers.save(record.pk, [], by=head, opened=seen, **FRAME)
    actions = AuditEvent.objects.filter(action__startswith="handover").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["handover.begin", "handover.save", "handover.save"]


# ---------------------------------------------------------------- another receiver, none at all


def trail(action):
    event = AuditEvent.objects.get(action=action)
    return event.before, event.after, event.note


def test_receiver_changes_with_a_reason_until_somebody_signs(bloc_year, head, successor, record):
    NextLeader.objects.all().delete()
    other = members_of(bloc_year)[2]
    for receiver, reason, words in (
        (other, " ", "lý do"),
        (record.receiver, "x", "vẫn là"),
        (record.giver, "x", "khác"),
    ):
        with pytest.raises(RuleBroken, match=words):
            handovers.change_receiver(record.pk, receiver_id=receiver.pk, reason=reason, by=head)
    with pytest.raises(NotAllowed):
        handovers.change_receiver(record.pk, receiver_id=other.pk, reason="x", by=successor)

    assert handovers.change_receiver(record.pk, receiver_id=other.pk, reason="Bầu lại", by=head).receiver == other

    assert trail("handover.receiver") == ({"unit": record.receiver.name}, {"unit": other.name}, "Bầu lại")
    handovers.sign(record.pk, "giver", by=head, now=NOW)
    for act in (lambda: handovers.change_receiver(record.pk, receiver_id=record.receiver_id, reason="x", by=head),
                lambda: handovers.remove(record.pk, reason="x", by=head)):  # fmt: skip
        with pytest.raises(WrongState, match="rút chữ ký"):
            act()


def test_record_that_nobody_signed_is_taken_away_with_a_reason(bloc_year, head, record):
    with pytest.raises(RuleBroken, match="lý do"):
        handovers.remove(record.pk, reason="", by=head)
    handovers.remove(record.pk, reason="Lập nhầm", by=head)

    assert Handover.objects.count() == 0
    before, _, note = trail("handover.remove")
    assert (before["Nội dung"], note) == (["Hồ sơ, tài liệu: Sổ theo dõi (đã giao) 01 quyển"], "Lập nhầm")
    with pytest.raises(WrongState, match="vừa được người khác bỏ"):
        handovers.remove(record.pk, reason="x", by=head)


def test_nobody_signs_for_another_than_the_head_recorded_later(bloc_year, head, record):
    other = members_of(bloc_year)[2]
    NextLeader.objects.update(unit=other)
    with pytest.raises(RuleBroken, match=f"được ghi là {other.name}, khác bên nhận"):
        handovers.sign(record.pk, "giver", by=head, now=NOW)
    handovers.change_receiver(record.pk, receiver_id=other.pk, reason="Bầu lại", by=head)
    assert handovers.sign(record.pk, "giver", by=head, now=NOW).giver_signed_at == NOW


def test_head_that_was_chosen_again_hands_over_nothing_and_the_duty_is_done(bloc_year, head, successor):
    make_milestone(bloc_year, "handover", due="2026-12-31 17:00")
    same = members_of(bloc_year)[0]
    with pytest.raises(RuleBroken, match="từ hội nghị tổng kết"):
        handovers.settle(bloc_year.pk, by=head)
    make_meeting(bloc_year, state="ended", by=head)
    with pytest.raises(RuleBroken, match="là đơn vị khác hoặc chưa được ghi"):
        handovers.settle(bloc_year.pk, by=head)
    NextLeader.objects.create(bloc_year=bloc_year, unit=same, role="head")
    with pytest.raises(RuleBroken, match="không có gì phải bàn giao"):
        handovers.begin(bloc_year.pk, receiver_id=same.pk, by=head)
    with pytest.raises(NotAllowed):
        handovers.settle(bloc_year.pk, by=successor)

    handovers.settle(bloc_year.pk, by=head, now=NOW)

    assert Obligation.objects.get(code="handover").received_at == NOW
    assert trail("handover.settle")[1] == {"unit": same.name}
    with pytest.raises(WrongState, match="đã xong"):
        handovers.settle(bloc_year.pk, by=head)


def test_words_of_a_cluster_are_its_own():
    cluster = make_bloc_year(kind="cum", head=False)
    make_meeting(cluster, state="ended", by=make_user(Role.BLOC_HEAD, bloc_year=cluster))
    assert handovers.why_not_yet(cluster) == "Cụm thi đua chưa có Cụm trưởng trong năm này."
