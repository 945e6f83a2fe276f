"""Reads a PDF back as a reader sees it: every run of text with its family, size and place, and every drawn box.

It follows the operators of the page itself, so that what is measured is what is printed.
"""

import io
import re
import unicodedata
from dataclasses import dataclass

import pikepdf

MM = 25.4 / 72
FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


@dataclass(frozen=True)
class Run:
    page: int
    text: str
    font: str
    size: float  # pt
    left: float  # mm from the left edge
    right: float
    top: float  # mm from the upper edge to the base line


@dataclass(frozen=True)
class Bar:
    page: int
    left: float
    width: float
    bottom: float


@dataclass(frozen=True)
class Line:
    """The runs of one base line that touch each other."""

    page: int
    text: str
    left: float
    right: float
    top: float


def open_pdf(content):
    return pikepdf.open(io.BytesIO(content))


def runs_of(content):
    return _read(content)[0]


def bars_of(content):
    return _read(content)[1]


def lines_of(content):
    """The text, line by line; a gap of more than 4 mm, as between cells, starts another."""
    lines = []
    for run in sorted(runs_of(content), key=lambda run: (run.page, round(run.top, 1), run.left)):
        last = lines[-1] if lines else None
        if last and last.page == run.page and abs(last.top - run.top) < 0.1 and run.left - last.right < 4:
            lines[-1] = Line(run.page, last.text + run.text, last.left, run.right, last.top)
        else:
            lines.append(Line(run.page, run.text, run.left, run.right, run.top))
    return lines


def text_of(content):
    """All text in the order of the file, spaces made single."""
    return words("".join(run.text + " " for run in runs_of(content)))


def words(text):
    return re.sub(r"\s+", " ", text).strip()


def find(runs, text):
    """The one run that holds the text."""
    (run,) = (run for run in runs if text in run.text)
    return run


def _read(content):
    runs, bars = [], []
    with open_pdf(content) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            _Page(number, page, runs, bars).read()
    return runs, bars


class _Page:
    def __init__(self, number, page, runs, bars):
        self.number, self.page, self.runs, self.bars = number, page, runs, bars
        self.height = float(page.mediabox[3])
        self.fonts = {name: _Font(font) for name, font in page.Resources.Font.items()}
        self.matrix, self.stack = pikepdf.Matrix(), []

    def read(self):
        for operands, operator in pikepdf.parse_content_stream(self.page):
            match str(operator):
                case "q":
                    self.stack.append(self.matrix)
                case "Q":
                    self.matrix = self.stack.pop()
                case "cm":
                    self.matrix = pikepdf.Matrix(*map(float, operands)) @ self.matrix
                case "Tm":
                    self.place = pikepdf.Matrix(*map(float, operands))
                case "Tf":
                    self.font, self.size = self.fonts[str(operands[0])], float(operands[1])
                case "TJ":
                    self._text(operands[0])
                case "re":
                    left, top, width, height = map(float, operands)
                    start, end = self.matrix.transform((left, top)), self.matrix.transform((left + width, top + height))
                    bottom = (self.height - min(start[1], end[1])) * MM
                    self.bars.append(Bar(self.number, start[0] * MM, (end[0] - start[0]) * MM, bottom))

    def _text(self, pieces):
        text, width = "", 0.0
        for piece in pieces:
            if isinstance(piece, pikepdf.String):
                codes = bytes(piece)
                for code in (codes[at : at + 2].hex() for at in range(0, len(codes), 2)):
                    text += self.font.letters[code]
                    width += self.font.widths[int(code, 16)]
            else:
                width -= float(piece)
        matrix = self.place @ self.matrix
        start, end = matrix.transform((0, 0)), matrix.transform((width / 1000 * self.size, 0))
        size = self.size * abs(matrix.d)
        top = (self.height - start[1]) * MM
        self.runs.append(Run(self.number, text, self.font.name, round(size, 2), start[0] * MM, end[0] * MM, top))


class _Font:
    def __init__(self, font):
        self.name = str(font.BaseFont).split("+")[-1]
        found = re.findall(r"^<(\w{4})> <(\w+)>$", font.ToUnicode.read_bytes().decode(), re.MULTILINE)
        self.letters = {code.lower(): bytes.fromhex(value).decode("utf-16-be") for code, value in found}
        self.widths: dict[int, float] = {}
        table = list(font.DescendantFonts[0].W)
        for first, widths in zip(table[::2], table[1::2], strict=True):
            self.widths.update({int(first) + at: float(width) for at, width in enumerate(widths)})


def is_nfc(text):
    return unicodedata.is_normalized("NFC", text)


# ---------------------------------------------------------------- what stands behind the page


def fonts_in(pdf):
    """Shape: open PDF -> [(family, whether its file is inside)] of all fonts, drawn with or not"""
    fonts = [part for part in _dictionaries(pdf) if part.get("/Type") == "/Font" and "/DescendantFonts" not in part]
    return [
        (str(font.BaseFont).split("+")[-1].split("-")[0], any(name in font.FontDescriptor for name in FONT_FILES))
        for font in fonts
    ]


def keys_in(pdf):
    """Shape: open PDF -> {key of any dictionary in it}"""
    return {key for part in _dictionaries(pdf) for key in part.keys()}  # noqa: SIM118 -- a PDF object is no mapping


def tags_in(pdf):
    return {str(part.S) for part in _dictionaries(pdf) if "/S" in part}


def _dictionaries(pdf):
    return [part for part in pdf.objects if isinstance(part, pikepdf.Dictionary | pikepdf.Stream)]


def parents_in(pdf):
    """Shape: open PDF -> {key of the ParentTree: its value}"""
    found, waiting = {}, [pdf.Root.StructTreeRoot.ParentTree]
    while waiting:
        node = waiting.pop()
        waiting += list(node.get("/Kids", []))
        numbers = list(node.get("/Nums", []))
        found |= dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    return found


def marks_on(page):
    """Shape: page -> [MCID] in the order of the page"""
    return [
        int(operands[1]["/MCID"])
        for operands, operator in pikepdf.parse_content_stream(page)
        if str(operator) == "BDC" and isinstance(operands[1], pikepdf.Dictionary) and "/MCID" in operands[1]
    ]


def marks_under(element):
    """Shape: StructElem -> {MCID} that it names itself"""
    kids = element.get("/K", [])
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return {int(kid.MCID if isinstance(kid, pikepdf.Dictionary) else kid) for kid in kids if _is_mark(kid)}


def _is_mark(kid):
    return "/MCID" in kid if isinstance(kid, pikepdf.Dictionary) else True
