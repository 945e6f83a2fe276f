"""The pieces of the province's report on a year. Source: province-outline."""

import re
from collections import defaultdict
from decimal import Decimal

from blocs.domain.completeness import rate
from blocs.enums import Milestone
from blocs.templatetags.vietnamese import count, figure, percent
from reports.domain.assembly.commended import commended_words, direct_words
from reports.domain.assembly.pieces import Conflict, Piece, Source, brief, shortened, together, words_of
from reports.domain.assembly.province_facts import STANDING, ProvinceFacts
from reports.domain.marks import plain
from reports.enums import ProvincePartCode as P
from reports.enums import SummaryPartCode as S
from reports.models import SummaryReport, UnitReport

QUOTES = {  # part of the province's report: parts of the blocs' that are quoted there
    P.LEADING: (S.LEADING,),
    P.RESULTS: (S.RESULTS,),
    P.EXEMPLARS: (S.EXEMPLARS,),
    P.STRENGTHS: (S.STRENGTHS,),
    P.SHORTCOMINGS: (S.SHORTCOMINGS, S.CAUSES),
    P.NEXT_TASKS: (S.NEXT_TASKS,),
    P.RECOMMENDATIONS: (S.RECOMMENDATIONS,),
}
# Not quoted: a bloc's sums, which are in the province's, and what is the bloc's alone.
ADDED_UP = ("figure:", "recognitions", "absent", "registrations", "proposals")
ROOM = ((40, 1400), (80, 700))  # up to so many blocs, so many signs of each a part; of more, the least
LEAST_ROOM = 350


def generate(year):
    """Everything the blocs' reports and data give for the report of the province.

    Shape:   Year -> ([Piece] in the order of the report, [Conflict])
    Source:  province-outline
    """
    facts = ProvinceFacts(year)
    if not facts.blocs:
        return [], []
    found = [*_situation(facts), *_figures(facts), *_recognitions(facts), *_awards(facts), *_quotes(facts)]
    order = list(P)
    return sorted(found, key=lambda piece: order.index(P(piece.part))), [*_conflicts(facts)]


# ---------------------------------------------------------------- who reported


def _situation(facts):
    blocs, units = len(facts.blocs), facts.unit_count()
    yield Piece(
        P.SITUATION,
        "blocs",
        f"Năm {facts.year.label} có {count(blocs)} cụm, khối thi đua với {count(units)} đơn vị thành viên.",
        tuple(Source(bloc.name, f"{count(len(facts.units[bloc.pk]))} đơn vị", "bloc", bloc.pk) for bloc in facts.blocs),
        Decimal(blocs),
    )
    for code, words in (
        (Milestone.SUMMARY_REPORT, "Báo cáo tổng kết của cụm, khối"),
        (Milestone.UNIT_REPORT, "Báo cáo năm của đơn vị thành viên"),
    ):
        yield from _received(facts, code, words)
    yield from _absent_blocs(facts)
    yield from _absent_units(facts)


def _received(facts, code, words):
    """How many are owed, came in and came in on time; nothing where the calendar asks for none."""
    rows = [(bloc, facts.counted[bloc.pk, code]) for bloc in facts.blocs if (bloc.pk, code) in facts.counted]
    expected, received, on_time = (
        sum(getattr(row, name) for _, row in rows) for name in ("expected", "received", "on_time")
    )
    if expected:
        text = (
            f"{words}: đã nhận {count(received)}/{count(expected)} ({percent(rate(received, expected))}), "
            f"đúng hạn {count(on_time)}/{count(expected)} ({percent(rate(on_time, expected))})."
        )
        sources = tuple(Source(bloc.name, received_words(row), "missing", bloc.pk, code) for bloc, row in rows)
        yield Piece(P.SITUATION, f"received:{code}", text, sources, Decimal(received))


def received_words(row):
    """Shape: Completeness -> str such as ``12/14 đã nhận, 11 đúng hạn``"""
    return f"{row.received}/{row.expected} đã nhận, {row.on_time} đúng hạn"


def _absent_blocs(facts):
    absent = [bloc for bloc in facts.blocs if not facts.is_received(bloc)]
    if absent:
        named = "; ".join(bloc.name + _why(facts, bloc) for bloc in absent)
        text = f"Chưa có báo cáo tổng kết gửi Ban Thi đua - Khen thưởng: {count(len(absent))} cụm, khối: {named}."
        sources = tuple(
            Source(bloc.name, "Chưa gửi báo cáo tổng kết", "missing", bloc.pk, Milestone.SUMMARY_REPORT)
            for bloc in absent
        )
        yield Piece(P.SITUATION, "absent:blocs", text, sources, Decimal(len(absent)))


def _why(facts, bloc):
    if facts.is_returned(bloc):
        return " (bị trả lại)"
    return " (đã thông qua, chưa gửi)" if bloc.pk in facts.reports else ""


def _absent_units(facts):
    """Which units have not sent, and whose report was returned and has not come back."""
    texts, sources, numbers = [], [], []
    for words, units_of in (
        ("Chưa gửi báo cáo năm", facts.absent_units),
        ("Bị trả lại báo cáo năm, đang bổ sung", lambda bloc: facts.mended[bloc.pk]),
    ):
        rows = [(bloc, units) for bloc in facts.blocs if (units := units_of(bloc))]
        if rows:
            numbers.append(len({unit.pk for _, units in rows for unit in units}))
            named = [(bloc, ", ".join(unit.short for unit in units)) for bloc, units in rows]
            texts.append(
                f"{words}: {count(numbers[-1])} đơn vị. {'; '.join(f'{bloc.name}: {names}' for bloc, names in named)}."
            )
            sources += [Source(bloc.name, names, "missing", bloc.pk, Milestone.UNIT_REPORT) for bloc, names in named]
    if texts:
        yield Piece(P.SITUATION, "absent:units", " ".join(texts), tuple(sources), Decimal(sum(numbers)))


# ---------------------------------------------------------------- numbers


def _figures(facts):
    """What each figure comes to over all units that gave one, and over those of each bloc."""
    names = {bloc.pk: bloc.name for bloc in facts.blocs}
    taken: set[str] = set()
    for (code, unit), (spec, values) in facts.figures().items():
        key = f"figure:{code}" if code not in taken else f"figure:{code}:{unit}"
        taken.add(code)
        if values:
            told = [row.value for rows in values.values() for row in rows]
            number, words = together(spec, told)
            text = f"{spec.label}: {words} ({count(len(told))} đơn vị của {count(len(values))} cụm, khối)."
            sources = tuple(
                Source(names[pk], together(spec, [row.value for row in values[pk]])[1], "bloc", pk, _rows(values[pk]))
                for pk in names
                if pk in values
            )
            yield Piece(P.RESULTS, key[:120], text, sources, number)


def _rows(told):
    return ";".join(f"{row.report.pk}={figure(row.value)}" for row in told)


def _recognitions(facts):
    """All commendations of the year, and the share of direct workers."""
    rows = facts.recognitions
    if rows:
        text = f"Trong năm, các đơn vị thành viên có {commended_words(rows)} được khen thưởng{direct_words(rows)}."
        yield Piece(
            P.COMMENDATION, "recognitions", text, _by_bloc(facts, rows), Decimal(sum(row.count for row in rows))
        )


def _awards(facts):
    for award, rows in awards_of(facts):
        text = f"{award}: {commended_words(rows)}{direct_words(rows)}."
        number = Decimal(sum(row.count for row in rows))
        yield Piece(P.COMMENDATION, f"award:{award.code}", text, _by_bloc(facts, rows), number)


def awards_of(facts):
    """Shape: ProvinceFacts -> [(AwardKind, [Recognition])] in the order of the catalogue"""
    found = defaultdict(list)
    for row in facts.recognitions:
        found[row.award].append(row)
    return sorted(found.items(), key=lambda item: (item[0].position, item[0].code))


def _by_bloc(facts, rows):
    of_bloc = defaultdict(list)
    for row in rows:
        of_bloc[row.bloc_year_id].append(row)
    return tuple(
        Source(bloc.name, commended_words(of_bloc[bloc.pk]) + direct_words(of_bloc[bloc.pk]), "bloc", bloc.pk)
        for bloc in facts.blocs
        if bloc.pk in of_bloc
    )


# ---------------------------------------------------------------- words


def _quotes(facts):
    """What each bloc says in its adopted report, part by part."""
    room = next((room for most, room in ROOM if len(facts.blocs) <= most), LEAST_ROOM)
    for part, codes in QUOTES.items():
        for bloc, report in facts.reported():
            written = {row.code: row for row in report.parts.all()}
            paragraphs = [text for code in codes if code in written for text in _own_words(written[code])]
            if paragraphs:
                said = words_of(paragraphs)
                source = Source(bloc.name, brief(said), "summary_report", report.pk, codes[0])
                text = f"{bloc.name}: {shortened(said, room)}"
                yield Piece(part, f"{codes[0]}:{bloc.bloc_id}", text, (source,))


def being_mended(year):
    """Reports of blocs that were returned or reopened, of units that were returned: what was taken from them stays
    until they are adopted, or sent, again.

    Shape:   Year -> {(kind of a source, pk)}; two queries
    """
    blocs = SummaryReport.objects.filter(bloc_year__year=year).exclude(state__in=STANDING)
    units = UnitReport.objects.annual().being_mended().filter(bloc_year__year=year)
    return {
        *(("summary_report", pk) for pk in blocs.values_list("pk", flat=True)),
        *(("unit_report", pk) for pk in units.values_list("pk", flat=True)),
    }


def _own_words(part):
    keys = part.keys if len(part.keys) == len(part.paragraphs) else [""] * len(part.paragraphs)
    return [text for text, key in zip(part.paragraphs, keys, strict=True) if not key.startswith(ADDED_UP)]


# ---------------------------------------------------------------- conflicts


def _conflicts(facts):
    """Where a bloc's adopted report states another sum than its units give now; where a unit says two numbers."""
    yield from _bloc_sums(facts)
    yield from _returned(facts)
    names = {bloc.pk: bloc.name for bloc in facts.blocs}
    for counted, other in facts.told_otherwise():
        one, two = names[counted.report.bloc_year_id], names[other.report.bloc_year_id]
        yield Conflict(
            f"{counted.report.unit.short}, {other.spec.label}: báo cáo ở {one} ghi {figure(counted.value)}, "
            f"ở {two} ghi {figure(other.value)}; chỉ cộng số ở {one}.",
            tuple(
                Source(name, figure(told.value), "unit_report", told.report.pk, told.spec.code)
                for name, told in ((one, counted), (two, other))
            ),
        )


def _returned(facts):
    for bloc in facts.blocs:
        if facts.is_returned(bloc):
            yield Conflict(
                f"{bloc.name}: báo cáo tổng kết bị trả lại, đang sửa; lời đã trích ở đây giữ như cũ cho đến khi "
                "khối thông qua lại.",
                (Source("Báo cáo tổng kết", "Bị trả lại", "summary_report", facts.begun[bloc.pk].pk),),
            )
        if units := facts.mended[bloc.pk]:
            yield Conflict(
                f"{bloc.name}: báo cáo năm bị trả lại, đang bổ sung: {', '.join(unit.short for unit in units)}; "
                "số đã cộng ở đây giữ như cũ cho đến khi đơn vị gửi lại.",
                (Source("Báo cáo năm", "Đang bổ sung", "missing", bloc.pk, Milestone.UNIT_REPORT),),
            )


def _bloc_sums(facts):
    """Not of a bloc while a unit's report is being mended."""
    sums = facts.sums_of_blocs()
    for bloc, report in ((bloc, report) for bloc, report in facts.reported() if not facts.mended[bloc.pk]):
        for part in report.parts.all():
            for key, paragraph in zip(part.keys, part.paragraphs, strict=False):
                number = sums[bloc.pk].get(key.removeprefix("figure:")) if key.startswith("figure:") else None
                if number is not None and figure(number) not in re.findall(r"[\d.,]*\d", paragraph):
                    label = facts.forms[bloc.pk].figure(key.removeprefix("figure:")).label
                    said = plain(paragraph)
                    yield Conflict(
                        f"{bloc.name}, {label}: báo cáo tổng kết ghi “{said}”, "
                        f"cộng báo cáo các đơn vị là {figure(number)}.",
                        (
                            Source("Báo cáo tổng kết", said, "summary_report", report.pk, part.code),
                            Source("Báo cáo các đơn vị", figure(number), "bloc", bloc.pk),
                        ),
                    )
