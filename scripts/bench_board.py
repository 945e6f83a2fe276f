"""The completeness board over years: its queries, and its time as a multiple of that of an empty page."""

import statistics
import time
from datetime import UTC, date, datetime

from bench_base import demand, figure, say
from bench_data import QueryCount
from bench_pages import BACKEND
from django.test import Client
from django.urls import reverse

from blocs.domain import obligations
from blocs.enums import Role
from blocs.models import (
    Authority,
    Bloc,
    BlocYear,
    Membership,
    MilestoneDate,
    Obligation,
    Receipt,
    Seat,
    Unit,
    UnitYear,
    User,
    Year,
)

MEMBERS = 8
LAST = 2026


def board_years(blocs, milestones, years, *, repetitions):
    """One page view of the board over years against an empty page of a user who is signed in.

    Shape:   (how many of each) -> two figures by name
    """
    few, many = make_years("bench-years-1", 1, milestones, years), make_years("bench-years", blocs, milestones, years)
    small, large = (_client(user) for user in (few, many))
    address = reverse("board_years")
    numbers = {str(number): _queries(client, address) for number, client in ((1, small), (blocs, large))}
    page = large.get(address)
    cells = page.content.count(b"<td ")
    demand(cells == blocs * milestones * years, f"the page has {cells} cells, not {blocs * milestones * years}")
    nobody = User.objects.create(username="bench-nobody")
    ratios = _ratios(large, address, _client(nobody), repetitions)
    say(f"board over years: {numbers} queries, {statistics.median(ratios):.1f} times an empty page")
    return {
        "board_years_queries": figure(
            len(set(numbers.values())) == 1,
            target={"equal": True},
            queries=numbers,
            cells=cells,
            bytes=len(page.content),
        ),
        "board_years_ratio": figure(round(statistics.median(ratios), 1), ratios=[round(ratio, 1) for ratio in ratios]),
    }


def _client(user):
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend=BACKEND)
    return client


def _queries(client, address):
    client.get(address)
    with QueryCount() as count:
        answer = client.get(address)
    demand(answer.status_code == 200, f"{address} answers {answer.status_code}")
    return count.number


def _ratios(client, address, other, repetitions):
    """The two pages in turns, both warm."""
    empty = reverse("todo")
    other.get(empty)
    return [_seconds(client, address) / _seconds(other, empty) for _ in range(repetitions)]


def _seconds(client, address):
    started = time.perf_counter()
    demand(client.get(address).status_code == 200, f"{address} fails")
    return time.perf_counter() - started


# ---------------------------------------------------------------- the rows


def make_years(code, blocs, milestones, years):
    """A province whose blocs owe so many milestones in each of the last years; every second receipt came in.

    Shape:   (code, number of each) -> User of its board
    """
    authority = Authority.objects.create(code=code, name=code)
    user = User.objects.create(username=code, post="Chuyên viên")
    Seat.objects.create(user=user, role=Role.BOARD_STAFF, authority=authority)
    units = Unit.objects.bulk_create(
        Unit(authority=authority, code=f"don-vi-{number}") for number in range(blocs * MEMBERS)
    )
    same = Bloc.objects.bulk_create(Bloc(authority=authority, code=f"khoi-{number}") for number in range(blocs))
    for number in range(LAST - years + 1, LAST + 1):
        _make_year(authority, number, same, units, milestones)
        say(f"{code}: year {number} with {blocs} blocs")
    return user


def _make_year(authority, number, same, units, milestones):
    year = Year.objects.create(
        authority=authority, label=str(number), year=number, starts_on=date(number, 1, 1), ends_on=date(number, 12, 31)
    )
    names = UnitYear.objects.bulk_create(
        UnitYear(year=year, unit=unit, name=f"Đơn vị {place}", position=place) for place, unit in enumerate(units)
    )
    blocs = BlocYear.objects.bulk_create(
        BlocYear(year=year, bloc=bloc, name=f"Khối thi đua số {place}", kind="khoi", position=place)
        for place, bloc in enumerate(same)
    )
    Membership.objects.bulk_create(
        Membership(bloc_year=blocs[place // MEMBERS], unit=unit, position=place) for place, unit in enumerate(names)
    )
    due = datetime(number, 11, 20, 10, tzinfo=UTC)
    MilestoneDate.objects.bulk_create(
        MilestoneDate(bloc_year=bloc, code=f"moc-{place}", due_at=due, position=place)
        for bloc in blocs
        for place in range(milestones)
    )
    Receipt.objects.bulk_create(
        Receipt(bloc_year=blocs[place // MEMBERS], unit=unit, kind=f"moc-{moc}", at=due, position=place)
        for place, unit in enumerate(names)
        for moc in range(place % 2, milestones, 2)
    )
    obligations.renew(BlocYear.objects.filter(year=year))
    owed = Obligation.objects.filter(bloc_year__year=year).count()
    demand(owed == len(names) * milestones, f"{owed} obligations, not {len(names) * milestones}")
