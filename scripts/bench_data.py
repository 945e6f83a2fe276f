"""Provinces of any number of blocs, all of one size: copies of one bloc of the sample, imported as year files."""

import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bench_base import demand
from django.conf import settings
from django.db import connection, transaction

from blocs.domain.files import read_yaml, write_yaml
from blocs.enums import Role
from blocs.models import BlocYear, Seat, User, Year
from reports.domain.yearfile.load import import_year
from reports.models import SummaryPart

SAMPLE = Path(settings.BASE_DIR) / "reports" / "sample" / "son-ha-2025.yaml"
LONG_BLOC, SHORT_BLOC = "hoi-dac-thu", "mttq-ctxh"  # reports of about 12 and 9 pages
MARKED_PART = "leading"
MARK = "[{:05d}] "


@dataclass
class Province:
    """One imported year and a user of its board; ``seconds`` and ``queries`` of the import."""

    year: Year
    user: User
    seconds: float
    queries: int
    bloc_years: list[BlocYear] = field(default_factory=list)


class QueryCount:
    """Counts the statements that the database gets inside the block."""

    def __enter__(self):
        self.number = 0
        self.wrapper = connection.execute_wrapper(self._count)
        self.wrapper.__enter__()
        return self

    def __exit__(self, *error):
        self.wrapper.__exit__(*error)

    def _count(self, execute, *arguments):
        self.number += 1
        return execute(*arguments)


def make_province(code, blocs, *, model=LONG_BLOC):
    """Import a province of so many blocs.

    Shape:   (code, number, code of the sample's bloc) -> Province
    """
    content = write_yaml(year_file(code, blocs, model)).encode()
    started = time.perf_counter()
    with QueryCount() as queries:
        year, changes, _ = import_year(content)
    seconds = time.perf_counter() - started
    demand(changes, f"the import of {code} made nothing")
    user = User.objects.create(username=code, post="Chuyên viên")
    Seat.objects.create(user=user, role=Role.BOARD_STAFF, authority=year.authority)
    rows = list(BlocYear.objects.filter(year=year).order_by("position"))
    demand(len(rows) == blocs, f"{code} has {len(rows)} blocs, not {blocs}")
    return Province(year, user, seconds, queries.number, rows)


# ---------------------------------------------------------------- the file


def year_file(code, blocs, model):
    """Shape: (code, number, code of the sample's bloc) -> plain data of a year file"""
    sample = read_yaml(SAMPLE.read_bytes())
    bloc = next(bloc for bloc in sample["blocs"] if bloc["code"] == model)
    members = set(bloc["members"])
    suffixes = [f"-{number:03d}" for number in range(1, blocs + 1)]
    units = [unit for unit in sample["units"] if unit["code"] in members]
    conferences = [item for item in sample["conferences"] if item.get("bloc") == model]
    return {
        **{name: sample[name] for name in ("format", "year", "theme")},
        "authority": {**sample["authority"], "code": code},
        "units": _copies(units, members, suffixes),
        "blocs": [_bloc(bloc, members, suffix) for suffix in suffixes],
        "movements": [_movement(movement, members, suffixes) for movement in sample["movements"]],
        "conferences": _copies(conferences, members | {model}, suffixes),
    }


def _bloc(model, members, suffix):
    """The bloc under another code; the numbers of its ballots are its own."""
    ballots = {ballot["id"] for ballot in model.get("ballots", [])}
    bloc = _renamed(model, members | ballots | {model["code"]}, suffix)
    return {**bloc, "name": f"{model['name']} {suffix.removeprefix('-')}"}


def _movement(movement, members, suffixes):
    """Without the units that these provinces lack; each bloc has the same results."""
    kept = {name: value for name, value in movement.items() if name not in ("owner", "coordinators", "results")}
    results = [result for result in movement.get("results", []) if result.get("unit") in members]
    return kept | {"results": _copies(results, members, suffixes)}


def _copies(rows, codes, suffixes):
    return [_renamed(row, codes, suffix) for suffix in suffixes for row in rows]


def _renamed(value, codes, suffix):
    """A copy in which every one of these codes, as value or key, has the suffix."""
    if isinstance(value, dict):
        return {_renamed(key, codes, suffix): _renamed(item, codes, suffix) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, codes, suffix) for item in value]
    return f"{value}{suffix}" if value in codes else value


# ---------------------------------------------------------------- other texts


_marks = Counter()


def change_texts(bloc_years):
    """Give the report of each bloc a text that it never had, of the same length: its next paper must be rendered."""
    _marks["next"] += 1
    mark = MARK.format(_marks["next"])
    parts = list(SummaryPart.objects.filter(report__bloc_year__in=bloc_years, code=MARKED_PART))
    demand(len(parts) == len(bloc_years), "a bloc has no text to change")
    for part in parts:
        first = part.paragraphs[0]
        part.paragraphs[0] = mark + (first[len(mark) :] if first.startswith("[") else first)
    with transaction.atomic():
        SummaryPart.objects.bulk_update(parts, ["paragraphs"])
