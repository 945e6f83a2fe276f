"""What a list that somebody brings would do, row by row, before anything is written."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from blocs.domain.files import Fault
from blocs.errors import RuleBroken
from blocs.templatetags.vietnamese import figure

NEW, CHANGED, UNCHANGED, FAULTY = "new", "changed", "unchanged", "faulty"


@dataclass
class Entry:
    """One row as it came: where it stands, where each of its values stands, and what is wrong with it so far."""

    place: str
    values: dict
    cells: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def get(self, name):
        return self.values.get(name)

    def refuse(self, message, name=""):
        self.faults.append(Fault(self.cells.get(name, self.place), message))


@dataclass(frozen=True)
class Line:
    """A row of the preview; ``changes`` are (column, before, after) in words."""

    place: str
    label: str
    state: str
    changes: tuple[tuple[str, str, str], ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The lines; ``running`` names the running year that they change, which wants a reason."""

    lines: list[Line]
    running: str = ""

    @property
    def counts(self):
        """Shape: -> {state: number of lines}, every state named"""
        found = Counter(line.state for line in self.lines)
        return {state: found[state] for state in (NEW, CHANGED, UNCHANGED, FAULTY)}

    @property
    def fingerprint(self):
        """Equal for plans that would do the same."""
        return hashlib.sha256(repr(self.lines).encode("utf-8", "backslashreplace")).hexdigest()

    def check(self):
        """All or nothing: one faulty row stops the whole list.

        Raises:  RuleBroken
        """
        if number := self.counts[FAULTY]:
            raise RuleBroken(f"Còn {figure(number)} dòng có lỗi; chưa nhận dòng nào.")


def line_of(entry, label, *, exists, changes):
    """The line of an entry that was looked at.

    Shape:   (Entry, text, bool, [(column, before, after)]) -> Line
    """
    if entry.faults:
        return Line(entry.place, label, FAULTY, tuple(changes), tuple(entry.faults))
    state = NEW if not exists else CHANGED if changes else UNCHANGED
    return Line(entry.place, label, state, tuple(changes))


def refuse_twice(entries, *names):
    """Mark each entry whose values of these names an earlier one has, too."""
    seen: dict[tuple, str] = {}
    for entry in entries:
        key = tuple(entry.get(name) for name in names)
        if key[0] is None:
            continue
        if key in seen:
            entry.refuse(f"lặp lại dòng {seen[key]}", names[0])
        seen.setdefault(key, entry.place)


def one_line(text):
    """A stored text as a cell gives it back.

    Shape:   str -> str
    """
    return " ".join(part.strip() for part in text.splitlines() if part.strip())
