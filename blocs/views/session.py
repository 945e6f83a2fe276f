from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from blocs.years import posted_year


@login_required
@require_POST
def choose_year(request):
    """The year in the masthead; it stays until another is chosen."""
    request.session["year"] = posted_year(request).pk
    target = request.POST.get("next", "")
    if target in KEEP_PAGE and url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return redirect(target)
    return redirect("todo")


KEEP_PAGE = {
    "/",
    "/bang/",
    "/khoi/",
    "/bao-cao/",
    "/phong-trao/",
    "/to-chuc/",
}  # pages that show a year; the others show one thing


@require_GET
def health(request):
    """For the container's check: the process answers and the database is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
