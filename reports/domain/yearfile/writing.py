"""From the entries of a year file to rows: what stands where. No rule lives here."""

from blocs.enums import MemberRole
from reports.enums import SummaryPartCode, SummaryReportState
from reports.models import SummaryPart, SummaryReport, UnitReport

SUMMARY_REPORT = "summary-report"


def award_codes(file):
    """Every award that the file names as one that is limited, voted, proposed or given."""
    codes = {}
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
    units = set(reports.values_list("bloc_year", "unit"))
    blocs = set(
        SummaryReport.objects.filter(bloc_year__year=year, submitted_by__isnull=False).values_list("bloc_year", flat=True)
    )

    def taken(receipt):
        if receipt.kind == SUMMARY_REPORT:
            return receipt.bloc_year_id in blocs
        return receipt.kind == "unit-report" and (receipt.bloc_year_id, receipt.unit_id) in units

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


def write_reports(year, entries, sync):
    """The text parts of the summary reports. A report that is adopted or sent here does not fall back by a file."""
    written = [(entry, bloc_year) for entry, bloc_year in entries if entry.report]
    stored = {report.bloc_year_id: report for report in SummaryReport.objects.filter(bloc_year__year=year)}
    rows = []
    for entry, bloc_year in written:
        old = stored.get(bloc_year.pk)
        state = old.state if old else SummaryReportState.DRAFT.value
        sent = next((item.at for item in entry.received if item.kind == SUMMARY_REPORT), None)
        if state == SummaryReportState.DRAFT and entry.report.adopted_on:
            state = (SummaryReportState.SUBMITTED if sent else SummaryReportState.ADOPTED).value
        row = {"bloc_year": bloc_year, "state": state, "adopted_on": entry.report.adopted_on}
        if sent and not (old and old.submitted_at):
            row["submitted_at"] = sent
        if old and not entry.report.adopted_on:
            row["adopted_on"] = old.adopted_on if state not in ("draft", "returned") else None
        rows.append(row)
    reports = sync.rows(
        SummaryReport.objects.filter(bloc_year__year=year), rows, key=["bloc_year"], fixed=lambda row: row.submitted_by_id
    )
    sync.rows(
        SummaryPart.objects.filter(report__bloc_year__year=year).select_related("report"),
        [
            {"report": report, "code": code, "paragraphs": paragraphs}
            for (entry, _), report in zip(written, reports, strict=True)
            for code in SummaryPartCode.values
            if (paragraphs := getattr(entry.report, code))
        ],
        key=["report", "code"],
        fixed=lambda part: part.report.submitted_by_id,
    )
