"""All papers of a meeting with one button, and the tables that go with them as a workbook."""

from collections import defaultdict

from django.db import transaction

from awards.domain.quotas import limits
from awards.models import Proposal
from blocs.domain import attendance, audit, conferences
from blocs.domain.covenant import promised, published, verdict_words
from blocs.enums import ConferenceKind
from blocs.models import Covenant, Target
from reports.domain import renderings
from reports.domain.workbooks.sheets import Column, Holds, Sheet
from reports.domain.workbooks.writing import write_workbook
from reports.enums import DocumentKind
from reports.models import RenderingBatch, SummaryReport

BEFORE = (DocumentKind.CONFERENCE_INVITATION, DocumentKind.ATTENDANCE_SHEET, DocumentKind.CONFERENCE_AGENDA)
PRESENCE = Sheet(
    "presence",
    "Đơn vị dự họp",
    (
        Column("unit", "Đơn vị", width=44),
        Column("office", "Vai trò", width=16),
        Column("person", "Người dự", width=36),
        Column("arrived_at", "Có mặt lúc", Holds.MOMENT, width=20),
    ),
)
TARGETS = Sheet(
    "targets",
    "Chỉ tiêu",
    (
        Column("of", "Của đơn vị", width=32),
        Column("text", "Chỉ tiêu", width=60),
        Column("unit_of_measure", "Đơn vị tính", width=14),
        Column("promised", "Giao ước", width=14),
        Column("value", "Kết quả", Holds.FIGURE, width=14),
        Column("verdict", "Đánh giá", width=24),
    ),
)
PROPOSALS = Sheet(
    "proposals",
    "Đề nghị khen thưởng",
    (
        Column("unit", "Đơn vị", width=44),
        Column("award", "Danh hiệu, hình thức", width=44),
        Column("limit", "Chỉ tiêu của khối", Holds.WHOLE, width=14),
    ),
)


@transaction.atomic
def request_set(conference_id, *, by):
    """Ask for invitation, list to sign, agenda and the draft that the meeting is about, where there is one.

    Shape:   Conference id -> RenderingBatch; the caller sends the messages after commit
    Locks:   the conference row
    Raises:  NotAllowed, WrongState
    """
    conference = conferences.locked(conference_id, by=by)
    wanted = [(conference, kind) for kind in BEFORE]
    if kind := draft_kind(conference):
        wanted.append((conference.bloc_year, kind))
    rows = [renderings.request(thing, kind, by=by) for thing, kind in wanted]
    batch = RenderingBatch.objects.create(year=conference.year, conference=conference, requested_by=by)
    batch.renderings.set(rows)
    audit.record("rendering.request_set", by=by, target=conference, after={"lines": len(rows)})
    return batch


def draft_kind(conference):
    """The paper that lies before a meeting of a bloc: its covenant, or its summary report at the end of the year.

    Shape:   Conference -> DocumentKind, None where there is nothing yet
    """
    if conference.bloc_year_id is None:
        return None
    of_bloc = {"bloc_year": conference.bloc_year_id}
    if conference.kind == ConferenceKind.COVENANT and Covenant.objects.filter(**of_bloc).exists():
        return DocumentKind.COVENANT
    if conference.kind == ConferenceKind.YEAR_END and SummaryReport.objects.filter(**of_bloc).exists():
        return DocumentKind.SUMMARY_REPORT
    return None


def tables(conference):
    """Who is expected and who came, targets and results, proposals.

    Shape:   Conference -> bytes of a workbook
    """
    sheets = [(PRESENCE, _presence(conference))]
    if conference.bloc_year:
        sheets += [(TARGETS, _targets(conference.bloc_year)), (PROPOSALS, _proposals(conference.bloc_year))]
    return write_workbook(sheets)


def _presence(conference):
    found = attendance.presence(conference)
    return [
        {
            "unit": line.unit.name,
            "office": line.office,
            "person": line.attendance.person if line.attendance else "",
            "arrived_at": line.attendance.arrived_at if line.attendance else None,
        }
        for line in (*found.lines, *found.guests)
    ]


def _targets(bloc_year):
    """What units have not sent yet is left out, whoever asks."""
    rows = Target.objects.filter(covenant__bloc_year=bloc_year).select_related("of").prefetch_related("results")
    found = []
    for target in rows:
        results = [row for row in published(target.results.all()) if row.of_id == target.of_id]
        value = results[0].value if results else None
        found.append(
            {
                "of": target.of.name if target.of else "Cả khối",
                "text": target.text or target.code,
                "unit_of_measure": target.unit_of_measure,
                "promised": promised(target),
                "value": value,
                "verdict": verdict_words(target, value),
            }
        )
    return found


def _proposals(bloc_year):
    allowed = limits(bloc_year)
    by_award = defaultdict(list)
    for row in Proposal.objects.filter(bloc_year=bloc_year).select_related("unit", "award"):
        by_award[row.award].append(row.unit.name)
    return [
        {"unit": name, "award": award.name, "limit": allowed[award.code].max if award.code in allowed else None}
        for award, names in by_award.items()
        for name in names
    ]
