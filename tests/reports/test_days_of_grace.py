"""In the days of grace every screen says what the count says: past due, and yet on time."""

from datetime import UTC

import pytest
import time_machine
from django.urls import reverse

from blocs.domain import completeness, obligations, receipts
from blocs.enums import Role
from blocs.models import BlocYear
from reports.domain import letters, standing
from reports.domain.missing import overdue
from reports.enums import MessageKind
from tests.blocs.rule_rows import make_rule_set
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_summary_report,
    make_unit_report,
    make_user,
    members_of,
)
from tests.screens import main_text

pytestmark = pytest.mark.django_db
UNTIL = "còn tính đúng hạn đến 17:00 thứ Ba 24/11/2026"
LOCK, AFTER_LOCK, UNTIL_LOCK = "2026-11-22 17:00:00", "2026-11-22 17:00:01", "17:00 Chủ nhật 22/11/2026"
LAST, LATE = "2026-11-24 17:00:00", "2026-11-24 17:00:01"


@pytest.fixture
def bloc_year():
    """Due on 20 November, four days of grace, closed on the 30th."""
    make_rule_set(lateness={"grace": "4"}, milestones=[])
    row = make_bloc_year()
    for code in ("unit-report", "summary-report"):
        make_milestone(row, code, due="2026-11-20 17:00", locks="2026-11-30 17:00")
    return row


def seen(client, user, name, *args, now="2026-11-22 08:00"):
    with time_machine.travel(at(now), tick=False):
        client.force_login(user)
        return main_text(client.get(reverse(name, args=args)))


@pytest.mark.parametrize(("now", "look", "words"), [(LAST, "open", UNTIL), (LATE, "late", "Quá hạn 4 ngày")])
def test_board_agrees_with_the_count_to_the_second(bloc_year, now, look, words):
    rows = BlocYear.objects.filter(pk=bloc_year.pk)
    cell = standing.board(rows, codes=["unit-report"], now=at(now)).rows[0].cells[0]
    assert (cell.look, words in cell.words) == (look, True)
    assert overdue(rows, "unit-report", now=at(now)).exists() is (look == "late")
    receipts.record(bloc_year, members_of(bloc_year)[0], "unit-report", at=at(now))
    (count,) = [row for row in completeness.count(rows) if row.code == "unit-report"]
    assert count.on_time == (1 if look == "open" else 0)
    assert count.on_time_until.astimezone(UTC) == at(LAST).astimezone(UTC)


def test_pages_of_both_reports_name_the_last_second_on_time(client, bloc_year):
    unit = members_of(bloc_year)[0]
    report, summary = make_unit_report(bloc_year, unit=unit), make_summary_report(bloc_year)
    reporter, head = make_user(Role.UNIT_REPORTER, unit=unit), make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    for user, name, pk in ((reporter, "unit_report", report.pk), (head, "summary_report", summary.pk)):
        text = seen(client, user, name, pk)
        assert f"17:00 thứ Sáu 20/11/2026 · {UNTIL} · còn nhận (tính là chậm) đến 17:00 thứ Hai 30/11/2026" in text
        assert "-2 ngày" not in text


@pytest.mark.parametrize(
    ("role", "name", "args"),
    [
        (Role.UNIT_REPORTER, "todo", ()),
        (Role.BLOC_HEAD, "todo", ()),
        (Role.BLOC_HEAD, "bloc_calendar", ("bloc",)),
        (Role.BLOC_HEAD, "bloc_detail", ("bloc",)),
        (Role.BLOC_HEAD, "missing", ("bloc", "unit-report")),
        (Role.BOARD_STAFF, "missing", ("bloc", "unit-report")),
    ],
)
def test_screens_say_until_when_it_counts_as_on_time(client, bloc_year, role, name, args):
    user = make_user(role, bloc_year=bloc_year)
    text = seen(client, user, name, *[bloc_year.pk if arg == "bloc" else arg for arg in args])
    assert UNTIL in text
    assert "Quá hạn 2 ngày" not in text
    assert "-2 ngày" not in text


@pytest.mark.parametrize(("now", "is_told"), [(LAST, False), (LATE, True)])
def test_board_is_not_told_of_lateness_that_is_none(client, bloc_year, now, is_told):
    text = seen(client, make_user(Role.BOARD_STAFF, bloc_year=bloc_year), "todo", now=now)
    assert ("chưa gửi báo cáo năm" in text) is is_told


@pytest.fixture
def locked(bloc_year):
    """The same days of grace, closed on the 22nd: they end with the lock."""
    bloc_year.milestones.update(locks_at=at(LOCK))
    obligations.renew_bloc(bloc_year.pk)
    return bloc_year


@pytest.mark.parametrize("address", ["obligation", "obligation_extend"])
def test_one_thing_that_is_owed_tells_the_end_of_grace_that_all_screens_tell(client, locked, address):
    row = locked.obligations.filter(code="unit-report").first()
    text = seen(client, make_user(Role.BOARD_STAFF, bloc_year=locked), address, row.pk, now="2026-11-21 08:00")
    assert "tính đúng hạn đến 17:00 Chủ nhật 22/11/2026" in text
    assert "24/11/2026" not in text


def test_nothing_is_called_late_where_grace_ends_with_the_lock(client, locked):
    unit = members_of(locked)[0]
    report, summary = make_unit_report(locked, unit=unit), make_summary_report(locked)
    reporter, head = make_user(Role.UNIT_REPORTER, unit=unit), make_user(Role.BLOC_HEAD, bloc_year=locked)
    for user, name, args in (
        (reporter, "unit_report", [report.pk]),
        (reporter, "todo", []),
        (head, "summary_report", [summary.pk]),
        (head, "bloc_calendar", [locked.pk]),
        (head, "missing", [locked.pk, "unit-report"]),
    ):
        text = seen(client, user, name, *args, now="2026-11-21 08:00")
        assert f"còn tính đúng hạn đến {UNTIL_LOCK} · còn nhận đến {UNTIL_LOCK}" in text
        assert "tính là chậm" not in text


@pytest.mark.parametrize(("moment", "is_on_time"), [(LOCK, True), (AFTER_LOCK, True), (LAST, True), (LATE, False)])
def test_what_a_file_says_came_in_after_the_lock_and_within_grace_is_on_time(locked, moment, is_on_time):
    receipts.record(locked, members_of(locked)[0], "unit-report", at=at(moment))
    (count,) = [row for row in completeness.count(BlocYear.objects.filter(pk=locked.pk)) if row.code == "unit-report"]
    assert (count.received, count.on_time) == (1, int(is_on_time))


def test_letter_names_it_too(bloc_year):
    rows = bloc_year.obligations.filter(code="unit-report").for_table()
    (line,) = letters.lines_of(MessageKind.DIGEST, rows)
    assert f"hạn 17:00 thứ Sáu 20/11/2026 ({UNTIL})" in line
