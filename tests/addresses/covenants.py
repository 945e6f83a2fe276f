"""The covenant: its draft, closing, signatures, papers, results with evidence, amendments, comments; registrations.

``own`` has an unsigned covenant; the amendment, the scan and the comment stand there so that addresses name them.
"""

from blocs.domain import attachments
from blocs.models import Amendment, Comment, Covenant, CovenantPaper, ResultEvidence, TargetResult
from tests.factories import make_user, members_of

TABLE = """
address                   method in the address               place    staf  head  depu  repo  lead  owne  asse  memb  secr  admi  none  anon
covenant_draft            GET   bloc_year                    own      404  200  200  404  404  404  404  404  404  404  404  302
covenant_draft            GET   bloc_year                    foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_draft            POST  bloc_year                    own      404  302  302  404  404  404  404  404  404  404  404  302
covenant_draft            POST  bloc_year                    foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_take             POST  bloc_year mau                own      404  302  302  404  404  404  404  404  404  404  404  302
covenant_take             POST  bloc_year mau                foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_close            GET   bloc_year                    own      404  200  404  404  404  404  404  404  404  404  404  302
covenant_close            GET   bloc_year                    foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_close            POST  bloc_year                    own      404  302  404  404  404  404  404  404  404  404  404  302
covenant_close            POST  bloc_year                    foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_reopen           GET   bloc_year                    own      404  200  404  404  404  404  404  404  404  404  404  302
covenant_reopen           GET   bloc_year                    foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_reopen           POST  bloc_year                    own      404  422  404  404  404  404  404  404  404  404  404  302
covenant_reopen           POST  bloc_year                    foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_conclude         GET   bloc_year                    own      404  200  404  404  404  404  404  404  404  404  404  302
covenant_conclude         GET   bloc_year                    foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_conclude         POST  bloc_year                    own      404  422  404  404  404  404  404  404  404  404  404  302
covenant_conclude         POST  bloc_year                    foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_unconclude       GET   bloc_year                    own      404  200  404  404  404  404  404  404  404  404  404  302
covenant_unconclude       GET   bloc_year                    foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_unconclude       POST  bloc_year                    own      404  422  404  404  404  404  404  404  404  404  404  302
covenant_unconclude       POST  bloc_year                    foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_sign_page        GET   bloc_year                    own      404  404  404  404  200  404  404  404  404  404  404  302
covenant_sign_page        GET   bloc_year                    foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_sign             POST  bloc_year membership         own      404  404  404  404  302  404  404  404  404  404  404  302
covenant_sign             POST  bloc_year membership         foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_paper_add        GET   bloc_year                    own      404  200  200  404  404  404  404  404  404  404  404  302
covenant_paper_add        GET   bloc_year                    foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_paper_add        POST  bloc_year                    own      404  422  422  404  404  404  404  404  404  404  404  302
covenant_paper_add        POST  bloc_year                    foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_paper_file       GET   bloc_year scan               own      200  200  200  200  200  404  404  200  200  200  404  302
covenant_paper_file       GET   bloc_year scan               foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_paper_withdraw   GET   bloc_year scan               own      404  200  404  404  404  404  404  404  404  404  404  302
covenant_paper_withdraw   GET   bloc_year scan               foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_paper_withdraw   POST  bloc_year scan               own      404  422  404  404  404  404  404  404  404  404  404  302
covenant_paper_withdraw   POST  bloc_year scan               foreign  404  404  404  404  404  404  404  404  404  404  404  302
unit_result               GET   bloc_year membership target  own      404  404  404  200  200  404  404  404  404  404  404  302
unit_result               GET   bloc_year membership target  foreign  404  404  404  404  404  404  404  404  404  404  404  302
unit_result               POST  bloc_year membership target  own      404  404  404  422  422  404  404  404  404  404  404  302
unit_result               POST  bloc_year membership target  foreign  404  404  404  404  404  404  404  404  404  404  404  302
evidence_file             GET   bloc_year proof              own      200  200  200  200  200  404  404  200  200  200  404  302
evidence_file             GET   bloc_year proof              foreign  404  404  404  404  404  404  404  404  404  404  404  302
evidence_remove           POST  bloc_year proof              own      302  302  302  302  302  404  404  302  302  302  404  302
evidence_remove           POST  bloc_year proof              foreign  404  404  404  404  404  404  404  404  404  404  404  302
evidence_add              GET   bloc_year reached            own      404  404  404  200  200  404  404  404  404  404  404  302
evidence_add              GET   bloc_year reached            foreign  404  404  404  404  404  404  404  404  404  404  404  302
evidence_add              POST  bloc_year reached            own      404  404  404  422  422  404  404  404  404  404  404  302
evidence_add              POST  bloc_year reached            foreign  404  404  404  404  404  404  404  404  404  404  404  302
amendment_add             GET   bloc_year                    own      404  200  200  404  200  404  404  404  404  404  404  302
amendment_add             GET   bloc_year                    foreign  404  404  404  404  404  404  404  404  404  404  404  302
amendment_add             POST  bloc_year                    own      404  422  422  404  422  404  404  404  404  404  404  302
amendment_add             POST  bloc_year                    foreign  404  404  404  404  404  404  404  404  404  404  404  302
amendment_remove_target   GET   bloc_year target             own      404  200  200  404  404  404  404  404  404  404  404  302
amendment_remove_target   GET   bloc_year target             foreign  404  404  404  404  404  404  404  404  404  404  404  302
amendment_remove_target   POST  bloc_year target             own      404  422  422  404  404  404  404  404  404  404  404  302
amendment_remove_target   POST  bloc_year target             foreign  404  404  404  404  404  404  404  404  404  404  404  302
amendment_agree           POST  bloc_year amendment          own      302  302  302  302  302  404  404  302  302  302  404  302
amendment_agree           POST  bloc_year amendment          foreign  404  404  404  404  404  404  404  404  404  404  404  302
amendment_refuse          GET   bloc_year amendment          own      200  200  404  404  404  404  404  404  404  404  404  302
amendment_refuse          GET   bloc_year amendment          foreign  404  404  404  404  404  404  404  404  404  404  404  302
amendment_refuse          POST  bloc_year amendment          own      422  422  404  404  404  404  404  404  404  404  404  302
amendment_refuse          POST  bloc_year amendment          foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_comment          POST  bloc_year                    own      302  302  302  302  302  404  404  302  302  302  404  302
covenant_comment          POST  bloc_year                    foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_comment_answer   GET   bloc_year comment            own      404  200  200  404  404  404  404  404  404  404  404  302
covenant_comment_answer   GET   bloc_year comment            foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_comment_answer   POST  bloc_year comment            own      404  422  422  404  404  404  404  404  404  404  404  302
covenant_comment_answer   POST  bloc_year comment            foreign  404  404  404  404  404  404  404  404  404  404  404  302
covenant_comment_withdraw POST  bloc_year comment            own      302  302  302  302  302  404  404  302  302  302  404  302
covenant_comment_withdraw POST  bloc_year comment            foreign  404  404  404  404  404  404  404  404  404  404  404  302
registration              GET   bloc_year membership         own      404  404  404  404  200  404  404  404  404  404  404  302
registration              GET   bloc_year membership         foreign  404  404  404  404  404  404  404  404  404  404  404  302
registration              POST  bloc_year membership         own      404  404  404  404  422  404  404  404  404  404  404  302
registration              POST  bloc_year membership         foreign  404  404  404  404  404  404  404  404  404  404  404  302
"""


def add_rows(places, people):
    for name in ("own", "foreign"):
        rows, user = places[name], make_user()
        covenant = Covenant.objects.get(bloc_year=rows["bloc_year"])
        unit = members_of(rows["bloc_year"])[0]
        reached = TargetResult.objects.create(target=rows["target"], of=unit, value=1)
        rows["reached"] = reached
        rows["scan"], rows["proof"] = (
            kept(CovenantPaper, user, covenant=covenant),
            kept(ResultEvidence, user, result=reached),
        )
        rows["amendment"] = Amendment.objects.create(
            covenant=covenant, target=rows["target"], kind="remove", reason="x", proposed_by=user
        )
        rows["comment"] = Comment.objects.create(bloc_year=rows["bloc_year"], on="covenant", text="x", by=user)


def kept(model, user, **columns):
    """A file that lies where such files lie."""
    judged = attachments.judge("tep.pdf", b"%PDF-1.7 made for a test")
    digest, _ = attachments.keep(judged.content, "attachments", ".pdf")
    size = len(judged.content)
    return model.objects.create(
        name="tep.pdf", media_type=judged.media_type, size=size, sha256=digest, added_by=user, **columns
    )


def form_of(name, rows):
    return (
        {"reason": "Lý do."}
        if name in ("covenant_reopen", "covenant_unconclude", "amendment_add", "amendment_remove_target")
        else {}
    )
