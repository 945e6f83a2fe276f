"""What the papers of a meeting print, and nothing else. Source: paper-layout."""

from dataclasses import dataclass

from reports.domain.papers.base import Heading, SignatureBlock
from reports.domain.papers.summary_paper import Table


@dataclass(frozen=True)
class MeetingPaper:
    """What all of them share. ``signature`` is empty where the foot has two sides of its own."""

    heading: Heading
    signature: SignatureBlock | None
    recipients: tuple[str, ...]
    is_draft: bool
    year: str
    of: str  # the bloc or the council
    kind: str
    when: str
    place: str


@dataclass(frozen=True)
class InvitationPaper(MeetingPaper):
    invited: tuple[str, ...]
    opening: str
    agenda: tuple[str, ...]
    chair: str
    request: str


@dataclass(frozen=True)
class AgendaPaper(MeetingPaper):
    items: Table
    chair: str


@dataclass(frozen=True)
class AttendancePaper(MeetingPaper):
    """``units`` and ``guests`` are (number, who, person as far as known, when he came)."""

    units: tuple[tuple[str, str, str, str], ...]
    guests: tuple[str, ...]
    blank: tuple[str, ...]  # numbers of the empty rows at the end
    sentence: str
    sides: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Question:
    words: str
    answer: str


@dataclass(frozen=True)
class MinutesPaper(MeetingPaper):
    opening: str
    chair: str
    secretary: str
    guests: tuple[str, ...]
    presence_sentence: str
    presence: Table
    absent: str
    agenda: tuple[str, ...]
    speeches: tuple[tuple[str, str], ...]  # who, what
    questions: tuple[Question, ...]
    notices: tuple[str, ...]
    presentations: tuple[str, ...]
    ballots: tuple[tuple[str, Table], ...]
    directions: tuple[str, ...]
    conclusions: tuple[str, ...]
    tasks: Table
    ending: str
    sides: tuple[tuple[str, str], ...]  # those who sign: what as, who


@dataclass(frozen=True)
class NewsPaper(MeetingPaper):
    """A notice for the press, always a draft; Word has the pictures, the print their captions."""

    title: str
    lead: str
    paragraphs: tuple[str, ...]
    captions: tuple[str, ...]
