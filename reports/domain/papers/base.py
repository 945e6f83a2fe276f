"""What every official paper carries. Source: paper-layout."""

from dataclasses import dataclass

from blocs.enums import Header
from blocs.templatetags.vietnamese import paper_date

BLANK = 7 * "\u00a0"
OPEN_DAY = f"ngày{BLANK}tháng{BLANK}năm{BLANK}"  # a report of December may be signed in January


@dataclass(frozen=True)
class Heading:
    """The cells at the top: who issues, the national or the Party's heading, number and place.

    Number and day stay open where they are written after signing outside; a paper that knows them gives ``number``
    (whole, with its symbol) and ``date`` (``ngày 05 tháng 12 năm 2026``).
    """

    superior: str
    issuer: str
    symbol: str
    place: str
    is_party: bool
    number: str = ""
    date: str = ""

    @property
    def day(self):
        return self.date or OPEN_DAY

    @property
    def superior_lines(self):
        return even_lines(self.superior, 13.7 if self.is_party else 16)  # em in a cell of 65 mm

    @property
    def issuer_lines(self):
        return even_lines(self.issuer, 13 if self.is_party else 15)


@dataclass(frozen=True)
class SignatureBlock:
    """On whose behalf, in which office, as which post; the name is written by the signer unless it is known."""

    on_behalf: str
    office: str
    post: str
    name: str = ""

    @property
    def behalf_lines(self):
        return even_lines(self.on_behalf, 17)

    @property
    def post_lines(self):
        return even_lines(self.post.upper(), 18.5)


def heading(authority, superior, unit, abbreviation, on=None):
    """The heading of a paper that a unit issues, with its own letterhead where it has one.

    Shape:   (Authority, text above the issuer, UnitYear or None, type abbreviation such as BC, the paper's day
             where it is known) -> Heading
    Source:  paper-layout, party-paper-layout
    """
    is_party = authority.header == Header.PARTY
    issuer = (unit.letterhead_name or unit.name).upper() if unit else ""
    symbol = unit.letterhead_symbol if unit else ""
    return Heading(
        superior=superior.upper(),
        issuer=issuer,
        symbol=f"-{abbreviation}/{symbol}"
        if is_party
        else f"/{abbreviation}-{symbol}"
        if symbol
        else f"/{abbreviation}",
        place=(unit and unit.letterhead_place) or authority.place,
        is_party=is_party,
        date=paper_date(on),
    )


def even_lines(text, room):
    """As few lines as fit, and those about equally long; the renderer itself only fills line after line.

    Shape:   (capitals, room in em) -> (line, ...)
    """
    lines = _filled(text, room)
    while len(lines) > 1:
        narrower = _filled(text, max(map(_width, lines)) - 0.01)
        if len(narrower) > len(lines) or max(map(_width, narrower)) >= max(map(_width, lines)):
            break
        lines = narrower
    return tuple(lines)


def _filled(text, room):
    lines: list[str] = []
    for word in filter(None, text.split(" ")):  # words that belong together are joined by other blanks
        if lines and _width(f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _width(text):
    """About how wide bold capitals are, in em."""
    return sum(0.25 if letter == " " else 0.4 if letter in "IÍÌỈĨỊ.,-()" else 0.74 for letter in text)
