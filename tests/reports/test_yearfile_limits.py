"""The longest texts that a year file may hold are those that both databases hold; one character more is refused."""

import copy

import pytest

from blocs.domain.files import FileRefused, read_yaml
from tests.reports.yearfiles import ALL_KEYS, as_file, content, exported, load, row_counts

pytestmark = pytest.mark.django_db
UNIT, BLOC = ("units", 5), ("blocs", 0)

LONGEST = {
    ("label",): 20,
    ("theme",): 500,
    ("authority", "code"): 60,
    ("authority", "name"): 200,
    ("authority", "council"): 200,
    ("authority", "board"): 200,
    ("authority", "place"): 80,
    (*UNIT, "name"): 300,
    (*UNIT, "short_name"): 120,
    (*UNIT, "kind"): 60,
    (*UNIT, "letterhead", "superior"): 200,
    (*UNIT, "letterhead", "name"): 200,
    (*UNIT, "letterhead", "symbol"): 40,
    (*UNIT, "letterhead", "place"): 80,
    (*BLOC, "name"): 300,
    (*BLOC, "type"): 60,
    (*BLOC, "motto"): 500,
    (*BLOC, "supervisor"): 300,
    (*BLOC, "quotas", 0, "award"): 60,
    (*BLOC, "quotas", 0, "source"): 500,
    (*BLOC, "milestones", 0, "code"): 60,
    (*BLOC, "registrations", 0, "awards", 0): 60,
    (*BLOC, "covenant", "goals", 0): 60_000,
    (*BLOC, "covenant", "solutions", 0): 60_000,
    (*BLOC, "covenant", "targets", 1, "code"): 60,
    (*BLOC, "covenant", "targets", 0, "text"): 1000,
    (*BLOC, "covenant", "targets", 0, "unit"): 60,
    (*BLOC, "covenant", "results", 0, "note"): 2000,
    (*BLOC, "received", 0, "kind"): 60,
    (*BLOC, "report", "leading", 0): 60_000,
    (*BLOC, "recognitions", 0, "award"): 60,
    (*BLOC, "holds", 0, "code"): 60,
    (*BLOC, "holds", 0, "document"): 500,
    (*BLOC, "ballots", 0, "id"): 60,
    (*BLOC, "withdrawals", 0, "reason"): 1000,
    (*BLOC, "decisions", 0, "number"): 80,
    (*BLOC, "decisions", 0, "issuer"): 200,
    ("movements", 0, "code"): 60,
    ("movements", 0, "name"): 500,
    ("movements", 0, "scope"): 60,
    ("movements", 0, "method"): 60,
    ("movements", 0, "indicators", 0, "text"): 1000,
    ("movements", 0, "indicators", 0, "unit"): 60,
    ("movements", 0, "results", 0, "period"): 40,
    ("conferences", 0, "guests", 0): 60_000,
    ("conferences", 0, "directions", 0): 60_000,
}


def spelled(path):
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def file_with(path, length):
    data = copy.deepcopy(read_yaml(ALL_KEYS.read_bytes()))
    owner = data
    for step in path[:-1]:
        owner = owner.setdefault(step, {}) if isinstance(owner, dict) else owner[step]
    owner[path[-1]] = "ệ" * length
    return as_file(data)


@pytest.mark.usefixtures("stored_rules")
@pytest.mark.parametrize("path", LONGEST, ids=spelled)
def test_longest_text_comes_back(path):
    file = file_with(path, LONGEST[path])
    year, _, _ = load(file)
    assert content(exported(year)) == content(file)


@pytest.mark.parametrize("path", LONGEST, ids=spelled)
def test_one_character_more_is_refused(path):
    counts = row_counts()
    with pytest.raises(FileRefused) as caught:
        load(file_with(path, LONGEST[path] + 1))
    assert str(caught.value).startswith(f"{spelled(path)}: ")
    assert "dài" in str(caught.value)
    assert row_counts() == counts


@pytest.mark.usefixtures("stored_rules")
def test_greatest_numbers_come_back():
    data = copy.deepcopy(read_yaml(ALL_KEYS.read_bytes()))
    bloc = data["blocs"][0]
    bloc["quotas"][0]["max"] = bloc["recognitions"][0]["count"] = bloc["proposed_counts"]["BKT"] = "999999999"
    bloc["ballots"][0] |= {"voters": "999999999", "present": "999999999", "seats": "999999999", "invalid": "999999999"}
    bloc["covenant"]["targets"][0]["value"] = "-999999999999999"
    data["movements"][0]["indicators"][0]["target"] = "999999999.999999"
    year, _, _ = load(as_file(data))
    assert content(exported(year)) == content(as_file(data))
