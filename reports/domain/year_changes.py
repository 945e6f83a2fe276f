"""Every difference between a year and the one that it was copied from, in words, bloc by bloc."""

from collections import defaultdict
from dataclasses import dataclass

from awards.domain import quotas
from awards.enums import QuotaBase, Rounding
from awards.models import AwardKind
from blocs.domain import calendars, organisation, rulesets, year_copy
from blocs.enums import MemberRole, OwedBy, label_of
from blocs.models import BlocYear, Membership, MilestoneDate, Succession
from blocs.templatetags.vietnamese import day, figure, moment

WHOLE_YEAR = "Cả năm"


@dataclass(frozen=True)
class Group:
    """The differences of the whole year, or of one bloc."""

    title: str
    bloc_year_id: int | None
    lines: tuple[str, ...]


class Side:
    """One of the two years, with everything that is compared, by what goes on over the years."""

    def __init__(self, year):
        self.year = year
        self.units = {row.unit_id: row for row in year.units.select_related("unit").order_by("position", "pk")}
        rows = year.bloc_years.select_related("year__authority", "bloc", "parent", "desk_officer")
        self.blocs = {row.bloc_id: row for row in rows.order_by("position", "pk")}
        by_id = {row.pk: row for row in self.blocs.values()}
        self.members: dict[int, dict[int, Membership]] = defaultdict(dict)
        self.place = {}
        for row in Membership.objects.filter(bloc_year__in=by_id).select_related("unit").order_by("position", "pk"):
            bloc_year = by_id[row.bloc_year_id]
            self.members[bloc_year.bloc_id][row.unit.unit_id] = row
            self.place[row.unit.unit_id, row.tier] = bloc_year
        self.sets = rulesets.of_blocs(list(by_id.values()))
        self.quotas = quotas.prescribed_of(list(by_id.values()))
        self.dates = self._dates(by_id)

    def _dates(self, by_id):
        """{BlocYear id: {code: Entry}}"""
        own = defaultdict(list)
        for row in MilestoneDate.objects.filter(bloc_year__in=by_id).order_by("position", "pk"):
            own[row.bloc_year_id].append(row)
        rules = {row: rulesets.read(row).milestones for row in {row for row in self.sets.values() if row}}
        return {
            pk: {
                entry.code: entry
                for entry in calendars.entries(self.year, rules.get(self.sets[pk], []), own[pk], None, set())
            }
            for pk in by_id
        }

    def name(self, unit):
        return self.units[unit].name

    def led(self, bloc):
        """([head's unit id], [deputies' in their order])"""
        rows = self.members[bloc].values()
        heads = [row.unit.unit_id for row in rows if row.role == MemberRole.HEAD]
        deputies = sorted((row for row in rows if row.deputy_rank), key=lambda row: row.deputy_rank or 0)
        return heads, [row.unit.unit_id for row in deputies]


def differences(year):
    """What changed against the year that this one was copied from; nothing where it was copied from none.

    Shape:   Year with authority and copied_from -> [Group], the whole year first, then the blocs in their order;
             a number of queries that does not grow with the blocs
    """
    if year.copied_from is None:
        return []
    old, new = Side(year.copied_from), Side(year)
    awards = {kind.code: str(kind) for kind in AwardKind.objects.all()}
    groups = [Group(WHOLE_YEAR, None, tuple(_of_year(old, new)))]
    for bloc, row in new.blocs.items():
        lines = _of_bloc(old, new, bloc, awards) if bloc in old.blocs else _of_new_bloc(new, bloc)
        groups.append(Group(row.name, row.pk, tuple(lines)))
    return [group for group in groups if group.lines]


def fingerprint(year, groups):
    """Equal while a year in preparation is what its page showed: name, days, theme and every difference.

    Shape:   (Year, [Group]) -> str
    """
    shown = [year.label, year.starts_on, year.ends_on, year.theme]
    return organisation.digest([shown, [[group.title, *group.lines] for group in groups]])


# ---------------------------------------------------------------- the whole year


def _of_year(old, new):
    lines = []
    if old.year.theme != new.year.theme:
        lines.append(f"Chủ đề: {_quoted(old.year.theme)} → {_quoted(new.year.theme)}.")
    if _days_of(old.year) != _days_of(new.year):
        lines.append(f"Thời gian: {_span(old.year)} → {_span(new.year)}.")
    return [*lines, *_blocs_gone(old, new), *_units(old, new)]


def _days_of(year):
    return [(on.month, on.day, on.year - year.year) for on in (year.starts_on, year.ends_on)]


def _span(year):
    return f"từ {day(year.starts_on)} đến {day(year.ends_on)}"


def _blocs_gone(old, new):
    gone = {bloc: row for bloc, row in old.blocs.items() if bloc not in new.blocs}
    others = BlocYear.objects.filter(bloc__in=gone, year__starts_on__gt=old.year.starts_on).select_related("year")
    elsewhere = {row.bloc_id: row.year.label for row in others.order_by("-year__starts_on")}
    return [
        f"{row.name}: ở năm {elsewhere[bloc]}, không ở năm này." if bloc in elsewhere else f"Không còn {row.name}."
        for bloc, row in gone.items()
    ]


def _units(old, new):
    """Units that ended, are left out, are new or are called otherwise; those of blocs left out go with their bloc."""
    gone = [row for unit, row in old.units.items() if unit not in new.units]
    heirs = defaultdict(list)
    for row in Succession.objects.filter(predecessor__in=[row.unit_id for row in gone]).order_by("position", "pk"):
        heirs[row.predecessor_id].append(row.successor_id)
    kept = {unit for bloc in old.blocs if bloc in new.blocs for unit in old.members[bloc]}
    placed = {unit for members in old.members.values() for unit in members}
    lines = []
    for row in gone:
        if not row.unit.exists_during(old.year.starts_on, old.year.ends_on):
            continue  # it had ended before that year began
        if not row.unit.exists_during(new.year.starts_on, new.year.ends_on):
            lines.append(_ended(row, heirs[row.unit_id], old, new))
        elif row.unit_id in kept or (row.unit_id not in placed and year_copy.is_calendar_year(new.year)):
            lines.append(f"Đơn vị không đưa vào năm này: {row.name}.")
    lines += [f"Đơn vị mới: {row.name}." for unit, row in new.units.items() if unit not in old.units]
    for unit, row in new.units.items():
        before = old.units.get(unit)
        if before and before.name != row.name:
            lines.append(f"Đơn vị đổi tên: {before.name} → {row.name}.")
        elif before and before.short_name != row.short_name:
            lines.append(f"{row.name}: tên ngắn {_quoted(before.short_name)} → {_quoted(row.short_name)}.")
    return lines


def _ended(row, heirs, old, new):
    """An ended unit, and where its successors stand: the board may take them in."""
    last = row.unit.valid_to
    words = f"Đơn vị thôi hoạt động{f' sau ngày {day(last)}' if last else ''}: {row.name}"
    places = {unit: bloc_year for (unit, _), bloc_year in new.place.items()}
    names = []
    for heir in heirs:
        found = new.units.get(heir) or old.units.get(heir)
        if found:
            where = f"ở {places[heir].name}" if heir in places else "chưa ở khối nào, đề nghị đưa vào khối"
            names.append(f"{found.name} ({where})")
    return f"{words}; kế tục: {', '.join(names)}." if names else f"{words}; chưa ghi đơn vị kế tục."


# ---------------------------------------------------------------- one bloc


def _of_new_bloc(new, bloc):
    names = ", ".join(row.unit.name for row in new.members[bloc].values())
    return [f"Khối mới, {len(new.members[bloc])} đơn vị{f': {names}' if names else ''}."]


def _of_bloc(old, new, bloc, awards):
    before, now = old.blocs[bloc], new.blocs[bloc]
    lines = [
        f"{label}: {_quoted(was)} → {_quoted(becomes)}."
        for label, was, becomes in (
            ("Đổi tên", before.name, now.name),
            ("Hình thức", before.get_kind_display(), now.get_kind_display()),
            ("Loại hình", before.type, now.type),
            ("Ủy viên Hội đồng theo dõi", before.supervisor, now.supervisor),
        )
        if was != becomes
    ]
    for label, was, becomes in (
        ("Thuộc", _above(before), _above(now)),
        ("Chuyên viên theo dõi", str(before.desk_officer or ""), str(now.desk_officer or "")),
        ("Bộ quy tắc", str(old.sets[before.pk] or ""), str(new.sets[now.pk] or "")),
    ):
        if was != becomes:
            lines.append(f"{label}: {was or 'chưa có'} → {becomes or 'chưa có'}.")
    lines += _of_members(old, new, bloc) + _of_leaders(old, new, bloc)
    lines += _of_dates(old.dates[before.pk], new.dates[now.pk], new.year.year - old.year.year)
    sizes = len(old.members[bloc]), len(new.members[bloc])
    return lines + _of_quotas(old.quotas[before.pk], new.quotas[now.pk], sizes, awards)


def _above(bloc_year):
    return bloc_year.parent.name if bloc_year.parent else ""


def _of_members(old, new, bloc):
    before, now = old.members[bloc], new.members[bloc]
    lines = []
    for unit, row in now.items():
        if unit not in before:
            came = old.place.get((unit, row.tier))
            lines.append(f"Thêm đơn vị: {row.unit.name}{f', từ {came.name} chuyển sang' if came else ''}.")
    for unit, row in before.items():
        if unit not in now:
            went = new.place.get((unit, row.tier))
            ended = unit not in new.units
            why = f", chuyển sang {went.name}" if went else ", đã thôi hoạt động hoặc không đưa vào năm này"
            lines.append(f"Bớt đơn vị: {row.unit.name}{why if went or ended else ''}.")
    return lines


def _of_leaders(old, new, bloc):
    lines = []
    for label, before, now in zip(("Khối trưởng", "Khối phó"), old.led(bloc), new.led(bloc), strict=True):
        if before != now:
            was, becomes = (
                ", ".join(side.name(unit) for unit in units) or "chưa có" for side, units in ((old, before), (new, now))
            )
            lines.append(f"{label}: {was} → {becomes}.")
    return lines


def _of_dates(before, now, years):
    lines = [f"Bỏ mốc {label_of(code)}." for code in before if code not in now]
    for code, entry in now.items():
        was = before.get(code)
        if was is None:
            lines.append(f"Mốc mới {label_of(code)}: hạn {_at(entry.due_at)}, khóa {_at(entry.locks_at)}.")
            continue
        for word, then, at in (("hạn", was.due_at, entry.due_at), ("khóa", was.locks_at, entry.locks_at)):
            if year_copy.shifted(then, years) != at:
                lines.append(f"Mốc {label_of(code)}: {word} {_at(then)} → {_at(at)}.")
        if was.owed_by != entry.owed_by:
            lines.append(
                f"Mốc {label_of(code)}: người nộp {OwedBy(was.owed_by).label} → {OwedBy(entry.owed_by).label}."
            )
    return lines


def _at(at):
    return moment(at) if at else "không đặt"


def _of_quotas(before, now, sizes, awards):
    lines = []
    for code in dict.fromkeys([*before, *now]):
        was, becomes = _quota(before.get(code), sizes[0], awards), _quota(now.get(code), sizes[1], awards)
        if was != becomes:
            lines.append(f"Chỉ tiêu {awards.get(code, code)}: {was} → {becomes}.")
    return lines


def _quota(rule, size, awards):
    """A quota in words; of a table by size also what it gives to so many members."""
    if rule is None:
        return "không đặt"
    if rule.max is not None:
        words = f"tối đa {rule.max}"
    elif rule.by_size:
        steps = "; ".join(f"{_range(step)}: {step['max']}" for step in rule.by_size)
        words = f"{quotas.of_size(rule.by_size, size)} với {size} thành viên ({steps})"
    else:
        base = QuotaBase(rule.base or QuotaBase.ALL).label
        words = f"{figure(rule.max_percent)} % của {base}, {Rounding(rule.rounding or Rounding.FLOOR).label}"
    if rule.after:
        words += f", sau khi trừ {', '.join(awards.get(code, code) for code in rule.after)}"
    if rule.shared_with:
        words += f", dùng chung với {', '.join(awards.get(code, code) for code in rule.shared_with)}"
    return words


def _range(step):
    if "le" not in step:
        return f"từ {step.get('ge', 0)} thành viên"
    return f"từ {step.get('ge', 0)} đến {step['le']} thành viên"


def _quoted(text):
    return f"“{text}”" if text else "chưa có"
