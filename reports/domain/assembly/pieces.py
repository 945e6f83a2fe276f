"""A paragraph that the data give, and where each number and sentence in it comes from."""

import hashlib
from dataclasses import asdict, dataclass
from decimal import Decimal

from blocs.templatetags.vietnamese import figure

QUOTED = 700  # signs of one unit's words in one paragraph; the whole stands behind the source
BRIEF = 300


@dataclass(frozen=True)
class Source:
    """One row behind a paragraph: ``kind`` and ``pk`` say which page shows it, ``part`` where on that page."""

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


def total_of(part, key, label, unit, rows, *, of_whom):
    """A sum over those who gave a number.

    Shape:   (part code, key, what is counted, unit of measure, [(Source without text, Decimal)], "đơn vị") -> Piece
    """
    number = sum((value for _, value in rows), Decimal(0))
    words = f"{label}: {figure(number)} {unit}".strip()
    sources = tuple(
        Source(source.label, f"{figure(value)} {unit}".strip(), source.kind, source.pk, source.part)
        for source, value in rows
    )
    return Piece(part, key, f"{words} ({len(rows)} {of_whom} có số liệu).", sources, number)


def quote_of(part, key, who, paragraphs, source):
    """Somebody's own words, cut at a sentence where they are long.

    Shape:   (part code, key, name, [text], Source without text) -> Piece
    """
    text = " ".join(paragraphs)
    return Piece(part, key, f"{who}: {shortened(text)}", (Source(who, text, source.kind, source.pk, source.part),))


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
