"""What a single cell means: texts, codes, days and numbers as people write them here."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError

from blocs.domain.plans import one_line
from blocs.fields import NUMBER, check_figure, plain
from blocs.folding import fold
from reports.domain.workbooks.sheets import Holds

DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


class Unfit(ValueError):
    """A cell that does not hold what its column wants; the text says why."""


def understand(cell, column):
    """The value of a cell that is not empty.

    Shape:   (Cell, Column) -> str, date, Decimal or int
    Raises:  Unfit
    """
    if cell.sort == "f":
        raise Unfit("ô chứa công thức; dán lại dưới dạng giá trị")
    if cell.sort == "e":
        raise Unfit(f"ô báo lỗi {shown(cell)}")
    if cell.sort == "b":
        raise Unfit("ô đúng/sai, không phải chữ hay số")
    if column.choices:
        return _choice(_text(cell, column), column)
    return READERS[column.holds](cell, column)


def shown(cell):
    """A cell as text, for messages."""
    if isinstance(cell.value, datetime | date):
        return f"{cell.value:%d/%m/%Y}"
    return unicodedata.normalize("NFC", one_line(str(cell.value)))


def _text(cell, column):
    if isinstance(cell.value, datetime | date):
        raise Unfit(f"ô là ngày ({shown(cell)}), cần chữ; đặt định dạng ô là Văn bản (Text) rồi gõ lại")
    if cell.sort == "n" and not float(cell.value).is_integer():
        raise Unfit(f"ô là số ({shown(cell)}), cần chữ")
    text = str(int(cell.value)) if cell.sort == "n" else shown(cell)
    for sign in text:
        if unicodedata.category(sign) in ("Cc", "Cs"):
            raise Unfit(f"có ký tự điều khiển không nhận được (U+{ord(sign):04X})")
    if len(text) > column.max_length:
        raise Unfit(f"dài {len(text)} chữ, nhiều nhất {column.max_length}")
    return text


def _signs(cell, column):
    if cell.sort == "n":
        name = "mã" if column.holds == Holds.CODE else "ô"
        raise Unfit(
            f"{name} phải là chữ, ô đang là số {shown(cell)} (số 0 ở đầu có thể đã mất); "
            "đặt định dạng ô là Văn bản (Text) rồi gõ lại"
        )
    return _text(cell, column)


def _code(cell, column):
    text = _signs(cell, column)
    if "/" in text:
        raise Unfit(f"mã “{text}” có dấu /")
    return text


def _choice(text, column):
    for label, value in column.choices.items():
        if fold(text) in (fold(label), fold(value)):
            return value
    raise Unfit(f"“{text[:60]}” không thuộc các giá trị được dùng: {', '.join(column.choices)}")


def _day(cell, column):
    if isinstance(cell.value, datetime):
        return cell.value.date()
    if isinstance(cell.value, date):
        return cell.value
    match = DAY.fullmatch(shown(cell))
    if match and cell.sort != "n":
        day, month, year = map(int, match.groups())
        try:
            return date(year, month, day)
        except ValueError:
            pass
    raise Unfit(f"“{shown(cell)[:60]}” không phải ngày (viết như 30/11/2026)")


def _figure(cell, column):
    if cell.is_percent:
        raise Unfit("ô định dạng phần trăm; viết số thường (ví dụ 95) và ghi % ở cột đơn vị tính")
    if isinstance(cell.value, datetime | date):
        raise Unfit(f"ô là ngày ({shown(cell)}), cần số")
    text = shown(cell).replace(" ", "").replace("\u00a0", "")
    if cell.sort == "n":
        number = Decimal(f"{cell.value:.15g}")
    elif NUMBER.fullmatch(text):
        number = Decimal(text.replace(".", "").replace(",", "."))
    else:
        raise Unfit(f"“{text[:60]}” không phải số (viết như 1.234,5)")
    try:
        check_figure(number)
    except ValidationError as error:
        raise Unfit(error.messages[0]) from None
    return plain(number)


def _whole(cell, column):
    number = _figure(cell, column)
    if number != int(number) or not 0 <= number <= 32000:
        raise Unfit(f"“{shown(cell)[:60]}” không phải số nguyên từ 0 đến 32.000")
    return int(number)


READERS = {
    Holds.TEXT: _text, Holds.CODE: _code, Holds.SIGNS: _signs, Holds.DAY: _day, Holds.FIGURE: _figure,
    Holds.WHOLE: _whole,
}  # fmt: skip
