"""The rows of a meeting: what is said, what follows, pictures."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.domain import attachments, attendance, conference_tasks, conferences, opinions
from blocs.enums import OpinionKind
from blocs.errors import DomainError, EditedMeanwhile, RuleBroken
from blocs.models import ConferencePicture, ConferenceTask, Opinion, UnitYear
from blocs.views import files
from reports.conference_forms import FinishForm, OpinionForm, PictureForm, TaskForm
from reports.views.conferences import found, run


@login_required
@require_http_methods(["GET", "POST"])
def opinion_add(request, pk):
    """A speech, an opinion, a question; the secretary writes for anybody, a unit for itself."""
    row = found(request, pk)
    kind = request.GET.get("loai", OpinionKind.SPEECH)
    return _save_opinion(request, row, None, {"kind": kind, "unit": None})


@login_required
@require_http_methods(["GET", "POST"])
def opinion_edit(request, pk, opinion):
    row = found(request, pk)
    entry = get_object_or_404(Opinion.objects.select_related("unit"), conference=row, pk=opinion)
    names = ("kind", "unit", "speaker", "minutes", "text", "answer", "answered_by")
    initial = {name: getattr(entry, name) for name in names} | {"opened": opinions.opened_with(entry)}
    return _save_opinion(request, row, entry, initial)


def _save_opinion(request, conference, entry, initial):
    runs = request.user.has_perm("blocs.run_conference", conference)
    own = attendance.units_of(request.user, conference)
    if not runs and (not own or (entry and not opinions.may_write(conference, entry, request.user, units=own))):
        raise Http404
    units = units_of(conference) if runs else UnitYear.objects.filter(pk__in=[unit.pk for unit in own])
    form = OpinionForm(request.POST or None, units=units, runs=runs, initial=initial)
    context = {"conference": conference, "form": form, "entry": entry, "back": request.path}
    if form.is_valid():
        try:
            opinions.save(conference.pk, by=request.user, opinion_id=entry and entry.pk, **form.cleaned_data)
        except EditedMeanwhile as error:
            return render(request, "reports/opinion_form.html", context | {"conflict": error}, status=409)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã ghi vào danh sách phát biểu, câu hỏi.")
            return back(conference, "opinions")
    return render(request, "reports/opinion_form.html", context, status=_status(form))


@login_required
@require_POST
def opinion_forward(request, pk, opinion):
    row = run(request, pk)
    return act(request, row, "opinions", "Đã đưa lên trước.", opinions.put_forward, opinion)


@login_required
@require_http_methods(["GET", "POST"])
def task_add(request, pk):
    return _save_task(request, run(request, pk), None, {})


@login_required
@require_http_methods(["GET", "POST"])
def task_edit(request, pk, task):
    row = run(request, pk)
    entry = get_object_or_404(ConferenceTask.objects.select_related("unit"), conference=row, pk=task)
    initial = {name: getattr(entry, name) for name in ("text", "unit", "person", "due_on")}
    initial["opened"] = conference_tasks.opened_with(entry)
    return _save_task(request, row, entry, initial)


def _save_task(request, conference, entry, initial):
    form = TaskForm(request.POST or None, units=units_of(conference), initial=initial)
    context = {"conference": conference, "form": form, "entry": entry, "back": request.path}
    if form.is_valid():
        try:
            conference_tasks.save(conference.pk, by=request.user, task_id=entry and entry.pk, **form.cleaned_data)
        except EditedMeanwhile as error:
            return render(request, "reports/task_form.html", context | {"conflict": error}, status=409)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã giao việc. Nơi nhận thấy việc này ở Việc cần làm.")
            return back(conference, "tasks")
    return render(request, "reports/task_form.html", context, status=_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def task_finish(request, pk):
    """Whoever got the task says that it is done."""
    rows = ConferenceTask.objects.visible_to(request.user)
    owners = ("unit", "conference__bloc_year", "conference__year__authority")
    entry = get_object_or_404(rows.select_related(*owners), pk=pk)
    if not request.user.has_perm("blocs.finish_task", entry):
        raise Http404
    sees = request.user.has_perm("blocs.view_conference", entry.conference)
    form = FinishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            conference_tasks.finish(pk, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã ghi việc đã xong.")
            return back(entry.conference, "tasks") if sees else redirect("todo")
    context = {"conference": entry.conference, "entry": entry, "form": form, "sees": sees}
    return render(request, "reports/task_finish.html", context, status=_status(form))


@login_required
@require_POST
def task_reopen(request, pk, task):
    row = run(request, pk)
    get_object_or_404(ConferenceTask, conference=row, pk=task)
    try:
        conference_tasks.reopen(task, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return back(row, "tasks")


@login_required
@require_POST
def picture_add(request, pk):
    row = run(request, pk)
    form = PictureForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise RuleBroken("Chọn một tệp ảnh.")
        file = form.cleaned_data["file"]
        if file.size > attachments.MAX_BYTES:
            raise RuleBroken(f"Tệp lớn hơn {attachments.MAX_BYTES // 1024 // 1024} MB. Giảm độ phân giải rồi đính lại.")
        judged = attachments.judge(file.name, file.read(), allowed=attachments.ONLY_PICTURES)
        conferences.add_picture(row.pk, judged, caption=form.cleaned_data["caption"], by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Đã thêm ảnh.")
    return back(row, "pictures")


@login_required
@require_GET
def picture_file(request, pk, picture):
    row = get_object_or_404(ConferencePicture, conference=found(request, pk), pk=picture)
    return files.sent(row)


# ---------------------------------------------------------------- what these views share


def units_of(conference):
    """Whom a meeting may name: the members of its bloc; of the council's, every unit of the year."""
    if conference.bloc_year_id:
        rows = UnitYear.objects.filter(memberships__bloc_year=conference.bloc_year_id)
        return rows.order_by("memberships__position", "pk")
    return UnitYear.objects.filter(year=conference.year_id)


def act(request, conference, part, done, change, pk):
    try:
        change(conference.pk, pk, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return back(conference, part)


def back(conference, part):
    return redirect(f"{reverse('conference', args=[conference.pk])}#{part}")


def _status(form):
    return 422 if form.is_bound and form.errors else 200
