"""How deep a bloc lies in the tree. A unit belongs to one bloc of a tier; the constraint on memberships rests on it."""

from django.db.models import F

from blocs.models import BlocYear, Membership

FAR = 10_000  # beyond any tree: rows pass through here, so that none takes a tier that the next is about to leave

ASIDE = 1000


def tiers_of(parents):
    """The number of blocs above each.

    Shape:   {bloc: bloc above or None} -> {bloc: int}; a bloc in a circle counts up to where the circle closes
    """
    found = {}
    for bloc in parents:
        seen, above = {bloc}, parents[bloc]
        while above is not None and above not in seen:
            seen.add(above)
            above = parents.get(above)
        found[bloc] = len(seen) - 1
    return found


def settle(year_id):
    """Write the tier into the memberships of a year whose tree has changed.

    Shape:   Year id -> {BlocYear id: tier}
    Raises:  IntegrityError where a unit would stand twice in one tier
    """
    tiers = tiers_of(dict(BlocYear.objects.filter(year=year_id).values_list("pk", "parent")))
    wrong = [row for row in Membership.objects.filter(bloc_year__year=year_id) if row.tier != tiers[row.bloc_year_id]]
    aside = F("tier") + ASIDE  # two blocs may change places: nobody stands in the other's tier meanwhile
    Membership.objects.filter(pk__in=[row.pk for row in wrong]).update(tier=aside)
    for row in wrong:
        row.tier = FAR + tiers[row.bloc_year_id]
    Membership.objects.bulk_update(wrong, ["tier"], batch_size=200)
    for row in wrong:
        row.tier -= FAR
    Membership.objects.bulk_update(wrong, ["tier"], batch_size=200)
    return tiers
