"""What was sent to me; and for the board the outbox: look, change, send, take away, write to those who are missing."""

from urllib.parse import urlencode

from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.enums import label_of
from blocs.errors import DomainError, EditedMeanwhile
from blocs.forms import row_ids
from blocs.models import BlocYear, Obligation
from blocs.templatetags.vietnamese import figure
from blocs.years import current_year
from reports import queue
from reports.board_filter import BoardFilter
from reports.domain import messages, reminders
from reports.enums import MessageKind
from reports.models import Message
from reports.outbox_forms import LetterForm, MessageForm, OutboxFilter
from reports.workflow import MESSAGE_EDITABLE, MESSAGE_MOVES

PAGE = 50


# ---------------------------------------------------------------- the recipient


@login_required
@require_GET
def message_list(request):
    rows = Message.objects.visible_to(request.user).received_by(request.user).order_by("-sent_at", "-pk")
    page = Paginator(rows.select_related("year__authority"), PAGE).get_page(request.GET.get("trang"))
    return render(request, "reports/message_list.html", {"page": page})


@login_required
@require_GET
def message_detail(request, pk):
    """Opening it is reading it."""
    rows = Message.objects.visible_to(request.user).received_by(request.user)
    message = get_object_or_404(messages.with_reminders(rows), pk=pk)
    messages.mark_read(message, by=request.user)
    return render(request, "reports/message_detail.html", {"message": message, "text": messages.text_of(message)})


# ---------------------------------------------------------------- the board


@login_required
@require_GET
def outbox(request):
    year = _year(request)
    form = OutboxFilter(request.GET, user=request.user, year=year)
    rows = messages.with_reminders(form.rows()).order_by("-on", "kind", "recipient__post", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    blocs = BlocYear.objects.visible_to(request.user).filter(year=year)
    context = {
        "year": year,
        "filter": form,
        "keep": urlencode(form.chosen),
        "page": page,
        "rows": [(row, messages.subject_of(row), row.state in MESSAGE_MOVES["send"].source) for row in page],
        "sendable": form.rows().filter(state__in=MESSAGE_MOVES["send"].source).count(),
        "unwatched": blocs.filter(desk_officer=None).order_by("position", "pk") if year.is_open else [],
        "by_itself": year.authority.sends_reminders,
    }
    return render(request, "reports/outbox.html", context)


@login_required
@require_POST
def outbox_act(request):
    """Send or take away the chosen letters, or send all that the filter shows."""
    year = _year(request)
    form = OutboxFilter(request.POST, user=request.user, year=year)
    ids = row_ids(request.POST.getlist("chosen"))
    rows = form.rows() if request.POST.get("do") == "send_all" else form.all_rows.filter(pk__in=ids)
    chosen = list(rows.filter(state__in=MESSAGE_MOVES["send"].source).values_list("pk", flat=True))
    back = request.POST.get("back")
    try:
        words = _act(request, chosen)
    except DomainError as error:
        notices.error(request, str(error))
    else:
        (notices.success if chosen else notices.warning)(request, words)
    if back and len(ids) == 1:
        return redirect("outbox_message", ids[0])
    return redirect(f"{reverse('outbox')}?{urlencode(form.chosen)}")


def _act(request, chosen):
    if not chosen:
        return "Chưa chọn thư nào còn gửi được hoặc bỏ được."
    if request.POST.get("do") == "cancel":
        done = messages.cancel(chosen, by=request.user, note=request.POST.get("note", ""))
        return f"Đã bỏ {figure(done)} thư, không gửi."
    going = messages.send(chosen, by=request.user)
    queue.send_letters(going)
    return f"Đang gửi {figure(len(going))} thư; trạng thái cập nhật khi tải lại trang."


@login_required
@require_http_methods(["GET", "POST"])
def outbox_message(request, pk):
    """One letter as it goes out, and the form that changes its words."""
    rows = messages.with_reminders(Message.objects.visible_to(request.user))
    message = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("reports.send_messages", message):
        raise Http404
    subject = messages.subject_of(message)
    start = {"subject": subject, "body": messages.words_of(message), "version": message.version}
    form, conflict = MessageForm(request.POST or None, initial=start), None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            messages.edit(pk, data["subject"], data["body"], form.starting_version(), by=request.user)
        except EditedMeanwhile as error:
            conflict = error
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            notices.success(request, "Đã lưu thư.")
            return redirect("outbox_message", pk)
    context = {
        "message": message,
        "subject": subject,
        "text": messages.text_of(message),
        "form": form,
        "conflict": conflict,
        "may_edit": message.state in MESSAGE_EDITABLE,
    }
    status = 409 if conflict else 422 if form.errors else 200
    return render(request, "reports/outbox_message.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def outbox_prepare(request):
    """Words to all who are missing one thing; the letters wait in the outbox. The board's button posts its filter."""
    year = _year(request)
    data = request.POST if request.method == "POST" else request.GET
    chosen = BoardFilter(data, user=request.user, year=year)
    rows = Obligation.objects.visible_to(request.user).filter(bloc_year__in=chosen.blocs(), bloc_year__year=year)
    codes = chosen.codes()
    rows = rows.filter(code__in=codes) if codes else rows.none()
    form = LetterForm(request.POST if "text" in request.POST else None)
    if "text" in request.POST and form.is_valid():
        try:
            made = reminders.prepare_letters(rows, form.cleaned_data["text"], year=year, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            notices.success(request, f"Đã soạn {figure(len(made))} thư, chờ gửi. Xem lại rồi bấm gửi.")
            return redirect(f"{reverse('outbox')}?{urlencode({'kind': MessageKind.LETTER})}")
    things, people, nobody = reminders.preview(rows)
    context = {
        "year": year,
        "form": form,
        "chosen": chosen.chosen,
        "labels": [label_of(code) for code in codes],
        "things": things,
        "people": people,
        "nobody": nobody,
    }
    return render(request, "reports/outbox_prepare.html", context, status=422 if form.errors else 200)


def _year(request):
    year = current_year(request)
    if year is None or not request.user.has_perm("reports.send_messages", year):
        raise Http404
    return year
