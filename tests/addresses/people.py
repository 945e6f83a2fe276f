"""People, seats, invitations, sign-in and the second factor."""

from blocs.enums import Role
from tests.factories import make_user, members_of

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
choose_seat          POST   -                        own        302  302  302  302  302  302  302  302  302  302  302  302
my_profile           GET    -                        -          200  200  200  200  200  200  200  200  200  200  200  302
my_profile           POST   -                        -          422  422  422  422  422  422  422  422  422  422  422  302
invitation           GET    -                        -          200  200  200  200  200  200  200  200  200  200  200  200
invitation           POST   -                        -          422  422  422  422  422  422  422  422  422  422  422  422
people               GET    -                        -          200  404  404  404  404  404  404  404  404  200  404  302
person_add           GET    -                        -          200  404  404  404  200  404  404  404  404  200  404  302
person_add           POST   -                        -          422  404  404  404  422  404  404  404  404  422  404  302
people_invite        POST   -                        own        302  302  302  302  302  302  302  302  302  302  302  302
person               GET    person                   own        200  200  404  404  404  404  404  404  404  200  404  302
person               GET    reporter                 foreign    404  404  404  404  404  404  404  404  404  404  404  302
person_edit          GET    person                   own        200  200  404  404  404  404  404  404  404  200  404  302
person_edit          POST   person                   own        422  422  404  404  404  404  404  404  404  422  404  302
person_edit          GET    reporter                 foreign    404  404  404  404  404  404  404  404  404  404  404  302
person_seat_add      GET    person                   own        200  404  404  404  404  404  404  404  404  200  404  302
person_seat_add      POST   person                   own        422  404  404  404  404  404  404  404  404  422  404  302
person_seat_add      POST   reporter                 foreign    404  404  404  404  404  404  404  404  404  404  404  302
person_revoke        POST   person                   own        302  302  404  404  404  404  404  404  404  302  404  302
person_revoke        POST   reporter                 foreign    404  404  404  404  404  404  404  404  404  404  404  302
person_stop          POST   person                   own        302  302  404  404  404  404  404  404  404  302  404  302
person_stop          POST   reporter                 foreign    404  404  404  404  404  404  404  404  404  404  404  302
person_open          POST   person                   own        302  302  404  404  404  404  404  404  404  302  404  302
person_open          POST   reporter                 foreign    404  404  404  404  404  404  404  404  404  404  404  302
person_stop_factor   POST   person                   own        404  404  404  404  404  404  404  404  404  302  404  302
person_stop_factor   POST   reporter                 foreign    404  404  404  404  404  404  404  404  404  404  404  302
seat_end             GET    seat                     own        200  404  404  404  200  404  404  404  404  200  404  302
seat_end             POST   seat                     own        302  404  404  404  302  404  404  404  404  302  404  302
seat_end             POST   seat                     foreign    404  404  404  404  404  404  404  404  404  404  404  302
seat_hand_over       GET    seat                     own        200  404  404  404  200  404  404  404  404  200  404  302
seat_hand_over       POST   seat                     own        422  404  404  404  422  404  404  404  404  422  404  302
seat_hand_over       POST   seat                     foreign    404  404  404  404  404  404  404  404  404  404  404  302
unit_people          GET    -                        -          404  404  404  404  200  404  404  404  404  404  404  302
bloc_people          GET    bloc_year                own        200  200  200  404  404  404  404  404  404  200  404  302
bloc_people          GET    bloc_year                foreign    404  404  404  404  404  404  404  404  404  404  404  302
account_reauthenticate GET    -                        -          200  200  200  200  200  200  200  200  200  200  200  302
account_change_password GET    -                        -          200  200  200  200  200  200  200  200  200  200  200  302
account_set_password GET    -                        -          404  404  404  404  404  404  404  404  404  404  404  404
mfa_authenticate     GET    -                        -          302  302  302  302  302  302  302  302  302  302  302  302
mfa_reauthenticate   GET    -                        -          302  302  302  302  302  302  302  302  302  302  302  302
mfa_index            GET    -                        -          200  200  200  200  200  200  200  200  200  200  200  302
mfa_activate_totp    GET    -                        -          302  302  302  302  302  302  302  302  302  302  302  302
mfa_deactivate_totp  GET    -                        -          404  404  404  404  404  404  404  404  404  404  404  302
mfa_view_recovery_codes GET    -                        -          404  404  404  404  404  404  404  404  404  404  404  302
mfa_generate_recovery_codes GET    -                        -          302  302  302  302  302  302  302  302  302  302  302  302
"""


def add_rows(places, people):
    for place in ("own", "foreign"):
        person = make_user(Role.UNIT_REPORTER, unit=members_of(places[place]["bloc_year"])[0])
        places[place] |= {"reporter": person, "seat": person.seats.get()}


def form_of(name, rows):
    if name == "seat_end":
        return {"reason": "Chuyển công tác."}
    return {}
