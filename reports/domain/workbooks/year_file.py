"""The year file in the browser: the same reader as the command, for the authority that the user works for, and held to
what the pages are held to."""

from django.apps import apps

from blocs.domain.audit_reading import column, value_of
from blocs.domain.files import Fault, FileRefused, read_yaml
from blocs.domain.plans import CHANGED, NEW, Line, Plan
from blocs.templatetags.vietnamese import figure
from reports.domain.yearfile.guard import Guard
from reports.domain.yearfile.load import import_year


def run(place, content):
    """Take a year file; what it would do is told by table and by row.

    Shape:   (Place, bytes) -> Plan
    Locks:   the row of the year that the file speaks of, then the rows of its blocs
    Raises:  FileRefused with every fault by its path; RuleBroken where a running year changes without a reason
    """
    data = read_yaml(content)
    named = data.get("authority") if isinstance(data, dict) else None
    code = named.get("code") if isinstance(named, dict) else None
    if code is not None and code != place.year.authority.code:
        raise FileRefused([Fault("authority.code", f"tệp của “{code}”, không phải của {place.year.authority}")])
    guard = Guard(reason=place.reason)
    year, changes, warnings = import_year(content, by=place.by, guard=guard)
    lines = [line for label, number in sorted(changes.created.items()) for line in _new(label, number, changes)]
    lines += [Line("", item["row"], CHANGED, _changes(item)) for item in changes.updated]
    lines += [Line("Lưu ý", words, "unchanged") for words in warnings]
    return Plan(lines, running=year.label if year.is_open and changes else "")


def _new(label, number, changes):
    """A line for each new row; of those whose content is not told one with their number."""
    named = changes.named[label]
    yield from (Line("", name, NEW) for name in named)
    if rest := number - len(named):
        yield Line("", f"{figure(rest)} {apps.get_model(label)._meta.verbose_name}", NEW)  # noqa: SLF001 -- documented


def _changes(item):
    """(column, before, after) as the page calls and writes them; nothing of a row whose content is not told."""
    table, before, after = item["table"], item["before"] or {}, item["after"] or {}
    return tuple(
        (column(table, name), value_of(table, name, before.get(name), empty=""), value_of(table, name, value, empty=""))
        for name, value in after.items()
    )
