"""From the entries of a year file to rows: what stands where. No rule lives here."""

from django.utils import timezone

from blocs.enums import MemberRole
from blocs.models import Receipt
from reports.domain import adoption
from reports.domain.assembly import align
from reports.domain.unit_reports import MILESTONES
from reports.enums import SummaryPartCode, SummaryReportState, UnitReportKind
from reports.models import SummaryPart, SummaryReport, UnitReport

SUMMARY_REPORT = "summary-report"
NOT_IN_FILES = ("kept", "adopted_how", "adopted_digest", *adoption.VOTES)  # what was adopted, and how


def award_codes(file):
    """Every award that the file names as one that is limited, voted, proposed or given."""
    codes: dict[str, None] = {}
    for bloc in file.blocs:
        named = [
            *(quota.award for quota in bloc.quotas),
            *(entry.award for entry in bloc.recognitions),
            *(entry.award for entry in bloc.withdrawals),
            *(ballot.award for ballot in bloc.ballots if ballot.award),
            *bloc.proposed,
            *bloc.proposed_counts,
            *bloc.awarded,
            *(award for decision in bloc.decisions for award in decision.awards),
        ]
        codes |= dict.fromkeys(named)
    return list(codes)


def unit_year(entry, unit, year):
    head = entry.letterhead
    return {
        "year": year,
        "unit": unit,
        "name": entry.name,
        "short_name": entry.short_name,
        "kind": entry.kind,
        "letterhead_superior": head and head.superior,
        "letterhead_name": head and head.name,
        "letterhead_symbol": head and head.symbol,
        "letterhead_place": head and head.place,
    }


def bloc_year(entry, bloc, year):
    names = ("name", "kind", "type", "motto", "supervisor")
    return {"year": year, "bloc": bloc} | {name: getattr(entry, name) for name in names}


def offices(entry):
    """{unit code: (role, rank among the deputies)} as far as the file says."""
    held = {entry.head: (MemberRole.HEAD.value, None)} if entry.head else {}
    return held | {code: (MemberRole.DEPUTY.value, rank) for rank, code in enumerate(entry.deputies, 1)}


def covenants(entries):
    return [
        {
            "bloc_year": bloc_year,
            "signed_on": entry.covenant.signed_on,
            "goals": entry.covenant.goals,
            "solutions": entry.covenant.solutions,
        }
        for entry, bloc_year in entries
        if entry.covenant
    ]


def signatures(entry, covenant, units):
    return [{"covenant": covenant, "unit": units[item.unit], "signed_on": item.signed_on} for item in entry.signatures]


def targets(entry, covenant, units):
    return [
        {
            "covenant": covenant,
            "of": units[item.of] if item.of else None,
            "code": item.code,
            "text": item.text,
            "unit_of_measure": item.unit,
            "op": item.op,
            "value": item.value,
        }
        for item in entry.targets
    ]


def registrations(entries, units):
    return [
        {"bloc_year": bloc_year, "unit": units[item.unit], "awards": item.awards}
        for entry, bloc_year in entries
        for item in entry.registrations
    ]


def milestones(entries):
    return [
        {"bloc_year": bloc_year, "code": item.code, "due_at": item.due, "locks_at": item.locks}
        for entry, bloc_year in entries
        for item in entry.milestones
    ]


def receipts(entries, units):
    return [
        {"bloc_year": bloc_year, "unit": units[item.unit], "kind": item.kind, "at": item.at}
        for entry, bloc_year in entries
        for item in entry.received
    ]


def taken_by_the_system(year):
    """True for receipts whose moment this system took itself: a file does not change them."""
    reports = UnitReport.objects.filter(bloc_year__year=year, submitted_at__isnull=False)
    sent = {
        (MILESTONES[UnitReportKind(kind)], bloc_year, unit)
        for kind, bloc_year, unit in reports.values_list("kind", "bloc_year", "unit")
    }
    blocs = set(
        SummaryReport.objects.filter(bloc_year__year=year, submitted_by__isnull=False).values_list(
            "bloc_year", flat=True
        )
    )

    def taken(receipt):
        if receipt.unit_id is None:
            return True
        if receipt.kind == SUMMARY_REPORT:
            return receipt.bloc_year_id in blocs
        return (receipt.kind, receipt.bloc_year_id, receipt.unit_id) in sent

    return taken


def quotas(entries, kinds):
    names = ("max", "max_percent", "base", "after", "rounding", "shared_with", "source")
    return [
        {"bloc_year": bloc_year, "award": kinds[item.award]}
        | {name: getattr(item, name) for name in names}
        | {"by_size": [size.model_dump(exclude_none=True) for size in item.by_size]}
        for entry, bloc_year in entries
        for item in entry.quotas
    ]


def recognitions(entries, units, kinds):
    return [
        {
            "bloc_year": bloc_year,
            "unit": units[item.unit],
            "award": kinds[item.award],
            "recipients": item.recipients,
            "count": item.count,
            "direct_workers": item.direct_workers,
        }
        for entry, bloc_year in entries
        for item in entry.recognitions
    ]


def holds(entries, units):
    return [
        {
            "bloc_year": bloc_year,
            "unit": units[item.unit],
            "code": item.code,
            "begins_on": item.begins_on,
            "ends_on": item.ends_on,
            "document": item.document,
        }
        for entry, bloc_year in entries
        for item in entry.holds
    ]


def withdrawals(entries, units, kinds):
    return [
        {"bloc_year": bloc_year, "unit": units[item.unit], "award": kinds[item.award], "reason": item.reason}
        for entry, bloc_year in entries
        for item in entry.withdrawals
    ]


def unit_awards(entries, units, kinds, name):
    return [
        {"bloc_year": bloc_year, "award": kinds[award], "unit": units[code]}
        for entry, bloc_year in entries
        for award, codes in getattr(entry, name).items()
        for code in codes
    ]


def proposed_counts(entries, kinds):
    return [
        {"bloc_year": bloc_year, "award": kinds[award], "count": number}
        for entry, bloc_year in entries
        for award, number in entry.proposed_counts.items()
    ]


def ballots(entries, kinds):
    rows = []
    for entry, bloc_year in entries:
        for item in entry.ballots:
            names = ("purpose", "method", "voters", "present", "seats", "invalid")
            row = {name: getattr(item, name) for name in names}
            row |= {"bloc_year": bloc_year, "code": item.id, "award": kinds[item.award] if item.award else None}
            if item.threshold:
                row["threshold_percent"] = item.threshold.percent
                row["threshold_op"] = item.threshold.op
                row["threshold_base"] = item.threshold.base
            rows.append(row)
    return rows


def tallies(entries, ballots, units):
    items = [item for entry, _ in entries for item in entry.ballots]
    return [
        {
            "ballot": ballot,
            "unit": units[code],
            "votes_for": tally.votes_for,
            "votes_against": tally.against,
            "votes_blank": tally.blank,
        }
        for item, ballot in zip(items, ballots, strict=True)
        for code, tally in item.tally.items()
    ]


def decisions(entries):
    return [
        {"bloc_year": bloc_year, "number": item.number, "dated": item.dated, "issuer": item.issuer}
        for entry, bloc_year in entries
        for item in entry.decisions
    ]


def decision_items(entries, decisions, units, kinds):
    items = [item for entry, _ in entries for item in entry.decisions]
    return [
        {"decision": decision, "award": kinds[award], "unit": units[code]}
        for item, decision in zip(items, decisions, strict=True)
        for award, codes in item.awards.items()
        for code in codes
    ]


def received(year):
    """{bloc year id: when its summary report came in}; of several the first."""
    rows = Receipt.objects.filter(bloc_year__year=year, kind=SUMMARY_REPORT).order_by("-position", "-pk")
    return dict(rows.values_list("bloc_year", "at"))


def write_reports(year, entries, sync, received_before):
    """The summary reports: their text parts, and how far they are.

    A report that was adopted or sent here keeps its words; a file may tell that it came in.
    """
    stored = {report.bloc_year_id: report for report in SummaryReport.objects.filter(bloc_year__year=year)}
    sent = received(year)
    if sync.replace:
        came_in = [(bloc_year, item) for entry, bloc_year in reversed(entries) for item in reversed(entry.received)]
        sent = {bloc_year.pk: item.at for bloc_year, item in came_in if item.kind == SUMMARY_REPORT}
    rows = [
        {"bloc_year": bloc_year}
        | _progress(
            entry.report and entry.report.adopted_on,
            stored.get(bloc_year.pk),
            sent.get(bloc_year.pk),
            is_news=bloc_year.pk not in received_before,
            replace=sync.replace,
        )
        for entry, bloc_year in entries
        if entry.report or (bloc_year.pk in stored and not sync.replace)
    ]
    reports = sync.rows(
        SummaryReport.objects.filter(bloc_year__year=year),
        rows,
        key=["bloc_year"],
        fixed=lambda row: row.submitted_by_id,
    )
    _write_parts(year, entries, sync, {report.bloc_year_id: report for report in reports})


def _progress(adopted_on, old, sent, *, is_news, replace):
    """How far a file brings a report. What people did with it here stays, unless the file is the whole year."""
    reached = SummaryReportState.DRAFT
    if adopted_on:
        reached = SummaryReportState.SUBMITTED if sent else SummaryReportState.ADOPTED
    if old is None:
        return {"state": reached.value, "adopted_on": adopted_on, "submitted_at": sent}
    is_draft = old.state == SummaryReportState.DRAFT
    if replace:
        was_sent = old.submitted_at is not None and not is_draft and reached == SummaryReportState.SUBMITTED
        state = old.state if was_sent else reached.value
        stands = was_sent or (adopted_on and adopted_on == old.adopted_on)
        kept = {name: getattr(old, name) if stands else None for name in NOT_IN_FILES}
        return kept | {"state": state, "adopted_on": adopted_on, "submitted_at": sent}
    state = old.state
    if old.adopted_digest:
        adopted_on = old.adopted_on
    if is_draft and adopted_on:
        state = reached.value
    elif old.state == SummaryReportState.ADOPTED and is_news and sent and old.submitted_at is None:
        state = SummaryReportState.SUBMITTED.value
    takes_moment = old.submitted_at is None and (is_news or state != old.state)
    return {"state": state, "adopted_on": adopted_on, "submitted_at": sent if takes_moment else None}


def _write_parts(year, entries, sync, reports):
    queryset = SummaryPart.objects.filter(report__bloc_year__year=year).select_related("report")
    before = {pk: (texts, keys) for pk, texts, keys in queryset.values_list("pk", "paragraphs", "keys")}
    parts = sync.rows(
        queryset,
        [
            {"report": reports[bloc_year.pk], "code": code, "paragraphs": paragraphs}
            for entry, bloc_year in entries
            if entry.report and not reports[bloc_year.pk].words_stand
            for code in SummaryPartCode.values
            if (paragraphs := getattr(entry.report, code))
        ],
        key=["report", "code"],
        fixed=lambda part: part.report.words_stand,
    )
    changed = [part for part in parts if before.get(part.pk, ([], []))[0] != part.paragraphs]
    for part in changed:  # whoever has the old text open is told so when he saves
        part.keys = align.carry(*before.get(part.pk, ([], [])), part.paragraphs)
        part.version += 1
        part.saved_at, part.saved_by = timezone.now(), None
    SummaryPart.objects.bulk_update(changed, ["keys", "version", "saved_at", "saved_by"], batch_size=200)
