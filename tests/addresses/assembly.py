"""The assembled draft and its versions."""

from blocs.models import Comment
from tests.factories import make_user

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
assembly_start       POST   summary                  own         302  302  302  302  302  404  404  302  302  302  404  302
assembly_start       POST   summary                  beside      302  404  404  404  404  404  404  302  302  302  404  302
assembly_start       POST   summary                  foreign     404  404  404  404  404  404  404  404  404  404  404  302
assembly_answer      POST   summary lay              own         302  302  302  302  302  404  404  302  302  302  404  302
assembly_answer      POST   summary giu              foreign     404  404  404  404  404  404  404  404  404  404  404  302
summary_comment      POST   summary                  own         302  302  302  302  302  404  404  302  302  302  404  302
summary_ask          POST   summary                  own         404  302  302  404  404  404  404  404  404  404  404  302
summary_ask          POST   summary                  foreign     404  404  404  404  404  404  404  404  404  404  404  302
summary_comment      POST   summary                  foreign     404  404  404  404  404  404  404  404  404  404  404  302
summary_comment_answer GET  summary said             own         404  200  200  404  404  404  404  404  404  404  404  302
summary_comment_answer POST summary said             own         404  422  422  404  404  404  404  404  404  404  404  302
summary_comment_answer POST summary said             foreign     404  404  404  404  404  404  404  404  404  404  404  302
summary_comment_withdraw POST summary said           own         302  302  302  302  302  404  404  302  302  302  404  302
summary_comment_withdraw POST summary said           foreign     404  404  404  404  404  404  404  404  404  404  404  302
assembly_source      GET    summary                  own         200  200  200  200  200  404  404  200  200  200  404  302
assembly_source      GET    summary                  foreign     404  404  404  404  404  404  404  404  404  404  404  302
version_list         GET    summary                  own         200  200  200  200  200  404  404  200  200  200  404  302
version_list         GET    summary                  beside      200  404  404  404  404  404  404  200  200  200  404  302
version_list         GET    summary                  foreign     404  404  404  404  404  404  404  404  404  404  404  302
version_keep         POST   summary                  own         302  302  302  302  302  404  404  302  302  302  404  302
version_keep         POST   summary                  foreign     404  404  404  404  404  404  404  404  404  404  404  302
version_detail       GET    summary 1                own         200  200  200  200  200  404  404  200  200  200  404  302
version_detail       GET    summary 1                foreign     404  404  404  404  404  404  404  404  404  404  404  302
version_restore      POST   summary 1                own         302  302  302  302  302  404  404  302  302  302  404  302
version_restore      POST   summary 1                foreign     404  404  404  404  404  404  404  404  404  404  404  302
"""


def add_rows(places, people):
    for place in ("own", "foreign"):
        summary = places[place]["summary"]
        summary.versions.create(number=1, reason="Thử", content={}, digest="x")
        summary.pieces.create(part="leading", key="", text="Đoạn.")  # of an address that names none
        places[place]["said"] = Comment.objects.create(
            bloc_year=summary.bloc_year, on="summary-report", text="x", by=make_user()
        )
