"""A unit registers for titles."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from awards.domain import registrations
from awards.forms import RegistrationForm
from blocs.domain.deadlines import of_unit
from blocs.enums import Milestone
from blocs.errors import DomainError
from blocs.models import BlocYear, Registration


@login_required
@require_http_methods(["GET", "POST"])
def registration(request, pk, membership):
    bloc_year = get_object_or_404(BlocYear.objects.visible_to(request.user).for_table(), pk=pk)
    row = get_object_or_404(bloc_year.memberships.select_related("unit", "bloc_year"), pk=membership)
    if not request.user.has_perm("awards.register", row):
        raise Http404
    held = Registration.objects.filter(bloc_year=bloc_year, unit=row.unit).first()
    form = RegistrationForm(request.POST or None, initial={"awards": held.awards if held else []})
    if request.method == "POST" and form.is_valid():
        try:
            registrations.register(row.pk, form.cleaned_data["awards"], by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã đăng ký thi đua của {row.unit.name}.")
            return redirect("covenant", bloc_year.pk)
    deadline = of_unit(bloc_year.pk, Milestone.REGISTRATION, row.unit_id)
    context = {"bloc_year": bloc_year, "membership": row, "held": held, "form": form, "deadline": deadline}
    return render(request, "awards/registration.html", context, status=422 if form.errors else 200)
