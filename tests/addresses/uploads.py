"""Lists that come and go as workbooks."""

from reports.models import Upload
from tests.factories import make_user

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
upload_list          GET    -                        -          200  200  200  200  200  200  200  200  200  200  200  302
upload_add           GET    units                    -          200  404  404  404  404  404  404  404  404  404  404  302
upload_add           POST   units                    own        422  404  404  404  404  404  404  404  404  404  404  302
upload_detail        GET    upload                   own        200  404  404  404  404  404  404  404  404  404  404  302
upload_take          POST   upload                   own        302  404  404  404  404  404  404  404  404  404  404  302
upload_discard       POST   upload                   own        302  404  404  404  404  404  404  404  404  404  404  302
upload_detail        GET    upload                   foreign    404  404  404  404  404  404  404  404  404  404  404  302
upload_take          POST   upload                   foreign    404  404  404  404  404  404  404  404  404  404  404  302
upload_discard       POST   upload                   foreign    404  404  404  404  404  404  404  404  404  404  404  302
upload_targets       GET    bloc_year                own        404  200  200  404  404  404  404  404  404  404  404  302
upload_targets       POST   bloc_year                own        404  422  422  404  404  404  404  404  404  404  404  302
upload_targets       GET    bloc_year                foreign    404  404  404  404  404  404  404  404  404  404  404  302
workbook_file        GET    units                    -          200  200  200  200  200  200  200  200  200  200  404  302
workbook_file        GET    people                   -          200  404  404  404  404  404  404  404  404  200  404  302
targets_file         GET    bloc_year                own        200  200  200  200  200  404  404  200  200  200  404  302
targets_file         GET    bloc_year                beside     200  404  404  404  404  404  404  200  200  200  404  302
targets_file         GET    bloc_year                foreign    404  404  404  404  404  404  404  404  404  404  404  302
year_file            GET    -                        -          200  404  404  404  404  404  404  404  404  404  404  302
board_export         GET    -                        -          200  404  404  404  404  404  404  200  200  200  404  302
report_export        GET    -                        -          200  200  200  200  200  200  200  200  200  200  404  302
movement_export      GET    -                        -          200  200  200  200  200  200  200  200  200  200  404  302
"""


def add_rows(places, people):
    """The file in ``own`` is the board's, that in ``foreign`` a stranger's."""
    for place, by in (("own", people["board_staff"]), ("foreign", make_user())):
        year = places[place]["year"]
        places[place]["upload"] = Upload.objects.create(
            kind="units", authority=year.authority, year=year, name="tep.xlsx", content=b"", sha256="0" * 64, by=by
        )
