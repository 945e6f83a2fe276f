"""The year file names the rule set of a bloc: pinned, kept, given out as it was written."""

import pytest

from blocs.domain.files import FileRefused
from blocs.models import BlocYear, Obligation
from tests.blocs.rule_rows import make_rule_set
from tests.reports.yearfiles import content, exported, load, small

pytestmark = pytest.mark.django_db
UNSIGNED = [
    "hoi-dac-thu: giao ước ghi ngày ký kết mà không ghi đơn vị nào ký (signatures): các đơn vị chưa tính là đã ký"
]


def with_rules(name):
    return small(bloc={"rules": name})


def refused(name):
    with pytest.raises(FileRefused) as caught:
        load(with_rules(name))
    assert BlocYear.objects.count() == 0
    return str(caught.value)


@pytest.mark.parametrize("name", ["quy-tac", "quy-tac@1"])
def test_name_comes_back_as_it_was_written(name):
    row = make_rule_set(authority="ubnd-son-ha")
    year, _, _ = load(with_rules(name))
    out = exported(year)
    assert BlocYear.objects.get().rule_set == row
    assert content(out)["blocs"][0]["rules"] == name
    assert bool(load(out)[1]) is False
    assert exported(year) == out


def test_calendar_of_the_set_is_owed():
    make_rule_set()
    load(with_rules("quy-tac"))
    assert Obligation.objects.filter(code="unit-report").count() == 3


def test_unknown_set():
    assert refused("quy-tac") == "blocs[0].rules: không có bộ quy tắc “quy-tac”"


def test_draft():
    make_rule_set(publish=False)
    assert refused("quy-tac@1") == "blocs[0].rules: bộ quy tắc “quy-tac@1” chưa công bố"


def test_set_of_another_authority():
    make_rule_set(authority="ubnd-khac")
    assert refused("quy-tac") == "blocs[0].rules: quy-tac@1 là của “ubnd-khac”"


@pytest.mark.parametrize("name", ["quy-tac", "quy-tac@1"])
def test_later_version_does_not_move_the_pin(name):
    first = make_rule_set()
    year, _, _ = load(with_rules(name))
    out = exported(year)
    make_rule_set(version="2", milestones=[])
    assert (BlocYear.objects.get().rule_set, Obligation.objects.count()) == (first, 3)
    assert bool(load(out)[1]) is False
    assert (BlocYear.objects.get().rule_set, exported(year)) == (first, out)
    load(with_rules("quy-tac@2"))
    assert BlocYear.objects.get().rule_set.version == 2


def test_new_bloc_takes_the_highest_version():
    make_rule_set()
    second = make_rule_set(version="2")
    load(with_rules("quy-tac"))
    assert BlocYear.objects.get().rule_set == second


def test_file_without_the_key_keeps_the_pin_and_replace_clears_it():
    row = make_rule_set()
    load(with_rules("quy-tac"))
    load(small())
    assert BlocYear.objects.get().rule_set == row
    load(small(), replace=True)
    assert BlocYear.objects.get().rule_set is None


# ---------------------------------------------------------------- the file agrees with the rules


@pytest.mark.parametrize(
    "changes",
    [
        {"scope": {"type": "doanh-nghiep"}},
        {"scope": {"bloc": "khoi-khac"}},
        {"valid_from": "1990-01-01", "valid_to": "1991-12-31"},
    ],
)
def test_set_that_is_not_for_the_bloc(changes):
    make_rule_set(**changes)
    with pytest.raises(FileRefused) as caught:
        load(small(bloc={"rules": "quy-tac", "type": "hoi"}))
    line = "blocs[0].rules: quy-tac@1 không dành cho khối này: khác phạm vi hoặc thời gian"
    assert (str(caught.value), BlocYear.objects.count()) == (line, 0)


def test_bloc_without_a_type_may_pin_a_set_of_a_type():
    row = make_rule_set(scope={"type": "hoi"})
    load(with_rules("quy-tac"))
    assert BlocYear.objects.get().rule_set == row


@pytest.mark.parametrize("rules", [None, "quy-tac"])
def test_more_deputies_than_the_rules_allow(rules):
    make_rule_set(heads={"deputies_max": "0"})
    assert refused(rules) == "blocs[0].deputies: quy-tac@1 cho nhiều nhất 0 Khối phó, ở đây là 1"


def test_deputy_that_was_there_does_not_stay_under_a_new_pin():
    load(small())
    make_rule_set(heads={"deputies_max": "0"})
    later = with_rules("quy-tac")
    del later["blocs"][0]["deputies"]
    with pytest.raises(FileRefused, match="cho nhiều nhất 0 Khối phó, ở đây là 1"):
        load(later)


def test_what_was_so_before_is_no_fault_of_the_file():
    year, _, _ = load(small())
    make_rule_set(heads={"deputies_max": "0"})
    assert bool(load(exported(year))[1]) is False


def test_quotas_of_file_and_rules_in_a_circle():
    def quota(award, after):
        return {"award": award, "max_percent": "50", "base": "remaining", "after": [after]}

    make_rule_set(quotas=[quota("BKT", "CTDT")])
    with pytest.raises(FileRefused) as caught:
        load(small(bloc={"quotas": [quota("CTDT", "BKT")]}))
    words = "Chỉ tiêu trừ lẫn nhau thành vòng, không tính được: BKT → CTDT → BKT."
    assert str(caught.value) == f"blocs[0].quotas: {words}"


def test_quota_that_makes_no_sense():
    sizes = [{"ge": "4", "le": "9", "max": "1"}, {"ge": "8", "max": "2"}]
    with pytest.raises(FileRefused) as caught:
        load(small(bloc={"quotas": [{"award": "CTDT", "by_size": sizes}]}))
    words = "các khoảng số thành viên chồng lên nhau ở khoảng bắt đầu từ 8"
    assert str(caught.value) == f"blocs[0].quotas[0].by_size: {words}"


def test_after_without_effect_is_told():
    quotas = [{"award": "BKT", "max_percent": "50", "after": ["CTDT"]}]
    assert load(small(bloc={"quotas": quotas}))[2] == [
        "hoi-dac-thu: chỉ tiêu “BKT”: after không có tác dụng vì base không phải remaining"
    ]


def test_what_a_file_says_and_does_not_do_is_told():
    due, locks = {"month": "11", "day": "20"}, {"month": "11", "day": "30"}
    codes = [{"code": "registration"}, {"code": "covenant"}]
    make_rule_set(milestones=[{"code": "unit-report", "due": due, "locks": locks}, *codes])
    data = small()
    bloc = data["blocs"][0]
    bloc["milestones"] = [{"code": "unit-report", "due": "2026-12-05"}]
    bloc["registrations"] = [{"unit": unit, "awards": ["CTDT"]} for unit in bloc["members"][:2]]
    received = {"unit": bloc["members"][0], "kind": "registration", "at": "2026-01-05T08:00:00"}
    bloc["covenant"] = {"signed_on": "2026-02-03"}
    told = [
        f"{bloc['code']}: Báo cáo năm: hạn sau ngày khóa của bộ quy tắc mà không ghi ngày khóa (locks), sẽ không khóa",
        f"{bloc['code']}: 1 đơn vị đăng ký mà không ghi ngày nhận (received): không tính là đã nộp",
        *UNSIGNED,
    ]
    for more in ({"received": [received]}, {}):  # what came in before is known
        assert load(data | {"blocs": [bloc | more]})[2] == told


@pytest.mark.parametrize("asked", [{"code": "covenant"}, {"code": "covenant", "owed_by": "head"}, {"code": "mid-year"}])
def test_covenant_without_signatures_is_told_where_units_owe_it(asked):
    make_rule_set(milestones=[asked])
    told = load(small(bloc={"covenant": {"signed_on": "2026-02-03"}}))[2]
    assert [line for line in told if "giao ước" in line] == (UNSIGNED if asked == {"code": "covenant"} else [])


@pytest.mark.parametrize("where", ["signatures", "received"])
def test_signatures_that_are_in_store_are_known(where):
    make_rule_set(milestones=[{"code": "covenant"}])
    data, covenant = small(), {"signed_on": "2026-02-03"}
    bloc = data["blocs"][0]
    first = {
        "signatures": {"covenant": covenant | {"signatures": [{"unit": unit} for unit in bloc["members"]]}},
        "received": {
            "covenant": covenant,
            "received": [{"unit": bloc["members"][0], "kind": "covenant", "at": "2026-02-03T08:00:00"}],
        },
    }[where]
    assert load(data | {"blocs": [bloc | first]})[2] == []
    assert load(data | {"blocs": [bloc | {"covenant": covenant | {"goals": ["Đủ chỉ tiêu"]}}]})[2] == []
