"""Results that a unit notes during the year, and what proves them."""

from datetime import date
from decimal import Decimal

import pytest

from blocs.domain import attachments, evidence
from blocs.domain import covenant as covenants
from blocs.enums import Milestone, Role
from blocs.errors import DomainError, NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent, BlocYear, Covenant, ResultEvidence, TargetResult
from tests.factories import make_bloc_year, make_target, make_user, members_of
from tests.screens import make_receipts

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc_year():
    return make_bloc_year()


@pytest.fixture
def target(bloc_year):
    row = make_target(bloc_year)
    Covenant.objects.update(signed_on=date(2026, 2, 14))
    return row


@pytest.fixture
def reporter(bloc_year):
    return make_user(Role.UNIT_REPORTER, bloc_year=bloc_year)


def membership(bloc_year, number=0):
    return bloc_year.memberships.get(unit=members_of(bloc_year)[number])


def record(bloc_year, target, by, value="5", number=0):
    return evidence.record_unit_result(membership(bloc_year, number).pk, target.pk, by=by, value=Decimal(value))


def file_of(text=b"%PDF-1.7 proof"):
    return attachments.judge("minh-chung.pdf", text)


def test_unit_notes_its_result_unseen_by_others(bloc_year, target, reporter):
    row = record(bloc_year, target, reporter)
    assert (row.of, row.value, row.is_draft) == (members_of(bloc_year)[0], 5, True)
    other = make_user(Role.UNIT_REPORTER, unit=members_of(bloc_year)[1])
    assert not covenants.results_seen_by(other, bloc_year).exists()


def test_draft_takes_no_result_of_a_unit(bloc_year, target, reporter):
    Covenant.objects.update(signed_on=None)
    with pytest.raises(WrongState, match="chưa chốt"):
        record(bloc_year, target, reporter)
    assert TargetResult.objects.count() == 0


def seen(user, bloc_year):
    return [row.value for row in covenants.as_seen(user, covenants.results_seen_by(user, bloc_year))]


def sent():
    """(value, whether it is a draft, whether another was sent, that one)"""
    return TargetResult.objects.values_list("value", "is_draft", "was_sent", "sent_value").get()


def test_what_was_sent_is_read_by_others_until_the_next_report(bloc_year, target, reporter):
    head, unit = make_user(Role.BLOC_HEAD, bloc_year=bloc_year), members_of(bloc_year)[0]
    TargetResult.objects.create(target=target, of=unit, value=1)

    record(bloc_year, target, reporter, "5")
    record(bloc_year, target, reporter, "7")
    assert (seen(head, bloc_year), seen(reporter, bloc_year), sent()) == ([1], [7], (7, True, True, 1))
    assert [row.value for row in covenants.published(target.results.all())] == [1]

    covenants.release_results(bloc_year, unit)
    assert (seen(head, bloc_year), sent()) == ([7], (7, False, False, None))


def test_who_comes_back_to_what_was_sent_has_nothing_unsent(bloc_year, target, reporter):
    TargetResult.objects.create(target=target, of=members_of(bloc_year)[0], value=1)
    record(bloc_year, target, reporter, "5")
    record(bloc_year, target, reporter, "1")
    assert sent() == (1, False, False, None)


def test_result_that_is_taken_back_is_read_by_others_until_the_next_report(bloc_year, target, reporter):
    head, unit = make_user(Role.BLOC_HEAD, bloc_year=bloc_year), members_of(bloc_year)[0]
    TargetResult.objects.create(target=target, of=unit, value=1)
    for _ in range(2):
        evidence.record_unit_result(membership(bloc_year).pk, target.pk, by=reporter, value=None)
    assert (seen(head, bloc_year), sent()) == ([1], (None, True, True, 1))
    assert AuditEvent.objects.filter(action="covenant.clear_unit_result").count() == 1

    covenants.release_results(bloc_year, unit)
    assert not TargetResult.objects.exists()


def test_units_of_others_and_sent_reports_are_not_written(bloc_year, target, reporter):
    with pytest.raises(NotAllowed):
        record(bloc_year, target, reporter, number=1)
    make_receipts(bloc_year, "2026-11-19 10:00", kind=Milestone.UNIT_REPORT)
    with pytest.raises(WrongState, match="Báo cáo năm của đơn vị đã gửi"):
        record(bloc_year, target, reporter)


def test_unit_answers_its_own_target_in_place_of_the_blocs(bloc_year, target, reporter):
    own = make_target(bloc_year, "T1", of=members_of(bloc_year)[0])
    foreign = make_target(bloc_year, "T9", of=members_of(bloc_year)[1])
    assert set(evidence.targets_of(membership(bloc_year))) == {own}
    for wrong in (target, foreign, make_target(make_bloc_year())):
        with pytest.raises(RuleBroken):
            record(bloc_year, wrong, reporter)


def test_evidence_is_kept_with_the_result(bloc_year, target, reporter):
    result = record(bloc_year, target, reporter)
    row = evidence.add(result.pk, file_of(), by=reporter)
    assert attachments.path_of(row).read_bytes() == b"%PDF-1.7 proof"
    with pytest.raises(RuleBroken, match="đã đính rồi"):
        evidence.add(result.pk, file_of(), by=reporter)
    with pytest.raises(RuleBroken, match="gỡ minh chứng"):
        evidence.record_unit_result(membership(bloc_year).pk, target.pk, by=reporter, value=None)
    evidence.remove(row.pk, by=reporter)
    assert ResultEvidence.objects.count() == 0
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))[1:] == [
        "covenant.add_evidence", "covenant.remove_evidence",
    ]  # fmt: skip


def test_twenty_files_are_enough(bloc_year, target, reporter):
    result = record(bloc_year, target, reporter)
    for number in range(20):
        evidence.add(result.pk, file_of(b"%%PDF-1.7 %d" % number), by=reporter)
    with pytest.raises(RuleBroken, match="nhiều nhất 20"):
        evidence.add(result.pk, file_of(b"%PDF-1.7 one more"), by=reporter)


@pytest.mark.parametrize("role", Role)
def test_who_proves_whose_result(bloc_year, target, role):
    user = make_user(role, bloc_year=bloc_year)
    of_bloc = TargetResult.objects.create(target=target, value=1)
    of_unit = TargetResult.objects.create(target=target, of=members_of(bloc_year)[0], value=1)
    of_other = TargetResult.objects.create(target=target, of=members_of(bloc_year)[1], value=1)
    allowed = []
    for result in (of_bloc, of_unit, of_other):
        try:
            evidence.add(result.pk, file_of(), by=user)
            allowed.append(result)
        except NotAllowed:
            pass
    mine = {Role.BLOC_HEAD: [of_bloc], Role.BLOC_DEPUTY: [of_bloc]}
    mine |= {Role.UNIT_REPORTER: [of_unit], Role.UNIT_LEADER: [of_unit]}
    assert allowed == mine.get(role, [])
    assert [row for row in (of_bloc, of_unit, of_other) if evidence.may_write(row, user)] == allowed


def test_closed_year_takes_no_evidence(bloc_year, target, reporter):
    result = record(bloc_year, target, reporter)
    BlocYear.objects.update(is_closed=True)
    with pytest.raises(DomainError):
        evidence.add(result.pk, file_of(), by=reporter)
    with pytest.raises(DomainError):
        record(bloc_year, target, reporter, "6")


def test_what_is_gone_is_said(reporter):
    with pytest.raises(WrongState):
        evidence.remove(1, by=reporter)
    with pytest.raises(WrongState):
        evidence.add(1, file_of(), by=reporter)
