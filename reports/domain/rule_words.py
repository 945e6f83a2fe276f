"""A rule set in sentences: calendar, lateness, heads and quotas as people read them."""

from dataclasses import dataclass

from awards.domain.quota_file import codes_of
from awards.enums import Rounding
from awards.models import AwardKind
from blocs.domain import rulesets
from blocs.enums import OWED_BY_DEFAULT, OwedBy, RuleScope, label_of
from blocs.templatetags.vietnamese import figure

CHOSEN_BY = {"election": "do các thành viên bầu", "rotation": "luân phiên", "appointment": "do cấp trên chỉ định"}
WAIVED_BY = {
    "desk_officer": "chuyên viên theo dõi khối",
    "board": "Ban Thi đua - Khen thưởng",
    "head": "Khối trưởng",
}
OFFSETS = {0: "", 1: " năm sau", -1: " năm trước"}


@dataclass(frozen=True)
class Milestone:
    """One line of the calendar."""

    label: str
    code: str
    owed_by: str
    due: str
    locks: str
    missed: str


@dataclass(frozen=True)
class Quota:
    award: str
    words: str
    source: str


@dataclass(frozen=True)
class Words:
    """A whole rule set."""

    calendar: list[Milestone]
    lateness: str
    heads: str
    quotas: list[Quota]


def words_of(rule_set):
    """Shape: RuleSet -> Words; one query"""
    file = rulesets.read(rule_set)
    kinds = {kind.code: str(kind) for kind in AwardKind.objects.filter(code__in=codes_of(file.quotas))}
    return Words(
        calendar=[_milestone(rule) for rule in file.milestones],
        lateness=_lateness(file.lateness),
        heads=_heads(file.heads),
        quotas=[_quota(entry, kinds) for entry in file.quotas],
    )


def scope_of(rule_set):
    """Shape: RuleSet -> str"""
    if rule_set.scope == RuleScope.PROVINCE:
        return "Toàn tỉnh"
    return f"{'Loại hình' if rule_set.scope == RuleScope.TYPE else 'Khối'} “{rule_set.scope_code}”"


def _milestone(rule):
    owed_by = OwedBy(rule.owed_by or OWED_BY_DEFAULT.get(rule.code, OwedBy.UNIT))
    return Milestone(label_of(rule.code), rule.code, owed_by.label, _day(rule.due), _day(rule.locks), rule.missed or "")


def _day(rule):
    if rule is None:
        return ""
    offset = OFFSETS.get(rule.year, f" (năm thứ {rule.year} sau)" if rule.year > 0 else f" ({-rule.year} năm trước)")
    clock = f"{rule.time} ngày " if rule.time else "hết ngày "
    return f"{clock}{rule.day:02d}/{rule.month:02d}{offset}"


def _lateness(lateness):
    if lateness is None:
        return "Nộp sau hạn là chậm, không có ngày gia hạn chung."
    kind = "ngày làm việc" if lateness.days == "working" else "ngày"
    first = (
        f"Chậm không quá {lateness.grace} {kind} vẫn tính là đúng hạn."
        if lateness.grace
        else "Nộp sau hạn là chậm, không có ngày gia hạn chung."
    )
    who = WAIVED_BY[lateness.waived_by or "desk_officer"]
    return f"{first} Người được miễn tính chậm khi có lý do: {who}."


def _heads(heads):
    if heads is None:
        return ""
    deputies = {0: "Không có Khối phó", None: ""}.get(heads.deputies_max, f"Nhiều nhất {heads.deputies_max} Khối phó")
    chosen = f"Khối trưởng, Khối phó {CHOSEN_BY[heads.chosen_by]}" if heads.chosen_by else ""
    return ". ".join(filter(None, [deputies, chosen])) + "." if deputies or chosen else ""


def _quota(entry, kinds):
    def names(codes):
        return ", ".join(kinds.get(code, code) for code in codes)

    if entry.max is not None:
        words = f"Nhiều nhất {entry.max}"
    elif entry.by_size:
        words = f"Theo số thành viên: {'; '.join(_size(item) for item in entry.by_size)}; số khác: 0"
    else:
        base = {"eligible": "số thành viên đủ điều kiện", "remaining": "số thành viên còn lại"}.get(
            entry.base, "số thành viên"
        )
        after = f" sau khi trừ chỉ tiêu {names(entry.after)}" if entry.base == "remaining" and entry.after else ""
        mode = Rounding(entry.rounding or Rounding.FLOOR).label
        words = f"Nhiều nhất {figure(entry.max_percent)} % {base}{after}, {mode}"
    if entry.shared_with:
        words += f"; một số chung với {names(entry.shared_with)}"
    return Quota(kinds.get(entry.award, entry.award), f"{words}.", entry.source or "")


def _size(item):
    if item.ge is not None and item.le is not None:
        return f"khối {item.ge} đến {item.le} thành viên: {item.max}"
    if item.ge is not None:
        return f"khối từ {item.ge} thành viên: {item.max}"
    return f"khối đến {item.le} thành viên: {item.max}" if item.le is not None else f"mọi khối: {item.max}"
