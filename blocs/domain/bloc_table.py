"""The blocs of a year as the board reads them: who is in them, who leads, who follows, which rules, what is amiss."""

from collections import defaultdict
from dataclasses import dataclass

from blocs.domain import rulesets
from blocs.domain.tiers import tiers_of
from blocs.enums import MemberRole
from blocs.models import BlocType, BlocYear, Membership, RuleSet, UnitYear


@dataclass(frozen=True)
class BlocRow:
    """One bloc of the table; ``tier`` is how deep it lies, ``type_name`` what its type is called."""

    bloc_year: BlocYear
    tier: int
    size: int
    head: UnitYear | None
    deputies: tuple[UnitYear, ...]
    type_name: str
    rule_set: RuleSet | None
    warnings: tuple[str, ...]

    @property
    def indent(self):
        return min(self.tier, 3)


def rows(bloc_years):
    """A row for each of these blocs of one year, a bloc right after the one that it belongs to.

    Shape:   BlocYear queryset -> [BlocRow]; a constant number of queries
    """
    found = list(bloc_years.select_related("year__authority", "bloc", "desk_officer").order_by("position", "pk"))
    members = defaultdict(list)
    for row in Membership.objects.filter(bloc_year__in=found).select_related("unit").order_by("deputy_rank", "pk"):
        members[row.bloc_year_id].append(row)
    types = {row.code: row for row in BlocType.objects.filter(authority__in={row.year.authority_id for row in found})}
    sets, ordered = rulesets.of_blocs(found), _as_tree(found)
    return [
        _row(bloc_year, tier, members[bloc_year.pk], types.get(bloc_year.type), sets[bloc_year.pk])
        for bloc_year, tier in ordered
    ]


def _as_tree(blocs):
    """[(BlocYear, tier)]: a bloc whose parent is not among them stands at the top."""
    here = {row.pk for row in blocs}
    parents = {row.pk: row.parent_id if row.parent_id in here else None for row in blocs}
    tiers, below, found = tiers_of(parents), defaultdict(list), []
    for row in blocs:
        below[parents[row.pk]].append(row)

    def walk(above):
        for row in below[above]:
            found.append((row, tiers[row.pk]))
            walk(row.pk)

    walk(None)
    return found


def _row(bloc_year, tier, members, bloc_type, rule_set):
    head = next((row.unit for row in members if row.role == MemberRole.HEAD), None)
    deputies = tuple(row.unit for row in members if row.role == MemberRole.DEPUTY)
    warnings = tuple(warnings_of(bloc_year, len(members), head, bloc_type, rule_set))
    name = bloc_type.name if bloc_type else bloc_year.type
    return BlocRow(bloc_year, tier, len(members), head, deputies, name, rule_set, warnings)


def warnings_of(bloc_year, size, head, bloc_type, rule_set):
    """What the board should look at, each in a few words.

    Shape:   (BlocYear, number of members, UnitYear or None, BlocType or None, RuleSet or None) -> [str]
    """
    found = []
    if not size:
        found.append("chưa có thành viên")
    elif head is None:
        found.append("chưa có Khối trưởng")
    if bloc_type and bloc_type.min_members is not None and size < bloc_type.min_members:
        found.append(f"{size} đơn vị, ít hơn {bloc_type.min_members} theo loại hình")
    if bloc_type and bloc_type.max_members is not None and size > bloc_type.max_members:
        found.append(f"{size} đơn vị, nhiều hơn {bloc_type.max_members} theo loại hình")
    if bloc_year.desk_officer_id is None:
        found.append("chưa có chuyên viên theo dõi")
    if rule_set is None:
        found.append("không có bộ quy tắc")
    return found


def of_one(bloc_year):
    """Shape: BlocYear -> BlocRow"""
    return rows(BlocYear.objects.filter(pk=bloc_year.pk))[0]
