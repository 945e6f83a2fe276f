"""Which paragraph of an edited text is which paragraph of the text before: provenance survives editing."""

from difflib import SequenceMatcher

ALIKE = 0.5  # from this share of equal signs on, a paragraph counts as the old one, edited


def carry(before, keys, after):
    """The keys of the paragraphs of a text after somebody edited it.

    Shape:   ([paragraph], [key or ""], [paragraph]) -> [key or ""], one for each new paragraph; a key stands once
    """
    keys = whole(keys, before)
    found = [""] * len(after)
    for tag, start, end, begin, stop in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            found[begin:stop] = keys[start:end]
        elif tag == "replace":
            _match(before[start:end], keys[start:end], after[begin:stop], found, begin)
    return _moved(before, keys, after, found)


def follow(part, paragraphs):
    """Let a part know its paragraphs after an edit; call it before they replace the old ones.

    Shape:   (part, [paragraph]) -> None
    """
    part.keys = carry(part.paragraphs, part.keys, paragraphs)


def whole(keys, paragraphs):
    """Shape: -> the keys, one for each paragraph; a text that came from elsewhere has none"""
    return list(keys) if len(keys) == len(paragraphs) else [""] * len(paragraphs)


def _match(old, keys, new, found, begin):
    """Edited paragraphs keep their key: the most alike first, each once."""
    pairs = sorted(
        (
            (-SequenceMatcher(a=before, b=after, autojunk=False).ratio(), left, right)
            for left, before in enumerate(old)
            if keys[left]
            for right, after in enumerate(new)
        ),
    )
    taken: set[int] = set()
    for unlike, left, right in pairs:
        if -unlike >= ALIKE and left not in taken and not found[begin + right]:
            found[begin + right] = keys[left]
            taken.add(left)


def _moved(before, keys, after, found):
    """A paragraph that was only moved is found by its text."""
    left = {text: key for text, key in zip(before, keys, strict=True) if key and key not in found}
    for place, text in enumerate(after):
        if not found[place] and text in left:
            found[place] = left.pop(text)
    return found
