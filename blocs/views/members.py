"""Which units are in a bloc's year: their order, who leaves, who goes to another bloc, who comes."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from blocs.domain import memberships, organisation
from blocs.errors import DomainError, EditedMeanwhile, RuleBroken
from blocs.folding import asked
from blocs.forms import row_ids
from blocs.models import UnitYear
from blocs.organisation_forms import AddForm, MoveForm, PasteForm
from blocs.views.organisation import edited

SHOWN = 50  # free units on one page; more words narrow them down


@dataclass(frozen=True)
class Posted:
    """The table of members as it was sent: units in the order that was typed, and those that were ticked."""

    units: list[int]
    ticked: list[int]

    @classmethod
    def of(cls, data):
        units = row_ids(data.getlist("unit"))

        def place(pk):
            typed = data.get(f"place_{pk}", "")
            return int(typed[:6]) if typed.isdecimal() else len(units)

        ticked = set(row_ids(data.getlist("pick")))
        return cls(sorted(units, key=place), [pk for pk in units if pk in ticked])


@login_required
@require_http_methods(["GET", "POST"])
def bloc_members(request, pk):
    """The table of members; a button keeps the order, takes the ticked out, or moves them."""
    row = edited(request, pk)
    form = MoveForm(request.POST or None, bloc_year=row)
    if request.method == "GET":
        return _page(request, row)
    posted, act, conflict = Posted.of(request.POST), request.POST.get("act", "order"), None
    if form.is_valid():
        try:
            words = ACTS.get(act, _order)(row, posted, form, request.user)
        except EditedMeanwhile as error:
            conflict = error
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, words)
            return redirect("bloc_members", row.pk)
    return _page(request, row, form=form, posted=posted, act=act, conflict=conflict)


@login_required
@require_POST
def bloc_members_add(request, pk):
    """Units that were ticked on the list of free ones."""
    row = edited(request, pk)
    form = AddForm(request.POST, auto_id="add_%s", free=_of_year(row), is_open=row.year.is_open)
    return _add(request, row, form, lambda: [unit.pk for unit in form.cleaned_data["units"]], "add")


@login_required
@require_POST
def bloc_members_paste(request, pk):
    """Units whose names or codes were pasted."""
    row = edited(request, pk)
    form = PasteForm(request.POST, auto_id="paste_%s", is_open=row.year.is_open)

    def units():
        return [unit.pk for unit in memberships.find_units(row.year, form.cleaned_data["names"])]

    return _add(request, row, form, units, "paste")


# ---------------------------------------------------------------- acts


def _order(row, posted, form, user):
    memberships.set_members(row.pk, posted.units, by=user, **form.kept)
    return f"Đã lưu danh sách {len(posted.units)} đơn vị."


def _remove(row, posted, form, user):
    if not posted.ticked:
        raise RuleBroken("Đánh dấu đơn vị cần đưa ra khỏi khối.")
    left = [unit for unit in posted.units if unit not in posted.ticked]
    memberships.set_members(row.pk, left, by=user, **form.kept)
    return f"Đã đưa {len(posted.ticked)} đơn vị ra khỏi khối."


def _move(row, posted, form, user):
    target = form.cleaned_data["to"]
    if target is None:
        raise RuleBroken("Chọn cụm, khối nhận các đơn vị được đánh dấu.")
    memberships.move_members(row.pk, posted.ticked, target.pk, by=user, **form.kept)
    return f"Đã chuyển {len(posted.ticked)} đơn vị sang {target.name}."


ACTS = {"order": _order, "remove": _remove, "move": _move}


def _add(request, row, form, units, name):
    if form.is_valid():
        try:
            number = memberships.add_members(row.pk, units(), by=request.user, reason=form.kept["reason"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã thêm {number} đơn vị vào {row.name}.")
            return redirect("bloc_members", row.pk)
    return _page(request, row, **{name: form})


# ---------------------------------------------------------------- the page


def _of_year(row):
    return UnitYear.objects.filter(year=row.year_id)


def _page(request, row, *, form=None, posted=None, act="", conflict=None, add=None, paste=None):
    members = list(row.memberships.select_related("unit__unit").order_by("position", "pk"))
    words = asked(request.GET.get("q", ""))
    free = memberships.free_units(row).search(words).order_by("name", "pk")
    shown = list(free[: SHOWN + 1])
    context = {
        "bloc_year": row,
        "members": members,
        "form": form or MoveForm(bloc_year=row),
        "opened": organisation.digest(memberships.shown(row)),
        "add": _offer(add, row, shown[:SHOWN]),
        "paste": paste or PasteForm(auto_id="paste_%s", is_open=row.year.is_open),
        "q": words,
        "has_free": bool(shown),
        "has_more": len(shown) > SHOWN,
        "ticked": set(posted.ticked) if posted else set(),
        "conflict": conflict,
        "mine": _names(posted, act) if conflict else [],
        "posted": _kept(request.POST) if conflict else [],
    }
    bad = next((one for one in (form, add, paste) if one is not None and one.errors), None)
    return render(request, "blocs/bloc_members.html", context, status=409 if conflict else 422 if bad else 200)


KEPT = ("unit", "pick", "to", "reason", "act")


def _offer(form, row, shown):
    form = form or AddForm(auto_id="add_%s", free=_of_year(row), is_open=row.year.is_open)
    form.fields["units"].choices = [(unit.pk, unit.name) for unit in shown]
    return form


def _kept(data):
    """(name, value) of all that was sent, for the hidden fields of the choice between two versions."""
    return [(key, value) for key in data for value in data.getlist(key) if key in KEPT or key.startswith("place_")]


def _names(posted, act):
    left = [pk for pk in posted.units if act == "order" or pk not in posted.ticked]
    names = dict(UnitYear.objects.filter(pk__in=left).values_list("pk", "name"))
    return [names[pk] for pk in left if pk in names]
