"""A real browser against a real server, and real workers as processes of their own."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import sync_playwright

from config.celery import app as celery_app

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in the test's thread

ROOT = Path(__file__).resolve().parent.parent.parent


def eventually(condition, *, within=60, what="the condition"):
    """The first true value of ``condition()``; fails after ``within`` seconds."""
    pause, end = threading.Event(), time.monotonic() + within
    while time.monotonic() < end:
        if value := condition():
            return value
        pause.wait(0.05)
    return pytest.fail(f"{what} did not come within {within} s")


def unfold(page, code):
    """Open a part of a report that assembles itself, where it is folded."""
    part = page.locator(f"details.part:has(#form-{code})")
    if part.get_attribute("open") is None:
        part.locator("> summary").click()


@pytest.fixture(scope="session")
def browser():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Chromium is missing: scripts/system-packages test"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


@pytest.fixture
def sample(transactional_db):
    """The sample province with its accounts."""
    celery_app.control.purge()
    call_command("load_sample")


@pytest.fixture
def sign_in(browser, live_server, sample):
    """``sign_in("donvi")`` -> a page of that account, at its to-do list."""
    contexts, errors = [], []

    def opened(name, width=1280):
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="vi-VN")
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: errors.append(request.url) if not ours(request.url) else None)
        page.goto(live_server.url)
        page.get_by_label("Tên đăng nhập").fill(name)
        page.get_by_label("Mật khẩu").fill(django_settings.DEMO_PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.get_by_role("heading", name="Việc cần làm").wait_for()
        return page

    def ours(url):
        return url.startswith((live_server.url, "data:", "blob:", "about:", "chrome-extension:"))

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def worker_environment(media_root, **more):
    """The environment of a process of its own on the test's database and broker."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        url = f"sqlite:///{name}"
    else:
        host, port, user = (connection.settings_dict[key] for key in ("HOST", "PORT", "USER"))
        url = f"postgres://{user}@{host}:{port}/{name}"
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": url,
        "MEDIA_ROOT": str(media_root),
        "VAR_DIR": str(django_settings.VAR_DIR),
        "PYTEST_XDIST_WORKER": django_settings.TEST_PROCESS,
        "RENDER_SWEEP_EVERY": "1",
        "RENDER_QUEUE_LOST_AFTER": "3",
        **more,
    }


@contextmanager
def running_worker(media_root, **environment):
    """A Celery worker with its beat, on the test's database and broker."""
    log = Path(media_root).parent / "worker.log"
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-B", "--concurrency", "1", "-l", "INFO"]
    with log.open("a") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=worker_environment(media_root, **environment),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            stop(process)


def stop(process):
    """End a worker and its children, gently, then not."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            kill(process)


def kill(process):
    """What a power cut does to a worker."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def worker(media_root, sample):
    media_root.mkdir(parents=True, exist_ok=True)
    with running_worker(media_root) as process:
        yield process
