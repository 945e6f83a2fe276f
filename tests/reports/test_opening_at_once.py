"""Two people who open one year at the same moment: it opens once."""

import threading

import pytest
from django.db import connection

from blocs.enums import Role
from blocs.errors import WrongState
from blocs.models import AuditEvent, Obligation, Seat
from reports.domain import opening
from tests.factories import make_milestone, make_user, members_of
from tests.reports.opening_rows import board_of, choose_next, make_source, prepare

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite writes one after the other by itself; row locks are PostgreSQL's"
)
def test_year_opens_once():
    source, (old,) = make_source()
    choose_next(old, head=0)
    make_milestone(old, due="2026-11-20 17:00")
    make_user(Role.UNIT_LEADER, unit=members_of(old)[0])
    year, staff = prepare(source), [board_of(source), board_of(source)]
    start, refused = threading.Barrier(2, timeout=20), []

    def open_it(by):
        start.wait()
        try:
            opening.open_year(year.pk, by=by)
        except WrongState as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=open_it, args=[by]) for by in staff]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert refused == ["Năm 2027 đã mở."]
    assert AuditEvent.objects.filter(action="year.open").count() == 1
    assert (
        Seat.objects.filter(bloc_year__year=year).count(),
        Obligation.objects.filter(bloc_year__year=year).count(),
    ) == (1, 3)
