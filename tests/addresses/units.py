"""Units over time: the list, a unit, its data of a year, and the four acts."""

from tests.factories import members_of

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
unit_list            GET    -                        -          200  200  200  200  200  200  200  200  200  200  404  302
unit_add             GET    -                        -          200  404  404  404  404  404  404  404  404  404  404  302
unit_add             POST   -                        -          422  404  404  404  404  404  404  404  404  404  404  302
unit_detail          GET    unit                     own        200  200  200  200  200  200  200  200  200  200  404  302
unit_detail          GET    unit                     beside     200  200  200  200  200  200  200  200  200  200  404  302
unit_detail          GET    unit                     foreign    404  404  404  404  404  404  404  404  404  404  404  302
unit_edit            GET    unit                     own        200  404  404  404  404  404  404  404  404  404  404  302
unit_edit            POST   unit                     own        422  404  404  404  404  404  404  404  404  404  404  302
unit_edit            POST   unit                     foreign    404  404  404  404  404  404  404  404  404  404  404  302
unit_merge           GET    unit                     own        200  404  404  404  404  404  404  404  404  404  404  302
unit_merge           POST   unit                     own        422  404  404  404  404  404  404  404  404  404  404  302
unit_merge           POST   unit                     foreign    404  404  404  404  404  404  404  404  404  404  404  302
unit_split           GET    unit                     own        200  404  404  404  404  404  404  404  404  404  404  302
unit_split           POST   unit                     own        422  404  404  404  404  404  404  404  404  404  404  302
unit_split           POST   unit                     foreign    404  404  404  404  404  404  404  404  404  404  404  302
unit_rename          GET    unit                     own        200  404  404  404  404  404  404  404  404  404  404  302
unit_rename          POST   unit                     own        422  404  404  404  404  404  404  404  404  404  404  302
unit_rename          POST   unit                     foreign    404  404  404  404  404  404  404  404  404  404  404  302
unit_dissolve        GET    unit                     own        200  404  404  404  404  404  404  404  404  404  404  302
unit_dissolve        POST   unit                     own        422  404  404  404  404  404  404  404  404  404  404  302
unit_dissolve        POST   unit                     foreign    404  404  404  404  404  404  404  404  404  404  404  302
"""


def add_rows(places, people):
    for place in ("own", "beside", "foreign"):
        places[place]["unit"] = members_of(places[place]["bloc_year"])[0]
