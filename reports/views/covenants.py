"""The covenant's page, and its draft with what last year, the template and last year's focus tasks offer."""

from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.domain import registrations
from blocs.covenant_forms import CommentForm, TextForm
from blocs.domain import amendments, comments, covenant_text, signers, target_chart
from blocs.domain.covenant import dropped_words, promised
from blocs.enums import MEMBER_UNIT_ROLES, AmendmentKind, CommentOn, Role
from blocs.models import BlocYear, Covenant
from blocs.views import covenant as pages
from blocs.views.amendments import passages
from reports.domain.marks import plain
from reports.enums import DocumentKind, SummaryPartCode
from reports.models import SummaryPart
from reports.views.paper_box import box
from reports.views.saving import save_field


@login_required
@require_GET
def covenant(request, pk):
    bloc_year = _seen(request, pk)
    found = Covenant.objects.filter(bloc_year=bloc_year).select_related("closed_by").first()
    rows = pages.target_rows(found, bloc_year, request.user)
    members = pages.members(bloc_year, found)
    leads = request.user.has_perm("blocs.edit_covenant", bloc_year)
    if found:
        found.bloc_year = bloc_year
    places = signers.of(found or Covenant(bloc_year=bloc_year))
    context = {
        "bloc_year": bloc_year,
        "covenant": found,
        "places": places,
        "all_signed": all(row["has_signed"] for row in members),
        "frame": covenant_text.frame_of(found or Covenant(bloc_year=bloc_year)),
        "moved_on": covenant_text.moved_on(found) if found else [],
        "signed": sum(place.signature is not None for place in places),
        "leads": leads,
        "heads": request.user.has_perm("blocs.close_covenant", bloc_year),
        "editable": leads and not (found and found.is_closed),
        "why_not": pages.why_not(found, leads=leads),
        "papers": found.papers.all() if found else [],
        "registered": registrations.lines(bloc_year),
        "paper": box(request.user, DocumentKind.COVENANT, bloc_year),
    }
    context |= _targets(request.user, rows, members, is_closed=bool(found and found.is_closed))
    context |= _mine(request.user, members, found)
    led = {row.unit_id for row in context["led"]}
    for row in rows:
        row.may_amend = leads or row.target.of_id in led
    context |= _comments(request.user, bloc_year, found)
    context["amendments"] = rows = _amendments(request.user, bloc_year, found)
    context["may_go_back"] = all(row.refused_at for row, *_ in rows)
    return render(request, "reports/covenant_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def covenant_draft(request, pk):
    """The text saves itself; what was taken of the offers and the targets so far stand beside it."""
    bloc_year = _led(request, pk)
    if request.method == "POST":
        return _save_draft(request, bloc_year)
    found = Covenant.objects.filter(bloc_year=bloc_year).first() or Covenant(bloc_year=bloc_year)
    found.bloc_year = bloc_year
    if found.is_closed:
        messages.warning(request, pages.why_not(found, leads=True))
        return redirect("covenant", pk)
    initial = {"motto": bloc_year.motto, "goals": found.goals, "solutions": found.solutions}
    form = TextForm(initial=initial | {"opened": covenant_text.opened_with(found)}, auto_id="draft-%s")
    targets = found.targets.select_related("of") if found.pk else []
    context = {
        "bloc_year": bloc_year,
        "form": form,
        "drafted": [(row, promised(row)) for row in targets],
        "offers": _offers(bloc_year, found),
    }
    return render(request, "reports/covenant_draft.html", context)


@login_required
@require_POST
def covenant_take(request, pk, source):
    """Take what was ticked of one offer into the draft, and keep what stands in the form beside it."""
    bloc_year = _led(request, pk)
    offer = {name: offer for name, _, offer in _all_offers(bloc_year)}.get(source)
    if offer is None:
        raise Http404
    ticked = {part: _chosen(getattr(offer, part), request.POST.getlist(f"{source}-{part}")) for part in PARTS}

    def take():
        taken = covenant_text.take(pk, by=request.user, **ticked)
        messages.success(request, f"Đã đưa {taken} mục vào dự thảo." if taken else "Không có mục mới nào được chọn.")

    return _save_draft(request, bloc_year, then=take)


def _save_draft(request, bloc_year, then=None):
    form = TextForm(request.POST, auto_id="draft-%s")

    def save(data):
        found = None
        if "goals" in request.POST:
            found = covenant_text.save_text(bloc_year.pk, by=request.user, **data)
        if then:
            then()
        return found

    def more(saved):
        return {"opened": covenant_text.opened_with(saved)}

    back = reverse("covenant_draft", args=[bloc_year.pk])
    return save_field(request, form, save, key="draft", back=back, more=more)


PARTS = ("goals", "solutions", "targets")


def _chosen(rows, numbers):
    wanted = set(numbers)
    return [row for number, row in enumerate(rows) if str(number) in wanted]


def _all_offers(bloc_year):
    """[(name in the address, label, Offer)]; last year's focus tasks become targets in words (seed S22)."""
    return [
        ("nam-truoc", "Giao ước năm trước", covenant_text.last_year(bloc_year)),
        ("nhiem-vu", "Nhiệm vụ trọng tâm trong báo cáo tổng kết năm trước", _focus_tasks(bloc_year)),
        ("mau", "Khung giao ước mẫu", covenant_text.template()),
    ]


def _focus_tasks(bloc_year):
    part = (
        SummaryPart.objects.filter(
            code=SummaryPartCode.NEXT_TASKS,
            report__bloc_year__bloc=bloc_year.bloc_id,
            report__bloc_year__year__starts_on__lt=bloc_year.year.starts_on,
        )
        .exclude(report__state="draft")
        .select_related("report__bloc_year__year")
        .order_by("-report__bloc_year__year__starts_on")
        .first()
    )
    if part is None:
        return covenant_text.Offer()
    source = f"Phương hướng trong báo cáo tổng kết năm {part.report.bloc_year.year.label}"
    words = (plain(text)[:1000] for text in part.paragraphs)
    return covenant_text.Offer(targets=tuple({"text": text, "source": source} for text in words))


def _offers(bloc_year, found):
    """Offers as the page shows them; what the draft says already is ticked off."""
    held = {(row.text, row.of_id) for row in found.targets.all()} if found.pk else set()
    shown = []
    for name, label, offer in _all_offers(bloc_year):
        targets = [_offered_target(n, one, held) for n, one in enumerate(offer.targets)]
        goals = [(n, text, None, text in found.goals) for n, text in enumerate(offer.goals)]
        solutions = [(n, text, None, text in found.solutions) for n, text in enumerate(offer.solutions)]
        parts = [("goals", "Mục tiêu", goals), ("targets", "Chỉ tiêu", targets), ("solutions", "Giải pháp", solutions)]
        if offer:
            shown.append((name, label, [part for part in parts if part[2]]))
    return shown


def _offered_target(number, one, held):
    of = one.get("of")
    return number, amendments.words_of(BLANK | one), of, (one["text"], of and of.pk) in held


BLANK = {"op": "", "value": None, "unit_of_measure": "", "source": ""}


# ---------------------------------------------------------------- parts of the page


def _targets(user, rows, members, *, is_closed):
    """Rows of the bloc's and the units' targets, and both drawings."""
    shared = [row for row in rows if row.target.of_id is None]
    own = [row for row in rows if row.target.of_id is not None]
    by_unit: dict[int, list[str]] = {}
    for row in own:
        by_unit.setdefault(row.target.of_id, []).append(row.track.verdict)
    units = [
        (row["membership"].unit, target_chart.segments(by_unit[row["membership"].unit_id]))
        for row in members
        if row["membership"].unit_id in by_unit
    ]
    if is_closed:
        _mark_mine(user, rows, members)
    verdicts = [row.track.verdict for row in shared]
    counts = Counter(verdicts)
    return {
        "shared": shared,
        "own": own,
        "reached": counts["met"] + counts["exceeded"],
        "bar": target_chart.segments(verdicts),
        "unit_bars": units,
    }


def _mark_mine(user, rows, members):
    """On each row the memberships for which the user notes a result."""
    units = set(user.seats.having(*MEMBER_UNIT_ROLES).values_list("unit", flat=True))
    mine = [row["membership"] for row in members if row["membership"].unit.unit_id in units]
    own_codes = {(row.target.code, row.target.of_id) for row in rows if row.target.of_id}
    for row in rows:
        for member in mine:
            if row.target.of_id == member.unit_id or (
                row.target.of_id is None and (row.target.code, member.unit_id) not in own_codes
            ):
                row.mine.append(member)


def _mine(user, members, found):
    """The units that the user leads: what is to be signed and registered for them."""
    units = set(user.seats.having(Role.UNIT_LEADER).values_list("unit", flat=True))
    led = [row for row in members if row["membership"].unit.unit_id in units]
    waits = bool(found and found.closed_at) and any(not row["has_signed"] for row in led)
    return {"led": [row["membership"] for row in led], "to_sign": waits}


def _comments(user, bloc_year, found):
    rows = list(comments.of_text(bloc_year, CommentOn.COVENANT, user=user))
    is_open = not (found and found.is_closed)
    may = is_open and user.has_perm("blocs.comment", bloc_year)
    return {
        "comments": rows,
        "open_comments": sum(row.answered_at is None for row in rows),
        "comment_form": CommentForm(passages=passages(found)) if may else None,
    }


def _amendments(user, bloc_year, found):
    """[(Amendment, words before, words after, the user may agree, the user may refuse, what goes with its target)],
    the latest first"""
    if found is None:
        return []
    rows = found.amendments.select_related(
        "proposed_by", "head_agreed_by", "officer_agreed_by", "refused_by", "target__of"
    ).order_by("-proposed_at", "-pk")
    rows = rows.annotate(
        results=Count("target__results", distinct=True), files=Count("target__results__evidence", distinct=True)
    )
    sides = [side for side, perm in amendments.SIDES.items() if user.has_perm(perm, bloc_year)]
    shown = []
    for row in rows:
        open_sides = [side for side in sides if getattr(row, f"{side}_agreed_at") is None]
        may_refuse = row.is_open and (bool(sides) or row.proposed_by_id == user.pk)
        before, after = amendments.words_of(row.before), amendments.words_of(row.after)
        dropped = dropped_words(row.results, row.files) if row.is_open and row.kind == AmendmentKind.REMOVE else ""
        shown.append((row, before, after, row.is_open and bool(open_sides), may_refuse, dropped))
    return shown


def _seen(request, pk):
    return get_object_or_404(BlocYear.objects.visible_to(request.user).for_table(), pk=pk)


def _led(request, pk):
    bloc_year = _seen(request, pk)
    if not request.user.has_perm("blocs.edit_covenant", bloc_year):
        raise Http404
    return bloc_year
