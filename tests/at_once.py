"""Two people who do one thing at the same moment."""

import threading

import pytest
from django.db import connection

from blocs.errors import DomainError

needs_row_locks = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite writes one after the other by itself; row locks are PostgreSQL's"
)


def two_at_once(work, arguments):
    """Run ``work`` in two threads that start together.

    Shape:   (function of one argument, two arguments) -> (its answers, the words of refusals), each sorted
    """
    start, answers, refused = threading.Barrier(2, timeout=20), [], []

    def run(argument):
        try:
            start.wait()
            answers.append(work(argument))
        except DomainError as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(argument,)) for argument in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(answers), sorted(refused)
