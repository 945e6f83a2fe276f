"""What is owed and who is missing; what may be granted about it."""

from tests.factories import make_milestone, members_of

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
board_years          GET    -                        -          200  404  404  404  404  404  404  200  200  200  404  302
missing_province     GET    unit-report              -          200  404  404  404  404  404  404  200  200  200  404  302
call_list            GET    unit-report              -          200  404  404  404  404  404  404  404  404  404  404  302
missing              GET    bloc_year unit-report    own        200  200  200  200  200  404  404  200  200  200  404  302
missing              GET    bloc_year unit-report    beside     200  404  404  404  404  404  404  200  200  200  404  302
missing              GET    bloc_year unit-report    foreign    404  404  404  404  404  404  404  404  404  404  404  302
bloc_calendar        GET    bloc_year                own        200  200  200  200  200  404  404  200  200  200  404  302
bloc_calendar        GET    bloc_year                beside     200  404  404  404  404  404  404  200  200  200  404  302
bloc_calendar        GET    bloc_year                foreign    404  404  404  404  404  404  404  404  404  404  404  302
obligation           GET    owed                     own        200  200  200  200  200  404  404  200  200  200  404  302
obligation           GET    owed                     beside     200  404  404  404  404  404  404  200  200  200  404  302
obligation           GET    owed                     foreign    404  404  404  404  404  404  404  404  404  404  404  302
obligation_extend    GET    owed                     own        200  404  404  404  404  404  404  404  404  404  404  302
obligation_extend    POST   owed                     own        302  404  404  404  404  404  404  404  404  404  404  302
obligation_extend    POST   owed                     foreign    404  404  404  404  404  404  404  404  404  404  404  302
obligation_waive     GET    owed                     own        302  302  404  404  404  404  404  404  404  404  404  302
obligation_waive     POST   owed                     own        422  422  404  404  404  404  404  404  404  404  404  302
obligation_waive     POST   owed                     foreign    404  404  404  404  404  404  404  404  404  404  404  302
obligation_receipt   GET    owed                     own        200  404  404  404  404  404  404  404  404  404  404  302
obligation_receipt   POST   owed                     own        302  404  404  404  404  404  404  404  404  404  404  302
obligation_receipt   GET    on_paper                 own        200  200  200  404  404  404  404  404  404  404  404  302
obligation_receipt   POST   on_paper                 own        302  302  302  404  404  404  404  404  404  404  404  302
obligation_receipt   POST   on_paper                 beside     302  404  404  404  404  404  404  404  404  404  404  302
obligation_receipt   POST   owed                     foreign    404  404  404  404  404  404  404  404  404  404  404  302
"""


def add_rows(places, people):
    for place in ("own", "beside", "foreign"):
        bloc_year = places[place]["bloc_year"]
        if not bloc_year.obligations.filter(code="unit-report").exists():
            make_milestone(bloc_year, due="2099-11-20 17:00", locks="2099-11-30 17:00")
        make_milestone(bloc_year, "self-score", due="2099-11-20 17:00", locks="2099-11-30 17:00")
        rows = bloc_year.obligations.filter(unit=members_of(bloc_year)[2])
        places[place]["owed"], places[place]["on_paper"] = rows.get(code="unit-report"), rows.get(code="self-score")


def form_of(name, rows):
    if name == "obligation_receipt":
        return {"at": "2026-01-20T10:00", "reason": "Bản giấy."}
    if name.startswith("obligation"):
        return {"locks_at": "2099-12-20T17:00", "reason": "Mất điện."}
    return {}
