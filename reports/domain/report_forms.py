"""What units are asked in a year: a form for each kind of report, and for a type of bloc that has its own."""

from dataclasses import asdict, fields

from django.db import transaction
from django.utils.text import slugify

from blocs.domain import audit, organisation
from blocs.errors import NotAllowed, RuleBroken
from blocs.folding import fold
from blocs.models import BlocType, BlocYear, Year
from movements.domain.results import is_share
from reports.enums import FigureRule, SummaryPartCode, UnitReportKind
from reports.models import ReportForm, UnitReport
from reports.unit_form import BUILT_IN, PARTS, Figure, Form, Part, read_form

MAX_PARTS, MAX_FIGURES = 30, 60
CODE_LENGTH = 30
TARGETS = {part.code: part.target for part in PARTS}
SHARES = ("tỷ lệ", "tỉ lệ", "bình quân", "trung bình")


class Forms:
    """The forms of some years, read at once."""

    def __init__(self, years):
        """Shape: [Year id] or one Year; one query"""
        rows = ReportForm.objects.filter(year__in=years)
        self._own = {(row.year_id, row.kind, row.bloc_type): row for row in rows}

    def of(self, bloc_year, kind=UnitReportKind.ANNUAL):
        """The form of the bloc's type, else that of all types, else the built-in one.

        Shape:   (BlocYear, UnitReportKind) -> Form
        """
        for bloc_type in (bloc_year.type, ""):
            row = self._own.get((bloc_year.year_id, kind, bloc_type))
            if row:
                return form_in(row)
        return BUILT_IN[UnitReportKind(kind)]


def of_bloc(bloc_year, kind=UnitReportKind.ANNUAL):
    """Shape: (BlocYear, UnitReportKind) -> Form; one query"""
    return Forms([bloc_year.year_id]).of(bloc_year, kind)


def of_report(report):
    """Shape: UnitReport -> Form; one query, then kept with the row"""
    known = getattr(report, "known_form", None)
    if known is None:
        known = report.known_form = of_bloc(report.bloc_year, report.kind)
    return known


def form_in(row):
    """Shape: ReportForm -> Form"""
    return read_form({"parts": row.parts, "figures": row.figures})


def target_of(part):
    """Which part of the summary report quotes a part of the units' reports.

    Shape:   Part -> SummaryPartCode
    """
    return SummaryPartCode(part.target or TARGETS.get(part.code) or SummaryPartCode.RESULTS)


def adds_up(figure):
    """Whether the numbers of the units are added; of shares, rates and averages the lowest and highest are told.

    Shape:   Figure -> bool
    """
    if figure.rule:
        return figure.rule == FigureRule.SUM
    return not is_share(figure.unit) and not figure.label.casefold().startswith(SHARES)


def current(year, kind, bloc_type=""):
    """What the board edits: the saved form, or what holds without one.

    Shape:   (Year, UnitReportKind, type code or "") -> (ReportForm or None, Form)
    """
    rows = {row.bloc_type: row for row in ReportForm.objects.filter(year=year, kind=kind)}
    row = rows.get(bloc_type)
    held = row or rows.get("")
    return row, form_in(held) if held else BUILT_IN[UnitReportKind(kind)]


def types_of(year):
    """The types of bloc that the year has, with what people call them.

    Shape:   Year -> [(code, name)]
    """
    names = dict(BlocType.objects.filter(authority=year.authority_id).values_list("code", "name"))
    codes = BlocYear.objects.filter(year=year).exclude(type="").order_by("type").values_list("type", flat=True)
    return [(code, names.get(code, code)) for code in dict.fromkeys(codes)]


def written(year, kind, bloc_type=""):
    """The reports that were already begun by this form: who is told when it changes.

    Shape:   (Year, UnitReportKind, type code or "") -> UnitReport queryset with unit and bloc
    """
    rows = UnitReport.objects.filter(bloc_year__year=year, kind=kind).select_related("unit", "bloc_year")
    if bloc_type:
        rows = rows.filter(bloc_year__type=bloc_type)
    else:
        own = ReportForm.objects.filter(year=year, kind=kind).exclude(bloc_type="").values("bloc_type")
        rows = rows.exclude(bloc_year__type__in=own)
    return rows.order_by("bloc_year__position", "unit__position", "pk")


@transaction.atomic
def save(year_id, kind, bloc_type, *, parts, figures, by, confirmed=False, opened=""):
    """Keep the form of a kind of report, for all types of bloc or one.

    Shape:   (Year id, UnitReportKind, type code or "", [{column of Part}], [{column of Figure}]) -> ReportForm
             An entry without a code is new and gets one; codes stay, so that last year's answers are found.
             ``confirmed``: the editor has seen who has already written by it.
    Locks:   the year row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    """
    year = Year.objects.select_for_update().get(pk=year_id)
    if not by.has_perm("reports.edit_report_form", year):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng sửa mẫu báo cáo.")
    if bloc_type and bloc_type not in dict(types_of(year)):
        raise RuleBroken("Năm này không có cụm, khối nào thuộc loại hình đó.")
    row, before = current(year, kind, bloc_type)
    row = row or ReportForm(year=year, kind=kind, bloc_type=bloc_type)
    organisation.check_unchanged(row, shown(before), opened)
    form = Form(_entries(Part, parts, MAX_PARTS, "phần"), _entries(Figure, figures, MAX_FIGURES, "số liệu"))
    _check(form)
    if form == before and row.pk:
        return row
    number = written(year, kind, bloc_type).count()
    if number and not confirmed:
        raise RuleBroken(f"{number} đơn vị đã viết theo mẫu này. Đánh dấu ô xác nhận rồi lưu lại.")
    row.parts, row.figures, row.saved_by = [asdict(part) for part in form.parts], _plain(form.figures), by
    row.save()
    audit.record(
        "report_form.save", by=by, target=row, before=_labels(before), after=_labels(form), note=f"{number} đơn vị"
    )
    return row


@transaction.atomic
def discard(form_id, *, by):
    """Take a saved form away; the one of all types, or the built-in one, holds again.

    Raises:  NotAllowed
    """
    row = ReportForm.objects.select_related("year").get(pk=form_id)
    Year.objects.select_for_update().get(pk=row.year_id)
    if not by.has_perm("reports.edit_report_form", row.year):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng sửa mẫu báo cáo.")
    audit.record("report_form.discard", by=by, target=row, before=_labels(form_in(row)))
    row.delete()


def copy(source, year):
    """The saved forms of a year into another, which has none yet.

    Shape:   (Year, Year) -> None; two queries
    """
    columns = ("kind", "bloc_type", "parts", "figures", "saved_by_id")
    rows = ReportForm.objects.filter(year=source).order_by("pk")
    ReportForm.objects.bulk_create(
        ReportForm(year=year, **{name: getattr(row, name) for name in columns}) for row in rows
    )


def shown(form):
    """What two editors of a form are told, in words.

    Shape:   Form -> {label: [line]}
    """
    parts = [
        f"{part.label}{' (có thể trống)' if part.optional else ''}{_brackets(part.help)} → {target_of(part).label}"
        for part in form.parts
    ]
    figures = [
        f"{item.label}{_brackets(item.unit)}{_brackets(item.within)}{' (số lẻ)' if item.decimals else ''}"
        f"{' (có thể trống)' if item.optional else ''}{_brackets(FigureRule(item.rule).label if item.rule else '')}"
        for item in form.figures
    ]
    return {"Các phần": parts, "Các số liệu": figures}


def _brackets(text):
    return f" [{text}]" if text else ""


def _labels(form):
    return {"parts": [part.label for part in form.parts], "figures": [item.label for item in form.figures]}


def _plain(rows):
    return [asdict(row) for row in rows]


def _entries(kind, rows, limit, word):
    """Clean entries of a form, with codes."""
    if len(rows) > limit:
        raise RuleBroken(f"Mẫu có {len(rows)} {word}, nhiều nhất {limit}.")
    names = {field.name for field in fields(kind)}
    taken = {row["code"] for row in rows if row.get("code")}
    found = []
    for row in rows:
        values = {name: value.strip() if isinstance(value, str) else value for name, value in row.items()}
        values = {name: value for name, value in values.items() if name in names}
        if not values.get("label"):
            raise RuleBroken(f"Có {word} chưa ghi tên.")
        values["code"] = values.get("code") or _free_code(values["label"], taken)
        taken.add(values["code"])
        found.append(kind(**values))
    return tuple(found)


def _free_code(label, taken):
    stem = slugify(fold(label))[: CODE_LENGTH - 3].strip("-") or "muc"
    code, number = stem, 2
    while code in taken:
        code, number = f"{stem}-{number}", number + 1
    return code


def _check(form):
    if not form.parts:
        raise RuleBroken("Mẫu cần ít nhất một phần nội dung.")
    for word, rows in (("phần", form.parts), ("số liệu", form.figures)):
        for name in ("code", "label"):
            values = [getattr(row, name).casefold() for row in rows]
            if twice := next((row for row in rows if values.count(getattr(row, name).casefold()) > 1), None):
                raise RuleBroken(f"Có hai {word} cùng tên “{twice.label}”.")
    for word, item, code, known in _choices(form):
        if code and code not in known.values:
            raise RuleBroken(f"Không rõ {word} “{item.label}” vào báo cáo tổng kết thế nào.")
    for item in form.figures:
        whole = form.figure(item.within) if item.within else None
        if item.within and (whole is None or whole is item):
            raise RuleBroken(f"“{item.label}” nằm trong một số liệu không có trong mẫu.")
        if whole and whole.within:
            raise RuleBroken(f"“{item.label}” nằm trong “{whole.label}”, mà số này lại nằm trong số khác.")


def _choices(form):
    yield from (("phần", part, part.target, SummaryPartCode) for part in form.parts)
    yield from (("số liệu", item, item.rule, FigureRule) for item in form.figures)
