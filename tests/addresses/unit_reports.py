"""The report of a unit in all its pieces, its Word file, and the forms that the board keeps."""

from awards.models import AwardKind
from blocs.domain import attachments
from blocs.models import User
from reports.models import ReportAttachment, ReportForm, ReportRecognition

TABLE = """
address              method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
mid_year_report_open    POST membership                own         404  404  404  302  302  404  404  404  404  404  404  302
mid_year_report_open    POST membership                colleague   404  404  404  404  404  404  404  404  404  404  404  302
unit_report_line        POST report line               own         404  404  404  302  302  404  404  404  404  404  404  302
unit_report_line        POST sent line                 colleague   422  422  422  404  404  404  404  422  422  422  404  302
unit_report_line        POST sent line                 foreign     404  404  404  404  404  404  404  404  404  404  404  302
unit_report_line_add    POST report                    own         404  404  404  302  302  404  404  404  404  404  404  302
unit_report_line_add    POST sent                      colleague   302  302  302  404  404  404  404  302  302  302  404  302
unit_report_line_add    POST sent                      foreign     404  404  404  404  404  404  404  404  404  404  404  302
unit_report_line_remove POST report line               own         404  404  404  302  302  404  404  404  404  404  404  302
unit_report_line_remove POST sent line                 foreign     404  404  404  404  404  404  404  404  404  404  404  302
unit_report_attach      POST report                    own         404  404  404  302  302  404  404  404  404  404  404  302
unit_report_attach      POST sent                      foreign     404  404  404  404  404  404  404  404  404  404  404  302
unit_report_file        GET  report file               own         404  404  404  200  200  404  404  404  404  404  404  302
unit_report_file        GET  sent file                 colleague   200  200  200  404  404  404  404  200  200  200  404  302
unit_report_file        GET  sent file                 beside      200  404  404  404  404  404  404  200  200  200  404  302
unit_report_file        GET  sent file                 foreign     404  404  404  404  404  404  404  404  404  404  404  302
unit_report_detach      POST report file               own         404  404  404  302  302  404  404  404  404  404  404  302
unit_report_detach      POST sent file                 foreign     404  404  404  404  404  404  404  404  404  404  404  302
paper_word              GET  summary-report place      own         200  200  200  200  200  404  404  200  200  200  404  302
paper_word              GET  summary-report place      foreign     404  404  404  404  404  404  404  404  404  404  404  302
paper_word              GET  unit-report report_place  own         404  404  404  200  200  404  404  404  404  404  404  302
paper_word              GET  unit-report report_place  colleague   200  200  200  404  404  404  404  200  200  200  404  302
paper_word              GET  unit-report report_place  foreign     404  404  404  404  404  404  404  404  404  404  404  302
report_form_list        GET  year                      own         200  404  404  404  404  404  404  404  404  404  404  302
report_form_list        GET  year                      foreign     404  404  404  404  404  404  404  404  404  404  404  302
report_form_edit        GET  year annual               own         200  404  404  404  404  404  404  404  404  404  404  302
report_form_edit        POST year annual               own         302  404  404  404  404  404  404  404  404  404  404  302
report_form_edit        POST year annual               foreign     404  404  404  404  404  404  404  404  404  404  404  302
report_form_discard     POST year mid_year             own         302  404  404  404  404  404  404  404  404  404  404  302
report_form_discard     POST year mid_year             foreign     404  404  404  404  404  404  404  404  404  404  404  302
"""
EMPTY_ROWS = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
FORM = {f"figures-{name}": value for name, value in EMPTY_ROWS.items()} | {
    "parts-TOTAL_FORMS": 1, "parts-INITIAL_FORMS": 0, "parts-0-label": "Kết quả", "parts-0-ORDER": 1, "confirmed": "on",
}  # fmt: skip


class Place:
    """A place as an address names it."""

    def __init__(self, report):
        self.pk = f"bao-cao-{report.pk}"


def add_rows(places, people):
    award = AwardKind.objects.get(code="BKT")
    for place, name in (("own", "report"), ("colleague", "sent"), ("beside", "sent"), ("foreign", "sent")):
        report = places[place][name]
        places[place]["report_place"] = Place(report)
        places[place]["line"] = ReportRecognition.objects.create(
            report=report, award=award, recipients="individual", count=3
        )
        judged = attachments.judge("a.pdf", b"%PDF-1.7 of an address")
        user = User.objects.first()
        places[place]["file"] = attachments.attach(
            ReportAttachment, judged, by=user, target=report, action="unit_report.attach", report=report
        )
    for place in ("own", "foreign"):
        ReportForm.objects.create(
            year=places[place]["year"], kind="mid_year", parts=[{"code": "ket-qua", "label": "Kết quả"}]
        )


def form_of(name, rows):
    if name.startswith("report_form"):
        return FORM
    return {"count": "4", "direct_workers": ""} if name.startswith("unit_report_line") else {}
