"""Rows for tests. ``make_...`` functions build what a test is about; the factories below them only fill columns."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from awards.models import AwardKind, Proposal, Quota
from blocs.domain import obligations
from blocs.enums import AUTHORITY_ROLES, BLOC_ROLES, MemberRole, Milestone, Role
from blocs.models import (
    Authority,
    Bloc,
    BlocYear,
    Covenant,
    Membership,
    MilestoneDate,
    Seat,
    Target,
    Unit,
    UnitYear,
    User,
    Year,
)
from movements.models import Coordinator, Indicator, Movement
from reports.domain.papers import subjects
from reports.enums import DocumentKind, SummaryPartCode, SummaryReportState, UnitReportKind, UnitReportState
from reports.models import Rendering, SummaryPart, SummaryReport, UnitReport, UnitReportFigure, UnitReportPart
from reports.unit_form import BUILT_IN

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PASSWORD = "mat-khau-de-thu-2026"


def at(text):
    """``at("2026-11-20 17:00")``: a moment in Vietnam."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


# ---------------------------------------------------------------- columns


class AuthorityFactory(DjangoModelFactory):
    class Meta:
        model = Authority

    code = factory.Sequence(lambda n: f"ubnd-{n}")
    name = factory.Sequence(lambda n: f"Ủy ban nhân dân tỉnh số {n}")
    council = "Hội đồng Thi đua - Khen thưởng tỉnh"
    board = "Ban Thi đua - Khen thưởng"
    place = "Sơn Hà"
    header = "state"


class YearFactory(DjangoModelFactory):
    class Meta:
        model = Year

    authority = factory.SubFactory(AuthorityFactory)
    year = 2026
    label = factory.LazyAttribute(lambda row: str(row.year))
    starts_on = factory.LazyAttribute(lambda row: date(row.year, 1, 1))
    ends_on = factory.LazyAttribute(lambda row: date(row.year, 12, 31))


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = Unit

    authority = factory.SubFactory(AuthorityFactory)
    code = factory.Sequence(lambda n: f"don-vi-{n}")


class UnitYearFactory(DjangoModelFactory):
    class Meta:
        model = UnitYear

    year = factory.SubFactory(YearFactory)
    unit = factory.SubFactory(UnitFactory, authority=factory.SelfAttribute("..year.authority"))
    name = factory.Sequence(lambda n: f"Đơn vị số {n}")
    short_name = factory.LazyAttribute(lambda row: row.name.replace("Đơn vị", "ĐV"))
    position = factory.Sequence(int)


class BlocFactory(DjangoModelFactory):
    class Meta:
        model = Bloc

    authority = factory.SubFactory(AuthorityFactory)
    code = factory.Sequence(lambda n: f"khoi-{n}")


class BlocYearFactory(DjangoModelFactory):
    class Meta:
        model = BlocYear

    year = factory.SubFactory(YearFactory)
    bloc = factory.SubFactory(BlocFactory, authority=factory.SelfAttribute("..year.authority"))
    name = factory.Sequence(lambda n: f"Khối thi đua số {n}")
    kind = "khoi"
    position = factory.Sequence(int)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"nguoi-dung-{n}")
    post = factory.Sequence(lambda n: f"Chức danh số {n}")


class MovementFactory(DjangoModelFactory):
    class Meta:
        model = Movement

    year = factory.SubFactory(YearFactory)
    code = factory.Sequence(lambda n: f"phong-trao-{n}")
    name = factory.Sequence(lambda n: f"Phong trào số {n}")
    launched_by = "province"
    position = factory.Sequence(int)


# ---------------------------------------------------------------- who and when


def make_authority(**columns):
    return AuthorityFactory(**columns)


def make_year(authority=None, **columns):
    """A calendar year (``year=2026``); give ``label`` for a school year."""
    return YearFactory(**({"authority": authority} if authority else {}), **columns)


def make_unit_year(year=None, *, code=None, **columns):
    """A unit as it is called in a year; the same ``code`` in two years of one authority is one unit."""
    year = year or make_year()
    unit = Unit.objects.filter(authority=year.authority, code=code).first() if code else None
    unit = unit or UnitFactory(authority=year.authority, **({"code": code} if code else {}))
    return UnitYearFactory(year=year, unit=unit, **columns)


def make_bloc_year(year=None, *, members=3, head=True, deputy=True, **columns):
    """A bloc of a year with ``members`` units: the first is its head, the second its deputy.

    ``members`` may also be a list of UnitYear rows.
    """
    year = year or make_year()
    bloc_year = BlocYearFactory(year=year, **columns)
    units = [make_unit_year(year) for _ in range(members)] if isinstance(members, int) else members
    for position, unit in enumerate(units):
        role, rank = MemberRole.MEMBER, None
        if position == 0 and head:
            role = MemberRole.HEAD
        if position == 1 and deputy:
            role, rank = MemberRole.DEPUTY, 1
        Membership.objects.create(bloc_year=bloc_year, unit=unit, role=role, deputy_rank=rank, position=position)
    return bloc_year


def members_of(bloc_year):
    """The UnitYear rows of a bloc's year, in order."""
    return [row.unit for row in bloc_year.memberships.select_related("unit__unit").order_by("position")]


def make_seat(user, role, *, bloc_year=None, unit=None, authority=None, **columns):
    """A seat at the place that fits the role; ``unit`` may be a Unit or a UnitYear.

    Of a bloc year only what the role needs is taken: its authority, itself, or its first member unit.
    """
    if role in AUTHORITY_ROLES:
        place = {"authority": authority or (bloc_year.year.authority if bloc_year else make_authority())}
    elif role in BLOC_ROLES:
        place = {"bloc_year": bloc_year or make_bloc_year()}
    else:
        unit = unit or (members_of(bloc_year)[0] if bloc_year else UnitFactory())
        place = {"unit": unit.unit if isinstance(unit, UnitYear) else unit}
    return Seat.objects.create(user=user, role=role, **place, **columns)


def make_user(role=None, *, bloc_year=None, unit=None, authority=None, password=None, **columns):
    """A user with one seat of this role, or without any."""
    user = UserFactory(**columns)
    if password:
        user.set_password(password)
        user.save()
    if role is not None:
        make_seat(user, role, bloc_year=bloc_year, unit=unit, authority=authority)
    return user


def make_milestone(bloc_year, code=Milestone.UNIT_REPORT, *, due=None, locks=None):
    """``due`` and ``locks`` as ``"2026-11-20 23:59:59"`` in Vietnam."""
    row = MilestoneDate.objects.create(
        bloc_year=bloc_year, code=code, due_at=due and at(due), locks_at=locks and at(locks)
    )
    obligations.renew_bloc(bloc_year.pk)
    return row


# ---------------------------------------------------------------- what is promised, run, proposed


def make_target(bloc_year, code="T1", *, of=None, **columns):
    covenant, _ = Covenant.objects.get_or_create(bloc_year=bloc_year)
    defaults = {"text": f"Chỉ tiêu {code}", "op": ">=", "value": 100, "position": covenant.targets.count()}
    return Target.objects.create(covenant=covenant, code=code, of=of, **(defaults | columns))


def make_movement(year=None, *, owner=None, coordinators=(), indicators=1, **columns):
    """A movement of a year with ``indicators`` indicators I1, I2, …"""
    movement = MovementFactory(year=year or (owner.year if owner else make_year()), owner=owner, **columns)
    for position, unit in enumerate(coordinators):
        Coordinator.objects.create(movement=movement, unit=unit, position=position)
    for number in range(1, indicators + 1):
        Indicator.objects.create(
            movement=movement, code=f"I{number}", text=f"Chỉ số {number}", target=10, position=number
        )
    return movement


def make_quota(bloc_year, award="CTDT", **columns):
    kind = AwardKind.objects.get(code=award)
    return Quota.objects.create(bloc_year=bloc_year, award=kind, position=bloc_year.quotas.count(), **columns)


def make_proposal(bloc_year, unit, award="CTDT"):
    kind = AwardKind.objects.get(code=award)
    return Proposal.objects.create(bloc_year=bloc_year, unit=unit, award=kind, position=bloc_year.proposals.count())


# ---------------------------------------------------------------- reports


def make_unit_report(
    bloc_year=None,
    *,
    unit=None,
    kind=UnitReportKind.ANNUAL,
    state=UnitReportState.DRAFT,
    whole=False,
    submitted_at=None,
    by=None,
):
    """The report of a member unit (the first one by default); ``whole`` fills every obligatory part and figure."""
    bloc_year = bloc_year or make_bloc_year()
    unit = unit or members_of(bloc_year)[0]
    sent = state in (UnitReportState.SUBMITTED, UnitReportState.RETURNED, UnitReportState.ACCEPTED)
    moment = submitted_at or (at("2026-11-19 10:05") if sent else None)
    report = UnitReport.objects.create(
        bloc_year=bloc_year,
        unit=unit,
        kind=kind,
        state=state,
        submitted_at=moment,
        submitted_by=(by or make_user(Role.UNIT_LEADER, unit=unit)) if moment else None,
    )
    if whole:
        UnitReportPart.objects.bulk_create(
            UnitReportPart(report=report, code=part.code, paragraphs=[f"Nội dung {part.label}."], version=1)
            for part in BUILT_IN[kind].parts
        )
        UnitReportFigure.objects.bulk_create(
            UnitReportFigure(report=report, code=figure.code, value=5) for figure in BUILT_IN[kind].figures
        )
    return report


def make_summary_report(bloc_year=None, *, state=SummaryReportState.DRAFT, whole=False, adopted_on=None, by=None):
    """The summary report of a bloc; ``whole`` writes every part."""
    bloc_year = bloc_year or make_bloc_year()
    sent = state in (SummaryReportState.SUBMITTED, SummaryReportState.RETURNED, SummaryReportState.ACCEPTED)
    if state != SummaryReportState.DRAFT:
        adopted_on = adopted_on or date(2026, 11, 18)
    report = SummaryReport.objects.create(
        bloc_year=bloc_year,
        state=state,
        adopted_on=adopted_on,
        submitted_at=at("2026-11-19 10:05") if sent else None,
        submitted_by=(by or make_user(Role.BLOC_HEAD, bloc_year=bloc_year)) if sent else None,
    )
    if whole:
        SummaryPart.objects.bulk_create(
            SummaryPart(report=report, code=code, paragraphs=[f"Nội dung {code.label}."], version=1)
            for code in SummaryPartCode
        )
    return report


def make_rendering(kind, thing, **columns):
    """A paper asked for; ``thing`` is what papers of this kind are about."""
    place = subjects.columns(DocumentKind(kind), thing)
    return Rendering.objects.create(kind=kind, **(place | {"queued_at": timezone.now()} | columns))
