"""What every official paper carries. Source: paper-layout."""

from dataclasses import dataclass
from datetime import date

from blocs.enums import Header


@dataclass(frozen=True)
class Heading:
    """The cells at the top: who issues, the national or the Party's heading, number and place.

    ``number`` and the day stay open: they are written after signing outside.
    """

    superior: str
    issuer: str
    symbol: str
    place: str
    month: str
    is_party: bool


@dataclass(frozen=True)
class SignatureBlock:
    """On whose behalf, in which office, as which post; the name is written by the signer."""

    on_behalf: str
    office: str
    post: str


def heading(authority, superior, unit, abbreviation, day):
    """The heading of a paper that a unit issues, with its own letterhead where it has one.

    Shape:   (Authority, text above the issuer, UnitYear or None, type abbreviation such as BC, date or None) -> Heading
    Source:  paper-layout, party-paper-layout
    """
    is_party = authority.header == Header.PARTY
    issuer = (unit.letterhead_name or unit.name).upper() if unit else ""
    symbol = unit.letterhead_symbol if unit else ""
    return Heading(
        superior=superior.upper(),
        issuer=issuer,
        symbol=f"-{abbreviation}/{symbol}" if is_party else f"/{abbreviation}-{symbol}" if symbol else f"/{abbreviation}",
        place=(unit and unit.letterhead_place) or authority.place,
        month=_month(day),
        is_party=is_party,
    )


def _month(day: date | None):
    if day is None:
        return ""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"tháng {month} năm {day.year}"
