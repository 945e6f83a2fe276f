"""The list of proposals: within the quota, with reasons."""

import pytest
from django.urls import reverse

from awards.models import AwardKind, Proposal, ProposedCount, Withdrawal
from blocs.enums import Role
from blocs.models import AuditEvent
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc_year():
    bloc_year = make.make_bloc_year(members=5)
    make.make_quota(bloc_year, "CTDT", max=3, source="Hướng dẫn số 1")
    return bloc_year


@pytest.fixture
def head(bloc_year, client):
    user = make.make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    client.force_login(user)
    return user


def words(response):
    return " ".join(response.content.decode().split())


def page_of(bloc_year):
    return reverse("proposals", args=[bloc_year.pk])


def add_to(bloc_year):
    return reverse("proposal_add", args=[bloc_year.pk])


def withdraw(proposal):
    return reverse("proposal_withdraw", args=[proposal.bloc_year_id, proposal.pk])


def cards(response):
    return [
        (card.award.code, card.used, card.look, card.words, bool(card.refusal)) for card in response.context["cards"]
    ]


def propose(bloc_year, number, award="CTDT"):
    return [make.make_proposal(bloc_year, unit, award) for unit in make.members_of(bloc_year)[:number]]


# ---------------------------------------------------------------- reading


def test_page_shows_limit_and_list(client, head, bloc_year):
    propose(bloc_year, 2)
    response = client.get(page_of(bloc_year))
    assert cards(response) == [("CTDT", 2, "idle", "Còn 1", False)]
    assert words(response).count("Chỉ tiêu: cố định 3. Căn cứ: Hướng dẫn số 1.") == 1
    assert [row.unit.name for row in response.context["cards"][0].rows] == [
        unit.name for unit in make.members_of(bloc_year)[:2]
    ]


def test_full_quota_disables_the_button_with_the_reason(client, head, bloc_year):
    propose(bloc_year, 3)
    page = words(client.get(page_of(bloc_year)))
    reason = "Đã đủ chỉ tiêu Cờ thi đua của UBND tỉnh: 3/3 (cố định 3). Căn cứ: Hướng dẫn số 1."
    assert page.count('disabled aria-describedby="why-CTDT"') == 1
    assert page.count(reason) == 1


def test_list_over_the_quota_is_shown_with_a_warning(client, head, bloc_year):
    propose(bloc_year, 5)
    response = client.get(page_of(bloc_year))
    assert cards(response) == [("CTDT", 5, "miss", "Vượt chỉ tiêu 2", True)]
    assert words(response).count("Danh sách đang có 5 đề nghị, trong khi chỉ tiêu là 3. Cần đưa bớt 2 đề nghị") == 1


def test_shared_quota_counts_both_awards(client, head, bloc_year):
    bloc_year.quotas.update(shared_with=["BKT"])
    make.make_quota(bloc_year, "BKT", max=3, shared_with=["CTDT"])
    propose(bloc_year, 2)
    propose(bloc_year, 1, "BKT")
    response = client.get(page_of(bloc_year))
    assert cards(response) == [("CTDT", 3, "ok", "Đủ chỉ tiêu", True), ("BKT", 3, "ok", "Đủ chỉ tiêu", True)]
    assert words(response).count("Số này dùng chung với: Cờ thi đua của UBND tỉnh.") == 1


def test_counts_without_names_are_shown(client, head, bloc_year):
    ProposedCount.objects.create(bloc_year=bloc_year, award=AwardKind.objects.get(code="CTDT"), count=2)
    response = client.get(page_of(bloc_year))
    assert cards(response) == [("CTDT", 2, "idle", "Còn 1", True)]
    assert words(response).count("Đã đề nghị 02 đơn vị (năm này chỉ ghi số lượng).") == 1


def test_award_without_a_quota_has_its_card(client, head, bloc_year):
    propose(bloc_year, 1, "TTLDXS")
    assert cards(client.get(page_of(bloc_year)))[1] == ("TTLDXS", 1, "idle", "Không có chỉ tiêu", False)


def test_award_that_another_one_shares_its_number_with_has_a_card_that_says_so(client, head, bloc_year):
    bloc_year.quotas.update(shared_with=["TTLDXS"])
    propose(bloc_year, 1, "TTLDXS")
    card = cards(client.get(page_of(bloc_year)))[1]
    assert card == ("TTLDXS", 1, "idle", "Dùng chung chỉ tiêu Cờ thi đua của UBND tỉnh", False)


def test_units_that_withdrew_are_named(client, head, bloc_year):
    kind = AwardKind.objects.get(code="CTDT")
    unit = make.members_of(bloc_year)[0]
    Withdrawal.objects.create(bloc_year=bloc_year, unit=unit, award=kind, reason="Nhường đơn vị khác")
    assert words(client.get(page_of(bloc_year))).count("Nhường đơn vị khác") == 1


def test_member_reads_without_forms(client, bloc_year):
    proposal = propose(bloc_year, 1)[0]
    client.force_login(make.make_user(Role.UNIT_LEADER, bloc_year=bloc_year))
    page = words(client.get(page_of(bloc_year)))
    assert page.count("Khối trưởng, Khối phó lập danh sách; trang này chỉ để xem.") == 1
    assert page.count(withdraw(proposal)) == 0
    assert page.count(add_to(bloc_year)) == 0


def test_queries_do_not_grow_with_the_list(head, bloc_year, queries_of):
    propose(bloc_year, 1)
    one = queries_of(page_of(bloc_year))
    Proposal.objects.all().delete()
    propose(bloc_year, 3)
    assert queries_of(page_of(bloc_year)) == one


# ---------------------------------------------------------------- writing


def test_propose_a_member(client, head, bloc_year):
    unit = make.members_of(bloc_year)[3]
    response = client.post(add_to(bloc_year), {"award": "CTDT", "unit": unit.pk})
    assert response.headers["Location"] == page_of(bloc_year)
    assert list(Proposal.objects.values_list("award__code", "unit")) == [("CTDT", unit.pk)]
    assert AuditEvent.objects.get().action == "proposal.propose"


def test_fourth_proposal_beyond_three_is_refused_with_the_reason(client, head, bloc_year):
    propose(bloc_year, 3)
    unit = make.members_of(bloc_year)[3]
    response = client.post(add_to(bloc_year), {"award": "CTDT", "unit": unit.pk})
    assert response.status_code == 422
    reason = "Đã đủ chỉ tiêu Cờ thi đua của UBND tỉnh: 3/3 (cố định 3). Căn cứ: Hướng dẫn số 1."
    assert words(response).count(reason) == 2  # above the form, and beside its button
    assert Proposal.objects.count() == 3


def test_counts_without_names_fill_the_quota_too(client, head, bloc_year):
    bloc_year.quotas.update(shared_with=["BKT"])
    ProposedCount.objects.create(bloc_year=bloc_year, award=AwardKind.objects.get(code="BKT"), count=3)
    response = client.post(add_to(bloc_year), {"award": "CTDT", "unit": make.members_of(bloc_year)[0].pk})
    assert response.status_code == 422
    assert Proposal.objects.count() == 0


def test_award_of_the_province_without_a_quota_can_be_proposed(client, head, bloc_year):
    unit = make.members_of(bloc_year)[0]
    client.post(add_to(bloc_year), {"award": "TTLDXS", "unit": unit.pk})
    assert Proposal.objects.get().award.code == "TTLDXS"


@pytest.mark.parametrize("award", ["CTDCP", "CSTDCT", "", "KHONG-CO"])
def test_award_that_is_not_offered_is_refused(client, head, bloc_year, award):
    response = client.post(add_to(bloc_year), {"award": award, "unit": make.members_of(bloc_year)[0].pk})
    assert response.status_code == 422
    assert Proposal.objects.count() == 0


def test_unit_that_is_no_member_is_refused(client, head, bloc_year):
    stranger = make.make_unit_year(bloc_year.year)
    assert client.post(add_to(bloc_year), {"award": "CTDT", "unit": stranger.pk}).status_code == 422
    assert Proposal.objects.count() == 0


def test_twice_the_same_unit_is_refused_on_the_page(client, head, bloc_year):
    proposal = propose(bloc_year, 1)[0]
    response = client.post(add_to(bloc_year), {"award": "CTDT", "unit": proposal.unit.pk})
    assert words(response).count(f"{proposal.unit.short} đã có trong danh sách đề nghị") == 1


def test_withdraw_asks_for_a_reason(client, head, bloc_year):
    proposal = propose(bloc_year, 1)[0]
    assert client.get(withdraw(proposal)).status_code == 200
    assert client.post(withdraw(proposal), {"note": "  "}).status_code == 422
    assert Proposal.objects.count() == 1
    assert client.post(withdraw(proposal), {"note": "Đơn vị xin rút"}).headers["Location"] == page_of(bloc_year)
    assert Proposal.objects.count() == 0
    assert AuditEvent.objects.get().note == "Đơn vị xin rút"
    assert client.post(withdraw(proposal), {"note": "Lần nữa"}).status_code == 404


# ---------------------------------------------------------------- rights


def test_stranger_gets_404_and_nobody_the_sign_in_page(client, bloc_year):
    proposal = propose(bloc_year, 1)[0]
    addresses = [page_of(bloc_year), add_to(bloc_year), withdraw(proposal)]
    anonymous = [client.get(address).headers["Location"] for address in addresses]
    assert anonymous == [f"{reverse('account_login')}?next={address}" for address in addresses]
    client.force_login(make.make_user(Role.BLOC_HEAD))
    assert client.get(page_of(bloc_year)).status_code == 404
    assert client.post(add_to(bloc_year)).status_code == 404
    assert client.get(withdraw(proposal)).status_code == 404


@pytest.mark.parametrize("role", [Role.UNIT_LEADER, Role.BOARD_STAFF])
def test_those_who_do_not_lead_cannot_write(client, bloc_year, role):
    proposal = propose(bloc_year, 1)[0]
    client.force_login(make.make_user(role, bloc_year=bloc_year))
    unit = make.members_of(bloc_year)[2]
    assert client.post(add_to(bloc_year), {"award": "CTDT", "unit": unit.pk}).status_code == 404
    assert client.post(withdraw(proposal), {"note": "x"}).status_code == 404
    assert Proposal.objects.count() == 1


def test_wrong_methods(client, head, bloc_year):
    proposal = propose(bloc_year, 1)[0]
    assert client.post(page_of(bloc_year)).status_code == 405
    assert client.get(add_to(bloc_year)).status_code == 405
    assert client.put(withdraw(proposal)).status_code == 405
