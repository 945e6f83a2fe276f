"""Which awards share one number."""


def groups(quotas):
    """Awards that any quota says to share a number, whichever of them says it: sharing goes both ways and on.

    Shape:   {award code: an object with shared_with} -> {award code, also one that is only named as sharing: the codes
             of its group that have a quota, in the order of the quotas}; the first one's number is the group's
    Source:  bloc-quota
    """
    joined: dict[str, set[str]] = {}
    for award, quota in quotas.items():
        group = {award, *quota.shared_with}
        group.update(*(joined[code] for code in group if code in joined))
        joined.update(dict.fromkeys(group, group))
    return {code: tuple(award for award in quotas if award in group) for code, group in joined.items()}
