"""Two people who open one year at the same moment: it opens once."""

import pytest

from blocs.enums import Role
from blocs.models import AuditEvent, Obligation, Seat
from reports.domain import opening
from tests.at_once import needs_row_locks, two_at_once
from tests.factories import make_milestone, make_user, members_of
from tests.reports.opening_rows import board_of, choose_next, make_source, prepare

pytestmark = pytest.mark.django_db(transaction=True)


@needs_row_locks
def test_year_opens_once():
    source, (old,) = make_source()
    choose_next(old, head=0)
    make_milestone(old, due="2026-11-20 17:00")
    make_user(Role.UNIT_LEADER, unit=members_of(old)[0])
    year, staff = prepare(source), [board_of(source), board_of(source)]

    def open_it(by):
        return opening.open_year(year.pk, by=by).year.label

    answers, refused = two_at_once(open_it, staff)

    assert answers == [year.label]
    assert refused == ["Năm 2027 đã mở."]
    assert AuditEvent.objects.filter(action="year.open").count() == 1
    assert (
        Seat.objects.filter(bloc_year__year=year).count(),
        Obligation.objects.filter(bloc_year__year=year).count(),
    ) == (1, 3)
