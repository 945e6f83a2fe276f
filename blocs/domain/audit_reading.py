"""The trail in words that people can read."""

import re
from datetime import date, datetime
from functools import cache

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.dateparse import parse_date, parse_datetime

from blocs.audit_words import ACTIONS, CODES, FIELDS, LABELS
from blocs.models import User
from blocs.templatetags.vietnamese import day, figure, moment

HIDDEN = "(nội dung báo cáo của đơn vị, xem trong báo cáo khi đã gửi)"
UNIT_RESULTS = frozenset({"covenant.record_unit_result", "covenant.clear_unit_result"})
WRITTEN = (".save", ".explain", ".remove", ".attach", ".detach")  # acts on a report that show what it holds
EMPTY = "(trống)"


def is_hidden(event):
    """What a unit wrote into its report before sending it is its own, and so is why a hold was put on somebody.

    Shape:   AuditEvent -> bool
    """
    if event.target.startswith("awards.hold:"):
        return True
    if event.target.startswith("reports.unitreport:"):
        return any(word in event.action for word in WRITTEN)
    return event.action in UNIT_RESULTS


def action_of(event):
    """Shape: AuditEvent -> str; an act of an older version is shown by its code"""
    return ACTIONS.get(event.action, event.action)


def target_of(event):
    """Shape: AuditEvent -> str; a row that had no name of its own is called after its table"""
    if not re.fullmatch(r"\w+ object \(\d+\)", event.target_label):
        return event.target_label
    table, _, number = event.target.partition(":")
    return f"{_plain_label(table)} số {number}"


def names_of(events):
    """The people of whom the records know only the number.

    Shape:   [AuditEvent] -> {User id: name}; one query, none where nobody is named so
    """
    wanted = {pk for event in events for key in PEOPLE for pk in _named(event, event.after).get(key) or ()}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=wanted)} if wanted else {}


def lines_of(event, names=None):
    """What changed, a line a thing: ``tên: cũ → mới``. ``names`` are those of a page, asked for at once.

    Shape:   AuditEvent, and {User id: name} or None -> [str]
    """
    if is_hidden(event):
        return [HIDDEN]
    names = names_of([event]) if names is None else names
    before, after = _named(event, event.before), _named(event, event.after)
    found = []
    for key in sorted({*before, *after}):  # a database may keep the names of a record in an order of its own
        if key == "updated" and isinstance(after.get(key), list):
            found += [_row_line(item) for item in after[key]]
            continue
        old, new = (_shown(event, key, record.get(key), names) for record in (before, after))
        if old != new and not (key in COUNTS and new == "0"):
            found.append(f"{label(event, key)}: {old} → {new}" if key in before else f"{label(event, key)}: {new}")
    return found


PEOPLE = frozenset({"users", "recipients"})  # lists of User ids
COUNTS = frozenset(
    {"new", "changed", "unchanged", "faulty"}
)  # rows of a list that was taken; none of a kind says nothing


def _named(event, value):
    """Nearly every act records names and values; a bare value is a state of its row, or stands for itself."""
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    return {"state" if isinstance(value, str) and value in _choices(_table(event), "state") else "value": value}


def _shown(event, key, value, names):
    if key in PEOPLE and isinstance(value, list):
        return "; ".join(names.get(pk, "(tài khoản không còn)") for pk in value) or EMPTY
    if key == "messages" and isinstance(value, list):
        return figure(len(value))
    codes = CODES.get((event.action, key), {})
    return codes[value] if isinstance(value, str) and value in codes else value_of(_table(event), key, value)


def _row_line(item):
    """One changed row of a year file: ``sửa khối của năm: 2026 · a — tên: cũ → mới``."""
    before, after = (_record(item.get(side)) for side in ("before", "after"))
    table = item.get("table") or _tables().get(item["row"].partition(":")[0], "")
    parts = [
        f"{column(table, name)}: {value_of(table, name, before.get(name))} → {value_of(table, name, value)}"
        for name, value in after.items()
    ]
    return f"sửa {item['row']}" + (f" — {'; '.join(parts)}" if parts else "")


def _record(value):
    return value if isinstance(value, dict) else {} if value is None else {"value": value}


@cache
def _tables():
    """{what people call a table: the table}; of an older record that is all we know."""
    return {str(model._meta.verbose_name): model._meta.label_lower for model in apps.get_models()}  # noqa: SLF001


def label(event, key):
    """Shape: (AuditEvent, name in its record) -> what people call it"""
    return LABELS.get((event.action, key)) or column(_table(event), key)


def _table(event):
    return event.target.partition(":")[0]


def column(table, name):
    """Shape: (``app.model`` or anything, name) -> what the column is called"""
    found = _field(table, name)
    return LABELS.get((table, name)) or (str(found.verbose_name) if found else _plain_label(name))


def value_of(table, name, value, *, empty=EMPTY):
    """One recorded value of a column as people write it: a code by its label.

    Shape:   (``app.model`` or anything, name, value) -> str
    """
    if value is None or value in ("", [], {}):
        return empty
    return _choices(table, name).get(value) or words(value) if isinstance(value, str) else words(value)


def _field(table, name):
    try:
        found = apps.get_model(table)._meta.get_field(name)  # noqa: SLF001 -- Django's documented name for it
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
    return found if hasattr(found, "verbose_name") else None


def _choices(table, name):
    return {str(code): str(words) for code, words in getattr(_field(table, name), "flatchoices", ())}


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
        if re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:", text):
            at = parse_datetime(text)
            return moment(at) if at and at.tzinfo else text
    except ValueError:
        return text
    return text
