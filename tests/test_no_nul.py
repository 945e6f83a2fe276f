"""The sign NUL: no address and no form brings it to a view, so no query meets it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from blocs.enums import Role
from tests.factories import make_user
from tests.reports.assembly_rows import Bloc

pytestmark = pytest.mark.django_db
NUL = "a\0b"


@pytest.fixture
def world(client):
    made = Bloc()
    client.force_login(made.head)
    return made


def test_address_with_nul_is_refused_with_words(client, world):
    pages = {
        "search": client.get(reverse("search"), {"q": NUL}),
        "source": client.get(reverse("assembly_source", args=[world.summary.pk]), {"doan": NUL}),
        "name": client.get(reverse("search"), {NUL: "x"}),
        "verify": client.get("/xac-minh/a%00b/"),
    }

    assert {name: page.status_code for name, page in pages.items()} == dict.fromkeys(pages, 400)
    assert "Máy chủ không nhận yêu cầu này" in pages["search"].content.decode()


def test_form_with_nul_is_refused_and_nothing_is_written(client, world):
    page = reverse("version_keep", args=[world.summary.pk])

    assert client.post(page, {"reason": NUL}).status_code == 400
    assert world.summary.versions.count() == 0
    assert client.post(page, {"reason": "a b"}).status_code == 302


def test_nul_inside_a_file_is_no_matter_of_the_form(client, world):
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.7 \0")
    page = reverse("version_keep", args=[world.summary.pk])

    assert client.post(page, {"reason": "a", "file": file}).status_code == 302


@pytest.mark.parametrize("q", ["\u0301", " \u0300\u0323 ", " "])
def test_nothing_to_look_for_finds_nothing(client, world, q):
    page = client.get(reverse("search"), {"q": q})

    assert (page.status_code, page.context["groups"]) == (200, [])
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=world.bloc_year))
    assert client.get(reverse("bloc_members", args=[world.bloc_year.pk]), {"q": q}).status_code == 200
