"""Who stands on a covenant: as on the day of its closing, each signature with the name of its own day.

A unit that merges, is dissolved or leaves the bloc later stays where it signed; who comes later stands there once it
signs, or in place of one that had not.
"""

from dataclasses import dataclass

from blocs.domain import units
from blocs.enums import MemberRole
from blocs.models import Membership, Signature, UnitYear


@dataclass(frozen=True)
class Signer:
    """One unit's place; ``signature`` is None where it has not signed."""

    unit: UnitYear
    name: str
    role: MemberRole
    signature: Signature | None


def of(covenant):
    """The places in the bloc's order, those of former members last.

    Shape:   Covenant, perhaps not saved -> [Signer]; three queries
    """
    rows = Membership.objects.filter(bloc_year=covenant.bloc_year_id).select_related("unit").order_by("position", "pk")
    signed = list(covenant.signatures.select_related("unit", "paper")) if covenant.pk else []
    found = _places(covenant, list(rows), {row.unit_id: row for row in signed})
    days = [signature and (signature.signed_on or covenant.signed_on) for _, _, signature in found]
    names = units.names_of_days([(unit, day) for (unit, _, _), day in zip(found, days, strict=True)])
    return [Signer(unit, name, role, signature) for (unit, role, signature), name in zip(found, names, strict=True)]


def _places(covenant, members, signed):
    """[(UnitYear, role, Signature or None)]: the roles of the closing, else those of today."""
    roles = {pk: MemberRole(role) for pk, role in (covenant.closed_with or {}).get("units", ())}
    came_later = [row for row in members if row.unit_id not in roles]
    later = {row.unit_id for row in came_later}
    all_signed = roles.keys() <= signed.keys() if roles else len(signed) >= len(members)  # without roles: of a file
    if covenant.signed_on and all_signed:
        later &= signed.keys()
    shown = [row for row in members if row.unit_id in roles or row.unit_id in later]
    found = [(row.unit, roles.get(row.unit_id, MemberRole(row.role)), signed.get(row.unit_id)) for row in shown]
    gone = [row for pk, row in signed.items() if pk not in {unit.pk for unit, _, _ in found}]
    gone.sort(key=lambda row: (row.unit.position, row.unit_id))
    return found + [(row.unit, roles.get(row.unit_id, MemberRole.MEMBER), row) for row in gone]


def number(covenant, places):
    """How many units the text speaks of: those of the closing; where that is not known, those that stand on it.

    Shape:   (Covenant, [Signer]) -> int
    """
    return len((covenant.closed_with or {}).get("units", ())) or len(places)
