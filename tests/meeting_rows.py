"""Meetings for tests."""

from datetime import date, time

import time_machine

from awards.domain import notices
from awards.models import AwardGiven, AwardKind
from blocs.domain import attendance, conference_tasks, conferences, opinions
from blocs.enums import Role
from blocs.models import Conference
from tests.factories import at, make_user, members_of

DAY = date(2026, 12, 5)
MORNING, NOON = at("2026-12-05 08:00"), at("2026-12-05 11:30")
VALUES = {
    "kind": "year_end",
    "held_on": DAY,
    "starts_at": time(8),
    "place": "Hội trường A",
    "chair": "Khối trưởng",
    "secretary": "Chánh Văn phòng",
    "guests": ["Phó Trưởng ban"],
    "quorum": 2,
    "quorum_of": 3,
}


def make_meeting(bloc_year, *, state="planned", by=None, **values):
    """A meeting of the bloc: ``planned``, ``running`` since eight, or ``ended`` at half past eleven."""
    by = by or make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    row = conferences.call(bloc_year.pk, by=by, **(VALUES | values))
    if state in ("running", "ended"):
        row = conferences.start(row.pk, by=by, now=MORNING)
    if state == "ended":
        row = conferences.end(row.pk, by=by, now=NOON)
    return Conference.objects.get(pk=row.pk)


def make_whole_meeting(bloc_year, *, by):
    """Held from eight to half past eleven, three of four there, with everything that minutes hold."""
    row = make_meeting(bloc_year, state="running", by=by)
    units, award = members_of(bloc_year), AwardKind.objects.get(code="BKT")
    agenda = [(time(8), "Khai mạc", "Khối trưởng"), (None, "Thảo luận", "")]
    conferences.set_agenda(row.pk, agenda, by=by)
    for unit in units[:3]:
        attendance.note(row.pk, unit.pk, person="Chủ tịch", by=by, now=at("2026-12-05 07:55"))
    opinions.save(row.pk, by=by, kind="speech", unit=units[1], text="Kinh nghiệm tổ chức phong trào.")
    asked = {"kind": "question", "unit": units[2], "text": "Khối có mấy cờ?"}
    opinions.save(row.pk, by=by, answer="Hai cờ.", answered_by="Phó Trưởng ban", **asked)
    conferences.conclude(row.pk, directions=["Làm sớm"], conclusions=["Thông qua báo cáo;"], by=by)
    given = {"unit": units[3], "person": "Phó Chủ tịch", "due_on": date(2026, 12, 31)}
    conference_tasks.save(row.pk, by=by, text="Gửi báo cáo hoàn chỉnh", **given)
    staff = make_user(Role.BOARD_STAFF, bloc_year=bloc_year)
    with time_machine.travel(MORNING, tick=False):
        notices.notify(bloc_year.pk, "CTDT", count=2, standard="Dẫn đầu khối", by=staff)
    AwardGiven.objects.create(bloc_year=bloc_year, unit=units[0], award=award)
    handed = {"presented_on": DAY, "place": "Hội trường A", "received_by": "Chủ tịch"}
    with time_machine.travel(NOON, tick=False):
        notices.present(bloc_year.pk, units[0].pk, "BKT", conference_id=row.pk, by=staff, **handed)
    return conferences.end(row.pk, by=by, now=NOON)
