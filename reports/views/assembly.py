"""Building the draft of a report from its sources, what changed in them since, and its versions: of a bloc, of the
province."""

from dataclasses import asdict
from itertools import chain

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from blocs.errors import DomainError
from reports.domain.assembly import drafts, versions
from reports.domain.assembly.drafts import OfferKind
from reports.domain.passages import key_of
from reports.forms import PartForm
from reports.views.desks import DESKS
from reports.views.provenance import aside_of, linked, openable, readable
from reports.views.saving import saved_words

# ---------------------------------------------------------------- what the page of a report shows


def offered(desk, report, user, *, editable):
    """What differs from the data now: told to every reader; what the data say for who writes the report, with buttons
    while it may be answered.

    Shape:   (name of a desk, report, User, bool) -> what ``_assembly.html`` needs
    """
    kind = DESKS[desk].kind
    if report.assembled_at is None and not editable:
        return {"desk": DESKS[desk], "stale": set()}
    offers, conflicts = drafts.offers(kind, report)
    writes = user.has_perm(kind.perm, report)
    doubts = [(conflict, [asdict(source) for source in conflict.sources]) for conflict in conflicts]
    allowed = openable(user, chain(*(offer.sources for offer in offers), *(sources for _, sources in doubts)))
    return {
        "desk": DESKS[desk],
        "stale": {offer.key for offer in offers},
        "reads_new": writes,
        "offers": [
            {
                "key": offer.key,
                "part_label": kind.codes(offer.part).label,
                "now": offer.now,
                "new": offer.new if writes else "",
                "is_edited": offer.is_edited,
                "digest": offer.digest,
                "links": linked(offer.sources, allowed),
                **WORDS[offer.kind],
                **({"keep": DESKS[desk].keep_own} if offer.kind == OfferKind.GONE else {}),
            }
            for offer in offers
        ],
        "conflicts": [(conflict, linked(sources, allowed)) for conflict, sources in doubts],
    }


WORDS = {
    OfferKind.CHANGED: {"words": "nguồn đã đổi", "take": "Lấy đoạn theo dữ liệu", "keep": "Giữ đoạn đang viết"},
    OfferKind.GONE: {"words": "không còn nguồn", "take": "Bỏ đoạn này"},
    OfferKind.NEW: {"words": "chưa có trong báo cáo", "take": "Thêm vào báo cáo", "keep": "Không thêm"},
}


def part_rows(desk, report, user, *, before, obligatory, stale):
    """Each text part with its form, where it comes from, and what was written the year before.

    Shape:   (name of a desk, report, User, last year's report or None, codes, {key of an offer}) -> [dict] for the page
    """
    kind = DESKS[desk].kind
    provenance = drafts.provenance(kind, report)
    allowed = openable(user, chain(*(sources for rows in provenance.values() for _, _, sources, _ in rows)))
    writes = user.has_perm(kind.perm, report)

    def told(text, key, sources, is_edited, *, code, is_stale):
        read = sources if writes else readable(key, sources, rewritten=is_edited)
        links = linked(read, allowed, aside_of(DESKS[desk], report, key))
        return {
            "text": text, "links": links, "is_edited": is_edited, "is_stale": is_stale, "passage": key_of(code, text)
        }  # fmt: skip

    written = {part.code: part for part in report.parts.select_related("saved_by")}
    old = {part.code: part for part in before.parts.all()} if before else {}
    rows = []
    for code in kind.codes:
        part = written.get(code) or kind.part(code=code)
        initial = {"text": part.text, "version": part.version}
        paragraphs = provenance[code.value]
        rows.append(
            {
                "code": code.value,
                "label": code.label,
                "part": part,
                "form": PartForm(initial=initial, label=code.label, auto_id=f"{code.value}-%s"),
                "obligatory": code in obligatory,
                "last_year": old.get(code),
                "note": saved_words(part),
                "is_stale": any(key in stale for _, key, _, _ in paragraphs),
                "provenance": [told(*row, code=code, is_stale=row[1] in stale) for row in paragraphs],
            }
        )
    return rows


# ---------------------------------------------------------------- the draft


@login_required
@require_POST
def assembly_start(request, pk, desk):
    report = get_object_or_404(DESKS[desk].rows(request.user), pk=pk)
    did = "Đã lập dự thảo từ các báo cáo. Đoạn bạn đã sửa giữ nguyên; chỗ khác với dữ liệu được liệt kê."
    _said(request, lambda: drafts.assemble(DESKS[desk].kind, report.pk, by=request.user), did)
    return redirect(DESKS[desk].page, pk)


@login_required
@require_POST
def assembly_answer(request, pk, name, desk):
    """Take what the data say for one paragraph, or keep one's own."""
    report = get_object_or_404(DESKS[desk].rows(request.user), pk=pk)
    if name not in ANSWERS:
        raise Http404
    (act, did), key, seen = ANSWERS[name], request.POST.get("key", ""), request.POST.get("seen", "")
    _said(request, lambda: act(DESKS[desk].kind, report.pk, key, seen=seen, by=request.user), did)
    return redirect(DESKS[desk].page, pk)


ANSWERS = {
    "lay": (drafts.take, "Đã lấy theo dữ liệu mới."),
    "giu": (drafts.keep, "Giữ nguyên đoạn đang có; chỉ báo lại khi nguồn đổi lần nữa."),
}


# ---------------------------------------------------------------- versions


@login_required
@require_GET
def version_list(request, pk, desk):
    report = get_object_or_404(DESKS[desk].rows(request.user), pk=pk)
    context = {"report": report, "desk": DESKS[desk], "versions": DESKS[desk].versions(request.user, report)}
    context["may_write"] = DESKS[desk].may_write(request.user, report)
    return render(request, "reports/version_list.html", context)


@login_required
@require_GET
def version_detail(request, pk, number, desk):
    """What changed from a version to the report as it stands."""
    kind = DESKS[desk].kind
    report = get_object_or_404(DESKS[desk].rows(request.user), pk=pk)
    version = get_object_or_404(DESKS[desk].versions(request.user, report), number=number)
    now = versions.content_of(kind, report)
    context = {
        "report": report,
        "desk": DESKS[desk],
        "version": version,
        "changes": versions.difference(kind, version.content, now),
        "is_same": version.content == now,
        "may_write": DESKS[desk].may_write(request.user, report),
    }
    return render(request, "reports/version_detail.html", context)


@login_required
@require_POST
def version_keep(request, pk, desk):
    report = get_object_or_404(DESKS[desk].rows(request.user), pk=pk)
    reason, kind = request.POST.get("reason", ""), DESKS[desk].kind
    _said(request, lambda: versions.keep_now(kind, report.pk, by=request.user, reason=reason), "Đã lưu phiên bản.")
    return redirect(DESKS[desk].at["version_list"], pk)


@login_required
@require_POST
def version_restore(request, pk, number, desk):
    report = get_object_or_404(DESKS[desk].rows(request.user), pk=pk)
    did = f"Đã lấy lại phiên bản {number}; bản vừa có được lưu thành một phiên bản."
    _said(request, lambda: versions.restore(DESKS[desk].kind, report.pk, number, by=request.user), did)
    return redirect(DESKS[desk].at["version_list"], pk)


def _said(request, act, did):
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, did)
