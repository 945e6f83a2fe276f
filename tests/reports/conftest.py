import pytest

from tests.reports.yearfiles import store_rules


@pytest.fixture
def stored_rules(db):
    """The rule sets that the files of the tests name, published."""
    store_rules()
