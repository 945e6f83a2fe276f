"""The public page: is this paper genuine? It needs no account and tells nothing of what the paper says."""

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from reports.domain import verification
from reports.domain.papers import seals
from reports.forms import VerifyForm


@never_cache
@require_http_methods(["GET", "POST"])
def verify(request):
    """By the digest of a file, computed where the file is, or by the code, whose own page is opened."""
    form = VerifyForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return render(request, "reports/verify.html", {"form": form}, status=422 if form.is_bound else 200)
    if digest := form.cleaned_data["digest"]:
        return _answer(request, verification.by_digest(digest), digest)
    return redirect("verify_code", seals.tidy(form.cleaned_data["code"]))


@never_cache
@require_GET
def verify_code(request, code):
    return _answer(request, verification.by_code(code), seals.tidy(code) or code[:40])


def _answer(request, found, asked):
    context = {"form": VerifyForm(), "found": found, "asked": asked, "look": LOOKS[found.verdict]}
    return render(request, "reports/verify.html", context)


LOOKS = {
    verification.Verdict.GENUINE: "ok",
    verification.Verdict.OUTRUN: "late",
    verification.Verdict.REPLACED: "late",
    verification.Verdict.UNKNOWN: "miss",
}
