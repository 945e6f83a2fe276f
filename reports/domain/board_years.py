"""The board over years: of each bloc and milestone, how many percent came in, year beside year."""

from dataclasses import dataclass

from blocs.domain import completeness
from blocs.enums import label_of
from blocs.models import BlocYear, Year

YEARS = 5


@dataclass(frozen=True)
class Share:
    """One bloc, milestone and year. ``text`` is the rate without its sign."""

    look: str  # full | some | none | gap
    text: str
    bloc_year_id: int | None = None


GAP = Share("gap", "")


@dataclass(frozen=True)
class YearsRow:
    bloc_year: BlocYear
    shares: tuple[Share, ...]  # milestone by milestone, in each the years from old to new


@dataclass(frozen=True)
class YearsBoard:
    years: tuple[Year, ...]
    columns: tuple[tuple[str, str], ...]
    rows: tuple[YearsRow, ...]


def board_years(bloc_years, year, *, user, codes=()):
    """The blocs of a year and what the same blocs did in the four years before.

    Shape:   (BlocYear queryset of the year, Year, User who looks, [milestone code]) -> YearsBoard; four queries
    """
    rows = list(bloc_years.for_table())
    seen = Year.objects.visible_to(user).filter(authority=year.authority_id, starts_on__lte=year.starts_on)
    years = sorted(seen.order_by("-starts_on", "pk")[:YEARS], key=lambda row: (row.starts_on, row.pk))
    blocs = {row.bloc_id for row in rows}
    same = BlocYear.objects.visible_to(user).filter(year__in=[row.pk for row in years], bloc__in=blocs)
    by_bloc = {(bloc, of): pk for pk, bloc, of in same.values_list("pk", "bloc", "year")}
    counts = [row for row in completeness.count(same) if not codes or row.code in codes]
    places: dict[str, int] = {}
    for row in counts:
        places[row.code] = min(row.position, places.get(row.code, row.position))
    columns = tuple((code, label_of(code)) for code in sorted(places, key=lambda code: (places[code], code)))
    shares = {(row.bloc_year_id, row.code): _share(row) for row in counts}
    order = [(code, of.pk) for code, _ in columns for of in years]
    found = [
        YearsRow(row, tuple(shares.get((by_bloc.get((row.bloc_id, of)), code), GAP) for code, of in order))
        for row in rows
    ]
    return YearsBoard(tuple(years), columns, tuple(found))


def _share(row):
    if row.received == row.expected:
        return Share("full", "100", row.bloc_year_id)
    if not row.received:
        return Share("none", "0", row.bloc_year_id)
    return Share("some", f"{row.rate:.1f}".replace(".", ","), row.bloc_year_id)
