"""How many of an award a bloc may propose, with the numbers that led there."""

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from awards.domain.quota_sharing import taken_off
from awards.enums import QuotaBase, Rounding
from awards.models import AwardKind, Hold, Quota
from blocs.domain import rulesets
from blocs.models import BlocYear
from blocs.templatetags.vietnamese import figure

MODES = {Rounding.FLOOR: ROUND_FLOOR, Rounding.HALF_UP: ROUND_HALF_UP, Rounding.CEIL: ROUND_CEILING}


@dataclass(frozen=True)
class Limit:
    """The most that may be proposed of one award; ``awards`` are the codes that the number is shared by, ``sharing``
    the names of the others.
    """

    award: str
    max: int
    how: str
    source: str
    awards: tuple[str, ...]
    name: str = ""
    sharing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A quota as it is prescribed, whoever prescribed it."""

    award: str
    max: int | None
    by_size: list[dict]
    max_percent: Decimal | None
    base: str
    after: list[str]
    rounding: str
    shared_with: list[str]
    source: str


def prescribed(bloc_year):
    """The quotas that hold for a bloc's year: those of its rule set, a quota of its own before the rule set's.

    Shape:   BlocYear -> {award code: Rule}, the rule set's order first
    Source:  bloc-quota
    """
    return prescribed_of([bloc_year])[bloc_year.pk]


def prescribed_of(bloc_years):
    """As ``prescribed``, for many.

    Shape:   [BlocYear with year.authority and bloc] -> {BlocYear id: {award code: Rule}}; three queries
    Source:  bloc-quota
    """
    sets = rulesets.of_blocs(bloc_years)
    parsed = {row: _of_set(row) for row in set(sets.values()) if row}
    found = {row.pk: dict(parsed.get(sets[row.pk], {})) for row in bloc_years}
    for row in Quota.objects.filter(bloc_year__in=found).select_related("award").order_by("position", "pk"):
        found[row.bloc_year_id][row.award.code] = Rule(
            row.award.code, row.max, row.by_size, row.max_percent, row.base, row.after, row.rounding,
            row.shared_with, row.source,
        )  # fmt: skip
    return found


def _of_set(rule_set):
    found = {}
    for entry in rulesets.read(rule_set).quotas:
        sizes = [size.model_dump(exclude_none=True) for size in entry.by_size]
        found[entry.award] = Rule(
            entry.award, entry.max, sizes, entry.max_percent, entry.base or "", entry.after,
            entry.rounding or "", entry.shared_with, entry.source or f"Bộ quy tắc {rule_set}",
        )  # fmt: skip
    return found


def copy_own(bloc_years):
    """The blocs' own quotas into another year.

    Shape:   {old BlocYear id: new BlocYear} -> None; two queries
    """
    columns = ("award_id", "max", "by_size", "max_percent", "base", "after", "rounding", "shared_with", "source")
    rows = Quota.objects.filter(bloc_year__in=bloc_years).order_by("position", "pk")
    Quota.objects.bulk_create(
        (
            Quota(
                bloc_year=bloc_years[row.bloc_year_id],
                position=row.position,
                **{name: getattr(row, name) for name in columns},
            )
            for row in rows
        ),
        batch_size=500,
    )


def limits(bloc_year, *, openly=False):
    """The limits of a bloc's year by award code.

    Shape:   (BlocYear, may the reader know how many members stand under a hold) -> {award code: Limit}; an award
             without a quota is not in it
    Source:  bloc-quota
    """
    quotas = prescribed(bloc_year)
    counting = _Counting(bloc_year, quotas, bloc_year.memberships.count(), openly)
    found = {code: counting.limit(code) for code in quotas}
    named = {code for limit in found.values() for code in limit.awards}
    names = {kind.code: str(kind) for kind in AwardKind.objects.filter(code__in=named)}
    words = {code: tuple(names.get(other, other) for other in limit.awards) for code, limit in found.items()}
    return {code: replace(limit, name=words[code][0], sharing=words[code][1:]) for code, limit in found.items()}


def taken(bloc_year):
    """How many are proposed by now, by award code; also where only the number is known.

    Shape:   BlocYear -> Counter
    """
    found = Counter(bloc_year.proposals.values_list("award__code", flat=True))
    found.update(dict(bloc_year.proposed_counts.values_list("award__code", "count")))
    return found


def refusal(award, limits, taken):
    """Why one more proposal of this award does not fit, or an empty text: each limit that takes it in must have room.

    Shape:   (AwardKind, {code: Limit}, {code: number}) -> str
    """
    for limit in limits.values():
        used = sum(taken[code] for code in limit.awards)
        if award.code in limit.awards and used >= limit.max:
            source = f" Căn cứ: {limit.source}." if limit.source else ""
            shared = f" Số này dùng chung cho: {', '.join([limit.name, *limit.sharing])}." if limit.sharing else ""
            return f"Đã đủ chỉ tiêu {award}: {used}/{limit.max} ({limit.how}).{shared}{source}"
    return ""


def of_size(table, size):
    """What a table by size gives to a bloc of so many members.

    Shape:   ([{ge, le, max}], int) -> int
    """
    return next((item["max"] for item in table if item.get("ge", 0) <= size <= item.get("le", size)), 0)


@dataclass
class _Counting:
    """The quotas of one bloc's year, counted one after another."""

    bloc_year: BlocYear
    quotas: dict[str, Rule]
    size: int
    openly: bool
    found: dict[str, Limit] = field(default_factory=dict)

    def limit(self, code, above=frozenset()):
        if code not in self.found:
            quota = self.quotas[code]
            number, how = self._number(quota, above | {code})
            codes = tuple(dict.fromkeys([code, *quota.shared_with]))
            self.found[code] = Limit(code, number, how, quota.source, codes)
        return self.found[code]

    def _number(self, quota, above):
        if quota.max is not None:
            return quota.max, f"cố định {quota.max}"
        if quota.by_size:
            number = of_size(quota.by_size, self.size)
            return number, f"khối có {self.size} thành viên nên được {number}"
        base, words = self._base(quota, above)
        mode = quota.rounding or Rounding.FLOOR
        exact = Decimal(base) * quota.max_percent / 100
        number = int(exact.quantize(Decimal(1), rounding=MODES[mode]))
        return number, f"{figure(quota.max_percent)} % của {words}, {Rounding(mode).label}, được {number}"

    def _base(self, quota, above):
        if quota.base == QuotaBase.ELIGIBLE:
            members = self._eligible()
            return members, f"{members if self.openly else 'số'} thành viên đủ điều kiện"
        if quota.base == QuotaBase.REMAINING:
            taken = self._taken_off(quota.award, above)
            left = max(0, self.size - taken)
            return left, f"{left} thành viên còn lại ({self.size} trừ {taken})"
        return self.size, f"{self.size} thành viên"

    def _eligible(self):
        last_day = self.bloc_year.year.ends_on
        held = Hold.objects.filter(bloc_year=self.bloc_year)
        held = held.exclude(begins_on__gt=last_day).exclude(ends_on__lt=last_day)
        return self.bloc_year.memberships.exclude(unit__in=held.values("unit")).count()

    def _taken_off(self, award, above):
        """``above`` are the awards that wait for this one: none of them is asked, in stored rules with a circle."""
        chosen = {}
        for group in taken_off(award, self.quotas):
            limits = [self.limit(code, above) for code in group if code not in above]
            if limits:
                one = max(limits, key=lambda limit: (limit.max, limit.award))
                chosen[one.award] = one.max
        return sum(chosen.values())
