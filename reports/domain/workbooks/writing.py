"""From rows to a workbook that people can fill in: notes, drop-downs, nothing that calculates."""

import io
import unicodedata
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.writer.excel import ExcelWriter

from blocs.domain.plans import one_line
from reports.domain import packets
from reports.domain.workbooks.sheets import MAX_ROWS, REFERENCE, Holds

AUTHOR = "Phần mềm thi đua"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = PatternFill("solid", start_color="F0ECE4")
RISKY = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet might take for the beginning of a formula
FORMATS = {
    Holds.TEXT: "@",
    Holds.CODE: "@",
    Holds.SIGNS: "@",
    Holds.DAY: "DD/MM/YYYY",
    Holds.MOMENT: "HH:MM DD/MM/YYYY",
    Holds.FIGURE: "General",
    Holds.WHOLE: "0",
}


def write_workbook(tables, lists=None):
    """A workbook of one sheet a list, and the lists behind its drop-downs.

    Shape:   ([(Sheet, [{column name: value}])], {name of a list: [text]}) -> bytes, of equal rows the same
    """
    book = Workbook()
    book.remove(book.active)
    book.properties.creator = book.properties.lastModifiedBy = AUTHOR
    book.properties.created = book.properties.modified = datetime(*packets.MADE, tzinfo=UTC)
    pages = [(_sheet(book, sheet, rows), sheet) for sheet, rows in tables]
    ranges = _reference(book, [sheet for sheet, _ in tables], lists or {})
    for page, sheet in pages:
        _drop_downs(page, sheet, ranges)
    content = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(content, "w")).save()  # ``book.save`` would note the moment
    return packets.with_fixed_days(content)


def _sheet(book, sheet, rows):
    page = book.create_sheet(sheet.title)
    for position, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(position)
        page.column_dimensions[letter].width = column.width
        page.column_dimensions[letter].number_format = FORMATS[column.holds]
        head = page.cell(1, position, column.label + (" *" if column.required else ""))
        head.font, head.fill = Font(bold=True), HEAD
        head.alignment = Alignment(wrap_text=True, vertical="top")
        if column.note:
            head.comment = Comment(column.note, AUTHOR, width=280, height=110)
    for number, row in enumerate(rows, 2):
        for position, column in enumerate(sheet.columns, 1):
            _write(page.cell(number, position), row.get(column.name), column)
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(rows) + 1}"
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"
    return page


def _write(cell, value, column):
    cell.number_format = FORMATS[column.holds]
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        value = timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    if isinstance(value, int | Decimal) or (isinstance(value, date) and value.year > 1900):
        cell.value = value
    else:  # Excel knows no day before 1900
        text = f"{value.day:02d}/{value.month:02d}/{value.year:04d}" if isinstance(value, date) else clean(str(value))
        cell.value = text
        cell.data_type = "s"  # also where it looks like a formula
        cell.quotePrefix = text.startswith(RISKY)


def clean(text):
    """A text as a cell can hold it."""
    return one_line(ILLEGAL_CHARACTERS_RE.sub("", unicodedata.normalize("NFC", text)))


def _reference(book, sheets, lists):
    """Write the lists onto one sheet that everybody sees; {list: its range}."""
    wanted = {column.name: list(column.choices) for sheet in sheets for column in sheet.columns if column.choices}
    named = {column.suggests: column.label for sheet in sheets for column in sheet.columns if column.suggests}
    labels = {column.name: column.label for sheet in sheets for column in sheet.columns}
    wanted |= {name: lists.get(name, []) for name in named}
    page = None
    ranges: dict = {}
    for name, items in wanted.items():
        if not items:
            continue
        page = page or book.create_sheet(REFERENCE)
        position = len(ranges) + 1
        letter = get_column_letter(position)
        page.column_dimensions[letter].width = 36
        page.cell(1, position, named.get(name) or labels[name]).font = Font(bold=True)
        for number, item in enumerate(items, 2):
            cell = page.cell(number, position)
            cell.value, cell.data_type = clean(item), "s"
            cell.quotePrefix = cell.value.startswith(RISKY)
        ranges[name] = f"{quote_sheetname(REFERENCE)}!${letter}$2:${letter}${len(items) + 1}"
    return ranges


def _drop_downs(page, sheet, ranges):
    for position, column in enumerate(sheet.columns, 1):
        where = ranges.get(column.name if column.choices else column.suggests)
        if where is None:
            continue
        choice = DataValidation("list", formula1=where, allow_blank=True, showErrorMessage=bool(column.choices))
        choice.errorTitle, choice.error = column.label, "Chọn một giá trị trong danh sách."
        letter = get_column_letter(position)
        choice.add(f"{letter}2:{letter}{MAX_ROWS + 1}")
        page.add_data_validation(choice)
