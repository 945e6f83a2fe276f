"""The organisation of a year: its blocs, their members, leaders, dates and quotas."""

from tests.factories import make_bloc_year

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
organisation         GET    -                        -           200  404  404  404  404  404  404  404  404  200  404  302
bloc_add             GET    -                        -           200  404  404  404  404  404  404  404  404  404  404  302
bloc_add             POST   -                        -           302  404  404  404  404  404  404  404  404  404  404  302
bloc_setup           GET    bloc_year                own         200  404  404  404  404  404  404  404  404  200  404  302
bloc_setup           GET    bloc_year                beside      200  404  404  404  404  404  404  404  404  200  404  302
bloc_setup           GET    bloc_year                foreign     404  404  404  404  404  404  404  404  404  404  404  302
bloc_edit            GET    bloc_year                own         200  404  404  404  404  404  404  404  404  404  404  302
bloc_edit            POST   bloc_year                own         302  404  404  404  404  404  404  404  404  404  404  302
bloc_edit            POST   bloc_year                foreign     404  404  404  404  404  404  404  404  404  404  404  302
bloc_remove          GET    bloc_year                own         200  404  404  404  404  404  404  404  404  404  404  302
bloc_remove          POST   bloc_year                own         422  404  404  404  404  404  404  404  404  404  404  302
bloc_remove          POST   bloc_year                empty       302  404  404  404  404  404  404  404  404  404  404  302
bloc_remove          POST   bloc_year                foreign     404  404  404  404  404  404  404  404  404  404  404  302
bloc_members         GET    bloc_year                own         200  404  404  404  404  404  404  404  404  404  404  302
bloc_members         POST   bloc_year                own         302  404  404  404  404  404  404  404  404  404  404  302
bloc_members         POST   bloc_year                foreign     404  404  404  404  404  404  404  404  404  404  404  302
bloc_members_add     POST   bloc_year                own         422  404  404  404  404  404  404  404  404  404  404  302
bloc_members_add     POST   bloc_year                foreign     404  404  404  404  404  404  404  404  404  404  404  302
bloc_members_paste   POST   bloc_year                own         302  404  404  404  404  404  404  404  404  404  404  302
bloc_members_paste   POST   bloc_year                foreign     404  404  404  404  404  404  404  404  404  404  404  302
bloc_leaders         GET    bloc_year                own         200  404  404  404  404  404  404  404  404  404  404  302
bloc_leaders         POST   bloc_year                own         302  404  404  404  404  404  404  404  404  404  404  302
bloc_leaders         POST   bloc_year                foreign     404  404  404  404  404  404  404  404  404  404  404  302
bloc_date            GET    bloc_year handover       own         200  404  404  404  404  404  404  404  404  404  404  302
bloc_date            POST   bloc_year handover       own         302  404  404  404  404  404  404  404  404  404  404  302
bloc_date            POST   bloc_year handover       foreign     404  404  404  404  404  404  404  404  404  404  404  302
bloc_quota           GET    bloc_year CTDT           own         200  404  404  404  404  404  404  404  404  404  404  302
bloc_quota           POST   bloc_year CTDT           own         302  404  404  404  404  404  404  404  404  404  404  302
bloc_quota           POST   bloc_year CTDT           foreign     404  404  404  404  404  404  404  404  404  404  404  302
bloc_quota_clear     GET    bloc_year CTDT           own         200  404  404  404  404  404  404  404  404  404  404  302
bloc_quota_clear     POST   bloc_year CTDT           own         302  404  404  404  404  404  404  404  404  404  404  302
bloc_quota_clear     POST   bloc_year CTDT           foreign     404  404  404  404  404  404  404  404  404  404  404  302
"""

NAMES = {line.split()[0] for line in TABLE.strip().splitlines()[1:]}


def add_rows(places, people):
    """``empty`` is a bloc in which nothing happened."""
    places["empty"] = {"bloc_year": make_bloc_year(places["own"]["year"], members=1, deputy=False)}


def form_of(name, rows):
    if name not in NAMES:
        return {}
    form = {
        "reason": "Công văn 5.",
        "name": "Khối thêm vào năm",
        "kind": "khoi",
        "way": "max",
        "max": "3",
        "source": "QĐ 1",
    }
    if name == "bloc_members":
        units = list(rows["bloc_year"].memberships.order_by("position").values_list("unit", flat=True))
        form |= {"act": "order", "unit": units[::-1]}
    if name == "bloc_members_paste":
        form["names"] = "\n".join(rows["bloc_year"].memberships.values_list("unit__name", flat=True))
    if name == "bloc_leaders":
        form["head"] = rows["bloc_year"].memberships.get(role="head").unit_id
    if name == "bloc_date":
        form["due_at"] = "2027-01-10T17:00"
    return form
