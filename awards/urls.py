from django.urls import path

from awards import notice_views, quota_views, registration_views, views

urlpatterns = [
    path("khoi/<int:pk>/thong-bao-khen-thuong/", notice_views.award_notices, name="award_notices"),
    path(
        "khoi/<int:pk>/thong-bao-khen-thuong/<int:notice>/bo/",
        notice_views.award_notice_remove,
        name="award_notice_remove",
    ),
    path("khoi/<int:pk>/trao-thuong/", notice_views.presentations, name="presentations"),
    path(
        "khoi/<int:pk>/trao-thuong/<int:presentation>/bo/",
        notice_views.presentation_remove,
        name="presentation_remove",
    ),
    path("khoi/<int:pk>/dang-ky/<int:membership>/", registration_views.registration, name="registration"),
    path("khoi/<int:pk>/de-nghi/", views.proposals, name="proposals"),
    path("khoi/<int:pk>/de-nghi/them/", views.proposal_add, name="proposal_add"),
    path("khoi/<int:pk>/de-nghi/<int:proposal>/rut/", views.proposal_withdraw, name="proposal_withdraw"),
    path("to-chuc/<int:pk>/", quota_views.bloc_setup, name="bloc_setup"),
    path("to-chuc/<int:pk>/chi-tieu/<str:award>/", quota_views.bloc_quota, name="bloc_quota"),
    path("to-chuc/<int:pk>/chi-tieu/<str:award>/bo/", quota_views.bloc_quota_clear, name="bloc_quota_clear"),
]
