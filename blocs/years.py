"""Which year a page shows."""

from django.http import Http404
from django.utils import timezone

from blocs.models import Authority, Year


def years_of(request):
    """The years that the user may see, newest first; read once a request."""
    if not hasattr(request, "_years"):
        request._years = list(Year.objects.visible_to(request.user).select_related("authority"))  # noqa: SLF001
    return request._years  # noqa: SLF001


def current_year(request):
    """The year chosen in the masthead, else the newest that is open and has begun; None without any."""
    years = years_of(request)
    chosen = next((year for year in years if year.pk == request.session.get("year")), None)
    today = timezone.localdate()
    return chosen or next(
        (year for year in years if year.is_open and year.starts_on <= today), years[0] if years else None
    )


def current_place(request):
    """Whose people the pages keep: the authority of the current year; before its first year the one that the user
    keeps.

    Shape:   request -> (Authority or None, Year or None)
    """
    if year := current_year(request):
        return year.authority, year
    return Authority.objects.kept_by(request.user).order_by("name").first(), None


def posted_year(request):
    """The year that a form names, if the user may see it."""
    for year in years_of(request):
        if str(year.pk) == request.POST.get("year"):
            return year
    raise Http404
