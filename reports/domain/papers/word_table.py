"""Tables of a Word file, written as elements: python-docx counts all cells again for each one."""

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt


def element(name, **attributes):
    """Shape: (``tblW``, type="dxa") -> an element of WordprocessingML"""
    found = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        found.set(qn(f"w:{key}"), str(value))
    return found


def table(rows, width):
    """A bordered table, its head repeated on each page, its rows kept whole.

    Shape:   ([(is head, is foot, [([(text, is bold, is italic)], is figure)])], width in EMU) -> w:tbl
    """
    columns = max((len(cells) for _, _, cells in rows), default=1)
    whole = element("tbl")
    about = element("tblPr")
    about.append(element("tblW", w=_twips(width), type="dxa"))
    borders = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(side, val="single", sz=4, space=0, color="000000"))
    about.append(borders)
    about.append(element("tblLayout", type="fixed"))
    whole.append(about)
    grid = element("tblGrid")
    widths = _widths(rows, columns, _twips(width))
    for share in widths:
        grid.append(element("gridCol", w=share))
    whole.append(grid)
    size = 12 if columns <= 8 else 9
    for is_head, is_foot, cells in rows:
        whole.append(_row(cells, widths, size, is_head=is_head, is_bold=is_head or is_foot))
    return whole


def _row(cells, widths, size, *, is_head, is_bold):
    row, about = element("tr"), element("trPr")
    about.append(element("cantSplit"))
    if is_head:
        about.append(element("tblHeader"))
    row.append(about)
    for at, (words, is_figure) in enumerate([*cells, *[([], False)] * (len(widths) - len(cells))]):
        align = "center" if is_head else "right" if is_figure else "left"
        row.append(_cell(words, widths[at], size, align=align, is_bold=is_bold))
    return row


def _cell(words, width, size, *, align, is_bold):
    cell, about = element("tc"), element("tcPr")
    about.append(element("tcW", w=width, type="dxa"))
    about.append(element("vAlign", val="center"))
    cell.append(about)
    paragraph, look = element("p"), element("pPr")
    look.append(element("spacing", before=20, after=20, line=240, lineRule="auto"))
    look.append(element("jc", val=align))
    paragraph.append(look)
    for text, bold, italic in words or [("", False, False)]:
        paragraph.append(_run(text, size, bold=bold or is_bold, italic=italic))
    cell.append(paragraph)
    return cell


def _run(text, size, *, bold, italic):
    run, letters = element("r"), element("rPr")
    if bold:
        letters.append(element("b"))
    if italic:
        letters.append(element("i"))
    letters.append(element("sz", val=size * 2))
    run.append(letters)
    words = element("t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(words)
    return run


def _widths(rows, columns, whole):
    """Shares of the width by how long the texts of a column are; the column of numbers in a row stays narrow."""
    longest = [1] * columns
    for _, _, cells in rows[:60]:
        for at, (words, _) in enumerate(cells):
            longest[at] = max(longest[at], min(sum(len(text) for text, _, _ in words), 40))
    weights = [max(length, 4) ** 0.7 for length in longest]
    found = [int(whole * weight / sum(weights)) for weight in weights]
    found[-1] += whole - sum(found)
    return found


def _twips(width):
    return int(width / Pt(1) * 20)
