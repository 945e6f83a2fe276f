"""The province's report; ``province`` is a draft, so the board's own."""

from reports.models import ProvinceReport

TABLE = """
address                  method  in the address            place    staff head depu repo lead owne asse memb secr admi none anon
province_report_open      POST   year                       own      302  404  404  404  404  404  404  302  302  302  404  302
province_report_open      POST   year                       foreign  404  404  404  404  404  404  404  404  404  404  404  302
province_report           GET    province                   own      200  404  404  404  404  404  404  404  404  404  404  302
province_report           GET    province                   foreign  404  404  404  404  404  404  404  404  404  404  404  302
province_report_part      POST   province leading           own      302  404  404  404  404  404  404  404  404  404  404  302
province_report_part      POST   province leading           foreign  404  404  404  404  404  404  404  404  404  404  404  302
province_report_finish    POST   province                   own      302  404  404  404  404  404  404  404  404  404  404  302
province_report_finish    POST   province                   foreign  404  404  404  404  404  404  404  404  404  404  404  302
province_report_reopen    POST   province                   own      302  404  404  404  404  404  404  404  404  404  404  302
province_report_reopen    POST   province                   foreign  404  404  404  404  404  404  404  404  404  404  404  302
province_assembly_start   POST   province                   own      302  404  404  404  404  404  404  404  404  404  404  302
province_assembly_start   POST   province                   foreign  404  404  404  404  404  404  404  404  404  404  404  302
province_assembly_answer  POST   province lay               own      302  404  404  404  404  404  404  404  404  404  404  302
province_assembly_answer  POST   province giu               foreign  404  404  404  404  404  404  404  404  404  404  404  302
province_assembly_source  GET    province                   own      200  404  404  404  404  404  404  404  404  404  404  302
province_assembly_source  GET    province                   foreign  404  404  404  404  404  404  404  404  404  404  404  302
province_version_list     GET    province                   own      200  404  404  404  404  404  404  404  404  404  404  302
province_version_list     GET    province                   foreign  404  404  404  404  404  404  404  404  404  404  404  302
province_version_keep     POST   province                   own      302  404  404  404  404  404  404  404  404  404  404  302
province_version_keep     POST   province                   foreign  404  404  404  404  404  404  404  404  404  404  404  302
province_version_detail   GET    province 1                 own      200  404  404  404  404  404  404  404  404  404  404  302
province_version_detail   GET    province 1                 foreign  404  404  404  404  404  404  404  404  404  404  404  302
province_version_restore  POST   province 1                 own      302  404  404  404  404  404  404  404  404  404  404  302
province_version_restore  POST   province 1                 foreign  404  404  404  404  404  404  404  404  404  404  404  302
"""


def add_rows(places, people):
    for place in ("own", "foreign"):
        year = places[place]["year"]
        report = places[place]["province"] = ProvinceReport.objects.create(year=year)
        report.parts.create(code="leading", paragraphs=["Đã viết."], keys=[""], version=1)
        report.versions.create(number=1, reason="Thử", content={}, digest="x")
        report.pieces.create(part="leading", key="", text="Đoạn.")  # of an address that names none
