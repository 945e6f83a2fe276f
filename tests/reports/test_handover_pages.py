"""Pages of a handover: who is asked to sign, what can be changed, what a cluster calls its head."""

from datetime import date

import pytest
from django.urls import reverse

from blocs.domain import handovers
from blocs.enums import Role
from blocs.models import Handover, NextLeader
from reports import todo
from tests.factories import at, make_bloc_year, make_user, make_year, members_of
from tests.meeting_rows import make_meeting
from tests.screens import main_text

pytestmark = pytest.mark.django_db
NOW = at("2026-12-20 09:00")


@pytest.fixture
def bloc_year():
    return make_bloc_year(kind="cum", name="Cụm thi đua số 1")


@pytest.fixture
def head(bloc_year):
    return make_user(Role.BLOC_HEAD, bloc_year=bloc_year)


@pytest.fixture
def record(bloc_year, head):
    make_meeting(bloc_year, state="ended", by=head)
    row = handovers.begin(bloc_year.pk, receiver_id=members_of(bloc_year)[1].pk, by=head)
    Handover.objects.update(handed_on=date(2026, 12, 19))
    return row


def asked(user, year, *, now=NOW):
    return [task.title for task in todo.tasks(user, year, now=now) if "bàn giao" in task.title]


def test_both_sides_are_asked_to_sign_until_they_have(bloc_year, record):
    leaders = [make_user(Role.UNIT_LEADER, unit=unit) for unit in members_of(bloc_year)]
    sides = ["Ký bên giao biên bản bàn giao Cụm trưởng", "Ký bên nhận biên bản bàn giao Cụm trưởng"]
    assert [asked(user, bloc_year.year) for user in leaders] == [sides[:1], sides[1:], []]
    assert asked(leaders[1], bloc_year.year, now=at("2026-12-18 09:00")) == []
    coming = make_year(bloc_year.year.authority, year=2027)
    assert asked(leaders[1], coming) == sides[1:]

    handovers.sign(record.pk, "receiver", by=leaders[1], now=NOW)

    assert [asked(user, bloc_year.year) for user in leaders] == [sides[:1], [], []]


def test_receiver_is_changed_and_the_record_taken_away_on_the_page(client, bloc_year, head, record):
    client.force_login(head)
    page, other = reverse("handover", args=[bloc_year.pk]), members_of(bloc_year)[2]
    NextLeader.objects.create(bloc_year=bloc_year, unit=other, role="head")
    text = main_text(client.get(page))
    assert "Bàn giao Cụm trưởng" in text
    assert f"Cụm trưởng năm sau được ghi là {other.name}, khác bên nhận" in text

    client.post(reverse("handover_receiver", args=[bloc_year.pk]), {"receiver": other.pk, "reason": "Bầu lại"})
    assert Handover.objects.get().receiver == other
    client.post(reverse("handover_receiver", args=[bloc_year.pk]), {"receiver": other.pk})
    client.post(reverse("handover_remove", args=[bloc_year.pk]), {"reason": "Lập nhầm"})
    assert Handover.objects.count() == 0


def test_head_that_stays_settles_the_duty_on_the_page(client, bloc_year, head):
    client.force_login(head)
    make_meeting(bloc_year, state="ended", by=head)
    same = members_of(bloc_year)[0]
    NextLeader.objects.create(bloc_year=bloc_year, unit=same, role="head")
    page = reverse("handover", args=[bloc_year.pk])
    assert f"{same.name} tiếp tục làm Cụm trưởng năm sau" in main_text(client.get(page))

    client.post(reverse("handover_settle", args=[bloc_year.pk]))

    assert "Đã ghi nhận" in main_text(client.get(page))
    assert handovers.settled_at(bloc_year) is not None
