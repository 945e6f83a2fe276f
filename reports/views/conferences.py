"""Meetings: the list, the page of one, its frame, its opening and its end, what was concluded."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.covenant_forms import ReasonForm
from blocs.domain import attendance, conferences, opinions, organisation
from blocs.enums import ConferenceKind
from blocs.errors import DomainError, EditedMeanwhile
from blocs.models import BlocYear, Conference
from blocs.years import current_year
from reports.conference_forms import (
    AgendaFormSet,
    ConclusionForm,
    ConferenceForm,
    EndForm,
    PictureForm,
    agenda_items,
)
from reports.domain.meeting_set import draft_kind
from reports.enums import DocumentKind
from reports.views.paper_box import boxes

PAGE_SIZE = 50
DRAFTS = {DocumentKind.COVENANT: "giao ước", DocumentKind.SUMMARY_REPORT: "dự thảo báo cáo tổng kết"}  # in its set
PAPERS = [
    DocumentKind.CONFERENCE_INVITATION,
    DocumentKind.CONFERENCE_AGENDA,
    DocumentKind.ATTENDANCE_SHEET,
    DocumentKind.CONFERENCE_MINUTES,
    DocumentKind.CONFERENCE_NEWS,
]


@login_required
@require_GET
def conference_list(request):
    """The meetings of the year, the latest first."""
    year = current_year(request)
    rows = Conference.objects.visible_to(request.user).filter(year=year).for_page()
    kind = request.GET.get("loai", "")
    if kind in ConferenceKind.values:
        rows = rows.filter(kind=kind)
    page = Paginator(rows.order_by("-held_on", "-starts_at", "position", "pk"), PAGE_SIZE).get_page(
        request.GET.get("trang")
    )
    led = [
        row
        for row in BlocYear.objects.visible_to(request.user).filter(year=year, seats__user=request.user).distinct()
        if request.user.has_perm("blocs.run_conference", Conference(year=year, bloc_year=row))
    ]
    council = year is not None and request.user.has_perm("blocs.run_conference", Conference(year=year))
    context = {
        "year": year,
        "page": page,
        "kinds": ConferenceKind.choices,
        "kind": kind,
        "led": led,
        "council": council,
    }
    return render(request, "reports/conference_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def conference_add(request, pk):
    """A meeting of a bloc."""
    bloc_year = get_object_or_404(BlocYear.objects.visible_to(request.user).for_table(), pk=pk)
    place = Conference(year=bloc_year.year, bloc_year=bloc_year)
    return _add(request, place, lambda **values: conferences.call(bloc_year.pk, by=request.user, **values))


@login_required
@require_http_methods(["GET", "POST"])
def council_conference_add(request):
    """A meeting of the council, or of the owners of movements with it."""
    year = current_year(request)
    if year is None:
        raise Http404
    call = conferences.call_council
    return _add(request, Conference(year=year), lambda **values: call(year.pk, by=request.user, **values))


def _add(request, place, call):
    if not request.user.has_perm("blocs.run_conference", place):
        raise Http404
    kind = ConferenceKind.YEAR_END if place.bloc_year_id else ConferenceKind.BRIEFING
    form = ConferenceForm(request.POST or None, initial={"kind": kind, "quorum": 2, "quorum_of": 3})
    if form.is_valid():
        try:
            conference = call(**form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã ghi hội nghị. Tiếp theo: soạn chương trình, tạo giấy mời.")
            return redirect("conference", conference.pk)
    return render(request, "reports/conference_form.html", {"form": form, "place": place}, status=_status(form))


@login_required
@require_GET
def conference(request, pk):
    row = found(request, pk)
    runs = request.user.has_perm("blocs.run_conference", row)
    own = attendance.units_of(request.user, row)
    context = {
        "conference": row,
        "runs": runs,
        "presence": attendance.presence(row),
        "own_units": own,
        "agenda": row.agenda.all(),
        "opinions": _opinions(request.user, row, own, runs=runs),
        "tasks": _tasks(request.user, row, runs=runs),
        "pictures": row.pictures.select_related("added_by"),
        "papers": boxes(request.user, PAPERS, row),
        "batch": row.batches.first(),
    }
    if runs:
        context |= {"end_form": EndForm(), "picture_form": PictureForm(), "draft": DRAFTS.get(draft_kind(row), "")}
        context["qr"] = attendance.picture(row) if not attendance.why_not(row) else ""
        context["year_units"] = [] if row.bloc_year_id else row.year.units.all()
    return render(request, "reports/conference_detail.html", context)


def _opinions(user, conference, own, *, runs):
    rows = conference.opinions.select_related("unit")
    return [(row, runs or opinions.may_write(conference, row, user, units=own)) for row in rows]


def _tasks(user, conference, *, runs):
    units = set(user.seats.in_force().exclude(unit=None).values_list("unit", flat=True))
    board = user.has_perm("blocs.open_year", conference.year)
    rows = conference.tasks.select_related("unit", "done_by")
    return [(row, runs or (row.unit.unit_id in units if row.unit else board)) for row in rows]


@login_required
@require_http_methods(["GET", "POST"])
def conference_edit(request, pk):
    row = run(request, pk)
    initial = {name: getattr(row, name) for name in conferences.FIELDS}
    form = ConferenceForm(request.POST or None, initial=initial)
    context = {"conference": row, "place": row, "form": form, "opened": opened(request, conferences.shown(row))}
    if form.is_valid():
        try:
            conferences.edit(pk, by=request.user, opened=request.POST.get("opened", ""), **form.cleaned_data)
        except DomainError as error:
            context |= refused(form, error)
        else:
            messages.success(request, "Đã lưu thông tin hội nghị.")
            return redirect("conference", pk)
    return render(request, "reports/conference_form.html", context, status=_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def conference_agenda(request, pk):
    row = run(request, pk)
    items = [
        {"place": number, "starts_at": item.starts_at, "text": item.text, "presenter": item.presenter}
        for number, item in enumerate(row.agenda.all(), 1)
    ]
    formset = AgendaFormSet(request.POST or None, initial=items)
    context = {"conference": row, "formset": formset, "opened": opened(request, conferences.agenda_values(row))}
    if formset.is_valid():
        try:
            conferences.set_agenda(pk, agenda_items(formset), by=request.user, opened=request.POST.get("opened", ""))
        except DomainError as error:
            context["error"] = error
            if isinstance(error, EditedMeanwhile):
                context |= {"theirs": error.theirs, "opened": error.version}
            return render(request, "reports/conference_agenda.html", context, status=422)
        messages.success(request, "Đã lưu chương trình.")
        return redirect("conference", pk)
    status = 422 if formset.is_bound else 200
    return render(request, "reports/conference_agenda.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def conference_conclude(request, pk):
    row = run(request, pk)
    values = conferences.conclusion_values(row)
    form = ConclusionForm(request.POST or None, initial={"directions": row.directions, "conclusions": row.conclusions})
    context = {"conference": row, "form": form, "opened": opened(request, values)}
    if form.is_valid():
        try:
            conferences.conclude(pk, by=request.user, opened=request.POST.get("opened", ""), **form.cleaned_data)
        except DomainError as error:
            context |= refused(form, error)
        else:
            messages.success(request, "Đã lưu ý kiến chỉ đạo và kết luận.")
            return redirect("conference", pk)
    return render(request, "reports/conference_conclude.html", context, status=_status(form))


@login_required
@require_POST
def conference_start(request, pk):
    return _act(request, pk, conferences.start, "Đã khai mạc.")


@login_required
@require_http_methods(["GET", "POST"])
def conference_undo_start(request, pk):
    """An opening by mistake: why, then the meeting is a planned one again."""
    row = run(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            conferences.undo_start(pk, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã hủy khai mạc. Hội nghị lại là dự kiến: sửa ngày, loại hoặc khai mạc lại.")
            return redirect("conference", pk)
    context = {"conference": row, "form": form}
    return render(request, "reports/conference_undo_start.html", context, status=_status(form))


@login_required
@require_POST
def conference_end(request, pk):
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Viết giờ bế mạc như 11:30.")
        return redirect("conference", run(request, pk).pk)
    return _act(request, pk, conferences.end, "Đã bế mạc. Điểm danh đã khóa; tạo biên bản ở dưới.", **form.cleaned_data)


@login_required
@require_POST
def conference_resume(request, pk):
    return _act(request, pk, conferences.resume, "Hội nghị tiếp tục.")


@login_required
@require_http_methods(["GET", "POST"])
def conference_remove(request, pk):
    row = run(request, pk)
    if request.method == "GET":
        return render(request, "reports/conference_remove.html", {"conference": row})
    try:
        conferences.remove(pk, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("conference", pk)
    messages.success(request, "Đã xóa hội nghị.")
    return redirect("conference_list")


# ---------------------------------------------------------------- what the views of meetings share


def found(request, pk):
    return get_object_or_404(Conference.objects.visible_to(request.user).for_page(), pk=pk)


def run(request, pk):
    """A meeting that the user runs; for others the page is not there."""
    row = found(request, pk)
    if not request.user.has_perm("blocs.run_conference", row):
        raise Http404
    return row


def _act(request, pk, act, done, **values):
    row = run(request, pk)
    try:
        act(row.pk, by=request.user, **values)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("conference", pk)


def opened(request, values):
    """With what the form was opened: of a form that comes back, as it says itself."""
    return request.POST.get("opened", "") if request.method == "POST" else organisation.digest(values)


def refused(form, error):
    """The reason above the form; where somebody was faster also their text, and the choice to save all the same."""
    form.add_error(None, str(error))
    return {"theirs": error.theirs, "opened": error.version} if isinstance(error, EditedMeanwhile) else {}


def _status(form):
    return 422 if form.is_bound and form.errors else 200
