"""What a year file may do when somebody takes it in on a page: no more than the pages themselves allow.

The command of the machine's operator is not held to this: it also loads years that are long over.
"""

from blocs.domain import leaders
from blocs.domain.files import Fault, FileRefused
from blocs.enums import MemberRole
from blocs.errors import RuleBroken
from blocs.models import BlocYear, Membership
from reports.domain.yearfile.dump import export_year

# What is decided, received or chosen after the report of a bloc was sent; everything else is what the report rests on.
AFTER_CLOSING = frozenset({"awarded", "decisions", "received", "next_head", "next_deputies"})
CLOSED = "khối đã gửi báo cáo tổng kết hoặc đã có quyết định khen thưởng; mục này không sửa được nữa"
CLOSED_UNIT = "đơn vị ở khối đã gửi báo cáo tổng kết hoặc đã có quyết định; không sửa được nữa"


class Guard:
    """Looks at a year before a file is written into it and again afterwards; refusing undoes the whole file."""

    def __init__(self, *, reason):
        self.reason = reason.strip()

    def before(self, year):
        """Shape:   the stored Year, locked, or None where the file brings a new one"""
        self.days = year and (year.year, year.starts_on, year.ends_on)
        self.was_open = bool(year and year.is_open)
        self.closed = _closed_parts(year) if year else {}
        self.leading = _leading(year) if year else {}

    def after(self, year, file, changes, asked_twice):
        """Refuse what the pages refuse; hand the seats of heads and deputies over.

        Shape:   (Year, YearFile, Changes, [Fault] of new members whom another open year asks) -> [warning]
        Raises:  RuleBroken, FileRefused
        """
        if self.days is None:
            return [f"năm {year.label} vào ở dạng đang chuẩn bị: xem lại rồi mở ở trang Năm thi đua"]
        if self.was_open and changes and not self.reason:
            raise RuleBroken(f"Năm {year.label} đang chạy: cần ghi rõ lý do thay đổi.")
        faults = [*self._faults_of_days(year), *self._faults_of_closed(year, file), *asked_twice]
        if faults:
            raise FileRefused(faults)
        return self._hand_over(year)

    def _faults_of_days(self, year):
        if not self.was_open:
            return []
        now = (year.year, year.starts_on, year.ends_on)
        pairs = zip(("year", "starts_on", "ends_on"), self.days, now, strict=True)
        return [Fault(name, "năm đã mở, không đổi ngày được nữa") for name, old, new in pairs if old != new]

    def _faults_of_closed(self, year, file):
        if not self.closed:
            return []
        now, faults = _parts(export_year(year)), []
        order = {
            kind: {entry.code: number for number, entry in enumerate(getattr(file, kind))}
            for kind in ("units", "blocs")
        }
        for (kind, code), before in self.closed.items():
            after = now.get((kind, code), {})
            keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
            path = f"{kind}[{order[kind][code]}]" if code in order[kind] else f"{kind}.{code}"
            faults += [Fault(f"{path}.{key}", CLOSED_UNIT if kind == "units" else CLOSED) for key in keys]
        return faults

    def _hand_over(self, year):
        """The seats of the blocs whose head or deputies the file changed, as the page of the bloc would do it."""
        now, notes = _leading(year), []
        changed = {pk for pk in now.keys() | self.leading.keys() if now.get(pk) != self.leading.get(pk)}
        for row in BlocYear.objects.filter(pk__in=changed).select_related("year__authority", "bloc"):
            done = leaders.hand_seats_over(row, self.leading.get(row.pk, (None, [])))
            notes += [f"{row.name}: nhận vị trí: {name}" for name in done.given]
            notes += [f"{row.name}: thôi giữ vị trí: {name}" for name in done.ended]
        return notes


def _leading(year):
    """{BlocYear id: (UnitYear id of the head or None, [UnitYear id of the deputies])}; one query"""
    found: dict[int, tuple[int | None, list[int]]] = {}
    rows = Membership.objects.filter(bloc_year__year=year).exclude(role=MemberRole.MEMBER)
    for row in rows.order_by("bloc_year", "deputy_rank"):
        head, deputies = found.get(row.bloc_year_id, (None, []))
        is_head = row.role == MemberRole.HEAD
        found[row.bloc_year_id] = (row.unit_id, deputies) if is_head else (head, [*deputies, row.unit_id])
    return found


def _closed_parts(year):
    """What the reports of the closed blocs rest on, as a file spells it.

    Shape:   Year -> {("blocs" or "units", code): {key: value}}
    """
    codes = set(year.bloc_years.filter(is_closed=True).values_list("bloc__code", flat=True))
    if not codes:
        return {}
    members = Membership.objects.filter(bloc_year__year=year, bloc_year__is_closed=True)
    units = set(members.values_list("unit__unit__code", flat=True))
    wanted = {"blocs": codes, "units": units}
    return {place: value for place, value in _parts(export_year(year)).items() if place[1] in wanted[place[0]]}


def _parts(data):
    """Blocs and units of an export by their codes."""
    blocs = {
        ("blocs", entry["code"]): {key: value for key, value in entry.items() if key not in AFTER_CLOSING}
        for entry in data.get("blocs", [])
    }
    return blocs | {("units", entry["code"]): entry for entry in data.get("units", [])}
