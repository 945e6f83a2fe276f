"""Plain words as people type or paste them."""

import unicodedata

from blocs.errors import RuleBroken

UNSEEN = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF)))


def clean(text, *, at_most):
    """A text without what nobody sees: NFC; no control characters but line breaks, no marks of direction or width.

    Shape:   (str, characters) -> str, stripped; markup stays as the characters it is
    Raises:  RuleBroken where it is longer
    """
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(sign for sign in lines if sign in "\n\t" or not _is_unseen(sign)).strip()
    if len(kept) > at_most:
        raise RuleBroken(f"Nội dung dài {len(kept)} chữ, nhiều nhất {at_most}.")
    return kept


def _is_unseen(sign):
    return sign in UNSEEN or unicodedata.category(sign) in ("Cc", "Cs")
