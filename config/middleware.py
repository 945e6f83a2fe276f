"""What every request passes before a view sees it."""

from django.http import HttpResponseBadRequest
from django.template.loader import render_to_string
from django.utils.decorators import sync_only_middleware

NUL = "\0"


@sync_only_middleware
class NoNulMiddleware:
    """Refuse the sign NUL, which no keyboard gives and PostgreSQL does not store, in an address or a form."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Here, not earlier: the check of the form's token has read the form by now.

        Status:  400 with words
        """
        texts = [request.path, *request.COOKIES.values(), *_texts(request.GET), *_texts(request.POST)]
        return HttpResponseBadRequest(render_to_string("400.html")) if any(NUL in text for text in texts) else None


def _texts(data):
    for name, values in data.lists():
        yield name
        yield from values
