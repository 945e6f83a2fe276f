"""A disk without room while papers are written: it is told, nothing half is kept or given out, and later all is made once."""

import errno
import hashlib
import io
import os
import zipfile

import pytest
from django.urls import reverse

from reports.domain import meeting_set, renderings
from reports.enums import DocumentKind as K
from tests.reports.every_paper import Everything
from tests.screens import content_of, main_text

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
TOLD = "Không ghi được tệp (No space left on device). Báo quản trị hệ thống rồi bấm “Tạo lại”."


@pytest.fixture
def world(client):
    found = Everything()
    client.force_login(found.board)
    return found


@pytest.fixture
def full_disk(monkeypatch):
    """What the system says when it cannot put down the last bytes of a file."""

    def refuse(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        yield patch


def made(row):
    finished = renderings.make(row.pk)
    row.refresh_from_db()
    return finished


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", [K.UNIT_REPORT, K.COVENANT, K.PROVINCE_REPORT, K.CONFERENCE_MINUTES])
def test_paper_is_made_once_there_is_room_again(client, world, media_root, full_disk, kind):
    row = renderings.request(world.thing(kind), kind, by=world.board)
    assert made(row) is True
    assert (row.state, row.error, row.file) == ("failed", TOLD, "")
    assert files_in(media_root) == []
    assert client.get(reverse("rendering_file", args=[row.pk])).status_code == 404

    full_disk.undo()
    again = renderings.retry(row.pk, by=world.board)
    assert [made(again), made(again), made(row)] == [True, False, False]

    assert (again.state, again.attempts) == ("done", 1)
    content = content_of(client.get(reverse("rendering_file", args=[again.pk])))
    assert hashlib.sha256(content).hexdigest() == again.sha256
    assert files_in(media_root) == [renderings.path_of(again)]


def test_set_of_a_meeting_gives_out_what_is_whole_and_the_rest_later(client, world, media_root, full_disk):
    batch = meeting_set.request_set(world.meeting.pk, by=world.head)
    client.force_login(world.head)
    first, *rest = batch.renderings.order_by("pk")
    for row in rest:
        made(row)
    full_disk.undo()
    made(first)

    page = main_text(client.get(reverse("batch", args=[batch.pk])))
    assert "1/4 văn bản" in page
    assert page.count(TOLD) == 3
    assert names_in(client, batch) == ["001-giay-moi-hoi-nghi-hoi-dac-thu-2026.pdf", "bang-so-lieu.xlsx"]

    for row in rest:
        made(renderings.retry(row.pk, by=world.head))

    assert "4/4 văn bản" in main_text(client.get(reverse("batch", args=[batch.pk])))
    assert len(names_in(client, batch)) == 5
    assert len(files_in(media_root)) == 4


def names_in(client, batch):
    """The files of the archive, each of them whole."""
    archive = zipfile.ZipFile(io.BytesIO(content_of(client.get(reverse("batch_file", args=[batch.pk])))))
    assert archive.testzip() is None
    papers = [archive.read(name) for name in archive.namelist() if name.endswith(".pdf")]
    assert all(paper.rstrip().endswith(b"%%EOF") for paper in papers)
    return archive.namelist()
