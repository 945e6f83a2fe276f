import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.reports.yearfiles import store_rules


@pytest.fixture
def stored_rules(db):
    """The rule sets that the files of the tests name, published."""
    store_rules()


@pytest.fixture
def queries_of(client):
    """``queries_of(url)``: how many queries the page needs."""

    def count(url):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    return count
