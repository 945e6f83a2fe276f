"""ZIP packets with fixed days, so that the same content gives the same bytes."""

import zipfile
from io import BytesIO

MADE = (1980, 1, 1, 0, 0, 0)  # of every file in a packet


def entry(name, *, compress=True):
    """Shape: file name in the packet -> ZipInfo to write it with"""
    found = zipfile.ZipInfo(name, date_time=MADE)
    found.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    found.external_attr = 0o600 << 16
    return found


def with_fixed_days(packet):
    """The same files in the same order, with the day of all packets.

    Shape:   BytesIO of a ZIP -> bytes
    """
    whole = BytesIO()
    with zipfile.ZipFile(packet) as source, zipfile.ZipFile(whole, "w") as target:
        for part in source.infolist():
            target.writestr(entry(part.filename), source.read(part))
    return whole.getvalue()
