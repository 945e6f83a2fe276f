"""Which of several rule sets holds for a bloc's year: the narrowest that fits."""

from datetime import date

from django.utils import timezone

from blocs.enums import RuleScope

WIDTH = {RuleScope.BLOC: 0, RuleScope.TYPE: 1, RuleScope.PROVINCE: 2}


def preference(rule_set):
    """By what one set goes before another, the lower first: the narrower, the authority's own before one for any, the
    one that begins later. What is equal in these leaves the other where it holds already.

    Shape:   RuleSet -> a tuple to compare
    """
    begins = rule_set.valid_from or date.min
    return WIDTH[rule_set.scope], rule_set.authority_code == "", -begins.toordinal()


def holding(candidates, bloc_year):
    """The set that holds without a pin; one that came when the year was over only where none of its time does.

    Shape:   ([RuleSet], BlocYear with year.authority and bloc) -> RuleSet or None
    """
    in_time = [row for row in candidates if is_in_time(row, bloc_year.year)]
    return _narrowest(in_time, bloc_year) or _narrowest(candidates, bloc_year)


def is_in_time(rule_set, year):
    """True where the set was published (a draft: would be, today) while the year was not over."""
    return timezone.localdate(rule_set.published_at or timezone.now()) <= year.ends_on


def fits(rule_set, bloc_year):
    """True where authority, scope and dates of the set take in the bloc's year."""
    year = bloc_year.year
    if rule_set.authority_code not in ("", year.authority.code):
        return False
    if rule_set.scope == RuleScope.TYPE and rule_set.scope_code != bloc_year.type:
        return False
    if rule_set.scope == RuleScope.BLOC and rule_set.scope_code != bloc_year.bloc.code:
        return False
    begins, ends = rule_set.valid_from or date.min, rule_set.valid_to or date.max
    return begins <= year.ends_on and ends >= year.starts_on


def _narrowest(candidates, bloc_year):
    fitting = [row for row in candidates if fits(row, bloc_year)]
    latest = {row.code: row for row in sorted(fitting, key=lambda row: row.version)}  # it replaces the earlier ones
    return min(latest.values(), key=lambda row: (preference(row), row.code), default=None)
