"""Rule sets: what a file may say, versions, what holds for a bloc, out-of-force sources."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.domain import pins, rule_names, rulesets
from blocs.domain.files import FileRefused, read_yaml, write_yaml
from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent, LegalDocument, Obligation, RuleSet
from tests.blocs.rule_rows import FOLDER, make_rule_set, small_rules, stored
from tests.factories import make_authority, make_bloc_year, make_user, make_year, members_of

pytestmark = pytest.mark.django_db
FILES = sorted(FOLDER.glob("*.yaml"))


def refused(**changes):
    with pytest.raises(FileRefused) as caught:
        make_rule_set(**changes)
    return str(caught.value).split("\n")


def due(month, day, **more):
    return {"month": str(month), "day": str(day)} | {key: str(value) for key, value in more.items()}


# ---------------------------------------------------------------- the file

BAD = {
    "unknown key": ({"colour": "red"}, ["colour: khóa không có trong định dạng"]),
    "unknown key within": ({"lateness": {"gracee": "4"}}, ["lateness.gracee: khóa không có trong định dạng"]),
    "format": ({"format": "emulation-rules/2"}, ["format: “emulation-rules/2” không thuộc các giá trị được dùng: 'emulation-rules/1'"]),
    "version zero": ({"version": "0"}, ["version: ít nhất 1"]),
    "code twice": (
        {"milestones": [{"code": "a", "due": due(1, 1)}, {"code": "a", "due": due(2, 1)}]},
        ["milestones[1].code: mã “a” lặp lại"],
    ),
    "lock before due": (
        {"milestones": [{"code": "a", "due": due(11, 20), "locks": due(11, 19)}]},
        ["milestones[0].locks: khóa (locks) trước hạn (due)"],
    ),
    "lock before due by an hour": (
        {"milestones": [{"code": "a", "due": due(11, 20, time="17:00"), "locks": due(11, 20, time="16:00")}]},
        ["milestones[0].locks: khóa (locks) trước hạn (due)"],
    ),
    "calendar out of order": (
        {"milestones": [{"code": "a", "due": due(3, 1)}, {"code": "b"}, {"code": "c", "due": due(2, 28)}]},
        ["milestones[2].due: lịch không theo thứ tự: trước hạn của mốc “a”"],
    ),
    "month 13": ({"milestones": [{"code": "a", "due": due(13, 1)}]}, ["milestones[0].due.month: nhiều nhất 12"]),
    "month 0": ({"milestones": [{"code": "a", "due": due(0, 1)}]}, ["milestones[0].due.month: ít nhất 1"]),
    "day 32": ({"milestones": [{"code": "a", "due": due(1, 32)}]}, ["milestones[0].due.day: nhiều nhất 31"]),
    "hour 25": (
        {"milestones": [{"code": "a", "due": due(1, 1, time="25:00")}]},
        ["milestones[0].due.time: “25:00” không phải giờ (viết như 17:00)"],
    ),
    "year offset": (
        {"milestones": [{"code": "a", "due": due(1, 1, year="next")}]},
        ["milestones[0].due.year: “next” không phải số năm lệch (từ -5 đến 5)"],
    ),
    "who owes": (
        {"milestones": [{"code": "a", "owed_by": "mayor"}]},
        ["milestones[0].owed_by: “mayor” không thuộc các giá trị được dùng: 'unit', 'head', 'owner', 'assessor', 'board'"],
    ),
    "scope of two": (
        {"scope": {"type": "a", "bloc": "b"}},
        ["scope: cần đúng một trong hai: type, bloc (hoặc viết scope: province)"],
    ),
    "scope unknown": ({"scope": "ward"}, ["scope: “ward” không thuộc các giá trị được dùng: 'province'"]),
    "out of force before in force": (
        {"valid_from": "2026-01-02", "valid_to": "2026-01-01"}, ["valid_to: trước valid_from"],
    ),
    "source backwards": (
        {"sources": [{"document": "a", "valid_from": "2026-01-02", "valid_to": "2026-01-01"}]},
        ["sources[0].valid_to: trước valid_from"],
    ),
    "source twice": (
        {"sources": [{"document": "a"}, {"document": "a"}]}, ["sources[1].document: văn bản “a” lặp lại"],
    ),
    "three deputies": ({"heads": {"deputies_max": "3"}}, ["heads.deputies_max: nhiều nhất 2"]),
    "quota twice": (
        {"quotas": [{"award": "CTDT", "max": "1"}, {"award": "CTDT", "max": "2"}]},
        ["quotas[1].award: chỉ tiêu cho “CTDT” lặp lại"],
    ),
    "quota of two kinds": (
        {"quotas": [{"award": "CTDT", "max": "1", "max_percent": "5"}]},
        ["quotas[0]: cần đúng một trong ba: max, by_size, max_percent"],
    ),
    "several at once": (
        {"milestones": [{"code": "a"}, {"code": "a"}], "quotas": [{"award": "B", "max": "1"}, {"award": "B", "max": "1"}]},
        ["milestones[1].code: mã “a” lặp lại", "quotas[1].award: chỉ tiêu cho “B” lặp lại"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "lines"), BAD.values(), ids=BAD.keys())
def test_fault_is_named_by_its_path_and_nothing_is_stored(changes, lines):
    assert refused(**changes) == lines
    assert (RuleSet.objects.count(), LegalDocument.objects.count(), AuditEvent.objects.count()) == (0, 0, 0)


def plain(value):
    """What a rule file says: nothing and empty left out, numbers by their value."""
    return rulesets.parse_rules(value).model_dump(by_alias=True, exclude_unset=True)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_comes_back_and_again_changes_nothing(path):
    row, changed, _ = rulesets.import_rules(path.read_bytes(), publish=True)
    out = rulesets.spell(rulesets.as_data(row)).encode()
    assert (changed, plain(read_yaml(out))) == (True, plain(read_yaml(path.read_bytes())))
    again, changed, _ = rulesets.import_rules(out, publish=True)
    assert (again, changed, rulesets.spell(rulesets.as_data(again)).encode()) == (row, False, out)


days = st.builds(
    lambda month, day, year, time: {"month": month, "day": day} | ({"year": year} if year else {}) | ({"time": time} if time else {}),
    st.integers(1, 12).map(str),
    st.integers(1, 31).map(str),
    st.sampled_from([None, "-1", "0", "1"]),
    st.sampled_from([None, "17:00", "09:30:15"]),
)  # fmt: skip
rule_files = st.fixed_dictionaries(
    {"format": st.just("emulation-rules/1"), "id": st.sampled_from(["a", "07", "no", "2.10"])},
    optional={
        "version": st.integers(1, 9).map(str),
        "authority": st.sampled_from(["ubnd", None]),
        "scope": st.sampled_from(["province", {"type": "no"}, {"bloc": "07"}]),
        "valid_from": st.dates(date(2000, 1, 1), date(2020, 1, 1)).map(str),
        "valid_to": st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)).map(str),
        "sources": st.lists(st.sampled_from([{"document": "Số 1"}, {"document": "2", "valid_to": "2025-06-30"}]), max_size=1),
        "heads": st.sampled_from([{}, {"deputies_max": "0"}, {"chosen_by": "rotation"}]),
        "milestones": st.lists(st.builds(lambda due: {"code": "m", "due": due}, days), max_size=1),
        "lateness": st.sampled_from([{"days": "working", "grace": "3", "waived_by": "head"}, {"grace": "0"}]),
        "quotas": st.sampled_from([[], [{"award": "CTDT", "max_percent": "33.50", "after": ["BKT"]}], [{"award": "X", "by_size": [{"le": "3", "max": "1"}]}]]),
    },
)  # fmt: skip


@given(data=rule_files)
def test_any_file_comes_back(data):
    first = rulesets.parse_rules(data)
    spelled = first.model_dump(by_alias=True, exclude_unset=True)
    assert rulesets.parse_rules(read_yaml(rulesets.spell(spelled).encode())) == first


# ---------------------------------------------------------------- versions


def test_published_version_never_changes():
    make_rule_set(heads={"deputies_max": "1"})
    assert refused(heads={"deputies_max": "2"}) == [
        "version: quy-tac@1 đã công bố, không đổi được; hãy tăng số phiên bản"
    ]
    assert make_rule_set(version="2", heads={"deputies_max": "2"}).version == 2


def test_same_content_again_is_no_change():
    for publish in (False, True):
        rows = [rulesets.import_rules(write_yaml(small_rules()).encode(), publish=publish) for _ in range(2)]
        assert [changed for _, changed, _ in rows] == [True, False]
    assert [event.action for event in AuditEvent.objects.order_by("pk")] == [
        "rules.import",
        "rules.import",
        "rules.publish",
    ]


def test_draft_is_replaced_with_its_sources():
    make_rule_set(publish=False, sources=[{"document": "Cũ"}])
    row = make_rule_set(publish=False, sources=[{"document": "Mới"}], scope={"type": "hoi"})
    assert (RuleSet.objects.get(), row.scope, row.scope_code) == (row, "type", "hoi")
    assert [source.document.name for source in row.sources.all()] == ["Mới"]


def test_unknown_award_is_added_with_a_warning():
    _, _, notes = rulesets.import_rules(write_yaml(small_rules(quotas=[{"award": "GIAI_X", "max": "1"}])).encode())
    assert notes == ["khen thưởng “GIAI_X” chưa có trong danh mục, đã thêm để bổ sung tên"]


def test_board_publishes_and_discards_its_own_drafts_only():
    ours, theirs = make_authority(code="ta"), make_authority(code="ho")
    staff, stranger = (make_user(Role.BOARD_STAFF, authority=where) for where in (ours, theirs))
    row = make_rule_set(publish=False, by=staff, authority="ta")
    for act in (rulesets.publish, rulesets.discard):
        with pytest.raises(NotAllowed):
            act(row.pk, by=stranger)
    with pytest.raises(NotAllowed):  # nor takes it over by naming another authority
        make_rule_set(publish=False, by=stranger, authority="ho")
    rulesets.publish(row.pk, by=staff)
    row.refresh_from_db()
    assert (row.is_published, row.published_by) == (True, staff)
    for act in (rulesets.publish, rulesets.discard):
        with pytest.raises(WrongState):
            act(row.pk, by=staff)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.BOARD_STAFF])
def test_others_bring_no_rules(role):
    authority = make_authority(code="ta")
    with pytest.raises(NotAllowed):
        make_rule_set(by=make_user(role, bloc_year=make_bloc_year(make_year(authority))), authority="ta")
    assert RuleSet.objects.count() == 0


def test_rules_for_any_authority_come_by_the_command_alone():
    """One board's set for any authority would reach the blocs of all others."""
    staff = make_user(Role.BOARD_STAFF, authority=make_authority(code="ta"))
    with pytest.raises(NotAllowed, match="chỉ nhập bằng lệnh import_rules"):
        make_rule_set(by=staff, authority=None, scope={"bloc": "khoi-cua-ho"})
    draft = make_rule_set(publish=False)
    for act in (rulesets.publish, rulesets.discard):
        with pytest.raises(NotAllowed):
            act(draft.pk, by=staff)
    assert make_rule_set(publish=True).is_published is True


@pytest.mark.parametrize(
    ("first", "second", "whose"),
    [
        ("ta", "ho", "của “ta”"),
        ("ta", None, "của “ta”"),
        (None, "ho", "chung cho mọi cơ quan"),
    ],
)
@pytest.mark.parametrize("publish", [True, False])
@pytest.mark.parametrize("has_user", [True, False])
def test_versions_of_one_code_belong_to_one_authority(first, second, whose, publish, has_user):
    make_rule_set(authority=first, publish=publish)
    staff = make_user(Role.BOARD_STAFF, authority=make_authority(code=second)) if has_user and second else None

    with pytest.raises(FileRefused) as caught:
        make_rule_set(authority=second, version="99", by=staff)

    line = f"authority: mã “quy-tac” đã dùng cho bộ quy tắc {whose}; hãy dùng mã khác"
    assert (str(caught.value), rule_names.find("quy-tac").version if publish else 1) == (line, 1)
    assert make_rule_set(authority=first, version="2").version == 2


def test_discarded_draft_is_gone():
    staff = make_user(Role.BOARD_STAFF, authority=make_authority(code="ta"))
    row = make_rule_set(publish=False, authority="ta")
    rulesets.discard(row.pk, by=staff)
    assert (RuleSet.objects.count(), AuditEvent.objects.first().action) == (0, "rules.discard")


def test_name_with_and_without_a_version():
    first, second = make_rule_set(), make_rule_set(version="2")
    draft = make_rule_set(version="3", publish=False)
    assert [rule_names.find(name) for name in ("quy-tac", "quy-tac@1", "quy-tac@2")] == [second, first, second]
    assert (rule_names.latest("quy-tac"), rule_names.latest("quy-tac@3")) == (draft, draft)
    with pytest.raises(RuleBroken, match="chưa công bố"):
        rule_names.find("quy-tac@3")
    with pytest.raises(RuleBroken, match="không có bộ quy tắc “khac”"):
        rule_names.find("khac")


@pytest.mark.parametrize("role", [*Role, None])
def test_who_sees_which_set(role):
    """Published sets of one's own authority and of any; drafts for those who prepare them."""
    bloc_year = make_bloc_year(make_year(make_authority(code="ta")))
    for code in ("ta", "", "ho"):
        make_rule_set(id=f"{code}-1", authority=code or None)
        make_rule_set(id=f"{code}-2", authority=code or None, publish=False)
    user = make_user(role, bloc_year=bloc_year) if role else make_user()
    seen = sorted(RuleSet.objects.visible_to(user).values_list("code", flat=True))
    keepers = {Role.BOARD_STAFF, Role.ADMINISTRATOR}
    assert seen == ([] if role is None else ["-1", "-2", "ta-1", "ta-2"] if role in keepers else ["-1", "ta-1"])


# ---------------------------------------------------------------- what holds for a bloc


@pytest.fixture
def bloc_year():
    row = make_bloc_year(make_year(make_authority(code="ubnd")), type="hoi")
    row.bloc.code = "hoi-1"
    row.bloc.save()
    return row


def test_narrowest_scope_wins(bloc_year):
    found = []
    for name, changes in [
        ("chung", {}),
        ("tinh", {"authority": "ubnd"}),
        ("loai", {"authority": "ubnd", "scope": {"type": "hoi"}}),
        ("khoi", {"authority": "ubnd", "scope": {"bloc": "hoi-1"}}),
    ]:
        make_rule_set(id=name, **changes)
        found.append(rulesets.of(bloc_year).code)
    assert found == ["chung", "tinh", "loai", "khoi"]


@pytest.mark.parametrize(
    "changes",
    [
        {"authority": "khac"},
        {"scope": {"type": "xa"}},
        {"scope": {"bloc": "hoi-2"}},
        {"valid_to": "2025-12-31"},
        {"valid_from": "2027-01-01"},
        {"publish": False},
    ],
    ids=str,
)
def test_set_that_does_not_fit(bloc_year, changes):
    make_rule_set(**changes)
    assert rulesets.of(bloc_year) is None


def test_later_version_replaces_the_earlier_one_where_both_fit(bloc_year):
    make_rule_set(valid_from="2024-01-01")
    second = make_rule_set(version="2", valid_from="2020-01-01")
    make_rule_set(version="3", valid_from="2027-01-01")
    assert rulesets.of(bloc_year) == second


def test_pin_goes_before_what_fits(bloc_year):
    first = make_rule_set(id="khac", authority="ubnd", scope={"type": "xa"})
    bloc_year.rule_set = first
    bloc_year.save()
    make_rule_set(id="khoi", authority="ubnd", scope={"bloc": "hoi-1"})
    make_rule_set(id="khac", version="2", authority="ubnd")
    assert rulesets.of(bloc_year) == first


def test_publishing_moves_the_calendar_of_blocs_without_a_pin(bloc_year):
    draft = make_rule_set(publish=False, authority="ubnd")
    assert Obligation.objects.count() == 0
    rulesets.publish(draft.pk, by=make_user(Role.BOARD_STAFF, bloc_year=bloc_year))
    assert Obligation.objects.filter(bloc_year=bloc_year, code="unit-report").count() == len(members_of(bloc_year))
    assert list(pins.unpinned(draft)) == rulesets.under(draft, [bloc_year]) == [bloc_year]


# ---------------------------------------------------------------- sources


def test_source_out_of_force_by_the_dates_of_the_set():
    row = make_rule_set(sources=[{"document": "QĐ 1", "valid_from": "2020-01-01", "valid_to": "2025-12-31"}])
    assert rulesets.warnings(row, date(2025, 12, 31)) == []
    assert rulesets.warnings(row, date(2026, 1, 1)) == ["căn cứ “QĐ 1” đã hết hiệu lực từ sau ngày 31/12/2025"]
    assert rulesets.warnings(row, date(2019, 12, 31)) == ["căn cứ “QĐ 1” chưa có hiệu lực, có từ ngày 01/01/2020"]


def test_source_out_of_force_by_the_register():
    LegalDocument.objects.create(name="QĐ 1", valid_to=date(2024, 6, 30), replaced_by="QĐ 2")
    row = make_rule_set(sources=[{"document": "QĐ 1", "valid_to": "2025-12-31"}, {"document": "QĐ 3"}])
    words = "căn cứ “QĐ 1” đã hết hiệu lực từ sau ngày 30/06/2024, thay bằng QĐ 2"
    assert rulesets.warnings(row, date(2025, 1, 1)) == [words]


def test_file_does_not_change_the_register():
    LegalDocument.objects.create(name="QĐ 1", valid_to=date(2024, 6, 30))
    make_rule_set(sources=[{"document": "QĐ 1", "valid_to": "2025-12-31"}])
    assert LegalDocument.objects.get().valid_to == date(2024, 6, 30)


# ---------------------------------------------------------------- provinces side by side


def test_four_provinces_stand_side_by_side():
    for path in FILES:
        rulesets.import_rules(path.read_bytes(), publish=True)
    found = {}
    for code in ("hung-yen", "quang-nam", "bac-ninh", "quang-ninh"):
        bloc_year = make_bloc_year(make_year(make_authority(code=f"ubnd-{code}")))
        found[code] = rulesets.of(bloc_year).code
    assert found == {
        "hung-yen": "hung-yen-2021",
        "quang-nam": "quang-nam-2021",
        "bac-ninh": "bac-ninh-2025",
        "quang-ninh": "quang-ninh-2017",
    }


def test_enterprises_of_hung_yen_have_their_own_set():
    stored("hung-yen-2021")
    stored("hung-yen-2021-doanh-nghiep")
    bloc_year = make_bloc_year(make_year(make_authority(code="ubnd-hung-yen")), type="doanh-nghiep")
    assert rulesets.of(bloc_year).code == "hung-yen-2021-doanh-nghiep"
