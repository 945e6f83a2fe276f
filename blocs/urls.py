from django.urls import path

from blocs import covenant_views, views

urlpatterns = [
    path("chon-nam/", views.choose_year, name="choose_year"),
    path("khoi/<int:pk>/giao-uoc/", covenant_views.covenant, name="covenant"),
    path("khoi/<int:pk>/giao-uoc/chi-tieu/them/", covenant_views.target_add, name="target_add"),
    path("khoi/<int:pk>/giao-uoc/chi-tieu/<int:target>/", covenant_views.target_edit, name="target_edit"),
    path("khoi/<int:pk>/giao-uoc/chi-tieu/<int:target>/xoa/", covenant_views.target_delete, name="target_delete"),
    path("khoi/<int:pk>/giao-uoc/chi-tieu/<int:target>/ket-qua/", covenant_views.target_result, name="target_result"),
]
