"""The quotas of an exchanged file: of a rule set, or of one bloc's year."""

from typing import Literal

from pydantic import model_validator

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


def _stored(entries):
    _, added = kinds_by_code(codes_of(entries))
    return [f"khen thưởng “{code}” chưa có trong danh mục, đã thêm để bổ sung tên" for code in added]


def register():
    """Make ``quotas`` a part of rule files."""
    rulesets.add_part("quotas", list[QuotaEntry], check=_check, stored=_stored)
