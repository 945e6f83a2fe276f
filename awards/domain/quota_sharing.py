"""What is taken off where a quota counts the remaining members. Sharing is what each quota itself says."""

from awards.enums import QuotaBase


def taken_off(award, quotas):
    """The quotas whose numbers are taken off before this one is counted; no other number is asked for.

    An award of ``after`` counts with its own quota, unless another one that counts says that they share a number.
    Quotas that say so of each other, or round about, count as one; an award without a quota counts with one that shares
    with it, once. Where several could count, the largest number does, in whatever order they stand: no place is
    promised twice.

    Shape:   (award code, {award code: an object with max_percent, base, after, shared_with}) -> [(award code, …)]: of
             each the one with the largest number is taken off, an award once
    Source:  bloc-quota
    """
    quota = quotas[award]
    if quota.max_percent is None or quota.base != QuotaBase.REMAINING:
        return []
    own = _own(quota.after, quotas)
    covered = {*quotas, *_says([code for group in own for code in group], quotas)}
    sharing = [{other for other in quotas if code in quotas[other].shared_with} for code in {*quota.after} - covered]
    sharing = [group - {award} for group in sharing]
    least = [group for group in sharing if group and not any(other and other < group for other in sharing)]
    return own + sorted({tuple(sorted(group)) for group in least})


def _own(after, quotas):
    """Those with a quota of their own that nobody else takes in, group by group, the sharing ones first."""
    found, left = [], {code for code in after if code in quotas}
    while left:
        reach = {code: _reach(code, left, quotas) for code in left}
        first = [
            code for code in sorted(left) if all(code not in reach[other] or other in reach[code] for other in left)
        ]
        groups = list(dict.fromkeys(tuple(sorted(o for o in reach[code] if code in reach[o])) for code in first))
        left -= {code for group in groups for code in (*group, *_says(group, quotas))}
        found += groups
    return found


def _says(group, quotas):
    return {code for award in group for code in quotas[award].shared_with}


def _reach(code, within, quotas):
    found, ahead = set(), [code]
    while ahead:
        one = ahead.pop()
        if one not in found:
            found.add(one)
            ahead += within.intersection(quotas[one].shared_with)
    return found
