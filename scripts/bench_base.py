"""What all measurements share: progress, figures with their targets, what is functionally wrong."""

import sys
import time


class Wrong(Exception):
    """Something works not as it must; then no figure counts."""


def say(text):
    """Progress, beside the JSON."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def demand(holds, text):
    if not holds:
        raise Wrong(text)


def figure(value, *, target=None, **more):
    """One line of the result.

    Shape:   (number, target such as {"at_most": 1.25}, or None for information) -> dict
    """
    met = None if target is None else all(REACHED[name](value, bound) for name, bound in target.items())
    return {"value": value, "target": target, "met": met, **more}


REACHED = {
    "at_most": lambda value, bound: value <= bound,
    "at_least": lambda value, bound: value >= bound,
    "below": lambda value, bound: value < bound,
    "equal": lambda value, bound: value == bound,
}
