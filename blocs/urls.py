from django.urls import path

from blocs.views import covenant, obligations, session

urlpatterns = [
    path("chon-nam/", session.choose_year, name="choose_year"),
    path("khoi/<int:pk>/giao-uoc/", covenant.covenant, name="covenant"),
    path("khoi/<int:pk>/giao-uoc/chi-tieu/them/", covenant.target_add, name="target_add"),
    path("khoi/<int:pk>/giao-uoc/chi-tieu/<int:target>/", covenant.target_edit, name="target_edit"),
    path("khoi/<int:pk>/giao-uoc/chi-tieu/<int:target>/xoa/", covenant.target_delete, name="target_delete"),
    path("khoi/<int:pk>/giao-uoc/chi-tieu/<int:target>/ket-qua/", covenant.target_result, name="target_result"),
    path("khoi/<int:pk>/lich/", obligations.bloc_calendar, name="bloc_calendar"),
    path("viec/<int:pk>/", obligations.obligation, name="obligation"),
    path("viec/<int:pk>/gia-han/", obligations.obligation_extend, name="obligation_extend"),
    path("viec/<int:pk>/mien-tinh-cham/", obligations.obligation_waive, name="obligation_waive"),
    path("viec/<int:pk>/da-nhan/", obligations.obligation_receipt, name="obligation_receipt"),
]
