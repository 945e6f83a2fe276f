"""What every change of a bloc's year has in common: who may, when not, and what if somebody else was faster."""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import ManyToOneRel

from blocs.domain.covenant import check_not_closed
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken
from blocs.models import AuditEvent, BlocYear, Year
from blocs.templatetags.vietnamese import moment


def locked_year(year_id, *, by, reason):
    """The year, locked, where the user may change its blocs now; in a running year with a reason.

    Shape:   Year id -> Year with authority
    Locks:   as ``lock_years``
    Raises:  NotAllowed, RuleBroken
    """
    lock_years(year_id)
    year = Year.objects.select_related("authority").get(pk=year_id)
    if not by.has_perm("blocs.edit_organisation", year):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng của cơ quan đó sửa tổ chức cụm, khối.")
    if year.is_open and not reason.strip():
        raise RuleBroken(f"Năm {year.label} đang chạy: cần ghi rõ lý do thay đổi.")
    return year


def lock_years(year_id):
    """A unit is asked once for a day: whoever changes blocs holds every year of the authority with days of this one.

    Shape:   Year id -> None
    Locks:   those year rows, the lowest id first
    """
    days = Year.objects.filter(pk=year_id)
    authority, begins, ends = (days.values(name)[:1] for name in ("authority", "starts_on", "ends_on"))
    rows = Year.objects.select_for_update(no_key=True)  # rows that only refer to the year need not wait
    beside = rows.filter(authority=authority, starts_on__lte=ends, ends_on__gte=begins)
    list(beside.order_by("pk").values_list("pk"))


def locked(bloc_year_id, *, by, reason):
    """The bloc's year, locked after its year, where the user may change it now.

    Shape:   BlocYear id -> BlocYear with year.authority and bloc
    Locks:   as ``lock_years``, then the bloc year row
    Raises:  NotAllowed, RuleBroken
    """
    place = BlocYear.objects.filter(pk=bloc_year_id).values_list("year", flat=True).first()
    if place is None:
        raise RuleBroken("Cụm, khối này vừa được người khác xóa khỏi năm.")
    locked_year(place, by=by, reason=reason)
    BlocYear.objects.select_for_update().get(pk=bloc_year_id)
    row = BlocYear.objects.select_related("year__authority", "bloc", "rule_set").get(pk=bloc_year_id)
    check_not_closed(row)
    return row


def digest(values):
    """A short name of what a form was opened with.

    Shape:   plain data -> str
    """
    text = json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def check_unchanged(target, values, opened):
    """Refuse to write over what somebody saved since the form was opened.

    Shape:   (row, {label: value now}, digest that the form carries or empty) -> None
    Raises:  EditedMeanwhile with the values now in words, and their digest
    """
    if not opened or opened == digest(values):
        return
    name = f"{target._meta.label_lower}:{target.pk}"  # noqa: SLF001 -- Django's documented name for it
    last = AuditEvent.objects.filter(target=name).first()
    check_same(values, opened, who=f"{last.actor} đã sửa lúc {moment(last.at)}" if last else SOMEBODY)


SOMEBODY = "Người khác đã sửa"


def check_same(values, opened, *, who=SOMEBODY):
    """``check_unchanged`` of what is no row of its own.

    Raises:  EditedMeanwhile
    """
    now = digest(values)
    if opened and opened != now:
        raise EditedMeanwhile(
            f"{who}, sau khi bạn mở trang này. Bản của bạn chưa được lưu.", theirs=words(values), version=now
        )


def words(values):
    """A line for each value: ``Tên: Khối các hội``.

    Shape:   {label: text, number, list or None} -> str
    """
    lines = []
    for label, value in values.items():
        shown = "; ".join(map(str, value)) if isinstance(value, list) else value
        lines.append(f"{label}: {'(không có)' if shown in (None, '') else shown}")
    return "\n".join(lines)


def labelled(model, values):
    """Values of columns under the names that people know.

    Shape:   (model class, {column: value}) -> {label: value}
    """
    names = {name: str(model._meta.get_field(name).verbose_name) for name in values}  # noqa: SLF001 -- as above
    return {f"{names[name][:1].upper()}{names[name][1:]}": value for name, value in values.items()}


def references(model):
    """Every column of any app that refers to rows of a model; an app below need not know the tables above.

    Shape:   model class -> [ForeignKey]
    """
    relations = model._meta.get_fields(include_hidden=True)  # noqa: SLF001 -- Django's documented name for it
    return [relation.field for relation in relations if isinstance(relation, ManyToOneRel)]


def name_of(model):
    """What people call a row of a model."""
    return str(model._meta.verbose_name)  # noqa: SLF001 -- as above
