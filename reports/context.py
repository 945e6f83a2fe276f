from django.conf import settings
from django.urls import reverse

from blocs.enums import AUTHORITY_ROLES, BLOC_ROLES, BOARD_ROLES, MEMBER_UNIT_ROLES, Role
from blocs.seats import current_seat, named, seats_of
from blocs.years import current_year, years_of
from reports.models import Message


def navigation(request):
    """What the masthead shows: the years, the user's seats, the pages that those seats open."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"directory": _directory()}
    years, year = years_of(request), current_year(request)
    held, seat = seats_of(request), current_seat(request)
    roles = {seat.role} if seat else {row.role for row in held}
    names = named(held)
    pages = _pages(roles, has_years=bool(years))
    waiting = Message.objects.waiting_for(user, year).count() if year and Role.BOARD_STAFF in roles else 0
    return {
        "nav": {
            "title": f"Thi đua {year.authority.place or year.authority.name}" if year else "Thi đua, khen thưởng",
            "years": years,
            "year": year,
            "many_authorities": len({row.authority_id for row in years}) > 1,
            "seat": str(user),
            "holds_seat": bool(held),
            "keeps_years": Role.BOARD_STAFF in roles,
            "seats": [(row, names[row.pk]) for row in held] if len(held) > 1 else [],
            "current_seat": seat,
            "unread": Message.objects.received_by(user).filter(read_at=None).count(),
            "items": [
                {
                    "label": label,
                    "url": url,
                    "is_current": _is_current(request.path, url),
                    "waiting": waiting if url == reverse("outbox") else 0,
                }
                for label, url in pages
            ],
        }
    }


def _directory():
    """The province's own sign-in, where there is one."""
    if not settings.OIDC_SERVER_URL:
        return None
    return {"name": settings.OIDC_NAME, "url": reverse("openid_connect_login", args=["tinh"])}


def _pages(roles, *, has_years):
    """[(label, address)] that these roles open, in the order of the bar."""
    members = AUTHORITY_ROLES | BLOC_ROLES | MEMBER_UNIT_ROLES
    blocs = "Cụm, khối" if roles & AUTHORITY_ROLES else "Khối của tôi"
    table = [
        ("Việc cần làm", "todo", True),
        ("Bảng toàn tỉnh", "board", has_years and roles & AUTHORITY_ROLES),
        (blocs, "bloc_list", roles & members),
        ("Phong trào", "movement_list", True),
        ("Hội nghị", "conference_list", roles & members),
        ("Báo cáo", "report_list", roles & members),
        ("Tra cứu", "search", has_years),
        ("Tổ chức", "organisation" if has_years else "year_list", roles & BOARD_ROLES),
        ("Nhập, xuất", "upload_list", roles & BLOC_ROLES),
        ("Người của đơn vị", "unit_people", Role.UNIT_LEADER in roles),
        ("Hộp chờ gửi", "outbox", has_years and Role.BOARD_STAFF in roles),
        ("Quản trị", "admin:index", Role.ADMINISTRATOR in roles),
    ]
    return [(label, reverse(name)) for label, name, opens in table if opens]


def _is_current(path, url):
    if url == "/":
        return path == url
    return path.startswith((url, *BELOW_ORGANISATION)) if url in ("/to-chuc/", "/nam/") else path.startswith(url)


BELOW_ORGANISATION = ("/nam/", "/nguoi-dung/", "/quy-tac/", "/nhat-ky/", "/nhap-tep/")  # pages that it leads to
