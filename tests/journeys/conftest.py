"""The journeys: a live server with the demo district, and a real browser that complains about every error and every request elsewhere."""

import fcntl
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from os import environ
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys.browser import CHROMIUM_FLAGS, ROOT, find_chromium
from tests.journeys.letterbox import Letterbox
from tests.journeys.october import october_day

APP, PASSWORD = "tests.journeys.october:app", "correct horse"
SECONDS_TO_START = 60
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 800}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


@dataclass(frozen=True)
class Live:
    """A running server: where it answers, the password of everyone in the demo cast, and the file of its database."""

    url: str
    password: str
    database: Path
    today: date

    def begin_anew(self, demo: Path) -> None:
        """Put the demo as it was made into the running server's database; a new epoch makes it forget the pages it kept."""
        with closing(sqlite3.connect(demo)) as source, closing(sqlite3.connect(self.database, timeout=10)) as target:
            source.backup(target)
            with target:
                target.execute("UPDATE change_counter SET epoch = ?", (secrets.token_hex(13),))

    def run(self, statement: str, *values: object) -> None:
        """Change the database behind the server's back, as somebody with a hand on it might."""
        with closing(sqlite3.connect(self.database, timeout=10)) as connection, connection:
            connection.execute(statement, values)
            connection.execute("UPDATE change_counter SET value = value + 1")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo district in a file, made once for all workers."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in environ else own
    file = folder / "demo.sqlite"
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            making = folder / "making.sqlite"
            _flask("demo", env=_environment(making, "http://127.0.0.1"))
            making.rename(file)
    return file


@pytest.fixture(scope="session")
def post() -> Iterator[Controller]:
    """A mail server, which the app is told of; its handler is the letterbox."""
    controller = Controller(Letterbox(), hostname="127.0.0.1", port=_free_port())
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def letterbox(post: Controller, live: Live) -> Letterbox:
    """The mails that the app sends in this journey."""
    box: Letterbox = post.handler
    box.begin_anew()
    return box


@pytest.fixture(scope="session")
def server(demo: Path, post: Controller, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The app as it is shipped, on a database of its own, with a mail server."""
    folder, port = tmp_path_factory.mktemp("live"), _free_port()
    live = Live(f"http://127.0.0.1:{port}", PASSWORD, folder / "live.sqlite", october_day().date())
    shutil.copy(demo, live.database)
    granian = f"granian --interface wsgi --host 127.0.0.1 --port {port} --blocking-threads 4 --no-ws {APP}".split()
    log = folder / "server.log"
    with log.open("w") as output:
        env = _environment(live.database, live.url) | _sending(post)
        process = subprocess.Popen([sys.executable, "-m", *granian], cwd=ROOT, env=env, stdout=output, stderr=output)
    try:
        _wait_for(live.url + "/healthz", process, log)
        yield live
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def live(server: Live, demo: Path) -> Live:
    """The running server with the demo as it was made: what one journey did, the next does not meet."""
    server.begin_anew(demo)
    return server


def _environment(database: Path, url: str) -> dict[str, str]:
    return dict(environ) | {
        "DATABASE_URL": f"sqlite:///{database}",
        "SECRET_KEY": "only for the journeys of the tests",
        "BASE_URL": url,
        "DEMO_PASSWORD": PASSWORD,
        "JOURNEYS_DAY": october_day().isoformat(),
    }


def _sending(post: Controller) -> dict[str, str]:
    return {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(post.port), "SMTP_SECURITY": "none", "SMTP_FROM": "kursrekka@demo.example"}


def _flask(*command: str, env: dict[str, str]) -> None:
    answer = subprocess.run([sys.executable, "-m", "flask", "--app", APP, *command], cwd=ROOT, env=env, capture_output=True, text=True)
    if answer.returncode:
        pytest.fail(f"flask {' '.join(command)}:\n{answer.stdout}{answer.stderr}", pytrace=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once; every visitor gets a profile of its own."""
    chromium = find_chromium()
    if chromium is None:
        pytest.fail("No Chromium: `make test` installs one.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(browser: Browser, live: Live) -> Iterator[Callable[..., Page]]:
    """Make a page for someone new: `visitor(phone=True, dark=True, javascript=False, language="ur")`.

    When the test ends, no visitor may have met an error in the browser (a refusal by the content security policy is one),
    or have asked any other server for anything.
    """
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def visit(*, phone: bool = False, dark: bool = False, javascript: bool = True, language: str = "nb-NO") -> Page:
        context = browser.new_context(
            base_url=live.url,
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale=language,
            reduced_motion="reduce",
        )
        context.set_default_timeout(5000)
        contexts.append(context)
        _listen(context, live.url, trouble)
        return context.new_page()

    yield visit
    for context in contexts:
        context.close()
    assert trouble == []


@pytest.fixture
def page(visitor: Callable[..., Page]) -> Page:
    """An ordinary visitor at a desk."""
    return visitor()


@pytest.fixture
def signed_in(visitor: Callable[..., Page], live: Live) -> Callable[..., Page]:
    """Make a page for someone of the demo cast: `signed_in("agent")`, with the same choices as `visitor`.

    Staff read Norwegian until they choose, so that with an English language the English pages are chosen.
    """

    def sign_in(name: str, **choices: bool | str) -> Page:
        page = visitor(**choices)
        page.goto("/logg-inn")
        page.locator("input[name=email]").fill(f"{name}@demo.example")
        page.locator("input[name=password]").fill(live.password)
        page.locator("input[name=password]").press("Enter")
        expect(page.locator("input[name=password]")).to_have_count(0)
        if str(choices.get("language", "")).startswith("en"):
            page.locator("form[action='/sprak/en'] button").click()
            expect(page.locator("html[lang=en]")).to_be_attached()
        return page

    return sign_in


def _listen(context: BrowserContext, home: str, trouble: list[str]) -> None:
    """Note every error in the browser but the notice that goes with an error page, and every request to another server."""
    context.on("weberror", lambda error: trouble.append(str(error.error)))
    context.on(
        "console",
        lambda said: trouble.append(said.text) if said.type == "error" and not said.text.startswith("Failed to load resource") else None,
    )
    context.on("request", lambda asked: None if asked.url.startswith((home, "data:", "blob:", "about:")) else trouble.append(asked.url))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return when the server answers; fail with its own words when it does not."""
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"The server did not answer at {url}:\n{log.read_text()}", pytrace=False)
