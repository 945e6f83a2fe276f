"""The kinds of lists that can be brought: their sheets, who may, what is done with them."""

from collections.abc import Callable
from dataclasses import dataclass

from reports.domain.workbooks import bloc_list, people_list, target_list, unit_list
from reports.domain.workbooks.reading import read_paste, read_workbook
from reports.domain.workbooks.sheets import Sheet
from reports.domain.workbooks.writing import write_workbook
from reports.enums import UploadKind


@dataclass(frozen=True)
class Kind:
    sheets: tuple[Sheet, ...]
    run: Callable
    rows: Callable
    lists: Callable = lambda place: {}


KINDS = {
    UploadKind.UNITS: Kind((unit_list.SHEET,), unit_list.run, unit_list.rows, unit_list.lists),
    UploadKind.BLOCS: Kind((bloc_list.BLOCS, bloc_list.MEMBERS), bloc_list.run, bloc_list.rows, bloc_list.lists),
    UploadKind.PEOPLE: Kind((people_list.SHEET,), people_list.run, people_list.rows, people_list.lists),
    UploadKind.TARGETS: Kind((target_list.SHEET,), target_list.run, target_list.rows, target_list.lists),
}
PERMISSIONS = {
    UploadKind.UNITS: "blocs.edit_organisation",
    UploadKind.BLOCS: "blocs.edit_organisation",
    UploadKind.PEOPLE: "blocs.manage_people",
    UploadKind.TARGETS: "blocs.edit_covenant",
    UploadKind.YEAR: "blocs.open_year",
}


def read(kind, content, *, pasted):
    """Shape:   (kind, bytes) -> {sheet name: [Entry]}; raises FileRefused"""
    sheets = KINDS[kind].sheets
    return read_paste(content.decode("utf-8"), sheets) if pasted else read_workbook(content, sheets)


def workbook(kind, place, *, empty=False):
    """The template of a kind, filled with today's rows or with none.

    Shape:   (kind, Place) -> bytes of a workbook
    """
    found = KINDS[kind]
    rows = {} if empty else found.rows(place)
    return write_workbook([(sheet, rows.get(sheet.name, [])) for sheet in found.sheets], found.lists(place))
