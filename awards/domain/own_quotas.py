"""A bloc's own quota of an award: it goes before the one of the rule set."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from awards.domain import quota_checks
from awards.domain.quotas import Limit, Rule, limits, prescribed, prescribed_of
from awards.enums import QuotaBase, Rounding
from awards.models import AwardKind, Quota
from blocs.domain import audit, organisation, rulesets
from blocs.errors import RuleBroken
from blocs.models import BlocYear
from blocs.templatetags.vietnamese import figure


@dataclass(frozen=True)
class QuotaFields:
    """One way of counting, and the document that it rests on."""

    source: str
    max: int | None = None
    by_size: list[dict] = field(default_factory=list)  # [{"ge": 4, "le": 9, "max": 1}]
    max_percent: Decimal | None = None
    base: str = ""
    rounding: str = ""
    after: list[str] = field(default_factory=list)
    shared_with: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """One award: what the rule set prescribes, the bloc's own quota, and the number that comes of it."""

    award: AwardKind
    rule: str
    own: Quota | None
    limit: Limit


def lines(bloc_year):
    """The quotas of a bloc's year, what is prescribed beside what is its own.

    Shape:   BlocYear with year.authority and bloc -> [Line]
    Source:  bloc-quota
    """
    found = limits(bloc_year)
    own = {row.award.code: row for row in bloc_year.quotas.select_related("award")}
    kinds = AwardKind.objects.in_bulk(found, field_name="code")
    rules = _of_rule_set(bloc_year)
    return [
        Line(kinds[code], in_words(rules[code]) if code in rules else "", own.get(code), limit)
        for code, limit in found.items()
        if code in kinds
    ]


def _of_rule_set(bloc_year):
    """What would hold without own quotas: of an unsaved twin of the bloc's year."""
    rule_set = rulesets.of(bloc_year)
    if rule_set is None:
        return {}
    twin = BlocYear(pk=0, year=bloc_year.year, bloc=bloc_year.bloc, type=bloc_year.type, rule_set=rule_set)
    return prescribed(twin)


@transaction.atomic
def set_quota(bloc_year_id, award, fields, *, by, opened="", reason=""):
    """Give a bloc its own quota of an award; without fields it goes back to the rule set's.

    Shape:   (BlocYear id, award code, QuotaFields or None) -> Limit that holds now, or None
    Locks:   the year row, then the bloc year row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    Source:  bloc-quota
    """
    row = organisation.locked(bloc_year_id, by=by, reason=reason)
    before, kind = shown(row, award), AwardKind.objects.filter(code=award).first()
    if kind is None:
        raise RuleBroken(f"Danh mục không có khen thưởng mã “{award}”.")
    quota = row.quotas.filter(award=kind).first()
    if fields is None:
        if quota:
            organisation.check_unchanged(row, before, opened)
            quota.delete()
    else:
        _check(award, fields)
        quota = quota or Quota(bloc_year=row, award=kind, position=_next(row))
        _fill(quota, fields)
        if in_words(quota) == before["Chỉ tiêu riêng"] and quota.source == before["Căn cứ"]:
            return limits(row).get(award)
        organisation.check_unchanged(row, before, opened)
        quota.save()
    if awards := quota_checks.circle(prescribed(row)):
        raise RuleBroken(quota_checks.circle_words(awards))
    if shown(row, award) != before:
        audit.record("bloc.set_quota", by=by, target=row, before=before, after=shown(row, award), note=reason)
    return limits(row).get(award)


def refuse_circles(bloc_years):
    """No bloc's own quotas may close a circle with the rules that it comes under.

    Shape:   [BlocYear with year.authority and bloc] -> None; four queries, whatever their number
    Raises:  RuleBroken, naming the first such bloc
    Source:  bloc-quota
    """
    own = set(Quota.objects.filter(bloc_year__in=bloc_years).values_list("bloc_year", flat=True))
    concerned = [row for row in bloc_years if row.pk in own]
    for row_id, quotas in prescribed_of(concerned).items():
        if awards := quota_checks.circle(quotas):
            name = next(row.name for row in concerned if row.pk == row_id)
            raise RuleBroken(f"{name} có chỉ tiêu riêng. {quota_checks.circle_words(awards)}")


def shown(bloc_year, award):
    """What the form of a quota is opened with.

    Shape:   (BlocYear, award code) -> {label: text}
    """
    quota = bloc_year.quotas.select_related("award").filter(award__code=award).first()
    return {
        "Khen thưởng": award,
        "Chỉ tiêu riêng": in_words(quota) if quota else "",
        "Căn cứ": quota.source if quota else "",
    }


def in_words(quota: Rule | Quota):
    """``nhiều nhất 2``, ``1 khi có 4 đến 9 thành viên``, ``20 % tất cả thành viên, làm tròn xuống``."""
    if quota.max is not None:
        said = f"nhiều nhất {quota.max}"
    elif quota.by_size:
        said = "; ".join(f"{size['max']} khi có {_range(size)} thành viên" for size in quota.by_size)
    else:
        base = QuotaBase(quota.base or QuotaBase.ALL).label
        after = f" sau khi trừ {', '.join(quota.after)}" if quota.after else ""
        said = f"{figure(quota.max_percent)} % {base}{after}, {Rounding(quota.rounding or Rounding.FLOOR).label}"
    return said + (f" (dùng chung với {', '.join(quota.shared_with)})" if quota.shared_with else "")


def _range(size):
    low, high = size.get("ge"), size.get("le")
    if low is not None and high is not None:
        return f"{low} đến {high}"
    return f"từ {low}" if low is not None else f"đến {high}" if high is not None else "mọi số"


def _fill(quota, fields):
    for name in ("max", "by_size", "max_percent", "base", "rounding", "after", "shared_with", "source"):
        setattr(quota, name, getattr(fields, name))


def _check(award, fields):
    if not fields.source.strip():
        raise RuleBroken("Cần ghi căn cứ của chỉ tiêu: văn bản nào giao.")
    if sum([fields.max is not None, bool(fields.by_size), fields.max_percent is not None]) != 1:
        raise RuleBroken("Chọn đúng một cách tính: số cố định, theo số thành viên, hoặc tỷ lệ %.")
    if fields.max_percent is not None and not 0 <= fields.max_percent <= 100:
        raise RuleBroken("Tỷ lệ phải từ 0 đến 100 %.")
    if quota_checks.is_idle(fields):
        raise RuleBroken("“Sau khi trừ” chỉ dùng khi tính trên thành viên còn lại.")
    for _, reason in quota_checks.faults(award, fields):
        raise RuleBroken(reason)
    if award in fields.shared_with:
        raise RuleBroken("Một khen thưởng không dùng chung với chính nó.")
    named = {*fields.after, *fields.shared_with}
    if missing := named - set(AwardKind.objects.filter(code__in=named).values_list("code", flat=True)):
        raise RuleBroken(f"Danh mục không có khen thưởng mã: {', '.join(sorted(missing))}.")


def _next(row):
    last = row.quotas.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
