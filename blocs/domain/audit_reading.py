"""The trail in words that people can read."""

import re
from datetime import date, datetime

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.dateparse import parse_date, parse_datetime

from blocs.audit_words import ACTIONS, FIELDS
from blocs.templatetags.vietnamese import day, figure, moment

HIDDEN = "(nội dung báo cáo của đơn vị, xem trong báo cáo khi đã gửi)"
UNIT_RESULTS = frozenset({"covenant.record_unit_result", "covenant.clear_unit_result"})
EMPTY = "(trống)"


def is_hidden(event):
    """What a unit wrote into its report before sending it is its own, and so is why a hold was put on somebody.

    Shape:   AuditEvent -> bool
    """
    if event.target.startswith("awards.hold:"):
        return True
    return (".save" in event.action and event.target.startswith("reports.unitreport:")) or event.action in UNIT_RESULTS


def action_of(event):
    """Shape: AuditEvent -> str; an act of an older version is shown by its code"""
    return ACTIONS.get(event.action, event.action)


def lines_of(event):
    """What changed, a line a thing: ``tên: cũ → mới``.

    Shape:   AuditEvent -> [str]
    """
    if is_hidden(event):
        return [HIDDEN]
    before, after = _named(event.before), _named(event.after)
    found = []
    for key in sorted({*before, *after}):  # a database may keep the names of a record in an order of its own
        old, new = words(before.get(key)), words(after.get(key))
        if old != new:
            found.append(f"{label(event, key)}: {old} → {new}" if key in before else f"{label(event, key)}: {new}")
    return found


def _named(value):
    """Nearly every act records names and values; a bare value stands for itself."""
    if value is None:
        return {}
    return value if isinstance(value, dict) else {"value": value}


def label(event, key):
    """Shape: (AuditEvent, name in its record) -> what the column of that row is called"""
    try:
        model = apps.get_model(event.target.partition(":")[0])
        return str(model._meta.get_field(key).verbose_name)  # noqa: SLF001 -- Django's documented name for it
    except (LookupError, ValueError, FieldDoesNotExist, AttributeError):
        return _plain_label(key)


def _plain_label(key):
    """A name without a row: of a table (``blocs.year``) what the table is called."""
    try:
        return str(apps.get_model(key)._meta.verbose_name)  # noqa: SLF001 -- Django's documented name for it
    except (LookupError, ValueError):
        return FIELDS.get(key, key.replace("_", " "))


def words(value):
    """One recorded value as people write it."""
    if value is None or value in ("", [], {}):
        return EMPTY
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, list):
        return "; ".join(words(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{_plain_label(str(key))}: {words(item)}" for key, item in value.items())
    if isinstance(value, int | float):
        return figure(str(value))
    return _time(str(value))


def _time(text):
    """A recorded day or moment in the Vietnamese way; anything else as it is."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            found: date | datetime | None = parse_date(text)
            return day(found) if found else text
        if re.match(r"\d{4}-\d{2}-\d{2}T", text):
            at = parse_datetime(text)
            return moment(at) if at and at.tzinfo else text
    except ValueError:
        return text
    return text
