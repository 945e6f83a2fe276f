"""Passages of a bloc's summary report on which people comment: known by their words, wherever these stand."""

import hashlib

from blocs.errors import RuleBroken
from reports.domain.marks import plain
from reports.enums import SummaryPartCode


def key_of(code, text):
    """Shape: (part code, paragraph) -> ``results-1f0c5a9be3d2``"""
    return f"{code}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def passages(report):
    """What of a report may be commented on.

    Shape:   SummaryReport -> [(key, words)], the whole text first
    """
    written = {part.code: part.paragraphs for part in report.parts.all()}
    rows = {"": "Toàn văn bản"}
    for code in SummaryPartCode:
        rows[code.value] = f"{code.label}, cả phần"
        for number, text in enumerate(written.get(code, []), 1):
            rows.setdefault(key_of(code.value, text), f"{code.label}, đoạn {number}: {plain(text)[:70]}")
    return list(rows.items())


def quoted(report, key):
    """The passage as it reads now.

    Shape:   (SummaryReport, key) -> str, "" of the whole text
    Raises:  RuleBroken where nothing reads like that any more
    """
    if not key:
        return ""
    if key in SummaryPartCode.values:
        return SummaryPartCode(key).label
    part = report.parts.filter(code=key.partition("-")[0]).first()
    found = next((text for text in part.paragraphs if key_of(part.code, text) == key), None) if part else None
    if found is None:
        raise RuleBroken("Đoạn này vừa được sửa hoặc bỏ. Xem lại báo cáo rồi chọn đoạn để góp ý.")
    return plain(found)
