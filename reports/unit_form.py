"""The form of a unit's report, as data: what holds where the board has saved none of its own for the year."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from reports.enums import UnitReportKind


@dataclass(frozen=True)
class Part:
    """One text part; ``target`` is the part of the summary report that quotes it."""

    code: str
    label: str
    help: str = ""
    optional: bool = False
    target: str = ""


@dataclass(frozen=True)
class Figure:
    """One number; ``within`` names the figure that it is a part of, ``decimals`` allows more than whole numbers,
    ``rule`` says what the summary report makes of it."""

    code: str
    label: str
    unit: str = ""
    within: str = ""
    decimals: bool = False
    optional: bool = False
    rule: str = ""


@dataclass(frozen=True)
class Form:
    """Text parts and figures, in order."""

    parts: tuple[Part, ...]
    figures: tuple[Figure, ...]

    def part(self, code):
        return next((part for part in self.parts if part.code == code), None)

    def figure(self, code):
        return next((figure for figure in self.figures if figure.code == code), None)


def read_form(data):
    """Shape: {"parts": [{column: value}], "figures": [...]} -> Form"""
    return Form(tuple(Part(**item) for item in data["parts"]), tuple(Figure(**item) for item in data["figures"]))


def _built_in(name):
    return read_form(yaml.safe_load((Path(__file__).parent / "data" / name).read_text(encoding="utf-8")))


BUILT_IN = {
    UnitReportKind.ANNUAL: _built_in("unit_report.yaml"),
    UnitReportKind.MID_YEAR: _built_in("mid_year_report.yaml"),
}
PARTS, FIGURES = BUILT_IN[UnitReportKind.ANNUAL].parts, BUILT_IN[UnitReportKind.ANNUAL].figures
