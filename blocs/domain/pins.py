"""Which version of a rule set a bloc's year keeps: chosen by the board or a file, or held from the day it opened."""

from collections.abc import Callable, Iterable

from blocs.domain import rule_choice, rulesets
from blocs.enums import RuleScope
from blocs.models import BlocYear

CHECKS: list[Callable[[Iterable[BlocYear]], None]] = []  # what other apps refuse where blocs come under other rules


def check(bloc_years):
    """Whether what these blocs have of their own goes together with the rules that hold for them now.

    Shape:   BlocYear queryset -> None
    Raises:  RuleBroken
    """
    rows = list(bloc_years.select_related("year__authority", "bloc"))
    for one in CHECKS:
        one(rows)


def hold(bloc_years):
    """Let these blocs keep the set that holds for them now, whatever is published later.

    Nobody chose it: a file that is written from the year does not name it, and next year's set is found anew.

    Shape:   BlocYear queryset -> number of pins
    """
    rows = list(bloc_years.filter(rule_set=None).select_related("year__authority", "bloc"))
    sets = rulesets.of_blocs(rows)
    fresh = [row for row in rows if sets[row.pk]]
    for row in fresh:
        row.rule_set, row.rule_version_spelled = sets[row.pk], False
    BlocYear.objects.bulk_update(fresh, ["rule_set", "rule_version_spelled"], batch_size=200)
    return len(fresh)


def unpinned(rule_set):
    """The blocs' years that pin no set and may come under this one. Where one held when the year ended or the bloc
    closed, that one stays.

    Shape:   RuleSet -> BlocYear queryset
    """
    return _fitting(BlocYear.objects.filter(rule_set=None), rule_set)


def giving_way(rule_set, *, closed=False):
    """The blocs' years that hold a set which nobody chose and which was published when they were over, and for which
    this one goes before it: by then it is a matter of history, in whatever order sets come. Closed blocs keep what they
    hold, unless ``closed`` says otherwise.

    Shape:   (RuleSet, published or still a draft) -> [BlocYear with its rule_set, year.authority and bloc]
    """
    rows = BlocYear.objects.filter(rule_set__isnull=False, rule_version_spelled=False)
    rows = _fitting(rows if closed else rows.filter(is_closed=False), rule_set).exclude(rule_set__code=rule_set.code)
    rows = rows.select_related("rule_set", "year__authority", "bloc").order_by("year__starts_on", "position", "pk")
    late = [
        row
        for row in rows
        if not is_chosen(row)
        and not rule_choice.is_in_time(row.rule_set, row.year)
        and rule_choice.preference(rule_set) < rule_choice.preference(row.rule_set)
    ]
    return rulesets.under(rule_set, late)


def give_way(rule_set, *, closed=False):
    """Take the pins off the blocs of ``giving_way``.

    Shape:   RuleSet, published -> [BlocYear with the rule_set that it held]
    Locks:   these bloc year rows
    """
    asked = [row.pk for row in giving_way(rule_set, closed=closed)]
    held = list(BlocYear.objects.select_for_update().filter(pk__in=asked).order_by("pk").values_list("pk", flat=True))
    rows = [row for row in giving_way(rule_set, closed=closed) if row.pk in held] if held else []
    BlocYear.objects.filter(pk__in=[row.pk for row in rows]).update(rule_set=None)
    return rows


def _fitting(rows, rule_set):
    """Of these BlocYear rows those in the authority, scope and days of a set."""
    if rule_set.authority_code:
        rows = rows.filter(year__authority__code=rule_set.authority_code)
    if rule_set.scope == RuleScope.TYPE:
        rows = rows.filter(type=rule_set.scope_code)
    if rule_set.scope == RuleScope.BLOC:
        rows = rows.filter(bloc__code=rule_set.scope_code)
    if rule_set.valid_from:
        rows = rows.filter(year__ends_on__gte=rule_set.valid_from)
    if rule_set.valid_to:
        rows = rows.filter(year__starts_on__lte=rule_set.valid_to)
    return rows


def mark(bloc_code):
    """What ``Year.spelled`` holds where a file names a set for a bloc without the version.

    Shape:   bloc code -> str
    """
    return f"rules:{bloc_code}"


def is_chosen(bloc_year):
    """True where the board or a file chose the pinned set.

    Shape:   BlocYear with year and bloc -> bool
    """
    return bloc_year.rule_set_id is not None and (
        bloc_year.rule_version_spelled or mark(bloc_year.bloc.code) in bloc_year.year.spelled
    )


def move_mark(year, bloc_code, to=""):
    """The code of a bloc has changed, or nobody's choice holds for it any more.

    Shape:   (Year, bloc code, new code or empty) -> None; the caller holds the year's lock
    """
    if (old := mark(bloc_code)) in year.spelled:
        year.spelled = [name for name in year.spelled if name != old] + ([mark(to)] if to else [])
        year.save(update_fields=["spelled"])
