"""Real Celery workers on the project's broker: two against one, and one that makes very many papers."""

import contextlib
import itertools
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench_base import Wrong, demand, figure, say
from bench_data import change_texts
from django.conf import settings

from reports import queue
from reports.domain import renderings
from reports.enums import DocumentKind, RenderingState
from reports.models import Rendering

KIND = DocumentKind.SUMMARY_REPORT
STALLED_AFTER = 120
SAMPLE_EVERY = 10
LOG_LINES = 20


class Worker:
    """A Celery worker with so many processes, in a session of its own; it ends with the block."""

    def __init__(self, processes):
        self.processes = processes
        self.log = Path(settings.VAR_DIR) / "worker.log"

    def __enter__(self):
        options = ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", *options]
        command += ["--concurrency", str(self.processes), "--hostname", f"bench{time.monotonic_ns()}@%h"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "--", *command],
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def __exit__(self, *error):
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)
            self.process.wait()

    def children(self):
        """The process ids of those who make papers."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def follow(self, rows, at_finish=lambda _: None):
        """Wait until all of these papers are made; ``at_finish`` hears each new number of finished ones."""
        ids, known, changed = [row.pk for row in rows], 0, time.monotonic()
        while known < len(ids):
            number = Rendering.objects.filter(pk__in=ids).exclude(state__in=["queued", "running"]).count()
            if number > known:
                known, changed = number, time.monotonic()
                at_finish(number)
            if self.process.poll() is not None or time.monotonic() - changed > STALLED_AFTER:
                raise Wrong(f"the worker stands still after {known} of {len(ids)} papers\n{self._end_of_log()}")
            time.sleep(0.1)
        return made(rows)

    def _end_of_log(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LOG_LINES:])


def made(rows):
    """The rows as the worker left them, each rendered, none taken from an earlier paper."""
    rows = list(Rendering.objects.filter(pk__in=[row.pk for row in rows]).order_by("finished_at"))
    failed = [row.error for row in rows if row.state != RenderingState.DONE]
    demand(not failed, f"{len(failed)} papers failed: {failed[:1]}")
    demand(not any(row.reused for row in rows), "a paper was not rendered")
    return rows


def request(province, number):
    """Rows for papers with new texts, not sent yet."""
    bloc_years = province.bloc_years[:number]
    change_texts(bloc_years)
    return [renderings.request(bloc_year, KIND, by=province.user) for bloc_year in bloc_years]


def seconds_of(row):
    return (row.finished_at - row.started_at).total_seconds()


# ---------------------------------------------------------------- one and two


@dataclass
class Round:
    """One worker's work on the same number of papers."""

    seconds: float
    busy: float  # share of the time that its processes spent on papers


def two_workers(province, *, reports, rounds):
    """Papers a second of a worker with two processes, divided by those of a worker with one."""
    found = {1: [], 2: []}
    for number in range(rounds):
        for processes in (1, 2) if number % 2 == 0 else (2, 1):
            found[processes].append(_round(province, processes, reports))
            say(f"two_workers {number}, {processes} processes: {found[processes][-1]}")
    ratio = statistics.median(one.seconds / two.seconds for one, two in zip(found[1], found[2], strict=True))
    return figure(
        round(ratio, 2),
        target={"at_least": 1.7},
        reports=reports,
        rounds=rounds,
        busy={str(key): round(statistics.median(one.busy for one in runs), 2) for key, runs in found.items()},
    )


def _round(province, processes, reports):
    """From the sending of the messages until the last paper is stored; the processes are warm."""
    with Worker(processes) as worker:
        _warm_up(worker, province)
        rows = request(province, reports)
        started = time.monotonic()
        queue.send(rows)
        rows = worker.follow(rows)
        seconds = time.monotonic() - started
    busy = sum(seconds_of(row) for row in rows) / seconds / processes
    return Round(seconds, busy)


def _warm_up(worker, province):
    """Papers until every process has made some: what it loads first costs time once."""
    for _ in range(10):
        rows = request(province, 2 * worker.processes)
        queue.send(rows)
        worker.follow(rows)
        if all(_processor_seconds(pid) > 2 for pid in worker.children()):
            return
    raise Wrong("a process of the worker makes no papers")


def _processor_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# ---------------------------------------------------------------- very many


@dataclass
class LongRun:
    """What one process did: the time of each paper by the size of its province, its memory on the way."""

    rounds: list[dict]  # {number of blocs: median seconds of a paper}, one a round
    reports: int
    samples: dict[int, float]  # {papers finished: resident MB}
    peak: float
    children: set[int]
    pause: float = 0.0  # median seconds between two papers: the broker's


def long_run(small, middle, large):
    """All blocs of all these provinces by one process, in rounds that take some of every size.

    Shape:   ([Province, ...], Province, Province) -> LongRun
    A round is one whole small province and the same share of the others: a slow minute of the machine falls on all.
    """
    run = LongRun([], 0, {}, 0.0, set())
    rounds = _rounds(small, middle, large)
    with Worker(1) as worker:
        rows = [row for one in rounds for _, row in one]
        queue.send(rows)
        done = worker.follow(rows, lambda number: _sample(run, worker, number))
        run.pause = statistics.median(_pauses(done))
        run.reports = len(rows)
        run.peak = max(_memory(pid, "VmHWM") for pid in worker.children())
    for one in rounds:
        fresh = {row.pk: row for row in Rendering.objects.filter(pk__in=[row.pk for _, row in one])}
        times = {}
        for size, row in one:
            times.setdefault(size, []).append(seconds_of(fresh[row.pk]))
        run.rounds.append({size: statistics.median(values) for size, values in times.items()})
    say(f"long_run: {run}")
    return run


def _pauses(rows):
    return [(after.started_at - row.finished_at).total_seconds() for row, after in itertools.pairwise(rows)]


def _rounds(small, middle, large):
    """Shape: -> [[(number of blocs, Rendering), ...], ...], as they are sent"""
    share = len(small)
    rounds = [[] for _ in small]
    for province in (*small, middle, large):
        size = len(province.bloc_years)
        change_texts(province.bloc_years)
        batch = renderings.request_all(province.year, by=province.user)
        rows = list(batch.renderings.order_by("pk"))
        if province in small:
            rounds[small.index(province)] += [(size, row) for row in rows]
            continue
        for number, one in enumerate(rounds):
            one += [(size, row) for row in rows[number::share]]
    return [_mixed(one) for one in rounds]


def _mixed(rows):
    """The sizes evenly among each other, in a fixed order."""
    places = {}
    for size, row in rows:
        places.setdefault(size, []).append(row)
    spread = [((number + 0.5) / len(own), size, row) for size, own in places.items() for number, row in enumerate(own)]
    return [(size, row) for _, size, row in sorted(spread, key=lambda item: item[:2])]


def _sample(run, worker, number):
    """The memory at every tenth finished paper."""
    place = number - number % SAMPLE_EVERY
    if place and place not in run.samples:
        run.children |= set(worker.children())
        run.samples[place] = sum(_memory(pid, "VmRSS") for pid in worker.children())


def _memory(pid, name):
    """In MB of 1024 * 1024 bytes."""
    with contextlib.suppress(FileNotFoundError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) / 1024
    raise Wrong("the process of the worker is gone")


def worker_memory(run):
    """The most that the process ever held, and what it held at the end against the time when it was warm."""
    demand(len(run.children) == 1, f"the papers were made by {len(run.children)} processes")
    quarter = run.reports // 4
    middle = [value for number, value in run.samples.items() if quarter <= number <= 2 * quarter]
    last = [value for number, value in run.samples.items() if number > run.reports - quarter]
    samples = {str(number): round(value) for number, value in run.samples.items()}
    growth = round(statistics.mean(last) / statistics.mean(middle), 3)
    is_long = run.reports >= 200  # before, it is still warming up
    return {
        "worker_memory_mb": figure(round(run.peak), target={"below": 300}, reports=run.reports, resident=samples),
        "worker_memory_growth": figure(growth, target={"at_most": 1.05} if is_long else None),
    }


def scale(run):
    """The time of a paper among many blocs, divided by that among few."""
    first, *others = sorted(run.rounds[0])
    ratios = {str(size): round(statistics.median(one[size] / one[first] for one in run.rounds), 3) for size in others}
    target = {"at_least": 0.85, "at_most": 1.15}
    return {f"scale_{size}_blocs": figure(ratio, target=target) for size, ratio in ratios.items()}
