"""A year with its blocs, ready to be copied into the next one."""

from datetime import date

from blocs.domain.rulesets import import_rules
from blocs.enums import Role
from blocs.models import NextLeader
from reports.domain import opening
from tests.factories import make_bloc_year, make_user, make_year, members_of


def board_of(year):
    return make_user(Role.BOARD_STAFF, authority=year.authority)


def prepare(source, *, label="2027", year=2027, starts_on=None, ends_on=None, by=None, **values):
    """The year after ``source`` (2026), in preparation."""
    return opening.prepare_year(
        source.pk,
        label=label,
        year=year,
        starts_on=starts_on or date(year, 1, 1),
        ends_on=ends_on or date(year, 12, 31),
        by=by or board_of(source),
        **values,
    )


def make_source(*, blocs=1, **columns):
    """A year 2026 of ``blocs`` blocs with three units each."""
    year = make_year(**columns)
    return year, [make_bloc_year(year) for _ in range(blocs)]


def choose_next(bloc_year, *, head=None, deputies=()):
    """Who was chosen to lead in the following year, by the place in the list of members."""
    units = members_of(bloc_year)
    chosen = [(units[head], "head")] if head is not None else []
    chosen += [(units[place], "deputy") for place in deputies]
    for position, (unit, role) in enumerate(chosen):
        NextLeader.objects.create(bloc_year=bloc_year, unit=unit, role=role, position=position)


def of_year(year, bloc_year):
    """The same bloc in another year."""
    return year.bloc_years.get(bloc=bloc_year.bloc)


def publish(code, *, version=1, body="", valid_from="2020-01-01", valid_to=None, authority=""):
    """A published rule set of a few lines."""
    lines = ["format: emulation-rules/1", f"id: {code}", f"version: {version}", f"valid_from: {valid_from}"]
    lines += [f"valid_to: {valid_to}"] if valid_to else []
    lines += [f"authority: {authority}"] if authority else []
    return import_rules("\n".join([*lines, body, ""]).encode(), publish=True)[0]
