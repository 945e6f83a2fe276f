"""Year files for tests: a small valid one, comparison of contents, counts of all rows."""

import copy
import re
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

from django.apps import apps

from blocs.domain.files import HANOI, read_yaml, write_yaml
from blocs.domain.rulesets import import_rules
from reports.domain.yearfile.dump import export_year
from reports.domain.yearfile.load import import_year

ROOT = Path(__file__).resolve().parent.parent.parent
ALL_KEYS = ROOT / "tests" / "data" / "year_all_keys.yaml"
SAMPLES = sorted((ROOT / "reports" / "sample").glob("*-20??.yaml"))
RULES = [ROOT / "tests" / "data" / "rules" / "vi-du.yaml", ROOT / "reports" / "sample" / "rules-son-ha.yaml"]
NUMBERS = {
    "year", "max", "ge", "le", "max_percent", "percent", "value", "count", "direct_workers", "voters", "present", "seats",
    "invalid", "for", "against", "blank",
}  # fmt: skip
MOMENTS = {"due", "locks", "at"}

SMALL = {
    "format": "emulation-year/1",
    "year": "2026",
    "authority": {"code": "ubnd-son-ha", "name": "Ủy ban nhân dân tỉnh Sơn Hà"},
    "units": [
        {"code": "hoi-nha-bao", "name": "Hội Nhà báo tỉnh"},
        {"code": "hoi-luat-gia", "name": "Hội Luật gia tỉnh"},
        {"code": "hoi-dong-y", "name": "Hội Đông y tỉnh"},
    ],
    "blocs": [
        {
            "code": "hoi-dac-thu",
            "name": "Khối thi đua các Hội đặc thù",
            "kind": "khoi",
            "members": ["hoi-nha-bao", "hoi-luat-gia", "hoi-dong-y"],
            "head": "hoi-nha-bao",
            "deputies": ["hoi-luat-gia"],
        }
    ],
}


def small(**changes):
    """A copy of the small file; ``bloc={...}`` adds to its only bloc, other names to the file."""
    data = copy.deepcopy(SMALL)
    data["blocs"][0] |= changes.pop("bloc", {})
    return data | changes


def store_rules():
    """The rule sets that the files of the tests and of the sample name."""
    for path in RULES:
        import_rules(path.read_bytes(), publish=True)


def as_file(data):
    return write_yaml(data).encode()


def load(data, **options):
    """Import plain data or bytes -> (Year, Changes, [warning])."""
    return import_year(data if isinstance(data, bytes) else as_file(data), **options)


def exported(year):
    year.refresh_from_db()
    return write_yaml(export_year(year)).encode()


def content(file):
    """What a file says, spelling apart: nothing and empty left out, numbers and moments by their value."""
    return _content(read_yaml(file), "")


def _content(value, path):
    if isinstance(value, dict):
        items = {key: _content(item, f"{path}.{key}") for key, item in value.items()}
        return {key: item for key, item in items.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [_content(item, path) for item in value]
    key = path.rpartition(".")[2]
    if value is not None and (
        key in NUMBERS or path.endswith(".indicators.target") or re.search(r"\.proposed_counts\.[^.]+$", path)
    ):
        return Decimal(value)
    return _moment(value) if value is not None and key in MOMENTS else value


def _moment(text):
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), time(23, 59, 59), HANOI)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=HANOI)


def row_counts():
    ours = [
        model
        for name in ("blocs", "movements", "awards", "reports")
        for model in apps.get_app_config(name).get_models()
    ]
    return {model._meta.label: model.objects.count() for model in ours}


def with_bloc(**bloc):
    """Plain data of a small year whose only bloc has these keys too."""
    return small(bloc=bloc)


def bloc_of(year):
    """The first bloc of a year as its export says it."""
    return content(exported(year))["blocs"][0]


def again_nothing(year):
    """The export of what two files made is itself a file that changes nothing."""
    _, changes, _ = load(exported(year))
    return (changes.created, changes.updated, changes.removed) == ({}, [], [])
