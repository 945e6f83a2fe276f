"""What the browser may do. Everything it loads is ours; nothing inline."""

import importlib.util
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from config.settings.signin import OIDC_SERVER_URL

BOOTSTRAP_DIR = importlib.util.find_spec("bootstrap").submodule_search_locations[0]  # the package's own files

_directory = urlsplit(OIDC_SERVER_URL)
# The form of the sign-in page is sent on to the province's directory, where there is one.
FORMS_GO_TO = [SELF, f"{_directory.scheme}://{_directory.netloc}"] if OIDC_SERVER_URL else [SELF]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's own icons are data addresses in its CSS
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": FORMS_GO_TO,
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
