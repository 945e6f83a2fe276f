"""Sign-in by user name and password; no sign-up; attempts limited."""

from config.settings.env import env

AUTH_USER_MODEL = "blocs.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "blocs.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "blocs.passwords.NotCommon"},
    {"NAME": "blocs.passwords.NotLikeOneself"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "todo"
ACCOUNT_ADAPTER = "blocs.adapter.ClosedAdapter"
ACCOUNT_FORMS = {
    "login": "blocs.signin_form.SignInForm",
    "reauthenticate": "blocs.signin_form.AgainForm",
    "change_password": "blocs.signin_form.OwnPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = env.int("REAUTHENTICATION_TIMEOUT", default=300)  # risky acts ask again
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "invitation": "10/m/ip,60/h/ip"}
# Behind a reverse proxy the limits must count the caller, not the proxy: how many proxies stand before us.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)  # how long a slip or a letter opens the door

# A second factor: an application that shows six digits. Asked of board, council secretary and administrators.
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=False)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "blocs.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "blocs.signin_form.CodeForm",
    "reauthenticate": "blocs.signin_form.CodeAgainForm",
    "activate_totp": "blocs.signin_form.FirstCodeForm",
}
MFA_TOTP_ISSUER = env.str("SECOND_FACTOR_ISSUER", default="Thi đua, khen thưởng")
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are written down by the board, not verified by letters

# The province's own directory, by OpenID Connect; it opens accounts that are there, it makes none.
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
OIDC_NAME = env.str("OIDC_NAME", default="tài khoản của tỉnh")
if OIDC_SERVER_URL:
    OIDC_APPS = ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    _directory = {
        "provider_id": "tinh",
        "name": OIDC_NAME,
        "client_id": env.str("OIDC_CLIENT_ID"),
        "secret": env.str("OIDC_CLIENT_SECRET"),
        "settings": {"server_url": OIDC_SERVER_URL},
    }
    SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [_directory]}}
    SOCIALACCOUNT_ADAPTER = "blocs.directory.DirectoryAdapter"
else:
    OIDC_APPS = []

DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="")  # of the sample province's accounts; none without it

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 30  # seconds; a mail server that does not answer fails the letter, not the worker
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="thi-dua@localhost")
