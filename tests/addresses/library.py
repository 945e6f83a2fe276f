"""The papers of a bloc's year, their numbers and signed copies."""

from datetime import date

from reports.models import Issue, SignedCopy
from tests.factories import make_rendering, make_user

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
document_list        GET    bloc_year                own         200  200  200  200  200  404  404  200  200  200  404  302
document_list        GET    bloc_year                beside      200  404  404  404  404  404  404  200  200  200  404  302
document_list        GET    bloc_year                foreign     404  404  404  404  404  404  404  404  404  404  404  302
paper_issue          GET    unsigned                 own         200  200  200  404  404  404  404  404  404  404  404  302
paper_issue          POST   unsigned                 own         302  302  302  404  404  404  404  404  404  404  404  302
paper_issue          POST   unsigned                 foreign     404  404  404  404  404  404  404  404  404  404  404  302
paper_copy           GET    issue                    own         200  200  200  404  404  404  404  404  404  404  404  302
paper_copy           POST   issue                    own         422  422  422  404  404  404  404  404  404  404  404  302
paper_copy           POST   issue                    foreign     404  404  404  404  404  404  404  404  404  404  404  302
signed_copy          GET    signed                   own         404  404  404  404  404  404  404  404  404  404  404  302
signed_copy          GET    signed                   foreign     404  404  404  404  404  404  404  404  404  404  404  302
"""


def add_rows(places, people):
    for place in ("own", "foreign"):
        done = {"state": "done", "file": "x", "sha256": "x", "fingerprint": "x", "code": "0000-0000-0000", "pages": 1}
        unsigned, signed = (make_rendering("summary-report", places[place]["bloc_year"], **done) for _ in range(2))
        user = make_user()
        issue = Issue.objects.create(rendering=signed, number="1/BC", dated=date(2026, 1, 5), noted_by=user)
        copy = SignedCopy.objects.create(
            issue=issue, name="a.pdf", media_type="application/pdf", size=1, sha256="0" * 64, added_by=user
        )
        places[place] |= {"unsigned": unsigned, "issue": issue, "signed": copy}


def form_of(name, rows):
    return {"number": "2/BC", "dated": "20/01/2026"} if name == "paper_issue" else {}
