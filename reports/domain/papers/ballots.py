"""A recorded ballot in words and as a table."""

from decimal import Decimal

from awards.enums import BallotMethod, BallotPurpose
from blocs.templatetags.vietnamese import count, figure
from reports.domain.papers.summary_paper import Table


def words(ballot, word):
    words = BallotPurpose(ballot.purpose).label.replace("Khối", word)
    if ballot.award:
        words += f" {ballot.award}"
    if ballot.method:
        words += f", {BallotMethod(ballot.method).label.lower()}"
    if ballot.present is not None:
        words += f"; có mặt {count(ballot.present)}"
        words += f"/{count(ballot.voters)} đại biểu" if ballot.voters is not None else " đại biểu"
    if ballot.invalid:
        words += f"; phiếu không hợp lệ: {count(ballot.invalid)}"
    return words + "."


def table(ballot, tallies):
    lines = []
    for number, row in enumerate(tallies, 1):
        base = _base(ballot)
        share = (
            (Decimal(100) * row.votes_for / base).quantize(Decimal("0.1"))
            if base and row.votes_for is not None
            else None
        )
        cells = (figure(row.votes_for), figure(row.votes_against), figure(row.votes_blank))
        lines.append((str(number), row.unit.name, *cells, f"{figure(share)} %" if share is not None else ""))
    columns = ("TT", "Đơn vị", "Đồng ý", "Không đồng ý", "Trống", "Tỷ lệ đồng ý")
    return Table(columns, tuple(lines), (2, 3, 4, 5))


def _base(ballot):
    if ballot.threshold_base == "present":
        return ballot.present
    if ballot.threshold_base == "valid":
        return ballot.present - (ballot.invalid or 0) if ballot.present is not None else None
    return ballot.voters
