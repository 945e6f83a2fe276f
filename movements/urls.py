from django.urls import path

from movements import edit_views, views

urlpatterns = [
    path("phong-trao/", views.movement_list, name="movement_list"),
    path("phong-trao/<int:pk>/", views.movement_detail, name="movement_detail"),
    path("phong-trao/<int:pk>/ket-qua/", views.movement_record, name="movement_record"),
    path("phong-trao/them/", edit_views.movement_add, name="movement_add"),
    path("phong-trao/<int:pk>/sua/", edit_views.movement_edit, name="movement_edit"),
    path("phong-trao/<int:pk>/chi-so/them/", edit_views.indicator_add, name="indicator_add"),
    path("phong-trao/<int:pk>/chi-so/<int:indicator>/sua/", edit_views.indicator_edit, name="indicator_edit"),
    path("phong-trao/<int:pk>/chi-so/<int:indicator>/xoa/", edit_views.indicator_delete, name="indicator_delete"),
]
