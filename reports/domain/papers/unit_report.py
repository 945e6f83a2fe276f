"""The report of a unit, annual or mid-year: the parts of its form, then the tables that the data give.

Source: paper-layout, party-paper-layout
"""

from dataclasses import dataclass

from blocs.domain import covenant as covenants
from blocs.enums import BlocKind
from blocs.templatetags.vietnamese import figure
from reports.domain import recognitions, report_forms, report_history, report_parts, report_sources
from reports.domain.papers import kept
from reports.domain.papers.base import Heading, SignatureBlock, heading
from reports.domain.papers.summary_paper import Table
from reports.enums import UnitReportKind
from reports.models import SENT_STATES

ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
TITLES = {
    UnitReportKind.ANNUAL: "Kết quả công tác thi đua, khen thưởng năm {}",
    UnitReportKind.MID_YEAR: "Sơ kết công tác thi đua, khen thưởng sáu tháng đầu năm {}",
}


@dataclass(frozen=True)
class Section:
    """A heading with paragraphs, a sentence and a table; what is empty is not printed."""

    title: str
    paragraphs: tuple[str, ...] = ()
    lead: str = ""
    table: Table | None = None


@dataclass(frozen=True)
class UnitPaper:
    heading: Heading
    signature: SignatureBlock
    is_draft: bool
    year: str
    unit: str
    about: str
    to: tuple[str, ...]
    opening: str
    missing: tuple[str, ...]
    sections: tuple[Section, ...]
    files: tuple[str, ...]
    recipients: tuple[str, ...]


def build(report):
    """Everything the report prints; a sent one as it was sent.

    Shape:   UnitReport -> UnitPaper; the same data give an equal paper
    """
    if report.state in SENT_STATES and report.kept is not None:
        return UnitPaper(**kept.restored(UnitPaper, report.kept["paper"]))
    return _build(report)


def to_keep(report):
    """The paper of a report that is being sent, in plain values.

    Shape:   UnitReport that has its new state and moment -> {field: plain value}
    """
    return kept.plain(vars(_build(report)))


def _build(report):
    year, bloc_year, unit = report.bloc_year.year, report.bloc_year, report.unit
    is_draft, past = report.state not in SENT_STATES, report_history.of(report)
    about = TITLES[UnitReportKind(report.kind)].format(year.label)
    return UnitPaper(
        heading=heading(year.authority, unit.letterhead_superior, unit, "BC"),
        signature=SignatureBlock("", "THỦ TRƯỞNG ĐƠN VỊ", ""),
        is_draft=is_draft,
        year=year.label,
        unit=unit.name,
        about=about,
        to=_addressees(report),
        opening=f"{unit.name} báo cáo {about[:1].lower()}{about[1:]} trong {bloc_year.name} như sau:",
        missing=tuple(report_parts.missing(report)) if is_draft else (),
        sections=_sections(report, past),
        files=tuple(row.name for row in report.attachments.all()),
        recipients=("- Như trên;", "- Lưu: VT."),
    )


def _addressees(report):
    authority = report.bloc_year.year.authority
    word = "Cụm" if report.bloc_year.kind == BlocKind.CLUSTER else "Khối"
    board = authority.board or authority.council or authority.name
    return (f"{word} trưởng {report.bloc_year.name}", board)


def _sections(report, past):
    """The parts of the form, then the tables, numbered in one row."""
    written = {part.code: tuple(part.paragraphs) for part in report.parts.all()}
    found = [Section(part.label, written.get(part.code, ())) for part in report_forms.of_report(report).parts]
    tables = [_targets(report), _movements(report), _figures(report, past)]
    if report.kind == UnitReportKind.ANNUAL:
        tables.append(_awards(report))
    rows = [row for row in [*found, *tables] if row is not None]
    return tuple(
        Section(f"{roman(number)}. {row.title}", row.paragraphs, row.lead, row.table)
        for number, row in enumerate(rows, 1)
    )


def _targets(report):
    rows = report_sources.target_rows(report)
    if not rows:
        return None
    lines = []
    for number, row in enumerate(rows, 1):
        words = covenants.verdict_words(row.target, row.value) if row.target.of_id else ""
        said = ". ".join(filter(None, [words, row.note]))
        value = figure(row.value)
        cells = (str(row.target), row.target.unit_of_measure, covenants.promised(row.target), value, said)
        lines.append((str(number), *cells))
    columns = ("TT", "Chỉ tiêu", "Đơn vị tính", "Giao ước", "Kết quả", "Đánh giá, ghi chú")
    return Section("Kết quả chỉ tiêu giao ước", table=Table(columns, tuple(lines), (3, 4)))


def _movements(report):
    rows = report_sources.movement_rows(report)
    if not rows:
        return None
    lines = tuple(
        (
            str(number),
            row.movement,
            row.indicator,
            row.unit_of_measure,
            row.period,
            figure(row.value),
        )
        for number, row in enumerate(rows, 1)
    )
    columns = ("TT", "Phong trào", "Chỉ số", "Đơn vị tính", "Kỳ", "Kết quả")
    return Section("Kết quả các phong trào thi đua", table=Table(columns, lines, (5,)))


def _figures(report, past):
    specs = report_forms.of_report(report).figures
    if not specs:
        return None
    rows = {row.code: row for row in report.figures.all()}
    lines = []
    for number, spec in enumerate(specs, 1):
        row = rows.get(spec.code)
        value, note = (row.value, row.note) if row else (None, "")
        lines.append((str(number), spec.label, spec.unit, figure(past.last(spec.code)), figure(value), note))
    columns = ("TT", "Số liệu", "Đơn vị tính", f"Năm {past.label}" if past.label else "Năm trước", "Năm nay", "Ghi chú")
    return Section("Số liệu", table=_without_empty(Table(columns, tuple(lines), (3, 4)), keep=4))


def _without_empty(table, keep):
    """The table without optional columns that nothing stands in; the column ``keep`` stays."""
    kept = [at for at in range(len(table.columns)) if at in (0, 1, keep) or any(row[at] for row in table.rows)]
    return Table(
        tuple(table.columns[at] for at in kept),
        tuple(tuple(row[at] for at in kept) for row in table.rows),
        tuple(new for new, old in enumerate(kept) if old in table.numeric),
    )


def _awards(report):
    rows = list(recognitions.lines(report))
    if not rows:
        return None
    lines = tuple(
        (str(number), str(row.award), row.get_recipients_display(), figure(row.count), figure(row.direct_workers))
        for number, row in enumerate(rows, 1)
    )
    sums = recognitions.totals(rows)
    total = ("", "Cộng", "", figure(sum(row.count for row in rows)), figure(sums["direct"]))
    columns = ("TT", "Danh hiệu, hình thức", "Đối tượng", "Số lượng", "Lao động trực tiếp")
    lead = f"{figure(sums['collective'])} lượt tập thể, {figure(sums['individual'])} lượt cá nhân được khen thưởng:"
    return Section("Kết quả khen thưởng", lead=lead, table=Table(columns, lines, (3, 4), total))


def roman(number):
    """Shape: 1 to 89 -> str"""
    words = ""
    for value, letters in ROMAN:
        while number >= value:
            words, number = words + letters, number - value
    return words
