"""The year file in the browser: the same reader as the command, for the authority that the user works for, and held to
what the pages are held to."""

from django.apps import apps

from blocs.domain.files import Fault, FileRefused, read_yaml
from blocs.domain.plans import CHANGED, NEW, Line, Plan
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
    lines = [
        Line("", f"{number} {apps.get_model(label)._meta.verbose_name}", NEW)  # noqa: SLF001 -- documented name
        for label, number in sorted(changes.created.items())
    ]
    lines += [Line("", item["row"], CHANGED, _changes(item["before"], item["after"])) for item in changes.updated]
    lines += [Line("Lưu ý", words, "unchanged") for words in warnings]
    return Plan(lines, running=year.label if year.is_open and changes else "")


def _changes(before, after):
    if after is None:
        return ()
    if isinstance(after, dict):
        return tuple((name, _shown((before or {}).get(name)), _shown(value)) for name, value in after.items())
    return (("", _shown(before), _shown(after)),)


def _shown(value):
    if isinstance(value, list):
        return "; ".join(_shown(item) for item in value)
    return "" if value is None else str(value)
