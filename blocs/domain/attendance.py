"""Who is at a meeting: a unit reports itself with the code of the hall, or the secretary notes it; the quorum."""

import base64
from dataclasses import dataclass
from io import BytesIO

import qrcode
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from qrcode.image.svg import SvgPathImage

from blocs.domain import audit, conferences, expected
from blocs.enums import MEMBER_UNIT_ROLES, AttendanceWay, MemberRole
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import Attendance, Conference, UnitYear
from blocs.templatetags.vietnamese import day, moment


@dataclass(frozen=True)
class Line:
    """One unit that is expected, or came without being a member; ``attendance`` is None for the absent."""

    unit: UnitYear
    office: str
    attendance: Attendance | None
    is_head: bool = False


@dataclass(frozen=True)
class Presence:
    """Who is there. Only members count for the quorum; a meeting of the council has none."""

    lines: tuple[Line, ...]
    guests: tuple[Line, ...]
    present: int
    expected: int
    needed: int

    @property
    def is_enough(self):
        return self.present >= self.needed

    @property
    def absent(self):
        return [line.unit for line in self.lines if line.attendance is None]


def presence(conference):
    """Who is expected, as members of the day, and who came.

    Shape:   Conference -> Presence; three queries
    """
    rows = conference.attendances.select_related("unit__unit", "noted_by")
    noted = {row.unit_id: row for row in rows}
    lines = tuple(
        Line(
            row.unit,
            "" if row.role == MemberRole.MEMBER else row.get_role_display(),
            noted.pop(row.unit_id, None),
            is_head=row.role == MemberRole.HEAD,
        )
        for row in expected.rows_of(conference)
    )
    guests = tuple(Line(row.unit, "", row) for row in noted.values())
    needed = -(-len(lines) * conference.quorum // conference.quorum_of)
    return Presence(lines, guests, sum(line.attendance is not None for line in lines), len(lines), needed)


def units_of(user, conference):
    """The units for which a user may report presence: members of the bloc; at the council, any unit of the year.

    Shape:   (User, Conference) -> [UnitYear] in the bloc's order
    """
    if conference.bloc_year_id is None:
        seats = user.seats.in_force().exclude(unit=None)
        return list(UnitYear.objects.filter(year=conference.year_id, unit__in=seats.values("unit")))
    own = user.seats.having(*MEMBER_UNIT_ROLES).values("unit")
    rows = UnitYear.objects.filter(memberships__bloc_year=conference.bloc_year_id, unit__in=own)
    return list(rows.order_by("memberships__position", "pk"))


def why_not(conference, now=None):
    """Why presence cannot be reported by phone now; empty while the meeting runs.

    Shape:   (Conference, moment or None for now) -> str
    """
    if not conference.code:
        return "Hội nghị chưa mở điểm danh."
    if conference.ended_at:
        return f"Hội nghị đã bế mạc lúc {moment(conference.ended_at)}, không điểm danh được nữa. Báo thư ký nếu cần."
    if conference.held_on and conference.held_on < timezone.localdate(now):
        return f"Hội nghị họp ngày {day(conference.held_on)} đã qua, không điểm danh được nữa. Báo thư ký nếu cần."
    return ""


@transaction.atomic
def attend(conference_id, code, unit_id, *, person="", by, now=None):
    """A unit reports itself as present, with the code that is shown in the hall.

    Shape:   (id, code, UnitYear id) -> (Attendance, whether it is new); a second phone gets the first one's row
    Locks:   the conference row, so that of two phones one is first
    Raises:  NotAllowed, WrongState
    """
    conference = Conference.objects.select_for_update().get(pk=conference_id)
    if (reason := why_not(conference, now)) or conference.code != code:
        raise WrongState(reason or "Mã điểm danh không đúng. Quét lại mã trên màn hình hội trường.")
    unit = next((unit for unit in units_of(by, conference) if unit.pk == unit_id), None)
    if unit is None:
        raise NotAllowed("Tài khoản của bạn không thuộc đơn vị này; nhờ thư ký hội nghị ghi.")
    return _note(conference, unit, AttendanceWay.PHONE, person or str(by), by, now or timezone.now())


@transaction.atomic
def note(conference_id, unit_id, *, person="", by, now=None):
    """The secretary notes a unit as present, or corrects who came for it; on a later day without the hour of coming.

    Shape:   (id, UnitYear id) -> Attendance
    Locks:   the conference row
    Raises:  NotAllowed, RuleBroken
    """
    conference = conferences.locked(conference_id, by=by)
    unit = UnitYear.objects.filter(year=conference.year_id, pk=unit_id).first()
    if unit is None:
        raise RuleBroken("Không có đơn vị này trong năm.")
    if conference.opened_at is None and conference.starts_at is not None:
        raise WrongState("Hội nghị chưa khai mạc, chưa ghi điểm danh.")
    now = now or timezone.now()
    arrived_at = now if timezone.localdate(now) == conference.held_on else None
    row, is_new = _note(conference, unit, AttendanceWay.SECRETARY, person, by, arrived_at)
    if not is_new and row.person != person:
        before, row.person = {"person": row.person}, person
        row.save(update_fields=["person"])
        audit.record("conference.attendance", by=by, target=conference, before=before, after=_shown(row))
    return row


@transaction.atomic
def withdraw(conference_id, unit_id, *, by):
    """Take back a presence that was noted by mistake.

    Raises:  NotAllowed, RuleBroken
    """
    conference = conferences.locked(conference_id, by=by)
    row = conference.attendances.select_related("unit").filter(unit=unit_id).first()
    if row is None:
        raise RuleBroken("Đơn vị này chưa được ghi có mặt.")
    audit.record("conference.attendance_withdraw", by=by, target=conference, before=_shown(row))
    row.delete()


def _note(conference, unit, way, person, by, arrived_at):
    position = conference.attendances.count()
    defaults = {"person": person[:300], "arrived_at": arrived_at, "way": way, "noted_by": by, "position": position}
    row, is_new = Attendance.objects.get_or_create(conference=conference, unit=unit, defaults=defaults)
    if is_new:
        audit.record("conference.attend", by=by, target=conference, after=_shown(row))
    return row, is_new


def _shown(row):
    return {"unit": row.unit.name, "person": row.person, "way": row.get_way_display()}


def address(conference):
    """Where the code of the hall leads; its holder still signs in.

    Shape:   Conference -> str
    """
    return f"{settings.SITE_URL}{reverse('attend', args=[conference.code])}"


def picture(conference):
    """The address as a QR code that an ``img`` shows.

    Shape:   Conference -> "data:image/svg+xml;base64,…"
    """
    file = BytesIO()
    qrcode.make(address(conference), image_factory=SvgPathImage, border=1).save(file)
    return f"data:image/svg+xml;base64,{base64.b64encode(file.getvalue()).decode()}"
