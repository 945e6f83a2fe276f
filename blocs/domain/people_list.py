"""The people of an authority as a list: who holds which seat where. A list never ends a seat."""

from blocs.domain import people, seats
from blocs.domain.people import PersonFields
from blocs.domain.plans import line_of, refuse_twice
from blocs.enums import BLOC_ROLES, UNIT_ROLES, Role
from blocs.errors import DomainError, NotAllowed
from blocs.folding import fold
from blocs.models import Authority, Seat, UnitYear, User

LABELS = {
    "unit": "Đơn vị",
    "role": "Vai trò",
    "post": "Chức danh",
    "full_name": "Họ tên",
    "email": "Thư điện tử",
    "phone": "Điện thoại",
    "username": "Tên đăng nhập",
}
ROLES = {role.label: role.value for role in Role if role not in BLOC_ROLES}  # those of a bloc follow from its leaders
COLUMNS = people.COLUMNS
PERMISSION = "blocs.manage_people"


def rows(authority, year, *, by, users=None):
    """Everybody with a seat in the authority or in a unit of the year, a row a seat. Reading it leaves a trail.

    Shape:   (Authority, Year or None before the first, User queryset that narrows or None) -> [{column: text}], by
             units and names
    Raises:  NotAllowed
    """
    _check_may(authority, by)
    held = Seat.objects.in_force().filter(role__in=ROLES.values()).select_related("user", "unit")
    held = held if users is None else held.filter(user__in=users.order_by())
    units = UnitYear.objects.filter(year=year).values("unit")
    found = list(held.filter(authority=authority).order_by("role", "user__post", "pk"))
    found += list(held.filter(unit__in=units).order_by("unit__code", "role", "user__post", "pk"))
    read, target = {seat.user for seat in found}, year or authority
    people.note_reading(read, by=by, target=target, authority=authority.pk, note="Xuất danh sách")
    return [
        {"unit": seat.unit.code if seat.unit else "", "role": Role(seat.role).label, "username": seat.user.username}
        | {column: getattr(seat.user, column) for column in COLUMNS}
        for seat in found
    ]


def apply(authority, year, entries, *, by):
    """Give everybody on the list his account and seat; what the list does not name, and empty cells, stay.

    Shape:   (Authority, Year or None before the first, [Entry] with the columns of LABELS) -> [Line]; written are the
             rows without a fault
    Locks:   the authority row
    Raises:  NotAllowed
    """
    _check_may(authority, by)
    places = _Places(year, Authority.objects.select_for_update().get(pk=authority.pk))
    refuse_twice([entry for entry in entries if entry.get("username")], "username", "role", "unit")
    return [_line(entry, places, by) for entry in entries]


def _check_may(authority, by):
    if not by.has_perm(PERMISSION, authority):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng và quản trị hệ thống quản lý tài khoản.")


class _Places:
    """Units of the year by code and by folded name."""

    def __init__(self, year, authority):
        self.authority = authority
        self.none = "năm này không có đơn vị" if year else "chưa có năm thi đua nên chưa có đơn vị"
        self.by_text: dict = {}
        for row in UnitYear.objects.filter(year=year).select_related("unit"):
            for text in (row.name, row.short_name, row.unit.code):
                if text:
                    self.by_text.setdefault(fold(text), set()).add(row.unit)

    def find(self, entry, role):
        """Where the seat is to be; None with the reason at the entry."""
        text = entry.get("unit") or ""
        if role not in UNIT_ROLES:
            if text:
                entry.refuse(f"vai trò “{Role(role).label}” không gắn với đơn vị, để trống", "unit")
            return self.authority
        if not text:
            entry.refuse("cần ghi mã hoặc tên đơn vị", "unit")
            return None
        found = self.by_text.get(fold(text), set())
        if len(found) != 1:
            why = self.none if not found else "có nhiều đơn vị cùng tên, hãy ghi mã của"
            entry.refuse(f"{why} “{text}”", "unit")
            return None
        return next(iter(found))


def _line(entry, places, by):
    role = _role(entry)
    at = role and places.find(entry, role)
    user = at and _person(entry, role, at)
    if user and not by.has_perm("blocs.view_person", user):
        entry.refuse("tên đăng nhập này đã có người khác dùng", "username")
        user = None
    fields = _fields(entry, user)
    for name, why in people.faults(fields) if not entry.faults else ():
        entry.refuse(why, name)
    seat = user and at and Seat.objects.not_over().filter(user=user, role=role, **{seats.place_of(at): at}).first()
    changes = _changes(fields, user)
    if at and not seat:
        changes.append((LABELS["role"], "", Role(role).label))
    if at and changes and not entry.faults:
        _write(entry, user, fields, role, at, seat, by)
    label = fields.full_name or fields.post or fields.username
    return line_of(entry, label, exists=user, changes=changes)


def _role(entry):
    text = fold(entry.get("role") or "")
    found = next((value for label, value in ROLES.items() if text in (fold(label), value)), None)
    if not found:
        bloc = any(fold(Role(role).label) == text for role in BLOC_ROLES)
        of_bloc = "vị trí Khối trưởng, Khối phó theo đơn vị dẫn đầu khối, không ghi ở đây"
        entry.refuse(of_bloc if bloc else "không có vai trò này", "role")
    return found and Role(found)


def _person(entry, role, at):
    """The account a row is about: of this user name, else who holds the seat with this address, post or name."""
    if name := entry.get("username"):
        return User.objects.filter(username__iexact=name).first()
    holders = User.objects.filter(
        pk__in=Seat.objects.not_over().filter(role=role, **{seats.place_of(at): at}).values("user")
    )
    for column in ("email", "full_name", "post"):
        if text := fold(entry.get(column) or ""):
            same = [user for user in holders if fold(getattr(user, column)) == text]
            if len(same) > 1:
                entry.refuse("có hai người như vậy ở vị trí này, hãy ghi tên đăng nhập", column)
            if same:
                return same[0]
            if column == "email":
                continue
            return None
    return None


def _fields(entry, user):
    values = {name: entry.get(name) or (getattr(user, name) if user else "") for name in COLUMNS}
    return PersonFields(username=user.username if user else entry.get("username") or "", **values).tidy()


def _changes(fields, user):
    before = {name: getattr(user, name) if user else "" for name in (*COLUMNS, "username")}
    return [(LABELS[name], old, getattr(fields, name)) for name, old in before.items() if old != getattr(fields, name)]


def _write(entry, user, fields, role, at, seat, by):
    """Through the same doors as the pages; what they refuse is the fault of the row."""
    try:
        if user is None:
            people.create_person(fields, role, at=at, by=by)
            return
        if _changes(fields, user):
            people.edit_person(user.pk, fields, by=by)
        if seat is None:
            if not by.has_perm("blocs.keep_person", user):
                raise NotAllowed("người này còn giữ vị trí mà bạn không quản lý")
            seats.give_seat(user.pk, role, at=at, by=by)
    except DomainError as error:
        entry.refuse(str(error), "username" if user else "role")
