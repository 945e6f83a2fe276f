"""What the two report pages share: saving one field at a time, and taking a step."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from blocs.errors import DomainError, EditedMeanwhile
from blocs.templatetags.vietnamese import moment
from reports.domain.texts import moves_for
from reports.forms import MoveForm


def save_field(request, form, save, *, key, back, template="reports/_saved.html", more=None):
    """Check, call the domain, answer with the state of the field (htmx) or go back to the page.

    Shape:   save(cleaned data) -> the saved row; ``key`` names the field on the page; more(saved row) -> what the
             fragment ``template`` shows besides
    Status:  422 the input is wrong, 409 somebody else saved in between
    """
    context, status = {"form": form, "key": key, "back": back}, 200
    if form.is_valid():
        try:
            context["saved"] = save(form.cleaned_data)
        except EditedMeanwhile as error:
            context["conflict"], status = error, 409
        except DomainError as error:
            form.add_error(None, str(error))
            status = 422
    else:
        status = 422
    if request.htmx:
        context |= more(context["saved"]) if more and status == 200 else {}
        return render(request, template, context, status=status)
    if status == 200:
        messages.success(request, "Đã lưu.")
        return redirect(back)
    return render(request, "reports/field_refused.html", context, status=status)


def take_step(request, move, *, back):
    """Take one step of a report and say what was done, or why not.

    Shape:   move(note, and what else the step reads) -> report
    """
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect(back)
    try:
        report = move(**form.cleaned_data)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Đã ghi: báo cáo ở trạng thái “{report.get_state_display()}”.")
    return redirect(back)


SENDING = {"hand_up", "submit"}  # steps that the lock forbids until a report has come in once


def steps_of(moves, report, user, missing, deadline):
    """The steps that the user may take at all, each with the reason why not now.

    Shape:   -> what ``_moves.html`` needs; "moves" is [(name, Move, reason or "")]
    """
    is_closed = report.submitted_at is None and deadline.is_closed(timezone.now())
    closed = f"đã khóa nhận từ {moment(deadline.locks_at)}." if is_closed else ""
    offered = [
        (name, step, (closed if name in SENDING else "") or reason)
        for name, step, reason in moves_for(moves, report, user, missing)
    ]
    is_blocked = any(reason for _, _, reason in offered)
    return {"moves": offered, "missing": missing, "is_closed": is_closed, "is_blocked": is_blocked}


def saved_words(part):
    """When a part was saved last, and by whom."""
    if part.pk is None:
        return ""
    return f"Lưu lần cuối {moment(part.saved_at)}" + (f", {part.saved_by}" if part.saved_by else "")
