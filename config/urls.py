from allauth.account import views as signin
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from blocs.views.session import health
from config.views import favicon, nowhere

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("awards.urls")),
    path("", include("movements.urls")),
    path("", include("blocs.urls")),
    path("tai-khoan/dang-nhap/", signin.login, name="account_login"),
    path("tai-khoan/dang-xuat/", signin.logout, name="account_logout"),
    # allauth asks for these names; nobody signs up or resets a password by himself
    path("tai-khoan/dang-ky/", nowhere, name="account_signup"),
    path("tai-khoan/quen-mat-khau/", nowhere, name="account_reset_password"),
    path("tai-khoan/tam-khoa/", nowhere, name="account_inactive"),
    path("tai-khoan/thu-dien-tu/", nowhere, name="account_email_verification_sent"),
    path(
        "quan-tri/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)
    ),  # the admin signs in through the one page whose attempts are limited
    path("quan-tri/", admin.site.urls),
    path("favicon.ico", favicon),  # the admin pages ask for it
    path("health/", health, name="health"),
]
