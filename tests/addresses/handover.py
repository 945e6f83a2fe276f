"""Handover, notices of the board, awards handed over, what a meeting gives to others; ``record`` stands in ``own``."""

from datetime import date
from types import SimpleNamespace

from awards.models import AwardGiven, AwardKind, FlagNotice, Presentation
from blocs.models import Handover
from tests.factories import make_user, members_of

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
handover             GET    bloc_year                own        200  200  200  200  200  404  404  200  200  200  404  302
handover             GET    bloc_year                beside     200  404  404  404  404  404  404  200  200  200  404  302
handover             GET    bloc_year                foreign    404  404  404  404  404  404  404  404  404  404  404  302
handover_begin       POST   bloc_year                own        404  302  302  404  404  404  404  404  404  404  404  302
handover_begin       POST   bloc_year                foreign    404  404  404  404  404  404  404  404  404  404  404  302
handover_settle      POST   bloc_year                own        404  302  302  404  404  404  404  404  404  404  404  302
handover_settle      POST   bloc_year                foreign    404  404  404  404  404  404  404  404  404  404  404  302
handover_receiver    POST   bloc_year                own        404  302  302  404  404  404  404  404  404  404  404  302
handover_receiver    POST   bloc_year                foreign    404  404  404  404  404  404  404  404  404  404  404  302
handover_remove      POST   bloc_year                own        404  302  302  404  404  404  404  404  404  404  404  302
handover_remove      POST   bloc_year                foreign    404  404  404  404  404  404  404  404  404  404  404  302
handover_edit        GET    bloc_year                own        404  200  200  404  404  404  404  404  404  404  404  302
handover_edit        POST   bloc_year                own        404  302  302  404  404  404  404  404  404  404  404  302
handover_edit        POST   bloc_year                foreign    404  404  404  404  404  404  404  404  404  404  404  302
handover_sign        POST   bloc_year giver          own        404  302  404  404  302  404  404  404  404  404  404  302
handover_sign        POST   bloc_year receiver       own        404  404  404  404  404  404  404  404  404  404  404  302
handover_sign        POST   bloc_year giver          foreign    404  404  404  404  404  404  404  404  404  404  404  302
handover_unsign      POST   bloc_year giver          own        404  302  404  404  302  404  404  404  404  404  404  302
handover_unsign      POST   bloc_year giver          foreign    404  404  404  404  404  404  404  404  404  404  404  302
award_notices        GET    bloc_year                own        200  200  200  200  200  404  404  200  200  200  404  302
award_notices        POST   bloc_year                own        302  404  404  404  404  404  404  404  404  404  404  302
award_notices        GET    bloc_year                foreign    404  404  404  404  404  404  404  404  404  404  404  302
award_notice_remove  POST   bloc_year notice         own        302  404  404  404  404  404  404  404  404  404  404  302
award_notice_remove  POST   bloc_year notice         foreign    404  404  404  404  404  404  404  404  404  404  404  302
presentations        GET    bloc_year                own        200  200  200  200  200  404  404  200  200  200  404  302
presentations        POST   bloc_year                own        302  302  302  404  404  404  404  404  404  404  404  302
presentations        POST   bloc_year                foreign    404  404  404  404  404  404  404  404  404  404  404  302
presentation_remove  POST   bloc_year presentation   own        302  302  302  404  404  404  404  404  404  404  404  302
presentation_remove  POST   bloc_year presentation   foreign    404  404  404  404  404  404  404  404  404  404  404  302
meeting_papers       POST   conference               own        404  302  302  404  404  404  404  404  404  404  404  302
meeting_papers       POST   conference               foreign    404  404  404  404  404  404  404  404  404  404  404  302
meeting_tables       GET    conference               own        200  200  200  200  200  404  404  200  200  200  404  302
meeting_tables       GET    conference               foreign    404  404  404  404  404  404  404  404  404  404  404  302
meeting_news         GET    conference               own        200  200  200  200  200  404  404  200  200  200  404  302
meeting_news         GET    conference               foreign    404  404  404  404  404  404  404  404  404  404  404  302
meeting_news_file    GET    conference               own        200  200  200  200  200  404  404  200  200  200  404  302
meeting_news_file    GET    conference               foreign    404  404  404  404  404  404  404  404  404  404  404  302
rendering_request    POST   handover-minutes place   own        302  302  302  302  302  404  404  302  302  302  404  302
"""

NAMES = {line.split()[0] for line in TABLE.strip().splitlines()[1:]}


def add_rows(places, people):
    for place in ("own", "foreign"):
        bloc_year = places[place]["bloc_year"]
        giver, receiver = members_of(bloc_year)[:2]
        award, by = AwardKind.objects.get(code="BKT"), make_user()
        Handover.objects.create(bloc_year=bloc_year, giver=giver, receiver=receiver, handed_on=date(2026, 1, 5))
        AwardGiven.objects.create(bloc_year=bloc_year, unit=giver, award=award)
        columns = {"bloc_year": bloc_year, "award": award, "noted_by": by}
        places[place] |= {
            "notice": FlagNotice.objects.create(count=2, **columns),
            "presentation": Presentation.objects.create(unit=giver, presented_on=date(2026, 1, 5), **columns),
            "won": SimpleNamespace(pk=f"{giver.pk}:BKT"),
        }


def form_of(name, rows):
    if name not in NAMES:
        return {}
    form = {"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0", "handed_on": "05/01/2026", "award": "BKT", "count": "2"}
    if "won" in rows:
        form |= {"won": rows["won"].pk, "presented_on": "05/01/2026", "receiver": members_of(rows["bloc_year"])[1].pk}
    return form
