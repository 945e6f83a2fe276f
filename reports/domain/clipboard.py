"""What people paste from Word, Excel and browsers, as lines of a report.

The reading is a process of its own with limits: an HTML parser can be led to read for minutes and to fill the memory
(16,000 bold tags that nobody closes take 30 s), and a web worker must not go down with it.
"""

import json
import subprocess
import sys

from django.conf import settings

from blocs.errors import RuleBroken
from blocs.templatetags.vietnamese import count, figure
from reports.domain.texts import tidy

MAX_BYTES = 2_000_000
SECONDS = 10
READER = (sys.executable, "-m", "reports.domain.pasted_html")


def read(html):
    """The lines of a paste and what is said about it.

    Shape:   HTML -> (text, note or "")
    Raises:  RuleBroken above 2 MB, and where it cannot be read within the limits
    """
    content = html.encode("utf-8", "replace")
    if len(content) > MAX_BYTES:
        megabytes = figure(MAX_BYTES // 1_000_000)
        raise RuleBroken(f"Nội dung dán lớn hơn {megabytes} MB. Dán từng phần; ảnh thì kèm thành tệp.")
    try:
        done = subprocess.run(  # noqa: S603 -- a program of our own; what was pasted is its input only
            READER, input=content, capture_output=True, cwd=settings.BASE_DIR, timeout=SECONDS, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise RuleBroken("Không đọc được định dạng của nội dung dán.") from error
    found = json.loads(done.stdout)
    note = ""
    if found["pictures"]:
        note = f"Đã bỏ {count(found['pictures'])} ảnh trong nội dung dán; ảnh cần gửi thì kèm thành tệp."
    return "\n".join(map(tidy, found["lines"])), note
