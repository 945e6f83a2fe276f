"""The province's report on a year: its parts as the board wrote them, and two annexes from the data.

What stands around the parts follows the data while the report is a draft, and is kept with it when it is finished.
Source: province-outline
"""

from dataclasses import dataclass
from typing import Any

from blocs.domain.completeness import rate
from blocs.enums import Header, Milestone
from blocs.templatetags.vietnamese import count, day, figure, percent
from reports.domain.assembly.commended import numbers_of
from reports.domain.assembly.province import awards_of
from reports.domain.assembly.province_facts import ProvinceFacts
from reports.domain.papers import kept
from reports.domain.papers.base import Heading, SignatureBlock
from reports.domain.papers.summary_paper import Table
from reports.enums import ProvincePartCode
from reports.models import ProvinceReport

HEADS = {"sở": "Giám đốc", "ban": "Trưởng ban"}  # who leads an office, by the first word of its name
COMMITTEE = "ỦY BAN NHÂN DÂN"
COLUMNS = (
    "TT", "Cụm, khối thi đua", "Số đơn vị", "Báo cáo năm đã nhận", "Tỷ lệ", "Đúng hạn", "Báo cáo tổng kết",
)  # fmt: skip
AWARD_COLUMNS = (
    "TT", "Danh hiệu, hình thức khen thưởng", "Tập thể", "Cá nhân", "Lao động trực tiếp", "Tỷ lệ",
)  # fmt: skip


@dataclass(frozen=True)
class ProvincePaper:
    heading: Heading
    signature: SignatureBlock
    is_draft: bool
    issuer: str
    year: str
    next_year: str
    opening: str
    situation: tuple[str, ...]
    leading: tuple[str, ...]
    results: tuple[str, ...]
    commendation: tuple[str, ...]
    exemplars: tuple[str, ...]
    strengths: tuple[str, ...]
    shortcomings: tuple[str, ...]
    next_tasks: tuple[str, ...]
    recommendations: tuple[str, ...]
    blocs: Table
    awards: Table
    missing: tuple[str, ...]
    recipients: tuple[str, ...]


def build(year):
    """Everything the report of the province prints.

    Shape:   Year -> ProvincePaper; the same data give an equal paper; of a finished report nothing but its own rows
    Source:  province-outline, paper-layout, party-paper-layout
    """
    report = ProvinceReport.objects.filter(year=year).prefetch_related("parts").first()
    texts: dict[str, Any] = {part.code: tuple(part.paragraphs) for part in report.parts.all()} if report else {}
    return ProvincePaper(
        is_draft=report is None or report.is_draft,
        missing=tuple(code.label for code in ProvincePartCode if not texts.get(code)),
        **(kept.restored(ProvincePaper, report.kept) if report and report.kept else _frame(year)),
        **{code: texts.get(code, ()) for code in ProvincePartCode.values},
    )


def frame_to_keep(year):
    """All that is printed around the parts, as plain data to keep with a finished report.

    Shape:   Year -> {field of ProvincePaper: str, [str] or {field: value}}
    """
    return kept.plain(_frame(year))


def _frame(year) -> dict[str, Any]:
    facts, issuer = ProvinceFacts(year), year.authority.board or year.authority.name
    return {
        "heading": _heading(year, issuer),
        "signature": _signature(year.authority),
        "issuer": issuer,
        "year": year.label,
        "next_year": _next(year.label),
        "opening": _opening(year, issuer),
        "blocs": _blocs(facts),
        "awards": _awards(facts),
        "recipients": _recipients(year.authority),
    }


# ---------------------------------------------------------------- around the text


def _heading(year, issuer):
    authority = year.authority
    is_party = authority.header == Header.PARTY
    return Heading(
        superior=_together(authority.name.upper()) if authority.board else "",
        issuer=_together(issuer.upper()),
        symbol="-BC" if is_party else "/BC",
        place=authority.place,
        is_party=is_party,
    )


def _together(name):
    """The words of the people's committee stay on one line."""
    return name.replace(COMMITTEE, COMMITTEE.replace(" ", "\u00a0"))


def _signature(authority):
    """The head of the office that issues it; without such an office, on behalf of the authority."""
    if authority.board:
        word = authority.board.partition(" ")[0].lower()
        return SignatureBlock("", HEADS.get(word, "Thủ trưởng").upper(), "")
    behalf = "T/M" if authority.header == Header.PARTY else "TM."
    return SignatureBlock(f"{behalf} {authority.name}".upper(), "", "")


def _opening(year, issuer):
    theme = f", chủ đề thi đua “{year.theme}”" if year.theme else ""
    return (
        f"Trên cơ sở báo cáo của các cụm, khối thi đua, {issuer} báo cáo kết quả công tác thi đua, khen thưởng năm "
        f"{year.label}{theme} như sau:"
    )


def _recipients(authority):
    lines = [f"- {authority.name} (để báo cáo);"] if authority.board else []
    if authority.council:
        lines.append(f"- {authority.council};")
    return (*lines, "- Các cụm, khối thi đua;", "- Lưu: VT.")


def _next(label):
    """The label of the following year: ``2027``, ``2020-2021``."""
    return "-".join(str(int(part) + 1) if part.isdigit() else part for part in label.split("-"))


# ---------------------------------------------------------------- annexes


def _blocs(facts):
    """Each bloc with its units, how many reported, and its own report; the sums last."""
    lines, sums = [], [0, 0, 0]
    for number, bloc in enumerate(facts.blocs, 1):
        counted = facts.counted.get((bloc.pk, Milestone.UNIT_REPORT))
        cells = ("", "", "")
        if counted:
            cells = (f"{counted.received}/{counted.expected}", percent(counted.rate), figure(counted.on_time))
            sums = [
                one + other
                for one, other in zip(sums, (counted.expected, counted.received, counted.on_time), strict=True)
            ]
        lines.append((str(number), bloc.name, figure(len(facts.units[bloc.pk])), *cells, _own_report(facts, bloc)))
    expected, received, on_time = sums
    units = (f"{figure(received)}/{figure(expected)}", percent(rate(received, expected)), figure(on_time))
    came = sum(map(facts.is_received, facts.blocs))
    total = ("", "Cộng", figure(facts.unit_count()), *(units if expected else ("", "", "")))
    return Table(COLUMNS, tuple(lines), (2, 3, 4, 5), (*total, f"{count(came)}/{count(len(lines))} đã nhận"))


def _own_report(facts, bloc):
    """How the bloc's summary report stands."""
    if not facts.is_received(bloc):
        if facts.is_returned(bloc):
            return "Bị trả lại"
        return "Đã thông qua, chưa gửi" if bloc.pk in facts.reports else "Chưa gửi"
    counted = facts.counted.get((bloc.pk, Milestone.SUMMARY_REPORT))
    moments = [row.received_at for row in facts.owed[bloc.pk, Milestone.SUMMARY_REPORT] if row.received_at]
    report = facts.begun.get(bloc.pk)
    at = min(moments, default=report and report.submitted_at)
    words = f"Nhận ngày {day(at)}" if at else "Đã nhận"
    return words + (", chậm" if counted and counted.received and not counted.on_time else "")


def _awards(facts):
    lines, total = [], [0, 0, 0, 0]
    for number, (award, rows) in enumerate(awards_of(facts), 1):
        groups, people, _, direct, whole = numbers_of(rows)
        lines.append((str(number), str(award), *_numbers(groups, people, direct, whole)))
        total = [one + other for one, other in zip(total, (groups, people, direct, whole), strict=True)]
    return Table(AWARD_COLUMNS, tuple(lines), (2, 3, 4, 5), ("", "Cộng", *_numbers(*total)))


def _numbers(groups, people, direct, whole):
    """The share is of the persons of whom it is told."""
    told = (f"{figure(direct)}/{figure(whole)}", percent(rate(direct, whole))) if whole else ("", "")
    return figure(groups), figure(people), *told
