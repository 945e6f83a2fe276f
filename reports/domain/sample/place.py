"""Where the sample is: its texts, its blocs, and the people who act in it."""

from datetime import timedelta
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.utils import timezone

from blocs.enums import MemberRole, Role
from blocs.models import BlocYear, Seat, UnitYear, User

FOLDER = Path(__file__).resolve().parent.parent.parent / "sample"
AUTHORITY, SHOWN_YEAR = "ubnd-son-ha", "2026"
OFFICER, SECRETARY = "chuyenvien", "thuky"


@cache
def texts(name):
    """Shape: name of a file of ``reports/sample`` -> its values"""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def bloc_of(code, year=SHOWN_YEAR):
    """Shape: (code, label of a year) -> BlocYear with its year"""
    rows = BlocYear.objects.select_related("year", "bloc")
    return rows.get(bloc__code=code, bloc__authority__code=AUTHORITY, year__label=year)


def unit_of(year, code):
    """Shape: (Year, code or None) -> UnitYear or None"""
    return UnitYear.objects.select_related("unit").get(year=year, unit__code=code) if code else None


def account(name):
    return User.objects.get(username=name)


def leader_of(unit):
    """The leader of a unit: the account that is there, else one that nobody can sign in with.

    Shape:   UnitYear -> User
    """
    seat = Seat.objects.in_force().filter(role=Role.UNIT_LEADER, unit=unit.unit_id).select_related("user").first()
    if seat:
        return seat.user
    user = person(f"mau-{unit.unit.code}", f"Lãnh đạo đơn vị - {unit.short} (mẫu)")
    Seat.objects.create(user=user, role=Role.UNIT_LEADER, unit_id=unit.unit_id)
    return user


def head_of(bloc_year):
    """The head of a bloc's year, in the same way.

    Shape:   BlocYear -> User
    """
    seat = Seat.objects.in_force().filter(role=Role.BLOC_HEAD, bloc_year=bloc_year).select_related("user").first()
    if seat:
        return seat.user
    unit = bloc_year.memberships.select_related("unit").get(role=MemberRole.HEAD).unit
    user = person(f"mau-{bloc_year.bloc.code}", f"{bloc_year.head_word} - {unit.short} (mẫu)")
    Seat.objects.create(user=user, role=Role.BLOC_HEAD, bloc_year=bloc_year)
    return user


def person(name, post, *, can_sign_in=False):
    """Shape: (account name, post) -> User; with the password of the sample, or with none"""
    user = User(username=name, post=post)
    if can_sign_in:
        user.set_password(settings.DEMO_PASSWORD)
    else:
        user.set_unusable_password()
    user.save()
    return user


def day_in(days):
    """Shape: number of days, negative for the past -> date"""
    return timezone.localdate() + timedelta(days=days)
