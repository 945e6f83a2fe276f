"""Every address of the project, for every role: one table written by hand. It is the specification, not a record."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from blocs.domain import audit
from blocs.enums import ConferenceKind, Role
from blocs.models import BlocType, Conference, Holiday, LegalDocument, Obligation, RuleSet, Succession, UnitRename
from reports.domain.papers import subjects
from reports.enums import RenderingState, UnitReportState
from tests.addresses import TABLES, TOPICS
from tests.factories import make_movement, make_summary_report, make_target, make_unit_report, make_user, members_of
from tests.screens import NOBODY, content_of, make_paper, make_people, make_province

pytestmark = pytest.mark.django_db

ANONYMOUS = "anonymous"
COLUMNS = [
    Role.BOARD_STAFF, Role.BLOC_HEAD, Role.BLOC_DEPUTY, Role.UNIT_REPORTER, Role.UNIT_LEADER, Role.MOVEMENT_OWNER,
    Role.ASSESSOR, Role.COUNCIL_MEMBER, Role.COUNCIL_SECRETARY, Role.ADMINISTRATOR, NOBODY, ANONYMOUS,
]  # fmt: skip

LINES = [line.split() for table in TABLES for line in table.strip().splitlines()[1:] if line.strip()]
ROWS = {(name, method, place): words for name, method, *words, place in (line[: -len(COLUMNS)] for line in LINES)}
EXPECTED = {
    (line[0], line[1], line[-len(COLUMNS) - 1]): dict(zip(COLUMNS, map(int, line[-len(COLUMNS) :]), strict=True))
    for line in LINES
}

# The tables of the administrators' pages: those that they keep, and those that they only read.
KEPT = [
    "awards_awardkind",
    "awards_lawversion",
    "blocs_authority",
    "blocs_bloctype",
    "blocs_holiday",
    "blocs_legaldocument",
]
WITHOUT_ADDING = ["blocs_retentionclass"]  # kept, but their rows come from elsewhere
READ = [
    "awards_decision", "awards_proposal", "awards_proposedcount", "awards_quota", "blocs_auditevent", "blocs_bloc",
    "blocs_blocyear", "blocs_conference", "blocs_covenant", "blocs_membership", "blocs_obligation", "blocs_ruleset", "blocs_seat", "blocs_succession", "blocs_target", "blocs_unit", "blocs_unitrename", "blocs_unityear", "blocs_user", "blocs_year",
    "movements_movement", "reports_rendering", "reports_summaryreport", "reports_unitreport",
]  # fmt: skip
ADMIN_VERBS = ["changelist", "add", "history", "change", "delete"]
ADMIN_STATUS = {
    **{name: {"changelist": 200, "add": 200, "history": 200, "change": 200, "delete": 403} for name in KEPT},
    **{name: {"changelist": 200, "add": 403, "history": 200, "change": 200, "delete": 403} for name in WITHOUT_ADDING},
    **{name: {"changelist": 200, "add": 403, "history": 200, "change": 200, "delete": 403} for name in READ},
}


# ---------------------------------------------------------------- every address stands in the table


def addresses(resolver=None, namespace="", route=""):
    """The name of every address, or its pattern where it has none."""
    for pattern in (resolver or get_resolver()).url_patterns:
        whole = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else whole
        else:
            inside = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from addresses(pattern, namespace + inside, whole)


def test_every_address_stands_in_the_table():
    by_hand = {name for name, _, _ in ROWS}
    of_tables = {f"admin:{table}_{verb}" for table in ADMIN_STATUS for verb in ADMIN_VERBS}
    unnamed = {f"quan-tri/{table.replace('_', '/')}/<path:object_id>/" for table in ADMIN_STATUS}
    others = {"admin:login", "quan-tri/(?P<url>.*)$"}  # behind our own sign-in page; no page of the admin at all

    assert set(addresses()) == by_hand | of_tables | unnamed | others


def test_table_knows_every_role():
    assert [*Role, NOBODY, ANONYMOUS] == COLUMNS


# ---------------------------------------------------------------- the world of the table


def make_world():
    """({place: {word of the table: row}}, {column: user})"""
    own, foreign = make_province(), make_province()
    people = make_people(own)
    colleague, far = members_of(own.bloc_year)[1], members_of(own.other)[0]
    beside = {
        "bloc_year": own.other,
        "membership": own.other.memberships.get(unit=far),
        "sent": make_unit_report(own.other, unit=far, state=UnitReportState.SUBMITTED),
        "summary": make_summary_report(own.other),
        "target": make_target(own.other),
        "rendering": make_paper(own.other),
        "year_place": SimpleNamespace(pk=subjects.place_of(own.year)),
        "movement": make_movement(owner=far),
    }
    places = {
        "-": {},
        "own": rows_of(own) | {"person": people[Role.BLOC_HEAD]},
        "colleague": {
            "membership": own.bloc_year.memberships.get(unit=colleague),
            "sent": make_unit_report(own.bloc_year, unit=colleague, state=UnitReportState.SUBMITTED),
            "target": own.target,
        },
        "beside": beside,
        "foreign": rows_of(foreign)
        | {"sent": make_unit_report(foreign.bloc_year, unit=foreign.units[1], state=UnitReportState.SUBMITTED)},
    }
    for topic in TOPICS:
        if hasattr(topic, "add_rows"):
            topic.add_rows(places, people)
    return places, people


def rows_of(province):
    names = ("year", "bloc_year", "membership", "report", "summary", "target", "movement", "proposal", "rendering")
    failed = make_paper(province.bloc_year, state=RenderingState.FAILED)
    rest = {"failed": failed, "indicator": province.movement.indicators.get()}
    rest["place"] = SimpleNamespace(pk=subjects.place_of(province.bloc_year))
    rest["year_place"] = SimpleNamespace(pk=subjects.place_of(province.year))
    return {name: getattr(province, name) for name in (*names, "batch")} | rest


def address(name, words, rows):
    if "/" in name or "." in name:
        return f"/{name}"
    return reverse(name, args=[rows[word].pk if word in rows else word for word in words if word[0] not in "-("])


def form_of(name, rows):
    """What a person would fill in."""
    form = {"text": "Nội dung.", "version": 1, "value": "5", "note": "Lý do.", "adopted_on": "2026-11-20", "op": ">="}
    if "year" in rows:
        form["year"] = rows["year"].pk
    if name == "proposal_add":
        form |= {"award": "CTDT", "unit": members_of(rows["bloc_year"])[1].pk}
    if name in ("movement_add", "movement_edit"):
        form["name"] = "Phong trào của năm"
    if name == "movement_record":
        movement = rows["movement"]
        form |= {"indicator": movement.indicators.get().pk, "unit": movement.owner_id, "period": "2026"}
    for topic in TOPICS:
        if hasattr(topic, "form_of"):
            form |= topic.form_of(name, rows)
    return form


def asked(user, method, url, data=None):
    """The status of the answer; whatever was written is undone."""
    browser = Client()
    if user:
        browser.force_login(user)
    with transaction.atomic():
        response = getattr(browser, method.lower())(url, data)
        content_of(response)
        transaction.set_rollback(True)
    return response.status_code


# ---------------------------------------------------------------- the table itself


@pytest.mark.slow  # every address for every role; no database answers otherwise than the other
@pytest.mark.parametrize("who", COLUMNS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_table_holds(who, method):
    places, people = make_world()
    rows = {key: words for key, words in ROWS.items() if key[1] == method}
    found = {}

    for (name, _, place), words in rows.items():
        data = form_of(name, places[place]) if method == "POST" else None
        url = address(name, words, places[place])
        found[name, method, place] = asked(people.get(who), method, url, data)

    assert found == {key: EXPECTED[key][who] for key in rows}


def test_page_for_one_method_refuses_the_other():
    """Our own pages; what packages bring decides for itself."""
    places, people = make_world()
    methods, found = {}, {}
    for name, method, _ in ROWS:
        if not name.startswith(("account_", "mfa_", "admin:", "quan-tri", "favicon")):
            methods.setdefault(name, set()).add(method)
    one_way = {name: found for name, found in methods.items() if len(found) == 1}

    for (name, method, place), words in ROWS.items():
        if name in one_way and place in ("own", "-"):
            other = {"GET": "POST", "POST": "GET"}[method]
            found[name] = asked(people[NOBODY], other, address(name, words, places[place]))

    assert found == dict.fromkeys(one_way, 405)


def test_without_a_scope_there_is_nothing():
    """Neither a user without any seat, nor staff of another authority, reads a name of ours on any list."""
    places, people = make_world()
    stranger = make_user(Role.BOARD_STAFF, authority=places["foreign"]["year"].authority)
    secrets = [places["own"]["bloc_year"].name, places["beside"]["bloc_year"].name, places["own"]["movement"].name]
    found = {}

    for user in (people[NOBODY], stranger):
        browser = Client()
        browser.force_login(user)
        for name in ("todo", "bloc_list", "report_list", "movement_list", "board"):
            page = browser.get(reverse(name), follow=True).content.decode()
            found[name] = found.get(name, []) + [secret for secret in secrets if secret in page]

    assert found == {name: [] for name in found}


# ---------------------------------------------------------------- the administrators' tables


def make_rest(own):
    """One row of the tables that the world leaves empty."""
    bloc_year = own["bloc_year"]
    Conference.objects.create(year=own["year"], bloc_year=bloc_year, kind=ConferenceKind.YEAR_END)
    bloc_year.decisions.create(number="1/QĐ-UBND")
    bloc_year.proposed_counts.create(award=own["proposal"].award, count=1)
    audit.record("bloc.edit", by=None, target=bloc_year)
    old, new = (row.unit for row in members_of(bloc_year)[:2])
    BlocType.objects.create(authority=own["year"].authority, code="loai", name="Loại")
    Holiday.objects.create(on=date(2026, 9, 2), name="Quốc khánh")
    LegalDocument.objects.create(name="Quyết định mẫu")
    RuleSet.objects.create(code="bo-quy-tac", authority_code=own["year"].authority.code, content={})
    Succession.objects.create(predecessor=old, successor=new)
    UnitRename.objects.create(unit=new, on=date(2026, 7, 1), old_name="Tên cũ", new_name="Tên mới", document="QĐ")
    Obligation.objects.create(bloc_year=bloc_year, code="x", owed_by="unit", unit=members_of(bloc_year)[0])


def admin_statuses(user, table, verbs):
    """{verb: status} for a row of the table."""
    model = apps.get_model(table.replace("_", "."))
    row = model._default_manager.order_by("pk").first()
    found = {}
    for verb in verbs:
        args = [] if verb in ("changelist", "add") else [row.pk]
        found[verb] = asked(user, "GET", reverse(f"admin:{table}_{verb}", args=args))
    return found


@pytest.mark.parametrize("table", ADMIN_STATUS)
def test_administrator_opens_the_tables_as_far_as_they_go(table):
    places, people = make_world()
    make_rest(places["own"])

    assert admin_statuses(people[Role.ADMINISTRATOR], table, ADMIN_VERBS) == ADMIN_STATUS[table]


SHARED = {"awards_awardkind", "awards_lawversion", "blocs_holiday", "blocs_legaldocument", "blocs_retentionclass"}


def test_administrator_of_another_authority_finds_none_of_our_rows():
    places, _ = make_world()
    make_rest(places["own"])
    stranger = make_user(Role.ADMINISTRATOR)
    closed = dict.fromkeys((table for table in ADMIN_STATUS if table not in SHARED), 302)

    found = {table: admin_statuses(stranger, table, ["change"])["change"] for table in closed}

    assert found == closed


@pytest.mark.parametrize("who", [column for column in COLUMNS if column != Role.ADMINISTRATOR])
def test_others_find_none_of_the_tables(who):
    places, people = make_world()
    make_rest(places["own"])
    verbs = ["changelist", "change"]

    found = {table: admin_statuses(people.get(who), table, verbs) for table in ADMIN_STATUS}

    expected = dict.fromkeys(verbs, 302 if who == ANONYMOUS else 404)
    assert found == dict.fromkeys(ADMIN_STATUS, expected)
