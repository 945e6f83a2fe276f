"""Covenants in three states: commented on as a draft, being signed, and signed with a change proposed."""

import io
from decimal import Decimal

from openpyxl import Workbook

from blocs.domain import amendments, attachments, comments, covenant, covenant_text, evidence, leaders, signing
from blocs.enums import AmendmentKind, CommentOn
from blocs.models import Membership, Target
from reports.domain.sample.place import OFFICER, account, bloc_of, head_of, leader_of, unit_of


def draft(spec):
    """A bloc that chose its head late and talks about its draft."""
    bloc_year = bloc_of(spec["bloc"])
    unit = unit_of(bloc_year.year, spec["head"])
    leader_of(unit)
    leaders.set_leaders(bloc_year.pk, head=unit.pk, by=account(OFFICER), reason="Khối suy tôn Khối trưởng (mẫu)")
    head, outline = head_of(bloc_year), covenant_text.template()
    covenant_text.save_text(
        bloc_year.pk, by=head, motto=spec["motto"], goals=outline.goals, solutions=outline.solutions
    )
    own = [
        one | {"of": unit_of(bloc_year.year, one.get("of")), "value": Decimal(one["value"])} for one in spec["targets"]
    ]
    covenant_text.take(bloc_year.pk, by=head, targets=[*outline.targets, *own])
    said = {}
    for one in spec["comments"]:
        by = leader_of(unit_of(bloc_year.year, one["unit"]))
        said[one["unit"]] = comments.add(bloc_year.pk, by=by, on=CommentOn.COVENANT, text=one["text"])
    answer = spec["answer"]
    comments.answer(said[answer["of"]].pk, by=head, outcome=answer["outcome"], words=answer["words"])


def sign(spec):
    """A closed text that some units have signed and the others have not."""
    bloc_year = bloc_of(spec["bloc"])
    closed = covenant_text.close(bloc_year.pk, by=head_of(bloc_year))
    rows = Membership.objects.filter(bloc_year=bloc_year, unit__unit__code__in=spec["signed"])
    for row in rows.select_related("unit__unit"):
        signing.sign(row.pk, by=leader_of(row.unit), digest=closed.digest)


def amend(spec):
    """A change that waits for the desk officer, and a result with the file that proves it."""
    bloc_year = bloc_of(spec["bloc"])
    target = Target.objects.get(covenant__bloc_year=bloc_year, of=None, code=spec["target"])
    values = {"text": target.text} | covenant.promise_of(target) | {"value": Decimal(spec["value"])}
    amendments.propose(
        bloc_year.pk,
        by=head_of(bloc_year),
        kind=AmendmentKind.CHANGE,
        reason=spec["reason"],
        target_id=target.pk,
        values=values,
    )
    proof = spec["evidence"]
    member = bloc_year.memberships.select_related("unit__unit").get(unit__unit__code=proof["unit"])
    by = leader_of(member.unit)
    measured = Target.objects.get(covenant__bloc_year=bloc_year, of=None, code=proof["target"])
    value = Decimal(proof["value"])
    result = evidence.record_unit_result(member.pk, measured.pk, by=by, value=value, note=proof["note"])
    evidence.add(result.pk, attachments.judge(proof["name"], _workbook(proof["rows"])), by=by)


def _workbook(rows):
    book, content = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()
