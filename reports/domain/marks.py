"""Bold and italic inside a paragraph: ``**đậm**`` and ``__nghiêng__``; the paragraph stays one plain text.

A mark is two signs, never part of a longer run (``***``, a line ``____`` to fill in). It opens before a letter, a digit
or an opening sign, it closes behind what is not blank, both at the edge of a word: ``5**3``, ``a__b.docx``,
``__/__/2026`` and ``(**)`` are words like any other. A mark without its partner is shown as it stands.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

BOLD, ITALIC = "**", "__"
OTHER = {BOLD: ITALIC, ITALIC: BOLD}
MARK = re.compile(r"(?<!\*)\*\*(?!\*)|(?<!_)__(?!_)|[\t\n]")  # no pair reaches over the edge of a cell or a line
STRETCH = re.compile("x(?:[x ]*x)?")  # of one look; blanks between join it, blanks at its ends are left out
OPENING = frozenset("([{<«“‘\"'")
JOINING = frozenset("/@\\")  # stand in addresses and paths


@dataclass(frozen=True)
class Run:
    """Words of one look."""

    text: str
    bold: bool = False
    italic: bool = False


def parse(text):
    """A paragraph as its runs; marks without a partner are letters.

    Shape:   str -> [Run], no two neighbours look alike, none is empty
    """
    runs: list[Run] = []
    looks, start = {BOLD: False, ITALIC: False}, 0
    for at in [*sorted(at for pair in _pairs(text) for at in pair), len(text)]:
        words, bold, italic = text[start:at], looks[BOLD], looks[ITALIC]
        if words and runs and (runs[-1].bold, runs[-1].italic) == (bold, italic):
            words = runs.pop().text + words
        if words:
            runs.append(Run(words, bold, italic))
        if at < len(text):
            looks[text[at : at + 2]] ^= True
        start = at + 2
    return runs


def plain(text):
    """The words without their marks.

    Shape:   str -> str
    """
    return "".join(run.text for run in parse(text))


def marked(runs):
    """A paragraph that reads as these words and looks like these runs, as far as marks can say it.

    Shape:   [Run] -> str; words and blanks are those of the runs
    """
    text = "".join(run.text for run in runs)
    looks = {
        BOLD: [run.bold for run in runs for _ in run.text],
        ITALIC: [run.italic for run in runs for _ in run.text],
    }
    for kinds in ((BOLD, ITALIC), (BOLD,), (ITALIC,)):
        found = _with_marks(text, [(kind, looks[kind]) for kind in kinds])
        if plain(found) == text:
            return found
    return text


def _pairs(text):
    """[(opens at, closes at)] of the marks that belong together; a pair lies inside of another or apart from it."""
    pairs: list[tuple[int, int]] = []
    waiting: list[tuple[str, int]] = []
    for found in MARK.finditer(text):
        mark, at = found[0], found.start()
        if mark not in OTHER:
            waiting = []
            continue
        opened = next((number for number, (kind, _) in enumerate(waiting) if kind == mark), None)
        after = at + 4 if text.startswith(OTHER[mark], at + 2) else at + 2
        before = at - 2 if text.endswith(OTHER[mark], 0, at) else at
        if opened is not None and _may_close(text[before - 1 : before], text[at + 2 : at + 4]):
            pairs.append((waiting[opened][1], at))
            del waiting[opened:]
        elif _may_open(text[at - 1 : at], text[after : after + 1]):
            waiting = [(kind, place) for kind, place in waiting if kind != mark]
            waiting.append((mark, at))
    return pairs


def _may_open(before, inside):
    return _is_edge(before) and (inside.isalnum() or inside in OPENING)


def _may_close(inside, after):
    """``after``: two signs; a point with a letter is the ending of a file's name."""
    is_name = after[:1] == "." and after[1:].isalnum()
    return _is_edge(after[:1]) and not is_name and _may_be_last(inside)


def _may_be_last(sign):
    return not (sign.isspace() or sign in OPENING or sign in JOINING)


def _is_edge(sign):
    return not (sign.isalnum() or sign in JOINING)


def _with_marks(text, layers):
    """Marks of each layer set into the text, those of the second inside of those of the first."""
    opening: dict[int, str] = {}
    closing: dict[int, str] = {}
    cuts = {0, len(text)}
    for mark, look in layers:
        mask = "".join(" " if sign.isspace() else "x" if on else "." for sign, on in zip(text, look, strict=True))
        edges = set()
        for start, end in _stretches(text, mask, sorted(cuts)):
            opening[start] = opening.get(start, "") + mark
            closing[end] = mark + closing.get(end, "")
            edges |= {start, end}
        cuts |= edges
    pieces = [f"{closing.get(at, '')}{opening.get(at, '')}{sign}" for at, sign in enumerate(text)]
    return "".join([*pieces, closing.get(len(text), "")])


def _stretches(text, mask, cuts):
    """Yields (start, end) of what a pair of marks can stand around; none reaches over a cut."""
    for first, last in pairwise(cuts):
        for found in STRETCH.finditer(mask, first, last):
            start, end = found.span()
            while start < end and not (text[start].isalnum() or text[start] in OPENING):
                start += 1
            while start < end and not _may_be_last(text[end - 1]):
                end -= 1
            before = "" if start in cuts else text[start - 1]
            after = "" if end in cuts else text[end : end + 2]
            if start < end and _may_open(before, text[start]) and _may_close(text[end - 1], after):
                yield start, end
