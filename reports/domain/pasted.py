"""What people paste into a text from Excel or Word: tables as lines of cells between tabs, and items of lists."""

import re
from dataclasses import dataclass

from reports.domain.marks import plain

SIGN = (  # of an item in a list
    r"[-–—+*•·▪◦●○§o]|\(?(?:\d{1,3}|[IVXivx]{1,5}|[a-zđA-ZĐ])[.)]"
    r"|\d{1,2}(?:\.\d{1,2}){1,3}[.)]?"
)
ITEM = re.compile(rf"(?:{SIGN})[ \u00a0]")
LISTED = re.compile(rf"(?P<sign>{SIGN})\t+(?P<words>[^\t]+)")  # as Word writes an item into plain text
NUMBERED = ("tt", "stt", "số tt")  # the head of a column of numbers
MAX_COLUMNS = 12  # beside each other on a landscape page; more are printed below, with the first column again


@dataclass(frozen=True)
class PastedTable:
    """The first line is the head; every line has as many cells as the longest."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    numeric: tuple[int, ...] = ()
    total: tuple[str, ...] = ()


def blocks(paragraphs):
    """Paragraphs as they are, runs of two and more lines of cells as tables.

    Shape:   [str] -> [str or PastedTable]
    """
    found: list[str | PastedTable] = []
    run: list[str] = []
    for line in [*paragraphs, ""]:
        item = "" if run and _is_numbered(run[0]) else listed(line)
        if "\t" in line and not item:
            run.append(line)
            continue
        found += [table(run)] if len(run) > 1 else [one.replace("\t", " ") for one in run]
        run = []
        if item or line:
            found.append(item or line)
    return found


def listed(line):
    """An item of a list as Word writes it into plain text, ``1.`` tab ``Một``, as people write it: ``1. Một``.

    Shape:   str -> str; empty for any other line
    """
    found = LISTED.fullmatch(line.strip())
    return f"{found['sign']} {found['words'].strip()}" if found else ""


def is_item(line):
    """Shape: a paragraph -> it begins as an item of a list: ``- ``, ``+ ``, ``1. ``, ``a) ``"""
    return bool(ITEM.match(line))


def _is_numbered(head):
    return plain(head.partition("\t")[0]).strip(" .").lower() in NUMBERED


def table(lines):
    """Shape: [line of cells] -> PastedTable; columns that are empty all the way are left out"""
    cells = [[cell.strip() for cell in line.split("\t")] for line in lines]
    width = max(map(len, cells))
    cells = [row + [""] * (width - len(row)) for row in cells]
    kept = [at for at in range(width) if any(row[at] for row in cells)]
    rows = [tuple(row[at] for at in kept) for row in cells]
    numeric = tuple(at for at in range(len(kept)) if all(_is_number(row[at]) for row in rows[1:]))
    return PastedTable(rows[0], tuple(rows[1:]), numeric)


def in_parts(whole):
    """A wide table as several that fit on a page, each beginning with the first column.

    Shape:   PastedTable -> [PastedTable]
    """
    if len(whole.columns) <= MAX_COLUMNS:
        return [whole]
    found = []
    for start in range(1, len(whole.columns), MAX_COLUMNS - 1):
        taken = [0, *range(start, min(start + MAX_COLUMNS - 1, len(whole.columns)))]
        rows = tuple(tuple(row[at] for at in taken) for row in whole.rows)
        numeric = tuple(new for new, old in enumerate(taken) if old in whole.numeric)
        found.append(PastedTable(tuple(whole.columns[at] for at in taken), rows, numeric))
    return found


def _is_number(cell):
    return not plain(cell).strip(" -+.,%0123456789\u00a0")
