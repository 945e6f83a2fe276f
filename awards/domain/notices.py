"""What the board tells a bloc of an award: how many there are, for whom; and the handing over of what was won."""

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from awards.models import AwardGiven, AwardKind, DecisionItem, FlagNotice, Presentation
from blocs.domain import audit, organisation
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import BlocYear, Conference, UnitYear
from blocs.templatetags.vietnamese import day


@transaction.atomic
def notify(bloc_year_id, award_code, *, count, standard, by, opened=""):
    """Tell a bloc the number and the standard of an award; told again, the later word holds.

    Shape:   (BlocYear id, award code, number or None, text, ``told_digest`` that the form carries) -> FlagNotice
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    """
    bloc_year = _locked(bloc_year_id)
    _check_may_notify(bloc_year, by)
    award = AwardKind.objects.filter(code=award_code).first()
    if award is None:
        raise RuleBroken("Không có danh hiệu, hình thức khen thưởng này.")
    if count is None and not standard:
        raise RuleBroken("Ghi số lượng hoặc tiêu chuẩn.")
    row = bloc_year.notices.select_related("award").filter(award=award).first()
    organisation.check_same(_told_words(row), opened)
    before = _told(row) if row else None
    row = row or FlagNotice(bloc_year=bloc_year, award=award, position=bloc_year.notices.count())
    row.count, row.standard, row.noted_by = count, standard, by
    if (after := _told(row)) != before:
        row.save()
        audit.record("award.notice", by=by, target=bloc_year, before=before, after=after)
    return row


@transaction.atomic
def withdraw_notice(bloc_year_id, notice_id, *, by):
    """Raises: NotAllowed, RuleBroken"""
    bloc_year = _locked(bloc_year_id)
    _check_may_notify(bloc_year, by)
    row = bloc_year.notices.select_related("award").filter(pk=notice_id).first()
    if row is None:
        raise RuleBroken("Thông báo này vừa được người khác bỏ.")
    audit.record("award.notice_remove", by=by, target=bloc_year, before=_told(row))
    row.delete()


def won(bloc_year):
    """What units of a bloc were awarded in a year, by decision or from the register.

    Shape:   BlocYear -> {(UnitYear id, award code): (UnitYear, AwardKind)} in their order; two queries
    """
    decided = DecisionItem.objects.filter(decision__bloc_year=bloc_year).order_by("decision__position", "position")
    found = {(row.unit_id, row.award.code): (row.unit, row.award) for row in decided.select_related("unit", "award")}
    for row in AwardGiven.objects.filter(bloc_year=bloc_year).select_related("unit", "award"):
        found.setdefault((row.unit_id, row.award.code), (row.unit, row.award))
    return found


@transaction.atomic
def present(bloc_year_id, unit_id, award_code, *, presented_on, place, received_by, conference_id=None, by, opened=""):
    """Note that an award was handed over: when, where, to whom.

    Shape:   (BlocYear id of the award's year, UnitYear id, award code, ``handed_digest`` that the form carries) ->
             Presentation
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    """
    bloc_year = _locked(bloc_year_id)
    _check_may_present(bloc_year, by)
    pair = won(bloc_year).get((unit_id, award_code))
    if pair is None:
        raise RuleBroken("Chỉ ghi trao thưởng cho đơn vị đã có quyết định khen thưởng.")
    if conference_id and not meetings(bloc_year).filter(pk=conference_id).exists():
        raise RuleBroken("Không có hội nghị này của khối.")
    unit, award = pair
    _check_handed_on(bloc_year, unit, award, presented_on)
    rows = Presentation.objects.select_related("unit", "award", "conference")
    row = rows.filter(bloc_year=bloc_year, unit=unit, award=award).first()
    organisation.check_same(_handed_words(row), opened)
    before = _handed(row) if row else None
    position = bloc_year.presentations.count()
    row = row or Presentation(bloc_year=bloc_year, unit=unit, award=award, position=position)
    row.presented_on, row.place, row.received_by = presented_on, place, received_by
    row.conference_id, row.noted_by = conference_id, by
    row.save()
    if (after := _handed(row)) != before:
        audit.record("award.present", by=by, target=bloc_year, before=before, after=after)
    return row


@transaction.atomic
def withdraw_presentation(bloc_year_id, presentation_id, *, by):
    """Raises: NotAllowed, RuleBroken"""
    bloc_year = _locked(bloc_year_id)
    _check_may_present(bloc_year, by)
    row = bloc_year.presentations.select_related("unit", "award", "conference").filter(pk=presentation_id).first()
    if row is None:
        raise RuleBroken("Lần trao thưởng này vừa được người khác bỏ.")
    audit.record("award.present_remove", by=by, target=bloc_year, before=_handed(row))
    row.delete()


def meetings(bloc_year):
    """Meetings at which awards of this year may have been handed over: of the bloc, in this year or a later one.

    Shape:   BlocYear -> Conference queryset
    """
    rows = Conference.objects.held().filter(bloc_year__bloc=bloc_year.bloc_id)
    return rows.filter(year__starts_on__gte=bloc_year.year.starts_on).order_by("held_on", "pk")


def _locked(bloc_year_id):
    BlocYear.objects.select_for_update().get(pk=bloc_year_id)
    return BlocYear.objects.select_related("year__authority").get(pk=bloc_year_id)


def _check_may_notify(bloc_year, by):
    if not by.has_perm("awards.notify", bloc_year):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng thông báo số lượng, tiêu chuẩn khen thưởng.")


def _check_may_present(bloc_year, by):
    if not by.has_perm("awards.note_presentation", bloc_year):
        raise NotAllowed("Chỉ Khối trưởng, Khối phó và Ban Thi đua - Khen thưởng ghi trao thưởng.")


def _check_handed_on(bloc_year, unit, award, presented_on):
    """Not before the decision, where its day is known, or the year; and not in the future."""
    if presented_on > timezone.localdate():
        raise RuleBroken(f"Ngày trao {day(presented_on)} chưa tới; trao rồi mới ghi.")
    items = DecisionItem.objects.filter(decision__bloc_year=bloc_year, unit=unit, award=award)
    decided_on = items.aggregate(first=Min("decision__dated"))["first"]
    if decided_on and presented_on < decided_on:
        raise RuleBroken(f"Ngày trao không thể trước ngày quyết định khen thưởng ({day(decided_on)}).")
    if presented_on < bloc_year.year.starts_on:
        raise RuleBroken(f"Ngày trao {day(presented_on)} trước năm {bloc_year.year.label}; xem lại ngày.")


def told_digest(row):
    """Shape: FlagNotice, or None of an award of which nothing was told -> the digest that the form carries"""
    return organisation.digest(_told_words(row))


def handed_digest(row):
    """Shape: Presentation, or None of what was not handed over -> the digest that the form carries"""
    return organisation.digest(_handed_words(row))


def _told_words(row):
    return organisation.labelled(FlagNotice, _told(row)) if row else {"Thông báo": "chưa có"}


def _handed_words(row):
    return organisation.labelled(Presentation, _handed(row)) if row else {"Trao thưởng": "chưa ghi"}


def _told(row):
    return {"award": str(row.award), "count": row.count, "standard": row.standard}


def _handed(row):
    unit: UnitYear = row.unit
    meeting = row.conference and f"{row.conference.get_kind_display()} ngày {day(row.conference.held_on)}"
    handed = {"unit": unit.name, "award": str(row.award), "presented_on": day(row.presented_on)}
    return handed | {"place": row.place, "received_by": row.received_by, "conference": meeting or ""}
