"""Targets as a drawing, the same on page and paper: a line a target, the promise a mark, the result a shape."""

from collections import Counter
from dataclasses import dataclass

from blocs.domain import covenant as covenants

WIDTH, PROMISED = 200, 130  # of a line, and where its promise stands
VERDICTS = ("exceeded", "met", "missed", "unknown")
BAR = 400


@dataclass(frozen=True)
class Track:
    """One line: where the result stands (None: nowhere), by which shape, said in words."""

    verdict: str
    words: str
    at: int | None


@dataclass(frozen=True)
class Segment:
    verdict: str
    label: str
    count: int
    start: int
    width: int


def track(target, value):
    """Shape: (Target, Decimal or None) -> Track"""
    verdict = covenants.verdict(target, value)
    at = None
    if verdict != "unknown":
        at = PROMISED if verdict != "missed" else 8
        if target.value > 0:
            at = int(min(max(PROMISED * value / target.value, 8), WIDTH - 8))
    return Track(verdict, covenants.verdict_words(target, value), at)


def segments(verdicts):
    """How many targets are exceeded, met, missed, without a figure, as parts of one bar.

    Shape:   [verdict] -> [Segment], those with nothing left out
    """
    counts, found, start = Counter(verdicts), [], 0
    for number, verdict in enumerate(VERDICTS):
        behind = sum(counts[name] for name in VERDICTS[: number + 1])
        end = BAR * behind // max(len(verdicts), 1)
        if counts[verdict]:
            label = covenants.VERDICTS[verdict]
            found.append(Segment(verdict, label, counts[verdict], start, end - start))
        start = end
    return found
