"""Which of his seats a user works in now. Rights stay those of all of them; only what is shown gets narrower."""

from django.http import Http404

from blocs.models import UnitYear


def seats_of(request):
    """The seats in force of the user, in a fixed order; read once a request.

    Shape:   request -> [Seat with authority, bloc_year, unit]
    """
    if not hasattr(request, "_seats"):
        rows = request.user.seats.in_force().select_related("authority", "bloc_year__year", "unit")
        request._seats = list(rows.order_by("role", "pk"))  # noqa: SLF001
    return request._seats  # noqa: SLF001


def current_seat(request):
    """The seat chosen in the masthead; None: all of them.

    Shape:   request -> Seat or None
    """
    chosen = request.session.get("seat")
    return next((seat for seat in seats_of(request) if seat.pk == chosen), None)


def choose(request, pk):
    """Work in one seat, or with an empty ``pk`` in all.

    Raises:  Http404 where the seat is not his
    """
    seat = next((seat for seat in seats_of(request) if str(seat.pk) == pk), None)
    if pk and seat is None:
        raise Http404
    request.session["seat"] = seat and seat.pk


def named(seats):
    """Seats as people call them: ``Khối trưởng · Hội Nhà báo tỉnh``.

    Shape:   [Seat with authority, bloc_year, unit] -> {Seat id: text}; one query at most
    """
    units = {seat.unit_id for seat in seats if seat.unit_id}
    rows = UnitYear.objects.filter(unit__in=units, year__is_open=True).order_by("year__starts_on") if units else []
    names = {row.unit_id: row.short for row in rows}  # the latest name stays
    return {seat.pk: f"{seat.get_role_display()} · {_place(seat, names)}" for seat in seats}


def _place(seat, names):
    if seat.unit_id:
        return names.get(seat.unit_id) or seat.unit.code
    return str(seat.bloc_year or seat.authority)
