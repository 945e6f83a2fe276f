from django.http import Http404


def nowhere(request, *args, **kwargs):
    raise Http404
