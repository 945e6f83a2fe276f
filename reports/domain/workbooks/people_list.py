"""The people of an authority as a list; the rules are those of ``blocs.domain.people_list``."""

from blocs.domain import people_list
from blocs.models import UnitYear
from reports.domain.workbooks.sheets import Column, Holds, Sheet

NOTES = {
    "unit": "Mã hoặc tên đơn vị trong năm. Chuyên viên, Hội đồng, quản trị: để trống.",
    "role": "Chọn trong danh sách. Khối trưởng, Khối phó theo đơn vị dẫn đầu khối, không ghi ở đây.",
    "post": "Hiện trên màn hình và văn bản. Người mới phải có chức danh hoặc họ tên.",
    "username": "Trống: đặt theo mã đơn vị, không dấu. Có rồi thì ghi để sửa đúng người.",
}
SIZES = {"post": (200, 44), "full_name": (120, 26), "email": (254, 30), "phone": (30, 18), "username": (150, 24)}


def _column(name):
    most, width = SIZES.get(name, (300, 30))
    more: dict = {"choices": {label: label for label in people_list.ROLES}} if name == "role" else {}
    if name == "unit":
        more = {"suggests": "units"}
    holds = {"unit": Holds.CODE, "username": Holds.CODE, "phone": Holds.SIGNS}.get(name, Holds.TEXT)
    return Column(
        name, people_list.LABELS[name], holds, NOTES.get(name, ""), name == "role", max_length=most, width=width, **more
    )


SHEET = Sheet("people", "Tài khoản", tuple(_column(name) for name in people_list.LABELS))


def rows(place):
    """Shape:   Place -> {sheet name: [{column: value}]}"""
    return {"people": people_list.rows(place.authority, place.year, by=place.by, users=place.shown)}


def run(place, tables):
    """Shape:   (Place, {"people": [Entry]}) -> [Line]; raises NotAllowed"""
    return people_list.apply(place.authority, place.year, tables["people"], by=place.by)


def lists(place):
    """The drop-down of units.

    Shape:   Place -> {name: [text]}
    """
    units = UnitYear.objects.filter(year=place.year).order_by("position", "pk")
    return {"units": list(units.values_list("unit__code", flat=True))}
