"""Lists as workbooks: what the page shows with its filter, or the template to fill in."""

from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from blocs.domain.files import write_yaml
from blocs.models import BlocYear, UnitYear
from blocs.people_forms import PeopleFilter
from blocs.years import current_place, current_year
from movements.forms import MovementFilter
from movements.models import Movement
from reports.board_filter import MINE, BoardFilter
from reports.domain import uploads
from reports.domain.workbooks import completeness, exports
from reports.domain.workbooks.kinds import workbook
from reports.domain.workbooks.place import Place
from reports.domain.workbooks.writing import CONTENT_TYPE
from reports.domain.yearfile.dump import export_year
from reports.enums import UploadKind
from reports.unit_forms import UnitFilter
from reports.views.papers import report_rows

NAMES = {UploadKind.UNITS: "don-vi", UploadKind.BLOCS: "cum-khoi", UploadKind.PEOPLE: "tai-khoan"}
OF_ALL = {UploadKind.UNITS, UploadKind.BLOCS}  # whoever sees the year may fetch its rows that he sees


def _units(request, _, year):
    return UnitFilter(request.GET, rows=UnitYear.objects.visible_to(request.user).filter(year=year)).found()


def _blocs(request, _, year):
    """The two pages of blocs name the user himself in two ways."""
    chosen = request.GET.copy()
    if chosen.get("officer") == str(request.user.pk):
        chosen["officer"] = MINE
    return BoardFilter(chosen, user=request.user, year=year).blocs()


def _people(request, authority, year):
    return PeopleFilter(request.GET, user=request.user, authority=authority, year=year).rows()


SHOWN = {UploadKind.UNITS: _units, UploadKind.BLOCS: _blocs, UploadKind.PEOPLE: _people}


@login_required
@require_GET
def workbook_file(request, kind):
    """The list of a year to read or to change, as its page is filtered; ``?trong=1`` without rows."""
    authority, year = current_place(request)
    if kind not in SHOWN or authority is None:
        raise Http404
    if not (year and kind in OF_ALL) and not uploads.may(request.user, kind, year or authority):
        raise Http404
    place = Place(authority, year, request.user, shown=SHOWN[kind](request, authority, year))
    content = workbook(UploadKind(kind), place, empty="trong" in request.GET)
    return _answer(content, f"{NAMES[UploadKind(kind)]}-{year or authority.code}")


@login_required
@require_GET
def targets_file(request, pk):
    bloc_year = get_object_or_404(BlocYear.objects.visible_to(request.user).for_table(), pk=pk)
    place = Place(bloc_year.year.authority, bloc_year.year, request.user, bloc_year)
    content = workbook(UploadKind.TARGETS, place, empty="trong" in request.GET)
    return _answer(content, f"chi-tieu-{bloc_year.bloc.code}-{bloc_year.year.label}")


@login_required
@require_GET
def year_file(request):
    """The year file of the year that is chosen, for those who may bring one."""
    year = _year(request)
    if not uploads.may(request.user, UploadKind.YEAR, year):
        raise Http404
    return _answer(write_yaml(export_year(year)).encode(), f"nam-{year.label}", "yaml", "application/yaml")


@login_required
@require_GET
def board_export(request):
    """Completeness as the board is filtered."""
    year = _year(request)
    if not request.user.has_perm("blocs.view_province", year):
        raise Http404
    form = BoardFilter(request.GET, user=request.user, year=year)
    return _answer(completeness.make_workbook(form.blocs(), form.codes()), f"tinh-hinh-nop-{year.label}")


@login_required
@require_GET
def report_export(request):
    year = _year(request)
    form = BoardFilter(request.GET, user=request.user, year=year)
    return _answer(exports.reports(report_rows(request.user, form.blocs())), f"bao-cao-{year.label}")


@login_required
@require_GET
def movement_export(request):
    """Results of the movements that the list shows."""
    year = _year(request)
    form = MovementFilter(request.GET)
    rows = form.rows(Movement.objects.visible_to(request.user).filter(year=year).select_related("owner"))
    prefetch_related_objects(rows, "indicators__results__unit")
    return _answer(exports.results(rows), f"phong-trao-{year.label}")


def _year(request):
    year = current_year(request)
    if year is None:
        raise Http404
    return year


def _answer(content, name, ending="xlsx", content_type=CONTENT_TYPE):
    """A file to keep, called in plain letters for any computer."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{slugify(name) or "tep"}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
