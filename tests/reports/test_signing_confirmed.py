"""Who has no password to be asked for types his user name before he signs; the trail says how it was confirmed."""

import pytest
from django.urls import reverse
from django.utils import timezone

from blocs.domain import covenant_text, handovers
from blocs.enums import Role
from blocs.models import AuditEvent, Covenant, Handover, Signature
from tests.factories import PASSWORD, make_bloc_year, make_target, make_user, members_of
from tests.meeting_rows import make_meeting
from tests.screens import main_text, messages_of, recently_confirmed

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc_year():
    return make_bloc_year()


@pytest.fixture
def head(bloc_year):
    return make_user(Role.BLOC_HEAD, bloc_year=bloc_year)


@pytest.fixture
def leader(bloc_year, client):
    user = make_user(Role.UNIT_LEADER, unit=members_of(bloc_year)[0], username="nguyễn.mẫu")
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    return user


@pytest.fixture
def covenant(bloc_year, head):
    """What the leader signs on the covenant's page -> (page, address, what the form carries, how many have signed)"""
    make_target(bloc_year)
    Covenant.objects.update(goals=["Mục tiêu"], solutions=["Giải pháp"])
    row = covenant_text.close(bloc_year.pk, by=head)
    member = bloc_year.memberships.get(unit=members_of(bloc_year)[0])
    page, address = reverse("covenant_sign_page", args=[bloc_year.pk]), "covenant_sign"
    return page, reverse(address, args=[bloc_year.pk, member.pk]), {"digest": row.digest}, Signature.objects.count


@pytest.fixture
def handover(bloc_year, head):
    make_meeting(bloc_year, state="ended", by=head)
    handovers.begin(bloc_year.pk, receiver_id=members_of(bloc_year)[1].pk, by=head)
    Handover.objects.update(handed_on=timezone.localdate())
    page, address = reverse("handover", args=[bloc_year.pk]), reverse("handover_sign", args=[bloc_year.pk, "giver"])
    return page, address, {}, Handover.objects.exclude(giver_signed_at=None).count


@pytest.mark.parametrize("what", ["covenant", "handover"])
def test_without_a_password_one_click_signs_nothing(client, request, leader, what):
    page, address, form, signed = request.getfixturevalue(what)
    assert "Gõ tên đăng nhập của bạn ( nguyễn.mẫu ) để xác nhận" in main_text(client.get(page))
    for typed in ({}, {"typed_name": "nguyen.mau"}):
        refused = client.post(address, form | typed, follow=True)
        assert "cần gõ đúng tên đăng nhập “nguyễn.mẫu”" in messages_of(refused)[0]
    assert signed() == 0
    client.post(address, form | {"typed_name": " Nguyễn.mẫu "})
    assert signed() == 1
    event = AuditEvent.objects.filter(action=f"{what}.sign").get()
    assert event.after["confirmed"] == "gõ lại tên đăng nhập, tài khoản không có mật khẩu"


def test_with_a_password_it_is_asked_and_no_name(client, bloc_year, covenant):
    client.force_login(make_user(Role.UNIT_LEADER, unit=members_of(bloc_year)[0], password=PASSWORD))
    page, address, form, signed = covenant
    assert "Gõ tên đăng nhập" not in main_text(client.get(page))
    asked = client.post(address, form | {"typed_name": "x"})
    assert (asked.url.startswith(reverse("account_reauthenticate")), signed()) == (True, 0)
    recently_confirmed(client)
    client.post(address, form)
    assert AuditEvent.objects.get(action="covenant.sign").after["confirmed"] == "nhập lại mật khẩu hoặc mã xác thực"
