"""A look at the packet before anything in it is opened: what it is, how large it would become, what it carries."""

import io
import zipfile

from blocs.domain.files import Fault, FileRefused

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO, RATIO_COUNTS_FROM = 200, 1024 * 1024
MAX_PARTS = 500
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
CARRIED = {  # beginnings of part names that no plain list has
    "xl/vbaProject": "tệp có macro; lưu lại dạng “Excel Workbook (.xlsx)” rồi nhập",
    "xl/macrosheets/": "tệp có macro; lưu lại dạng “Excel Workbook (.xlsx)” rồi nhập",
    "xl/dialogsheets/": "tệp có macro; lưu lại dạng “Excel Workbook (.xlsx)” rồi nhập",
    "xl/activeX/": "tệp có nút điều khiển ActiveX; xóa các nút rồi nhập lại",
    "xl/embeddings/": "tệp có đối tượng nhúng; xóa đối tượng rồi nhập lại",
    "xl/externalLinks/": "tệp nối tới tệp khác; dán dưới dạng giá trị rồi nhập lại",
}
MACRO = CARRIED["xl/vbaProject"]


def open_packet(content):
    """The packet of a plain workbook, judged by its bytes and not by its name.

    Shape:   bytes -> ZipFile
    Raises:  FileRefused
    """
    if not content:
        _refuse("tệp rỗng")
    if len(content) > MAX_BYTES:
        _refuse(f"lớn hơn {MAX_BYTES // 1024 // 1024} MB")
    if content.startswith(OLE):
        if ENCRYPTED in content:
            _refuse("tệp có mật khẩu; bỏ mật khẩu khi mở tệp rồi nhập lại")
        _refuse("tệp Excel kiểu cũ (.xls); lưu lại dạng “Excel Workbook (.xlsx)” rồi nhập")
    try:
        packet = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        _refuse("không phải tệp Excel (.xlsx), hoặc tệp đã hỏng")
    _check_size(packet.infolist())
    _check_parts(packet)
    return packet


def _check_size(parts):
    if len(parts) > MAX_PARTS:
        _refuse(f"tệp có quá nhiều phần (hơn {MAX_PARTS})")
    if any(part.flag_bits & 0x1 for part in parts):
        _refuse("tệp có mật khẩu; bỏ mật khẩu khi mở tệp rồi nhập lại")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        _refuse(f"giải nén ra lớn hơn {MAX_UNPACKED // 1024 // 1024} MB")
    for part in parts:
        if part.file_size > RATIO_COUNTS_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            _refuse("tệp nén bất thường (giải nén ra lớn gấp hơn 200 lần), không mở")


def _check_parts(packet):
    names = packet.namelist()
    for name in names:
        for beginning, words in CARRIED.items():
            if name.lower().startswith(beginning.lower()):
                _refuse(words)
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        _refuse("không phải tệp Excel (.xlsx), hoặc tệp đã hỏng")
    try:
        types = packet.read("[Content_Types].xml")
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        _refuse("không phải tệp Excel (.xlsx), hoặc tệp đã hỏng")
    if b"macroenabled" in types.lower():
        _refuse(MACRO)


def _refuse(words):
    raise FileRefused([Fault("", words)])
