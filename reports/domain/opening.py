"""Opening a year: prepared from another one, seen by the board alone, then opened for everybody."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import ProtectedError

from awards.domain import quotas
from blocs.domain import audit, leader_seats, obligations, organisation, pins, year_copy
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import Authority, BlocType, BlocYear, DivisionDecision, RuleSource, Year
from blocs.templatetags.vietnamese import day
from reports.domain import report_forms, year_changes, year_checks
from reports.domain.papers import division

EARLIEST, LATEST = 1945, 2200  # as the year file and the database take them


@dataclass(frozen=True)
class Opened:
    """What came into being with the year."""

    year: Year
    seats: int
    obligations: int


@transaction.atomic
def prepare_year(source_year_id, *, label, year, starts_on: date, ends_on: date, theme="", bloc_ids=None, by):
    """Make a year from another one; until it is opened only the board sees it. The source stays as it is.

    Shape:   (Year id, label, calendar year, first day, last day, theme, [BlocYear id] of the source or None for all)
             -> Year
    Locks:   the authority row
    Raises:  NotAllowed, RuleBroken
    """
    source = Year.objects.select_related("authority").get(pk=source_year_id)
    Authority.objects.select_for_update().get(pk=source.authority_id)
    if not by.has_perm("blocs.open_year", source):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng của cơ quan đó mở năm.")
    if not source.is_open:
        raise RuleBroken(f"Năm {source.label} chưa mở; chuẩn bị năm mới từ một năm đã mở.")
    _check_days(source.authority_id, label, starts_on, ends_on)
    _check_after(source, year, starts_on)
    if bloc_ids is not None:
        bloc_ids = set(source.bloc_years.filter(pk__in=bloc_ids).values_list("pk", flat=True))
        if not bloc_ids:
            raise RuleBroken("Chọn ít nhất một cụm, khối để đưa vào năm mới.")
    fresh = Year.objects.create(
        authority=source.authority, label=label.strip(), year=year, starts_on=starts_on, ends_on=ends_on,
        theme=theme.strip(), is_open=False, copied_from=source,
    )  # fmt: skip
    blocs = year_copy.copy_year(source, fresh, bloc_ids)
    quotas.copy_own(blocs)
    report_forms.copy(source, fresh)
    audit.record("year.prepare", by=by, target=fresh, after=_shown(fresh) | {"blocs": len(blocs)})
    return fresh


@transaction.atomic
def begin_year(authority_id, *, label, starts_on: date, ends_on: date, theme="", by):
    """An empty year: the first of an authority, or one beside others, on days of its own. Its blocs come by the pages
    of the organisation or by a list; that nobody is asked twice is seen to when it opens.

    Shape:   (Authority id, label, first day, last day, theme) -> Year in preparation
    Locks:   the authority row
    Raises:  NotAllowed, RuleBroken
    """
    authority = Authority.objects.select_for_update().get(pk=authority_id)
    fresh = Year(
        authority=authority, label=label.strip(), year=starts_on.year, starts_on=starts_on, ends_on=ends_on,
        theme=theme.strip(), is_open=False,
    )  # fmt: skip
    if not by.has_perm("blocs.open_year", fresh):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng của cơ quan đó mở năm.")
    _check_days(authority_id, label, starts_on, ends_on)
    _check_own_days(authority_id, starts_on, ends_on)
    fresh.save()
    audit.record("year.begin", by=by, target=fresh, after=_shown(fresh))
    return fresh


@transaction.atomic
def edit_year(year_id, *, label, starts_on, ends_on, theme, by, opened=""):
    """Correct name, days and theme of a year in preparation; ``opened`` is the digest that the form was opened with.

    What was copied follows the days, as if the year had been prepared with them.

    Locks:   the year row
    Raises:  NotAllowed, WrongState, RuleBroken, EditedMeanwhile
    """
    year = _in_preparation(year_id, by)
    organisation.check_unchanged(year, year_values(year), opened)
    _check_days(year.authority_id, label, starts_on, ends_on, but=year.pk)
    if year.copied_from:
        _check_after(year.copied_from, starts_on.year, starts_on)
    else:
        _check_own_days(year.authority_id, starts_on, ends_on, but=year.pk)
    before, days, was = _shown(year), (year.starts_on, year.ends_on), year.year
    year.label, year.starts_on, year.ends_on, year.theme = label.strip(), starts_on, ends_on, theme.strip()
    if days != (starts_on, ends_on):
        year.year = starts_on.year
        year_copy.follow_days(year, year.year - was)
    year.save(update_fields=["label", "year", "starts_on", "ends_on", "theme"])
    audit.record("year.edit", by=by, target=year, before=before, after=_shown(year))
    return year


@transaction.atomic
def set_theme(year_id, *, theme, by, opened=""):
    """Write the theme of a year, open or not: it is often given out when the year is already running.

    Shape:   (Year id, text, digest that the form was opened with) -> Year
    Locks:   the year row
    Raises:  NotAllowed, EditedMeanwhile
    """
    Year.objects.select_for_update(no_key=True).get(pk=year_id)
    year = Year.objects.select_related("authority").get(pk=year_id)
    if not by.has_perm("blocs.open_year", year):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng của cơ quan đó ghi chủ đề của năm.")
    if year.theme == theme.strip():
        return year
    organisation.check_unchanged(year, year_values(year), opened)
    before, year.theme = {"theme": year.theme}, theme.strip()
    year.save(update_fields=["theme"])
    audit.record("year.theme", by=by, target=year, before=before, after={"theme": year.theme})
    return year


@transaction.atomic
def open_year(year_id, *, by, seen=None):
    """Open a prepared year: leading units' people get their seats, everybody's obligations are made.

    Shape:   (Year id, fingerprint of the differences that were shown; without one nothing is compared) -> Opened
    Locks:   the authority row, so that of two years over the same days one opens; then the year row
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    Authority.objects.select_for_update().get(pk__in=Year.objects.filter(pk=year_id).values("authority"))
    year = _in_preparation(year_id, by)
    reasons = [item.words for item in year_checks.checklist(year) if item.blocks]
    if reasons:
        raise RuleBroken("Chưa mở được năm: " + " ".join(reasons))
    groups = year_changes.differences(year)
    if seen is not None and seen != year_changes.fingerprint(year, groups):
        raise WrongState("Năm đang chuẩn bị đã thay đổi từ lúc bạn xem. Chưa mở; hãy xem lại các khác biệt dưới đây.")
    year.is_open = True
    year.save(update_fields=["is_open"])
    seats = leader_seats.grant(year.bloc_years.all())
    pins.check(BlocYear.objects.filter(year=year))
    pins.hold(BlocYear.objects.filter(year=year))
    rows = obligations.renew(BlocYear.objects.filter(year=year))
    confirmed = [{group.title: list(group.lines)} for group in groups]
    after = {"seats": seats, "obligations": rows, "differences": confirmed}
    audit.record("year.open", by=by, target=year, after=after)
    return Opened(year, seats, rows)


@transaction.atomic
def discard_year(year_id, *, by):
    """Remove a year in preparation with all that was prepared in it.

    Raises:  NotAllowed, WrongState, RuleBroken
    """
    year = _in_preparation(year_id, by)
    audit.record("year.discard", by=by, target=year, before=_shown(year))
    try:
        year.delete()
    except ProtectedError:
        raise RuleBroken(
            "Năm này đã có dữ liệu gắn với đơn vị, khối (như phong trào, vị trí); bỏ các dữ liệu đó trước."
        ) from None


def _in_preparation(year_id, by):
    Year.objects.select_for_update().get(pk=year_id)
    year = Year.objects.select_related("authority", "copied_from").get(pk=year_id)
    if not by.has_perm("blocs.open_year", year):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng của cơ quan đó mở năm.")
    if year.is_open:
        raise WrongState(f"Năm {year.label} đã mở.")
    return year


def _check_after(source, year, starts_on):
    if starts_on <= source.starts_on or year < source.year:
        raise RuleBroken(f"Năm mới phải bắt đầu sau ngày {day(source.starts_on)}, ngày bắt đầu năm {source.label}.")


def _check_days(authority_id, label, starts_on, ends_on, but=None):
    if not label.strip():
        raise RuleBroken("Cần ghi tên năm.")
    if ends_on <= starts_on:
        raise RuleBroken("Ngày kết thúc phải sau ngày bắt đầu.")
    if not EARLIEST <= starts_on.year <= ends_on.year <= LATEST:
        raise RuleBroken(f"Năm phải từ {EARLIEST} đến {LATEST}; xem lại ngày bắt đầu và kết thúc.")
    if (ends_on - starts_on).days > 400:
        raise RuleBroken("Một năm thi đua không dài quá 400 ngày; xem lại ngày bắt đầu và kết thúc.")
    if Year.objects.filter(authority=authority_id, label=label.strip()).exclude(pk=but).exists():
        raise RuleBroken(f"Đã có năm “{label.strip()}”.")


def _check_own_days(authority_id, starts_on, ends_on, but=None):
    same = Year.objects.filter(authority=authority_id, starts_on=starts_on, ends_on=ends_on).exclude(pk=but).first()
    if same:
        raise RuleBroken(f"Năm {same.label} đã có đúng các ngày này; thêm cụm, khối vào năm đó, hoặc ghi ngày khác.")


def _shown(year):
    return {"label": year.label, "starts_on": year.starts_on, "ends_on": year.ends_on, "theme": year.theme}


# ---------------------------------------------------------------- which blocs, and the decision that divides them


def choices(source):
    """The blocs of a year and, where a later year of the authority has the bloc by now, that year.

    Shape:   Year -> [(BlocYear, Year or None)]; two queries
    """
    later = BlocYear.objects.filter(year__authority=source.authority_id, year__starts_on__gt=source.starts_on)
    taken = {row.bloc_id: row.year for row in later.select_related("year").order_by("-year__starts_on")}
    return [(row, taken.get(row.bloc_id)) for row in source.bloc_years.order_by("position", "pk")]


def types_of(source):
    """The types of a year's blocs with their names, to choose by.

    Shape:   Year -> [(code, name)]
    """
    codes = dict.fromkeys(source.bloc_years.exclude(type="").order_by("position", "pk").values_list("type", flat=True))
    names = dict(BlocType.objects.filter(authority=source.authority_id).values_list("code", "name"))
    return [(code, names.get(code, code)) for code in codes]


@transaction.atomic
def save_division(year_id, *, number, dated, signer, signer_name, bases, by, opened=""):
    """Write down the decision that divides the blocs; also in a year that is open, once it was signed.

    With number and day its list stands: later changes of blocs, members and names leave it. A new number or day takes
    the list anew.

    Shape:   (Year id, …, bases: [line], digest that the form was opened with) -> DivisionDecision
    Locks:   the year row
    Raises:  NotAllowed, EditedMeanwhile
    """
    year = Year.objects.select_for_update().get(pk=year_id)
    if not by.has_perm("blocs.open_year", year):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng của cơ quan đó ghi quyết định phân chia cụm, khối.")
    values = {"number": number, "dated": dated, "signer": signer, "signer_name": signer_name, "bases": bases}
    row = DivisionDecision.objects.filter(year=year).first()
    organisation.check_unchanged(year, division_values(row), opened)
    before = row and {name: getattr(row, name) for name in values}
    if before == values:
        return row
    kept = row.listed if row and _same_decision(before, values) else None
    listed = kept or division.list_to_keep(DivisionDecision(year=year, **values))
    before = before and before | {"list": row and row.listed}
    row, _ = DivisionDecision.objects.update_or_create(year=year, defaults=values | {"listed": listed})
    audit.record("year.division", by=by, target=year, before=before, after=values | {"list": listed})
    return row


def _same_decision(before, values):
    return (before["number"], before["dated"]) == (values["number"], values["dated"])


def division_values(row):
    """What a form of the decision shows, for people.

    Shape:   DivisionDecision or None -> {label: value}
    """
    row = row or DivisionDecision()
    return {
        "Số, ký hiệu": row.number, "Ngày ký": row.dated and day(row.dated), "Chức vụ người ký": row.signer,
        "Họ tên người ký": row.signer_name, "Căn cứ": row.bases,
    }  # fmt: skip


def year_values(year):
    """What a form of the year shows, for people.

    Shape:   Year -> {label: value}
    """
    return {
        "Tên năm": year.label, "Từ ngày": day(year.starts_on), "Đến ngày": day(year.ends_on), "Chủ đề": year.theme,
    }  # fmt: skip


def proposed_bases(year):
    """The documents that the rule sets of the year's blocs rest on, and who proposes, as lines of a decision.

    Shape:   Year -> [str]
    """
    sets = year_checks.sets_of(year)
    rows = RuleSource.objects.filter(rule_set__in={row for row in sets.values() if row}).select_related("document")
    names = dict.fromkeys(row.document.name for row in rows.order_by("rule_set", "pk"))
    lines = [f"Căn cứ {name}" for name in names]
    return [*lines, f"Theo đề nghị của {year.authority.board}"] if year.authority.board else lines
