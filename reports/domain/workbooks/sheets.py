"""What the sheets of our workbooks are like."""

from dataclasses import dataclass, field
from enum import Enum


class Holds(Enum):
    """What the cells of a column hold."""

    CODE = "mã"
    SIGNS = "chữ số"  # a telephone number: digits that are no number
    TEXT = "chữ"
    DAY = "ngày"
    MOMENT = "thời điểm"  # only written
    FIGURE = "số"
    WHOLE = "số nguyên"


@dataclass(frozen=True)
class Column:
    """``choices`` is a closed list {label on screen: value}; ``suggests`` names a list of the reference sheet.

    A column that is ``only_read`` helps the reader of a workbook and is passed over when it comes back.
    """

    name: str
    label: str
    holds: Holds = Holds.TEXT
    note: str = ""
    required: bool = False
    max_length: int = 300
    width: int = 20
    choices: dict[str, str] = field(default_factory=dict)
    suggests: str = ""
    only_read: bool = False


@dataclass(frozen=True)
class Sheet:
    name: str
    title: str
    columns: tuple[Column, ...]


REFERENCE = "Danh mục"  # the lists behind the drop-downs; never read
GUIDE = "Hướng dẫn"
MAX_ROWS = 5000
MAX_COLUMNS = 50
