"""The decision that divides the blocs of a year, with the list of blocs and their units. Source: division-decision"""

from dataclasses import dataclass

from blocs.domain.units import names_of_day
from blocs.enums import Header, MemberRole
from blocs.models import BlocYear, DivisionDecision, Membership
from blocs.templatetags.vietnamese import count, day, paper_date
from reports.domain.papers.base import BLANK, OPEN_DAY, Heading, SignatureBlock

CHAIRED = "ủy ban nhân dân"  # decided by its chair; other issuers sign on behalf of themselves


@dataclass(frozen=True)
class BlocLines:
    """One bloc of the annex: a line of its own, then its units."""

    name: str
    supervisor: str
    above: str
    units: tuple[tuple[str, str, str], ...]  # number, name, office in the bloc


@dataclass(frozen=True)
class DivisionPaper:
    heading: Heading
    signature: SignatureBlock
    is_draft: bool
    year: str
    competence: str  # who decides, above the bases
    bases: tuple[str, ...]
    articles: tuple[str, ...]
    reference: str
    blocs: tuple[BlocLines, ...]
    recipients: tuple[str, ...]


def build(year):
    """Everything the decision prints.

    Shape:   Year -> DivisionPaper; the same data give an equal paper
    Source:  division-decision, paper-layout, party-paper-layout
    """
    decision = DivisionDecision.objects.filter(year=year).first() or DivisionDecision(year=year)
    blocs = _kept(decision) or _blocs(year, decision.dated)
    return DivisionPaper(
        heading=_heading(year, decision),
        signature=_signature(year.authority, decision),
        is_draft=not (decision.number and decision.dated),
        year=year.label,
        competence=_competence(year.authority).upper(),
        bases=_bases(decision.bases),
        articles=_articles(year, blocs),
        reference=_reference(year, decision),
        blocs=blocs,
        recipients=_recipients(year.authority),
    )


def list_to_keep(decision):
    """The list of a decision with its number and day, as plain data to keep; None of a draft.

    Shape:   DivisionDecision -> [{"name", "supervisor", "above", "units": [[name, office]]}] or None
    """
    if not (decision.number and decision.dated):
        return None
    return [
        {"name": bloc.name, "supervisor": bloc.supervisor, "above": bloc.above}
        | {"units": [[name, office] for _, name, office in bloc.units]}
        for bloc in _blocs(decision.year, decision.dated)
    ]


def _kept(decision):
    return tuple(
        BlocLines(
            name=item["name"],
            supervisor=item["supervisor"],
            above=item["above"],
            units=tuple((str(number), name, office) for number, (name, office) in enumerate(item["units"], 1)),
        )
        for item in decision.listed or ()
    )


def symbol_of(authority):
    """The symbol that a decision of this authority carries, before its number is given.

    Shape:   Authority -> str such as ``/QĐ-UBND``
    """
    if authority.header == Header.PARTY:
        return "-QĐ/TU"
    return "/QĐ-UBND" if _is_chaired(authority) else "/QĐ"


def _is_chaired(authority):
    return authority.name.lower().startswith(CHAIRED)


def _competence(authority):
    return f"Chủ tịch {authority.name}" if _is_chaired(authority) else authority.name


def _heading(year, decision):
    authority = year.authority
    return Heading(
        superior="",
        issuer=authority.name.upper().replace(CHAIRED.upper(), CHAIRED.upper().replace(" ", "\u00a0")),
        symbol=symbol_of(authority),
        place=authority.place,
        is_party=authority.header == Header.PARTY,
        number=decision.number,
        date=paper_date(decision.dated),
    )


def _signature(authority, decision):
    """The chair signs as what the chair is; a deputy for the chair; others on behalf of the authority."""
    post = decision.signer or ("Chủ tịch" if _is_chaired(authority) else "")
    if _is_chaired(authority):
        short = post.lower().partition(" ủy ban")[0].upper()
        for_chair = "KT. CHỦ TỊCH" if short.startswith("PHÓ") else ""
        return SignatureBlock(for_chair, short, "", decision.signer_name)
    behalf = "T/M" if authority.header == Header.PARTY else "TM."
    return SignatureBlock(f"{behalf} {authority.name}".upper(), post.upper(), "", decision.signer_name)


def _bases(lines):
    clean = [line.strip().rstrip(";.") for line in lines if line.strip().rstrip(";.")]
    return tuple(f"{line}{'.' if number == len(clean) else ';'}" for number, line in enumerate(clean, 1))


def _articles(year, blocs):
    units = {name for bloc in blocs for _, name, _ in bloc.units}
    authority = year.authority
    council = authority.council or "Hội đồng Thi đua - Khen thưởng"
    board = authority.board or "cơ quan thường trực Hội đồng Thi đua - Khen thưởng"
    return (
        f"Phân chia {count(len(blocs))} cụm, khối thi đua năm {year.label} với {count(len(units))} đơn vị thành viên "
        "(có danh sách kèm theo).",
        "Khối trưởng, Khối phó, Cụm trưởng, Cụm phó tổ chức hoạt động của cụm, khối thi đua trong năm; ủy viên "
        f"{council} theo dõi, chỉ đạo cụm, khối được phân công. Khối trưởng, Khối phó chưa ghi trong danh sách do các "
        "đơn vị thành viên suy tôn.",
        f"Quyết định này có hiệu lực kể từ ngày ký và áp dụng cho năm thi đua {year.label}, từ ngày "
        f"{day(year.starts_on)} đến ngày {day(year.ends_on)}.",
        f"{council}; {board}; Thủ trưởng các cơ quan, đơn vị có tên trong danh sách chịu trách nhiệm thi hành Quyết "
        "định này",
    )


def _reference(year, decision):
    is_known = decision.number and decision.dated
    number = decision.number if is_known else BLANK + symbol_of(year.authority)
    on = paper_date(decision.dated) or OPEN_DAY
    return f"Kèm theo Quyết định số {number} {on} của {_competence(year.authority)}"


def _blocs(year, on):
    """Blocs and members as they stand, units called as on the day of the decision."""
    members: dict[int, list[Membership]] = {}
    rows = Membership.objects.filter(bloc_year__year=year).select_related("unit").order_by("position", "pk")
    for row in rows:
        members.setdefault(row.bloc_year_id, []).append(row)
    names = names_of_day([row.unit for row in rows], on)
    found = BlocYear.objects.filter(year=year).select_related("parent").order_by("position", "pk")
    return tuple(
        BlocLines(
            name=row.name,
            supervisor=row.supervisor,
            above=row.parent.name if row.parent else "",
            units=tuple(
                (str(number), names[member.unit_id][0], _office(row, member))
                for number, member in enumerate(members.get(row.pk, []), 1)
            ),
        )
        for row in found
    )


def _office(bloc_year, member):
    if member.role == MemberRole.MEMBER:
        return ""
    word = "Cụm" if bloc_year.kind == "cum" else "Khối"
    return member.get_role_display().replace("Khối", word)


def _recipients(authority):
    lines = ["- Như Điều 4;"]
    if authority.council:
        lines.append(f"- {authority.council};")
    return (*lines, "- Lưu: VT.")
