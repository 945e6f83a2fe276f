"""Board and administrators: the people of the authority, their seats, their way in."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.domain import invitation_slips, invitations, organisation, people, seats
from blocs.errors import DomainError
from blocs.forms import row_ids
from blocs.models import Invitation, Seat, User
from blocs.people_forms import NewPersonForm, PeopleFilter, PersonForm, PlaceForm
from blocs.seats import named
from blocs.second_factor import has_factor
from blocs.views.organisation import answer
from blocs.years import current_place


@login_required
@require_GET
def people_list(request):
    authority, year = current_place(request)
    if authority is None or not request.user.has_perm("blocs.manage_people", authority):
        raise Http404
    narrow = PeopleFilter(request.GET, user=request.user, authority=authority, year=year)
    page = Paginator(narrow.rows(), 50).get_page(request.GET.get("trang"))
    rows = with_seats(page.object_list)
    with_contacts = request.GET.get("lien-he") == "1"
    if with_contacts:
        people.note_reading(
            rows, by=request.user, target=year or authority, authority=authority.pk, note="Danh sách người dùng"
        )
    context = {
        "authority": authority,
        "year": year,
        "filter": narrow,
        "page": page,
        "rows": rows,
        "keep": narrow.keep,
        "with_contacts": with_contacts,
    }
    return render(request, "blocs/people_list.html", context)


def with_seats(users):
    """Users with ``held`` (their seats in force, ``name`` filled in) and ``open_invitation``; three queries.

    Shape:   User queryset -> [User]
    """
    held = Seat.objects.in_force().select_related("authority", "bloc_year__year", "unit").order_by("role", "pk")
    invited = Prefetch("invitations", Invitation.objects.open(), to_attr="open_invitations")
    rows = list(users.prefetch_related(Prefetch("seats", held, to_attr="held"), invited))
    names = named([seat for row in rows for seat in row.held])
    for row in rows:
        row.open_invitation = next(iter(row.open_invitations), None)
        for seat in row.held:
            seat.name = names[seat.pk]
    return rows


@login_required
@require_http_methods(["GET", "POST"])
def person_add(request):
    """Board, administrators, and leaders of units for their own reporters."""
    authority, year = current_place(request)
    if not may_add(request.user, authority, year):
        raise Http404
    form = NewPersonForm(request.POST or None, authority=authority, year=year, by=request.user)
    does = "Người này chưa vào được ngay: bước sau cấp lối vào bằng thư hoặc phiếu in. Không ai đặt mật khẩu thay."
    page = {"title": "Thêm người dùng", "button": "Thêm", "does": does}

    def save():
        return people.create_person(
            form.fields_of_person(), form.cleaned_data["role"], at=form.at, by=request.user, **form.days
        )

    def done(user):
        messages.success(request, f"Đã thêm {user}, tên đăng nhập “{user.username}”. Bước tiếp theo: cấp lối vào.")
        return redirect("person", user.pk)

    return answer(request, form, save, page, done, template="blocs/person_form.html")


def may_add(user, authority, year):
    """Whether there is any seat that the user may give in this authority and year."""
    if authority is not None and user.has_perm("blocs.manage_people", authority):
        return True
    return year is not None and user.seats.having("unit_leader").filter(unit__in_years__year=year).exists()


@login_required
@require_GET
def person_page(request, pk):
    """One person: how to reach him, his seats, his way in. Reading it leaves a trail."""
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    keeps = request.user.has_perm("blocs.keep_person", person)
    rows = list(person.seats.select_related("authority", "bloc_year__year", "unit").order_by("valid_to", "role", "pk"))
    names = named(rows)
    ended, passed_on = seats.rights_over(rows, by=request.user)
    lines = [
        {
            "seat": seat,
            "name": names[seat.pk],
            "is_over": seat.is_over(),
            "may_end": seat.pk in ended,
            "may_pass_on": seat.pk in passed_on,
        }
        for seat in rows
    ]
    people.note_reading([person], by=request.user, target=person, authority=seats.home_of(person))
    context = {
        "person": person,
        "lines": lines,
        "keeps": keeps,
        "is_self": person == request.user,
        "invitation": person.invitations.first(),
        "now": timezone.now(),
        "has_factor": has_factor(person),
        "may_stop_factor": person != request.user and request.user.has_perm("blocs.stop_second_factor", person),
    }
    return render(request, "blocs/person.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def person_edit(request, pk):
    person = kept(request, pk)
    initial = {name: getattr(person, name) for name in people.COLUMNS}
    initial["opened"] = organisation.digest(people.shown(person))
    form = PersonForm(request.POST or None, initial=initial)
    page = {"title": f"Sửa thông tin: {person}", "button": "Lưu", "person": person}
    page["does"] = "Người này thấy được thông tin về mình ở “Hồ sơ của tôi” và tự sửa được."

    def save():
        return people.edit_person(pk, form.fields_of_person(), by=request.user, opened=opened(form))

    def done(_):
        messages.success(request, "Đã lưu.")
        return redirect("person", pk)

    return answer(request, form, save, page, done, template="blocs/person_form.html")


def opened(form):
    """What the form was opened with; "over" once the newer version was read and refused."""
    return form.data.get("over") or form.cleaned_data["opened"]


def kept(request, pk):
    """The person, for those who keep his account."""
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm("blocs.keep_person", person):
        raise Http404
    return person


@login_required
@require_http_methods(["GET", "POST"])
def person_seat_add(request, pk):
    person, (authority, year) = kept(request, pk), current_place(request)
    if not may_add(request.user, authority, year):
        raise Http404
    form = PlaceForm(request.POST or None, authority=authority, year=year, by=request.user)
    page = {"title": f"Thêm vị trí cho {person}", "button": "Cấp vị trí", "person": person}
    page["does"] = "Người này có quyền của vị trí đó từ ngày bắt đầu; các vị trí khác giữ nguyên."

    def save():
        return seats.give_seat(person.pk, form.cleaned_data["role"], at=form.at, by=request.user, **form.days)

    def done(_):
        messages.success(request, f"Đã cấp vị trí cho {person}.")
        return redirect("person", pk)

    return answer(request, form, save, page, done, template="blocs/person_form.html")


# ---------------------------------------------------------------- the way in


@login_required
@require_POST
@never_cache
def people_invite(request):
    """Give people their way in: letters to those with an address, slips to the others, or slips to all.

    The answer to this very request is the only place where the codes are shown.
    """
    chosen = User.objects.visible_to(request.user).filter(pk__in=row_ids(request.POST.getlist("person")))
    if not chosen:
        messages.error(request, "Chưa chọn người nào.")
        return redirect(back(request))
    try:
        issued = invitations.invite_many([user.pk for user in chosen], by=request.user)
    except DomainError as error:
        messages.error(request, f"Chưa cấp cho ai. {error}")
        return redirect(back(request))
    if request.POST.get("how") == "mail":
        sent, issued = invitation_slips.send(issued, by=request.user)
        if sent:
            names = "; ".join(str(item.user) for item in sent)
            messages.success(request, f"Đã gửi thư cho {len(sent)} người: {names}.")
        if not issued:
            return redirect(back(request))
        messages.warning(request, f"{len(issued)} người không có địa chỉ hoặc thư không gửi được: in phiếu dưới đây.")
    slips = [{"issued": item, "picture": invitation_slips.picture(item)} for item in issued]
    context = {"slips": slips, "address": invitation_slips.address(), "by": request.user, "back": back(request)}
    return render(request, "blocs/invitation_slips.html", context)


def back(request):
    """The page of ours that the form stands on."""
    name, found = request.POST.get("from"), row_ids(request.POST.getlist("person"))
    if name == "person" and len(found) == 1:
        return reverse("person", args=found)
    return reverse("unit_people" if name == "unit_people" else "people")


@login_required
@require_POST
def person_revoke(request, pk):
    person = kept(request, pk)
    try:
        invitations.revoke(person.pk, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Đã thu hồi lối vào đã cấp cho {person}.")
    return redirect("person", pk)


@login_required
@require_POST
def person_set_active(request, pk, *, active):
    person = kept(request, pk)
    try:
        people.set_active(person.pk, active=active, by=request.user, reason=request.POST.get("reason", ""))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Đã {'mở lại' if active else 'ngừng'} tài khoản của {person}.")
    return redirect("person", pk)


@login_required
@require_POST
def person_stop_factor(request, pk):
    """For who lost his telephone and his recovery codes."""
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm("blocs.stop_second_factor", person):
        raise Http404
    return _stop_factor(request, person)


@reauthentication_required
def _stop_factor(request, person):
    try:
        people.stop_second_factor(person.pk, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Đã tắt xác thực hai bước của {person}; người này bật lại khi đăng nhập.")
    return redirect("person", person.pk)
