"""How a bloc's conference adopts its summary report: who may, by how many, and what exactly was adopted."""

from dataclasses import dataclass

from blocs.domain.attendance import presence
from blocs.enums import CommentOn, ConferenceKind
from blocs.errors import RuleBroken
from blocs.models import Comment, Conference
from blocs.templatetags.vietnamese import count, day
from reports.domain.assembly import versions
from reports.domain.assembly.kinds import SUMMARY
from reports.enums import AdoptedHow

COLUMNS = ("adopted_on", "adopted_how", "votes_for", "votes_against", "votes_other", "adopted_digest")
VOTES = {"votes_for": "tán thành", "votes_against": "không tán thành", "votes_other": "ý kiến khác"}
SHARE = (1, 2)  # more than this part of the units that are there


@dataclass(frozen=True)
class Adoption:
    """How the conference adopted the report; hands are counted, consent is not."""

    how: str = AdoptedHow.CONSENT
    votes_for: int | None = None
    votes_against: int | None = None
    votes_other: int | None = None


BY_CONSENT = Adoption()


def unanswered(report):
    """How many comments on the draft nobody has answered.

    Shape:   SummaryReport -> int
    """
    rows = Comment.objects.filter(bloc_year=report.bloc_year_id, on=CommentOn.SUMMARY_REPORT, answered_at=None)
    return rows.count()


def check(report, adoption, adopted_on):
    """Refuse a day on which no conference was, one without quorum, counts that cannot be, and a report for which not
    more than half of the units raised their hands.

    Raises:  RuleBroken
    Source:  summary-adoption
    """
    _check_day(report.bloc_year, adopted_on)
    came = _came(report.bloc_year, adopted_on)
    if came and not came.is_enough:
        raise RuleBroken(
            f"Hội nghị ngày {day(adopted_on)} có {count(came.present)}/{count(came.expected)} đơn vị, cần ít nhất "
            f"{count(came.needed)}: chưa thông qua được báo cáo."
        )
    votes = [getattr(adoption, name) for name in VOTES]
    if adoption.how != AdoptedHow.HANDS:
        if any(number is not None for number in votes):
            raise RuleBroken("Nhất trí thông qua thì không ghi số phiếu.")
        return
    if adoption.votes_for is None:
        raise RuleBroken("Biểu quyết giơ tay thì cần ghi số tán thành.")
    number, who = voters(report.bloc_year, adopted_on)
    if sum(given or 0 for given in votes) > number:
        raise RuleBroken(f"Cộng các ý kiến nhiều hơn số đơn vị {who} ({number}).")
    part, whole = SHARE
    if adoption.votes_for * whole <= number * part:
        raise RuleBroken(
            f"Mới có {count(adoption.votes_for)}/{count(number)} đơn vị {who} tán thành, chưa quá nửa: "
            "báo cáo chưa được thông qua."
        )


def day_of_conference(bloc_year):
    """The day of the last year-end conference that took place; None where none did.

    Shape:   BlocYear -> date or None
    """
    held = Conference.objects.held().filter(bloc_year=bloc_year, kind=ConferenceKind.YEAR_END)
    return held.order_by("-held_on").values_list("held_on", flat=True).first()


def _check_day(bloc_year, adopted_on):
    """Where a year-end conference is noted or planned, the report is adopted on its day."""
    rows = bloc_year.conferences.filter(kind=ConferenceKind.YEAR_END).exclude(held_on=None)
    days = sorted(set(rows.values_list("held_on", flat=True)))
    if days and adopted_on not in days:
        raise RuleBroken(
            f"Ngày {day(adopted_on)} không có hội nghị tổng kết; hội nghị tổng kết ghi họp ngày "
            f"{', '.join(map(day, days))}. Ghi ngày thông qua theo ngày họp, hoặc sửa ngày họp của hội nghị trước."
        )


def voters(bloc_year, adopted_on):
    """The units of whom more than half must agree: the members present that day where presence was noted, else all.

    Shape:   (BlocYear, date) -> (number, who they are in words)
    """
    came = _came(bloc_year, adopted_on)
    return (came.present, "có mặt") if came else (bloc_year.memberships.count(), "thành viên")


def _came(bloc_year, adopted_on):
    """Presence at the year-end conference of that day; None where nobody noted it."""
    held = Conference.objects.held().filter(bloc_year=bloc_year, kind=ConferenceKind.YEAR_END, held_on=adopted_on)
    noted = [found for conference in held if (found := presence(conference)).present]
    return max(noted, key=lambda found: found.present, default=None)


def note(report, adoption, adopted_on, *, kept, by):
    """Write on the report how it was adopted, and keep what: words and tables as a version with the digest of both.

    Shape:   (SummaryReport, Adoption, date, data of the paper) -> what the trail keeps; the caller saves the report
    """
    report.adopted_on, report.adopted_how, report.kept = adopted_on, adoption.how, kept
    for name in VOTES:
        setattr(report, name, getattr(adoption, name))
    version = versions.keep(SUMMARY, report, by=by, reason="Hội nghị thông qua", kept=kept)
    report.adopted_digest = version.digest
    return record_of(report) | {"version": version.number}


def withdraw(report):
    """Take the adoption back; the trail and the version keep it.

    Shape:   SummaryReport -> what it was; the caller saves the report
    """
    before = record_of(report)
    report.adopted_on = report.kept = None
    report.adopted_how = report.adopted_digest = ""
    for name in VOTES:
        setattr(report, name, None)
    return before


def record_of(report):
    """Shape: SummaryReport -> {column: value} of what is noted of its adoption"""
    return {name: value for name in COLUMNS if (value := getattr(report, name)) not in (None, "")}


def words(report):
    """When and how it was adopted; empty of a draft.

    Shape:   SummaryReport -> str such as ``thông qua ngày 18/12/2026, biểu quyết giơ tay: 20 tán thành``
    """
    if report.is_draft or report.adopted_on is None:
        return ""
    said = f"thông qua ngày {day(report.adopted_on)}"
    if report.adopted_how:
        said += f", {report.get_adopted_how_display().lower()}"
    counted = [(getattr(report, name), word) for name, word in VOTES.items()]
    told = ", ".join(f"{count(number)} {word}" for number, word in counted if number is not None)
    return f"{said}: {told}" if told else said
