from django.urls import reverse

from blocs.enums import AUTHORITY_ROLES, BLOC_ROLES, BOARD_ROLES, MEMBER_UNIT_ROLES, Role
from blocs.years import current_year, years_of


def navigation(request):
    """What the masthead shows: the years, the user's seats, the pages that those seats open."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    years, year = years_of(request), current_year(request)
    seats = list(user.seats.in_force().select_related("unit", "authority", "bloc_year__bloc"))
    roles = {seat.role for seat in seats}
    pages = [("Việc cần làm", reverse("todo"))]
    if roles & AUTHORITY_ROLES:
        pages.append(("Bảng toàn tỉnh", reverse("board")))
    if roles & (AUTHORITY_ROLES | BLOC_ROLES | MEMBER_UNIT_ROLES):
        pages.append(("Cụm, khối" if roles & AUTHORITY_ROLES else "Khối của tôi", reverse("bloc_list")))
    pages.append(("Phong trào", reverse("movement_list")))
    if roles & (AUTHORITY_ROLES | BLOC_ROLES | MEMBER_UNIT_ROLES):
        pages.append(("Báo cáo", reverse("report_list")))
    if years:
        pages.append(("Tra cứu", reverse("search")))
    if roles & BOARD_ROLES:
        pages.append(("Năm thi đua", reverse("year_list")))
    if Role.ADMINISTRATOR in roles:
        pages.append(("Quản trị", reverse("admin:index")))
    return {
        "nav": {
            "title": f"Thi đua {year.authority.place or year.authority.name}" if year else "Thi đua, khen thưởng",
            "years": years,
            "year": year,
            "many_authorities": len({row.authority_id for row in years}) > 1,
            "seat": str(user),
            "items": [
                {"label": label, "url": url, "is_current": _is_current(request.path, url)} for label, url in pages
            ],
        }
    }


def _is_current(path, url):
    return path == url if url == "/" else path.startswith(url)
