"""Import then export gives the same content back; importing the export again changes nothing."""

import json
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from blocs.domain.files import FileRefused
from blocs.models import AuditEvent
from tests.reports.strategies import spoiled_files, year_files
from tests.reports.yearfiles import ALL_KEYS, SAMPLES, as_file, content, exported, load, row_counts, small

pytestmark = pytest.mark.django_db
STORED = pytest.mark.usefixtures("stored_rules")
FILES = pytest.mark.parametrize("path", [ALL_KEYS, *SAMPLES], ids=lambda path: path.stem)


@contextmanager
def undone():
    """Whatever happens inside is rolled back: one example leaves nothing to the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def check_round_trip(file):
    year, _, _ = load(file)
    out, counts = exported(year), row_counts()
    assert content(out) == content(file)
    _, changes, _ = load(out)
    assert (changes.created, changes.updated, changes.removed) == ({}, [], [])
    assert (exported(year), row_counts()) == (out, counts)
    return year, out


@FILES
@STORED
def test_file_comes_back_and_again_changes_nothing(path):
    check_round_trip(path.read_bytes())


@FILES
@STORED
def test_file_itself_twice_changes_nothing(path):
    year, _, _ = load(path.read_bytes())
    out, counts = exported(year), row_counts()
    _, changes, _ = load(path.read_bytes())
    assert bool(changes) is False
    assert (exported(year), row_counts()) == (out, counts)


@FILES
@STORED
def test_replacing_a_file_by_itself_changes_nothing(path):
    year, _, _ = load(path.read_bytes())
    out, counts = exported(year), row_counts()
    _, changes, _ = load(out, replace=True)
    assert bool(changes) is False
    assert (exported(year), row_counts()) == (out, counts)


@FILES
@STORED
def test_dry_run_writes_nothing(path):
    counts = row_counts()
    _, changes, _ = load(path.read_bytes(), dry_run=True)
    assert changes.created["blocs.year"] == 1
    assert row_counts() == counts


@STORED
@pytest.mark.slow
def test_all_samples_side_by_side_come_back():
    years = [(path.read_bytes(), load(path.read_bytes())[0]) for path in SAMPLES]
    names = [content(exported(year))["units"] for _, year in years]
    assert [[unit["name"] for unit in units] for units in names] == [
        [unit["name"] for unit in content(file)["units"]] for file, _ in years
    ]
    events = AuditEvent.objects.count()
    for _, year in years:
        out = exported(year)
        _, changes, _ = load(out)
        assert bool(changes) is False
        assert exported(year) == out
    assert AuditEvent.objects.count() == events


def test_import_is_one_event_of_the_trail():
    load(small())
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.target_label) == ("year.import", "Lệnh của người vận hành", "2026")


def test_json_is_yaml_too():
    year, _, _ = load(json.dumps(small(), ensure_ascii=False).encode())
    assert content(exported(year)) == content(as_file(small()))


EXAMPLES = {"suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]}


@pytest.mark.slow
@settings(**EXAMPLES)
@given(data=year_files())
def test_any_valid_file_comes_back(data):
    with undone():
        check_round_trip(as_file(data))


@pytest.mark.slow
@settings(**EXAMPLES)
@given(first=year_files(year=2026), second=year_files(year=2026))
def test_any_file_replaces_any_other(first, second):
    second["label"] = first.setdefault("label", "2026")
    first |= {key: second[key] for key in ("starts_on", "ends_on") if key in second}
    for data in (first, second):  # one unit has one span and one origin, whichever year names it
        for unit in data["units"]:
            for key in ("valid_from", "valid_to", "successor_of"):
                unit.pop(key, None)
    with undone():
        try:
            load(as_file(first))
        except FileRefused:  # its days lie outside the other's year
            return
        year, _, _ = load(as_file(second), replace=True)
        assert content(exported(year)) == content(as_file(second))


@pytest.mark.slow
@settings(**EXAMPLES)
@given(first=year_files(year=2026), second=year_files(year=2026))
def test_any_two_files_together_come_back(first, second):
    second["label"] = first.setdefault("label", "2026")
    with undone():
        try:
            load(as_file(first))
            year, _, _ = load(as_file(second))
        except FileRefused:  # the two do not fit together
            return
        out = exported(year)
        _, changes, _ = load(out)
        assert (changes.created, changes.updated, changes.removed, exported(year)) == ({}, [], [], out)


@pytest.mark.slow
@settings(**EXAMPLES)
@given(data=spoiled_files())
def test_any_spoiled_file_is_taken_or_refused(data):
    with undone():
        counts, lines = row_counts(), None
        try:
            load(as_file(data))
        except FileRefused as refusal:
            lines = str(refusal).split("\n")
        assert lines is None or (row_counts() == counts and all(": " in line for line in lines))
