"""On time, late, closed: exact to the second, in words."""

import pytest

from blocs.domain import audit, deadlines, receipts
from blocs.domain.deadlines import Deadline, Standing
from blocs.errors import RuleBroken
from blocs.models import AuditEvent, Receipt
from tests.factories import at, make_bloc_year, make_milestone, make_user, members_of

WHOLE = Deadline(at("2026-11-20 23:59:59"), at("2026-11-30 23:59:59"))
NO_LOCK = Deadline(at("2026-11-20 23:59:59"))
NO_DUE = Deadline(None, at("2026-11-30 17:00:00"))
NOTHING = Deadline()
GRACE = Deadline(at("2026-11-20 17:00:00"), at("2026-11-30 17:00:00"), at("2026-11-24 17:00:00"))
GRACE_TO_LOCK = Deadline(at("2026-11-20 17:00:00"), at("2026-11-22 17:00:00"), at("2026-11-24 17:00:00"))
IN_GRACE = "Quá hạn, còn tính đúng hạn đến 17:00 thứ Ba 24/11/2026"

STANDINGS = [
    (WHOLE, None, "2026-11-10 08:00:00", Standing.OPEN, "Còn 10 ngày"),
    (WHOLE, None, "2026-11-20 00:00:00", Standing.OPEN, "Hạn hôm nay"),
    (WHOLE, None, "2026-11-20 23:59:59", Standing.OPEN, "Hạn hôm nay"),
    (WHOLE, None, "2026-11-20 23:59:59.999", Standing.OPEN, "Hạn hôm nay"),
    (WHOLE, None, "2026-11-21 00:00:00", Standing.OVERDUE, "Quá hạn 1 ngày, còn nhận 9 ngày"),
    (WHOLE, None, "2026-11-22 12:00:00", Standing.OVERDUE, "Quá hạn 2 ngày, còn nhận 8 ngày"),
    (WHOLE, None, "2026-11-30 23:59:59", Standing.OVERDUE, "Quá hạn 10 ngày, chỉ còn nhận hôm nay"),
    (WHOLE, None, "2026-12-01 00:00:00", Standing.CLOSED, "Đã khóa, không nhận nữa"),
    (WHOLE, "2026-11-20 23:59:59", "2026-12-05 08:00:00", Standing.ON_TIME, "Đúng hạn"),
    (WHOLE, "2026-11-21 00:00:00", "2026-12-05 08:00:00", Standing.LATE, "Chậm"),
    (Deadline(at("2026-11-20 17:00:00"), at("2026-11-30 17:00:00")), None, "2026-11-20 17:00:01", Standing.OVERDUE, "Vừa quá hạn hôm nay, còn nhận 10 ngày"),
    (GRACE, None, "2026-11-19 08:00:00", Standing.OPEN, "Còn 1 ngày"),
    (GRACE, None, "2026-11-20 17:00:00", Standing.OPEN, "Hạn hôm nay"),
    (GRACE, None, "2026-11-20 17:00:01", Standing.OPEN, IN_GRACE),
    (GRACE, None, "2026-11-22 17:00:00", Standing.OPEN, IN_GRACE),
    (GRACE, None, "2026-11-24 17:00:00", Standing.OPEN, IN_GRACE),
    (GRACE, None, "2026-11-24 17:00:01", Standing.OVERDUE, "Quá hạn 4 ngày, còn nhận 6 ngày"),
    (GRACE, "2026-11-24 17:00:00", "2026-12-24 17:00:01", Standing.ON_TIME, "Đúng hạn"),
    (GRACE, "2026-11-24 17:00:01", "2026-12-24 17:00:01", Standing.LATE, "Chậm"),
    (GRACE_TO_LOCK, None, "2026-11-22 17:00:00", Standing.OPEN, "Quá hạn, còn tính đúng hạn đến 17:00 Chủ nhật 22/11/2026"),
    (GRACE_TO_LOCK, None, "2026-11-22 17:00:01", Standing.CLOSED, "Đã khóa, không nhận nữa"),
    (GRACE_TO_LOCK, "2026-11-22 17:00:01", "2026-12-24 17:00:01", Standing.ON_TIME, "Đúng hạn"),
    (GRACE_TO_LOCK, "2026-11-24 17:00:01", "2026-12-24 17:00:01", Standing.LATE, "Chậm"),
    (NO_LOCK, None, "2027-01-01 08:00:00", Standing.OVERDUE, "Quá hạn 42 ngày"),
    (NO_DUE, None, "2026-11-30 17:00:00", Standing.OPEN, "Chưa đặt hạn"),
    (NO_DUE, None, "2026-11-30 17:00:01", Standing.CLOSED, "Đã khóa, không nhận nữa"),
    (NO_DUE, "2026-11-30 17:00:00", "2026-12-30 17:00:01", Standing.ON_TIME, "Đúng hạn"),
    (NOTHING, None, "2026-11-30 17:00:01", Standing.OPEN, "Chưa đặt hạn"),
]  # fmt: skip


@pytest.mark.parametrize(("deadline", "received", "now", "standing", "words"), STANDINGS)
def test_standing_and_its_words(deadline, received, now, standing, words):
    received_at = received and at(received)
    assert deadline.standing(received_at, at(now)) == standing
    assert deadline.words(received_at, at(now)) == words


@pytest.mark.parametrize(
    ("deadline", "until", "takes_late"),
    [
        (WHOLE, None, True),
        (GRACE, "2026-11-24 17:00:00", True),
        (GRACE_TO_LOCK, "2026-11-22 17:00:00", False),
        (Deadline(GRACE.due_at, GRACE.on_time_until, GRACE.on_time_until), "2026-11-24 17:00:00", False),
        (Deadline(GRACE.due_at, GRACE.due_at, GRACE.on_time_until), None, False),
        (NO_LOCK, None, False),
        (NO_DUE, None, False),
    ],
)
def test_grace_ends_with_the_lock(deadline, until, takes_late):
    assert (deadline.grace_until, deadline.takes_late) == (until and at(until), takes_late)


@pytest.mark.parametrize(
    ("moment", "open_"),
    [("2026-11-30 23:59:59", True), ("2026-11-30 23:59:59.5", True), ("2026-12-01 00:00:00", False)],
)
def test_lock_closes_after_its_second(moment, open_):
    if open_:
        assert WHOLE.check_open(at(moment)) is None
    else:
        with pytest.raises(RuleBroken) as caught:
            WHOLE.check_open(at(moment))
        assert str(caught.value).startswith("Đã khóa nhận từ 23:59 thứ Hai 30/11/2026")


@pytest.mark.django_db
def test_deadline_of_a_milestone():
    bloc_year = make_bloc_year()
    make_milestone(bloc_year, "unit-report", due="2026-11-20 23:59:59", locks="2026-11-30 23:59:59")
    make_milestone(bloc_year, "conference", due="2026-12-10 23:59:59")
    unit = members_of(bloc_year)[1]
    found = deadlines.of_unit(bloc_year.pk, "unit-report", unit.pk)
    assert (found.due_at, found.locks_at, found.on_time_until) == (WHOLE.due_at, WHOLE.locks_at, WHOLE.due_at)
    assert deadlines.of_bloc(bloc_year.pk, "conference").due_at == at("2026-12-10 23:59:59")
    assert deadlines.of_unit(bloc_year.pk, "mid-year", unit.pk) == NOTHING


@pytest.mark.django_db
def test_first_receipt_keeps_its_moment():
    bloc_year = make_bloc_year()
    unit = members_of(bloc_year)[0]
    for moment in ("2026-11-19 08:00", "2026-11-18 08:00", "2026-11-20 08:00"):
        receipts.record(bloc_year, unit, "unit-report", at=at(moment))
    assert Receipt.objects.get().at == at("2026-11-19 08:00")


# ---------------------------------------------------------------- the trail


@pytest.mark.django_db(transaction=True)
def test_event_belongs_into_a_transaction():
    with pytest.raises(audit.transaction.TransactionManagementError):
        audit.record("x", by=None, target=make_bloc_year())


@pytest.mark.django_db
def test_event_names_who_and_what():
    user, bloc_year = make_user(post="Khối trưởng"), make_bloc_year(name="Khối A")
    event = audit.record("x.y", by=user, target=bloc_year, before={"a": 1}, after={"a": 2}, note="vì sao")
    assert (event.actor_id, event.actor, event.target) == (user.pk, "Khối trưởng", f"blocs.blocyear:{bloc_year.pk}")
    assert (event.target_label, event.before, event.after, event.note) == (
        "Khối A, năm 2026",
        {"a": 1},
        {"a": 2},
        "vì sao",
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: AuditEvent.objects.update(note="x"),
        lambda event: AuditEvent.objects.all().delete(),
    ],
)
def test_event_is_never_changed_nor_deleted(spoil):
    event = audit.record("x", by=None, target=make_user())
    with pytest.raises(TypeError):
        spoil(event)
    assert AuditEvent.objects.values_list("action", "note").get() == ("x", "")
