"""Changes of a signed covenant, and comments on one that is not: proposed and agreed, said and answered."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from blocs.covenant_forms import AmendmentForm, AnswerForm, CommentForm, ReasonForm
from blocs.domain import amendments, comments
from blocs.domain import covenant as covenants
from blocs.enums import AmendmentKind, CommentOn, Operator
from blocs.models import Amendment, Covenant, Target, UnitYear
from blocs.views.covenant_acts import Act, done, led_members, one_form, seen_bloc


@login_required
@require_http_methods(["GET", "POST"])
def amendment_add(request, pk):
    """Propose a new target, or a change of the one that the query string names."""
    bloc_year = seen_bloc(request, pk)
    target = _target(request, bloc_year)
    _check_proposer(request.user, bloc_year, target)
    initial = {name: getattr(target, name) for name in ("text", *covenants.PROMISE)} if target else {}
    members = UnitYear.objects.filter(memberships__bloc_year=bloc_year).order_by("memberships__position")
    form = AmendmentForm(
        request.POST or None, members=members, target=target, initial=initial or {"op": Operator.AT_LEAST}
    )
    title = "Đề nghị sửa chỉ tiêu đã ký" if target else "Đề nghị thêm chỉ tiêu"
    now = (f"Chỉ tiêu hiện nay: {amendments.words_of(amendments.values_of(target))}",) if target else ()
    does = (*now, "Thay đổi có hiệu lực khi cả Khối trưởng và chuyên viên Ban TĐKT đồng ý; mọi đơn vị đều đọc được.")

    def run(reason, **values):
        kind = AmendmentKind.CHANGE if target else AmendmentKind.ADD
        place = {"kind": kind, "target_id": target and target.pk, "values": values}
        amendments.propose(pk, by=request.user, reason=reason, **place)
        return "Đã gửi đề nghị điều chỉnh."

    return one_form(request, bloc_year, Act(title, does, "Gửi đề nghị"), form, run)


@login_required
@require_http_methods(["GET", "POST"])
def amendment_remove_target(request, pk, target):
    bloc_year = seen_bloc(request, pk)
    row = get_object_or_404(Target.objects.select_related("of"), covenant__bloc_year=bloc_year, pk=target)
    _check_proposer(request.user, bloc_year, row)
    does = (amendments.words_of(amendments.values_of(row)), covenants.dropped_of(row))
    act = Act("Đề nghị bỏ chỉ tiêu đã ký", tuple(filter(None, does)), "Gửi đề nghị")

    def run(reason):
        amendments.propose(pk, by=request.user, reason=reason, kind=AmendmentKind.REMOVE, target_id=row.pk)
        return "Đã gửi đề nghị bỏ chỉ tiêu."

    return one_form(request, bloc_year, act, ReasonForm(request.POST or None), run)


@login_required
@require_POST
def amendment_agree(request, pk, amendment):
    bloc_year = seen_bloc(request, pk)
    row = get_object_or_404(Amendment, covenant__bloc_year=bloc_year, pk=amendment)
    return done(request, bloc_year, lambda: amendments.agree(row.pk, by=request.user), "Đã ghi nhận đồng ý điều chỉnh.")


@login_required
@require_http_methods(["GET", "POST"])
def amendment_refuse(request, pk, amendment):
    bloc_year = seen_bloc(request, pk)
    row = get_object_or_404(Amendment.objects.select_related("covenant"), covenant__bloc_year=bloc_year, pk=amendment)
    may = row.proposed_by_id == request.user.pk
    if not (may or any(request.user.has_perm(perm, bloc_year) for perm in amendments.SIDES.values())):
        raise Http404
    does = (amendments.words_of(row.after or row.before), f"Lý do đề nghị: {row.reason}")
    act = Act("Không đồng ý, hoặc rút đề nghị điều chỉnh", does, "Không đồng ý")

    def run(reason):
        amendments.refuse(row.pk, by=request.user, reason=reason)
        return "Đã ghi nhận không đồng ý điều chỉnh."

    return one_form(request, bloc_year, act, ReasonForm(request.POST or None), run)


# ---------------------------------------------------------------- comments


def passages(found):
    """What of a covenant may be commented on.

    Shape:   Covenant or None -> [(key, words)], the whole text first
    """
    rows = [("", "Toàn văn bản")]
    if found:
        rows += [(f"goal-{n}", f"Mục tiêu {n}: {text[:80]}") for n, text in enumerate(found.goals, 1)]
        rows += [(f"target-{row.pk}", f"Chỉ tiêu: {row.text[:80]}") for row in found.targets.all()]
        rows += [(f"solution-{n}", f"Giải pháp {n}: {text[:80]}") for n, text in enumerate(found.solutions, 1)]
    return rows


@login_required
@require_POST
def covenant_comment(request, pk):
    bloc_year = seen_bloc(request, pk)
    found = Covenant.objects.filter(bloc_year=bloc_year).first()
    choices = passages(found)
    form = CommentForm(request.POST, passages=choices)
    if not form.is_valid():
        messages.error(request, "Cần ghi nội dung góp ý; đoạn được góp ý phải còn trong văn bản.")
        return redirect("covenant", pk)
    values = form.cleaned_data
    quote = dict(choices)[values["passage"]] if values["passage"] else ""
    return done(
        request, bloc_year,
        lambda: comments.add(pk, by=request.user, on=CommentOn.COVENANT, quote=quote, **values),
        "Đã gửi góp ý.",
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def covenant_comment_answer(request, pk, comment):
    bloc_year = seen_bloc(request, pk)
    row = _comment(request, bloc_year, comment)
    if not request.user.has_perm("blocs.answer_comment", bloc_year):
        raise Http404
    initial = {"outcome": row.outcome, "words": row.answer, "seen": comments.version_of(row)}
    form = AnswerForm(request.POST or None, initial=initial)
    who = row.unit.name if row.unit else str(row.by)
    act = Act("Trả lời góp ý", tuple(filter(None, (f"{who}: {row.text}", row.quote))), "Lưu câu trả lời")

    def run(**values):
        comments.answer(row.pk, by=request.user, **values)
        return "Đã trả lời góp ý."

    return one_form(request, bloc_year, act, form, run)


@login_required
@require_POST
def covenant_comment_withdraw(request, pk, comment):
    bloc_year = seen_bloc(request, pk)
    row = _comment(request, bloc_year, comment)
    return done(request, bloc_year, lambda: comments.withdraw(row.pk, by=request.user), "Đã rút góp ý.")


def _comment(request, bloc_year, comment):
    return get_object_or_404(comments.of_text(bloc_year, CommentOn.COVENANT, user=request.user), pk=comment)


def _target(request, bloc_year):
    number = request.GET.get("chi-tieu", "")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    return get_object_or_404(Target.objects.select_related("of"), covenant__bloc_year=bloc_year, pk=number)


def _check_proposer(user, bloc_year, target):
    """Leaders of the bloc; of a unit's own target also the unit's leader."""
    if user.has_perm("blocs.edit_covenant", bloc_year):
        return
    mine = [row.unit_id for row in led_members(user, bloc_year)]
    if not mine or (target and target.of_id not in mine):
        raise Http404
