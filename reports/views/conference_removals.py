"""What is taken out of a meeting: asked first, on a page of its own, then done."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from blocs.domain import attendance, conference_tasks, conferences, opinions
from reports.views.conference_rows import act, back
from reports.views.conferences import found, run


@login_required
@require_http_methods(["GET", "POST"])
def opinion_remove(request, pk, opinion):
    """Who runs the meeting takes out any; a unit its own, as long as nobody answered."""
    row = found(request, pk)
    if request.method == "POST":
        return act(request, row, "opinions", "Đã bỏ.", opinions.remove, opinion)
    entry = row.opinions.select_related("unit").filter(pk=opinion).first()
    runs = request.user.has_perm("blocs.run_conference", row)
    if not runs and not (entry and opinions.may_write(row, entry, request.user)):
        raise Http404
    who = entry and ", ".join(filter(None, [entry.unit and entry.unit.name, entry.speaker]))
    kind = entry and entry.get_kind_display().lower()
    return _asked(request, row, "opinions", entry, f"Bỏ {kind} này?", entry and f"{who}: {entry.text}".strip(": "))


@login_required
@require_http_methods(["GET", "POST"])
def task_remove(request, pk, task):
    row = run(request, pk)
    if request.method == "POST":
        return act(request, row, "tasks", "Đã bỏ việc.", conference_tasks.remove, task)
    entry = row.tasks.filter(pk=task).first()
    return _asked(request, row, "tasks", entry, "Bỏ việc đã giao?", entry and entry.text)


@login_required
@require_http_methods(["GET", "POST"])
def picture_remove(request, pk, picture):
    row = run(request, pk)
    if request.method == "POST":
        return act(request, row, "pictures", "Đã bỏ ảnh.", conferences.remove_picture, picture)
    entry = row.pictures.filter(pk=picture).first()
    return _asked(request, row, "pictures", entry, "Bỏ ảnh?", entry and (entry.caption or entry.name))


@login_required
@require_http_methods(["GET", "POST"])
def attendance_withdraw(request, pk, unit):
    row = run(request, pk)
    if request.method == "POST":
        return act(request, row, "presence", "Đã bỏ ghi có mặt.", attendance.withdraw, unit)
    entry = row.attendances.select_related("unit").filter(unit=unit).first()
    who = entry and ", ".join(filter(None, [entry.unit.name, entry.person]))
    return _asked(request, row, "presence", entry, "Bỏ ghi có mặt?", who)


def _asked(request, conference, part, entry, question, what):
    """The question before it is done; back where another one was faster."""
    if entry is None:
        messages.error(request, "Mục này vừa được người khác bỏ.")
        return back(conference, part)
    context = {"conference": conference, "part": part, "question": question, "what": what}
    return render(request, "reports/conference_row_remove.html", context)
