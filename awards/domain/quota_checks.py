"""What is wrong with a quota, whoever wrote it: on a page, in a rule set, in a year file."""

from awards.domain.quota_sharing import taken_off
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
    """Awards of which each is counted after the next and the last after the first: no number comes out of that. Only
    what is taken off counts, by the same function as where it is counted.

    Shape:   {award code: an object with max_percent, base, after, shared_with} -> [award code], empty where there is
             none
    """
    done: set[str] = set()
    for award in quotas:
        if found := _way_back(award, quotas, [], done):
            return found
    return []


def _way_back(award, quotas, way, done):
    if award in way:
        return way[way.index(award) :]
    if award in done:
        return []
    for other in dict.fromkeys(code for group in taken_off(award, quotas) for code in group):
        if found := _way_back(other, quotas, [*way, award], done):
            return found
    done.add(award)
    return []


def circle_words(awards):
    """Shape: [award code] -> sentence"""
    return f"Chỉ tiêu trừ lẫn nhau thành vòng, không tính được: {' → '.join([*awards, awards[0]])}."
