import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.reports import every_paper
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


@pytest.fixture(scope="session")
def papers_twice(django_db_setup, django_db_blocker):
    """One of each kind of paper as data, read twice from rows that are gone again."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = every_paper.papers()
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="session")
def papers(papers_twice):
    return papers_twice[0]
