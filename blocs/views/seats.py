"""Seats end and pass on; who holds which in one's own unit or bloc; the seat in which one works now."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs import seats as own_seats
from blocs.domain import invitation_slips, leader_seats, people, seats
from blocs.enums import BLOC_ROLES, Role
from blocs.models import BlocYear, Seat, User
from blocs.organisation_forms import EditForm
from blocs.people_forms import HandOverForm
from blocs.views.organisation import answer
from blocs.views.people import with_seats
from blocs.years import current_year


@login_required
@require_POST
def choose_seat(request):
    """The seat in the masthead; it stays until another is chosen."""
    own_seats.choose(request, request.POST.get("seat", ""))
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return redirect(target if is_ours and target in KEEP_PAGE else "todo")


KEEP_PAGE = {"/", "/phong-trao/", "/ho-so/", "/thong-bao/"}  # pages that every seat opens


@login_required
@require_http_methods(["GET", "POST"])
def seat_end(request, pk):
    seat = _seat(request, pk, "blocs.keep_seat")
    form = EditForm(request.POST or None, is_open=True)
    form.fields["reason"].required = False
    form.fields["reason"].label = "Lý do (được ghi vết)"
    today = timezone.localdate()
    does = f"{seat.user} giữ “{seat.name}” đến hết hôm nay ({today:%d/%m/%Y})."
    if offices := _offices(seat):
        does += f" Đây là vị trí cuối ở đơn vị, nên cũng kết thúc: {offices}."
    does += " Tài khoản và các vị trí khác giữ nguyên."
    page = {"title": "Kết thúc vị trí", "button": "Kết thúc vị trí", "person": seat.user, "does": does}

    def save():
        return seats.end_seat(seat.pk, by=request.user, reason=form.cleaned_data["reason"])

    def done(_):
        messages.success(request, f"{seat.user}: “{seat.name}” kết thúc hết hôm nay.")
        return _on(request, seat)

    return answer(request, form, save, page, done, template="blocs/person_form.html")


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def seat_hand_over(request, pk):
    """A colleague takes the seat; a new one gets his slip on this very answer."""
    seat = _seat(request, pk, "blocs.pass_on_seat")
    takes_new = seats.takes_new(seat, by=request.user)
    form = HandOverForm(request.POST or None, colleagues=seats.colleagues(seat), takes_new=takes_new)
    does = f"{seat.user} giữ “{seat.name}” đến hết hôm nay; người nhận giữ từ hôm nay. Việc còn nợ chuyển theo vị trí."
    if offices := _offices(seat):
        does += f" Chuyển theo cho người nhận: {offices}."
    page = {"title": "Chuyển vị trí cho người khác", "button": "Chuyển vị trí", "person": seat.user, "does": does}

    def save():
        if to := form.cleaned_data["to"]:
            return seats.hand_over_seat(seat.pk, to.pk, by=request.user), None
        return people.hand_over_to_new(seat.pk, form.fields_of_person(), by=request.user)

    def done(result):
        given, issued = result
        messages.success(request, f"{given.user} giữ “{seat.name}” từ hôm nay.")
        if issued is None:
            return _on(request, seat)
        slips = [{"issued": issued, "picture": invitation_slips.picture(issued)}]
        context = {"slips": slips, "address": invitation_slips.address(), "by": request.user, "back": "/"}
        return render(request, "blocs/invitation_slips.html", context)

    return answer(request, form, save, page, done, template="blocs/person_form.html")


def _seat(request, pk, permission):
    seat = get_object_or_404(Seat.objects.select_related("user", "authority", "bloc_year__year", "unit"), pk=pk)
    if seat.is_over() or not request.user.has_perm(permission, seat):
        raise Http404
    seat.name = own_seats.named([seat])[seat.pk]
    return seat


def _offices(seat):
    """The offices that end or go with a seat in a unit, as people call them."""
    rows = leader_seats.resting_on(seat)
    names = own_seats.named(rows)
    return "; ".join(f"“{names[row.pk]}”" for row in rows)


def _on(request, seat):
    """Back to the person, as far as the user still sees him."""
    if User.objects.visible_to(request.user).filter(pk=seat.user_id).exists() and seat.user != request.user:
        return redirect("person", seat.user_id)
    return redirect("my_profile")


@login_required
@require_GET
def unit_people(request):
    """The people of the units that the user leads."""
    led = Seat.objects.filter(user=request.user).having(Role.UNIT_LEADER).values("unit")
    if not led:
        raise Http404
    here = Seat.objects.not_over().filter(unit__in=led)
    users = User.objects.visible_to(request.user).filter(pk__in=here.values("user"))
    rows = with_seats(users.order_by("post", "full_name", "username"))
    kept = seats.kept_among(rows, by=request.user)
    mine = [seat for seat in own_seats.seats_of(request) if seat.role == Role.UNIT_LEADER]
    people.note_reading(rows, by=request.user, target=mine[0].unit, authority=mine[0].authority_at)
    names = own_seats.named(mine)
    context = {
        "rows": rows,
        "kept": kept,
        "mine": [(seat, names[seat.pk]) for seat in mine],
        "year": current_year(request),
    }
    return render(request, "blocs/unit_people.html", context)


@login_required
@require_GET
def bloc_people(request, pk):
    """Who holds the offices of a bloc; for those who hold one and for the board."""
    bloc_year = get_object_or_404(BlocYear.objects.visible_to(request.user).select_related("year__authority"), pk=pk)
    manages = request.user.has_perm("blocs.manage_people", bloc_year.year)
    if not (manages or request.user.has_perm("blocs.edit_covenant", bloc_year)):
        raise Http404
    held = bloc_year.seats.filter(role__in=BLOC_ROLES).not_over().select_related("user", "bloc_year__year", "authority")
    rows = list(held.order_by("-role", "user__post", "pk"))
    _, passed_on = seats.rights_over(rows, by=request.user)
    lines = [{"seat": seat, "may_pass_on": seat.pk in passed_on} for seat in rows]
    members = bloc_year.memberships.select_related("unit").order_by("position", "pk")
    inside = Seat.objects.having(Role.UNIT_LEADER, Role.UNIT_REPORTER).filter(
        unit__in=members.values("unit__unit"), user__is_active=True
    )
    by_unit = {}
    for seat in inside.select_related("user").order_by("role", "user__post", "pk"):
        by_unit.setdefault(seat.unit_id, []).append(seat)
    units = [(member, by_unit.get(member.unit.unit_id, [])) for member in members]
    context = {"bloc_year": bloc_year, "lines": lines, "units": units, "manages": manages}
    return render(request, "blocs/bloc_people.html", context)
