"""The board tells a bloc the number and standard of awards; what was won is handed over."""

from datetime import date

import pytest
from django.urls import reverse

from awards.domain import notices
from awards.models import AwardGiven, AwardKind, FlagNotice, Presentation
from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import AuditEvent
from tests.factories import make_bloc_year, make_user, members_of
from tests.meeting_rows import make_meeting

pytestmark = pytest.mark.django_db
WHERE = {"presented_on": date(2027, 1, 15), "place": "Hội trường A", "received_by": "Chủ tịch hội"}


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
