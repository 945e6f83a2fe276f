"""Units, blocs, members and their offices of a year file."""

from blocs.domain import rule_names
from blocs.domain.files import Fault, FileRefused
from blocs.domain.tiers import settle
from blocs.enums import MemberRole
from blocs.errors import RuleBroken
from blocs.models import Bloc, BlocYear, Membership, NextLeader, Succession, Unit, UnitYear
from reports.domain.yearfile import writing


def units(load):
    """The units, what they are called in this year, and whom they succeed; sets ``load.units``."""
    entries, authority = load.file.units, {"authority": load.authority}
    others = set(
        UnitYear.objects.filter(year__authority=load.authority).exclude(year=load.year).values_list("unit", flat=True)
    )
    rows = [
        authority | {"code": entry.code, "valid_from": entry.valid_from, "valid_to": entry.valid_to}
        for entry in entries
    ]
    known = Unit.objects.filter(authority=load.authority, code__in=[entry.code for entry in entries])
    units = load.sync.rows(known, rows, key=["authority", "code"], shared=lambda unit: unit.pk in others)
    pairs = list(zip(entries, units, strict=True))
    rows = [writing.unit_year(entry, unit, load.year) for entry, unit in pairs]
    load.sync.rows(UnitYear.objects.filter(year=load.year), rows, key=["year", "unit"], group=["year"])
    of_year = UnitYear.objects.filter(year=load.year).select_related("unit")
    load.units = {row.unit.code: row for row in of_year}
    by_code = {unit.code: unit for unit in Unit.objects.filter(authority=load.authority)}
    load.sync.rows(
        Succession.objects.filter(successor__in=units),
        [{"predecessor": by_code[code], "successor": unit} for entry, unit in pairs for code in entry.successor_of],
        key=["successor", "predecessor"],
        group=["successor"],
        shared=lambda row: row.successor_id in others,
    )


def blocs(load):
    """The blocs of the year as a tree; sets ``load.entries``, ``load.bloc_years``, ``load.paths``."""
    entries = load.file.blocs
    known = Bloc.objects.filter(authority=load.authority, code__in=[entry.code for entry in entries])
    rows = [{"authority": load.authority, "code": entry.code} for entry in entries]
    blocs = load.sync.rows(known, rows, key=["authority", "code"])
    queryset = BlocYear.objects.filter(year=load.year)
    pinned = _rule_sets(load)
    rows = [
        writing.bloc_year(entry, bloc, load.year) | pinned.get(entry.code, {})
        for entry, bloc in zip(entries, blocs, strict=True)
    ]
    load.old_blocs = set(queryset.values_list("pk", flat=True))
    bloc_years = load.sync.rows(queryset, rows, key=["year", "bloc"], group=["year"])
    load.entries = list(zip(entries, bloc_years, strict=True))
    load.bloc_years = {row.bloc.code: row for row in queryset.select_related("bloc")}
    load.paths = {bloc_year.pk: f"blocs[{number}]" for number, bloc_year in enumerate(bloc_years)}
    _parents(load)


def _rule_sets(load):
    """{bloc code: the pinned rule set}; a name without a version keeps the version that was pinned before."""
    held = BlocYear.objects.filter(year=load.year, rule_set__isnull=False).select_related("rule_set", "bloc")
    kept_by_nobody = {row.bloc.code for row in held if row.pk not in load.chosen}
    before = {row.bloc.code: row.rule_set for row in held}
    found: dict[str, dict] = {}
    faults = []
    for number, entry in enumerate(load.file.blocs):
        if entry.rules is None:
            if entry.code not in kept_by_nobody:
                found[entry.code] = {"rule_set": None, "rule_version_spelled": None}
            continue
        try:
            kept = before.get(entry.code)
            row = kept if kept and kept.code == entry.rules else rule_names.find(entry.rules)
            if row.authority_code not in ("", load.authority.code):
                faults.append(Fault(f"blocs[{number}].rules", f"{row} là của “{row.authority_code}”"))
        except RuleBroken as error:
            faults.append(Fault(f"blocs[{number}].rules", str(error)))
            continue
        found[entry.code] = {"rule_set": row, "rule_version_spelled": row.code != entry.rules}
    if faults:
        raise FileRefused(faults)
    return found


def _parents(load):
    moved = []
    for entry, bloc_year in load.entries:
        parent = load.bloc_years.get(entry.parent)
        if (parent or load.replace) and bloc_year.parent_id != (parent and parent.pk):
            if bloc_year.pk in load.old_blocs:
                before = bloc_year.parent and bloc_year.parent.name
                told = {"parent": before}, {"parent": parent and parent.name}
                load.sync.changes.update("blocs.blocyear", f"khối của năm: {bloc_year.name}", *told)
            bloc_year.parent = parent
            moved.append(bloc_year)
    BlocYear.objects.bulk_update(moved, ["parent"])


def memberships(load):
    """Members and offices, of this year and the next."""
    tiers = settle(load.year.pk)
    offices = {bloc_year.pk: writing.offices(entry) for entry, bloc_year in load.entries}
    _demote(load, offices)
    _close_ranks(load, offices)
    rows = []
    for entry, bloc_year in load.entries:
        held = offices[bloc_year.pk]
        for code in [*entry.members, *(code for code in held if code not in entry.members)]:
            role, rank = held.get(code, (None, None))
            office = {"role": role, "deputy_rank": rank, "tier": tiers[bloc_year.pk]}
            rows.append({"bloc_year": bloc_year, "unit": load.units[code]} | office)
    load.per_bloc(Membership, rows, key=["bloc_year", "unit"], at_once=True)
    _check_validity(load)
    for entry, bloc_year in load.entries:
        _next_leaders(load, entry, bloc_year)


def _demote(load, offices):
    """Offices are values, not lists: where the file names their holders, the former ones become plain members."""
    entries = {bloc_year.pk: entry for entry, bloc_year in load.entries}
    holders = Membership.objects.filter(bloc_year__in=entries).exclude(role=MemberRole.MEMBER)
    for holder in holders.select_related("unit__unit"):
        entry = entries[holder.bloc_year_id]
        wanted = offices[holder.bloc_year_id].get(holder.unit.unit.code)
        spoken = entry.head if holder.role == MemberRole.HEAD else entry.deputies
        if wanted == (holder.role, holder.deputy_rank) or not (wanted or spoken or load.replace):
            continue
        if not wanted:
            told = {"role": holder.role}, {"role": "member"}
            load.sync.changes.update("blocs.membership", f"thành viên: {holder.unit}", *told)
        holder.role, holder.deputy_rank = MemberRole.MEMBER, None
        holder.save(update_fields=["role", "deputy_rank"])


def _close_ranks(load, offices):
    """A second deputy becomes the first where the first has left and the file names no deputies."""
    silent = [bloc_year.pk for entry, bloc_year in load.entries if not entry.deputies]
    seconds = Membership.objects.filter(bloc_year__in=silent, deputy_rank=2)
    for second in seconds.exclude(bloc_year__memberships__deputy_rank=1).select_related("unit"):
        told = {"deputy_rank": 2}, {"deputy_rank": 1}
        load.sync.changes.update("blocs.membership", f"thành viên: {second.unit}", *told)
        second.deputy_rank = 1
        second.save(update_fields=["deputy_rank"])


def _check_validity(load):
    places = {
        (bloc_year.pk, code): f"blocs[{number}].members[{place}]"
        for number, (entry, bloc_year) in enumerate(load.entries)
        for place, code in enumerate(entry.members)
    }
    units = {entry.code: f"units[{number}]" for number, entry in enumerate(load.file.units)}
    limited = Unit.objects.filter(authority=load.authority).exclude(valid_from=None, valid_to=None)
    rows = Membership.objects.filter(unit__unit__in=limited)
    faults = []
    for row in rows.select_related("unit__unit", "bloc_year__year"):
        unit, year = row.unit.unit, row.bloc_year.year
        if not unit.exists_during(year.starts_on, year.ends_on):
            path = places.get((row.bloc_year_id, unit.code)) or units.get(unit.code, f"units.{unit.code}")
            faults.append(
                Fault(path, f"“{unit.code}” không tồn tại trong năm {year.label} (theo valid_from, valid_to)")
            )
    if faults:
        raise FileRefused(faults)


def _next_leaders(load, entry, bloc_year):
    """As with the offices of the year itself: values that the file sets, or leaves as they are."""
    stored = list(bloc_year.next_leaders.select_related("unit__unit")) if bloc_year.pk in load.old_blocs else []
    before = [(row.role, row.unit.unit.code) for row in stored]
    head = [(MemberRole.HEAD, entry.next_head)] if entry.next_head else []
    deputies = [(MemberRole.DEPUTY, code) for code in entry.next_deputies]
    if not load.replace:
        named = {entry.next_head, *entry.next_deputies}  # nobody keeps an office beside the one that the file gives
        left = [item for item in before if item[1] not in named]
        head = head or [item for item in left if item[0] == MemberRole.HEAD]
        deputies = deputies or [item for item in left if item[0] == MemberRole.DEPUTY]
    after = [*head, *deputies]
    if before == after:
        return
    bloc_year.next_leaders.all().delete()
    NextLeader.objects.bulk_create(
        NextLeader(bloc_year=bloc_year, unit=load.units[code], role=role, position=position)
        for position, (role, code) in enumerate(after)
    )
    if before:
        what = f"lãnh đạo khối năm sau: {bloc_year.name}"
        load.sync.changes.update("blocs.nextleader", what, *({"unit": _offices(pairs)} for pairs in (before, after)))
    else:
        names = [f"lãnh đạo khối năm sau: {bloc_year.name} · {office}" for office in _offices(after)]
        load.sync.changes.create("blocs.nextleader", len(after), names)


def _offices(pairs):
    return [f"{MemberRole(role).label}: {code}" for role, code in pairs]
