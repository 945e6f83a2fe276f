from allauth.account import views as signin
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.conf import settings
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
    path("tai-khoan/xac-nhan-lai/", signin.reauthenticate, name="account_reauthenticate"),
    path("tai-khoan/doi-mat-khau/", signin.password_change, name="account_change_password"),
    path("tai-khoan/buoc-hai/", factor.authenticate, name="mfa_authenticate"),
    path("tai-khoan/buoc-hai/xac-nhan-lai/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("tai-khoan/xac-thuc-hai-buoc/", factor.index, name="mfa_index"),
    path("tai-khoan/xac-thuc-hai-buoc/bat/", totp.activate_totp, name="mfa_activate_totp"),
    path("tai-khoan/xac-thuc-hai-buoc/tat/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("tai-khoan/ma-du-phong/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("tai-khoan/ma-du-phong/tao-moi/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    # allauth asks for these names; nobody signs up or resets a password by himself
    path("tai-khoan/dang-ky/", nowhere, name="account_signup"),
    path("tai-khoan/quen-mat-khau/", nowhere, name="account_reset_password"),
    path("tai-khoan/tam-khoa/", nowhere, name="account_inactive"),
    path("tai-khoan/dat-mat-khau/", nowhere, name="account_set_password"),
    path("tai-khoan/thu-dien-tu/", nowhere, name="account_email_verification_sent"),
    path(
        "quan-tri/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)
    ),  # the admin signs in through the one page whose attempts are limited
    path("quan-tri/", admin.site.urls),
    path("favicon.ico", favicon),  # the admin pages ask for it
    path("health/", health, name="health"),
]

if settings.OIDC_SERVER_URL:
    from allauth.socialaccount.providers.openid_connect import views as directory

    urlpatterns += [
        path("tai-khoan/<str:provider_id>/dang-nhap/", directory.login, name="openid_connect_login"),
        path("tai-khoan/<str:provider_id>/tra-loi/", directory.callback, name="openid_connect_callback"),
        path("tai-khoan/tinh/dang-ky/", nowhere, name="socialaccount_signup"),
        path("tai-khoan/tinh/da-gan/", nowhere, name="socialaccount_connections"),
        path(
            "tai-khoan/tinh/da-huy/",
            signin.login,
            name="socialaccount_login_cancelled",
        ),
    ]
