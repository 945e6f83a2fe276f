"""Opening a year: the list of years, preparing one, what is missing and what changed, the decision, opening it."""

from calendar import monthrange
from datetime import date

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.domain import organisation
from blocs.errors import DomainError, EditedMeanwhile
from blocs.models import Authority, DivisionDecision, Year
from blocs.templatetags.vietnamese import figure
from reports.domain import opening, year_changes, year_checks
from reports.enums import DocumentKind
from reports.opening_forms import DivisionForm, PrepareForm, ThemeForm, YearForm
from reports.views.paper_box import box


@login_required
@require_GET
def year_list(request):
    """The years of the authorities that the user keeps."""
    kept = Authority.objects.kept_by(request.user)
    if not kept:
        raise Http404
    rows = Year.objects.visible_to(request.user).filter(authority__in=kept).select_related("authority", "copied_from")
    rows = list(rows.annotate(blocs=Count("bloc_years", distinct=True)).order_by("-starts_on", "authority__name"))
    context = {
        "rows": rows,
        "sources": _sources(request.user, rows),
        "beginning": _beginning(request.user),
        "many": len({row.authority_id for row in rows}) > 1,
    }
    return render(request, "reports/year_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def year_begin(request, pk):
    """An empty year of an authority: its first, or one beside others."""
    authority = next((row for row in _beginning(request.user) if row.pk == pk), None)
    if authority is None:
        raise Http404
    today = timezone.localdate().year
    days = {"label": str(today), "starts_on": date(today, 1, 1), "ends_on": date(today, 12, 31)}
    days = {} if authority.has_years else days
    form = YearForm(request.POST or None, initial=days)
    if form.is_valid():
        try:
            year = opening.begin_year(authority.pk, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            request.session["year"] = year.pk  # what is added next goes there
            messages.success(request, f"Đã lập năm {year.label}. Thêm đơn vị, cụm, khối rồi mở năm; chưa ai khác thấy.")
            return redirect("year_detail", year.pk)
    return render(request, "reports/year_begin.html", {"authority": authority, "form": form}, status=_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def year_prepare(request, pk):
    """A new year from the one in the address."""
    source = _board_year(request, pk)
    offered, type_code = opening.choices(source), request.GET.get("loai")
    wanted = [row.pk for row, taken in offered if (row.type == type_code if type_code else taken is None)]
    initial = _next_year(source) | {"blocs": wanted}
    form = PrepareForm(request.POST or None, source=source, initial=initial)
    if form.is_valid():
        values = form.cleaned_data
        chosen = {row.pk for row in values.pop("blocs")}
        whole = chosen == {row.pk for row, _ in offered}
        try:
            year = opening.prepare_year(
                source.pk, year=values["starts_on"].year, bloc_ids=None if whole else chosen, by=request.user, **values
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã chuẩn bị năm {year.label} từ năm {source.label}. Chưa ai khác thấy năm này.")
            return redirect("year_detail", year.pk)
    ticked = set(map(str, form["blocs"].value() or []))
    context = {
        "source": source,
        "form": form,
        "blocs": [(row, taken, str(row.pk) in ticked) for row, taken in offered],
        "types": opening.types_of(source),
        "type": type_code,
    }
    return render(request, "reports/year_prepare.html", context, status=_status(form))


@login_required
@require_GET
def year_detail(request, pk):
    """A year in preparation: what is missing, what changed, the button. An open one: its decision and differences."""
    year = _kept_year(request, pk)
    groups = year_changes.differences(year)
    context = {
        "year": year,
        "may_open": request.user.has_perm("blocs.open_year", year),
        "groups": groups,
        "seen": year_changes.fingerprint(year, groups),
        "division": DivisionDecision.objects.filter(year=year).first(),
    }
    if not year.is_open:
        items = year_checks.checklist(year)
        context |= {
            "items": [
                (item, _link(item, year), [(place.name, place.bloc_year_id) for place in item.places])
                for item in sorted(items, key=lambda item: ORDER[item.look])
            ],
            "blocking": [item for item in items if item.blocks],
            "warnings": sum(item.look == "late" for item in items),
        }
    return render(request, "reports/year_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def year_edit(request, pk):
    year = _board_year(request, pk)
    kind, save = (ThemeForm, opening.set_theme) if year.is_open else (YearForm, opening.edit_year)
    form = kind(request.POST or None, initial={name: getattr(year, name) for name in kind.base_fields})
    context = {"year": year, "form": form, "opened": _opened(request, opening.year_values(year))}
    if form.is_valid():
        try:
            save(year.pk, by=request.user, opened=request.POST.get("opened", ""), **form.cleaned_data)
        except DomainError as error:
            context |= _refused(form, error)
        else:
            words = "chủ đề" if year.is_open else "tên, thời gian và chủ đề"
            messages.success(request, f"Đã lưu {words} của năm.")
            return redirect("year_detail", pk)
    return render(request, "reports/year_edit.html", context, status=_status(form))


@login_required
@require_POST
def year_open(request, pk):
    return _open_year(request, _board_year(request, pk))


@reauthentication_required
def _open_year(request, year):
    """A risky act: the person signs in once more; then the same request goes on."""
    try:
        opened = opening.open_year(year.pk, by=request.user, seen=request.POST.get("seen", ""))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("year_detail", year.pk)
    request.session["year"] = year.pk
    messages.success(
        request,
        f"Đã mở năm {year.label}: giao {figure(opened.obligations)} việc, "
        f"cấp {figure(opened.seats)} vị trí Khối trưởng, Khối phó.",
    )
    return redirect("board")


@login_required
@require_http_methods(["GET", "POST"])
def year_discard(request, pk):
    year = _board_year(request, pk)
    if request.method == "POST":
        try:
            opening.discard_year(year.pk, by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("year_detail", pk)
        messages.success(request, f"Đã bỏ năm {year.label} đang chuẩn bị.")
        return redirect("year_list")
    return render(request, "reports/year_discard.html", {"year": year})


@login_required
@require_http_methods(["GET", "POST"])
def year_division(request, pk):
    """The decision that divides the blocs: its number, day, signer and bases, and the paper."""
    year = _board_year(request, pk)
    row = DivisionDecision.objects.filter(year=year).first()
    names = ("number", "dated", "signer", "signer_name", "bases")
    initial = {name: getattr(row, name) for name in names} if row else {"bases": opening.proposed_bases(year)}
    form = DivisionForm(request.POST or None, initial=initial)
    context = {"year": year, "form": form, "row": row, "opened": _opened(request, opening.division_values(row))}
    if form.is_valid():
        try:
            opening.save_division(year.pk, by=request.user, opened=request.POST.get("opened", ""), **form.cleaned_data)
        except DomainError as error:
            context |= _refused(form, error)
        else:
            messages.success(request, "Đã lưu quyết định phân chia cụm, khối.")
            return redirect("year_division", pk)
    context["paper"] = box(request.user, DocumentKind.DIVISION_DECISION, year)
    return render(request, "reports/year_division.html", context, status=_status(form))


# ---------------------------------------------------------------- reading


def _sources(user, rows):
    """The years from which the next ones are made: of each authority the newest open one, and those beside it."""
    newest: dict[int, Year] = {}
    for row in rows:
        if row.is_open:
            newest.setdefault(row.authority_id, row)
    may = {pk for pk, row in newest.items() if user.has_perm("blocs.open_year", row)}
    return [
        row
        for row in rows
        if row.is_open and row.authority_id in may and row.ends_on >= newest[row.authority_id].starts_on
    ]


def _kept_year(request, pk):
    """A year of an authority whose board or administrator the user is."""
    kept = Authority.objects.kept_by(request.user)
    rows = Year.objects.visible_to(request.user).filter(authority__in=kept)
    return get_object_or_404(rows.select_related("authority", "copied_from"), pk=pk)


def _beginning(user):
    """The authorities for which the user may lay down an empty year, with ``has_years``."""
    rows = Authority.objects.kept_by(user).annotate(has_years=Exists(Year.objects.filter(authority=OuterRef("pk"))))
    return [row for row in rows.order_by("name") if user.has_perm("blocs.open_year", row)]


def _board_year(request, pk):
    year = _kept_year(request, pk)
    if not request.user.has_perm("blocs.open_year", year):
        raise Http404
    return year


def _next_year(source):
    """Name and days a year on; the theme, until a new one is given out."""
    label = "-".join(str(int(part) + 1) if part.isdigit() else part for part in source.label.split("-"))
    starts_on, ends_on = (
        on.replace(year=on.year + 1, day=min(on.day, monthrange(on.year + 1, on.month)[1]))
        for on in (source.starts_on, source.ends_on)
    )
    return {"label": label, "starts_on": starts_on, "ends_on": ends_on, "theme": source.theme}


def _opened(request, values):
    """With what the form was opened: of a form that comes back, as it says itself."""
    return request.POST.get("opened", "") if request.method == "POST" else organisation.digest(values)


def _refused(form, error):
    """The reason above the form; where somebody was faster also their text, and the choice to save all the same."""
    form.add_error(None, str(error))
    if not isinstance(error, EditedMeanwhile):
        return {}
    return {"theirs": error.theirs, "opened": error.version}


PAGES = {"theme": "year_edit", "division": "year_division"}  # the others are mended on the pages of the organisation


ORDER = {"miss": 0, "late": 1, "ok": 2}


def _link(item, year):
    return reverse(PAGES[item.code], args=[year.pk]) if item.code in PAGES else ""


def _status(form):
    return 422 if form.is_bound and form.errors else 200
