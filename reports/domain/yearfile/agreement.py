"""What a file changes in a bloc must agree with the rules that hold there, as on the pages."""

from collections import defaultdict

from awards.domain import quota_checks
from awards.domain.quotas import prescribed_of
from blocs.domain import rule_choice, rulesets
from blocs.domain.files import Fault, FileRefused
from blocs.domain.leaders import deputies_allowed
from blocs.enums import MemberRole, RuleScope
from blocs.models import BlocYear, Membership


def standing(year):
    """What the rules bear on, of each bloc.

    Shape:   Year -> {BlocYear id: (id of the pinned set, type, {UnitYear id of a deputy})}; two queries
    """
    deputies = _deputies(year)
    rows = BlocYear.objects.filter(year=year).values_list("pk", "rule_set", "type")
    return {pk: (rule_set, kind, deputies[pk]) for pk, rule_set, kind in rows}


def _deputies(year):
    found = defaultdict(set)
    rows = Membership.objects.filter(bloc_year__year=year, role=MemberRole.DEPUTY)
    for bloc_year, unit in rows.values_list("bloc_year", "unit"):
        found[bloc_year].add(unit)
    return found


def check(load, before):
    """Refuse pins that do not fit, deputies that the rules do not allow, quotas that wait for each other. What was so
    before the file and stays so is no fault of the file.

    Shape:   (Loader, what ``standing`` gave before) -> None; a constant number of queries
    Raises:  FileRefused
    """
    after, faults = standing(load.year), []
    entries = {bloc_year.pk: entry for entry, bloc_year in load.entries}
    rows = list(
        BlocYear.objects.filter(pk__in=entries).select_related("year__authority", "bloc").order_by("position", "pk")
    )
    sets, quotas = rulesets.of_blocs(rows), prescribed_of(rows)
    for row in rows:
        now, path = after[row.pk], load.paths[row.pk]
        is_new = before.get(row.pk) != now
        if is_new and row.rule_set_id and not _fits(sets[row.pk], row):
            faults.append(
                Fault(f"{path}.rules", f"{sets[row.pk]} không dành cho khối này: khác phạm vi hoặc thời gian")
            )
        most = deputies_allowed(sets[row.pk])
        if is_new and sets[row.pk] and len(now[2]) > most:
            faults.append(
                Fault(f"{path}.deputies", f"{sets[row.pk]} cho nhiều nhất {most} Khối phó, ở đây là {len(now[2])}")
            )
        if (is_new or entries[row.pk].quotas) and (awards := quota_checks.circle(quotas[row.pk])):
            faults.append(Fault(f"{path}.quotas", quota_checks.circle_words(awards)))
    if faults:
        raise FileRefused(faults)


def _fits(rule_set, row):
    """A bloc whose type nobody wrote down may have any."""
    kind = row.type or (rule_set.scope_code if rule_set.scope == RuleScope.TYPE else "")
    return rule_choice.fits(rule_set, BlocYear(year=row.year, bloc=row.bloc, type=kind))
