"""The year of a bloc as a line of steps, read from the facts; people take the steps, the line only shows them."""

from dataclasses import dataclass

from awards.models import Decision, Proposal
from blocs.enums import ConferenceKind, MemberRole
from blocs.models import Conference, Covenant, Membership, NextLeader
from blocs.templatetags.vietnamese import day
from reports.models import SummaryReport


@dataclass(frozen=True)
class Step:
    label: str
    look: str  # done | now | later
    when: str


def steps(bloc_year):
    """The eight steps; the first that is not done is the present one.

    Shape:   BlocYear -> [Step]
    """
    found, present = [], False
    for label, done, when in _facts(bloc_year):
        look = "done" if done and not present else "later"
        if not done and not present:
            look, present = "now", True
        found.append(Step(label, look, when or ("đang làm" if look == "now" else "")))
    return found


def _facts(bloc_year):
    covenant = Covenant.objects.filter(bloc_year=bloc_year).first()
    report = SummaryReport.objects.filter(bloc_year=bloc_year).first()
    held = {}
    for row in Conference.objects.filter(bloc_year=bloc_year).exclude(held_on=None).order_by("held_on"):
        held[row.kind] = row.held_on
    decision = Decision.objects.filter(bloc_year=bloc_year).order_by("dated").first()
    has_head = Membership.objects.filter(bloc_year=bloc_year, role=MemberRole.HEAD).exists()
    signed_on = covenant and covenant.signed_on
    mid_year = held.get(ConferenceKind.MID_YEAR)
    year_end = held.get(ConferenceKind.YEAR_END)
    written = report is not None and report.parts.exists()
    sent = report is not None and report.submitted_at is not None
    following = NextLeader.objects.filter(bloc_year=bloc_year, role=MemberRole.HEAD).select_related("unit").first()
    adopted = report is not None and not report.is_draft
    return [
        ("Chuẩn bị", has_head, ""),
        ("Ký giao ước", bool(signed_on), day(signed_on)),
        ("Thực hiện", bool(mid_year) or written, f"sơ kết {day(mid_year)}" if mid_year else ""),
        ("Tổng hợp", adopted, f"thông qua {day(report.adopted_on)}" if adopted else ""),
        ("Hội nghị", bool(year_end), day(year_end)),
        ("Trình hồ sơ", sent and Proposal.objects.filter(bloc_year=bloc_year).exists(), day(report.submitted_at) if sent else ""),
        ("Quyết định", decision is not None, day(decision.dated) if decision else ""),
        ("Bàn giao", following is not None and decision is not None, following.unit.short if following else ""),
    ]
