"""The units of a year as a list, and one unit over all its years."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from blocs.enums import SuccessionKind
from blocs.models import Membership, Seat, Succession, UnitRename, UnitYear

IN_A_BLOC, IN_NONE, ENDED = "trong-khoi", "ngoai-khoi", "da-ket-thuc"
PLACES = {IN_A_BLOC: "Thuộc một khối", IN_NONE: "Chưa thuộc khối nào", ENDED: "Đã thôi hoạt động"}


@dataclass(frozen=True)
class UnitRow:
    """One unit of the list with its memberships of the year."""

    unit: UnitYear
    memberships: tuple[Membership, ...]


@dataclass(frozen=True)
class YearLine:
    """What a unit was called in one year, in which blocs it was and which office it held there."""

    row: UnitYear
    memberships: tuple[Membership, ...]


def found(rows, *, words="", kind="", place=""):
    """Narrow the units of a year.

    Shape:   (UnitYear queryset, text, kind, one of PLACES or empty) -> UnitYear queryset in the year's order
    """
    rows = rows.search(words)
    if kind:
        rows = rows.filter(kind=kind)
    if place == ENDED:
        rows = rows.exclude(unit__valid_to=None)
    elif place in PLACES:
        inside = Membership.objects.values("unit")
        free = rows.filter(unit__valid_to=None).exclude(pk__in=inside)
        rows = rows.filter(pk__in=inside) if place == IN_A_BLOC else free
    return rows.select_related("unit", "year").order_by("position", "pk")


def with_blocs(rows):
    """Shape: [UnitYear] -> [UnitRow]; one query"""
    places = _memberships([row.pk for row in rows])
    return [UnitRow(row, tuple(places[row.pk])) for row in rows]


def history(unit, user):
    """What the user may know of a unit's years, newest first.

    Shape:   (Unit, User) -> [YearLine]; two queries
    """
    rows = UnitYear.objects.visible_to(user).filter(unit=unit).select_related("year")
    rows = list(rows.order_by("-year__starts_on", "-pk"))
    places = _memberships([row.pk for row in rows])
    return [YearLine(row, tuple(places[row.pk])) for row in rows]


def _memberships(unit_years):
    found = defaultdict(list)
    rows = Membership.objects.filter(unit__in=unit_years).select_related("bloc_year__year")
    for row in rows.order_by("tier", "pk"):
        found[row.unit_id].append(row)
    return found


# ---------------------------------------------------------------- how it came and where it went


@dataclass(frozen=True)
class Event:
    """One act on a day; ``others`` are the last names of the other units in it."""

    words: str
    others: tuple[str, ...] = ()
    on: object = None
    document: str = ""


CAME = {"": "Kế tục", "merge": "Hình thành hoặc mở rộng do sáp nhập", "split": "Tách ra từ"}
WENT = {"": "Được kế tục bởi", "merge": "Sáp nhập vào", "split": "Chia tách thành", "dissolve": "Giải thể"}


def events(unit):
    """Successions both ways and changes of name, oldest first; those without a day come first.

    Shape:   Unit -> [Event]; three queries
    """
    rows = list(Succession.objects.filter(Q(predecessor=unit) | Q(successor=unit)).order_by("on", "position", "pk"))
    ids = {row.predecessor_id for row in rows} | {row.successor_id for row in rows} - {None}
    names = dict(UnitYear.objects.filter(unit__in=ids).order_by("year__starts_on").values_list("unit", "name"))
    grouped: dict[tuple, list[str]] = {}
    for row in rows:
        came = row.successor_id == unit.pk
        other = row.predecessor_id if came else row.successor_id
        words = (CAME if came else WENT).get(row.kind, SuccessionKind(row.kind).label if row.kind else "")
        key = (row.on, words, row.document)
        grouped.setdefault(key, []).extend([names[other]] if other in names else [])
    found = [Event(words, tuple(others), on, document) for (on, words, document), others in grouped.items()]
    found += [
        Event("Đổi tên", (f"{row.old_name} → {row.new_name}",), row.on, row.document)
        for row in UnitRename.objects.filter(unit=unit)
    ]
    return sorted(found, key=lambda event: (event.on is not None, event.on))


def people(unit):
    """Who holds a seat in a unit now.

    Shape:   Unit -> [Seat with user]; one query
    """
    rows = Seat.objects.in_force().filter(unit=unit, user__is_active=True).select_related("user")
    return list(rows.order_by("role", "user__post", "pk"))
