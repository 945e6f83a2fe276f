"""What comes before the first year of an authority: people of the board, then the year."""

from django.urls import reverse

from blocs.enums import BOARD_ROLES, Role
from blocs.models import Authority, Seat
from reports.todo.task import Task

BOARD = "Ban Thi đua - Khen thưởng"


def tasks(seats):
    """Shape: Seat queryset -> [Task]; where somebody sits at the board already the year is left to it"""
    for authority in _without_year(seats, BOARD_ROLES):
        staff = Seat.objects.not_over().filter(role=Role.BOARD_STAFF, authority=authority, user__is_active=True)
        if not staff.exists():
            yield _add_people(authority)
        elif not staff.exclude(user__last_login=None).exists():
            yield _let_in(authority)
    for authority in _without_year(seats, [Role.BOARD_STAFF]):
        yield _begin(authority)


def _without_year(seats, roles):
    places = seats.filter(role__in=roles).values("authority")
    return Authority.objects.filter(pk__in=places, years=None).order_by("name")


def _add_people(authority):
    return Task(
        None,
        f"Thêm người của {BOARD}",
        f"{authority.name}: {BOARD} lập năm đầu tiên, nên cần có người của Ban trước",
        "idle",
        "Chưa có ai",
        reverse("person_add"),
        "Thêm người",
    )


def _let_in(authority):
    return Task(
        None,
        f"Cấp lối vào cho người của {BOARD}",
        f"{authority.name}: chưa ai của Ban đăng nhập lần nào. Chọn người rồi in phiếu hoặc gửi thư mời",
        "idle",
        "Chưa ai vào",
        f"{reverse('people')}?role={Role.BOARD_STAFF}",
        "Cấp lối vào",
    )


def _begin(authority):
    return Task(
        None,
        "Lập năm đầu tiên",
        f"{authority.name}: từ năm này mới thêm được đơn vị, cụm, khối; các năm sau chép sang",
        "idle",
        "Chưa có năm nào",
        reverse("year_begin", args=[authority.pk]),
        "Lập năm",
    )
