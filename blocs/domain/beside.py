"""Years that run on the same days: a unit stands in one open year a day and tier, so that nobody is asked twice."""

from blocs.models import BlocYear, Membership


def running(year):
    """The blocs that ask their units for things in another open year on days of this one; a closed bloc asks no more.

    Shape:   Year -> BlocYear queryset
    """
    return BlocYear.objects.filter(
        year__authority=year.authority_id, year__is_open=True, is_closed=False,
        year__starts_on__lte=year.ends_on, year__ends_on__gte=year.starts_on,
    ).exclude(year=year)  # fmt: skip


def asked(rows, year):
    """Of these memberships those in another open year; a year in preparation is checked when it is opened.

    Shape:   (Membership queryset, Year) -> Membership queryset
    """
    return rows.filter(bloc_year__in=running(year)) if year.is_open else rows.none()


def where(there, year):
    """Where a unit is asked already.

    Shape:   (Membership with unit and bloc_year.year, Year) -> "“Khối A” của năm 2026, năm đã mở có ngày trùng ..."
    """
    return (
        f"“{there.bloc_year.name}” của năm {there.bloc_year.year.label}, năm đã mở có ngày trùng với năm {year.label}"
    )


def words(there, year):
    """Why the unit of a membership cannot stand in this year too, and what to do first; as ``where``, no full stop."""
    return (
        f"{there.unit.name} đang ở {where(there, year)}, sẽ bị giao việc hai lần; đưa ra khỏi khối đó trước, "
        "hoặc chờ khối đó gửi báo cáo tổng kết"
    )


def places(year):
    """Shape: Year -> {(BlocYear id, UnitYear id, tier)} of its members"""
    rows = Membership.objects.filter(bloc_year__year=year)
    return set(rows.values_list("bloc_year", "unit", "tier"))


def asked_twice(year, *, but):
    """Which members of the year another open year asks too; who is in a closed bloc is asked no more.

    Shape:   (Year, ``places`` to pass over) -> [(BlocYear id, UnitYear id, words)]; two queries
    """
    here = Membership.objects.filter(bloc_year__year=year, bloc_year__is_closed=False)
    mine = {
        (unit, tier): (bloc, row)
        for bloc, row, unit, tier in here.values_list("bloc_year", "unit", "unit__unit", "tier")
        if (bloc, row, tier) not in but
    }
    there = asked(Membership.objects.filter(unit__unit__in={unit for unit, _ in mine}), year)
    rows = there.select_related("unit", "bloc_year__year").order_by("bloc_year__position", "position", "pk")
    found = [(mine.get((row.unit.unit_id, row.tier)), row) for row in rows]
    return [(*place, words(row, year)) for place, row in found if place]
