"""The board tells a bloc the number and standard of awards; what was won is handed over."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from awards.domain import notices
from awards.models import AwardGiven, AwardKind, Decision, DecisionItem, FlagNotice, Presentation
from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import AuditEvent
from tests.factories import at, make_bloc_year, make_user, members_of
from tests.meeting_rows import make_meeting
from tests.screens import main_text

pytestmark = pytest.mark.django_db
WHERE = {"presented_on": date(2027, 1, 15), "place": "Hội trường A", "received_by": "Chủ tịch hội"}


@pytest.fixture(autouse=True)
def after_the_year():
    with time_machine.travel(at("2027-02-01 08:00"), tick=False):
        yield


@pytest.fixture
def bloc_year():
    return make_bloc_year()


@pytest.fixture
def staff(bloc_year):
    return make_user(Role.BOARD_STAFF, bloc_year=bloc_year)


def give(bloc_year, unit, award="BKT"):
    return AwardGiven.objects.create(bloc_year=bloc_year, unit=unit, award=AwardKind.objects.get(code=award))


@pytest.mark.parametrize("role", Role)
def test_only_the_board_tells(bloc_year, role):
    user = make_user(role, bloc_year=bloc_year)
    if role == Role.BOARD_STAFF:
        assert notices.notify(bloc_year.pk, "CTDT", count=2, standard="", by=user).count == 2
    else:
        with pytest.raises(NotAllowed):
            notices.notify(bloc_year.pk, "CTDT", count=2, standard="", by=user)


def test_told_again_the_later_word_holds(bloc_year, staff):
    notices.notify(bloc_year.pk, "CTDT", count=2, standard="", by=staff)
    notices.notify(bloc_year.pk, "CTDT", count=3, standard="Dẫn đầu khối", by=staff)
    row = FlagNotice.objects.get()
    assert (row.count, row.standard) == (3, "Dẫn đầu khối")
    assert [event.action for event in AuditEvent.objects.all()] == ["award.notice"] * 2
    with pytest.raises(RuleBroken):
        notices.notify(bloc_year.pk, "CTDT", count=None, standard="", by=staff)
    notices.withdraw_notice(bloc_year.pk, row.pk, by=staff)
    assert FlagNotice.objects.count() == 0


def test_only_what_was_won_is_handed_over(bloc_year, staff):
    first, second = members_of(bloc_year)[:2]
    give(bloc_year, first)
    with pytest.raises(RuleBroken, match="đã có quyết định"):
        notices.present(bloc_year.pk, second.pk, "BKT", by=staff, **WHERE)
    head = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    meeting = make_meeting(bloc_year, state="ended", by=head)
    row = notices.present(bloc_year.pk, first.pk, "BKT", conference_id=meeting.pk, by=head, **WHERE)
    again = notices.present(bloc_year.pk, first.pk, "BKT", by=head, **(WHERE | {"received_by": "Phó Chủ tịch"}))
    assert (again.pk, Presentation.objects.get().received_by) == (row.pk, "Phó Chủ tịch")


@pytest.mark.parametrize(
    ("presented_on", "refusal"),
    [
        (date(2027, 2, 1), None),
        (date(2027, 1, 8), None),
        (date(2027, 1, 7), "trước ngày quyết định khen thưởng .08/01/2027."),
        (date(2027, 2, 2), "chưa tới"),
        (date(2099, 1, 1), "chưa tới"),
    ],
)
def test_day_of_handing_over_lies_between_the_decision_and_today(bloc_year, staff, presented_on, refusal):
    unit, award = members_of(bloc_year)[0], AwardKind.objects.get(code="BKT")
    decision = Decision.objects.create(bloc_year=bloc_year, number="10/QĐ-UBND", dated=date(2027, 1, 8))
    DecisionItem.objects.create(decision=decision, unit=unit, award=award)
    values = WHERE | {"presented_on": presented_on, "by": staff}
    if refusal is None:
        assert notices.present(bloc_year.pk, unit.pk, "BKT", **values).presented_on == presented_on
    else:
        with pytest.raises(RuleBroken, match=refusal):
            notices.present(bloc_year.pk, unit.pk, "BKT", **values)


def test_nothing_is_handed_over_before_its_year_and_the_trail_tells_at_which_meeting(bloc_year, staff):
    unit = members_of(bloc_year)[0]
    give(bloc_year, unit)
    with pytest.raises(RuleBroken, match="trước năm 2026"):
        notices.present(bloc_year.pk, unit.pk, "BKT", by=staff, **(WHERE | {"presented_on": date(1990, 1, 1)}))
    meeting = make_meeting(bloc_year, state="ended")
    notices.present(bloc_year.pk, unit.pk, "BKT", by=staff, **WHERE)
    notices.present(bloc_year.pk, unit.pk, "BKT", conference_id=meeting.pk, by=staff, **WHERE)
    event = AuditEvent.objects.filter(action="award.present").first()
    assert (event.before["conference"], event.after["conference"]) == ("", "Hội nghị tổng kết ngày 05/12/2026")


def test_handing_over_is_noted_at_a_meeting_of_the_bloc_alone(bloc_year, staff):
    give(bloc_year, members_of(bloc_year)[0])
    elsewhere = make_meeting(make_bloc_year(bloc_year.year), state="ended")
    with pytest.raises(RuleBroken, match="Không có hội nghị này"):
        notices.present(bloc_year.pk, members_of(bloc_year)[0].pk, "BKT", conference_id=elsewhere.pk, by=staff, **WHERE)


@pytest.mark.parametrize("role", [Role.UNIT_LEADER, Role.COUNCIL_MEMBER, Role.ADMINISTRATOR])
def test_others_do_not_note_it(bloc_year, role):
    give(bloc_year, members_of(bloc_year)[0])
    with pytest.raises(NotAllowed):
        notices.present(
            bloc_year.pk, members_of(bloc_year)[0].pk, "BKT", by=make_user(role, bloc_year=bloc_year), **WHERE
        )


def test_of_two_who_note_one_handing_over_the_second_is_shown_both_and_chooses(client, bloc_year, staff):
    unit = members_of(bloc_year)[0]
    give(bloc_year, unit)
    client.force_login(staff)
    address = reverse("presentations", args=[bloc_year.pk])
    form = {"won": f"{unit.pk}:BKT", "presented_on": "15/01/2027", "received_by": "Chánh Văn phòng"}
    form["opened"] = client.get(address).context["form"].initial["opened"]
    notices.present(bloc_year.pk, unit.pk, "BKT", by=staff, **WHERE)

    response = client.post(address, form)
    assert (response.status_code, Presentation.objects.get().received_by) == (409, "Chủ tịch hội")
    assert "Người nhận: Chủ tịch hội" in main_text(response)
    assert client.post(address, form | {"over": response.context["conflict"].version}).status_code == 302
    assert Presentation.objects.get().received_by == "Chánh Văn phòng"

    again = client.get(address, {"sua": f"{unit.pk}:BKT"}).context["form"].initial
    assert (again["won"], again["presented_on"]) == (f"{unit.pk}:BKT", date(2027, 1, 15))
    assert client.post(address, form | {"opened": again["opened"], "place": "Nhà văn hóa"}).status_code == 302


def test_of_two_who_tell_of_one_award_the_second_chooses(client, bloc_year, staff):
    client.force_login(staff)
    address = reverse("award_notices", args=[bloc_year.pk])
    form = {"award": "CTDT", "count": "3", "opened": client.get(address).context["form"].initial["opened"]}
    notices.notify(bloc_year.pk, "CTDT", count=2, standard="", by=staff)
    response = client.post(address, form)
    assert (response.status_code, FlagNotice.objects.get().count) == (409, 2)
    assert "Số lượng: 2" in main_text(response)
    opened = client.get(address, {"sua": "CTDT"}).context["form"].initial["opened"]
    assert client.post(address, form | {"opened": opened}).status_code == 302
    assert FlagNotice.objects.get().count == 3


def test_pages_cost_the_same_for_one_and_three(bloc_year, staff, client, queries_of):
    client.force_login(staff)
    addresses = [reverse(name, args=[bloc_year.pk]) for name in ("award_notices", "presentations")]
    counted = []
    for unit, award in zip(members_of(bloc_year), ("BKT", "CTDT", "GK"), strict=True):
        give(bloc_year, unit)
        notices.notify(bloc_year.pk, award, count=2, standard="", by=staff)
        notices.present(bloc_year.pk, unit.pk, "BKT", by=staff, **WHERE)
        counted.append([queries_of(address) for address in addresses])
    assert (FlagNotice.objects.count(), Presentation.objects.count()) == (3, 3)
    assert counted[0] == counted[2]
