"""The same paper as a Word file: the printed template is read again, so that both say the same.

Source: paper-layout
"""

import re
import unicodedata

from django.template.loader import render_to_string
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Mm, Pt
from lxml import html as markup

from reports.domain.papers import word_base
from reports.domain.papers.registry import KINDS
from reports.domain.papers.word_table import table as word_table

CENTER, RIGHT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
HEAD = (Mm(65), Mm(98))
FOOT = (Mm(75), Mm(88))
SIZES = {"superior": 12, "issuer": 12, "number": 13, "title": 13, "motto": 14, "date": 14, "label": 12}
BOLD = {"issuer", "title", "motto", "competence", "decides"}
ITALIC = {"date", "none", "basis", "reference"}
CENTRED = {"to", "competence", "decides", "reference", "draft"}


def bytes_of(thing, kind):
    """A paper as a Word file, to be worked on outside; it carries no seal.

    Shape:   (row that papers of the kind are about, DocumentKind) -> bytes; the same data give the same bytes
    """
    spec = KINDS[kind]
    document = _document_of(render_to_string(spec.template, {"paper": spec.build(thing), "seal": None}))
    if spec.in_word:
        spec.in_word(document, thing)
    return word_base.bytes_of(document)


def docx_of(html):
    """Shape: a printed page as HTML -> bytes of a .docx"""
    return word_base.bytes_of(_document_of(html))


def _document_of(html):
    page = markup.fromstring(html)
    title = page.findtext(".//title") or ""
    writer = _Writer(word_base.new_document(clean(title).strip()))
    writer.walk(page.find(".//body"))
    return writer.document


def clean(text):
    """Without what no XML may hold; blanks single, save those that join words.

    Shape:   str -> str
    """
    kept = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    return re.sub(r"[ \t\r\n]+", " ", kept)


class _Writer:
    """Walks through the page and writes one element after the other."""

    def __init__(self, document):
        self.document = document
        self.is_wide = False

    def walk(self, node):
        for child in node:
            if isinstance(child.tag, str):
                self._write(child)

    def _write(self, node):
        classes = set((node.get("class") or "").split())
        if node.tag in ("h1", "h2", "h3", "h4"):
            self._heading(node, centred=node.tag == "h1" or "annex" in (node.getparent().get("class") or ""))
        elif node.tag == "p":
            self._paragraph(self.document.add_paragraph(), node, classes)
        elif node.tag == "table":
            self._table(node)
        elif "tracks" in classes:
            return  # a drawing; its numbers stand in the table above it
        elif "head" in classes or "foot" in classes:
            self._side_by_side(node, HEAD if "head" in classes else FOOT)
        elif "wide" in classes:
            self._lying(node)
        elif node.tag in ("div", "section"):
            if "annex" in classes:
                self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
            self.walk(node)

    def _lying(self, node):
        word_base.begin_page(self.document, landscape=True)
        self.is_wide = True
        self.walk(node)
        self.is_wide = False
        word_base.begin_page(self.document)

    def _heading(self, node, *, centred):
        paragraph = self.document.add_paragraph(style=word_base.HEADINGS[int(node.tag[1]) - 1])
        _runs(paragraph, node)
        if centred:
            paragraph.alignment, paragraph.paragraph_format.first_line_indent = CENTER, Mm(0)

    def _paragraph(self, paragraph, node, classes):
        look = paragraph.paragraph_format
        paragraph.alignment, look.first_line_indent = JUSTIFY, word_base.INDENT
        if classes & CENTRED:
            paragraph.alignment, look.first_line_indent = CENTER, Mm(0)
        _runs(paragraph, node, bold=bool(classes & BOLD), italic=bool(classes & ITALIC))
        if "draft" in classes:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
            for run in paragraph.runs:
                run.bold = True
                word_base.box(run)
        look.keep_with_next = "lead" in classes

    def _table(self, node):
        rows = []
        for row in node.iter("tr"):
            group = row.getparent().tag
            cells = [(_words(cell), "figure" in (cell.get("class") or "")) for cell in row if cell.tag in ("td", "th")]
            rows.append((group == "thead", group == "tfoot", cells))
        if rows:
            room = (word_base.LONG if self.is_wide else word_base.SHORT) - word_base.LEFT - word_base.RIGHT
            last = self.document.add_paragraph()
            last.paragraph_format.space_after = Pt(4)
            last._p.addprevious(word_table(rows, room))  # noqa: SLF001 -- a table stands before a paragraph

    def _side_by_side(self, node, widths):
        grid = self.document.add_table(rows=1, cols=2)
        grid.autofit = False
        cells = [child for child in node if isinstance(child.tag, str)]
        for side, cell, width in zip(cells, grid.rows[0].cells, widths, strict=False):
            cell.width = width
            lines = [child for child in side if child.tag == "p"]
            for number, line in enumerate(lines):
                paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                _side_line(paragraph, line, width, is_list="recipients" in (side.get("class") or ""))


def _side_line(paragraph, node, width, *, is_list):
    """A line of the heading, of the recipients, of the signature."""
    classes = set((node.get("class") or "").split())
    in_foot = is_list or "signature" in (node.getparent().get("class") or "")
    size = next((SIZES[name] for name in classes if name in SIZES), 11 if is_list else 14)
    bold = bool(classes & BOLD) or (in_foot and (not is_list or "label" in classes))
    _runs(paragraph, node, bold=bold, italic=bool(classes & ITALIC) or "label" in classes)
    for run in paragraph.runs:
        run.font.size = Pt(size)
    look = paragraph.paragraph_format
    look.space_after, look.line_spacing = Pt(0), 1.0
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if is_list else CENTER
    if "post" in classes:
        look.space_before = Mm(24)
    if "issuer" in classes:
        word_base.rule_below(paragraph, 0.4, width)
    if "motto" in classes:
        word_base.rule_below(paragraph, 0.58, width)
    if classes & {"number", "date"}:
        look.space_before = Pt(6)


def _words(cell):
    """All the words of a cell as [(text, is bold, is italic)]; what stands on lines of its own is parted by a blank."""
    words: list[tuple[str, bool, bool]] = []
    for piece, *look in _pieces(cell, bold=False, italic=False):
        text = " " if piece is None else piece
        if not words or words[-1][0].endswith(" "):
            text = text.lstrip(" ")
        if text:
            words.append((text, *look))
    if words:
        text, *look = words.pop()
        words += [(text.rstrip(" "), *look)] if text.strip(" ") else []
    return words


def _runs(paragraph, node, *, bold=False, italic=False):
    """The words of an element as runs: bold, italic and line breaks as the page has them."""
    pieces = list(_pieces(node, bold=bold, italic=italic))
    for at, (text, is_bold, is_italic) in enumerate(pieces):
        if text is None:
            if any(words and words.strip(" ") for words, _, _ in pieces[at + 1 :]) and paragraph.runs:
                paragraph.add_run().add_break()
            continue
        words = text.lstrip(" ") if at == 0 or pieces[at - 1][0] is None else text
        if words:
            run = paragraph.add_run(words)
            run.bold, run.italic = is_bold or None, is_italic or None


def _pieces(node, *, bold, italic):
    """Yields (words, is bold, is italic); None for a line break."""
    bold, italic = bold or node.tag in ("strong", "b"), italic or node.tag in ("em", "i")
    if words := clean(node.text or ""):
        yield words, bold, italic
    for child in node:
        if child.tag == "br":
            yield None, bold, italic
        elif isinstance(child.tag, str) and child.tag != "svg":
            yield from _pieces(child, bold=bold, italic=italic)
            if "line" in (child.get("class") or "").split():
                yield None, bold, italic
        if (words := clean(child.tail or "")) and (words.strip(" ") or child.tag != "br"):
            yield words, bold, italic
