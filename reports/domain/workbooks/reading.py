"""From a workbook, or from what was pasted, to rows by column. Every fault is named by its cell.

What makes the file as a whole unfit is refused at once; what is wrong in one row stays with that row.
"""

import io
import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import WorkSheetParser

from blocs.domain.files import MAX_FAULTS, Fault, FileRefused
from blocs.domain.plans import Entry
from blocs.folding import fold
from reports.domain.workbooks import values
from reports.domain.workbooks.container import MAX_BYTES, open_packet
from reports.domain.workbooks.sheets import GUIDE, MAX_COLUMNS, MAX_ROWS, REFERENCE

LAST_ROW = 4 * MAX_ROWS  # formatted but empty rows behind the list are passed over up to here
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OSError,
    EOFError,
    SyntaxError,
    NotImplementedError,
    RuntimeError,
    ArithmeticError,
)  # fmt: skip -- what openpyxl and the parsers below it raise on bytes that are no honest workbook


@dataclass(frozen=True)
class Cell:
    """A cell before it is understood: ``sort`` as openpyxl names it (s, n, d, b, e, f)."""

    value: object
    sort: str = "s"
    is_percent: bool = False


def read_workbook(content, sheets):
    """The rows of each list in a workbook.

    Shape:   (bytes, [Sheet]) -> {sheet name: [Entry]}
    Raises:  FileRefused
    """
    open_packet(content).close()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions and styles that openpyxl does not know
            book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            found = _sheets_of(book, sheets)
            tables = {sheet.name: _grid(book, worksheet) for sheet, worksheet in found}
    except DAMAGED:
        raise FileRefused([Fault("", "tệp đã hỏng hoặc không phải tệp Excel (.xlsx)")]) from None
    titles = {sheet.name: worksheet.title for sheet, worksheet in found}
    return _tables([(sheet, titles[sheet.name], tables[sheet.name]) for sheet, _ in found])


def read_paste(text, sheets):
    """The rows of one list that was copied in Excel and pasted: the first line names the columns.

    Shape:   (str, [Sheet]) -> {sheet name: [Entry]}
    Raises:  FileRefused
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise FileRefused([Fault("", f"lớn hơn {MAX_BYTES // 1024 // 1024} MB")])
    grid = {
        number: {column: Cell(value) for column, value in enumerate(line, 1) if value.strip()}
        for number, line in enumerate(_pasted(text), 1)
    }
    grid = {number: cells for number, cells in grid.items() if cells}
    if len(grid) > MAX_ROWS + 1:
        _refuse("Bảng dán", f"nhiều hơn {MAX_ROWS:,} dòng".replace(",", "."))
    head = {fold(str(cell.value).strip(" *")) for cell in next(iter(grid.values()), {}).values()}
    best = max(sheets, key=lambda sheet: len(head & {fold(column.label) for column in sheet.columns}))
    return _tables([(best, "Bảng dán", grid)])


WRAPPED = re.compile(r'"((?:[^"]|"")*)"(?=[\t\n]|\Z)')
END_OF_CELL = re.compile(r"[\t\n]|\Z")


def _pasted(text):
    """The cells of each line. Excel wraps a cell in quotation marks where it holds a line break or a tab, and doubles
    those inside; any other quotation mark is the text's own.

    Shape:   str -> [[str]]
    """
    lines: list[list[str]] = [[]]
    at = 0
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    while at <= len(text):
        wrapped = WRAPPED.match(text, at)
        if wrapped and _is_wrapped(wrapped[1]):
            lines[-1].append(wrapped[1].replace('""', '"'))
            end = wrapped.end()
        else:
            end = next(END_OF_CELL.finditer(text, at)).start()
            lines[-1].append(text[at:end])
        if text[end : end + 1] == "\n":
            lines.append([])
        at = end + 1
    return lines


def _is_wrapped(inside):
    """A mark that opens in one row and closes in another one, beyond a tab, wraps nothing."""
    has_break, has_tab = "\n" in inside, "\t" in inside
    return has_break != has_tab or ('""' in inside and not has_tab)


def _refuse(place, words):
    raise FileRefused([Fault(place, words)])


# ---------------------------------------------------------------- workbook -> {row: {column: Cell}}


def _sheets_of(book, sheets):
    """[(Sheet, worksheet)]: by title; the only sheet of a workbook may be called as one likes."""
    faults = [
        Fault(worksheet.title, "trang tính đang ẩn; bỏ ẩn hoặc xóa rồi nhập lại")
        for worksheet in book.worksheets
        if worksheet.sheet_state != "visible"
    ]
    if book.chartsheets:
        faults.append(Fault(book.chartsheets[0].title, "trang biểu đồ; xóa rồi nhập lại"))
    if faults:
        raise FileRefused(faults)
    passed = {fold(REFERENCE), fold(GUIDE)}
    given = [worksheet for worksheet in book.worksheets if fold(worksheet.title) not in passed]
    if len(given) == len(sheets) == 1:
        return [(sheets[0], given[0])]
    by_title = {fold(sheet.title): sheet for sheet in sheets}
    titles = ", ".join(f"“{sheet.title}”" for sheet in sheets)
    found = [(by_title.get(fold(worksheet.title)), worksheet) for worksheet in given]
    faults = [
        Fault(sheet.title, f"không phải trang của mẫu này (mẫu có {titles})") for known, sheet in found if not known
    ]
    if not given:
        faults = [Fault("", f"không có trang nào của mẫu: {titles}")]
    if faults:
        raise FileRefused(faults)
    return found


def _grid(book, worksheet):
    """The cells that hold something, in one pass; stops where there are too many."""
    title, grid = worksheet.title, {}
    with worksheet._get_source() as source:  # noqa: SLF001 -- merged and hidden cells are told by the parser only
        parser = _parser(book, worksheet, source)
        for number, cells in parser.parse():
            kept = {item["column"]: _cell(book, item) for item in cells if not _is_empty(item)}
            if kept:
                grid[number] = kept
            if len(grid) > MAX_ROWS + 1 or number > LAST_ROW:
                _refuse(title, f"nhiều hơn {MAX_ROWS:,} dòng".replace(",", "."))
            if kept and max(kept) > MAX_COLUMNS:
                _refuse(f"{title}!{get_column_letter(max(kept))}{number}", f"nhiều hơn {MAX_COLUMNS} cột")
    merged = parser.merged_cells.mergeCell if parser.merged_cells else []
    faults = [Fault(f"{title}!{item.ref}", "ô trộn; bỏ trộn ô rồi nhập lại") for item in merged]
    rows = parser.row_dimensions
    faults += [
        Fault(f"{title}!{number}", "dòng đang ẩn (hoặc đang lọc); bỏ ẩn, bỏ lọc rồi nhập lại")
        for number in grid
        if rows.get(str(number), {}).get("hidden") in ("1", "true")
    ]
    faults += _hidden_columns(title, parser.column_dimensions, {column for cells in grid.values() for column in cells})
    if faults:
        raise FileRefused(faults)
    return grid


def _parser(book, worksheet, source):
    return WorkSheetParser(
        source,
        worksheet._shared_strings,  # noqa: SLF001
        epoch=book.epoch,
        date_formats=book._date_formats,  # noqa: SLF001
        timedelta_formats=book._timedelta_formats,  # noqa: SLF001
    )


def _hidden_columns(title, dimensions, used):
    for item in dimensions.values():
        if item.get("hidden") in ("1", "true"):
            for column in sorted(used & set(range(int(item["min"]), min(int(item["max"]), MAX_COLUMNS) + 1))):
                yield Fault(f"{title}!{get_column_letter(column)}", "cột đang ẩn; bỏ ẩn rồi nhập lại")


def _is_empty(item):
    value = item["value"]
    return value is None or (isinstance(value, str) and not value.strip())


def _cell(book, item):
    shape = book._cell_styles[item["style_id"]] if item["style_id"] < len(book._cell_styles) else None  # noqa: SLF001
    number = shape.numFmtId if shape else 0
    is_percent = number in (9, 10)
    if number >= 164 and number - 164 < len(book._number_formats):  # noqa: SLF001
        is_percent = "%" in book._number_formats[number - 164]  # noqa: SLF001
    return Cell(item["value"], item["data_type"], is_percent)


# ---------------------------------------------------------------- cells -> entries


def _tables(found):
    faults, tables = [], {}
    for sheet, title, grid in found:
        tables[sheet.name], wrong = _entries(sheet, title, grid)
        faults += wrong
    if faults:
        raise FileRefused(faults)
    if not any(tables.values()):
        raise FileRefused([Fault(", ".join(title for _, title, _ in found), "không có dòng nào dưới dòng tên cột")])
    told = [fault for entries in tables.values() for entry in entries for fault in entry.faults]
    if len(told) > MAX_FAULTS:
        raise FileRefused(told)
    return tables


def _entries(sheet, title, grid):
    if not grid:
        return [], []
    first, *rest = sorted(grid)
    columns, faults = _head(sheet, title, first, grid[first])
    if faults:
        return [], faults
    entries = []
    for number in rest:
        strays = sorted(set(grid[number]) - set(columns))
        if strays:
            place = f"{title}!{get_column_letter(strays[0])}{first}"
            return [], [Fault(place, f"cột không có tên, nhưng dòng {number} có nội dung ở đó")]
        entries.append(_entry(title, number, grid[number], columns))
    return entries, []


def _head(sheet, title, number, cells):
    """({column number: Column}, [Fault]) of the line that names the columns."""
    known = {fold(column.label): column for column in sheet.columns}
    columns, faults = {}, []
    seen: dict = {}
    for position, cell in sorted(cells.items()):
        place = f"{title}!{get_column_letter(position)}{number}"
        label = values.shown(cell)
        column = known.get(fold(label.strip(" *")))
        if cell.sort == "f":
            faults.append(Fault(place, "tên cột là công thức"))
        elif column is None:
            labels = ", ".join(item.label for item in sheet.columns)
            faults.append(Fault(place, f"cột “{label[:60]}” không có trong mẫu; mẫu có: {labels}"))
        elif column.name in seen:
            faults.append(Fault(place, f"cột “{column.label}” lặp lại (đã có ở {seen[column.name]})"))
        else:
            seen[column.name], columns[position] = place, column
    for column in sheet.columns:
        if column.required and column.name not in seen and not faults:
            faults.append(Fault(f"{title}!{number}", f"thiếu cột “{column.label}”"))
    return columns, faults


def _entry(title, number, cells, columns):
    entry = Entry(f"{title}!{number}", {})
    for position, column in columns.items():
        entry.cells[column.name] = f"{title}!{get_column_letter(position)}{number}"
        cell = cells.get(position)
        if column.only_read:
            continue
        if cell is None:
            if column.required:
                entry.refuse(f"để trống “{column.label}”", column.name)
            continue
        try:
            entry.values[column.name] = values.understand(cell, column)
        except values.Unfit as error:
            entry.refuse(str(error), column.name)
    return entry
