"""From a paper to its bytes. Only our style and the system's font are loaded; the same paper gives the same bytes."""

import hashlib
import subprocess
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from unicodedata import category

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string

from reports.domain.papers import seals

FAMILIES = ("Tinos", "Liberation Serif")  # the metrics of Times New Roman, free to embed
MISSING = "\u25a1"  # a hollow box
LETTERS = "".join(chr(code) for code in range(0x1EA0, 0x1EFA)) + "ăâđêôơưĂÂĐÊÔƠƯ…–“”≥≤□"
STYLE = Path(settings.BASE_DIR) / "static" / "print" / "official.css"
TEMPLATES = Path(settings.BASE_DIR) / "templates" / "print"


class FontMissing(RuntimeError):
    """The machine has no font with all Vietnamese letters."""


def html_of(paper, template, mark=""):
    """Shape: (frozen dataclass, template name, its fingerprint for the seal at its end) -> str"""
    mark = mark or fingerprint(paper, template)
    return _in_the_font(render_to_string(template, {"paper": paper, "seal": seals.seal(mark)}))


def fingerprint(paper, template):
    """What the bytes depend on: the data, the templates, the address in the seal, the style, the font, the renderer.

    Shape:   (frozen dataclass, template name) -> 64 hexadecimal digits
    """
    data = DjangoJSONEncoder(sort_keys=True, ensure_ascii=False).encode(asdict(paper))
    return hashlib.sha256("\n".join([template, data, settings.SITE_URL, _workshop()]).encode()).hexdigest()


def render(html):
    """A tagged PDF/A.

    Shape:   str -> (bytes, number of pages)
    Raises:  FontMissing
    """
    from weasyprint import CSS, HTML  # noqa: PLC0415 -- app ready

    family, _ = font()
    style = CSS(string=STYLE.read_text(encoding="utf-8").replace("PAPER-FONT", family), url_fetcher=_nothing)
    document = HTML(string=html, url_fetcher=_nothing).render(font_config=_font_map(), stylesheets=[style])
    content = document.write_pdf(pdf_variant="pdf/a-2a", pdf_tags=True, finisher=_plain_blanks)
    return content, len(document.pages)


def _plain_blanks(document, file):
    """What is copied or searched for in a paper has plain blanks.

    The font draws both kinds with one sign, and a PDF gives back what came first, mostly that of the open number.
    """
    for part in file.objects:
        lines = getattr(part, "stream", [])
        if b"begincmap" in lines:
            part.stream = [line.replace(b"> <00a0>", b"> <0020>") for line in lines]


@cache
def font():
    """The family that papers are set in, and its files.

    Shape:   -> (family, (path, ...))
    Raises:  FontMissing
    """
    listing = subprocess.run(
        ["fc-list", "--format", "%{family}\t%{file}\n"],  # noqa: S607 -- wherever fontconfig is installed
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for family in FAMILIES:
        files = sorted(
            path for name, _, path in (line.partition("\t") for line in listing.splitlines()) if name == family
        )
        if files and all(_has_all_letters(path) for path in files):
            return family, tuple(files)
    raise FontMissing("Máy chưa có phông chữ Tinos hoặc Liberation Serif đủ chữ tiếng Việt; cài gói fonts-croscore.")


@cache
def _font_map():
    """One for all papers of the process, which makes them one after the other.

    WeasyPrint would make one a paper, and the libraries below it keep some memory of each for good.
    """
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- app ready

    return FontConfiguration()


def _in_the_font(html):
    """The text with a box for each sign that the font lacks, so that no second font comes in."""
    known = _letters()
    return "".join(
        sign if ord(sign) in known or sign in "\n\t" else "" if category(sign) in ("Cf", "Mn", "Me") else MISSING
        for sign in html
    )


@cache
def _letters():
    """The signs that all faces of the font have."""
    return frozenset.intersection(*(frozenset(_cmap(path)) for path in font()[1]))


def _cmap(path):
    from fontTools.ttLib import TTFont  # noqa: PLC0415 -- app ready

    with TTFont(path, lazy=True) as file:
        return file.getBestCmap()


def _has_all_letters(path):
    known = _cmap(path)
    return all(ord(letter) in known for letter in LETTERS)


@cache
def _workshop():
    """A digest of everything but the data; a worker is started anew when it changes."""
    makers = ("weasyprint", "pydyf", "fonttools", "tinycss2", "tinyhtml5")
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in makers).encode())
    for path in [STYLE, *sorted(TEMPLATES.rglob("*.html")), *(Path(name) for name in font()[1])]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _nothing(url, *args, **kwargs):
    """Papers load nothing, whatever a text may name."""
    raise ValueError(f"not loaded: {url}")
