from django.urls import path

from awards import quota_views, registration_views, views

urlpatterns = [
    path("khoi/<int:pk>/dang-ky/<int:membership>/", registration_views.registration, name="registration"),
    path("khoi/<int:pk>/de-nghi/", views.proposals, name="proposals"),
    path("khoi/<int:pk>/de-nghi/them/", views.proposal_add, name="proposal_add"),
    path("khoi/<int:pk>/de-nghi/<int:proposal>/rut/", views.proposal_withdraw, name="proposal_withdraw"),
    path("to-chuc/<int:pk>/", quota_views.bloc_setup, name="bloc_setup"),
    path("to-chuc/<int:pk>/chi-tieu/<str:award>/", quota_views.bloc_quota, name="bloc_quota"),
    path("to-chuc/<int:pk>/chi-tieu/<str:award>/bo/", quota_views.bloc_quota_clear, name="bloc_quota_clear"),
]
