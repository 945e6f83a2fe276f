"""Only speeds up, and keeps test processes apart."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests")

from config.settings.env import VAR_DIR

# One folder, and so one broker, for each process of pytest-xdist; a worker that a test starts inherits it.
TEST_PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "main")
if VAR_DIR.name != TEST_PROCESS:
    VAR_DIR = VAR_DIR / "test" / TEST_PROCESS
    os.environ["VAR_DIR"] = str(VAR_DIR)
    import config.settings.env

    config.settings.env.VAR_DIR = VAR_DIR

from config.settings.base import *  # noqa: E402 -- the folder of the process is chosen first

SECOND_FACTOR = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEBUG = False
DEMO_PASSWORD = "thi-dua-2026"  # noqa: S105 -- of test databases
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that a worker process sees what the test wrote.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["OPTIONS"].pop("pool", None)  # the test database is dropped at the end: no idle connections
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"test-{TEST_PROCESS}-"
    CACHES["default"]["KEY_PREFIX"] = f"test-{TEST_PROCESS}"
