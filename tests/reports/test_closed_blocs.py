"""What a sent report or a decision rests on stands as it is; what comes back may be mended."""

from datetime import date
from decimal import Decimal

import pytest

from awards.domain import proposals
from awards.models import Decision
from blocs.domain import covenant
from blocs.domain.files import FileRefused, parse, read_yaml
from blocs.enums import Role
from blocs.errors import RuleBroken
from blocs.models import TargetResult
from reports.domain import summary_reports, unit_reports
from reports.domain.yearfile.schema import YearFile
from tests.factories import (
    at,
    make_bloc_year,
    make_seat,
    make_summary_report,
    make_target,
    make_unit_report,
    make_user,
    members_of,
)

pytestmark = pytest.mark.django_db
NOW = at("2026-11-19 10:00")


@pytest.fixture
def report():
    return make_summary_report(state="adopted", whole=True)


@pytest.fixture
def head(report):
    user = make_user(Role.BLOC_HEAD, bloc_year=report.bloc_year)
    make_seat(user, Role.BOARD_STAFF, bloc_year=report.bloc_year)
    return user


def test_proposals_and_results_stand_once_the_report_is_sent(report, head):
    bloc_year, target = report.bloc_year, make_target(report.bloc_year)
    summary_reports.move(report.pk, "submit", by=head, now=NOW)

    with pytest.raises(RuleBroken):
        proposals.propose(bloc_year.pk, "CTDT", members_of(bloc_year)[0].pk, by=head)
    with pytest.raises(RuleBroken):
        covenant.record_bloc_result(bloc_year.pk, target.pk, by=head, value=Decimal(1))

    summary_reports.move(report.pk, "return", by=head, note="thiếu số liệu", now=NOW)
    proposals.propose(bloc_year.pk, "CTDT", members_of(bloc_year)[0].pk, by=head)
    assert bloc_year.proposals.count() == 1


def test_report_of_a_decided_year_is_not_returned(report, head):
    summary_reports.move(report.pk, "submit", by=head, now=NOW)
    Decision.objects.create(bloc_year=report.bloc_year, number="1/QĐ-UBND", dated=date(2026, 12, 20))

    with pytest.raises(RuleBroken):
        summary_reports.move(report.pk, "return", by=head, note="lý do", now=NOW)


def test_returned_report_taken_back_is_still_returned():
    bloc_year = make_bloc_year()
    report = make_unit_report(bloc_year, whole=True, state="returned")
    writer = make_user(Role.UNIT_LEADER, unit=report.unit)

    unit_reports.move(report.pk, "hand_up", by=writer)

    assert unit_reports.move(report.pk, "take_back", by=writer).state == "returned"


def test_results_of_a_unit_are_a_draft_until_its_report_is_sent():
    bloc_year = make_bloc_year()
    report = make_unit_report(bloc_year, whole=True)
    target = make_target(bloc_year, of=report.unit)
    writer = make_user(Role.UNIT_LEADER, unit=report.unit)

    unit_reports.save_result(report.pk, target.pk, value=Decimal(98), note="", by=writer)
    before = TargetResult.objects.get().is_draft
    unit_reports.move(report.pk, "submit", by=writer, now=NOW)

    assert (before, TargetResult.objects.get().is_draft) == (True, False)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("blocs: [{code: k, name: K, kind: khoi, members: [a], covenant: {targets: [{code: T1, value: 100,50}]}}]", "blocs[0].covenant.targets[0].50"),
        ("blocs: [{code: k, name: K, kind: khoi, members: [a], extra: []}]", "blocs[0].extra"),
        ("blocs: [{code: k, name: K, kind: khoi, members: [a], ballots: [{id: b, purpose: head, tally: {a: {voi: null}}}]}]", "blocs[0].ballots[0].tally.a.voi"),
    ],
)  # fmt: skip
def test_unknown_key_without_a_value_is_refused(line, path):
    text = f"format: emulation-year/1\nyear: 2026\nauthority: {{code: u, name: U}}\nunits: [{{code: a, name: A}}]\n{line}\n"

    with pytest.raises(FileRefused) as refusal:
        parse(YearFile, read_yaml(text.encode()))

    assert [fault.path for fault in refusal.value.faults] == [path]


@pytest.mark.slow  # a million items are read before the file is refused
def test_file_of_too_many_items_is_refused_early():
    with pytest.raises(FileRefused) as refusal:
        read_yaml(b"units: [" + b"x," * 1_100_000 + b"x]")

    assert len(refusal.value.faults) == 1


def test_only_the_first_faults_are_told():
    with pytest.raises(FileRefused) as refusal:
        parse(YearFile, read_yaml(b"units: [" + b"x," * 500 + b"x]"))

    assert len(refusal.value.faults) == 201
