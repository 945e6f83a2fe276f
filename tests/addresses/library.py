"""The papers of a bloc's year, their numbers and signed copies."""

from datetime import date

from django.utils import timezone

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
year_documents       GET    year                     own         200  404  404  404  404  404  404  200  200  200  404  302
year_documents       GET    year                     foreign     404  404  404  404  404  404  404  404  404  404  404  302
issue_correct        GET    issue                    own         200  200  200  404  404  404  404  404  404  404  404  302
issue_correct        POST   issue                    own         302  302  302  404  404  404  404  404  404  404  404  302
issue_correct        POST   issue                    foreign     404  404  404  404  404  404  404  404  404  404  404  302
issue_withdraw       GET    issue                    own         200  200  200  404  404  404  404  404  404  404  404  302
issue_withdraw       POST   issue                    own         302  302  302  404  404  404  404  404  404  404  404  302
issue_withdraw       POST   issue                    foreign     404  404  404  404  404  404  404  404  404  404  404  302
copy_withdraw        GET    signed                   own         200  200  200  404  404  404  404  404  404  404  404  302
copy_withdraw        POST   signed                   own         302  302  302  404  404  404  404  404  404  404  404  302
copy_withdraw        POST   signed                   foreign     404  404  404  404  404  404  404  404  404  404  404  302
paper_copy           GET    issue                    own         200  200  200  404  404  404  404  404  404  404  404  302
paper_copy           POST   issue                    own         422  422  422  404  404  404  404  404  404  404  404  302
paper_copy           POST   issue                    foreign     404  404  404  404  404  404  404  404  404  404  404  302
signed_copy          GET    signed                   own         404  404  404  404  404  404  404  404  404  404  404  302
signed_copy          GET    signed                   foreign     404  404  404  404  404  404  404  404  404  404  404  302
"""


def add_rows(places, people):
    for place in ("own", "foreign"):
        done = {"state": "done", "file": "x", "sha256": "x", "code": "0000-0000-0000", "pages": 1}
        done["finished_at"] = timezone.now()
        kinds = {"handover-minutes": "x", "summary-report": "y"}
        unsigned, signed = (
            make_rendering(kind, places[place]["bloc_year"], fingerprint=mark, **done) for kind, mark in kinds.items()
        )
        user = make_user()
        issue = Issue.objects.create(rendering=signed, number="1/BC", dated=date(2026, 1, 5), noted_by=user)
        copy = SignedCopy.objects.create(
            issue=issue, name="a.pdf", media_type="application/pdf", size=1, sha256="0" * 64, added_by=user
        )
        places[place] |= {"unsigned": unsigned, "issue": issue, "signed": copy}


def form_of(name, rows):
    number = {"number": "2/BC", "dated": "20/01/2026"} if name in ("paper_issue", "issue_correct") else {}
    return number | ({"reason": "Nhầm"} if name in ("issue_correct", "issue_withdraw", "copy_withdraw") else {})
