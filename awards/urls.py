from django.urls import path

from awards import views

urlpatterns = [
    path("khoi/<int:pk>/de-nghi/", views.proposals, name="proposals"),
    path("khoi/<int:pk>/de-nghi/them/", views.proposal_add, name="proposal_add"),
    path("khoi/<int:pk>/de-nghi/<int:proposal>/rut/", views.proposal_withdraw, name="proposal_withdraw"),
]
