"""The mark by which a paper is checked: a code that follows from what it is made of, printed with its address."""

import hashlib
from dataclasses import dataclass

import qrcode
from django.conf import settings
from django.urls import reverse

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that people take for another
GROUPS, LENGTH = 3, 4


@dataclass(frozen=True)
class Seal:
    code: str  # ``7QK2-M0XD-93TB``
    address: str
    size: int  # squares on a side of the QR code
    squares: str  # the dark ones, as the path of an SVG


def code_of(fingerprint):
    """Shape: 64 hexadecimal digits -> 60 bits as ``7QK2-M0XD-93TB``; the same paper has the same code"""
    number = int.from_bytes(hashlib.sha256(b"seal " + fingerprint.encode()).digest()[:8], "big") >> 4
    signs = "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(GROUPS * LENGTH)))
    return "-".join(signs[start : start + LENGTH] for start in range(0, len(signs), LENGTH))


def tidy(text):
    """A code as people type it: without regard to case, blanks, dashes, and letters that look like digits.

    Shape:   str -> code, or "" where it is none
    """
    signs = "".join(text.upper().split()).replace("-", "").translate(str.maketrans("OIL", "011"))
    if len(signs) != GROUPS * LENGTH or any(sign not in LETTERS for sign in signs):
        return ""
    return "-".join(signs[start : start + LENGTH] for start in range(0, len(signs), LENGTH))


def seal(fingerprint):
    """Shape: 64 hexadecimal digits -> Seal"""
    code = code_of(fingerprint)
    picture = qrcode.QRCode(border=0)
    picture.add_data(f"{settings.SITE_URL}{reverse('verify_code', args=[code])}")
    rows = picture.get_matrix()
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return Seal(code, f"{settings.SITE_URL}{reverse('verify')}", len(rows), "".join(dark))
