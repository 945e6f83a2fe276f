"""A later file of the same authority and year; several authorities; what people did here meanwhile."""

from datetime import date

import pytest

from blocs.models import Authority, Bloc, BlocYear, Target, TargetResult, Unit, UnitYear, Year
from reports.domain import report_results
from tests.factories import make_unit_report
from tests.reports.yearfiles import (
    ALL_KEYS,
    again_nothing,
    bloc_of,
    content,
    exported,
    load,
    row_counts,
    small,
    with_bloc,
)

pytestmark = pytest.mark.django_db


def offices(year):
    bloc = bloc_of(year)
    return bloc.get("head"), bloc.get("deputies", [])


def following(year):
    bloc = bloc_of(year)
    return bloc.get("next_head"), bloc.get("next_deputies", [])


# ---------------------------------------------------------------- adds and updates, removes nothing


@pytest.mark.usefixtures("stored_rules")
def test_later_file_adds_and_updates_and_removes_nothing():
    year, _, _ = load(ALL_KEYS.read_bytes())
    before = content(exported(year))
    later = small(
        year="2022",
        theme="Chủ đề mới",
        authority={"code": "ubnd-nam-dinh", "name": "Ủy ban nhân dân tỉnh Nam Định"},
        units=[{"code": "hoi-nha-bao", "name": "Hội Nhà báo tỉnh Nam Định"}, {"code": "hoi-moi", "name": "Hội mới"}],
        bloc={"members": ["hoi-moi"], "head": None, "deputies": None, "covenant": {"goals": ["Mục tiêu mới."]}},
    )
    _, changes, _ = load(later)
    after = content(exported(year))
    expected = before | {"theme": "Chủ đề mới"}
    expected["units"][0]["name"] = "Hội Nhà báo tỉnh Nam Định"
    expected["units"].append({"code": "hoi-moi", "name": "Hội mới"})
    expected["blocs"][0]["name"] = later["blocs"][0]["name"]
    expected["blocs"][0]["members"].append("hoi-moi")
    expected["blocs"][0]["covenant"]["goals"].append("Mục tiêu mới.")
    assert after == expected
    assert changes.removed == []
    assert changes.created == {"blocs.unit": 1, "blocs.unityear": 1, "blocs.membership": 1}
    assert sorted(item["row"].partition(":")[0] for item in changes.updated) == [
        "giao ước thi đua", "khối của năm", "năm thi đua", "đơn vị trong năm",
    ]  # fmt: skip
    assert again_nothing(year)


@pytest.mark.usefixtures("stored_rules")
def test_replace_leaves_exactly_the_new_file_and_lists_what_goes():
    year, _, _ = load(ALL_KEYS.read_bytes())
    new = small(year="2022", authority={"code": "ubnd-nam-dinh", "name": "Ủy ban nhân dân tỉnh Nam Định"})
    _, changes, _ = load(new, replace=True)
    assert content(exported(year)) == content(str(new).replace("'", '"').encode())
    gone = {line.partition(":")[0] for line in changes.removed}
    assert gone == {
        "báo cáo tổng kết của khối", "chỉ số phong trào", "chỉ tiêu", "chỉ tiêu khen thưởng", "chữ ký giao ước", "cuộc bỏ phiếu",
        "cơ quan phối hợp", "giao ước thi đua", "hội nghị", "khen thưởng trong quyết định", "khối của năm", "kết quả chỉ tiêu",
        "kết quả khen thưởng", "kết quả kiểm phiếu", "kết quả phong trào", "lần nhận", "mốc thời gian", "phong trào",
        "phần báo cáo tổng kết", "quyết định khen thưởng", "số lượng đề nghị", "thành viên", "tạm dừng xét", "xin rút", "đã được tặng",
        "đăng ký thi đua", "đơn vị dự họp", "đơn vị trong năm", "đề nghị khen thưởng",
    }  # fmt: skip


@pytest.mark.usefixtures("stored_rules")
def test_replace_with_a_dry_run_writes_nothing():
    year, _, _ = load(ALL_KEYS.read_bytes())
    out, counts = exported(year), row_counts()
    new = small(year="2022", authority={"code": "ubnd-nam-dinh", "name": "Ủy ban nhân dân tỉnh Nam Định"})
    _, changes, _ = load(new, replace=True, dry_run=True)
    assert len(changes.removed) > 50
    assert (exported(year), row_counts()) == (out, counts)


def test_order_of_the_later_file_counts_where_it_is_complete():
    year, _, _ = load(small())
    load(with_bloc(members=["hoi-dong-y", "hoi-luat-gia", "hoi-nha-bao"]))
    assert bloc_of(year)["members"] == ["hoi-dong-y", "hoi-luat-gia", "hoi-nha-bao"]


def test_new_members_follow_the_old_where_the_later_file_names_some():
    year, _, _ = load(with_bloc(members=["hoi-nha-bao", "hoi-luat-gia"]))
    load(with_bloc(members=["hoi-dong-y", "hoi-nha-bao"], deputies=None))
    assert bloc_of(year)["members"] == ["hoi-nha-bao", "hoi-luat-gia", "hoi-dong-y"]


def test_quota_of_another_way_takes_the_place_of_the_old():
    year, _, _ = load(with_bloc(quotas=[{"award": "CTDT", "max": "2", "source": "QĐ 1"}]))
    load(with_bloc(quotas=[{"award": "CTDT", "max_percent": "20", "rounding": "ceil"}]))
    assert [{key: str(value) for key, value in quota.items()} for quota in bloc_of(year)["quotas"]] == [
        {"award": "CTDT", "max_percent": "20", "rounding": "ceil"}
    ]
    assert again_nothing(year)


def test_repeated_recognitions_are_updated_in_their_order():
    row = {"unit": "hoi-nha-bao", "award": "GK"}
    year, _, _ = load(with_bloc(recognitions=[row | {"count": "1"}, row | {"count": "2"}]))
    load(with_bloc(recognitions=[row | {"count": "1"}, row | {"count": "5"}, row | {"count": "6"}]))
    assert [int(item["count"]) for item in bloc_of(year)["recognitions"]] == [1, 5, 6]
    assert again_nothing(year)


# ---------------------------------------------------------------- labels, authorities, units over the years


def test_label_is_the_year_by_default():
    year, _, _ = load(small())
    assert (year.label, year.starts_on, year.ends_on) == ("2026", date(2026, 1, 1), date(2026, 12, 31))
    assert "label" not in content(exported(year))


def test_keys_that_equal_the_default_are_given_back_as_two_files_wrote_them():
    year, _, _ = load(small(label="2026", ends_on="2026-12-31"))
    load(small(starts_on="2026-01-01"))
    out = content(exported(year))
    assert (out["label"], out["starts_on"], out["ends_on"]) == ("2026", "2026-01-01", "2026-12-31")
    assert again_nothing(year)


def test_school_year_has_its_own_label():
    year, _, _ = load(small(year="2019", label="2019-2020", starts_on="2019-09-01", ends_on="2020-05-31"))
    assert (year.label, year.year) == ("2019-2020", 2019)


def test_two_authorities_may_have_the_same_codes_and_labels():
    first, _, _ = load(small())
    out = exported(first)
    second, _, _ = load(small(authority={"code": "tinh-uy", "name": "Tỉnh ủy"}, bloc={"name": "Khối khác"}))
    assert (exported(first), Bloc.objects.filter(code="hoi-dac-thu").count()) == (out, 2)
    assert (Authority.objects.count(), Unit.objects.count(), Year.objects.filter(label="2026").count()) == (2, 6, 2)
    assert bloc_of(second)["name"] == "Khối khác"


def test_unit_of_several_years_is_one_unit_with_the_name_of_each_year():
    first, _, _ = load(small())
    second, _, _ = load(small(year="2027", units=[{"code": "hoi-nha-bao", "name": "Hội Nhà báo Việt Nam tỉnh"}], bloc={"members": ["hoi-nha-bao"], "deputies": None}))  # fmt: skip
    names = UnitYear.objects.filter(unit=Unit.objects.get(code="hoi-nha-bao")).order_by("year__year")
    assert [(row.year, row.name) for row in names] == [
        (first, "Hội Nhà báo tỉnh"),
        (second, "Hội Nhà báo Việt Nam tỉnh"),
    ]


def test_replace_of_one_year_leaves_the_others():
    first, _, _ = load(small())
    second, _, _ = load(small(year="2022", bloc={"report": {"leading": ["A"]}}))
    out = exported(first)
    load(
        small(year="2022", units=small()["units"][:2], bloc={"members": ["hoi-nha-bao", "hoi-luat-gia"]}), replace=True
    )
    assert exported(first) == out
    assert [unit["code"] for unit in content(exported(second))["units"]] == ["hoi-nha-bao", "hoi-luat-gia"]


# ---------------------------------------------------------------- who leads


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ({"head": "hoi-dong-y"}, ("hoi-dong-y", ["hoi-luat-gia"])),
        ({"head": "hoi-luat-gia", "deputies": ["hoi-nha-bao"]}, ("hoi-luat-gia", ["hoi-nha-bao"])),
        ({"head": "hoi-luat-gia"}, ("hoi-luat-gia", [])),
        ({"deputies": ["hoi-nha-bao"]}, (None, ["hoi-nha-bao"])),
        ({"deputies": ["hoi-dong-y", "hoi-luat-gia"]}, ("hoi-nha-bao", ["hoi-dong-y", "hoi-luat-gia"])),
        ({}, ("hoi-nha-bao", ["hoi-luat-gia"])),
    ],
    ids=["head to a member", "swap", "deputy rises", "head steps down", "second deputy before the first", "silent"],
)
def test_offices_of_a_later_file(later, expected):
    year, _, _ = load(small())
    load(with_bloc(**({"head": None, "deputies": None} | later)))
    assert offices(year) == expected
    assert again_nothing(year)


def test_two_deputies_swap():
    year, _, _ = load(with_bloc(deputies=["hoi-luat-gia", "hoi-dong-y"]))
    load(with_bloc(deputies=["hoi-dong-y", "hoi-luat-gia"]))
    assert offices(year) == ("hoi-nha-bao", ["hoi-dong-y", "hoi-luat-gia"])


def test_second_deputy_becomes_the_first_when_the_first_rises():
    year, _, _ = load(with_bloc(deputies=["hoi-luat-gia", "hoi-dong-y"]))
    load(with_bloc(head="hoi-luat-gia", deputies=None))
    assert offices(year) == ("hoi-luat-gia", ["hoi-dong-y"])
    assert again_nothing(year)


def test_all_offices_turn_round():
    year, _, _ = load(with_bloc(deputies=["hoi-luat-gia", "hoi-dong-y"]))
    load(with_bloc(head="hoi-luat-gia", deputies=["hoi-dong-y", "hoi-nha-bao"]))
    assert offices(year) == ("hoi-luat-gia", ["hoi-dong-y", "hoi-nha-bao"])


def test_replace_takes_offices_away():
    year, _, _ = load(small())
    load(with_bloc(head=None, deputies=None), replace=True)
    assert offices(year) == (None, [])


def test_head_who_became_a_member_by_an_earlier_file():
    year, _, _ = load(small())
    load(with_bloc(members=["hoi-nha-bao"], head="hoi-dong-y", deputies=None))
    assert offices(year) == ("hoi-dong-y", ["hoi-luat-gia"])


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ({"next_head": "hoi-dong-y"}, ("hoi-dong-y", ["hoi-luat-gia"])),
        ({"next_head": "hoi-luat-gia", "next_deputies": ["hoi-nha-bao"]}, ("hoi-luat-gia", ["hoi-nha-bao"])),
        ({"next_head": "hoi-luat-gia"}, ("hoi-luat-gia", [])),
        ({"next_deputies": ["hoi-nha-bao"]}, (None, ["hoi-nha-bao"])),
        ({}, ("hoi-nha-bao", ["hoi-luat-gia"])),
    ],
    ids=["head", "swap", "deputy rises", "head steps down", "silent"],
)
def test_leaders_of_the_following_year(later, expected):
    year, _, _ = load(with_bloc(next_head="hoi-nha-bao", next_deputies=["hoi-luat-gia"]))
    load(with_bloc(**later))
    assert following(year) == expected
    assert again_nothing(year)


# ---------------------------------------------------------------- targets of the same code


def test_units_answer_goes_over_to_its_own_target():
    answer = {"target": "T1", "of": "hoi-nha-bao", "value": "5"}
    year, _, _ = load(with_bloc(covenant={"targets": [{"code": "T1"}], "results": [answer]}))
    load(with_bloc(covenant={"targets": [{"code": "T1", "of": "hoi-nha-bao"}]}))
    assert TargetResult.objects.get().target == Target.objects.get(of__unit__code="hoi-nha-bao")
    assert again_nothing(year)


def test_unit_with_an_own_target_answers_that_one_only():
    year, _, _ = load(
        with_bloc(covenant={"targets": [{"code": "T1"}, {"code": "T1", "of": "hoi-nha-bao"}, {"code": "T2"}]})
    )
    bloc_year = BlocYear.objects.get(year=year)
    report = make_unit_report(bloc_year)
    assert [str(target.of or "khối") + target.code for target in report_results.targets_of(report)] == [
        "Hội Nhà báo tỉnhT1",
        "khốiT2",
    ]
