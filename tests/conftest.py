import os

import pytest
from hypothesis import settings


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path):
    """Papers of a test stay in the test's own folder."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture(autouse=True)
def own_cache(settings):
    """Limits of sign-in attempts do not pass from one test to the next."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    from django.core.cache import cache  # noqa: PLC0415 -- app ready

    cache.clear()


# The same examples each time; HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("same", deadline=None, database=None, derandomize=True, print_blob=True, max_examples=25)
settings.register_profile("search", deadline=None, database=None, print_blob=True, max_examples=400)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
