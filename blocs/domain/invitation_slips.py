"""What an invitation looks like outside: its link, its QR code, its letter."""

import base64
from io import BytesIO

import qrcode
from django.conf import settings
from django.core import mail
from django.urls import reverse
from qrcode.image.svg import SvgPathImage

from blocs.templatetags.vietnamese import moment


def address():
    """Where a code is typed in.

    Shape:   -> str
    """
    return f"{settings.SITE_URL}{reverse('invitation')}"


def link(issued):
    """The code stands behind ``#``: browsers keep that part for themselves, so no server writes it into a log.

    Shape:   Issued -> str
    """
    return f"{address()}#{issued.code}"


def picture(issued):
    """The link as a QR code, an address that an ``img`` shows.

    Shape:   Issued -> "data:image/svg+xml;base64,…"
    """
    file = BytesIO()
    qrcode.make(link(issued), image_factory=SvgPathImage, border=1).save(file)
    return f"data:image/svg+xml;base64,{base64.b64encode(file.getvalue()).decode()}"


def send(issued, *, by):
    """Send each person his letter; those without an address are left out.

    Shape:   [Issued] -> ([Issued that went out], [Issued that did not])
    """
    sent: list = []
    failed: list = []
    connection = mail.get_connection()
    for item in issued:
        (sent if item.user.email and _sent(item, by, connection) else failed).append(item)
    return sent, failed


def words(issued, *, by):
    """Shape: Issued -> the letter"""
    return f"""Kính gửi {issued.user.get_full_name()},

{by} cấp cho ông/bà lối vào hệ thống thi đua, khen thưởng.
Tên đăng nhập: {issued.user.username}

Mở liên kết sau rồi tự đặt mật khẩu:
{link(issued)}

Nếu liên kết không mở được: vào {address()} và gõ mã {issued.code}

Mã dùng một lần, hết hạn lúc {moment(issued.expires_at)}. Không chuyển thư này cho người khác.
Nếu ông/bà không chờ thư này, xin bỏ qua và báo cho {by}.
"""


def _sent(issued, by, connection):
    subject = "Lối vào hệ thống thi đua, khen thưởng"
    letter = mail.EmailMessage(subject, words(issued, by=by), to=[issued.user.email], connection=connection)
    try:
        return letter.send() == 1
    except OSError:  # of the mail server: SMTPException is one
        return False
