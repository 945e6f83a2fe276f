"""Which paper is built by what and printed by which template."""

from dataclasses import dataclass
from typing import Any, Callable

from reports.domain.papers import summary
from reports.enums import DocumentKind


@dataclass(frozen=True)
class Kind:
    build: Callable[..., Any]
    template: str


KINDS = {
    DocumentKind.SUMMARY_REPORT: Kind(summary.build, "print/summary_report.html"),
}
