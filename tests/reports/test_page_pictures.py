"""Page 1 of each kind of paper looks like its kept picture.

A picture that is meant to change is renewed by ``RENEW_PICTURES=1 .venv/bin/pytest tests/reports/test_page_pictures.py``;
look at it before it is committed. The papers are those of ``every_paper.py``, whose names and days are written there.
"""

import os

import pytest
from PIL import ImageChops

from reports.domain.papers.registry import KINDS
from reports.enums import DocumentKind
from tests.reports.every_paper import printed
from tests.reports.page_pictures import FOLDER, keep, kept, page_one, stray

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
MOST = 1  # per mille of the ink


@pytest.mark.parametrize("kind", KINDS)
def test_page_one_looks_like_the_kept_picture(papers, kind):
    picture = page_one(printed(kind, papers[kind]))
    if os.environ.get("RENEW_PICTURES"):
        keep(picture, kind)
    assert picture.size == kept(kind).size
    assert stray(picture, kept(kind)) < MOST


def test_every_picture_is_of_a_kind():
    assert {path.stem for path in FOLDER.iterdir()} == set(KINDS)


@pytest.mark.parametrize("kind", [DocumentKind.UNIT_REPORT, DocumentKind.CONFERENCE_INVITATION])
def test_other_edges_make_no_difference_but_a_moved_line_does(papers, kind):
    content, picture = printed(kind, papers[kind]), kept(kind)

    def moved(dots):
        box = (150, 60, 400, 90)  # place and day, on the right of the heading
        page, piece = picture.copy(), picture.crop(box)
        page.paste(255, box)
        page.paste(piece, (box[0], box[1] + dots))
        return page

    edges = [page_one(content, "-aa", "no"), page_one(content, "-aaVector", "no"), picture.point(lambda v: v * 9 // 10)]
    assert [stray(page, picture) < MOST / 2 for page in edges] == [True] * 3
    assert [stray(moved(dots), picture) > MOST for dots in (3, 4, 8)] == [True] * 3
    assert stray(ImageChops.offset(picture, 0, 3), picture) > 50 * MOST
