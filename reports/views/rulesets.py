"""Rule sets: the list, one in words, its file, taking one in as a draft, publishing it, throwing a draft away."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from blocs.domain import files, pins, rulesets
from blocs.enums import Role
from blocs.errors import DomainError, EditedMeanwhile
from blocs.models import BlocYear, RuleSet
from reports.domain import rule_words

PAGE = 50
STATES = {"": "Tất cả", "cong-bo": "Đã công bố", "nhap": "Bản nháp"}


@login_required
@require_GET
def rule_set_list(request):
    state = request.GET.get("trang-thai", "")
    rows = RuleSet.objects.visible_to(request.user).order_by("authority_code", "code", "-version")
    if state in ("cong-bo", "nhap"):
        rows = rows.filter(published_at__isnull=state == "nhap")
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "rows": [(row, rule_words.scope_of(row)) for row in page],
        "states": STATES,
        "state": state if state in STATES else "",
        "may_upload": _keeps_some(request.user),
    }
    return render(request, "reports/rule_set_list.html", context)


@login_required
@require_GET
def rule_set_detail(request, pk):
    row = _found(request, pk)
    blocs = BlocYear.objects.visible_to(request.user).for_table()
    context = {
        "rule_set": row,
        "scope": rule_words.scope_of(row),
        "words": rule_words.words_of(row),
        "sources": rulesets.sources(row),
        "pins": blocs.filter(rule_set=row).order_by("-year__starts_on", "position", "pk"),
        "fitting": _fitting(row, blocs),
        "moved": [] if row.is_published else _moved(row, blocs),
        "may_publish": request.user.has_perm("blocs.publish_rules", row),
    }
    return render(request, "reports/rule_set_detail.html", context)


@login_required
@require_GET
def rule_set_file(request, pk):
    row = _found(request, pk)
    text = rulesets.spell(rulesets.as_data(row))
    name = f"bo-quy-tac-{row.pk}-v{row.version}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


@login_required
@require_http_methods(["GET", "POST"])
def rule_set_upload(request):
    if not _keeps_some(request.user):
        raise Http404
    faults, conflict = [], None
    if request.method == "POST":
        try:
            opened = request.POST.get("opened", "")
            row, changed, notes = rulesets.import_rules(_uploaded(request), by=request.user, opened=opened)
        except files.FileRefused as error:
            faults = error.faults
        except EditedMeanwhile as error:
            faults, conflict = [str(error)], error
        except DomainError as error:
            faults = [str(error)]
        else:
            for note in notes:
                messages.warning(request, f"Lưu ý: {note}.")
            words = "Đã nhận" if changed else "Không có gì thay đổi ở"
            messages.success(request, f"{words} bộ quy tắc {row}.")
            return redirect("rule_set_detail", row.pk)
    context = {"faults": faults, "conflict": conflict, "limit": files.MAX_BYTES // 1024 // 1024}
    return render(request, "reports/rule_set_upload.html", context, status=422 if faults else 200)


@login_required
@require_http_methods(["GET", "POST"])
def rule_set_publish(request, pk):
    row = _draft(request, pk)
    if request.method == "POST":
        return _publish(request, row)
    blocs = BlocYear.objects.visible_to(request.user).for_table()
    fitting, moved = _fitting(row, blocs), _moved(row, blocs)
    context = {
        "rule_set": row,
        "fitting": fitting,
        "moved": moved,
        "count": len(fitting) + len(moved),
        "warnings": rulesets.warnings(row),
        "seen": rulesets.draft_digest(row),
    }
    return render(request, "reports/rule_set_publish.html", context)


@reauthentication_required
def _publish(request, row):
    try:
        rulesets.publish(row.pk, by=request.user, seen=request.POST.get("seen", ""))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Đã công bố bộ quy tắc {row}. Từ nay phiên bản này không đổi nữa.")
    return redirect("rule_set_detail", row.pk)


@login_required
@require_http_methods(["GET", "POST"])
def rule_set_discard(request, pk):
    row = _draft(request, pk)
    if request.method == "POST":
        try:
            rulesets.discard(row.pk, by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("rule_set_detail", row.pk)
        messages.success(request, f"Đã xóa bản nháp {row}.")
        return redirect("rule_set_list")
    return render(request, "reports/rule_set_discard.html", {"rule_set": row})


def _found(request, pk):
    return get_object_or_404(RuleSet.objects.visible_to(request.user), pk=pk)


def _draft(request, pk):
    """A draft that the user may publish or throw away."""
    row = _found(request, pk)
    if row.is_published or not request.user.has_perm("blocs.publish_rules", row):
        raise Http404
    return row


def _keeps_some(user):
    return user.seats.having(Role.BOARD_STAFF).exists()


def _uploaded(request):
    """The bytes of the chosen file, no more of them than are read."""
    file = request.FILES.get("file")
    if file is None:
        raise DomainError("Chọn một tệp YAML.")
    return file.read(files.MAX_BYTES + 1)


def _fitting(row, blocs):
    """The blocs that pin nothing and for which this set is (or, published, would be) the narrowest."""
    candidates = blocs.filter(pk__in=pins.unpinned(row)).order_by("-year__starts_on", "position", "pk")
    return rulesets.under(row, list(candidates))


def _moved(row, blocs):
    """The blocs of years that are over which hold another set, and will hold this one once the page publishes it."""
    candidates = blocs.filter(pk__in=[bloc.pk for bloc in pins.giving_way(row)]).select_related("rule_set")
    return list(candidates.order_by("-year__starts_on", "position", "pk"))
