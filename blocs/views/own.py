"""What a person does for himself: his data, and the first step through the door."""

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from blocs.domain import invitations, organisation, people, seats
from blocs.errors import DomainError
from blocs.models import RetentionClass
from blocs.people_forms import EnterForm, FirstPasswordForm, PersonForm
from blocs.seats import named
from blocs.second_factor import has_factor
from blocs.views.organisation import answer
from blocs.views.people import opened


@login_required
@require_http_methods(["GET", "POST"])
def my_profile(request):
    user = request.user
    initial = {name: getattr(user, name) for name in people.COLUMNS}
    initial["opened"] = organisation.digest(people.shown(user))
    form = PersonForm(request.POST or None, initial=initial)
    page = {"person": user, **_about(user)}
    is_new_address = form.is_bound and form.is_valid() and form.cleaned_data["email"] != user.email
    return (_confirmed if is_new_address else _answer)(request, form, page)


def _answer(request, form, page):
    def save():
        return people.edit_person(request.user.pk, form.fields_of_person(), by=request.user, opened=opened(form))

    def done(_):
        messages.success(request, "Đã lưu thông tin của bạn.")
        return redirect("my_profile")

    return answer(request, form, save, page, done, template="blocs/my_profile.html")


@reauthentication_required
def _confirmed(request, form, page):
    """Letters with a way in go to this address: the person signs in once more before it changes."""
    return _answer(request, form, page)


def _about(user):
    rows = list(user.seats.select_related("authority", "bloc_year__year", "unit").order_by("valid_to", "role", "pk"))
    names = named(rows)
    _, passed_on = seats.rights_over(rows, by=user)
    return {
        "seats": [
            {"seat": seat, "name": names[seat.pk], "is_over": seat.is_over(),
             "may_pass_on": not seat.is_over() and seat.pk in passed_on}
            for seat in rows
        ],
        "has_password": user.has_usable_password(),
        "has_factor": has_factor(user),
        "retention": RetentionClass.objects.all(),
        "today": timezone.localdate(),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("code", "password", "again")
@never_cache
def invitation(request):
    """A code from a slip or a letter, then a password, then in.

    Status:  422 the code opens nothing or the password is refused, 429 too many wrong codes from one place
    """
    if request.method == "GET":
        return _enter(request, EnterForm())
    if not ratelimit.consume(request, action="invitation", dry_run=True):
        return ratelimit.respond_429(request)
    entered = EnterForm(request.POST)
    if not entered.is_valid():
        return _enter(request, entered)
    try:
        found = invitations.look_up(entered.cleaned_data["code"])
    except DomainError as error:
        ratelimit.consume(request, action="invitation")
        entered.add_error("code", str(error))
        return _enter(request, entered)
    return _first_password(request, found)


def _enter(request, form):
    return render(request, "blocs/invitation_enter.html", {"form": form}, status=422 if form.is_bound else 200)


def _first_password(request, found):
    is_sent = "password" in request.POST
    form = FirstPasswordForm(request.POST if is_sent else None, initial={"code": request.POST["code"]})
    if is_sent and form.is_valid():
        try:
            user = invitations.accept(form.cleaned_data["code"], form.cleaned_data["password"])
        except DomainError as error:
            form.add_error("password", str(error))
        else:
            messages.success(request, f"Đã đặt mật khẩu. Lần sau đăng nhập bằng tên “{user.username}”.")
            return perform_login(request, user, email_verification="none")
    page = {"form": form, "invitation": found}
    return render(request, "blocs/invitation_password.html", page, status=422 if is_sent else 200)
