"""What is pasted into the text of a report, on its way from the browser's clipboard into the field."""

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.views.decorators.http import require_POST

from blocs.errors import DomainError
from reports.domain import clipboard


@login_required
@require_POST
def paste(request):
    """The clipboard's HTML as lines of a text; nothing is stored.

    Status:  422 with the words why not, the browser then pastes the plain text
    """
    try:
        text, note = clipboard.read(request.POST.get("html", ""))
    except DomainError as error:
        return JsonResponse({"note": str(error)}, status=422)
    return JsonResponse({"text": text, "note": note})
