"""Lists that come by workbook, paste or year file: choose, look, take."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.domain.files import FileRefused
from blocs.domain.plans import CHANGED, NEW
from blocs.errors import DomainError, WrongState
from blocs.models import BlocYear
from blocs.templatetags.vietnamese import figure
from blocs.years import current_place, posted_year
from reports.domain import uploads
from reports.domain.workbooks.kinds import KINDS
from reports.enums import UploadKind
from reports.models import Upload
from reports.upload_form import UploadForm

PAGE = 50
OF_YEAR = [kind for kind in UploadKind if kind != UploadKind.TARGETS]
STATES = {
    "new": ("idle", "Mới"),
    "changed": ("idle", "Thay đổi"),
    "unchanged": ("ok", "Không đổi"),
    "faulty": ("miss", "Có lỗi"),
}


@login_required
@require_GET
def upload_list(request):
    """What the user may bring and fetch in this year, and what he brought."""
    authority, year = current_place(request)
    own = Upload.objects.visible_to(request.user).defer("content").select_related("year", "bloc_year")
    context = {
        "year": year,
        "kinds": [(kind, kind in KINDS) for kind in _kinds(request, year or authority)],
        "led": _led(request, year),
        "page": Paginator(own, PAGE).get_page(request.GET.get("trang")),
    }
    return render(request, "reports/upload_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def upload_add(request, kind):
    """A list of the year that is chosen, or people before the first year; a form names it: two windows do not mix."""
    authority, year = current_place(request)
    if request.method == "POST" and (year or request.POST.get("year")):
        year = posted_year(request)
        authority = year.authority
    if authority is None or kind not in OF_YEAR:
        raise Http404
    return _add(request, UploadKind(kind), authority, year)


@login_required
@require_http_methods(["GET", "POST"])
def upload_targets(request, pk):
    bloc_year = get_object_or_404(BlocYear.objects.visible_to(request.user).for_table(), pk=pk)
    return _add(request, UploadKind.TARGETS, bloc_year.year.authority, bloc_year.year, bloc_year)


@login_required
@require_GET
def upload_detail(request, pk):
    """What the list would do now, row by row; of one that was taken what it did."""
    upload = _upload(request, pk)
    context = {"upload": upload, "done": uploads.done(upload), "asks_password": uploads.asks_password(upload)}
    if not upload.applied_at:
        try:
            plan = uploads.look(upload, by=request.user, on=bool({"trang", "loai"} & request.GET.keys()))
        except FileRefused as error:
            context["faults"] = error.faults
        except DomainError as error:
            context["refused"] = str(error)
        else:
            context |= _shown(plan, request.GET)
    return render(request, "reports/upload_detail.html", context)


@login_required
@require_POST
def upload_take(request, pk):
    upload = _upload(request, pk)
    return _confirmed(request, upload) if uploads.asks_password(upload) else _take(request, upload)


@reauthentication_required
def _confirmed(request, upload):
    """A risky act: the person signs in once more; then the same request goes on."""
    return _take(request, upload)


def _take(request, upload):
    try:
        plan = uploads.take(
            upload.pk, by=request.user, seen=request.POST.get("seen", ""), reason=request.POST.get("reason", "")[:500]
        )
    except WrongState as error:
        messages.warning(request, str(error))
    except DomainError as error:
        messages.error(request, f"Chưa nhận dòng nào. {error}")
    else:
        counts = plan.counts
        messages.success(request, f"Đã nhận: {figure(counts[NEW])} dòng mới, {figure(counts[CHANGED])} dòng thay đổi.")
    return redirect("upload_detail", upload.pk)


@login_required
@require_POST
def upload_discard(request, pk):
    upload = _upload(request, pk)
    try:
        uploads.discard(upload.pk, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Đã bỏ tệp. Những gì đã nhận từ tệp vẫn giữ.")
    return redirect("upload_list")


# ---------------------------------------------------------------- reading and writing


def _upload(request, pk):
    rows = Upload.objects.visible_to(request.user).select_related("authority", "year__authority", "bloc_year__year")
    return get_object_or_404(rows, pk=pk)


def _kinds(request, at):
    """The lists that the user may bring there."""
    return [kind for kind in OF_YEAR if at and uploads.may(request.user, kind, at)]


def _led(request, year):
    blocs = BlocYear.objects.visible_to(request.user).filter(year=year, seats__in=request.user.seats.in_force())
    return [row for row in blocs.distinct() if request.user.has_perm("blocs.edit_covenant", row)]


def _add(request, kind, authority, year, bloc_year=None):
    if not uploads.may(request.user, kind, bloc_year or year or authority):
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None, kind=kind)
    faults, status = [], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            content, name = form.brought()
            try:
                upload = uploads.keep(
                    kind, authority, year, by=request.user, content=content, name=name, bloc_year=bloc_year
                )
            except FileRefused as error:
                faults = error.faults
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                return redirect("upload_detail", upload.pk)
    context = {
        "kind": kind,
        "authority": authority,
        "year": year,
        "bloc_year": bloc_year,
        "form": form,
        "faults": faults,
    }
    context["sheets"] = KINDS[kind].sheets if kind in KINDS else []
    return render(request, "reports/upload_form.html", context, status=status)


def _shown(plan, query):
    """The lines of one state or of all, faulty ones first to see."""
    counts, chosen = plan.counts, query.get("loai", "")
    rows = [line for line in plan.lines if not chosen or line.state == chosen]
    if not chosen:
        rows.sort(key=lambda line: line.state != "faulty")
    page = Paginator([(line, *STATES[line.state]) for line in rows], PAGE).get_page(query.get("trang"))
    return {
        "plan": plan,
        "page": page,
        "chosen": chosen if chosen in counts else "",
        "states": [(state, STATES[state][1], number) for state, number in counts.items()],
        "faulty": counts["faulty"],
        "number": counts[NEW] + counts[CHANGED],
    }
