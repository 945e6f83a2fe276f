from django.urls import path

from blocs import views

urlpatterns = [
    path("chon-nam/", views.choose_year, name="choose_year"),
]
