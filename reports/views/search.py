"""One box for everything that has a name, accents or not."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from blocs.folding import asked
from blocs.models import BlocYear, UnitYear
from movements.models import Movement
from reports.domain import library
from reports.enums import UnitReportKind
from reports.models import UnitReport

SHOWN = 20  # of each kind; more words narrow it down


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is called, where it belongs, its page if it has one."""

    name: str
    where: str
    url: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    hits: list[Hit]
    has_more: bool


@login_required
@require_GET
def search(request):
    words = asked(request.GET.get("q", ""))
    groups = [make(request.user, words) for make in GROUPS] if words else []
    context = {"words": words, "groups": [group for group in groups if group.hits]}
    return render(request, "reports/search.html", context)


def _units(user, words):
    rows = UnitYear.objects.visible_to(user).search(words).select_related("year__authority", "unit")
    return _group(
        "Đơn vị",
        rows.order_by("-year__starts_on", "name"),
        lambda row: Hit(row.name, _year(row.year), reverse("unit_detail", args=[row.pk])),
    )


def _blocs(user, words):
    rows = BlocYear.objects.visible_to(user).search(words).select_related("year__authority")
    return _group(
        "Cụm, khối",
        rows.order_by("-year__starts_on", "position"),
        lambda row: Hit(row.name, _year(row.year), reverse("bloc_detail", args=[row.pk])),
    )


def _movements(user, words):
    rows = Movement.objects.visible_to(user).search(words).select_related("year__authority")
    return _group(
        "Phong trào",
        rows.order_by("-year__starts_on", "position"),
        lambda row: Hit(row.name, _year(row.year), reverse("movement_detail", args=[row.pk])),
    )


def _reports(user, words):
    """Reports of units by the unit's name; rights first."""
    units = UnitYear.objects.visible_to(user).search(words)
    rows = (
        UnitReport.objects.visible_to(user).filter(unit__in=units).select_related("unit", "bloc_year__year__authority")
    )
    return _group(
        "Báo cáo năm",
        rows.order_by("-bloc_year__year__starts_on", "unit__name"),
        lambda row: Hit(row.unit.name, _of(row) + _year(row.bloc_year.year), reverse("unit_report", args=[row.pk])),
    )


def _passages(user, words):
    """Inside what units, blocs and the province reported, in all years."""
    of_units, of_blocs, of_provinces = library.passages(user, words, most=SHOWN)
    hits = [_inside(found, found.report.unit.name, "unit_report") for found in of_units[:SHOWN]]
    hits += [_inside(found, found.report.bloc_year.name, "summary_report") for found in of_blocs[:SHOWN]]
    hits += [_inside(found, "Báo cáo của tỉnh", "province_report") for found in of_provinces[:SHOWN]]
    return Group("Trong lời báo cáo", hits, max(map(len, (of_units, of_blocs, of_provinces))) > SHOWN)


def _inside(found, name, page):
    report = found.report
    year = report.year if page == "province_report" else report.bloc_year.year
    return Hit(name, f"{_year(year)}: {found.text}", reverse(page, args=[report.pk]))


def _of(report):
    return "sơ kết · " if report.kind == UnitReportKind.MID_YEAR else ""


GROUPS = [_units, _blocs, _movements, _reports, _passages]


def _group(title, rows, hit):
    found = list(rows[: SHOWN + 1])
    return Group(title, [hit(row) for row in found[:SHOWN]], len(found) > SHOWN)


def _year(year):
    return f"năm {year.label} · {year.authority.name}"
