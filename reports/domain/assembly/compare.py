"""Comparing two texts in bounded work: what difflib needs grows with the cube of what repeats."""

import re
from difflib import SequenceMatcher

ROOM = 20_000_000  # steps of all comparisons for one page, in a little more than a second
EACH = 5_000_000  # of one of them
WORDS = re.compile(r"\S+\s*")
SENTENCES = re.compile(r".+?(?:[.;!?]\s+|\Z)", re.DOTALL)


class TooMuch(Exception):
    """A comparison has used up its steps."""


class Work:
    """The steps that are left; ``opcodes`` gives up where it would need more."""

    def __init__(self, room=ROOM, each=EACH):
        self.left, self.each = room, each

    def opcodes(self, one, two):
        """What differs between two lists; the equal ends cost nothing.

        Shape:   (list, list) -> [(tag, start, end, begin, stop)] as difflib gives them
        Raises:  TooMuch
        """
        head = _same(one, two)
        tail = _same(one[head:][::-1], two[head:][::-1])
        matcher = _Counted(one[head : len(one) - tail], two[head : len(two) - tail], min(self.left, self.each))
        try:
            inner = matcher.get_opcodes()
        finally:
            self.left -= matcher.steps
        codes = [("equal", 0, head, 0, head)] if head else []
        codes += [(tag, start + head, end + head, begin + head, stop + head) for tag, start, end, begin, stop in inner]
        return codes + ([("equal", len(one) - tail, len(one), len(two) - tail, len(two))] if tail else [])

    def paragraphs(self, before, after):
        """As ``opcodes``; where that is too much, all stands against all."""
        try:
            return self.opcodes(before, after)
        except TooMuch:
            return [("replace", 0, len(before), 0, len(after))]

    def words(self, old, new):
        """What of a paragraph went out and came in: by words, else by sentences, else the whole.

        Shape:   (str, str) -> [(``same``, ``out`` or ``in``, words)]
        """
        for unit in (WORDS, SENTENCES):
            one, two = unit.findall(old), unit.findall(new)
            try:
                return [*_told(one, two, self.opcodes(one, two))]
            except TooMuch:
                continue
        return [("out", old), ("in", new)]


class _Counted(SequenceMatcher):
    """A matcher that counts the pairs at which it looks, and stops above ``most``."""

    a: list[str]
    b2j: dict[str, list[int]]

    def __init__(self, one, two, most):
        super().__init__(a=one, b=two, autojunk=False)
        self.most, self.steps = most, 0

    def find_longest_match(self, alo=0, ahi=None, blo=0, bhi=None):
        asked = self.a[alo:ahi]
        steps = len(asked) + sum(len(self.b2j.get(thing, ())) for thing in asked)
        if self.steps + steps > self.most:
            raise TooMuch
        self.steps += steps
        return super().find_longest_match(alo, ahi, blo, bhi)


def _same(one, two):
    """How many places from the beginning on are equal."""
    differ = (place for place, (left, right) in enumerate(zip(one, two, strict=False)) if left != right)
    return next(differ, min(len(one), len(two)))


def _told(one, two, codes):
    for tag, start, end, begin, stop in codes:
        if tag == "equal":
            yield "same", "".join(one[start:end])
            continue
        if end > start:
            yield "out", "".join(one[start:end])
        if stop > begin:
            yield "in", "".join(two[begin:stop])
