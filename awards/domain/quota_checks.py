"""What is wrong with a quota, whoever wrote it: on a page, in a rule set, in a year file."""

from awards.domain.quota_groups import groups
from awards.enums import QuotaBase


def faults(award, quota):
    """What a quota itself says that cannot be.

    Shape:   (award code, an object with by_size, after) -> iterator of (key, reason)
    Source:  bloc-quota
    """
    if award in quota.after:
        yield "after", "Một khen thưởng không trừ chính nó."
    for reason in _of_sizes(quota.by_size):
        yield "by_size", reason


def is_idle(quota):
    """Whether ``after`` says nothing: it counts for the remaining members alone. The file format does not forbid it."""
    return bool(quota.after) and quota.base != QuotaBase.REMAINING


def _of_sizes(sizes):
    last: float = -1
    for low, high in sorted((_end(size, "ge") or 0, _end(size, "le")) for size in sizes):
        if high is not None and high < low:
            yield f"Khoảng số thành viên viết ngược: {low} đến {high}."
        elif low <= last:
            yield f"Các khoảng số thành viên chồng lên nhau ở khoảng bắt đầu từ {low}."
        last = max(last, float("inf") if high is None else high)


def _end(size, name):
    return size.get(name) if isinstance(size, dict) else getattr(size, name)


def circle(quotas):
    """Awards of which each is counted after the next and the last after the first: no number comes out of that. Awards
    that share a number wait for what any of them is counted after.

    Shape:   {award code: an object with after, shared_with} -> [award code], empty where there is none
    """
    sharing = groups(quotas)
    done: set[tuple[str, ...]] = set()
    for award in quotas:
        if found := _way_back(sharing[award], quotas, sharing, {}, done):
            return found
    return []


def _way_back(group, quotas, sharing, way, done):
    """``way`` has the groups so far, each with the award by which it was left."""
    if group in way:
        return list(way.values())[list(way).index(group) :]
    if group in done:
        return []
    for award in group:
        for other in quotas[award].after:
            if other in sharing and (found := _way_back(sharing[other], quotas, sharing, way | {group: award}, done)):
                return found
    done.add(group)
    return []


def circle_words(awards):
    """Shape: [award code] -> sentence"""
    return f"Chỉ tiêu trừ lẫn nhau thành vòng, không tính được: {' → '.join([*awards, awards[0]])}."
