"""The form of the unit's annual report, as data."""

from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Part:
    code: str
    label: str
    help: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Figure:
    """A whole number; ``within`` names the figure that it is a part of."""

    code: str
    label: str
    unit: str
    within: str = ""


_data = yaml.safe_load((Path(__file__).parent / "data" / "unit_report.yaml").read_text(encoding="utf-8"))
PARTS = tuple(Part(**item) for item in _data["parts"])
FIGURES = tuple(Figure(**item) for item in _data["figures"])
