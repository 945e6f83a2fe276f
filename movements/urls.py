from django.urls import path

from movements import views

urlpatterns = [
    path("phong-trao/", views.movement_list, name="movement_list"),
    path("phong-trao/<int:pk>/", views.movement_detail, name="movement_detail"),
    path("phong-trao/<int:pk>/ket-qua/", views.movement_record, name="movement_record"),
]
