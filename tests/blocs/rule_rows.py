"""Rule sets for tests."""

import copy
from pathlib import Path

from blocs.domain.files import write_yaml
from blocs.domain.rulesets import import_rules

FOLDER = Path(__file__).resolve().parent.parent / "data" / "rules"

SMALL = {
    "format": "emulation-rules/1",
    "id": "quy-tac",
    "milestones": [{"code": "unit-report", "due": {"month": "11", "day": "20"}, "locks": {"month": "11", "day": "30"}}],
}


def small_rules(**changes):
    return copy.deepcopy(SMALL) | changes


def make_rule_set(*, publish=True, by=None, **changes):
    """A stored rule set of the small file with these keys."""
    return import_rules(write_yaml(small_rules(**changes)).encode(), by=by, publish=publish)[0]


def stored(name, *, publish=True):
    """A rule set of ``tests/data/rules``."""
    return import_rules((FOLDER / f"{name}.yaml").read_bytes(), publish=publish)[0]
