"""Opening a year: the list, preparing the next one, checking and opening it, the decision that divides the blocs.

``own`` is the year in progress; ``next`` stands in preparation, made from it.
"""

from datetime import date

from blocs.enums import Role
from blocs.models import BlocYear, Year
from tests.factories import make_authority, make_seat

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
year_list            GET    -                        -           200  404  404  404  404  404  404  404  404  200  404  302
year_detail          GET    year                     own         200  404  404  404  404  404  404  404  404  200  404  302
year_detail          GET    year                     next        200  404  404  404  404  404  404  404  404  200  404  302
year_detail          GET    year                     foreign     404  404  404  404  404  404  404  404  404  404  404  302
year_begin           GET    authority                bare        200  404  404  404  404  404  404  404  404  404  404  302
year_begin           POST   authority                bare        302  404  404  404  404  404  404  404  404  404  404  302
year_begin           POST   authority                own         302  404  404  404  404  404  404  404  404  404  404  302
year_prepare         GET    year                     own         200  404  404  404  404  404  404  404  404  404  404  302
year_prepare         POST   year                     own         302  404  404  404  404  404  404  404  404  404  404  302
year_prepare         POST   year                     foreign     404  404  404  404  404  404  404  404  404  404  404  302
year_edit            GET    year                     next        200  404  404  404  404  404  404  404  404  404  404  302
year_edit            POST   year                     next        302  404  404  404  404  404  404  404  404  404  404  302
year_edit            GET    year                     own         200  404  404  404  404  404  404  404  404  404  404  302
year_edit            POST   year                     own         302  404  404  404  404  404  404  404  404  404  404  302
year_edit            POST   year                     foreign     404  404  404  404  404  404  404  404  404  404  404  302
year_open            POST   year                     next        302  404  404  404  404  404  404  404  404  404  404  302
year_open            POST   year                     own         302  404  404  404  404  404  404  404  404  404  404  302
year_open            POST   year                     foreign     404  404  404  404  404  404  404  404  404  404  404  302
year_discard         GET    year                     next        200  404  404  404  404  404  404  404  404  404  404  302
year_discard         POST   year                     next        302  404  404  404  404  404  404  404  404  404  404  302
year_discard         POST   year                     foreign     404  404  404  404  404  404  404  404  404  404  404  302
year_division        GET    year                     own         200  404  404  404  404  404  404  404  404  404  404  302
year_division        POST   year                     own         302  404  404  404  404  404  404  404  404  404  404  302
year_division        GET    year                     next        200  404  404  404  404  404  404  404  404  404  404  302
year_division        POST   year                     foreign     404  404  404  404  404  404  404  404  404  404  404  302
bloc_detail          GET    bloc_year                next        200  404  404  404  404  404  404  404  404  200  404  302
covenant             GET    bloc_year                next        200  404  404  404  404  404  404  404  404  200  404  302
proposals            GET    bloc_year                next        200  404  404  404  404  404  404  404  404  200  404  302
choose_year          POST   (year)                   next        302  404  404  404  404  404  404  404  404  302  404  302
"""


def add_rows(places, people):
    own = places["own"]["year"]
    places["own"]["authority"], places["bare"] = own.authority, {"authority": make_authority()}
    make_seat(people[Role.BOARD_STAFF], Role.BOARD_STAFF, authority=places["bare"]["authority"])
    coming = Year.objects.create(
        authority=own.authority, label="2027", year=2027, starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31),
        is_open=False, copied_from=own,
    )  # fmt: skip
    bloc = places["own"]["bloc_year"]
    row = BlocYear.objects.create(year=coming, bloc=bloc.bloc, name=bloc.name, kind=bloc.kind)
    places["next"] = {"year": coming, "bloc_year": row}


def form_of(name, rows):
    if name == "year_prepare":
        blocs = [row.pk for row in rows["year"].bloc_years.all()]
        return {"label": "2028", "starts_on": "2028-01-01", "ends_on": "2028-12-31", "theme": "", "blocs": blocs}
    if name == "year_begin":
        return {"label": "2025-2026", "starts_on": "2025-09-01", "ends_on": "2026-08-31", "theme": ""}
    if name == "year_edit":
        return {"label": "2027", "starts_on": "2027-01-01", "ends_on": "2027-12-31", "theme": "Chủ đề"}
    if name == "year_division":
        return {
            "number": "1/QĐ-UBND",
            "dated": "2026-01-05",
            "signer": "Chủ tịch",
            "signer_name": "",
            "bases": "Căn cứ A",
        }
    return {}
