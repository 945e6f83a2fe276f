"""Steps of a covenant's text: closing, opening again, signing, papers, and the units' results with evidence."""

from dataclasses import dataclass

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.covenant_forms import ConcludeForm, FileForm, PaperForm, ReasonForm, UnitResultForm
from blocs.domain import attachments, covenant_text, evidence, signing
from blocs.domain import covenant as covenants
from blocs.enums import MEMBER_UNIT_ROLES, Role
from blocs.errors import DomainError, EditedMeanwhile
from blocs.forms import OpenedForm
from blocs.models import BlocYear, Covenant, CovenantPaper, ResultEvidence, TargetResult, UnitYear
from blocs.templatetags.vietnamese import day, figure
from blocs.views import confirming, files

KEEPS_MOMENTS = (
    "Đơn vị đã ký giữ thời điểm ký lần đầu: đúng hạn hay chậm tính theo lần ấy, và ký lại được cả sau khi đã khóa "
    "nhận. Đơn vị chưa ký vẫn theo hạn của mình."
)


@dataclass(frozen=True)
class Act:
    """What a page with one button says: ``does`` what it will do, ``stops`` why it cannot be done yet."""

    title: str
    does: tuple[str, ...]
    button: str
    stops: tuple[str, ...] = ()
    has_file: bool = False


@login_required
@require_http_methods(["GET", "POST"])
def covenant_close(request, pk):
    bloc_year = _with(request, pk, "blocs.close_covenant")
    found = _covenant(bloc_year)
    if request.method == "POST":
        return done(
            request, bloc_year, lambda: covenant_text.close(pk, by=request.user),
            "Đã chốt văn bản. Lãnh đạo từng đơn vị ký được từ bây giờ.",
        )  # fmt: skip
    wordy = sum(row.value is None for row in found.targets.all())
    does = [
        "Chốt xong, mục tiêu, chỉ tiêu, giải pháp không sửa được nữa; lãnh đạo từng đơn vị ký đúng văn bản này. "
        "Cần sửa thì Khối trưởng mở lại: chữ ký đã có hết hiệu lực và các đơn vị ký lại."
    ]
    open_comments = bloc_year.comments.open().filter(on="covenant").count()
    if open_comments:
        does.append(f"Còn {open_comments} góp ý chưa trả lời.")
    if wordy:
        does.append(f"{wordy} chỉ tiêu chỉ có lời, không có số: kết quả sẽ ghi bằng lời, không tính đạt hay vượt.")
    act = Act("Chốt văn bản giao ước", tuple(does), "Chốt văn bản", tuple(covenant_text.faults(found)))
    return render(request, "blocs/covenant_act.html", {"bloc_year": bloc_year, "act": act})


@login_required
@require_http_methods(["GET", "POST"])
def covenant_reopen(request, pk):
    bloc_year = _with(request, pk, "blocs.close_covenant")
    signed = _covenant(bloc_year).signatures.count()
    form = ReasonForm(request.POST or None)
    does = "Văn bản trở lại thành dự thảo."
    if signed:
        does += f" {figure(signed)} chữ ký đã có hết hiệu lực; các đơn vị ấy phải ký lại. Việc này được ghi vết."
    more = (KEEPS_MOMENTS,) if signed else ()
    act = Act("Mở lại văn bản giao ước", (does, *more), "Mở lại văn bản")

    def run(reason):
        void = covenant_text.reopen(pk, by=request.user, reason=reason)
        return f"Đã mở lại văn bản; {figure(void) if void else 'không có'} chữ ký hết hiệu lực."

    return one_form(request, bloc_year, act, form, run)


@login_required
@require_http_methods(["GET", "POST"])
def covenant_conclude(request, pk):
    bloc_year = _with(request, pk, "blocs.close_covenant")
    found = _covenant(bloc_year)
    signed = set(found.signatures.values_list("unit", flat=True))
    absent = [row.unit.short for row in bloc_year.memberships.select_related("unit") if row.unit_id not in signed]
    does = [f"Chưa ký: {', '.join(absent)}. Các đơn vị này vẫn ký được sau."] if absent else []
    does.append("Từ ngày ký kết, chỉ tiêu chỉ thay đổi bằng đề nghị điều chỉnh được Khối trưởng và Ban TĐKT đồng ý.")
    act = Act("Ghi nhận giao ước đã ký kết", tuple(does), "Ghi nhận đã ký kết")

    def run(signed_on):
        signing.conclude(pk, by=request.user, signed_on=signed_on)
        return "Đã ghi nhận giao ước ký kết."

    return one_form(request, bloc_year, act, ConcludeForm(request.POST or None), run)


@login_required
@require_http_methods(["GET", "POST"])
def covenant_unconclude(request, pk):
    bloc_year = _with(request, pk, "blocs.close_covenant")
    found = _covenant(bloc_year)
    does = [f"Giao ước đang ghi ký kết ngày {day(found.signed_on)}."] if found.signed_on else []
    does.append(
        "Rút ghi nhận thì chữ ký của các đơn vị còn nguyên, giao ước trở lại chờ ký; sau đó ghi nhận lại với ngày "
        "đúng. Chỉ rút được khi chưa có đề nghị điều chỉnh."
    )
    act = Act("Rút ghi nhận giao ước đã ký kết", tuple(does), "Rút ghi nhận")

    def run(reason):
        signing.withdraw_conclusion(pk, by=request.user, reason=reason)
        return "Đã rút ghi nhận ký kết; giao ước chờ ký hoặc ghi nhận lại."

    return one_form(request, bloc_year, act, ReasonForm(request.POST or None), run)


@login_required
@require_GET
def covenant_sign_page(request, pk):
    """The whole text before the signature, for each unit that the user leads."""
    bloc_year = seen_bloc(request, pk)
    found = Covenant.objects.filter(bloc_year=bloc_year).first()
    rows = list(led_members(request.user, bloc_year))
    if not rows:
        raise Http404
    if found:
        found.bloc_year = bloc_year
    signed = {row.unit_id: row for row in found.signatures.all()} if found else {}
    targets = list(found.targets.select_related("of")) if found else []
    context = {
        "bloc_year": bloc_year,
        "covenant": found,
        "frame": covenant_text.frame_of(found or Covenant(bloc_year=bloc_year)),
        "rows": [(row, signed.get(row.unit_id)) for row in rows],
        "targets": [(row, covenants.promised(row)) for row in targets],
        "types_name": confirming.types_name(request.user),
    }
    return render(request, "blocs/covenant_sign.html", context)


@login_required
@require_POST
def covenant_sign(request, pk, membership):
    bloc_year = seen_bloc(request, pk)
    row = get_object_or_404(led_members(request.user, bloc_year), pk=membership)
    return _sign(request, bloc_year, row)


@reauthentication_required
def _sign(request, bloc_year, membership):
    """A signature: the leader gives his password once more; then the same request goes on."""

    def sign():
        shown = {"digest": request.POST.get("digest", ""), "confirmed": confirming.way_of(request)}
        signing.sign(membership.pk, by=request.user, **shown)

    return done(
        request, bloc_year, sign,
        f"{membership.unit.name} đã ký giao ước thi đua năm {bloc_year.year.label}.",
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def covenant_paper_add(request, pk):
    bloc_year = _with(request, pk, "blocs.edit_covenant")
    found = _covenant(bloc_year)
    unsigned = UnitYear.objects.filter(memberships__bloc_year=bloc_year).exclude(pk__in=found.signatures.values("unit"))
    form = PaperForm(
        request.POST or None, request.FILES or None, units=unsigned.order_by("memberships__position"),
        initial={"signed_on": timezone.localdate()},
    )  # fmt: skip
    act = Act(
        "Đính bản giao ước đã ký giấy",
        ("Bản chụp được lưu cùng giao ước; các đơn vị được chọn tính là đã ký từ ngày ghi trên bản giấy.",),
        "Lưu bản đã ký",
        has_file=True,
    )

    def run(file, units, signed_on, **_):
        judged = attachments.judge(file.name, file.read(), allowed=attachments.ONLY_PAPERS)
        signing.attach_paper(pk, judged, by=request.user, units=list(units), signed_on=signed_on)
        return f"Đã lưu bản giấy và ghi nhận {figure(len(units))} đơn vị đã ký."

    return one_form(request, bloc_year, act, form, run)


@login_required
@require_GET
def covenant_paper_file(request, pk, paper):
    row = get_object_or_404(CovenantPaper, covenant__bloc_year=seen_bloc(request, pk), pk=paper)
    return files.sent(row)


@login_required
@require_http_methods(["GET", "POST"])
def covenant_paper_withdraw(request, pk, paper):
    bloc_year = _with(request, pk, "blocs.close_covenant")
    row = get_object_or_404(CovenantPaper, covenant__bloc_year=bloc_year, pk=paper)
    units = ", ".join(row.signatures.order_by("position").values_list("unit__name", flat=True))
    does = [f"Các đơn vị sau coi như chưa ký: {units or '(không có)'}. Việc này được ghi vết."]
    if row.covenant.signed_on:
        does.append("Giao ước trở lại chờ ký; ký đủ, hoặc ghi nhận ký kết lại thì chỉ tiêu mới có hiệu lực.")
    act = Act(f"Gỡ bản giấy “{row.name}” đính nhầm", tuple(does), "Gỡ bản giấy")

    def run(reason):
        void = signing.withdraw_paper(pk, paper, by=request.user, reason=reason)
        return f"Đã gỡ bản giấy; {figure(void) if void else 'không có'} chữ ký hết hiệu lực."

    return one_form(request, bloc_year, act, ReasonForm(request.POST or None), run)


# ---------------------------------------------------------------- results of a unit, evidence


@login_required
@require_http_methods(["GET", "POST"])
def unit_result(request, pk, membership, target):
    """What one unit has reached so far, with its evidence."""
    bloc_year = seen_bloc(request, pk)
    units = request.user.seats.having(*MEMBER_UNIT_ROLES).values("unit")
    rows = bloc_year.memberships.select_related("unit").filter(unit__unit__in=units)
    member = get_object_or_404(rows, pk=membership)
    row = get_object_or_404(evidence.targets_of(member), pk=target)
    known = row.results.filter(of=member.unit_id).prefetch_related("evidence").first()
    initial = {"value": known.value, "note": known.note} if known else {}
    form = UnitResultForm(request.POST or None, initial=initial | {"opened": covenants.opened_with(**initial)})
    promise = " ".join(filter(None, (covenants.promised(row), row.unit_of_measure)))
    what = f"{row} – giao ước: {promise}" if promise else f"{row}"
    does = (what, "Đơn vị khác đọc được khi báo cáo sơ kết hoặc báo cáo năm đã gửi.")
    stops = () if row.covenant.is_closed else (evidence.NOT_CLOSED,)
    act = Act(f"Kết quả của {member.unit.short}", does, "Lưu kết quả", stops)

    def run(**values):
        evidence.record_unit_result(member.pk, row.pk, by=request.user, **values)
        return f"Đã lưu kết quả chỉ tiêu “{row}”."

    writes = bool(known) and evidence.may_write(_whole(known, row, bloc_year, member), request.user)
    return one_form(request, bloc_year, act, form, run, files=known, may_write=writes)


def _whole(result, target, bloc_year, member):
    """With what is known already, so that asking for the right reads nothing twice."""
    target.covenant.bloc_year = bloc_year
    result.target, result.of = target, member.unit
    return result


@login_required
@require_http_methods(["GET", "POST"])
def evidence_add(request, pk, result):
    bloc_year = seen_bloc(request, pk)
    rows = covenants.results_seen_by(request.user, bloc_year)
    row = get_object_or_404(rows.select_related("target__covenant__bloc_year__year", "of"), pk=result)
    if not evidence.may_write(row, request.user):
        raise Http404
    form = FileForm(request.POST or None, request.FILES or None)
    act = Act("Đính minh chứng", (f"Chỉ tiêu: {row.target}",), "Đính tệp", has_file=True)

    def run(file, **_):
        evidence.add(row.pk, attachments.judge(file.name, file.read()), by=request.user)
        return "Đã đính minh chứng."

    return one_form(request, bloc_year, act, form, run)


@login_required
@require_POST
def evidence_remove(request, pk, file):
    bloc_year = seen_bloc(request, pk)
    row = _evidence(request, bloc_year, file)
    return done(request, bloc_year, lambda: evidence.remove(row.pk, by=request.user), f"Đã gỡ minh chứng {row.name}.")


@login_required
@require_GET
def evidence_file(request, pk, file):
    return files.sent(_evidence(request, seen_bloc(request, pk), file))


def _evidence(request, bloc_year, file):
    seen: TargetResult = covenants.results_seen_by(request.user, bloc_year)
    return get_object_or_404(ResultEvidence, result__in=seen, pk=file)


# ---------------------------------------------------------------- what the pages share


def seen_bloc(request, pk):
    return get_object_or_404(BlocYear.objects.visible_to(request.user).for_table(), pk=pk)


def _with(request, pk, perm):
    bloc_year = seen_bloc(request, pk)
    if not request.user.has_perm(perm, bloc_year):
        raise Http404
    return bloc_year


def _covenant(bloc_year):
    found = Covenant.objects.filter(bloc_year=bloc_year).first()
    if found is None:
        raise Http404
    found.bloc_year = bloc_year
    return found


def led_members(user, bloc_year):
    units = user.seats.having(Role.UNIT_LEADER).values("unit")
    return bloc_year.memberships.select_related("unit").filter(unit__unit__in=units).order_by("position")


def done(request, bloc_year, run, words):
    try:
        run()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return redirect("covenant", bloc_year.pk)


def one_form(request, bloc_year, act, form, run, **more):
    """Show a page with one form; ``run`` takes its values and answers what it did."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            words = run(**form.cleaned_data)
        except EditedMeanwhile as error:
            if isinstance(form, OpenedForm):
                more, status = more | {"conflict": error, "back": request.path}, 409
            else:
                form.add_error(None, str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, words)
            return redirect("covenant", bloc_year.pk)
    context = {"bloc_year": bloc_year, "act": act, "form": form} | more
    return render(request, "blocs/covenant_act.html", context, status=422 if form.errors else status)
