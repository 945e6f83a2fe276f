"""The pieces of a bloc's summary report. Source: summary-outline."""

from decimal import Decimal

from awards.enums import Recipients
from blocs.domain import covenant as covenants
from blocs.templatetags.vietnamese import count, figure
from movements.domain.results import is_share
from reports.domain import report_forms
from reports.domain.assembly import activities
from reports.domain.assembly.commended import commended_words, direct_words
from reports.domain.assembly.facts import BlocFacts
from reports.domain.assembly.pieces import Conflict, Piece, Source, quote_of, total_of
from reports.enums import SummaryPartCode as P
from reports.models import UnitReport

MENDING = "Bị trả lại, đang bổ sung"


def generate(bloc_year):
    """Everything the data give for the summary report of a bloc.

    Shape:   BlocYear -> ([Piece] in the order of the report, [Conflict])
    Source:  summary-outline
    """
    facts = BlocFacts(bloc_year)
    told = [
        *activities.registrations(facts),
        *_figures(facts),
        *_recognitions(facts),
        *activities.movements(facts),
        *_targets(facts),
        *_quotes(facts),
        *activities.proposals(facts),
    ]
    found = [*_absent(facts), *told] if told else []
    order = list(P)
    return sorted(found, key=lambda piece: order.index(P(piece.part))), [*_conflicts(facts)]


def _absent(facts):
    """Who has not sent, and whose report was returned and has not come back."""
    absent, mending, number = facts.absent(), facts.being_mended(), count(len(facts.units))
    named = [
        f"{count(len(units))}/{number} đơn vị {words}: {', '.join(unit.short for unit in units)}"
        for units, words in ((absent, "chưa gửi báo cáo năm"), (mending, "bị trả lại báo cáo năm, đang bổ sung"))
        if units
    ]
    if named:
        ending = (
            f" Số liệu tổng hợp dưới đây là của {count(len(facts.reports))} đơn vị đã gửi." if facts.reports else ""
        )
        if mending:
            ending = " Mỗi số tổng hợp từ báo cáo năm ghi rõ của bao nhiêu đơn vị."
        sources = (
            *(Source(unit.short, "Chưa gửi báo cáo năm", "missing", facts.bloc_year.pk) for unit in absent),
            *(Source(unit.short, MENDING, "missing", facts.bloc_year.pk) for unit in mending),
        )
        yield Piece(P.RESULTS, "absent", f"Đến khi lập báo cáo, {'; '.join(named)}.{ending}", sources)


def _figures(facts):
    """Each figure over the units that gave one: the sum, of shares the lowest and highest."""
    for spec in facts.form.figures:
        rows = [
            (Source(unit.short, "", "unit_report", report.pk, spec.code), row.value)
            for unit, report in facts.reported()
            for row in report.figures.all()
            if row.code == spec.code and row.value is not None
        ]
        if rows:
            yield total_of(P.RESULTS, f"figure:{spec.code}", spec, rows, of_whom="đơn vị")


def _recognitions(facts):
    """How many got which award, and the share of direct workers among the persons."""
    rows = [(unit, row) for unit in facts.units for row in facts.recognitions[unit.pk] if row.count is not None]
    if rows:
        given = [row for _, row in rows]
        text = f"Trong năm, các đơn vị có {commended_words(given)} được khen thưởng{direct_words(given)}."
        sources = tuple(
            Source(unit.short, f"{row.award}: {count(row.count)}", "recognition", facts.bloc_year.pk)
            for unit, row in rows
        )
        yield Piece(P.RESULTS, "recognitions", text, sources, Decimal(sum(row.count for row in given)))


def _targets(facts):
    """What exceeded, met and missed the covenant, in the bloc's own results."""
    judged: dict[str, list] = {"exceeded": [], "met": [], "missed": []}
    for target in facts.targets:
        result = next((row for row in target.results.all() if row.of_id is None), None)
        verdict = covenants.verdict(target, result.value if result else None)
        if result and verdict in judged:
            judged[verdict].append((target, result))
    for verdict, part, words in (
        ("exceeded", P.STRENGTHS, f"{facts.word} vượt {{}} chỉ tiêu giao ước: {{}}."),
        ("met", P.STRENGTHS, f"{facts.word} đạt {{}} chỉ tiêu giao ước: {{}}."),
        ("missed", P.SHORTCOMINGS, f"{facts.word} chưa đạt {{}} chỉ tiêu giao ước: {{}}."),
    ):
        rows = judged[verdict]
        if rows:
            named = "; ".join(
                f"{_unstopped(target)} (đạt {_measured(target, row.value)}, giao ước {covenants.promised(target)})"
                for target, row in rows
            )
            sources = tuple(
                Source(str(target), _measured(target, row.value), "covenant", facts.bloc_year.pk, _row_of(target))
                for target, row in rows
            )
            yield Piece(part, f"targets:{verdict}", words.format(count(len(rows)), named), sources)


def being_mended(bloc_year):
    """The units' reports that were returned: what was taken from them stays until they come back.

    Shape:   BlocYear -> {(kind of a source, pk)}; one query
    """
    rows = UnitReport.objects.annual().being_mended().filter(bloc_year=bloc_year)
    return {("unit_report", pk) for pk in rows.values_list("pk", flat=True)}


def _quotes(facts):
    """What each unit says, part by part."""
    for part in facts.form.parts:
        for unit, report in facts.reported():
            paragraphs = next((row.paragraphs for row in report.parts.all() if row.code == part.code), None)
            if paragraphs:
                source = Source(unit.short, "", "unit_report", report.pk, part.code)
                key = f"{part.code}:{unit.unit_id}"
                yield quote_of(report_forms.target_of(part), key, unit.short, paragraphs, source)


def _conflicts(facts):
    """Where a unit's report and its list of awards, or the bloc's result and its units' sum, differ; who is mending."""
    for unit in facts.being_mended():
        yield Conflict(
            f"{unit.short}: báo cáo năm bị trả lại, đang bổ sung; lời, số đã lấy vào đây giữ như cũ cho đến khi "
            "đơn vị gửi lại.",
            (Source("Báo cáo năm", MENDING, "missing", facts.bloc_year.pk),),
        )
    for unit, report in facts.reported():
        said = {row.code: row.value for row in report.figures.all()}
        for code, recipients in (("collectives", Recipients.COLLECTIVE), ("individuals", Recipients.INDIVIDUAL)):
            rows = [row for row in facts.recognitions[unit.pk] if row.recipients == recipients]
            listed = sum(row.count or 0 for row in rows)
            if rows and said.get(code) is not None and said[code] != listed:
                yield Conflict(
                    f"{unit.short}, {recipients.label.lower()} được khen thưởng: báo cáo năm ghi {figure(said[code])}, "
                    f"danh sách khen thưởng có {count(listed)}.",
                    (
                        Source("Báo cáo năm", figure(said[code]), "unit_report", report.pk, code),
                        Source("Danh sách khen thưởng", count(listed), "recognition", facts.bloc_year.pk),
                    ),
                )
    for target in facts.targets:
        yield from _conflict_of(target, facts)


def _conflict_of(target, facts):
    """A count that the bloc states otherwise than its units add up to; shares do not add up."""
    own = next((row for row in target.results.all() if row.of_id is None and row.value is not None), None)
    parts = [row for row in covenants.published(target.results.all()) if row.of_id and row.value is not None]
    added = sum((row.value for row in parts), Decimal(0))
    if own is None or len(parts) < len(facts.units) or is_share(target.unit_of_measure) or own.value == added:
        return
    where = "covenant", facts.bloc_year.pk, _row_of(target)
    yield Conflict(
        f"“{target}”: khối ghi {_measured(target, own.value)}, cộng các đơn vị là {_measured(target, added)}.",
        (
            Source("Kết quả của khối", figure(own.value), *where),
            *(Source(row.of.short, figure(row.value), *where) for row in parts),
        ),
    )


def _row_of(target):
    """Where the page of the covenant shows a target of the bloc."""
    return f"target-{target.code}"


def _measured(target, value):
    return f"{figure(value)} {target.unit_of_measure}".strip()


def _unstopped(target):
    return str(target).rstrip(" .;")
