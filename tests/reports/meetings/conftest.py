"""A bloc, its head who is signed in, and a meeting of theirs that runs on 5 December."""

import pytest
import time_machine

from blocs.enums import Role
from tests.factories import at, make_bloc_year, make_user
from tests.meeting_rows import make_meeting

NOW = at("2026-12-05 08:10")


@pytest.fixture(autouse=True)
def on_the_day():
    """The meetings of these tests are held on that day."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bloc_year():
    return make_bloc_year()


@pytest.fixture
def head(bloc_year, client):
    user = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    client.force_login(user)
    return user


@pytest.fixture
def running(bloc_year, head):
    return make_meeting(bloc_year, state="running", by=head)
