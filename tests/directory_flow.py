"""A province's directory and our door to it, run by ``test_directory`` as a process of its own: who comes through?

The settings read the directory's address when they are loaded, so it runs first.
"""

import os

import requests
from oidc_provider_mock import User as Person
from oidc_provider_mock import run_server_in_thread

PEOPLE = [
    Person(sub="1", claims={"preferred_username": "Van-Phong"}),
    Person(sub="2", claims={"preferred_username": "nguoi-la", "email": "la@vi-du.vn", "email_verified": True}),
    Person(sub="3", claims={"email": "VP@vi-du.vn", "email_verified": True}),
    Person(sub="4", claims={"email": "vp@vi-du.vn"}),  # nobody vouches for the address
]


def main():
    with run_server_in_thread(user_claims=PEOPLE) as server:
        os.environ["OIDC_SERVER_URL"] = f"http://localhost:{server.server_port}"
        import django  # noqa: PLC0415 -- the settings need the address

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 -- as above

        from blocs.models import User  # noqa: PLC0415 -- as above

        call_command("migrate", verbosity=0)
        User.objects.create(username="van-phong", email="vp@vi-du.vn")
        for person in PEOPLE:
            print(person.sub, *come_through(person))  # noqa: T201 -- the test reads it
        print(User.objects.count())  # noqa: T201 -- as above


def come_through(person):
    """Ask at our door, sign in at the directory, come back -> where the browser ends, who is signed in."""
    from django.test import Client  # noqa: PLC0415 -- as above

    client = Client(headers={"host": "localhost"})
    door = client.post("/tai-khoan/tinh/dang-nhap/")
    answer = requests.post(door["Location"], data={"sub": person.sub}, allow_redirects=False, timeout=20)
    back = client.get(answer.headers["Location"])
    return back["Location"], client.session.get("_auth_user_id")


if __name__ == "__main__":
    main()
