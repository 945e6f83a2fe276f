"""Covenants, receipts and commendation of a year file."""

from awards.models import (
    AwardGiven,
    Ballot,
    Decision,
    DecisionItem,
    Hold,
    Proposal,
    ProposedCount,
    Quota,
    Recognition,
    Tally,
    Withdrawal,
)
from blocs.domain.files import Fault, FileRefused
from blocs.models import Covenant, MilestoneDate, Receipt, Registration, Signature, Target, TargetResult
from reports.domain.yearfile import writing


def covenants(load):
    """The covenants with targets, results and signatures; registrations, milestones and receipts beside them."""
    written = [entry.covenant for entry, _ in load.entries if entry.covenant]
    rows = load.per_bloc(Covenant, writing.covenants(load.entries), key=["bloc_year"])
    with_covenant = list(zip(written, rows, strict=True))
    of_year = {"covenant__bloc_year__year": load.year}
    load.sync.rows(
        Target.objects.filter(**of_year),
        [row for entry, covenant in with_covenant for row in writing.targets(entry, covenant, load.units)],
        key=["covenant", "of", "code"],
        group=["covenant"],
    )
    _target_results(load, with_covenant)
    load.sync.rows(
        Signature.objects.filter(**of_year),
        [row for entry, covenant in with_covenant for row in writing.signatures(entry, covenant, load.units)],
        key=["covenant", "unit"],
        group=["covenant"],
    )
    load.per_bloc(Registration, writing.registrations(load.entries, load.units), key=["bloc_year", "unit"])
    load.per_bloc(MilestoneDate, writing.milestones(load.entries), key=["bloc_year", "code"])
    load.per_bloc(
        Receipt,
        writing.receipts(load.entries, load.units),
        key=["bloc_year", "unit", "kind"],
        fixed=writing.taken_by_the_system(load.year),
    )


def _target_results(load, with_covenant):
    known = Target.objects.filter(covenant__bloc_year__year=load.year)
    targets = {(row.covenant_id, row.code, row.of_id): row for row in known}
    rows = []
    for entry, covenant in with_covenant:
        for item in entry.results:
            unit = load.units[item.of] if item.of else None
            own = targets.get((covenant.pk, item.target, unit.pk if unit else None))
            target = own or targets[covenant.pk, item.target, None]
            rows.append({"target": target, "of": unit, "value": item.value, "note": item.note})
    _hand_over(load, targets)
    load.sync.rows(
        TargetResult.objects.filter(target__covenant__bloc_year__year=load.year).select_related("target"),
        rows,
        key=["target", "of"],
        group=["target__covenant"],
    )


def _hand_over(load, targets):
    """A unit's answer to the bloc's target goes over to the unit's own target of that code, once there is one."""
    answers = TargetResult.objects.filter(target__covenant__bloc_year__year=load.year, of__isnull=False)
    answered = set(answers.values_list("target", "of"))
    for row in answers.filter(target__of=None).select_related("target", "of"):
        own = targets.get((row.target.covenant_id, row.target.code, row.of_id))
        if own and (own.pk, row.of_id) not in answered:
            told = {"target": str(row.target)}, {"target": str(own)}
            load.sync.changes.update("blocs.targetresult", f"kết quả chỉ tiêu: {row.of}", *told)
            row.target = own
            row.save(update_fields=["target"])


def awards(load):
    """Quotas, recognitions, holds, withdrawals, ballots, proposals, what was given and decided."""
    entries, units, kinds = load.entries, load.units, load.kinds
    load.per_bloc(Quota, writing.quotas(entries, kinds), key=["bloc_year", "award"], whole=True)
    load.per_bloc(
        Recognition,
        writing.recognitions(entries, units, kinds),
        key=["bloc_year", "unit", "award", "recipients"],
    )
    load.per_bloc(Hold, writing.holds(entries, units), key=["bloc_year", "unit", "code", "begins_on"], private=True)
    load.per_bloc(Withdrawal, writing.withdrawals(entries, units, kinds), key=["bloc_year", "unit", "award"])
    for model, name in ((Proposal, "proposed"), (AwardGiven, "awarded")):
        rows = writing.unit_awards(entries, units, kinds, name)
        load.per_bloc(model, rows, key=["bloc_year", "award", "unit"])
    rows = writing.proposed_counts(entries, kinds)
    load.per_bloc(ProposedCount, rows, key=["bloc_year", "award"])
    _check_counts(load)
    ballots = load.per_bloc(Ballot, writing.ballots(entries, kinds), key=["bloc_year", "code"])
    load.sync.rows(
        Tally.objects.filter(ballot__bloc_year__year=load.year),
        writing.tallies(entries, ballots, units),
        key=["ballot", "unit"],
        group=["ballot"],
    )
    _check_tallies(load)
    decisions = load.per_bloc(Decision, writing.decisions(entries), key=["bloc_year", "number"])
    load.sync.rows(
        DecisionItem.objects.filter(decision__bloc_year__year=load.year),
        writing.decision_items(entries, decisions, units, kinds),
        key=["decision", "award", "unit"],
        group=["decision"],
    )


def _check_counts(load):
    listed = set(Proposal.objects.filter(bloc_year__year=load.year).values_list("bloc_year", "award"))
    counts = ProposedCount.objects.filter(bloc_year__year=load.year).select_related("award", "bloc_year__bloc")
    doubled = [row for row in counts if (row.bloc_year_id, row.award_id) in listed]
    if doubled and not load.replace:
        raise FileRefused(
            Fault(
                f"{load.path(row.bloc_year)}.proposed_counts.{row.award.code}",
                "năm này đã có cả danh sách proposed; giữ một trong hai (dùng --replace)",
            )
            for row in doubled
        )


def _check_tallies(load):
    places = {
        (bloc_year.pk, ballot.id): f"ballots[{number}]"
        for entry, bloc_year in load.entries
        for number, ballot in enumerate(entry.ballots)
    }
    faults = []
    rows = Tally.objects.filter(ballot__bloc_year__year=load.year, ballot__present__isnull=False)
    for row in rows.select_related("unit__unit", "ballot__bloc_year__bloc"):
        total = (row.votes_for or 0) + (row.votes_against or 0) + (row.votes_blank or 0)
        ballot = row.ballot
        if total > (ballot.present or 0) and not load.replace:
            place = places.get((ballot.bloc_year_id, ballot.code), f"ballots.{ballot.code}")
            path = f"{load.path(ballot.bloc_year)}.{place}.tally.{row.unit.unit.code}"
            faults.append(Fault(path, f"tổng {total} phiếu, nhiều hơn số có mặt ({ballot.present})"))
    if faults:
        raise FileRefused(faults)
