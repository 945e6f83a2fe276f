from django.urls import path

from reports.views import overview, papers, search, summary_report, unit_report

urlpatterns = [
    path("", overview.todo_page, name="todo"),
    path("bang/", overview.board, name="board"),
    path("tra-cuu/", search.search, name="search"),
    path("khoi/", overview.bloc_list, name="bloc_list"),
    path("khoi/<int:pk>/", overview.bloc_detail, name="bloc_detail"),
    path("khoi/<int:pk>/bao-cao-tong-ket/", summary_report.summary_report_open, name="summary_report_open"),
    path("khoi/<int:pk>/in/<slug:kind>/", papers.rendering_request, name="rendering_request"),
    path("thanh-vien/<int:pk>/bao-cao-nam/", unit_report.unit_report_open, name="unit_report_open"),
    path("bao-cao-nam/<int:pk>/", unit_report.unit_report, name="unit_report"),
    path("bao-cao-nam/<int:pk>/phan/<slug:code>/", unit_report.unit_report_part, name="unit_report_part"),
    path("bao-cao-nam/<int:pk>/so-lieu/<slug:code>/", unit_report.unit_report_figure, name="unit_report_figure"),
    path("bao-cao-nam/<int:pk>/chi-tieu/<int:target>/", unit_report.unit_report_result, name="unit_report_result"),
    path("bao-cao-nam/<int:pk>/buoc/<slug:name>/", unit_report.unit_report_step, name="unit_report_step"),
    path("bao-cao-tong-ket/<int:pk>/", summary_report.summary_report, name="summary_report"),
    path("bao-cao-tong-ket/<int:pk>/phan/<slug:code>/", summary_report.summary_report_part, name="summary_report_part"),
    path("bao-cao-tong-ket/<int:pk>/buoc/<slug:name>/", summary_report.summary_report_step, name="summary_report_step"),
    path("bao-cao/", papers.report_list, name="report_list"),
    path("bao-cao/in-tat-ca/", papers.batch_start, name="batch_start"),
    path("dot-in/<int:pk>/", papers.batch, name="batch"),
    path("dot-in/<int:pk>/tep/", papers.batch_file, name="batch_file"),
    path("ban-in/<int:pk>/", papers.rendering_state, name="rendering_state"),
    path("ban-in/<int:pk>/tao-lai/", papers.rendering_retry, name="rendering_retry"),
    path("ban-in/<int:pk>/tep/", papers.rendering_file, name="rendering_file"),
]
