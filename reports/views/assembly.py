"""Building the draft of a report from its sources, what changed in them since, and its versions: of a bloc, of the
province. An address names the desk at which its report is written."""

from dataclasses import asdict, dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from blocs.errors import DomainError
from reports.domain.assembly import drafts, versions
from reports.domain.assembly.drafts import OfferKind
from reports.domain.assembly.kinds import PROVINCE, SUMMARY, Kind
from reports.forms import PartForm
from reports.views.saving import saved_words

PAGES = {
    "unit_report": "unit_report",
    "summary_report": "summary_report",
    "covenant": "covenant",
    "recognition": "bloc_detail",
    "bloc": "bloc_detail",
}
ADDRESSES = ("assembly_start", "assembly_answer", "version_list", "version_keep", "version_detail", "version_restore")


@dataclass(frozen=True)
class Desk:
    """The addresses and words of one of the two reports; templates know it as ``desk``."""

    kind: Kind
    page: str
    prefix: str
    begin: str
    explained: str
    own: str  # whose words a paragraph without sources is
    keep_own: str

    @property
    def at(self):
        """The names of the addresses at this desk: ``{% url desk.at.version_list report.pk %}``."""
        return {name: self.prefix + name for name in ADDRESSES}

    def rows(self, user):
        return self.kind.report.objects.visible_to(user).for_page()

    def may_write(self, user, report):
        return report.is_draft and user.has_perm(self.kind.perm, report)


DESKS = {
    "summary": Desk(
        SUMMARY,
        page="summary_report",
        prefix="",
        begin="Lập dự thảo từ báo cáo của các đơn vị",
        explained="Một lần bấm: tổng số liệu, trích lời các đơn vị, nêu đơn vị chưa gửi.",
        own="Khối tự viết",
        keep_own="Giữ lại, là lời của khối",
    ),
    "province": Desk(
        PROVINCE,
        page="province_report",
        prefix="province_",
        begin="Lập dự thảo từ báo cáo của các cụm, khối",
        explained="Một lần bấm: tình hình gửi báo cáo, tổng số liệu, trích báo cáo các cụm, khối, nêu nơi chưa gửi.",
        own="Ban tự viết",
        keep_own="Giữ lại, là lời của Ban",
    ),
}


def linked(sources):
    """The sources with the address of the page that shows them.

    Shape:   [source as a ``Piece`` keeps it] -> [(source, url)]
    """
    return [(source, address_of(source)) for source in sources]


def address_of(source):
    """Shape: source -> str"""
    if source["kind"] == "missing":
        return reverse("missing", args=[source["pk"], source["part"] or "unit-report"])
    anchor = f"#{source['part']}" if source["part"] else ""
    return reverse(PAGES[source["kind"]], args=[source["pk"]]) + anchor


# ---------------------------------------------------------------- what the page of a report shows


def offered(desk, report, *, editable):
    """What differs from the data now, for who may answer it.

    Shape:   (name of a desk, report, bool) -> what ``_assembly.html`` needs
    """
    found = {"desk": DESKS[desk]}
    if not editable:
        return found
    kind = DESKS[desk].kind
    offers, conflicts = drafts.offers(kind, report)
    return found | {
        "offers": [
            {
                "key": offer.key,
                "part_label": kind.codes(offer.part).label,
                "now": offer.now,
                "new": offer.new,
                "is_edited": offer.is_edited,
                "digest": offer.digest,
                "links": linked(offer.sources),
                **WORDS[offer.kind],
                **({"keep": DESKS[desk].keep_own} if offer.kind == OfferKind.GONE else {}),
            }
            for offer in offers
        ],
        "conflicts": [(conflict, linked(map(asdict, conflict.sources))) for conflict in conflicts],
    }


WORDS = {
    OfferKind.CHANGED: {"words": "nguồn đã đổi", "take": "Lấy đoạn theo dữ liệu", "keep": "Giữ đoạn đang viết"},
    OfferKind.GONE: {"words": "không còn nguồn", "take": "Bỏ đoạn này"},
    OfferKind.NEW: {"words": "chưa có trong báo cáo", "take": "Thêm vào báo cáo", "keep": "Không thêm"},
}


def part_rows(desk, report, *, before, obligatory):
    """Each text part with its form, where it comes from, and what was written the year before.

    Shape:   (name of a desk, report, last year's report or None, codes) -> [dict] for the page
    """
    kind = DESKS[desk].kind
    provenance = drafts.provenance(kind, report)
    written = {part.code: part for part in report.parts.select_related("saved_by")}
    old = {part.code: part for part in before.parts.all()} if before else {}
    rows = []
    for code in kind.codes:
        part = written.get(code) or kind.part(code=code)
        initial = {"text": part.text, "version": part.version}
        rows.append(
            {
                "code": code.value,
                "label": code.label,
                "part": part,
                "form": PartForm(initial=initial, label=code.label, auto_id=f"{code.value}-%s"),
                "obligatory": code in obligatory,
                "last_year": old.get(code),
                "note": saved_words(part),
                "provenance": [(text, linked(sources), edited) for text, _, sources, edited in provenance[code.value]],
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
    context = {"report": report, "desk": DESKS[desk], "versions": report.versions.select_related("by")}
    context["may_write"] = DESKS[desk].may_write(request.user, report)
    return render(request, "reports/version_list.html", context)


@login_required
@require_GET
def version_detail(request, pk, number, desk):
    """What changed from a version to the report as it stands."""
    kind = DESKS[desk].kind
    report = get_object_or_404(DESKS[desk].rows(request.user), pk=pk)
    version = get_object_or_404(report.versions.select_related("by"), number=number)
    context = {
        "report": report,
        "desk": DESKS[desk],
        "version": version,
        "changes": versions.difference(kind, version.content, versions.content_of(kind, report)),
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
