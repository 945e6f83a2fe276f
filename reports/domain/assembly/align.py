"""Which paragraph of an edited text is which paragraph of the text before: provenance survives editing."""

from collections import Counter

from reports.domain.assembly.compare import Work
from reports.domain.marks import plain

ALIKE = 0.5  # from this share of equal words on, a paragraph counts as the old one, edited
NEAR = 20  # so many places away an edited paragraph is looked for


def carry(before, keys, after):
    """The keys of the paragraphs of a text after somebody edited it.

    Shape:   ([paragraph], [key or ""], [paragraph]) -> [key or ""], one for each new paragraph; a key stands once
    """
    keys = whole(keys, before)
    found = [""] * len(after)
    for tag, start, end, begin, stop in Work().paragraphs(before, after):
        if tag == "equal":
            found[begin:stop] = keys[start:end]
        elif tag == "replace":
            _match(before[start:end], keys[start:end], after[begin:stop], found, begin)
    return _moved(before, keys, after, found)


def whole(keys, paragraphs):
    """Shape: -> the keys, one for each paragraph; a text that came from elsewhere has none"""
    return list(keys) if len(keys) == len(paragraphs) else [""] * len(paragraphs)


def pairs(old, new):
    """Which edited paragraphs are compared: each with those that stand near its place.

    Shape:   (number, number) -> iterator of (index, index), at most 41 for each of the old ones
    """
    for left in range(old):
        place = left * new // old
        yield from ((left, right) for right in range(max(0, place - NEAR), min(new, place + NEAR + 1)))


def likeness(one, other):
    """The share of words that two paragraphs have in common.

    Shape:   (Counter, Counter) -> 0 to 1
    """
    words = one.total() + other.total()
    return 2 * (one & other).total() / words if words else 0


def _match(old, keys, new, found, begin):
    """Edited paragraphs keep their key: the most alike first, each once."""
    left_words, right_words = ([Counter(plain(text).split()) for text in texts] for texts in (old, new))
    compared = sorted(
        (-likeness(left_words[left], right_words[right]), left, right)
        for left, right in pairs(len(old), len(new))
        if keys[left]
    )
    taken: set[int] = set()
    for unlike, left, right in compared:
        if -unlike >= ALIKE and left not in taken and not found[begin + right]:
            found[begin + right] = keys[left]
            taken.add(left)


def _moved(before, keys, after, found):
    """A paragraph that was only moved is found by its text."""
    standing = set(found)
    left = {text: key for text, key in zip(before, keys, strict=True) if key and key not in standing}
    for place, text in enumerate(after):
        if not found[place] and text in left:
            found[place] = left.pop(text)
    return found
