"""Movements and conferences of a year file, which lie across the blocs."""

from blocs.models import Attendance, Conference
from movements.models import Coordinator, Indicator, IndicatorResult, Movement


def movements(load):
    """Movements with their owners, coordinators, indicators and results."""
    entries, units = load.file.movements, load.units
    rows = [
        item.model_dump(include={"code", "name", "launched_by", "launched_on", "ends_on", "scope", "method"})
        | {"year": load.year, "owner": units[item.owner] if item.owner else None}
        for item in entries
    ]
    queryset = Movement.objects.filter(year=load.year)
    movements = load.sync.rows(queryset, rows, key=["year", "code"], group=["year"])
    pairs = list(zip(entries, movements, strict=True))
    load.sync.rows(
        Coordinator.objects.filter(movement__year=load.year),
        [{"movement": movement, "unit": units[code]} for item, movement in pairs for code in item.coordinators],
        key=["movement", "unit"],
        group=["movement"],
    )
    load.sync.rows(
        Indicator.objects.filter(movement__year=load.year),
        [
            {
                "movement": movement,
                "code": entry.code,
                "text": entry.text,
                "unit_of_measure": entry.unit,
                "target": entry.target,
            }
            for item, movement in pairs
            for entry in item.indicators
        ],
        key=["movement", "code"],
        group=["movement"],
    )
    _indicator_results(load, pairs)


def _indicator_results(load, pairs):
    known = Indicator.objects.filter(movement__year=load.year)
    indicators = {(row.movement_id, row.code): row for row in known}
    rows = [
        {
            "indicator": indicators[movement.pk, entry.indicator],
            "unit": load.units[entry.unit] if entry.unit else None,
            "period": entry.period,
            "value": entry.value,
        }
        for item, movement in pairs
        for entry in item.results
    ]
    load.sync.rows(
        IndicatorResult.objects.filter(indicator__movement__year=load.year).select_related("indicator"),
        rows,
        key=["indicator", "unit", "period"],
        group=["indicator__movement"],
    )


def conferences(load):
    """Conferences of blocs and of the council, and who attended."""
    entries = load.file.conferences
    rows = [
        {
            "year": load.year,
            "bloc_year": load.bloc_years[item.bloc] if item.bloc else None,
            "kind": item.kind,
            "held_on": item.held_on,
            "guests": item.guests,
            "directions": item.directions,
        }
        for item in entries
    ]
    queryset = Conference.objects.filter(year=load.year)
    conferences = load.sync.rows(queryset, rows, key=["bloc_year", "kind", "held_on"], group=["year"])
    load.sync.rows(
        Attendance.objects.filter(conference__year=load.year),
        [
            {"conference": conference, "unit": load.units[code]}
            for item, conference in zip(entries, conferences, strict=True)
            for code in item.attended
        ],
        key=["conference", "unit"],
        group=["conference"],
    )
