"""How commendations are told, the same in both reports. Source: summary-outline, province-outline."""

from awards.enums import Recipients
from blocs.domain.completeness import rate
from blocs.templatetags.vietnamese import count, percent


def numbers_of(rows):
    """How many collectives and persons, and of how many persons it is said that they are direct workers.

    Shape:   [Recognition] -> (collectives, persons, others, direct workers, persons of whom it is told)
    """
    persons = [row for row in rows if row.recipients == Recipients.INDIVIDUAL]
    told = [row for row in persons if row.direct_workers is not None]
    groups = sum(row.count for row in rows if row.recipients == Recipients.COLLECTIVE)
    people = sum(row.count for row in persons)
    others = sum(row.count for row in rows) - groups - people
    return groups, people, others, sum(row.direct_workers for row in told), sum(row.count for row in told)


def commended_words(rows):
    """Shape: [Recognition] -> ``02 lượt tập thể, 12 lượt cá nhân``"""
    groups, people, others, _, _ = numbers_of(rows)
    numbers = ((groups, "tập thể"), (people, "cá nhân"), (others, "chưa ghi đối tượng"))
    return ", ".join(f"{count(number)} lượt {word}" for number, word in numbers if number) or "00 lượt"


def direct_words(rows):
    """Seed S18: the share of direct workers, among the rows that give their number.

    Shape:   [Recognition] -> str that goes on after the numbers, "" where none is told
    """
    _, _, _, direct, whole = numbers_of(rows)
    if not whole:
        return ""
    share = percent(rate(direct, whole))
    return f"; người lao động trực tiếp chiếm {count(direct)}/{count(whole)} lượt cá nhân có ghi số này ({share})"
