"""HTML that Word, Excel and browsers put beside the text when people copy, as lines of a report.

``nh3`` leaves a few tags and properties of style; scripts, styles, comments, addresses and the data of pictures
are gone before anything is read. What is read becomes plain text, so no tag can come through either.

Run as a program it reads HTML and writes JSON, within limits of memory and time: see ``clipboard``.
"""

import json
import re
import resource
import sys
from html.parser import HTMLParser

import nh3

from reports.domain.marks import Run, marked

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BLOCKS = {"p", "div", "ul", "ol", "li", "table", "caption", *HEADINGS}
ROWS = {"thead", "tbody", "tfoot", "tr", "td", "th"}
TAGS = {*BLOCKS, *ROWS, "br", "b", "strong", "i", "em", "u", "span", "img"}
EMPTY = {"br", "img"}
DROPPED = {"script", "style", "title", "xml", "head", "del", "template", "noscript", "svg", "math", "iframe", "object"}
ATTRIBUTES = {
    **{tag: {"style"} for tag in TAGS},
    "td": {"style", "colspan", "rowspan"},
    "th": {"style", "colspan", "rowspan"},
    "ol": {"start", "type"},
    "img": {"width", "height"},
}
STYLES = {"font-weight", "font-style", "display", "mso-list", "mso-hide", "mso-element"}
MAX_SPAN = 60  # columns or rows that one cell is believed to reach over
MEMORY, SECONDS = 1 << 30, 5

HEAVY = {"bold": True, "bolder": True, "normal": False, "lighter": False}
LETTERED = {"a": "abcdefghijklmnopqrstuvwxyz", "A": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
BLANKS = re.compile(r"\s{2,}|[^\S\u00a0]")  # a single no-break space holds words together


def lines_of(html):
    """The text of a piece of HTML: paragraphs, items of lists with their sign, rows of tables with tabs.

    Shape:   str -> ([line], number of pictures left out)
    """
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=DROPPED,
        attributes=ATTRIBUTES,
        filter_style_properties=STYLES,
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(cleaned)
    reader.close()
    reader.end_line()
    return reader.lines, reader.pictures


class _Table:
    """Rows of cells; what a cell covers below and beside it stays empty."""

    def __init__(self):
        self.rows: list[list[str]] = []
        self.below: dict[int, int] = {}  # column: rows that a cell above still covers

    def begin_row(self):
        self.rows.append([])
        self._fill()

    def add(self, text, across, down):
        if not self.rows:
            self.begin_row()
        row = self.rows[-1]
        for number in range(across):
            if down > 1:
                self.below[len(row)] = down - 1
            row.append("" if number else text)
        self._fill()

    def _fill(self):
        row = self.rows[-1]
        while self.below.get(len(row)):
            self.below[len(row)] -= 1
            row.append("")

    @property
    def lines(self):
        return ["\t".join(row) for row in self.rows if any(row)]


class _Reader(HTMLParser):
    """Reads what nh3 left: every tag is known and closed."""

    def __init__(self):
        super().__init__()
        self.lines: list[str] = []
        self.pictures = 0
        self.runs: list[Run] = []
        self.sign = ""  # of the item that begins
        self.looks = [(False, False, "")]  # bold, italic, and "hidden" or "sign" where words are read otherwise
        self.lists: list[list] = []
        self.table: _Table | None = None
        self.cell: tuple[int, int] | None = None  # columns and rows that it reaches over
        self.inner = 0  # tables inside of a cell

    # ------------------------------------------------------------ tags

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        style = dict(part.split(":", 1) for part in (attrs.get("style") or "").split(";") if ":" in part)
        if tag == "img":
            self.pictures += not {attrs.get("width"), attrs.get("height")} & {"0", "1"}  # a pixel that only tells tales
        if tag in BLOCKS or tag == "br":
            self.end_line()
        if tag not in EMPTY:
            self.looks.append(self._look(tag, style))
        if tag in ("ul", "ol"):
            self._begin_list(tag, attrs)
        elif tag == "li":
            self._begin_item()
        elif tag == "table":
            self.inner += self.table is not None
            self.table = self.table or _Table()
        elif tag in ROWS:
            self._begin_in_table(tag, attrs)

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self.end_line()
        if tag in ("p", "li"):
            self.sign = ""
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag in ("td", "th") and self.table and self.cell and not self.inner:
            self.table.add(self._taken(), *self.cell)
            self.cell = None
        elif tag == "table" and self.inner:
            self.inner -= 1
        elif tag == "table" and self.table:
            self.lines += self.table.lines
            self.table = None
        if len(self.looks) > 1:
            self.looks.pop()

    def handle_data(self, data):
        bold, italic, read = self.looks[-1]
        if read == "sign" and not self.cell:
            self.sign += "".join(data.split())
        elif read != "hidden":
            self.runs.append(Run(data, bold, italic))

    # ------------------------------------------------------------ lines

    def end_line(self):
        """What was read so far is a line; within a cell lines are parted by a blank."""
        if self.cell:
            self.runs.append(Run(" "))
        elif not self.table or any(run.text.strip() for run in self.runs):
            line = self._taken()
            if line:
                self.lines.append(line)

    def _taken(self):
        """The runs as a line with its marks; the first row of a table is a head and is bold anyway."""
        is_head = self.table is not None and len(self.table.rows) <= 1
        sign, runs = _sign(self.sign), _tidy(self.runs)
        self.runs = []
        line = "".join(run.text for run in runs) if is_head else marked(runs)
        if not line:
            return ""
        self.sign = ""
        return f"{sign} {line}" if sign else line

    # ------------------------------------------------------------ looks and lists

    def _look(self, tag, style):
        bold, italic, read = self.looks[-1]
        bold, italic = bold or tag in ("b", "strong", *HEADINGS), italic or tag in ("i", "em")
        weight, slant = style.get("font-weight", "").strip(), style.get("font-style", "").strip()
        if weight:
            bold = HEAVY.get(weight, weight.isdigit() and int(weight) >= 600)
        if slant:
            italic = slant in ("italic", "oblique")
        hides = (
            style.get("display", "").strip() == "none"
            or style.get("mso-hide", "").strip() == "all"
            or style.get("mso-element", "").strip() == "comment-list"
        )
        if hides:
            read = "hidden"
        elif "ignore" in style.get("mso-list", "").lower():
            read = read or "sign"
        return bold, italic, read

    def _begin_list(self, tag, attrs):
        start = attrs.get("start") or "1"
        number = int(start) if start.isascii() and start.isdigit() and len(start) < 5 else 1
        self.lists.append([tag, attrs.get("type"), number])

    def _begin_in_table(self, tag, attrs):
        if self.inner:
            self.runs.append(Run(" "))
        elif tag == "tr" and self.table:
            self.table.begin_row()
        elif tag in ("td", "th"):
            self.runs, self.cell = [], (_span(attrs, "colspan"), _span(attrs, "rowspan"))

    def _begin_item(self):
        sign = self._next_sign()
        if self.cell:
            self.runs.append(Run(f" {sign} "))
        else:
            self.sign = sign

    def _next_sign(self):
        tag, kind, number = self.lists[-1] if self.lists else ("ul", None, 1)
        if tag == "ul":
            return "-" if len(self.lists) < 2 else "+"
        self.lists[-1][2] += 1
        letters = LETTERED.get(kind or "", "")
        return f"{letters[number - 1]})" if 0 < number <= len(letters) else f"{number}."


def _sign(text):
    """The sign of an item: a number or letter stays, a bullet of whatever shape is a dash."""
    if not text:
        return ""
    is_number = any(letter.isdigit() for letter in text) or text.endswith((".", ")"))
    return text if is_number or text in ("-", "+") else "-"


def _span(attrs, name):
    text = attrs.get(name) or "1"
    return min(int(text), MAX_SPAN) or 1 if text.isascii() and text.isdigit() and len(text) < 5 else 1


def _tidy(runs):
    """Runs without blanks at both ends and with single blanks between words."""
    found: list[Run] = []
    for run in runs:
        text = BLANKS.sub(" ", run.text)
        if not found or found[-1].text[-1:].isspace():
            text = text.lstrip()
        if text:
            found.append(Run(text, run.bold, run.italic))
    while found:
        run = found.pop()
        if text := run.text.rstrip():
            return [*found, Run(text, run.bold, run.italic)]
    return found


def main():
    """HTML from the standard input, {"lines", "pictures"} to the standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    lines, pictures = lines_of(sys.stdin.buffer.read().decode())
    sys.stdout.write(json.dumps({"lines": lines, "pictures": pictures}))


if __name__ == "__main__":
    main()
