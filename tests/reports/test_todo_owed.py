"""Each open obligation of a user is one task, whatever seats he holds; what came in is none."""

from collections import Counter
from contextlib import contextmanager

import pytest
import time_machine
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocs.domain import obligations
from blocs.enums import Milestone, OwedBy, Role
from blocs.models import BlocYear, Obligation
from reports import todo
from reports.enums import SummaryReportState, UnitReportState
from tests.blocs.rule_rows import make_rule_set
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_movement,
    make_seat,
    make_summary_report,
    make_unit_report,
    make_user,
    make_year,
    members_of,
)
from tests.screens import main_text, make_receipts

pytestmark = pytest.mark.django_db
NOW = at("2026-11-22 08:00")
DUE, LOCK = "2026-11-20 17:00", "2026-11-30 17:00"


def open_ids(user, year):
    return Counter(Obligation.objects.of(user).missing().filter(bloc_year__year=year).values_list("pk", flat=True))


def told_ids(user, year, **more):
    return Counter(pk for task in todo.tasks(user, year, now=NOW, **more) for pk in task.owed)


# ---------------------------------------------------------------- every milestone, every role


@pytest.fixture
def year():
    return make_year()


@pytest.mark.parametrize("code", [*Milestone.values, "viec-rieng"])
@pytest.mark.parametrize("role", [Role.UNIT_REPORTER, Role.UNIT_LEADER, Role.BLOC_HEAD, Role.BLOC_DEPUTY])
def test_milestone_is_one_task_of_the_one_who_owes_it(client, year, code, role):
    bloc_year = make_bloc_year(year)
    make_milestone(bloc_year, code, due=DUE, locks=LOCK)
    user = make_user(role, bloc_year=bloc_year)

    assert told_ids(user, year) == open_ids(user, year)
    client.force_login(user)
    pages = [task.url for task in todo.tasks(user, year, now=NOW) if not task.post]
    assert [client.get(url).status_code for url in pages] == [200] * len(pages)


def test_owner_assessor_and_board_are_told_theirs(client, year):
    rules = [
        {"code": f"viec-{owed_by.value}", "owed_by": owed_by.value, "due": {"month": "11", "day": "20"}}
        for owed_by in (OwedBy.OWNER, OwedBy.ASSESSOR, OwedBy.BOARD)
    ]
    rule_set = make_rule_set(milestones=rules)
    blocs = [make_bloc_year(year, rule_set=rule_set) for _ in range(2)]
    unit = members_of(blocs[0])[0]
    people = {
        "owner": make_user(Role.MOVEMENT_OWNER, unit=unit),
        "assessor": make_user(Role.ASSESSOR, unit=unit),
        "board": make_user(Role.BOARD_STAFF, authority=year.authority),
    }
    make_movement(owner=unit, indicators=0)
    obligations.renew(BlocYear.objects.filter(year=year))

    found = {}
    for who, user in people.items():
        assert told_ids(user, year) == open_ids(user, year)
        tasks = [task for task in todo.tasks(user, year, now=NOW) if task.owed]
        client.force_login(user)
        found[who] = [(len(task.owed), client.get(task.url).status_code) for task in tasks]

    assert found == {"owner": [(1, 200)], "assessor": [(1, 200)] * 2, "board": [(2, 200)]}


# ---------------------------------------------------------------- any seats, any state


SEATS = st.lists(
    st.tuples(st.sampled_from(Role.values), st.integers(0, 1), st.integers(0, 2)), min_size=1, max_size=5, unique=True
)
DATES = st.lists(st.sampled_from([*Milestone.values, "viec-rieng"]), min_size=1, max_size=5, unique=True)
SENT = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), max_size=4, unique=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SEATS, DATES, SENT, st.booleans())
def test_each_open_obligation_is_told_exactly_once(transactional, seats, codes, sent, begun):
    with transactional():
        year = make_year()
        blocs = [make_bloc_year(year) for _ in range(2)]
        for bloc_year in blocs:
            for code in codes:
                make_milestone(bloc_year, code, due=DUE, locks=LOCK)
            if begun:
                make_summary_report(bloc_year, state=SummaryReportState.ADOPTED)
        for bloc, unit in sent:
            moments = [None] * unit + ["2026-11-19 10:00"]
            for code in codes:
                make_receipts(blocs[bloc], *moments, kind=code)
        user = make_user()
        for role, bloc, unit in seats:
            _sit(user, role, bloc_year=blocs[bloc], unit=members_of(blocs[bloc])[unit])

        assert told_ids(user, year) == open_ids(user, year)


def _sit(user, role, *, bloc_year, unit):
    """Two draws may mean the same place: an authority is one, a bloc has three units."""
    place = Q(authority=bloc_year.year.authority) | Q(bloc_year=bloc_year) | Q(unit=unit.unit)
    if not user.seats.filter(place, role=role).exists():
        make_seat(user, role, bloc_year=bloc_year, unit=unit)


@pytest.fixture
def transactional():
    """Each example begins with an empty database."""

    @contextmanager
    def example():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return example


# ---------------------------------------------------------------- one seat, what is done


def test_chosen_seat_narrows_the_tasks(year):
    first, second = make_bloc_year(year), make_bloc_year(year)
    for bloc_year in (first, second):
        make_milestone(bloc_year, due=DUE, locks=LOCK)
    user = make_user(Role.UNIT_REPORTER, bloc_year=first)
    seat = make_seat(user, Role.UNIT_LEADER, bloc_year=second)

    titles = [task.title for task in todo.tasks(user, year, seat=seat, now=NOW)]

    assert titles == [f"Nộp báo cáo năm của {members_of(second)[0].short}"]
    assert len(todo.tasks(user, year, now=NOW)) == 2


def test_five_latest_are_done(client, year):
    bloc_year = make_bloc_year(year)
    unit = members_of(bloc_year)[0]
    for number in range(6):
        make_milestone(bloc_year, f"viec-{number}", due="2026-11-04 17:00")
        make_receipts(bloc_year, f"2026-11-0{number + 1} 10:00", kind=f"viec-{number}")
    user = make_user(Role.UNIT_LEADER, unit=unit)

    found = [(row.words, row.look) for row in todo.done(user, year)]

    assert found == [
        (f"viec-5 của {unit.short} (chậm)", "late"),
        (f"viec-4 của {unit.short} (chậm)", "late"),
        *[(f"viec-{number} của {unit.short}", "ok") for number in (3, 2, 1)],
    ]
    with time_machine.travel(NOW, tick=False):
        client.force_login(user)
        assert f"Đã xong gần đây 06/11 viec-5 của {unit.short} (chậm)" in main_text(client.get(reverse("todo")))


def test_report_noted_on_paper_is_asked_of_nobody(year):
    bloc_year = make_bloc_year(year)
    for code in (Milestone.UNIT_REPORT, Milestone.SUMMARY_REPORT):
        make_milestone(bloc_year, code, due=DUE, locks=LOCK)
        make_receipts(bloc_year, "2026-11-19 10:00", kind=code)
    make_unit_report(bloc_year, state=UnitReportState.DRAFT)
    make_summary_report(bloc_year, state=SummaryReportState.DRAFT)
    user = make_user(Role.UNIT_REPORTER, bloc_year=bloc_year)
    make_seat(user, Role.BLOC_HEAD, bloc_year=bloc_year)

    assert [task.title for task in todo.tasks(user, year, now=NOW)] == ["Hoàn thiện chỉ tiêu giao ước thi đua"]


def test_year_in_preparation_is_a_task_of_the_board(client, year):
    coming = make_year(year.authority, year=2027, is_open=False)
    staff = make_user(Role.BOARD_STAFF, authority=year.authority)

    (task,) = todo.tasks(staff, year, now=NOW)

    client.force_login(staff)
    assert (task.title, task.url) == ("Chuẩn bị năm 2027", reverse("year_detail", args=[coming.pk]))
    assert client.get(task.url).status_code == 200


@pytest.mark.parametrize(("post", "is_own", "total"), [("Phó Trưởng Ban", True, 1), ("Thư ký", False, 2)])
def test_council_is_shown_what_is_late_in_its_blocs(client, year, post, is_own, total):
    followed = make_bloc_year(year, supervisor="Ủy viên Hội đồng, Phó Trưởng Ban Tuyên giáo")
    for bloc_year in (followed, make_bloc_year(year)):
        make_milestone(bloc_year, due=DUE, locks=LOCK)
        make_milestone(bloc_year, Milestone.CONFERENCE, due="2026-12-20 17:00")
    user = make_user(Role.COUNCIL_MEMBER, authority=year.authority, post=post)

    found = todo.watched(user, year, now=NOW)

    assert (found.is_own, found.total, todo.tasks(user, year, now=NOW)) == (is_own, total, [])
    with time_machine.travel(NOW, tick=False):
        client.force_login(user)
        text = main_text(client.get(reverse("todo")))
    assert f"{followed.name}: Báo cáo năm, còn thiếu 3 Quá hạn 2 ngày, còn nhận 8 ngày" in text
