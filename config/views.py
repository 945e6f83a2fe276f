from django.http import Http404
from django.shortcuts import redirect
from django.templatetags.static import static


def nowhere(request, *args, **kwargs):
    raise Http404


def favicon(request):
    return redirect(static("img/icon.svg"))
