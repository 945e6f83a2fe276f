"""What is owed in a bloc's year: the calendar, one line of it, and what an officer may grant."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from blocs.domain import calendar_lines, grants
from blocs.domain.deadlines import of_obligation
from blocs.errors import DomainError, EditedMeanwhile
from blocs.models import BlocYear, Obligation
from blocs.obligation_forms import ExtensionForm, ReasonForm, ReceiptForm
from blocs.templatetags.vietnamese import moment


@login_required
@require_GET
def bloc_calendar(request, pk):
    """All milestones of a bloc's year: when, who, how far."""
    bloc_year = get_object_or_404(BlocYear.objects.visible_to(request.user).for_table(), pk=pk)
    lines = calendar_lines.of_bloc(bloc_year, user=request.user)
    return render(request, "blocs/obligation_list.html", {"bloc_year": bloc_year, "lines": lines})


@login_required
@require_GET
def obligation(request, pk):
    """One thing that is owed: when, whose, what was granted, what may be done."""
    row = _readable(request, pk)
    deadline, now = of_obligation(row), timezone.now()
    standing = deadline.standing(row.received_at, now)
    context = {
        "row": row,
        "deadline": deadline,
        "look": "late" if standing == "overdue" else str(standing),
        "words": deadline.words(row.received_at, now),
        "acts": [act for act in (_offer(name, row, request.user) for name in ACTS) if act],
        "extension": getattr(row, "extension", None),
        "waiver": getattr(row, "waiver", None),
        "sees_bloc": request.user.has_perm("blocs.view_bloc_year", row.bloc_year),
    }
    return render(request, "blocs/obligation_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def obligation_extend(request, pk):
    row = _granted(request, pk, "extend")
    seen = grants.dates_seen(row)
    granted = getattr(row, "extension", None)
    initial = {"due_at": granted and granted.due_at, "locks_at": row.locks_at, "seen": seen}
    form = ExtensionForm(request.POST or None, initial=initial)

    def save(data):
        saved = grants.extend(row.pk, by=request.user, **data)
        until = f"nhận đến {moment(saved.locks_at)}" if saved.locks_at else "lúc nào cũng nhận"
        if data["due_at"]:
            until = f"hạn mới {moment(saved.due_at)}, {until}"
        return f"Đã gia hạn “{row.label}” cho {row.owner_name}: {until}. Đơn vị khác giữ nguyên hạn."

    return _act(request, row, "extend", form, save)


@login_required
@require_http_methods(["GET", "POST"])
def obligation_waive(request, pk):
    row = _granted(request, pk, "waive")

    def save(data):
        grants.waive(row.pk, by=request.user, **data)
        return f"Đã miễn tính chậm: “{row.label}” của {row.owner_name} nay tính là đúng hạn."

    return _act(request, row, "waive", ReasonForm(request.POST or None), save)


@login_required
@require_http_methods(["GET", "POST"])
def obligation_receipt(request, pk):
    row = _granted(request, pk, "receipt")
    form = ReceiptForm(request.POST or None, initial={"at": timezone.localtime()})

    def save(data):
        saved = grants.note_receipt(row.pk, by=request.user, **data)
        judged = "đúng hạn" if saved.is_on_time else "tính là chậm"
        return f"Đã ghi “{row.label}” của {row.owner_name}: nhận lúc {moment(saved.received_at)}, {judged}."

    return _act(request, row, "receipt", form, save)


# ---------------------------------------------------------------- the acts


@dataclass(frozen=True)
class Act:
    """One thing that an officer may do about what is owed; the texts say what it does."""

    perm: str
    address: str
    title: str
    does: str
    button: str


@dataclass(frozen=True)
class Offer:
    """An act as a button; ``why`` says why it cannot be used."""

    act: Act
    why: str


ACTS = {
    "extend": Act(
        "blocs.extend_obligation",
        "obligation_extend",
        "Gia hạn cho một đơn vị",
        "Chỉ người phải làm việc này được thêm ngày; các đơn vị khác giữ nguyên hạn. "
        "Lịch, danh sách thiếu, nhắc việc và trang báo cáo của đơn vị đổi theo ngay.",
        "Gia hạn",
    ),
    "waive": Act(
        "blocs.waive_lateness",
        "obligation_waive",
        "Miễn tính chậm",
        "Việc đã nộp chậm được tính là đúng hạn ở mọi bảng và tỷ lệ. Thời điểm nhận không đổi.",
        "Miễn tính chậm",
    ),
    "receipt": Act(
        "blocs.note_receipt",
        "obligation_receipt",
        "Ghi đã nhận bản giấy, đã làm xong",
        "Việc này được ghi là đã nhận (đã làm) vào thời điểm bạn nêu và không còn nằm trong danh sách thiếu. "
        "Ghi rồi không xóa được.",
        "Ghi đã nhận",
    ),
}


def _offer(name, row, user):
    act = ACTS[name]
    return Offer(act, grants.why_not(name, row, by=user)) if user.has_perm(act.perm, row) else None


def _readable(request, pk):
    """What the user's bloc owes, or the user himself."""
    seen, owed = Obligation.objects.visible_to(request.user), Obligation.objects.of(request.user)
    either = Q(pk__in=seen.values("pk")) | Q(pk__in=owed.values("pk"))
    return get_object_or_404(Obligation.objects.filter(either).for_table(), pk=pk)


def _granted(request, pk, name):
    row = get_object_or_404(Obligation.objects.visible_to(request.user).for_table(), pk=pk)
    if not request.user.has_perm(ACTS[name].perm, row):
        raise Http404
    return row


def _act(request, row, name, form, save):
    """Show the form; do the act and say what it did; refuse with the reason on the form."""
    why, status = grants.why_not(name, row, by=request.user), 200
    if request.method == "GET" and why:
        messages.warning(request, why)
        return redirect("obligation", row.pk)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = save(form.cleaned_data)
            except EditedMeanwhile as error:
                form, status = _with_theirs(form, error), 409
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, done)
                return redirect("obligation", row.pk)
    deadline = of_obligation(row)
    words = deadline.words(row.received_at, timezone.now())
    context = {"row": row, "deadline": deadline, "act": ACTS[name], "form": form, "words": words}
    return render(request, "blocs/obligation_act.html", context, status=status)


def _with_theirs(form, error):
    """The same form over what somebody else saved meanwhile: sending it again replaces that."""
    data = form.data.copy()
    data["seen"] = error.version
    again = type(form)(data)
    again.is_valid()
    again.add_error(None, str(error))
    return again
