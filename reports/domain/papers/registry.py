"""Which paper is built by what and printed by which template."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reports.domain import news
from reports.domain.papers import covenant, division, handover_paper, meetings, province, summary, unit_report
from reports.enums import DocumentKind


@dataclass(frozen=True)
class Kind:
    build: Callable[..., Any]
    template: str
    in_word: Callable[..., None] | None = None  # what Word has beside the printed words: (Document, the same row)


KINDS = {
    DocumentKind.COVENANT: Kind(covenant.build, "print/covenant.html"),
    DocumentKind.SUMMARY_REPORT: Kind(summary.build, "print/summary_report.html"),
    DocumentKind.CONFERENCE_INVITATION: Kind(meetings.invitation, "print/conference_invitation.html"),
    DocumentKind.CONFERENCE_AGENDA: Kind(meetings.agenda, "print/conference_agenda.html"),
    DocumentKind.ATTENDANCE_SHEET: Kind(meetings.attendance_sheet, "print/attendance_sheet.html"),
    DocumentKind.CONFERENCE_MINUTES: Kind(meetings.minutes, "print/conference_minutes.html"),
    DocumentKind.CONFERENCE_NEWS: Kind(meetings.news, "print/conference_news.html", news.add_pictures),
    DocumentKind.UNIT_REPORT: Kind(unit_report.build, "print/unit_report.html"),
    DocumentKind.MID_YEAR_REPORT: Kind(unit_report.build, "print/unit_report.html"),
    DocumentKind.HANDOVER_MINUTES: Kind(handover_paper.build, "print/handover_minutes.html"),
    DocumentKind.PROVINCE_REPORT: Kind(province.build, "print/province_report.html"),
    DocumentKind.DIVISION_DECISION: Kind(division.build, "print/division_decision.html"),
}
