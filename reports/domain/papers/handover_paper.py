"""The minutes of a handover between two heads. Source: paper-layout, meeting-minutes"""

from dataclasses import dataclass

from django.utils import timezone

from blocs.domain import handovers, units
from blocs.enums import BlocKind, HandoverKind, MemberRole
from blocs.models import Handover, Membership
from blocs.templatetags.vietnamese import moment, paper_date
from reports.domain.papers.base import OPEN_DAY, Heading, heading
from reports.domain.papers.summary_paper import Table


@dataclass(frozen=True)
class HandoverPaper:
    heading: Heading
    signature: None
    recipients: tuple[str, ...]
    is_draft: bool
    year: str
    bloc: str
    word: str
    opening: str
    giver: str
    receiver: str
    witness: str
    groups: tuple[tuple[str, Table], ...]
    note: str
    signed: tuple[str, ...]  # who signed here, when
    digest: str
    ending: str
    sides: tuple[tuple[str, str], ...]


def build(bloc_year):
    """Shape: BlocYear -> HandoverPaper; before the record is begun an empty draft"""
    row = Handover.objects.select_related("giver", "receiver", "giver_signed_by", "receiver_signed_by")
    found = row.filter(bloc_year=bloc_year).first()
    year, word = bloc_year.year, "Cụm" if bloc_year.kind == BlocKind.CLUSTER else "Khối"
    on = found.handed_on if found else None
    former = units.former_names(year, on)
    names = {side: _name(getattr(found, side), former) if found else "" for side in handovers.SIDES}
    head = Membership.objects.filter(bloc_year=bloc_year, role=MemberRole.HEAD).select_related("unit").first()
    top = heading(year.authority, bloc_year.name, head and head.unit, "BB", on)
    is_signed = bool(found and found.giver_signed_at and found.receiver_signed_at)
    return HandoverPaper(
        heading=top,
        signature=None,
        recipients=(),
        is_draft=not is_signed,
        year=year.label,
        bloc=bloc_year.name,
        word=word,
        opening=_opening(found, bloc_year, word),
        giver=names["giver"],
        receiver=names["receiver"],
        witness=found.witness if found else "",
        groups=_groups(found),
        note=" ".join(found.note.split()) if found else "",
        signed=_signed(found),
        digest=found.digest if found else "",
        ending="Biên bản lập thành 02 bản có giá trị như nhau, mỗi bên giữ 01 bản",
        sides=(("ĐẠI DIỆN BÊN NHẬN", names["receiver"]), ("ĐẠI DIỆN BÊN GIAO", names["giver"])),
    )


def _name(unit, former):
    return former.get(unit.pk, (unit.name, ""))[0]


def _opening(row, bloc_year, word):
    on = row.handed_on if row else None
    day = paper_date(on) or OPEN_DAY
    place = f", tại {row.place}" if row and row.place else ""
    return (
        f"Hôm nay, {day}{place}, hai bên bàn giao nhiệm vụ {word} trưởng của {bloc_year.name} "
        f"từ năm {bloc_year.year.label} sang năm sau như sau:"
    )


def _groups(row):
    items = list(row.items.all()) if row else []
    found = []
    for kind in HandoverKind:
        lines = [item for item in items if item.kind == kind]
        rows = tuple(
            (str(number), item.text, "Đã giao" if item.is_handed else "Chưa giao", item.note)
            for number, item in enumerate(lines, 1)
        )
        if rows:
            found.append((kind.label, Table(("TT", "Nội dung", "Tình trạng", "Ghi chú"), rows)))
    return tuple(found)


def _signed(row):
    lines = []
    for side, label in handovers.SIDES.items():
        at = getattr(row, f"{side}_signed_at") if row else None
        if at:
            lines.append(f"{label.capitalize()} ký trên hệ thống lúc {moment(timezone.localtime(at))}: "
                         f"{getattr(row, f'{side}_signed_by')}.")  # fmt: skip
    return tuple(lines)
