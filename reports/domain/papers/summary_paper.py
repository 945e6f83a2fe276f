"""What the summary report of a bloc prints, and nothing else. Source: summary-outline."""

from dataclasses import dataclass

from blocs.domain.target_chart import Track
from reports.domain.papers.base import Heading, SignatureBlock


@dataclass(frozen=True)
class Table:
    """A table of texts; ``numeric`` names the columns that are set to the right; ``total`` is a last row or empty."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    total: tuple[str, ...] = ()


@dataclass(frozen=True)
class SummaryPaper:
    heading: Heading
    signature: SignatureBlock
    is_draft: bool
    bloc: str
    year: str
    next_year: str
    opening: str
    situation: tuple[str, ...]
    members: Table
    directing: tuple[str, ...]
    leading: tuple[str, ...]
    targets_sentence: str
    targets: Table | None
    own_targets: Table | None
    movements: tuple[tuple[str, str, Table | None], ...]  # name, who launched and runs it, results
    results: tuple[str, ...]
    recognitions_sentence: str
    recognitions: Table | None
    exemplars: tuple[str, ...]
    strengths: tuple[str, ...]
    shortcomings: tuple[str, ...]
    causes: tuple[str, ...]
    next_tasks: tuple[str, ...]
    recommendations: tuple[str, ...]
    ballots: tuple[tuple[str, Table], ...]
    proposals: Table | None
    awarded: Table | None
    next_leaders: tuple[str, ...]
    receipts_sentence: str
    receipts: Table
    missing: tuple[str, ...]
    recipients: tuple[str, ...]
    tracks: tuple[Track, ...] = ()  # the bloc's targets as a drawing, in the order of their table
    adopted: str = ""  # when and how, of an adopted report; the digest of what was adopted
    digest: str = ""
    word: str = "Khối"  # or "Cụm": how the paper speaks of the bloc and its leaders
