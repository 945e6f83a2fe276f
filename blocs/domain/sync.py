"""Bringing the rows of one table to what a list says, with one query a table however many blocs there are."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain

from django.db.models import Model

from blocs.fields import PositionedModel
from blocs.folding import Searchable


@dataclass
class Changes:
    """What a load did: counts of new rows by table and, but for private ones, what they are; each changed or removed
    row in words."""

    created: dict[str, int] = field(default_factory=dict)
    named: dict[str, list[str]] = field(default_factory=dict)
    updated: list[dict] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def __bool__(self):
        return bool(self.created or self.updated or self.removed)

    def create(self, label, number, names):
        self.created[label] = self.created.get(label, 0) + number
        self.named.setdefault(label, []).extend(names)

    def update(self, label, what, before, after):
        self.updated.append({"table": label, "row": what, "before": before, "after": after})


def always(row):
    return True


def never(row):
    return False


class Sync:
    """Adds and updates rows; with ``replace`` also clears what the list leaves out and removes what it does not name.

    Removals wait until ``finish``, so that what refers to a row goes before the row.
    """

    def __init__(self, *, replace):
        self.replace = replace
        self.changes = Changes()
        self._doomed = []

    def rows(
        self, queryset, rows, *, key, group=(), whole=False, fixed=never, shared=never, private=False, at_once=False
    ):
        """Make the rows of ``queryset`` those of ``rows``.

        Shape:   queryset of the rows that the list speaks of, [{field: value}] -> [saved instance], one for each
                 key: fields that identify a row; a key that occurs twice pairs off in order
                 group: fields (``owner`` or ``via__owner``) of the list that gives the order
                 whole: a row that is named is set entirely, also without ``replace``
                 at_once: rows to remove go before new ones come; nothing refers to them
                 private: what changed is not told, only that something did
                 fixed(row): never changed nor removed; shared(row): never cleared nor removed
        None means left out. A list value is added to, unless the row is set entirely.
        """
        model, told = queryset.model, () if private else key
        ordered = _has_position(model)
        existing, lists = defaultdict(list), defaultdict(list)
        for row in queryset.order_by("position", "pk") if ordered else queryset.order_by("pk"):
            existing[_identity(row, key)].append(row)
            lists[_identity(row, group)].append(row)
        fresh, dirty, result = [], {}, []
        for values in rows:
            if existing[identity := tuple(_plain(values.get(name)) for name in key)]:
                row = existing[identity].pop(0)
                entirely = (self.replace or whole) and not shared(row)
                if not fixed(row) and self._update(row, values, told, entirely):
                    dirty[row.pk] = row
            else:
                row = model(**{name: value for name, value in values.items() if value is not None})
                fresh.append(row)
            result.append(row)
        left = list(chain.from_iterable(existing.values()))
        if ordered:
            self._place(result, left, group, lists, dirty)
        if self.replace:
            self._doomed.append((model, [row for row in left if not fixed(row) and not shared(row)], told))
            if at_once:
                self._remove(*self._doomed.pop())
        self._write(model, rows, fresh, dirty, ordered, told)
        return result

    def finish(self):
        """Remove what the lists did not name, last table first."""
        for model, rows, key in reversed(self._doomed):
            self._remove(model, rows, key)

    def _remove(self, model, rows, key):
        self.changes.removed += [describe(row, key) for row in rows]
        if rows:
            model.objects.filter(pk__in=[row.pk for row in rows]).delete()

    def _update(self, row, values, key, entirely):
        before, after = {}, {}
        for name, value in values.items():
            old = _stored(row, name)
            if value is None:
                if not entirely:
                    continue
                wanted = _nothing(row, name)
            else:
                wanted = _joined(old, value) if isinstance(value, list) and not entirely else value
            if _plain(old) != _plain(wanted):
                before[name], after[name] = _shown(getattr(row, name)), _shown(wanted)
                setattr(row, name, wanted)
        if after:
            told = (before, after) if key else (None, None)
            self.changes.update(row._meta.label_lower, describe(row, key), *told)  # noqa: SLF001 -- as below
        return bool(after)

    def _place(self, result, left, group, lists, dirty):
        """The file's order where it names every row of a list; else old rows keep their places and new ones follow."""
        incomplete = set() if self.replace else {_identity(row, group) for row in left}
        by_owner = defaultdict(list)
        for row in result:
            by_owner[_identity(row, group)].append(row)
        for owner, named in by_owner.items():
            rows = lists[owner] + [row for row in named if row.pk is None] if owner in incomplete else named
            for position, row in enumerate(rows):
                if row.position != position:
                    row.position = position
                    if row.pk is not None:
                        dirty[row.pk] = row

    def _write(self, model, rows, fresh, dirty, ordered, key):
        model.objects.bulk_create(fresh, batch_size=500)
        label = model._meta.label_lower  # noqa: SLF001 -- Django's documented name for it
        if fresh:
            self.changes.create(label, len(fresh), [describe_new(row, key) for row in fresh] if key else [])
        if dirty:
            names = {name for values in rows for name in values} | ({"position"} if ordered else set())
            if issubclass(model, Searchable):
                names.add("folded")
                for row in dirty.values():
                    model._meta.get_field("folded").pre_save(row, add=False)  # noqa: SLF001 -- documented API
            model.objects.bulk_update(dirty.values(), sorted(names), batch_size=200)


def _has_position(model):
    return any(item.name == "position" for item in model._meta.fields)  # noqa: SLF001 -- documented API


def _identity(row, names):
    return tuple(_plain(_stored(row, name)) for name in names)


def _stored(row, name):
    *way, last = name.split("__")
    for step in way:
        row = getattr(row, step)
    return getattr(row, row._meta.get_field(last).attname)  # noqa: SLF001 -- documented API


def _plain(value):
    if value == "":
        return None
    return value.pk if hasattr(value, "pk") else value


def _shown(value):
    return value if isinstance(value, str | int | list | bool | None) else str(value)


def _nothing(row, name):
    item = row._meta.get_field(name)  # noqa: SLF001 -- documented API
    return None if item.null else item.get_default()


def _joined(old, new):
    rest, added = list(old), []
    for item in new:
        if item in rest:
            rest.remove(item)
        else:
            added.append(item)
    return [*old, *added] if rest else list(new)


def describe_new(row, names):
    """A new row by its own name where it has one."""
    if type(row).__str__ in (Model.__str__, PositionedModel.__str__):
        return describe(row, names)
    return f"{row._meta.verbose_name}: {row}"  # noqa: SLF001 -- documented API


def describe(row, names):
    """A row in words for the list of changes: what it is, and what identifies it."""
    parts = [str(value) for name in names if (value := getattr(row, name)) not in (None, "")]
    return f"{row._meta.verbose_name}: {' · '.join(parts)}".rstrip(": ")  # noqa: SLF001 -- documented API
