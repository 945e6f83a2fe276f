"""Measures one run on this machine and prints it as JSON: ratios with their targets, never a time that must be kept.

Database and broker are SQLite and folders in a folder of its own below var/. With BENCH_USE_ENV=1 those of DATABASE_URL
(a scratch database beside it) and REDIS_URL (which must name an empty database) of the environment are used.
Exit 0 unless something works not as it must.
"""

import argparse
import contextlib
import json
import os
import platform
import secrets
import signal
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from bench_base import Wrong, figure, say

ROOT = Path(__file__).resolve().parent.parent
REPETITIONS = {
    "full": {
        "overhead": 9,
        "unchanged": 5,
        "reports": 12,
        "rounds": 3,
        "sizes": (5, 35, 140),
        "small": 5,
        "board": (140, 20, 5),
        "views": 9,
        "province": (35, 5),
    },
    "quick": {
        "overhead": 3,
        "unchanged": 2,
        "reports": 6,
        "rounds": 1,
        "sizes": (5, 7, 28),
        "small": 1,
        "board": (10, 5, 2),
        "views": 3,
        "province": (7, 1),
    },
}


@contextlib.contextmanager
def scratch():
    """An environment of its own; what was made is removed again."""
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "var", ignore_cleanup_errors=True) as folder:
        (Path(folder) / "static").mkdir()
        use_env = os.environ.get("BENCH_USE_ENV") == "1"
        database = os.environ.get("DATABASE_URL", "") if use_env else ""
        redis = os.environ.get("REDIS_URL", "") if use_env else ""
        os.environ.update(
            DJANGO_SETTINGS_MODULE="config.settings.base",
            SECRET_KEY=secrets.token_urlsafe(64),
            DEBUG="false",
            ALLOWED_HOSTS="localhost",
            LOG_LEVEL="ERROR",
            VAR_DIR=folder,
            MEDIA_ROOT=f"{folder}/media",
            WORKER_MAX_TASKS_PER_CHILD="10000",
            REDIS_URL=redis,
        )
        with scratch_database(database, f"sqlite:///{folder}/db.sqlite3"), empty_redis(redis):
            yield


@contextlib.contextmanager
def scratch_database(url, otherwise):
    """A PostgreSQL database beside the one of the address, or the file."""
    os.environ["DATABASE_URL"] = otherwise
    if not url.startswith("postgres"):
        yield
        return
    import psycopg  # noqa: PLC0415 -- only with a server
    from psycopg import conninfo, sql  # noqa: PLC0415

    name = f"bench_{secrets.token_hex(4)}"
    address = url.partition("?")[0].rpartition("/")[0]
    parts = conninfo.conninfo_to_dict(url)
    with psycopg.connect(**{**parts, "dbname": "postgres"}, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        os.environ["DATABASE_URL"] = f"{address}/{name}"
        try:
            yield
        finally:
            _close_connections()
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _close_connections():
    from django.db import connection  # noqa: PLC0415 -- environment ready

    connection.close()
    connection.close_pool()


@contextlib.contextmanager
def empty_redis(url):
    """Nobody else's queue is touched."""
    if not url:
        yield
        return
    import redis  # noqa: PLC0415 -- only with a server

    server = redis.Redis.from_url(url)
    if server.dbsize():
        raise Wrong("REDIS_URL must name an empty database, such as redis://127.0.0.1:6379/9")
    try:
        yield
    finally:
        server.flushdb()


def measure(counts):
    """Everything, the short things first.

    Shape:   counts of REPETITIONS -> {name: figure}
    """
    import bench_board  # noqa: PLC0415 -- app ready
    import bench_pages  # noqa: PLC0415
    import bench_papers  # noqa: PLC0415
    import bench_reports  # noqa: PLC0415
    import bench_workers  # noqa: PLC0415
    from bench_data import SHORT_BLOC, make_province  # noqa: PLC0415

    first, few, pages_many = (make_province(f"bench-{size}", size) for size in (1, 3, 140))
    figures = {"queries": bench_pages.queries([first, few, pages_many])}
    figures |= bench_board.board_years(*counts["board"], repetitions=counts["views"])
    figures["render_overhead"] = bench_papers.render_overhead(first, repetitions=counts["overhead"])
    figures |= bench_reports.assembly(repetitions=counts["views"])
    blocs, times = counts["province"]
    figures |= bench_reports.province_report(blocs, repetitions=times)
    figures["unchanged"] = bench_papers.unchanged(first, repetitions=counts["unchanged"])
    least, middle, most = counts["sizes"]
    small = [make_province(f"bench-few-{number}", least, model=SHORT_BLOC) for number in range(counts["small"])]
    some, many = (make_province(f"bench-{size}-short", size, model=SHORT_BLOC) for size in (middle, most))
    figures["import"] = import_figure(some, many)
    figures["two_workers_ratio"] = bench_workers.two_workers(
        pages_many, reports=counts["reports"], rounds=counts["rounds"]
    )
    run = bench_workers.long_run(small, some, many)
    figures |= bench_workers.worker_memory(run)
    return figures | bench_workers.scale(run)


def import_figure(some, many):
    """Information without a target: how the import of a year file grows."""
    queries = {str(len(province.bloc_years)): province.queries for province in (some, many)}
    return figure(round(many.seconds / some.seconds, 2), blocs=list(queries), queries=queries)


def machine(*, quick):
    from django.db import connection  # noqa: PLC0415 -- app ready

    return {
        "date": time.strftime("%Y-%m-%d"),
        "python": platform.python_version(),
        "weasyprint": version("weasyprint"),
        "processors": os.cpu_count(),
        "database": connection.vendor,
        "load_before": round(os.getloadavg()[0], 1),  # other work on the machine
        "broker": "redis" if os.environ["REDIS_URL"] else "folders",
        "quick": quick,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, smaller provinces")
    quick = parser.parse_args().quick
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as Ctrl-C does: what was made is removed
    started = time.monotonic()
    with scratch():
        sys.path.insert(0, str(ROOT))
        import django  # noqa: PLC0415 -- environment ready
        from django.core.management import call_command  # noqa: PLC0415

        django.setup()
        call_command("migrate", verbosity=0)
        result = {"machine": machine(quick=quick), "figures": measure(REPETITIONS["quick" if quick else "full"])}
    say(f"done in {time.monotonic() - started:.0f} s")
    print(json.dumps(result, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        sys.exit(f"bench: {wrong}")
