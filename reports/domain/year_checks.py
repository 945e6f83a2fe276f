"""What a year in preparation still lacks: what forbids to open it, and what only warns."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from blocs.domain import beside, owed, rulesets
from blocs.domain.files import HANOI
from blocs.enums import MEMBER_UNIT_ROLES, MemberRole, OwedBy, label_of
from blocs.models import BlocType, DivisionDecision, Membership, Seat, Succession, UnitYear
from blocs.templatetags.vietnamese import day
from movements.models import Movement


@dataclass(frozen=True)
class Place:
    """A bloc or unit that an item is about; a bloc has an id."""

    name: str
    bloc_year_id: int | None = None


@dataclass(frozen=True)
class Item:
    """One point of the list. ``look`` is ok, late (a warning) or miss (nothing opens before it is mended)."""

    code: str
    look: str
    words: str
    places: tuple[Place, ...] = ()

    @property
    def blocks(self):
        return self.look == "miss"


def checklist(year):
    """Every point of a year in preparation, whole ones included.

    Shape:   Year with authority and copied_from -> [Item]; a number of queries that does not grow with the blocs
    """
    facts = _Facts(year)
    return [check(facts) for check in CHECKS]


def sets_of(year):
    """Which rule set holds for each bloc of a year.

    Shape:   Year -> {BlocYear id: RuleSet or None}
    """
    return rulesets.of_blocs(list(year.bloc_years.select_related("year__authority", "bloc")))


class _Facts:
    """The rows that the points look at, read once."""

    def __init__(self, year):
        self.year = year
        rows = year.bloc_years.select_related("year__authority", "bloc", "desk_officer").order_by("position", "pk")
        self.blocs = list(rows)
        self.sets = rulesets.of_blocs(self.blocs)
        self.members = defaultdict(list)
        self.tiers = defaultdict(list)
        self.heads = {}
        for row in Membership.objects.filter(bloc_year__in=self.blocs).select_related("unit").order_by("position"):
            self.members[row.bloc_year_id].append(row.unit)
            self.tiers[row.bloc_year_id].append((row.unit, row.tier))
            if row.role == MemberRole.HEAD:
                self.heads[row.bloc_year_id] = row.unit
        self.plans = owed.plans(self.blocs)
        self.due = {pk: [row.due_at for row in plan.entries.values() if row.due_at] for pk, plan in self.plans.items()}
        self.placed = {unit.unit_id for units in self.members.values() for unit in units}
        seats = Seat.objects.in_force().filter(role__in=MEMBER_UNIT_ROLES, unit__in=self.placed, user__is_active=True)
        self.served = set(seats.values_list("unit", flat=True))

    def blocs_where(self, holds):
        return tuple(Place(row.name, row.pk) for row in self.blocs if holds(row))


def _point(code, good, bad, places, *, blocks=False):
    """An item that is whole where nothing is named."""
    if not places:
        return Item(code, "ok", good)
    return Item(code, "miss" if blocks else "late", bad.format(len(places)), tuple(places))


# ---------------------------------------------------------------- the points, in the order of the page


def _blocs(facts):
    if not facts.blocs:
        return Item("members", "miss", "Năm chưa có cụm, khối nào.")
    empty = facts.blocs_where(lambda row: not facts.members[row.pk])
    words = f"{len(facts.blocs)} cụm, khối, {len(facts.placed)} đơn vị thành viên; khối nào cũng có đơn vị."
    return _point("members", words, "{} cụm, khối chưa có đơn vị nào: thêm đơn vị hoặc bỏ khối.", empty, blocks=True)


def _theme(facts):
    if facts.year.theme:
        return Item("theme", "ok", f"Chủ đề năm: “{facts.year.theme}”.")
    return Item("theme", "late", "Chưa ghi chủ đề của năm.")


def _heads(facts):
    missing = facts.blocs_where(lambda row: facts.members[row.pk] and row.pk not in facts.heads)
    return _point("heads", "Cụm, khối nào cũng có Khối trưởng.", "{} cụm, khối chưa có Khối trưởng.", missing)


def _head_people(facts):
    idle = facts.blocs_where(lambda row: row.pk in facts.heads and facts.heads[row.pk].unit_id not in facts.served)
    bad = "{} cụm, khối có Khối trưởng mà đơn vị ấy chưa có tài khoản: mở năm rồi vẫn chưa ai vào được vai Khối trưởng."
    return _point("head-people", "Đơn vị Khối trưởng nào cũng có người dùng hệ thống.", bad, idle)


def _people(facts):
    units = {unit.unit_id: unit for units in facts.members.values() for unit in units}
    idle = [Place(unit.name) for pk, unit in units.items() if pk not in facts.served]
    bad = "{} đơn vị thành viên chưa có tài khoản nào (người làm báo cáo, lãnh đạo): sẽ không ai nhận việc của đơn vị."
    return _point("people", "Đơn vị thành viên nào cũng có người dùng hệ thống.", bad, idle)


def _supervisors(facts):
    missing = facts.blocs_where(lambda row: not row.supervisor)
    bad = "{} cụm, khối chưa có ủy viên Hội đồng theo dõi."
    return _point("supervisors", "Cụm, khối nào cũng có ủy viên Hội đồng theo dõi.", bad, missing)


def _desk_officers(facts):
    missing = facts.blocs_where(lambda row: row.desk_officer_id is None)
    bad = "{} cụm, khối chưa có chuyên viên theo dõi."
    return _point("desk-officers", "Cụm, khối nào cũng có chuyên viên theo dõi.", bad, missing)


def _rule_sets(facts):
    missing = facts.blocs_where(lambda row: facts.sets[row.pk] is None)
    bad = "{} cụm, khối không có bộ quy tắc nào áp dụng được cho năm này."
    return _point("rules", "Cụm, khối nào cũng có bộ quy tắc.", bad, missing)


def _sources(facts):
    used = sorted({row for row in facts.sets.values() if row}, key=str)
    notes = {row: rulesets.warnings(row, on=facts.year.starts_on) for row in used}
    places = [Place(f"{row}: {note}") for row, found in notes.items() for note in found]
    return _point("sources", "Văn bản căn cứ của các bộ quy tắc đều còn hiệu lực.", "{} căn cứ cần xem lại.", places)


def _calendar(facts):
    missing = facts.blocs_where(lambda row: not facts.due[row.pk])
    bad = "{} cụm, khối chưa có mốc nào ghi hạn: mở năm sẽ không giao việc gì cho các đơn vị của khối."
    return _point("calendar", "Cụm, khối nào cũng có lịch năm.", bad, missing)


def _early(facts):
    """Dates moved on by whole years may lie before a school year begins."""
    begins = facts.year.starts_on
    early = facts.blocs_where(lambda row: any(timezone.localdate(at, HANOI) < begins for at in facts.due[row.pk]))
    bad = f"{{}} cụm, khối có mốc đến hạn trước ngày bắt đầu năm ({day(begins)})."
    return _point("early", "Không mốc nào đến hạn trước ngày bắt đầu năm.", bad, early)


def _sizes(facts):
    types = {row.code: row for row in BlocType.objects.filter(authority=facts.year.authority)}
    places = []
    for row in facts.blocs:
        limits, size = types.get(row.type), len(facts.members[row.pk])
        if limits and size and limits.min_members and size < limits.min_members:
            places.append(Place(f"{row.name}: {size} đơn vị, ít nhất {limits.min_members}", row.pk))
        elif limits and limits.max_members and size > limits.max_members:
            places.append(Place(f"{row.name}: {size} đơn vị, nhiều nhất {limits.max_members}", row.pk))
    return _point("sizes", "Số đơn vị của các khối trong giới hạn.", "{} cụm, khối ngoài giới hạn số đơn vị.", places)


def _left_out(facts):
    """Units of last year's blocs that are in no bloc now; of those that ended, their successors."""
    year, source = facts.year, facts.year.copied_from
    if source is None:
        return Item("units", "ok", "Năm này không chép từ năm nào.")
    concerned = Q(bloc_year__bloc__in=[row.bloc_id for row in facts.blocs]) | Q(
        unit__unit__in=year.units.values("unit")
    )
    rows = Membership.objects.filter(concerned, bloc_year__year=source).select_related("unit__unit")
    before = {row.unit.unit_id: row.unit for row in rows}
    gone = [row for pk, row in before.items() if pk not in facts.placed]
    ended = [row.unit_id for row in gone if not row.unit.exists_during(year.starts_on, year.ends_on)]
    after = Succession.objects.filter(predecessor__in=ended, successor__isnull=False)
    after = after.exclude(successor__in=facts.placed)
    heirs = sorted(set(after.values_list("successor", flat=True)) - set(before))
    known = UnitYear.objects.filter(unit__in=heirs).select_related("unit").order_by("year__starts_on")
    names = dict(known.values_list("unit", "name"))
    places = [Place(row.name) for row in gone if row.unit_id not in ended]
    places += [Place(f"{names.get(pk, f'đơn vị số {pk}')} (kế tục đơn vị cũ của khối)") for pk in heirs]
    bad = "{} đơn vị năm trước trong các khối này (hoặc kế tục đơn vị ấy) nay chưa ở khối nào."
    return _point("units", "Đơn vị năm trước còn hoạt động đều đã ở một khối.", bad, places)


def _owners(facts):
    years = [facts.year.pk, facts.year.copied_from_id]
    rows = Movement.objects.filter(year__in=years, owner__isnull=False)
    rows = rows.exclude(owner__unit__in=facts.year.units.values("unit"))
    names = dict(rows.order_by("year__starts_on").values_list("owner__unit", "owner__name"))
    bad = "{} cơ quan chủ trì phong trào không có trong danh sách đơn vị của năm: không giao việc cho họ được."
    good = "Cơ quan chủ trì phong trào đều có trong danh sách đơn vị của năm."
    return _point("owners", good, bad, [Place(name) for name in names.values()])


def _nobody(facts):
    """An assessor owes in each bloc that asks, an owner once a year: where there is none, nothing is asked."""
    asked, told = {}, set()
    for row in facts.blocs:
        plan = facts.plans[row.pk]
        told |= {line.entry.code for line in plan.lines}
        for entry in plan.entries.values():
            if entry.owed_by in (OwedBy.ASSESSOR, OwedBy.OWNER):
                asked[entry.code] = OwedBy(entry.owed_by).label
    places = [Place(f"{label_of(code)} ({who})") for code, who in asked.items() if code not in told]
    bad = "{} mốc chưa có cơ quan nào phải làm: giao vị trí thẩm định, hoặc ghi cơ quan chủ trì phong trào."
    return _point("nobody", "Mốc nào của lịch cũng có người phải làm.", bad, places)


def _overlaps(facts):
    """Nobody is asked twice: a bloc, and a unit in a tier, stands in one open year a day. Closed blocs ask no more."""
    year = facts.year
    running = beside.running(year)
    mine = {row.bloc_id: row for row in facts.blocs}
    blocs = running.filter(bloc__in=mine).select_related("year").order_by("position", "pk")
    places = [Place(f"{mine[row.bloc_id].name}: cả trong năm {row.year.label}", mine[row.bloc_id].pk) for row in blocs]
    told = {row.bloc_id for row in blocs}
    here = {
        (unit.unit_id, tier): row
        for row in facts.blocs
        if row.bloc_id not in told
        for unit, tier in facts.tiers[row.pk]
    }
    rows = Membership.objects.filter(bloc_year__in=running, unit__unit__in={unit for unit, _ in here})
    for row in rows.select_related("unit", "bloc_year__year").order_by("bloc_year__position", "position", "pk"):
        if found := here.get((row.unit.unit_id, row.tier)):
            where = f"{row.bloc_year.name}, năm {row.bloc_year.year.label}"
            places.append(Place(f"{row.unit.name} ({found.name}): cả trong {where}", found.pk))
    bad = (
        "{} cụm, khối hoặc đơn vị đang ở một năm đã mở có ngày trùng với năm này, sẽ bị giao việc hai lần: bỏ khỏi một "
        "trong hai năm, sửa ngày, hoặc chờ khối gửi báo cáo tổng kết của năm kia."
    )
    good = "Không cụm, khối, đơn vị nào đứng ở hai năm cùng lúc."
    return _point("overlaps", good, bad, places, blocks=True)


def _division(facts):
    row = DivisionDecision.objects.filter(year=facts.year).first()
    if row and row.number and row.dated:
        return Item("division", "ok", f"Quyết định phân chia cụm, khối số {row.number} ngày {day(row.dated)}.")
    return Item("division", "late", "Chưa ghi số và ngày của quyết định phân chia cụm, khối.")


CHECKS = [
    _blocs, _heads, _left_out, _calendar, _early, _rule_sets, _sources, _sizes, _supervisors, _desk_officers,
    _head_people, _people, _owners, _nobody, _overlaps, _theme, _division,
]  # fmt: skip
