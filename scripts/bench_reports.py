"""Assembled reports: the draft of a bloc of 25 units, the paper of a province against WeasyPrint alone."""

import hashlib
import multiprocessing
import resource
import statistics
import time
from datetime import UTC, date, datetime

from bench_base import demand, figure, say
from bench_data import QueryCount
from bench_pages import BACKEND
from bench_papers import weasyprint_alone
from django.db import connection
from django.test import Client
from django.urls import reverse

from blocs.enums import Role
from blocs.models import Authority, Bloc, BlocYear, Membership, Seat, Unit, UnitYear, User, Year
from reports.domain import province_reports, renderings, summary_reports
from reports.domain.assembly import drafts
from reports.domain.assembly.kinds import PROVINCE, SUMMARY
from reports.domain.papers import pdf
from reports.domain.papers.registry import KINDS
from reports.enums import DocumentKind, RenderingState, SummaryPartCode
from reports.models import ProvincePart, SummaryPart, SummaryReport, UnitReport, UnitReportFigure, UnitReportPart
from reports.unit_form import FIGURES, PARTS

KIND = DocumentKind.PROVINCE_REPORT
UNITS = 25
SENTENCE = "Đơn vị đã triển khai đầy đủ các nhiệm vụ được giao trong năm và phát động thi đua đến từng bộ phận. "
SENT = datetime(2026, 11, 19, 3, tzinfo=UTC)


def make_year(code, blocs, units):
    """A province in which every unit and bloc has reported, each part some sentences long.

    Shape:   (code, number of blocs, of units in each) -> (Year, User of its board)
    """
    authority = Authority.objects.create(code=code, name=code, board="Sở Nội vụ", place="Sơn Hà")
    user = User.objects.create(username=code, post="Chuyên viên")
    Seat.objects.create(user=user, role=Role.BOARD_STAFF, authority=authority)
    year = Year.objects.create(
        authority=authority, label="2026", year=2026, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)
    )
    for place in range(blocs):
        same = Bloc.objects.create(authority=authority, code=f"khoi-{place}")
        bloc_year = BlocYear.objects.create(
            year=year, bloc=same, name=f"Khối thi đua số {place + 1}", kind="khoi", position=place
        )
        _report_units(bloc_year, units, user)
        report = SummaryReport.objects.create(
            bloc_year=bloc_year, state="submitted", adopted_on=SENT.date(), submitted_at=SENT, submitted_by=user
        )
        SummaryPart.objects.bulk_create(
            SummaryPart(report=report, code=part, paragraphs=[f"Khối {place}: " + SENTENCE * 20])
            for part in SummaryPartCode
        )
    return year, user


def _report_units(bloc_year, number, user):
    codes = [f"{bloc_year.bloc.code}-don-vi-{place}" for place in range(number)]
    units = Unit.objects.bulk_create(Unit(authority=bloc_year.year.authority, code=code) for code in codes)
    names = UnitYear.objects.bulk_create(
        UnitYear(year=bloc_year.year, unit=unit, name=f"Đơn vị {unit.code}", position=place)
        for place, unit in enumerate(units)
    )
    Membership.objects.bulk_create(
        Membership(bloc_year=bloc_year, unit=unit, position=place) for place, unit in enumerate(names)
    )
    reports = UnitReport.objects.bulk_create(
        UnitReport(bloc_year=bloc_year, unit=unit, state="submitted", submitted_at=SENT, submitted_by=user)
        for unit in names
    )
    UnitReportPart.objects.bulk_create(
        UnitReportPart(report=report, code=part.code, paragraphs=[SENTENCE * 6]) for report in reports for part in PARTS
    )
    UnitReportFigure.objects.bulk_create(
        UnitReportFigure(report=report, code=spec.code, value=10) for report in reports for spec in FIGURES
    )


# ---------------------------------------------------------------- figures


def assembly(*, repetitions):
    """The draft of a summary report for 5 and 25 units: statements, and time against an empty page of who is signed in.

    Shape:   -> two figures by name
    """
    found, seconds = {}, []
    empty = Client(SERVER_NAME="localhost")
    empty.force_login(User.objects.create(username="bench-assembly-nobody"), backend=BACKEND)
    for units in (5, UNITS):
        year, _ = make_year(f"bench-assembly-{units}", 1, units)
        bloc_year = year.bloc_years.get()
        head = User.objects.create(username=f"bench-head-{units}")
        Seat.objects.create(user=head, role=Role.BLOC_HEAD, bloc_year=bloc_year)
        bloc_year.summary_report.delete()
        report = summary_reports.open_report(bloc_year, by=head)
        with QueryCount() as count:
            drafts.assemble(SUMMARY, report.pk, by=head)
        found[str(units)] = count.number
    for _ in range(repetitions):
        report.delete()
        report = summary_reports.open_report(bloc_year, by=head)
        own = _seconds(lambda: drafts.assemble(SUMMARY, report.pk, by=head))  # noqa: B023 -- called at once
        seconds.append((own, _seconds(lambda: empty.get(reverse("todo")))))
    ratio = statistics.median(own / page for own, page in seconds)
    spent = statistics.median(own for own, _ in seconds)
    say(f"assembly: {found} queries, {ratio:.1f} times an empty page, {spent:.3f} s")
    return {
        "assembly_queries": figure(found[str(UNITS)], target={"at_most": found["5"] + 2}, queries=found),
        "assembly_ratio": figure(round(ratio, 1), units=UNITS, seconds=round(spent, 3), below_one_second=spent < 1),
    }


def province_report(blocs, *, repetitions):
    """The province's report from the database to the stored file against WeasyPrint alone: time and memory.

    Shape:   (number of blocs, int) -> two figures by name
    """
    year, user = make_year(f"bench-province-{blocs}", blocs, 4)
    report = province_reports.open_report(year, by=user)
    drafts.assemble(PROVINCE, report.pk, by=user)
    pairs = [_pair(report, user, alone_first=number % 2 == 0) for number in range(repetitions)]
    times = statistics.median(whole[0] / alone[0] for whole, alone, _ in pairs)
    memory = statistics.median(whole[1] / alone[1] for whole, alone, _ in pairs)
    say(f"province report of {blocs} blocs, {pairs[0][2]} pages: {times:.3f} in time, {memory:.3f} in memory")
    more = {"blocs": blocs, "pages": pairs[0][2]}
    return {
        "province_report_time": figure(
            round(times, 3),
            target={"at_most": 1.25},
            seconds_made=round(statistics.median(whole[0] for whole, _, _ in pairs), 2),
            seconds_weasyprint=round(statistics.median(alone[0] for _, alone, _ in pairs), 2),
            **more,
        ),
        "province_report_memory": figure(
            round(memory, 3),
            target={"at_most": 1.25},
            megabytes_made=round(statistics.median(whole[1] for whole, _, _ in pairs)),
            megabytes_weasyprint=round(statistics.median(alone[1] for _, alone, _ in pairs)),
            **more,
        ),
    }


def _pair(report, user, *, alone_first):
    """One new text made by the application and by WeasyPrint alone, each in its own process; equal bytes."""
    part = ProvincePart.objects.get(report=report, code="leading")
    part.paragraphs = [f"Lần {part.version}. {SENTENCE}", *part.paragraphs[1:]]
    part.version += 1
    part.save()
    year = Year.objects.select_related("authority").get(pk=report.year_id)
    html = pdf.html_of(KINDS[KIND].build(year), KINDS[KIND].template)
    acts = [lambda: _make(year, user), lambda: (_digest(weasyprint_alone(html)[0]), 0)]
    whole, alone = _apart(acts[1:] + acts[:1])[::-1] if alone_first else _apart(acts)
    demand(whole[0] == alone[0], "the stored paper differs from WeasyPrint's own")
    return whole[2:], alone[2:], whole[1]


def _make(year, user):
    row = renderings.request(year, KIND, by=user)
    renderings.make(row.pk)
    row.refresh_from_db()
    demand(row.state == RenderingState.DONE and not row.reused, f"the paper was not made: {row.error}")
    return _digest(renderings.path_of(row).read_bytes()), row.pages


def _digest(content):
    return hashlib.sha256(content).hexdigest()


def _seconds(act):
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _apart(acts):
    """Each act in a fresh fork: what a worker's process would need for this paper alone.

    Shape:   [act that gives (digest, pages)] -> [(digest, pages, seconds, megabytes at most)]
    """
    _let_go()
    return [_in_a_fork(act) for act in acts]


def _in_a_fork(act):
    near, far = multiprocessing.Pipe(duplex=False)

    def run():
        started = time.perf_counter()
        digest, pages = act()
        seconds = time.perf_counter() - started
        far.send((digest, pages, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    far.close()
    try:
        answer = near.recv()
    except EOFError:
        answer = None
    process.join()
    demand(answer is not None, "a process that made the paper broke off")
    return answer


def _let_go():
    """No connection may be shared with a fork."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
