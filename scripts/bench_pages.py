"""How many queries a page costs for a province of one, few and many blocs."""

from bench_base import demand, figure, say
from bench_data import QueryCount
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reports.domain import renderings
from reports.enums import RenderingState, SummaryReportState
from reports.models import Rendering, SummaryReport

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGES = ("board", "todo", "report_list", "bloc_list", "movement_list")
NOWHERE = {"file": "papers/none.pdf", "sha256": "0" * 64}
STATES = {
    RenderingState.DONE: {"finished_at": timezone.now(), **NOWHERE},
    RenderingState.FAILED: {"finished_at": timezone.now(), "error": "không có"},
    RenderingState.QUEUED: {"finished_at": None, "error": "", "file": "", "sha256": ""},
}


def queries(provinces):
    """The pages as a user of the board, with a summary report to look through in every bloc."""
    for province in provinces:
        SummaryReport.objects.filter(bloc_year__year=province.year).update(
            state=SummaryReportState.SUBMITTED, submitted_at=timezone.now(), submitted_by=province.user
        )
    found = {}
    batches = [renderings.request_all(province.year, by=province.user) for province in provinces]
    for state, values in STATES.items():
        Rendering.objects.filter(batches__in=batches).update(state=state, **values)
        for name, address in _addresses(state):
            found[name] = {
                str(len(province.bloc_years)): _number(province, address(batch))
                for province, batch in zip(provinces, batches, strict=True)
            }
            say(f"queries {name}: {found[name]}")
    Rendering.objects.filter(batches__in=batches).delete()
    equal = all(len(set(numbers.values()) - {None}) == 1 for numbers in found.values())
    return figure(equal, target={"equal": True}, pages=found)


def _addresses(state):
    """The pages to ask for: all of them once, that of a batch in every state of its papers."""
    if state == RenderingState.DONE:
        yield from ((name, lambda _, name=name: reverse(name)) for name in PAGES)
    yield f"batch_{state}", lambda batch: reverse("batch", args=[batch.pk])


def _number(province, address):
    """The queries of the second visit; None where the page sends a user on who has one bloc only."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(province.user, backend=BACKEND)
    client.get(address)
    with QueryCount() as count:
        answer = client.get(address)
    if answer.status_code == 302:
        demand(len(province.bloc_years) == 1, f"{address} sends a user of the board on to {answer.url}")
        return None
    demand(answer.status_code == 200, f"{address} answers {answer.status_code}")
    return count.number
