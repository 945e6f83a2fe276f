"""Files that people attach: judged by their bytes, kept whole under their digest, given back as they came."""

import hashlib
import logging
import os
import tempfile
import warnings
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageFile, UnidentifiedImageError

from blocs.domain import audit
from blocs.errors import RuleBroken

logger = logging.getLogger(__name__)
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO, RATIO_COUNTS_FROM = 200, 1024 * 1024
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg"}  # MPO: a JPEG with more behind it
OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ENDINGS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    OFFICE["word/document.xml"]: ".docx",
    OFFICE["xl/workbook.xml"]: ".xlsx",
}
ANY = frozenset(ENDINGS)
ONLY_PICTURES = frozenset(PICTURES.values())
ONLY_PAPERS = frozenset({"application/pdf", *ONLY_PICTURES})  # what a scanner gives


@dataclass(frozen=True)
class Judged:
    """A file that may be kept."""

    name: str
    media_type: str
    content: bytes


def judge(name, content, *, allowed=ANY):
    """Whether a file may be kept: what it is by its bytes, how large, what hides in it.

    Shape:   (file name, bytes, {media type}) -> Judged; the name without a folder, with the ending of its kind
    Raises:  RuleBroken
    """
    if not content:
        raise RuleBroken("Tệp rỗng.")
    if len(content) > MAX_BYTES:
        raise RuleBroken(f"Tệp lớn hơn {MAX_BYTES // 1024 // 1024} MB. Giảm độ phân giải bản chụp rồi đính lại.")
    media_type = _media_type(content)
    if media_type not in allowed:
        raise RuleBroken(f"Chỉ nhận tệp {', '.join(sorted(ENDINGS[kind][1:].upper() for kind in allowed))}.")
    return Judged(_tidy_name(name, ENDINGS[media_type]), media_type, content)


def _media_type(content):
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        return _picture(content)
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if content.startswith(OLE):
        raise RuleBroken("Tệp Word, Excel kiểu cũ hoặc có mật khẩu: bỏ mật khẩu, lưu lại dạng .docx, .xlsx rồi đính.")
    return ""


def _picture(content):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit stands below
            with Image.open(BytesIO(content), formats=["PNG", "JPEG"]) as picture:
                width, height, kind = *picture.size, PICTURES[picture.format or ""]
                if width * height <= MAX_PIXELS:
                    _load_whole(picture)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, KeyError, SyntaxError):
        raise RuleBroken("Ảnh đã hỏng hoặc quá lớn, không mở được.") from None
    if width * height > MAX_PIXELS:
        raise RuleBroken(f"Ảnh lớn hơn {MAX_PIXELS // 1_000_000} triệu điểm ảnh. Thu nhỏ rồi đính lại.")
    return kind


def _load_whole(picture):
    """A file that was cut off has a head, but no end. WeasyPrint tells Pillow to fill such pictures up; not here."""
    filled_up, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        picture.load()
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = filled_up


def _office(content):
    try:
        with zipfile.ZipFile(BytesIO(content)) as packet:
            parts = packet.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise RuleBroken("Tệp đã hỏng, không mở được.") from None
    too_dense = any(
        part.file_size > RATIO_COUNTS_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1) for part in parts
    )
    if too_dense or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise RuleBroken("Tệp nén bất thường (giải nén ra quá lớn), không nhận.")
    names = {part.filename for part in parts}
    if any("vbaproject" in name.lower() for name in names):
        raise RuleBroken("Tệp có macro, không nhận. Lưu lại dạng .docx, .xlsx rồi đính.")
    return next((kind for name, kind in OFFICE.items() if name in names), "")


def _tidy_name(name, ending):
    stem = name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or "tep"
    clean = "".join(sign for sign in stem if sign.isprintable())[: 200 - len(ending)].strip(". ")
    return f"{clean or 'tep'}{ending}"


def attach(model, judged, *, by, target, action, **columns):
    """Keep a judged file and its row; the caller holds the lock, has checked the right, and is inside a transaction.

    Shape:   (StoredFile subclass, Judged, columns of the subclass) -> the saved row
    Raises:  RuleBroken where the bytes cannot be written
    The bytes are kept first: a row without its file cannot be, a file without a row harms nobody.
    """
    try:
        digest, _ = keep(judged.content, "attachments", ENDINGS[judged.media_type])
    except OSError as error:
        logger.exception("attachment of %s not kept", target._meta.label_lower)  # noqa: SLF001 -- Django's name for it
        raise RuleBroken(
            f"Máy chủ không ghi được tệp ({error.strerror or 'lỗi đĩa'}), chưa đính gì. Báo quản trị rồi đính lại."
        ) from None
    row = model.objects.create(
        name=judged.name,
        media_type=judged.media_type,
        size=len(judged.content),
        sha256=digest,
        added_by=by,
        **columns,
    )
    audit.record(action, by=by, target=target, after={"name": judged.name, "sha256": digest})
    return row


def digest_of(judged):
    """Shape: Judged -> the SHA-256 under which its bytes are kept"""
    return hashlib.sha256(judged.content).hexdigest()


def path_of(row):
    """Where the bytes of an attached file lie.

    Shape:   StoredFile -> Path
    """
    return Path(settings.MEDIA_ROOT) / _name(row.sha256, "attachments", ENDINGS[row.media_type])


def keep(content, folder, ending):
    """Store bytes under their digest: the whole file or none, written beside, flushed, then named.

    Shape:   (bytes, folder below MEDIA_ROOT, ``.pdf``) -> (sha256, name below MEDIA_ROOT)
    Raises:  OSError
    """
    digest = hashlib.sha256(content).hexdigest()
    name = _name(digest, folder, ending)
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return digest, name


def _name(digest, folder, ending):
    return f"{folder}/{digest[:2]}/{digest}{ending}"
