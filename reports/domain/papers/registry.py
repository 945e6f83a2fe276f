"""Which paper is built by what and printed by which template."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reports.domain.papers import division, summary
from reports.enums import DocumentKind


@dataclass(frozen=True)
class Kind:
    build: Callable[..., Any]
    template: str


KINDS = {
    DocumentKind.SUMMARY_REPORT: Kind(summary.build, "print/summary_report.html"),
    DocumentKind.DIVISION_DECISION: Kind(division.build, "print/division_decision.html"),
}
