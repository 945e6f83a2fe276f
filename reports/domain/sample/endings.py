"""The end of the year: a summary report in discussion, the province's report, notices, presentations, a handover."""

from decimal import Decimal

from awards.domain import notices
from blocs.domain import handovers
from blocs.enums import HandoverKind
from blocs.models import Conference
from reports.domain import province_reports, summary_reports, unit_reports
from reports.domain.assembly import drafts
from reports.domain.assembly.kinds import PROVINCE, SUMMARY
from reports.domain.sample.place import OFFICER, account, bloc_of, day_in, head_of, leader_of, unit_of
from reports.enums import ReportSection
from reports.models import UnitReport


def summarise(spec):
    """A draft that is assembled and talked about; then one unit mends a number that it was sent back for."""
    bloc_year = bloc_of(spec["bloc"])
    head = head_of(bloc_year)
    report = summary_reports.open_report(bloc_year, by=head)
    drafts.assemble(SUMMARY, report.pk, by=head)
    for one in spec["comments"]:
        by = leader_of(unit_of(bloc_year.year, one["unit"]))
        said = summary_reports.comment(report.pk, passage=one["passage"], text=one["text"], by=by)
        if one["outcome"]:
            summary_reports.answer_comment(said.pk, by=head, outcome=one["outcome"], words=one.get("words", ""))
    _mend(bloc_year, spec["mended"])


def _mend(bloc_year, spec):
    unit, officer = unit_of(bloc_year.year, spec["unit"]), account(OFFICER)
    report = UnitReport.objects.get(bloc_year=bloc_year, unit=unit)
    unit_reports.move(report.pk, "return", by=officer, note=spec["note"], parts=[ReportSection.FIGURES])
    by = leader_of(unit)
    unit_reports.save_figure(report.pk, spec["code"], Decimal(spec["value"]), by=by)
    unit_reports.move(report.pk, "submit", by=by)
    unit_reports.move(report.pk, "accept", by=officer)


def report_province(label):
    """The draft of the province's report of an earlier year."""
    officer = account(OFFICER)
    year = bloc_of("hoi-dac-thu", label).year
    report = province_reports.open_report(year, by=officer)
    drafts.assemble(PROVINCE, report.pk, by=officer)


def notify(rows):
    """What the board told the blocs of awards."""
    for one in rows:
        columns = {"count": one["count"], "standard": one["standard"]}
        notices.notify(bloc_of(one["bloc"]).pk, one["award"], by=account(OFFICER), **columns)


def present(spec):
    """Awards of the year before were handed over at a meeting of this one."""
    before, now = bloc_of(spec["bloc"], spec["year"]), bloc_of(spec["bloc"])
    meeting = Conference.objects.get(bloc_year=now, kind=spec["at"])
    for unit, award in notices.won(before).values():
        if award.code == spec["award"]:
            notices.present(
                before.pk,
                unit.pk,
                award.code,
                presented_on=meeting.held_on,
                place=spec["place"],
                received_by=f"{spec['received_by']} ({unit.short})",
                conference_id=meeting.pk,
                by=account(OFFICER),
            )


def hand_over(spec):
    """A record that the giving side has signed."""
    bloc_year = bloc_of(spec["bloc"])
    if handovers.why_not_yet(bloc_year):
        return  # the clock of this machine stands before the year-end meeting
    head = head_of(bloc_year)
    for member in bloc_year.memberships.select_related("unit__unit"):
        leader_of(member.unit)  # the record lists them
    row = handovers.begin(bloc_year.pk, receiver_id=handovers.chosen(bloc_year).pk, by=head)
    items = [(item.kind, item.text, item.kind == HandoverKind.DOCUMENT, item.note) for item in row.items.all()]
    columns = {name: spec[name] for name in ("place", "witness", "note")}
    handovers.save(row.pk, items, handed_on=day_in(0), by=head, **columns)
    handovers.sign(row.pk, "giver", by=leader_of(row.giver))
