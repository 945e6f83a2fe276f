"""A paragraph that the data give, and where each number and sentence in it comes from."""

import hashlib
from dataclasses import asdict, dataclass
from decimal import Decimal

from blocs.templatetags.vietnamese import figure
from reports.domain.marks import plain
from reports.domain.report_forms import adds_up

QUOTED = 700  # signs of one unit's words in one paragraph; the whole stands behind the source
BRIEF = 300


@dataclass(frozen=True)
class Source:
    """One row behind a paragraph: ``kind`` and ``pk`` say which page shows it, ``part`` where on that page; of a bloc's
    sum ``part`` holds the units' reports in it and their numbers, ``12=30;15=25``.
    """

    label: str
    text: str
    kind: str
    pk: int
    part: str = ""


@dataclass(frozen=True)
class Piece:
    """One paragraph. ``key`` stays the same as long as it is about the same thing; ``number`` is the sum it states."""

    part: str
    key: str
    text: str
    sources: tuple[Source, ...]
    number: Decimal | None = None

    @property
    def plain_sources(self):
        return [asdict(source) for source in self.sources]


@dataclass(frozen=True)
class Conflict:
    """Two places that say different numbers of one thing."""

    text: str
    sources: tuple[Source, ...]


def total_of(part, key, spec, rows, *, of_whom):
    """What a figure comes to over those who gave a number.

    Shape:   (part code, key, Figure, [(Source without text, Decimal)], "đơn vị") -> Piece
    """
    number, words = together(spec, [value for _, value in rows])
    sources = tuple(
        Source(source.label, measured(spec, value), source.kind, source.pk, source.part) for source, value in rows
    )
    return Piece(part, key, f"{spec.label}: {words} ({len(rows)} {of_whom} có số liệu).", sources, number)


def together(spec, values):
    """Many numbers of one figure: their sum, or the lowest and highest where a sum says nothing.

    Shape:   (Figure, [Decimal]) -> (the sum or None, words)
    """
    if adds_up(spec):
        number = sum(values, Decimal(0))
        return number, measured(spec, number)
    lowest, highest = measured(spec, min(values)), measured(spec, max(values))
    return None, lowest if lowest == highest else f"từ {lowest} đến {highest}"


def measured(spec, value):
    """Shape: (Figure, Decimal) -> str such as ``12 người``"""
    return f"{figure(value)} {spec.unit}".strip()


def quote_of(part, key, who, paragraphs, source):
    """Somebody's own words, cut at a sentence where they are long.

    Shape:   (part code, key, name, [text], Source without text) -> Piece
    """
    text = words_of(paragraphs)
    return Piece(part, key, f"{who}: {shortened(text)}", (Source(who, text, source.kind, source.pk, source.part),))


def is_quote(key, sources):
    """Whether a piece holds somebody's words: all other pieces that name reports are numbers.

    Shape:   (key, [source as a ``Piece`` keeps it]) -> bool
    """
    return not key.startswith("figure:") and {source["kind"] for source in sources} <= {"unit_report", "summary_report"}


def words_of(paragraphs):
    """What paragraphs say in one line, without marks and cells: cut anywhere, it leaves nothing open.

    Shape:   [str] -> str
    """
    return " ".join(plain(text).replace("\t", " ") for text in paragraphs)


def shortened(text, most=QUOTED):
    """Whole sentences up to about so many signs; the mark of omission says that more was written.

    Shape:   (str, int) -> str
    """
    if len(text) <= most:
        return text
    end = max(text.rfind(". ", 0, most), text.rfind("; ", 0, most))
    blank = text.rfind(" ", 0, most)
    cut = text[: end + 1] if end > most // 2 else text[: blank if blank > 0 else most]
    return f"{cut} […]"


def brief(text):
    """A long source in few signs that change with any of its own: its beginning, its length, its digest.

    Shape:   str -> str
    """
    if len(text) <= BRIEF:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return f"{text[:BRIEF]} […] ({figure(len(text))} chữ, dấu {digest})"
