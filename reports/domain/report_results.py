"""Results of targets in a unit's report: the covenant's own, and those that a mid-year report was sent with.

A mid-year report keeps what it was sent with, target by target (``UnitReport.kept_results``): the covenant goes on.
"""

from decimal import Decimal

from blocs.domain import amendments, audit, organisation
from blocs.domain import covenant as covenants
from blocs.errors import RuleBroken
from blocs.fields import plain
from blocs.models import Target, TargetResult
from reports.enums import UnitReportKind
from reports.models import UnitReport

UNKNOWN = "Không có chỉ tiêu này."
ANNUAL_WAS_SENT = "Báo cáo năm của đơn vị đã gửi; kết quả chỉ tiêu chỉ sửa trong báo cáo năm, khi bị trả lại."


def targets_of(report):
    """What the report answers: the unit's own targets, then those of the bloc that it has none of its own for.

    Shape:   UnitReport -> [Target]
    """
    rows = Target.objects.filter(covenant__bloc_year=report.bloc_year_id).select_related("covenant")
    own = list(rows.filter(of=report.unit_id))
    return [*own, *rows.filter(of=None).exclude(code__in=[target.code for target in own])]


def rows(report):
    """What the report says of each target.

    Shape:   UnitReport -> [(Target, Decimal or None, note)]; kept targets are as they were then, and not saved
    """
    if report.kept_results is not None:
        return [row_of(row) for row in report.kept_results]
    targets = targets_of(report)
    results = TargetResult.objects.filter(target__in=[target.pk for target in targets], of=report.unit_id)
    found = {row.target_id: (row.value, row.note) for row in results}
    return [(target, *found.get(target.pk, (None, ""))) for target in targets]


def keep(report):
    """Keep the results of a mid-year report that is being sent for the first time; the caller saves the row."""
    if report.kind != UnitReportKind.MID_YEAR or report.kept_results is not None:
        return
    report.kept_results = [kept_row(*row) for row in rows(report)]


def kept_row(target, value, note):
    """A result with the promise of its target, in plain values.

    Shape:   (Target, Decimal or None, text) -> {name: plain value}
    """
    return {"target": target.pk, "result": text(value), "note": note, "promise": amendments.values_of(target)}


def why_not(report):
    """Why the results of a report cannot be noted now, although the report may be written.

    Shape:   UnitReport with its bloc's year -> str, empty where they can
    """
    try:
        _check(report)
    except RuleBroken as error:
        return str(error)
    return ""


def save(report, target_id, *, value, note, opened, by):
    """Note a result; the caller holds the lock and has checked that the report is open.

    Shape:   (locked UnitReport, Target id, Decimal or None, text, ``covenants.opened_with`` or empty) -> None
    Raises:  RuleBroken, EditedMeanwhile
    """
    _check(report)
    if report.kept_results is not None:
        _correct(report, target_id, value, note, opened, by)
        return
    target = next((target for target in targets_of(report) if target.pk == target_id), None)
    if target is None:
        raise RuleBroken(UNKNOWN)
    covenants.record_result(target, by=by, of=report.unit, value=value, note=note, draft=True, opened=opened)


def _check(report):
    if report.kept_results is not None:
        return
    covenants.check_not_closed(report.bloc_year)
    if report.kind == UnitReportKind.MID_YEAR and _annual_was_sent(report):
        raise RuleBroken(ANNUAL_WAS_SENT)


def _annual_was_sent(report):
    place = {"bloc_year": report.bloc_year_id, "unit": report.unit_id, "submitted_at__isnull": False}
    return UnitReport.objects.annual().filter(**place).exists()


def _correct(report, target_id, value, note, opened, by):
    """Mend a kept result; the covenant's own follows where it still says the same and nothing rests on it."""
    row = next((row for row in report.kept_results if row["target"] == target_id), None)
    if row is None:
        raise RuleBroken(UNKNOWN)
    target, *was = row_of(row)
    if was == [value, note]:
        return
    organisation.check_same(covenants.result_values(*was), opened)
    row |= {"result": text(value), "note": note}
    report.save(update_fields=["kept_results"])
    before, after = ({"text": target.text, "value": number, "note": words} for number, words in (was, (value, note)))
    audit.record("unit_report.save_kept_result", by=by, target=report, before=before, after=after)
    if not report.bloc_year.is_closed and not _annual_was_sent(report):
        _follow(report, target_id, was, value, note, by)


def _follow(report, target_id, was, value, note, by):
    target = Target.objects.select_related("covenant").filter(pk=target_id).first()
    live = target and target.results.filter(of=report.unit_id).first()
    if target and ([live.value, live.note] if live else [None, ""]) == was:
        covenants.record_result(target, by=by, of=report.unit, value=value, note=note, draft=True)


def row_of(row):
    """Shape: what ``kept_row`` gave -> (Target that is not saved, Decimal or None, note)"""
    promise = row["promise"]
    columns = {name: words for name, words in promise.items() if name not in ("of", "value")}
    target = Target(pk=row["target"], of_id=promise["of"], value=number(promise["value"]), **columns)
    return target, number(row["result"]), row["note"]


def text(value):
    """Shape: Decimal or None -> str or None, as it is kept"""
    return None if value is None else f"{plain(value):f}"


def number(value):
    """Shape: str or None -> Decimal or None"""
    return None if value is None else Decimal(value)
