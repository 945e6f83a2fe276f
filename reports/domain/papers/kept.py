"""Data of a printed paper that are kept with a finished text, and read back: plain values there, dataclasses here."""

from dataclasses import asdict, is_dataclass
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints


def plain(fields):
    """Shape: {field of a paper: value} -> {field: str, number, list or dict}"""
    return {name: _plain(value) for name, value in fields.items()}


def restored(paper, kept) -> dict[str, Any]:
    """Shape: (dataclass of the paper, what ``plain`` gave) -> {field that it still has: value of its type}"""
    hints = get_type_hints(paper)
    return {name: _restored(hints[name], value) for name, value in kept.items() if name in hints}


def _plain(value):
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _restored(hint, value):
    if value is None:
        return None
    if isinstance(hint, type) and is_dataclass(hint):
        return hint(**restored(hint, value))
    kinds = get_args(hint)
    if get_origin(hint) is UnionType:
        return _restored(kinds[0], value)
    if get_origin(hint) is tuple:
        each = (kinds[0],) * len(value) if kinds[-1] is Ellipsis else kinds
        return tuple(_restored(kind, item) for kind, item in zip(each, value, strict=True))
    return value
