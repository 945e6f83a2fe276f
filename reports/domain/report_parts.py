"""What a report of a unit consists of, what of it is open, what is still missing."""

from blocs.errors import RuleBroken
from blocs.models import Target, TargetResult
from blocs.templatetags.vietnamese import figure as shown
from reports.domain import report_forms, report_results
from reports.enums import ReportSection, UnitReportKind, UnitReportState
from reports.workflow import UNIT_EDITABLE

COUNTED = {ReportSection.FIGURES, ReportSection.COMMENDATION}  # the figures are counted from the lines


def sections(report):
    """What a report consists of; each may be sent back by itself.

    Shape:   UnitReport -> [(code of a part or of a ``ReportSection``, label)]
    """
    found = [(part.code, part.label) for part in report_forms.of_report(report).parts]
    kinds = [kind for kind in ReportSection if kind != ReportSection.COMMENDATION or _is_annual(report)]
    return found + [(kind.value, kind.label) for kind in kinds]


def is_open(report, section):
    """True where the unit may write: of a report sent back for named parts, these only."""
    if report.state not in UNIT_EDITABLE:
        return False
    return report.state != UnitReportState.RETURNED or not report.returned_parts or section in report.returned_parts


def named(report, parts):
    """The codes of the parts that are sent back, in the order of the report; none means all of it. Figures are counted
    from the lines of commendation: one is not mended without the other.

    Shape:   (UnitReport, codes of ``sections``) -> [code]
    Raises:  RuleBroken
    """
    known, named = [code for code, _ in sections(report)], set(parts)
    if unknown := named - set(known):
        raise RuleBroken(f"Báo cáo không có phần “{min(unknown)}”.")
    if named & COUNTED:
        named |= COUNTED & set(known)
    return [code for code in known if code in named] if len(named) < len(known) else []


def missing(report):
    """What is still empty of what the form asks for and the unit can still fill in, in words.

    Shape:   UnitReport with its bloc's year -> [str]
    """
    form, lacking = report_forms.of_report(report), []
    written = {part.code for part in report.parts.all() if part.paragraphs}
    lacking += [(part.code, part.label) for part in form.parts if not part.optional and part.code not in written]
    lacking += [(ReportSection.FIGURES, words) for words in _missing_figures(report, form)]
    if _is_annual(report) and not report_results.why_not(report):
        lacking += [(ReportSection.TARGETS, f"Kết quả chỉ tiêu “{target}”") for target in _unanswered(report)]
    only = report.returned_parts if report.submitted_at else []  # nothing else can be mended
    return [words for section, words in lacking if not only or section in only]


def _is_annual(report):
    return report.kind == UnitReportKind.ANNUAL


def unexplained(report, past):
    """Numbers far from those of earlier years that nobody has explained, in words; they hold nothing up.

    Shape:   (UnitReport, History) -> [str]
    """
    rows = {row.code: row.value for row in report.figures.all() if not row.note}
    doubted = [(spec, past.doubt(spec.code, rows.get(spec.code))) for spec in report_forms.of_report(report).figures]
    return [f"“{spec.label}”: {shown(rows[spec.code])}, {doubt}" for spec, doubt in doubted if doubt]


def _missing_figures(report, form):
    filled = {row.code for row in report.figures.all() if row.value is not None}
    return [spec.label for spec in form.figures if not spec.optional and spec.code not in filled]


def _unanswered(report):
    own = Target.objects.filter(covenant__bloc_year=report.bloc_year_id, of=report.unit_id)
    results = TargetResult.objects.filter(target__in=own, of=report.unit_id).exclude(value=None, note="")
    answered = set(results.values_list("target", flat=True))
    return [target for target in own if target.pk not in answered]


def progress(report, form=None):
    """(parts written, parts in all) of the obligatory text parts."""
    form = form or report_forms.of_report(report)
    obligatory = [part.code for part in form.parts if not part.optional]
    written = {part.code for part in report.parts.all() if part.paragraphs}
    return len(written.intersection(obligatory)), len(obligatory)
