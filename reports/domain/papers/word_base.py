"""The sheet of a Word file: page, styles, and the few elements that python-docx has no words for.

Source: paper-layout
"""

from io import BytesIO

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.domain import packets

FONT = "Times New Roman"
SHORT, LONG = Mm(210), Mm(297)
TOP, RIGHT, BOTTOM, LEFT = Mm(20), Mm(16), Mm(20), Mm(31)
INDENT = Mm(12.7)
HEADINGS = ("Heading 1", "Heading 2", "Heading 3", "Heading 4")


def new_document(title):
    """An empty A4 document with the letters of official papers, numbered in the upper margin from the second page on.

    Shape:   str -> docx Document
    """
    document = Document()
    for name in ("Normal", *HEADINGS):
        _set_style(document.styles[name], is_heading=name != "Normal")
    normal = document.styles["Normal"].paragraph_format
    normal.space_after, normal.line_spacing = Pt(6), 1.15
    set_page(document.sections[0])
    document.sections[0].different_first_page_header_footer = True
    _number_pages(document.sections[0])
    about = document.core_properties
    about.title, about.author, about.comments, about.language = title[:250], "", "", "vi-VN"
    return document


def _set_style(style, *, is_heading):
    style.font.name, style.font.size = FONT, Pt(14)
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), FONT)
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)
    if is_heading:
        style.font.bold, style.font.italic = True, False
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(6), Pt(6)
        style.paragraph_format.first_line_indent = INDENT


def set_page(section, *, landscape=False):
    """Shape: (docx Section) -> None"""
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (LONG, SHORT) if landscape else (SHORT, LONG)
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.header_distance = Mm(10)


def begin_page(document, *, landscape=False):
    """The pages that follow lie or stand."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    set_page(section, landscape=landscape)


def _number_pages(section):
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)  # noqa: SLF001 -- python-docx has no fields


def rule_below(paragraph, share, width):
    """A line under a paragraph; a share below one makes it shorter than its cell.

    Shape:   (docx Paragraph, share of the width, width of the cell) -> None
    """
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = int(width * (1 - share) / 2)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 -- python-docx has no borders of paragraphs
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def box(run):
    """A frame around a run of text."""
    frame = OxmlElement("w:bdr")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        frame.set(qn(f"w:{name}"), value)
    run._r.get_or_add_rPr().append(frame)  # noqa: SLF001 -- python-docx has no borders of runs


def bytes_of(document):
    """The packet with fixed days, so that the same paper gives the same bytes.

    Shape:   docx Document -> bytes
    """
    raw = BytesIO()
    document.save(raw)
    return packets.with_fixed_days(raw)
