"""The assembled draft and its versions."""

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
assembly_start       POST   summary                  own         302  302  302  302  302  404  404  302  302  302  404  302
assembly_start       POST   summary                  beside      302  404  404  404  404  404  404  302  302  302  404  302
assembly_start       POST   summary                  foreign     404  404  404  404  404  404  404  404  404  404  404  302
assembly_answer      POST   summary lay              own         302  302  302  302  302  404  404  302  302  302  404  302
assembly_answer      POST   summary giu              foreign     404  404  404  404  404  404  404  404  404  404  404  302
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
        places[place]["summary"].versions.create(number=1, reason="Thử", content={}, digest="x")
