from collections import defaultdict
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.domain import proposals as lists
from awards.domain.quotas import Limit, limits, refusal, taken
from awards.enums import Recipients
from awards.forms import ProposalForm, WithdrawForm
from awards.models import AwardKind, Proposal
from blocs.errors import DomainError
from blocs.models import BlocYear


@dataclass(frozen=True)
class Card:
    """One award of the page: how many may be proposed, who is, and why no more can be."""

    award: AwardKind
    limit: Limit | None
    used: int
    shared: str
    rows: list[Proposal]
    counted: int | None
    refusal: str
    look: str
    words: str
    form: ProposalForm | None

    @property
    def over(self):
        return max(0, self.used - self.limit.max) if self.limit else 0


@login_required
@require_GET
def proposals(request, pk):
    return _page(request, _bloc_year(request, pk))


@login_required
@require_POST
def proposal_add(request, pk):
    bloc_year = _led(request, pk)
    catalogue = AwardKind.objects.in_bulk(field_name="code")
    code = request.POST.get("award", "")
    own = code if code in limits(bloc_year) else ""
    awards = [catalogue[own]] if own else _others(catalogue, limits(bloc_year))
    form = ProposalForm(request.POST, members=_members(bloc_year), awards=awards)
    if form.is_valid():
        try:
            saved = lists.propose(bloc_year.pk, form.cleaned_data["award"], form.cleaned_data["unit"], by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã đưa {saved.unit.name} vào danh sách đề nghị {saved.award}.")
            return redirect("proposals", bloc_year.pk)
    return _page(request, bloc_year, {own: form}, status=422)


@login_required
@require_http_methods(["GET", "POST"])
def proposal_withdraw(request, pk, proposal):
    bloc_year = _led(request, pk)
    row = get_object_or_404(bloc_year.proposals.select_related("award", "unit"), pk=proposal)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lists.withdraw(bloc_year.pk, row.pk, by=request.user, note=form.cleaned_data["note"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã đưa {row.unit.name} ra khỏi danh sách đề nghị {row.award}.")
            return redirect("proposals", bloc_year.pk)
    context = {"bloc_year": bloc_year, "proposal": row, "form": form}
    return render(request, "awards/proposal_withdraw.html", context, status=422 if form.errors else 200)


# ---------------------------------------------------------------- reading


def _bloc_year(request, pk):
    return get_object_or_404(BlocYear.objects.visible_to(request.user).for_table(), pk=pk)


def _led(request, pk):
    bloc_year = _bloc_year(request, pk)
    if not request.user.has_perm("awards.propose", bloc_year):
        raise Http404
    return bloc_year


def _page(request, bloc_year, refused=None, status=200):
    """``refused`` is a form with its faults, by the code of its card; the one below the cards has no code."""
    refused = refused or {}
    catalogue, limit = AwardKind.objects.in_bulk(field_name="code"), limits(bloc_year)
    leads = request.user.has_perm("awards.propose", bloc_year)
    members = _members(bloc_year) if leads else []
    forms = {}
    if leads:
        forms = {code: ProposalForm(members=members, awards=[catalogue[code]]) for code in limit} | refused
        others = _others(catalogue, limit)
        forms[""] = refused.get("") or (ProposalForm(members=members, awards=others) if others else None)
    context = {
        "bloc_year": bloc_year,
        "leads": leads,
        "cards": _cards(bloc_year, limit, catalogue, forms),
        "other_form": forms.get(""),
        "withdrawals": bloc_year.withdrawals.select_related("unit", "award"),
    }
    return render(request, "awards/proposal_list.html", context, status=status)


def _members(bloc_year):
    return [row.unit for row in bloc_year.memberships.select_related("unit")]


def _others(catalogue, limit):
    """The province's awards for collectives that have no quota here, in the order of the catalogue."""
    rows = [row for code, row in catalogue.items() if code not in limit and row.level == "province"]
    return sorted((row for row in rows if Recipients.COLLECTIVE in row.recipients), key=lambda row: row.position)


def _cards(bloc_year, limit, catalogue, forms):
    """A card for each award with a quota, then for the others that are proposed."""
    rows, used = defaultdict(list), taken(bloc_year)
    for row in bloc_year.proposals.select_related("award", "unit"):
        rows[row.award.code].append(row)
    counts = dict(bloc_year.proposed_counts.values_list("award__code", "count"))
    cards = []
    for code in dict.fromkeys([*limit, *used]):
        award, own = catalogue[code], limit.get(code)
        number = sum(used[other] for other in own.awards) if own else used[code]
        words = refusal(award, limit, used)
        if code in counts:
            words = f"Năm này {award} chỉ ghi số lượng, không ghi danh sách đơn vị."
        shared = ", ".join(str(catalogue.get(other, other)) for other in own.awards[1:]) if own else ""
        over = next((other for other in limit.values() if code in other.awards), None)
        state = _state(own, number) if own or over is None else ("idle", f"Dùng chung chỉ tiêu {catalogue[over.award]}")
        card = Card(award, own, number, shared, rows[code], counts.get(code), words, *state, forms.get(code))
        cards.append(card)
    return cards


def _state(limit, used):
    if limit is None:
        return "idle", "Không có chỉ tiêu"
    if used > limit.max:
        return "miss", f"Vượt chỉ tiêu {used - limit.max}"
    if used == limit.max:
        return "ok", "Đủ chỉ tiêu"
    return "idle", f"Còn {limit.max - used}"
