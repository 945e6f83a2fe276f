"""The year of a bloc as a line of steps, read from the facts; people take the steps, the line only shows them."""

from dataclasses import dataclass

from awards.models import Decision, Proposal
from blocs.domain import handovers, signers
from blocs.enums import ConferenceKind, MemberRole
from blocs.models import BlocYear, Conference, Covenant, Handover, Membership, NextLeader
from blocs.templatetags.vietnamese import day
from reports.domain import summary_reports
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
    for row in Conference.objects.held().filter(bloc_year=bloc_year).order_by("held_on"):
        held[row.kind] = row.held_on
    planned = None if ConferenceKind.YEAR_END in held else _planned(bloc_year)
    decision = Decision.objects.filter(bloc_year=bloc_year).order_by("dated").first()
    has_head = Membership.objects.filter(bloc_year=bloc_year, role=MemberRole.HEAD).exists()
    signed_on = covenant and covenant.signed_on
    mid_year = held.get(ConferenceKind.MID_YEAR)
    year_end = held.get(ConferenceKind.YEAR_END)
    written = report is not None and report.parts.exists()
    following = NextLeader.objects.filter(bloc_year=bloc_year, role=MemberRole.HEAD).select_related("unit").first()
    adopted_on = report.adopted_on if report and not report.is_draft else None
    sent_at = report.submitted_at if report else None
    is_sent = sent_at is not None and Proposal.objects.filter(bloc_year=bloc_year).exists()
    return [
        ("Chuẩn bị", has_head, ""),
        ("Ký giao ước", bool(signed_on), day(signed_on)),
        ("Thực hiện", bool(mid_year) or written, f"sơ kết {day(mid_year)}" if mid_year else ""),
        ("Tổng hợp", adopted_on is not None, f"thông qua {day(adopted_on)}" if adopted_on else ""),
        ("Hội nghị", bool(year_end), f"dự kiến {day(planned)}" if planned else day(year_end)),
        ("Trình hồ sơ", is_sent, day(sent_at) if is_sent else ""),
        ("Quyết định", decision is not None, day(decision.dated) if decision else ""),
        ("Bàn giao", _is_handed_over(bloc_year), following.unit.short if following else ""),
    ]


def _planned(bloc_year):
    """The day on which the year-end conference is to be; None without a plan."""
    rows = Conference.objects.planned().filter(bloc_year=bloc_year, kind=ConferenceKind.YEAR_END)
    return rows.order_by("held_on").values_list("held_on", flat=True).first()


def _is_handed_over(bloc_year):
    """Both have signed, or the head stays; where no record was kept, the next head is at work in a later year."""
    if handovers.settled_at(bloc_year):
        return True
    if Handover.objects.filter(bloc_year=bloc_year).exists():
        return False
    later = BlocYear.objects.filter(bloc=bloc_year.bloc_id, year__starts_on__gt=bloc_year.year.starts_on)
    return later.filter(year__is_open=True, memberships__role=MemberRole.HEAD).exists()


@dataclass(frozen=True)
class Item:
    """One thing that stands before the next step, or is settled."""

    look: str
    words: str
    detail: str = ""


@dataclass(frozen=True)
class Next:
    step: str
    items: tuple[Item, ...]


def next_step(bloc_year, line, members):
    """What the present step still needs, in words.

    Shape:   (BlocYear, [Step], [MemberStanding]) -> Next; an empty step when the year is over
    """
    present = next((step.label for step in line if step.look == "now"), "")
    wanted = {
        "Chuẩn bị": _preparing,
        "Ký giao ước": _covenant,
        "Thực hiện": _reports_in,
        "Tổng hợp": _summing_up,
        "Hội nghị": _conference,
        "Trình hồ sơ": _submission,
        "Quyết định": lambda *_: [Item("idle", "Chờ quyết định khen thưởng")],
        "Bàn giao": _handover,
    }
    items = wanted[present](bloc_year, members) if present else []
    return Next(present.lower(), tuple(items))


def _preparing(bloc_year, members):
    return [Item("miss", "Chưa có Khối trưởng")]


def _handover(bloc_year, members):
    record = Handover.objects.filter(bloc_year=bloc_year).first()
    if record is None:
        if handovers.chosen(bloc_year) is None:
            return [Item("idle", f"Chưa ghi {bloc_year.head_word} năm sau")]
        if handovers.stays(bloc_year):
            return [Item("idle", f"{bloc_year.head_word} tiếp tục nhiệm vụ, chưa ghi nhận")]
        return [Item("idle", "Chưa lập biên bản bàn giao")]
    sides = {"Bên giao": record.giver_signed_at, "Bên nhận": record.receiver_signed_at}
    return [Item("ok", f"{side} đã ký") if at else Item("idle", f"{side} chưa ký") for side, at in sides.items()]


def _covenant(bloc_year, members):
    covenant = Covenant.objects.filter(bloc_year=bloc_year).first()
    targets = covenant.targets.count() if covenant else 0
    if covenant is None or not targets:
        return [Item("miss", "Chưa có chỉ tiêu giao ước")]
    found = [Item("ok", f"Đã có {targets} chỉ tiêu")]
    if not covenant.closed_at:
        return [*found, Item("idle", "Chưa ký giao ước")]
    places = signers.of(covenant)
    absent = [place.unit.short for place in places if place.signature is None]
    words = f"Đã chốt văn bản, {len(places) - len(absent)}/{len(places)} đơn vị đã ký"
    return [*found, Item("late" if absent else "ok", words, f"Chưa ký: {', '.join(absent)}" if absent else "")]


def _reports_in(bloc_year, members):
    absent = [row.membership.unit.short for row in members if row.received_at is None]
    if not absent:
        return [Item("ok", f"Đã nhận {len(members)}/{len(members)} báo cáo năm")]
    return [Item(_worst(members), f"{len(absent)} đơn vị chưa gửi báo cáo năm", ", ".join(absent))]


def _worst(members):
    looks = {row.state for row in members if row.received_at is None}
    return next((look for look in ("miss", "late") if look in looks), "idle")


def _summing_up(bloc_year, members):
    report = SummaryReport.objects.filter(bloc_year=bloc_year).first()
    lacking = summary_reports.missing(report) if report else [code.label for code in summary_reports.OBLIGATORY]
    items = _reports_in(bloc_year, members)
    if lacking:
        return [*items, Item("miss", f"Báo cáo tổng kết còn thiếu {len(lacking)} phần", "; ".join(lacking))]
    return [*items, Item("ok", "Báo cáo tổng kết đã đủ phần"), Item("idle", "Chưa ghi nhận thông qua")]


def _conference(bloc_year, members):
    if planned := _planned(bloc_year):
        return [Item("idle", f"Hội nghị tổng kết dự kiến ngày {day(planned)}, chưa khai mạc")]
    return [Item("idle", "Chưa ghi ngày hội nghị tổng kết")]


def _submission(bloc_year, members):
    items = []
    if not Proposal.objects.filter(bloc_year=bloc_year).exists():
        items.append(Item("miss", "Chưa có danh sách đề nghị khen thưởng"))
    report = SummaryReport.objects.filter(bloc_year=bloc_year).first()
    if report is None or report.submitted_at is None:
        items.append(Item("miss", "Báo cáo tổng kết chưa gửi Ban Thi đua - Khen thưởng"))
    return items
