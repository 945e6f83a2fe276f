"""Reading the exchanged YAML files: text as spelled, no tags, no anchors, every fault named by its path.

Source: file-reading
"""

import re
import typing
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import yaml
from django.core.exceptions import ValidationError as DjangoValidationError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from blocs.errors import DomainError
from blocs.fields import check_figure, plain

MAX_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 30
MAX_EVENTS = 1_000_000  # a province with 140 blocs writes about a tenth of that
MAX_FAULTS = 200
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
END_OF_DAY = time(23, 59, 59)
FIRST_YEAR, LAST_YEAR = 1900, 2300  # a moment beyond them is a slip, and no clock of ours could turn it to another zone


@dataclass(frozen=True)
class Fault:
    path: str
    message: str

    def __str__(self):
        return " ".join(f"{self.path or 'tệp'}: {self.message}".split("\n"))


class FileRefused(DomainError):
    """A file that was not taken; ``faults`` name each reason by its path."""

    def __init__(self, faults):
        faults = iter(faults)
        self.faults = list(islice(faults, MAX_FAULTS))
        if next(faults, None) is not None:
            self.faults.append(Fault("tệp", f"còn nữa; chỉ nêu {MAX_FAULTS} lỗi đầu"))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass
class Faults:
    """Faults as they are found; ``raise_if_any`` ends the reading."""

    found: list[Fault] = field(default_factory=list)

    def add(self, path, message):
        self.found.append(Fault(path, message))

    def raise_if_any(self):
        if self.found:
            raise FileRefused(self.found)


# ---------------------------------------------------------------- YAML text -> plain lists, dicts, texts and None


def read_yaml(content):
    """Plain data of one YAML document.

    Shape:   bytes -> dict | list | str | None, every scalar an NFC text as spelled, plain ``null`` and nothing as None
    Raises:  FileRefused
    Source:  file-reading
    """
    if len(content) > MAX_BYTES:
        raise FileRefused([Fault("", f"lớn hơn {MAX_BYTES // 1024 // 1024} MB")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused([Fault("", f"không phải UTF-8 (byte thứ {error.start + 1})")]) from None
    faults = Faults()
    try:
        events = _counted(yaml.parse(text, Loader=yaml.CSafeLoader))
        data = _document(events, faults)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"dòng {mark.line + 1}, cột {mark.column + 1}" if mark else ""
        raise FileRefused([Fault(where, "không đúng cú pháp YAML")]) from None
    faults.raise_if_any()
    return data


def _counted(events):
    for number, event in enumerate(events):
        if number > MAX_EVENTS:
            raise FileRefused([Fault("tệp", f"quá nhiều mục (hơn {MAX_EVENTS})")])
        yield event


def _document(events, faults):
    data, seen = None, False
    for event in events:
        if isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent):
            continue
        if isinstance(event, yaml.DocumentStartEvent):
            if seen:
                raise FileRefused([Fault(_line(event), "chứa nhiều hơn một tài liệu YAML")])
            seen = True
            continue
        data = _node(event, events, "", faults, 0)
    return data


def _node(event, events, path, faults, depth):
    if isinstance(event, yaml.AliasEvent):
        raise FileRefused([Fault(path or _line(event), "không nhận bí danh YAML (*)")])
    if event.anchor is not None:
        raise FileRefused([Fault(path or _line(event), "không nhận neo YAML (&)")])
    if event.tag is not None:
        raise FileRefused([Fault(path or _line(event), f"không nhận thẻ YAML ({event.tag})")])
    if depth > MAX_DEPTH:
        raise FileRefused([Fault(path, f"lồng nhau quá {MAX_DEPTH} tầng")])
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event, path, faults)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Any] = []
        while not isinstance(child := next(events), yaml.SequenceEndEvent):
            items.append(_node(child, events, f"{path}[{len(items)}]", faults, depth + 1))
        return items
    return _mapping(events, path, faults, depth)


def _mapping(events, path, faults, depth):
    mapping: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        if not isinstance(event, yaml.ScalarEvent):
            raise FileRefused([Fault(path or _line(event), "khóa phải là chữ")])
        key = _node(event, events, path, faults, depth + 1)
        key = event.value if key is None else key
        here = f"{path}.{key}" if path else key
        if key == "<<" and event.implicit[0]:
            raise FileRefused([Fault(here, "không nhận khóa gộp YAML (<<)")])
        value = _node(next(events), events, here, faults, depth + 1)
        if key in mapping:
            faults.add(here, f"khóa “{key}” lặp lại")
        mapping[key] = value
    return mapping


def _scalar(event, path, faults):
    if event.implicit[0] and event.value in ("", "~", "null", "Null", "NULL"):
        return None
    for character in event.value:
        category = unicodedata.category(character)
        if (category == "Cc" and character not in "\n\t") or category == "Cs":
            faults.add(path, f"có ký tự điều khiển không nhận được (U+{ord(character):04X})")
            break
    return unicodedata.normalize("NFC", event.value)


def _line(event):
    return f"dòng {event.start_mark.line + 1}"


# ---------------------------------------------------------------- plain data -> a checked model


class FileModel(BaseModel):
    """A mapping of an exchanged file: unknown keys are faults, nothing is coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def parse(model, data):
    """A checked model of plain data.

    Shape:   (FileModel subclass, result of read_yaml) -> instance
    Raises:  FileRefused with the path and a Vietnamese message of each fault
    """
    try:
        checked = model.model_validate(_without_nothing(data))
    except ValidationError as error:
        found = (
            Fault(_path(item["loc"] + item.get("ctx", {}).get("key", ())), _message(item))
            for item in error.errors(include_url=False)
        )
        raise FileRefused(chain(found, _empty_unknown(model, data, ()))) from None
    if unknown := list(_empty_unknown(model, data, ())):
        raise FileRefused(unknown)
    return checked


def _empty_unknown(annotation, data, location):
    """Unknown keys without a value: dropped with what is left out, and yet a slip (``value: 100,50`` in braces)."""
    if isinstance(data, list):
        for number, item in enumerate(data):
            yield from _empty_unknown(annotation, item, (*location, number))
    elif isinstance(data, dict):
        model = _model_in(annotation)
        if model is None:
            return
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        is_map = typing.get_origin(annotation) is dict
        for key, value in data.items():
            here = (*location, key)
            if is_map:
                yield from _empty_unknown(model, value, here)
            elif key in fields:
                yield from _empty_unknown(fields[key].annotation, value, here)
            elif value in (None, [], {}, ""):
                yield Fault(_path(here), MESSAGES["extra_forbidden"])


def _model_in(annotation):
    """The FileModel that an annotation names, inside lists, mappings and unions too."""
    if isinstance(annotation, type) and issubclass(annotation, FileModel):
        return annotation
    return next((found for part in typing.get_args(annotation) if (found := _model_in(part))), None)


def _without_nothing(data):
    """Drop what is null or an empty list or mapping: it means left out."""
    if isinstance(data, dict):
        cleaned = {key: _without_nothing(value) for key, value in data.items()}
        return {key: value for key, value in cleaned.items() if value is not None and value not in ([], {}, "")}
    if isinstance(data, list):
        return [_without_nothing(value) for value in data]
    return data


def _path(location):
    path = ""
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
        elif not step.startswith("["):  # "[key]" of a mapping, the tag of a union
            path += f".{step}" if path else str(step)
    return path


MESSAGES = {
    "missing": "thiếu mục bắt buộc này",
    "extra_forbidden": "khóa không có trong định dạng",
    "model_type": "phải là một nhóm khóa - giá trị",
    "dict_type": "phải là một nhóm khóa - giá trị",
    "list_type": "phải là một danh sách",
    "string_type": "phải là chữ",
    "too_long": "quá nhiều mục (nhiều nhất {max_length})",
    "less_than_equal": "nhiều nhất {le}",
    "greater_than_equal": "ít nhất {ge}",
}


def _message(item):
    kind = item["type"]
    if kind == "literal_error":
        values = item["ctx"]["expected"].replace(" or ", ", ")
        return f"“{_short(item['input'])}” không thuộc các giá trị được dùng: {values}"
    if kind in MESSAGES:
        return MESSAGES[kind].format(**item.get("ctx", {}))
    return item["msg"]


def refuse(message, key=""):
    """Refuse a value, or of a whole entry the one under ``key``."""
    raise PydanticCustomError("vietnamese", "{text}", {"text": message, "key": (key,) if key else ()})


def _short(value):
    """A refused value as a message repeats it: the beginning, on one line."""
    text = " ".join(str(value).split("\n"))
    return text if len(text) <= 60 else f"{text[:60]}…"


def as_text(value):
    if not isinstance(value, str):
        refuse("phải là chữ")
    if not value.strip():
        refuse("để trống")
    return value


def _code(value):
    if value != value.strip():
        refuse(f"mã “{_short(value)}” có khoảng trắng ở đầu hoặc cuối")
    if "/" in value:
        refuse(f"mã “{_short(value)}” có dấu /")
    if len(value) > 60 or "\n" in value or "\t" in value:
        refuse(f"mã “{_short(value)}” dài quá 60 chữ hoặc có dấu xuống dòng")
    return value


def at_most(length):
    def check(value):
        if len(value) > length:
            refuse(f"dài {len(value)} chữ, nhiều nhất {length}")
        return value

    return check


def _decimal(value):
    if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        refuse(f"“{_short(value)}” không phải số thập phân (viết như 12 hoặc 97.5)")
    number = Decimal(value)
    try:
        check_figure(number)
    except DjangoValidationError as error:
        refuse(error.messages[0])
    return plain(number)


def _whole(value):
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,9}", value):
        refuse(f"“{_short(value)}” không phải số nguyên từ 0 trở lên")
    return int(value)


def _day(value):
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    return refuse(f"“{_short(value)}” không phải ngày (viết như 2026-11-30)")


MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def _moment(value):
    if isinstance(value, str) and MOMENT.fullmatch(value):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
            return refuse(f"“{value}” không phải thời điểm có thật")
        return moment if moment.tzinfo else moment.replace(tzinfo=HANOI)
    day = _day(value)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        refuse(f"“{value}” không phải thời điểm có thật")
    return datetime.combine(day, END_OF_DAY, HANOI)


Code = Annotated[str, BeforeValidator(as_text), AfterValidator(_code)]
Line = Annotated[str, BeforeValidator(as_text), AfterValidator(at_most(300))]
Label = Annotated[Code, AfterValidator(at_most(20))]
Mark = Annotated[str, BeforeValidator(as_text), AfterValidator(at_most(40))]
Short = Annotated[str, BeforeValidator(as_text), AfterValidator(at_most(60))]
Place = Annotated[str, BeforeValidator(as_text), AfterValidator(at_most(80))]
Title = Annotated[str, BeforeValidator(as_text), AfterValidator(at_most(200))]
Name = Annotated[str, BeforeValidator(as_text), AfterValidator(at_most(120))]
Sentence = Annotated[str, BeforeValidator(as_text), AfterValidator(at_most(500))]
LongText = Annotated[str, BeforeValidator(as_text), AfterValidator(at_most(1000))]
Note = Annotated[str, BeforeValidator(as_text), AfterValidator(at_most(2000))]
Paragraph = Annotated[str, BeforeValidator(as_text), AfterValidator(at_most(60_000))]
Number = Annotated[Decimal, BeforeValidator(_decimal)]
Whole = Annotated[int, BeforeValidator(_whole)]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]


# ---------------------------------------------------------------- plain data -> YAML text


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True


def _represent_number(dumper, value):
    text = format(plain(value), "f")
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Dumper.add_representer(Decimal, _represent_number)
_Dumper.add_representer(
    datetime, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:timestamp", spell(value))
)


def spell(moment):
    """A moment as a file spells it: the day alone for 23:59:59, else local date and time."""
    local = moment.astimezone(HANOI)
    if local.timetz().replace(tzinfo=None) == END_OF_DAY:
        return local.date().isoformat()
    return local.replace(tzinfo=None).isoformat()


def write_yaml(data):
    """YAML text of plain data; what ``read_yaml`` reads back to the same content.

    Shape:   dict -> str
    """
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)
