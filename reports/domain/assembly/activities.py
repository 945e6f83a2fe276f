"""Pieces of a bloc's report from its registrations, movements and proposals. Source: summary-outline."""

from collections import defaultdict
from decimal import Decimal

from blocs.templatetags.vietnamese import count
from reports.domain.assembly.pieces import Piece, Source, measured, together
from reports.enums import SummaryPartCode as P
from reports.unit_form import Figure


def registrations(facts):
    """Which titles the units aimed at."""
    rows = [(unit, row) for unit in facts.units if (row := facts.registrations.get(unit.pk)) and row.awards]
    if rows:
        aims = [(facts.awards.get(code, code), unit.short) for unit, row in rows for code in row.awards]
        text = f"{count(len(rows))}/{count(len(facts.units))} đơn vị đăng ký thi đua: {_by_award(aims)}."
        sources = tuple(
            Source(
                unit.short,
                ", ".join(str(facts.awards.get(code, code)) for code in row.awards),
                "registration",
                facts.bloc_year.pk,
            )
            for unit, row in rows
        )
        yield Piece(P.LEADING, "registrations", text, sources, Decimal(len(rows)))


def movements(facts):
    """What the units reached in each movement by indicator: sums, of shares the lowest and highest."""
    for movement, indicators in facts.movements():
        told, sources, number = [], [], None
        for indicator, rows in indicators:
            spec = Figure("", str(indicator).rstrip(" .;"), indicator.unit_of_measure)
            number, words = together(spec, [row.value for row in rows])
            period = rows[0].period if rows[0].period not in ("", facts.bloc_year.year.label) else ""
            told.append(
                f"{spec.label}{f' ({period})' if period else ''}: {words} ({count(len(rows))} đơn vị có kết quả)"
            )
            sources += [
                Source(row.unit.short, f"{spec.label}: {measured(spec, row.value)}", "movement", movement.pk)
                for row in rows
            ]
        text = f"{movement.name.rstrip(' .;')}: {'; '.join(told)}."
        number = number if len(told) == 1 else None
        yield Piece(P.RESULTS, f"movement:{movement.pk}", text, tuple(sources), number)


def proposals(facts):
    """For whom the bloc asks which award."""
    named = [(row.award, row.unit.short) for row in facts.proposals]
    counted = [f"{row.award}: {count(row.count)} đơn vị" for row in facts.proposed_counts]
    if named or counted:
        text = f"{facts.word} đề nghị khen thưởng: {'; '.join([*([_by_award(named)] if named else []), *counted])}."
        pk = facts.bloc_year.pk
        sources = (
            *(Source(row.unit.short, str(row.award), "proposals", pk) for row in facts.proposals),
            *(Source(str(row.award), count(row.count), "proposals", pk) for row in facts.proposed_counts),
        )
        number = Decimal(len(named) + sum(row.count for row in facts.proposed_counts))
        yield Piece(P.RECOMMENDATIONS, "proposals", text, sources, number)


def _by_award(pairs):
    """``Cờ thi đua: 02 đơn vị (A, B); Bằng khen: 01 đơn vị (C)``"""
    units = defaultdict(list)
    for award, unit in pairs:
        units[str(award)].append(unit)
    return "; ".join(f"{award}: {count(len(names))} đơn vị ({', '.join(names)})" for award, names in units.items())
