"""Rule sets. ``draft`` is the authority's own, ``published`` in force; the board alone brings, publishes, throws away."""

from tests.blocs.rule_rows import make_rule_set

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
rule_set_list        GET    -                        -           200  200  200  200  200  200  200  200  200  200  200  302
rule_set_upload      GET    -                        -           200  404  404  404  404  404  404  404  404  404  404  302
rule_set_upload      POST   -                        -           422  404  404  404  404  404  404  404  404  404  404  302
rule_set_detail      GET    published                own         200  200  200  200  200  200  200  200  200  200  404  302
rule_set_detail      GET    draft                    own         200  404  404  404  404  404  404  404  404  200  404  302
rule_set_detail      GET    published                foreign     404  404  404  404  404  404  404  404  404  404  404  302
rule_set_file        GET    published                own         200  200  200  200  200  200  200  200  200  200  404  302
rule_set_file        GET    draft                    own         200  404  404  404  404  404  404  404  404  200  404  302
rule_set_file        GET    draft                    foreign     404  404  404  404  404  404  404  404  404  404  404  302
rule_set_publish     GET    draft                    own         200  404  404  404  404  404  404  404  404  404  404  302
rule_set_publish     GET    published                own         404  404  404  404  404  404  404  404  404  404  404  302
rule_set_publish     POST   draft                    own         302  404  404  404  404  404  404  404  404  404  404  302
rule_set_publish     POST   draft                    foreign     404  404  404  404  404  404  404  404  404  404  404  302
rule_set_discard     GET    draft                    own         200  404  404  404  404  404  404  404  404  404  404  302
rule_set_discard     POST   draft                    own         302  404  404  404  404  404  404  404  404  404  404  302
rule_set_discard     POST   published                own         404  404  404  404  404  404  404  404  404  404  404  302
rule_set_discard     POST   draft                    foreign     404  404  404  404  404  404  404  404  404  404  404  302
"""


def add_rows(places, people):
    for place in ("own", "foreign"):
        code = places[place]["year"].authority.code
        places[place]["published"] = make_rule_set(id=f"{place}-a", authority=code)
        places[place]["draft"] = make_rule_set(id=f"{place}-b", authority=code, publish=False)
