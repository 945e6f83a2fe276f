"""What the browser may do. Everything it loads is ours; nothing inline."""

import importlib.util

from csp.constants import NONE, SELF

BOOTSTRAP_DIR = importlib.util.find_spec("bootstrap").submodule_search_locations[0]  # the package's own files

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's own icons are data addresses in its CSS
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
