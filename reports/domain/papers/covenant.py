"""The covenant of a bloc's year as the paper that its units sign. Source: covenant-outline"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Max

from awards.domain import registrations
from blocs.domain import amendments, covenant_text, signers
from blocs.domain import covenant as covenants
from blocs.enums import BlocKind, MemberRole
from blocs.models import Covenant, Registration
from blocs.templatetags.vietnamese import count, day, moment
from reports.domain.papers.base import Heading, SignatureBlock, heading
from reports.domain.papers.summary_paper import Table

ACROSS = 3  # signatures in a row of the grid


@dataclass(frozen=True)
class Place:
    """Where one unit signs: what it is called, its office in the bloc, and how it has signed already."""

    unit: str
    office: str
    signer: str = ""
    how: str = ""


@dataclass(frozen=True)
class CovenantPaper:
    heading: Heading
    signature: SignatureBlock
    is_draft: bool
    bloc: str
    year: str
    word: str
    opening: str
    themes: tuple[str, ...]
    goals: tuple[str, ...]
    targets: Table | None
    own_targets: Table | None
    solutions: tuple[str, ...]
    duties: tuple[str, ...]
    closing: str
    grid: tuple[tuple[Place, ...], ...]
    registrations: Table
    registered: str
    amended: tuple[str, ...]
    digests: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    recipients: tuple[str, ...]


def build(bloc_year):
    """Everything the covenant prints.

    Shape:   BlocYear -> CovenantPaper; the same data give an equal paper
    Source:  covenant-outline, paper-layout
    """
    covenant = Covenant.objects.filter(bloc_year=bloc_year).first() or Covenant(bloc_year=bloc_year)
    covenant.bloc_year = bloc_year
    frame = covenant_text.frame_of(covenant)
    places = signers.of(covenant)
    units = signers.number(covenant, places)
    targets = list(covenant.targets.select_related("of").order_by("position", "pk")) if covenant.pk else []
    word = "Cụm" if bloc_year.kind == BlocKind.CLUSTER else "Khối"
    own = [row for row in targets if row.of_id]
    return CovenantPaper(
        heading=_heading(bloc_year, frame["bloc"], covenant, places),
        signature=SignatureBlock("", "", ""),
        is_draft=not covenant.is_closed,
        bloc=frame["bloc"],
        year=frame["year"],
        word=word,
        opening=_opening(frame, units),
        themes=_themes(frame, word),
        goals=tuple(covenant.goals),
        targets=_table([row for row in targets if row.of_id is None], of_units=False),
        own_targets=_table(own, of_units=True),
        solutions=tuple(covenant.solutions),
        duties=_duties(bloc_year, word),
        closing=_closing(frame, units),
        grid=_grid(places, word),
        registrations=_registrations(bloc_year),
        registered=_registered(bloc_year),
        amended=_amended(covenant),
        digests=_digests(covenant, places),
        missing=tuple(text.rstrip(".") for text in covenant_text.faults(covenant)) if covenant.pk else ("nội dung",),
        recipients=_recipients(bloc_year, word),
    )


def _heading(bloc_year, name, covenant, places):
    head = next((place.unit for place in places if place.role == MemberRole.HEAD), None)
    authority = bloc_year.year.authority
    found = heading(authority, "", head, "GƯTĐ", covenant.signed_on)
    return Heading(
        superior=bloc_year.year.authority.council.upper(),
        issuer=name.upper(),
        symbol=found.symbol,
        place=authority.place,
        is_party=found.is_party,
        date=found.date,
    )


def _opening(frame, units):
    return (
        f"Chúng tôi, {count(units)} đơn vị thành viên {frame['bloc']}, thống nhất ký kết giao ước thi đua năm "
        f"{frame['year']} với các nội dung sau:"
    )


def _themes(frame, word):
    lines = []
    if frame["theme"]:
        lines.append(f"Chủ đề thi đua của tỉnh: “{frame['theme']}”.")
    if frame["motto"]:
        lines.append(f"Khẩu hiệu thi đua của {word.lower()}: “{frame['motto']}”.")
    return tuple(lines)


def _table(targets, *, of_units):
    if not targets:
        return None
    rows = []
    for number, row in enumerate(targets, 1):
        cells = (str(row), row.unit_of_measure, covenants.promised(row), row.source)
        rows.append((str(number), *((row.of.short,) if of_units else ()), *cells))
    names = ("Chỉ tiêu", "Đơn vị tính", "Giao ước", "Căn cứ")
    columns = ("TT", *(("Đơn vị",) if of_units else ()), *names)
    return Table(columns, tuple(rows), (columns.index("Giao ước"),))


def _duties(bloc_year, word):
    lead = word.lower()
    lines = [
        f"{word} trưởng, {word} phó đôn đốc, kiểm tra việc thực hiện giao ước, tổ chức sơ kết, tổng kết, bình xét và "
        "báo cáo Hội đồng Thi đua - Khen thưởng.",
        "Thủ trưởng đơn vị thành viên tổ chức thực hiện, chịu trách nhiệm về kết quả của đơn vị mình và gửi báo cáo "
        "đúng hạn.",
        f"Chỉ tiêu đã ký không thay đổi trong năm. Trường hợp cần điều chỉnh phải được {word} trưởng và cơ quan thường "
        "trực Hội đồng Thi đua - Khen thưởng đồng ý.",
    ]
    if bloc_year.supervisor:
        lines.append(f"Ủy viên Hội đồng Thi đua - Khen thưởng theo dõi {lead}: {bloc_year.supervisor}.")
    return tuple(lines)


def _closing(frame, units):
    copies = count(units + 1)
    return (
        f"Giao ước này có giá trị trong năm thi đua {frame['year']}, được lập thành {copies} bản có giá trị như "
        "nhau: mỗi đơn vị thành viên giữ một bản, một bản gửi cơ quan thường trực Hội đồng Thi đua - Khen thưởng"
    )


def _grid(places, word):
    """The head first, then its deputies, then the others in the bloc's order."""
    order = {MemberRole.HEAD: 0, MemberRole.DEPUTY: 1}
    found = [_place(place, word) for place in sorted(places, key=lambda place: order.get(place.role, 2))]
    return tuple(tuple(found[start : start + ACROSS]) for start in range(0, len(found), ACROSS))


def _place(place, word):
    office = "" if place.role == MemberRole.MEMBER else place.role.label.replace("Khối", word)
    signature = place.signature
    if signature is None:
        return Place(place.name, office)
    if signature.signed_at:
        how = f"Đã ký trên hệ thống lúc {moment(signature.signed_at)}"
    else:
        how = f"Đã ký bản giấy ngày {day(signature.signed_on)}" if signature.signed_on else "Đã ký bản giấy"
    return Place(place.name, office, signature.signer, how)


def _digests(covenant, places):
    """[(what the digest is of, digest)]: of the text that was signed; after an amendment also of the present one."""
    if not covenant.digest:
        return ()
    closed = covenant.closed_with.get("digest", "")  # what a scan was signed with, if the text was not amended since
    units = Counter(place.signature.digest or closed for place in places if place.signature)
    units.pop("", None)
    if not units:
        return (("Dấu của văn bản đã chốt", covenant.digest),)
    last = covenant.amendments.exclude(applied_at=None).order_by("applied_at").last()
    amended = f" sau điều chỉnh ngày {day(last.applied_at)}" if last else ""
    found = []
    for digest, number in units.items():
        who = "các đơn vị" if len(units) == 1 else f"{count(number)} đơn vị"
        found.append((f"Dấu của văn bản{amended if digest == covenant.digest else ''} mà {who} đã ký", digest))
    if covenant.digest not in units:
        found.append((f"Dấu của văn bản hiện nay{amended and f',{amended}'}", covenant.digest))
    return tuple(found)


def _registrations(bloc_year):
    rows = [
        (str(number), row.unit.name, "; ".join(map(str, awards)) or "Chưa đăng ký")
        for number, (row, awards) in enumerate(registrations.lines(bloc_year), 1)
    ]
    return Table(("TT", "Đơn vị", "Danh hiệu, hình thức đăng ký"), tuple(rows))


def _registered(bloc_year):
    """That the annex is not what is signed, and of which day it is."""
    last = Registration.objects.filter(bloc_year=bloc_year).aggregate(last=Max("registered_at"))["last"]
    on = f" tính đến đăng ký gần nhất, ngày {day(last)}" if last else ""
    return f"Bảng đăng ký{on}; không thuộc văn bản các đơn vị ký và thay đổi khi đơn vị đăng ký lại trong thời hạn."


def _amended(covenant):
    if not covenant.pk:
        return ()
    lines = []
    for row in covenant.amendments.exclude(applied_at=None).order_by("applied_at", "pk"):
        before, after = amendments.words_of(row.before), amendments.words_of(row.after)
        change = " → ".join(f"“{text}”" for text in (before, after) if text)
        kind, reason = row.get_kind_display(), row.reason.rstrip(".")
        lines.append(f"{kind}, ngày {day(row.applied_at)}: {change}. Lý do: {reason}.")
    return tuple(lines)


def _recipients(bloc_year, word):
    authority = bloc_year.year.authority
    council = authority.council or "Hội đồng Thi đua - Khen thưởng"
    lines = [f"- {council};", *([f"- {authority.board};"] if authority.board else [])]
    return (*lines, f"- Các đơn vị thành viên {word.lower()};", "- Lưu: VT.")
