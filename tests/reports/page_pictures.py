"""The first page of a paper as a small picture, and how far two such pictures differ.

Other versions of poppler and of the font draw an edge a little darker or lighter; they do not put it elsewhere. So what counts is
ink without any ink of the other picture within a millimetre: none where only the edges differ, some where a line has moved.
"""

import io
import subprocess
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.reports.paper_reading import runs_of, words

FOLDER = Path(__file__).parent / "pictures"
DOTS = 50  # an inch
SHADES = 8
INK, PAPER = 150, 215  # darker is ink, lighter is paper
NEAR = 5  # dots on a side: 2 to each side, 1 mm
SEAL = (-20, -9, 55, 15)  # mm around the first word beside the QR code, which is another one for each font and renderer


def page_one(content, *options):
    """Shape: (bytes of a PDF, options of pdftoppm) -> grey picture of its first page without the seal"""
    command = ["pdftoppm", "-r", str(DOTS), *options, "-gray", "-png", "-f", "1", "-l", "1", "-singlefile", "-"]
    shown = subprocess.run(command, input=content, capture_output=True, check=True).stdout
    picture = Image.open(io.BytesIO(shown)).convert("L")
    for run in runs_of(content):
        if run.page == 1 and words(run.text) == "Mã xác minh:":
            left, top, right, bottom = SEAL
            box = [run.left + left, run.top + top, run.left + right, run.top + bottom]
            ImageDraw.Draw(picture).rectangle([side / 25.4 * DOTS for side in box], fill=255)
    return picture


def stray(one, other):
    """Shape: two pictures of one size -> the share of their ink, per mille, that has none of the other's near it"""
    lost, ink = (sum(numbers) for numbers in zip(_lost(one, other), _lost(other, one), strict=True))
    return 1000 * lost / ink


def _lost(one, other):
    ink = one.point(lambda shade: 255 if shade < INK else 0)
    bare = other.filter(ImageFilter.MinFilter(NEAR)).point(lambda shade: 255 if shade > PAPER else 0)
    return ImageChops.multiply(ink, bare).histogram()[255], ink.histogram()[255]


def keep(picture, name):
    """Write a picture as the one to compare with."""
    FOLDER.mkdir(exist_ok=True)
    picture.quantize(SHADES).save(FOLDER / f"{name}.png", optimize=True)


def kept(name):
    return Image.open(FOLDER / f"{name}.png").convert("L")
