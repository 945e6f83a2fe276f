"""Files that people attach: what is taken, what is refused, and that only whole files are kept."""

import hashlib
import os
import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from django.db import transaction
from docx import Document
from openpyxl import Workbook
from PIL import Image, ImageFile

from blocs.domain import attachments
from blocs.errors import RuleBroken
from blocs.models import AuditEvent, Covenant, CovenantPaper
from tests.factories import make_bloc_year, make_user

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF"
DOCX, XLSX = attachments.OFFICE.values()


def picture(kind="PNG"):
    file = BytesIO()
    Image.new("RGB", (4, 3)).save(file, kind)
    return file.getvalue()


def double_picture():
    """A photograph as telephones write it: a JPEG with a second picture behind it."""
    file = BytesIO()
    Image.new("RGB", (64, 64)).save(file, "MPO", save_all=True, append_images=[Image.new("RGB", (32, 32))])
    return file.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def huge_picture(side=10_000):
    """A PNG of 100 megapixels in a few hundred bytes."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def office(maker):
    file = BytesIO()
    maker().save(file)
    return file.getvalue()


def packet(**parts):
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as found:
        for name, data in parts.items():
            found.writestr(name.replace("__", "/"), data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "taken", "media_type"),
    [
        ("quyet-dinh.pdf", PDF, "quyet-dinh.pdf", "application/pdf"),
        ("Ảnh hội nghị.JPG", picture("JPEG"), "Ảnh hội nghị.jpg", "image/jpeg"),
        ("IMG_1.jpg", double_picture(), "IMG_1.jpg", "image/jpeg"),
        ("C:\\Tai lieu\\anh.png", picture(), "anh.png", "image/png"),
        ("../../etc/passwd", PDF, "tep.pdf", "application/pdf"),
        ("bao-cao.exe", office(Document), "bao-cao.docx", DOCX),
        ("bang.xlsx", office(Workbook), "bang.xlsx", XLSX),
        ("\u202efdp.exe", PDF, "fdp.pdf", "application/pdf"),
    ],
)
def test_file_is_known_by_its_bytes(name, content, taken, media_type):
    judged = attachments.judge(name, content)

    assert (judged.name, judged.media_type, judged.content) == (taken, media_type, content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Tệp rỗng"),
        (b"MZ\x90\x00" + b"\0" * 100, "Chỉ nhận tệp"),
        (b"<html><script>alert(1)</script>", "Chỉ nhận tệp"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Chỉ nhận tệp"),
        (PDF + b"\0" * (40 * 1024 * 1024), "lớn hơn 20 MB"),
        (attachments.OLE + b"\0" * 512, "kiểu cũ hoặc có mật khẩu"),
        (huge_picture(), "40 triệu điểm ảnh"),
        (picture()[:20], "Ảnh đã hỏng"),
        (b"PK\x03\x04 broken", "đã hỏng"),
        (packet(word__document="x", word__vbaProject="x"), "macro"),
        (packet(word__x="0" * 300 * 1024 * 1024), "nén bất thường"),
        (packet(readme="x"), "Chỉ nhận tệp"),
    ],
    ids=["empty", "exe", "html", "svg", "40MB", "ole", "100Mpx", "cut", "broken", "macro", "bomb", "zip"],
)
def test_file_is_refused(content, words):
    with pytest.raises(RuleBroken, match=words):
        attachments.judge("tep.pdf", content)


def test_only_the_kinds_asked_for_are_taken():
    with pytest.raises(RuleBroken, match=r"Chỉ nhận tệp JPG, PDF, PNG\."):
        attachments.judge("a.docx", office(Document), allowed=attachments.ONLY_PAPERS)


@pytest.mark.django_db
def test_attached_file_is_kept_under_its_digest_with_a_trail():
    user, covenant = make_user(), Covenant.objects.create(bloc_year=make_bloc_year())
    judged = attachments.judge("giao-uoc.pdf", PDF)

    with transaction.atomic():
        row = attachments.attach(
            CovenantPaper, judged, by=user, target=covenant, action="covenant.attach", covenant=covenant
        )

    digest = hashlib.sha256(PDF).hexdigest()
    assert (row.sha256, row.size, attachments.path_of(row).read_bytes()) == (digest, len(PDF), PDF)
    event = AuditEvent.objects.get()
    assert (event.action, event.after) == ("covenant.attach", {"name": "giao-uoc.pdf", "sha256": digest})


def test_half_written_file_is_no_file(media_root, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        attachments.keep(PDF, "papers", ".pdf")
    assert [path for path in media_root.rglob("*") if path.is_file()] == []


@pytest.mark.django_db
def test_full_disk_is_told_in_words_and_logged(media_root, monkeypatch, caplog):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    user, covenant = make_user(), Covenant.objects.create(bloc_year=make_bloc_year())
    judged, columns = attachments.judge("a.pdf", PDF), {"target": covenant, "covenant": covenant}

    with pytest.raises(RuleBroken, match="không ghi được tệp"), transaction.atomic():
        attachments.attach(CovenantPaper, judged, by=user, action="covenant.attach", **columns)

    assert (CovenantPaper.objects.count(), AuditEvent.objects.count()) == (0, 0)
    assert "attachment of blocs.covenant not kept" in caplog.text


@pytest.mark.parametrize("filled_up", [True, False])
def test_picture_that_was_cut_off_is_refused(monkeypatch, filled_up):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", filled_up)  # as WeasyPrint leaves it
    file = BytesIO()
    Image.effect_noise((400, 400), 90).save(file, "JPEG")
    with pytest.raises(RuleBroken, match="hỏng"):
        attachments.judge("a.jpg", file.getvalue()[: file.tell() // 2])
