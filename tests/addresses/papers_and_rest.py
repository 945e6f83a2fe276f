"""The pages of the year: to do, board, blocs, reports, covenant, proposals, movements; sign-in and the admin."""

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
todo                 GET    -                        -           200  200  200  200  200  200  200  200  200  200  200  302
board                GET    -                        -           200  404  404  404  404  404  404  200  200  200  404  302
bloc_list            GET    -                        -           200  302  302  302  302  200  200  200  200  200  200  302
report_list          GET    -                        -           200  200  200  200  200  200  200  200  200  200  200  302
movement_list        GET    -                        -           200  200  200  200  200  200  200  200  200  200  200  302
choose_year          POST   (year)                   own         302  302  302  302  302  302  302  302  302  302  404  302
choose_year          POST   (year)                   foreign     404  404  404  404  404  404  404  404  404  404  404  302

bloc_detail          GET    bloc_year                own         200  200  200  200  200  404  404  200  200  200  404  302
bloc_detail          GET    bloc_year                beside      200  404  404  404  404  404  404  200  200  200  404  302
bloc_detail          GET    bloc_year                foreign     404  404  404  404  404  404  404  404  404  404  404  302
summary_report_open  POST   bloc_year                own         302  302  302  302  302  404  404  302  302  302  404  302
summary_report_open  POST   bloc_year                beside      302  404  404  404  404  404  404  302  302  302  404  302
summary_report_open  POST   bloc_year                foreign     404  404  404  404  404  404  404  404  404  404  404  302

unit_report_open     POST   membership               own         404  404  404  302  302  404  404  404  404  404  404  302
unit_report_open     POST   membership               colleague   404  404  404  404  404  404  404  404  404  404  404  302
unit_report_open     POST   membership               beside      404  404  404  404  404  404  404  404  404  404  404  302
unit_report_open     POST   membership               foreign     404  404  404  404  404  404  404  404  404  404  404  302
unit_report          GET    report                   own         404  404  404  200  200  404  404  404  404  404  404  302
unit_report          GET    sent                     colleague   200  200  200  404  404  404  404  200  200  200  404  302
unit_report          GET    sent                     beside      200  404  404  404  404  404  404  200  200  200  404  302
unit_report          GET    sent                     foreign     404  404  404  404  404  404  404  404  404  404  404  302
unit_report_part     POST   report leading           own         404  404  404  302  302  404  404  404  404  404  404  302
unit_report_part     POST   sent leading             colleague   422  422  422  404  404  404  404  422  422  422  404  302
unit_report_part     POST   sent leading             beside      422  404  404  404  404  404  404  422  422  422  404  302
unit_report_part     POST   sent leading             foreign     404  404  404  404  404  404  404  404  404  404  404  302
unit_report_figure   POST   report staff             own         404  404  404  302  302  404  404  404  404  404  404  302
unit_report_figure   POST   sent staff               colleague   422  422  422  404  404  404  404  422  422  422  404  302
unit_report_figure   POST   sent staff               foreign     404  404  404  404  404  404  404  404  404  404  404  302
unit_report_result   POST   report target            own         404  404  404  302  302  404  404  404  404  404  404  302
unit_report_result   POST   sent target              colleague   422  422  422  404  404  404  404  422  422  422  404  302
unit_report_result   POST   sent target              foreign     404  404  404  404  404  404  404  404  404  404  404  302
unit_report_step     POST   report hand_up           own         404  404  404  302  302  404  404  404  404  404  404  302
unit_report_step     POST   sent accept              colleague   302  302  302  404  404  404  404  302  302  302  404  302
unit_report_step     POST   sent accept              foreign     404  404  404  404  404  404  404  404  404  404  404  302

summary_report       GET    summary                  own         200  200  200  200  200  404  404  200  200  200  404  302
summary_report       GET    summary                  beside      200  404  404  404  404  404  404  200  200  200  404  302
summary_report       GET    summary                  foreign     404  404  404  404  404  404  404  404  404  404  404  302
summary_report_part  POST   summary leading          own         422  302  302  422  422  404  404  422  422  422  404  302
summary_report_part  POST   summary leading          beside      422  404  404  404  404  404  404  422  422  422  404  302
summary_report_part  POST   summary leading          foreign     404  404  404  404  404  404  404  404  404  404  404  302
summary_report_step  POST   summary adopt            own         302  302  302  302  302  404  404  302  302  302  404  302
summary_report_step  POST   summary adopt            foreign     404  404  404  404  404  404  404  404  404  404  404  302

rendering_request    POST   summary-report place     own         302  302  302  302  302  404  404  302  302  302  404  302
rendering_request    POST   summary-report place     foreign     404  404  404  404  404  404  404  404  404  404  404  302
rendering_request    POST   division-decision year_place beside  302  404  404  404  404  404  404  404  404  404  404  302
verify               GET    -                        -           200  200  200  200  200  200  200  200  200  200  200  200
verify               POST   -                        -           422  422  422  422  422  422  422  422  422  422  422  422
verify_code          GET    7QK2-M0XD-93TB           -           200  200  200  200  200  200  200  200  200  200  200  200
rendering_state      GET    rendering                own         200  200  200  200  200  404  404  200  200  200  404  302
rendering_state      GET    rendering                beside      200  404  404  404  404  404  404  200  200  200  404  302
rendering_state      GET    rendering                foreign     404  404  404  404  404  404  404  404  404  404  404  302
rendering_file       GET    rendering                own         200  200  200  200  200  404  404  200  200  200  404  302
rendering_file       GET    rendering                beside      200  404  404  404  404  404  404  200  200  200  404  302
rendering_file       GET    rendering                foreign     404  404  404  404  404  404  404  404  404  404  404  302
rendering_retry      POST   failed                   own         302  302  302  302  302  404  404  302  302  302  404  302
rendering_retry      POST   failed                   foreign     404  404  404  404  404  404  404  404  404  404  404  302
batch_start          POST   (year)                   own         302  404  404  404  404  404  404  404  404  404  404  302
batch_start          POST   (year)                   foreign     404  404  404  404  404  404  404  404  404  404  404  302
batch                GET    batch                    own         200  404  404  404  404  404  404  200  200  200  404  302
batch                GET    batch                    foreign     404  404  404  404  404  404  404  404  404  404  404  302
batch_file           GET    batch                    own         200  404  404  404  404  404  404  200  200  200  404  302
batch_file           GET    batch                    foreign     404  404  404  404  404  404  404  404  404  404  404  302

covenant             GET    bloc_year                own         200  200  200  200  200  404  404  200  200  200  404  302
covenant             GET    bloc_year                beside      200  404  404  404  404  404  404  200  200  200  404  302
covenant             GET    bloc_year                foreign     404  404  404  404  404  404  404  404  404  404  404  302
target_add           GET    bloc_year                own         404  200  200  404  404  404  404  404  404  404  404  302
target_add           POST   bloc_year                own         404  302  302  404  404  404  404  404  404  404  404  302
target_add           POST   bloc_year                beside      404  404  404  404  404  404  404  404  404  404  404  302
target_edit          GET    bloc_year target         own         404  200  200  404  404  404  404  404  404  404  404  302
target_edit          POST   bloc_year target         own         404  302  302  404  404  404  404  404  404  404  404  302
target_edit          POST   bloc_year target         foreign     404  404  404  404  404  404  404  404  404  404  404  302
target_delete        GET    bloc_year target         own         404  200  200  404  404  404  404  404  404  404  404  302
target_delete        POST   bloc_year target         own         404  302  302  404  404  404  404  404  404  404  404  302
target_delete        POST   bloc_year target         foreign     404  404  404  404  404  404  404  404  404  404  404  302
target_result        GET    bloc_year target         own         404  200  200  404  404  404  404  404  404  404  404  302
target_result        POST   bloc_year target         own         404  302  302  404  404  404  404  404  404  404  404  302
target_result        POST   bloc_year target         foreign     404  404  404  404  404  404  404  404  404  404  404  302

proposals            GET    bloc_year                own         200  200  200  200  200  404  404  200  200  200  404  302
proposals            GET    bloc_year                beside      200  404  404  404  404  404  404  200  200  200  404  302
proposals            GET    bloc_year                foreign     404  404  404  404  404  404  404  404  404  404  404  302
proposal_add         POST   bloc_year                own         404  302  302  404  404  404  404  404  404  404  404  302
proposal_add         POST   bloc_year                beside      404  404  404  404  404  404  404  404  404  404  404  302
proposal_withdraw    GET    bloc_year proposal       own         404  200  200  404  404  404  404  404  404  404  404  302
proposal_withdraw    POST   bloc_year proposal       own         404  302  302  404  404  404  404  404  404  404  404  302
proposal_withdraw    POST   bloc_year proposal       foreign     404  404  404  404  404  404  404  404  404  404  404  302

movement_detail      GET    movement                 own         200  200  200  200  200  200  404  200  200  200  404  302
movement_detail      GET    movement                 foreign     404  404  404  404  404  404  404  404  404  404  404  302
movement_record      POST   movement                 own         302  404  404  404  404  302  404  404  404  404  404  302
movement_record      POST   movement                 beside      302  404  404  404  404  404  404  404  404  404  404  302
movement_record      POST   movement                 foreign     404  404  404  404  404  404  404  404  404  404  404  302
movement_add         GET    (year)                       own        200  404  404  404  404  404  404  404  404  404  404  302
movement_add         POST   (year)                       own        302  404  404  404  404  404  404  404  404  404  404  302
movement_add         POST   (year)                       foreign    404  404  404  404  404  404  404  404  404  404  404  302
movement_edit        GET    movement                     own        200  404  404  404  404  200  404  404  404  404  404  302
movement_edit        POST   movement                     own        302  404  404  404  404  302  404  404  404  404  404  302
movement_edit        POST   movement                     beside     302  404  404  404  404  404  404  404  404  404  404  302
movement_edit        POST   movement                     foreign    404  404  404  404  404  404  404  404  404  404  404  302
indicator_add        GET    movement                     own        200  404  404  404  404  200  404  404  404  404  404  302
indicator_add        POST   movement                     own        302  404  404  404  404  302  404  404  404  404  404  302
indicator_add        POST   movement                     beside     302  404  404  404  404  404  404  404  404  404  404  302
indicator_add        POST   movement                     foreign    404  404  404  404  404  404  404  404  404  404  404  302
indicator_edit       GET    movement indicator           own        200  404  404  404  404  200  404  404  404  404  404  302
indicator_edit       POST   movement indicator           own        302  404  404  404  404  302  404  404  404  404  404  302
indicator_edit       POST   movement indicator           foreign    404  404  404  404  404  404  404  404  404  404  404  302
indicator_delete     POST   movement indicator           own        302  404  404  404  404  302  404  404  404  404  404  302
indicator_delete     POST   movement indicator           foreign    404  404  404  404  404  404  404  404  404  404  404  302

account_login        GET    -                        -           302  302  302  302  302  302  302  302  302  302  302  200
account_logout       GET    -                        -           200  200  200  200  200  200  200  200  200  200  200  302
account_logout       POST   -                        -           302  302  302  302  302  302  302  302  302  302  302  302
account_signup       GET    -                        -           404  404  404  404  404  404  404  404  404  404  404  404
account_reset_password GET  -                        -           404  404  404  404  404  404  404  404  404  404  404  404
account_inactive     GET    -                        -           404  404  404  404  404  404  404  404  404  404  404  404
account_email_verification_sent GET -                -           404  404  404  404  404  404  404  404  404  404  404  404
health               GET    -                        -           200  200  200  200  200  200  200  200  200  200  200  200
favicon.ico          GET    -                        -           302  302  302  302  302  302  302  302  302  302  302  302

quan-tri/login/      GET    -                        -           302  302  302  302  302  302  302  302  302  302  302  302
admin:index          GET    -                        -           404  404  404  404  404  404  404  404  404  200  404  302
admin:password_change GET   -                        -           404  404  404  404  404  404  404  404  404  200  404  302
admin:password_change_done GET -                     -           404  404  404  404  404  404  404  404  404  200  404  302
admin:jsi18n         GET    -                        -           404  404  404  404  404  404  404  404  404  200  404  302
admin:app_list       GET    blocs                    -           404  404  404  404  404  404  404  404  404  200  404  302
admin:autocomplete   GET    -                        -           404  404  404  404  404  404  404  404  404  403  404  302
admin:logout         POST   -                        -           404  404  404  404  404  404  404  404  404  200  404  302
admin:view_on_site   GET    1 1                      -           404  404  404  404  404  404  404  404  404  404  404  302
"""
