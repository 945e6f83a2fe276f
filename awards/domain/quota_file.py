"""The quotas of an exchanged file: of a rule set, or of one bloc's year."""

from typing import Literal

from pydantic import model_validator

from awards.domain import quota_checks
from awards.domain.catalogue import kinds_by_code
from blocs.domain import rulesets
from blocs.domain.files import Code, FileModel, Number, Sentence, Whole, refuse


class SizeRange(FileModel):
    ge: Whole | None = None
    le: Whole | None = None
    max: Whole


class QuotaEntry(FileModel):
    award: Code
    max: Whole | None = None
    by_size: list[SizeRange] = []
    max_percent: Number | None = None
    base: Literal["all", "eligible", "remaining"] | None = None
    after: list[Code] = []
    rounding: Literal["floor", "half_up", "ceil"] | None = None
    shared_with: list[Code] = []
    source: Sentence | None = None

    @model_validator(mode="after")
    def one_way_of_counting(self):
        ways = [self.max is not None, bool(self.by_size), self.max_percent is not None]
        if sum(ways) != 1:
            refuse("cần đúng một trong ba: max, by_size, max_percent")
        if self.max_percent is not None and not 0 <= self.max_percent <= 100:
            refuse("max_percent phải từ 0 đến 100")
        return self


def codes_of(entries):
    """Every award code that these quotas name, once each, in their order.

    Shape:   [QuotaEntry] -> [code]
    """
    return list(dict.fromkeys(code for row in entries for code in (row.award, *row.after, *row.shared_with)))


def _check(entries, faults):
    seen: set[str] = set()
    for number, row in enumerate(entries):
        if row.award in seen:
            faults.add(f"quotas[{number}].award", f"chỉ tiêu cho “{row.award}” lặp lại")
        seen.add(row.award)
    check(entries, faults)


def check(entries, faults, path="quotas"):
    """Note what the quotas of a new file say that cannot be. Stored sets are read without this: what became stricter
    must not make them unreadable.

    Shape:   ([QuotaEntry], Faults, where they stand) -> None
    """
    for number, row in enumerate(entries):
        for key, reason in quota_checks.faults(row.award, row):
            faults.add(f"{path}[{number}].{key}", _as_fault(reason))
    others = {row.award: row for row in entries if row.award not in row.after}
    if awards := quota_checks.circle(others):
        number = next(number for number, row in enumerate(entries) if row.award == awards[0])
        faults.add(f"{path}[{number}].after", _as_fault(quota_checks.circle_words(awards)))


def _as_fault(sentence):
    """As the other faults of a file are spelled."""
    return sentence[0].lower() + sentence[1:].rstrip(".")


def _stored(entries):
    _, added = kinds_by_code(codes_of(entries))
    names = [f"khen thưởng “{code}” chưa có trong danh mục, đã thêm để bổ sung tên" for code in added]
    return names + idle(entries)


def idle(entries):
    """Shape: [QuotaEntry] -> [warning] for each whose ``after`` has no effect"""
    rows = [row.award for row in entries if quota_checks.is_idle(row)]
    return [f"chỉ tiêu “{award}”: after không có tác dụng vì base không phải remaining" for award in rows]


def register():
    """Make ``quotas`` a part of rule files."""
    rulesets.add_part("quotas", list[QuotaEntry], check=_check, stored=_stored)
