"""Presence at a meeting: the page for a phone, the secretary's notes, the page for the projector."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.domain import attendance
from blocs.errors import DomainError, RuleBroken
from blocs.forms import row_ids
from blocs.models import Attendance, Conference, UnitYear
from reports.conference_forms import AttendForm, tidy
from reports.views.conferences import found, run

UNITS, ITEMS = (10, 18), (4, 7)  # up to so many rows the hall's screen takes its large letters, its middling ones


@login_required
@require_GET
def attend_enter(request):
    """For those whose phone reads no QR code: the code is typed in."""
    signs = "".join(request.GET.get("ma", "").upper().split()).replace("-", "")
    if len(signs) == 8 and signs.isascii() and signs.isalnum():
        return redirect("attend", f"{signs[:4]}-{signs[4:]}")
    context = {"typed": request.GET.get("ma", "")}
    return render(request, "reports/attend_enter.html", context, status=422 if context["typed"] else 200)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def attend(request, code):
    """Where the QR code of the hall leads."""
    row = get_object_or_404(Conference.objects.attended_by(request.user).for_page(), code=code)
    own = attendance.units_of(request.user, row)
    form = AttendForm(
        request.POST or None,
        units=UnitYear.objects.filter(pk__in=[unit.pk for unit in own]),
        initial={"person": request.user.post, "unit": own[0] if own else None},
    )
    context = {"conference": row, "own_units": own, "form": form, "why_not": attendance.why_not(row)}
    context["sees"] = request.user.has_perm("blocs.view_conference", row)
    if request.method == "POST":
        context |= _attend(request, row, code, form)
    noted = Attendance.objects.filter(conference=row, unit__in=own).select_related("unit", "noted_by")
    context["noted"] = list(noted)
    context["rest"] = len(own) - len(context["noted"])
    return render(request, "reports/attend.html", context, status=422 if context.get("error") else 200)


def _attend(request, conference, code, form):
    chosen = row_ids([request.POST.get("unit", "")])
    person = form.cleaned_data.get("person", "") if form.is_valid() else ""
    try:
        if not chosen:
            raise RuleBroken("Chọn đơn vị.")
        row, is_new = attendance.attend(conference.pk, code, chosen[0], person=person, by=request.user)
    except DomainError as error:
        return {"error": str(error)}
    return {"done": row, "is_new": is_new}


@login_required
@require_POST
def attendance_note(request, pk):
    """The secretary notes a unit as present."""
    row = run(request, pk)
    chosen = row_ids([request.POST.get("unit", "")])
    try:
        if not chosen:
            raise RuleBroken("Chọn đơn vị.")
        person = tidy(request.POST.get("person", ""))[:300]
        attendance.note(pk, chosen[0], person=person, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('conference', args=[row.pk])}#presence")


@login_required
@require_GET
def projector(request, pk):
    """Presence and agenda in large letters; it renews itself. Who runs the meeting shows the code: in the hall."""
    row = found(request, pk)
    shows_code = not attendance.why_not(row) and request.user.has_perm("blocs.run_conference", row)
    presence, agenda = attendance.presence(row), row.agenda.all()
    lines = presence.lines if row.bloc_year_id else presence.guests
    context = {
        "conference": row,
        "presence": presence,
        "lines": lines,
        "agenda": agenda,
        "units_size": _size(lines, *UNITS),
        "agenda_size": _size(agenda, *ITEMS),
        "qr": attendance.picture(row) if shows_code else "",
    }
    template = "reports/_projector.html" if request.htmx else "reports/projector.html"
    return render(request, template, context)


def _size(rows, few, some):
    return "few" if len(rows) <= few else "some" if len(rows) <= some else "many"
