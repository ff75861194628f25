"""What the browser gets: names that change with the content, and never a stale file of ours."""

import gzip
import os
from pathlib import Path

import pytest

from app import assets


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A static folder of this test's own, with a stylesheet that points at a picture; packages come from node_modules."""
    if not assets.NODE_MODULES.exists():
        pytest.skip("node_modules is not set up: `make test` does it")
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(assets, "MANIFEST", tmp_path / "vendor/manifest.json")
    assets._manifest.cache_clear()
    for name, content in {"css/site.css": "a { background: url('../img/a.svg') }", "img/a.svg": "<svg/>", "js/site.js": "1"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    return tmp_path


def file_of(static: Path, name: str) -> Path:
    return static / assets.asset(name).removeprefix("/static/")


def test_before_anything_is_built_our_own_files_are_served_as_they_are(static: Path) -> None:
    assert [assets.asset(name) for name in ("site.css", "site.js", "htmx.js")] == ["/static/css/site.css", "/static/js/site.js", ""]


def test_a_stylesheet_points_at_the_built_name_of_its_picture(static: Path) -> None:
    assets.build()
    picture = file_of(static, "img/a.svg")
    assert file_of(static, "site.css").read_text() == f"a {{ background: url(img/{picture.name}) }}"


def test_every_font_that_is_named_is_there(static: Path) -> None:
    names = assets.build()
    fonts = {built for built in names.values() if built.endswith(".woff2")}
    assert len(fonts) == sum(len(scripts) for scripts in assets.FONTS.values())
    sheet = file_of(static, "fonts.css").read_text()
    assert {font for font in fonts if f"url({font})" in sheet} == fonts


def test_text_is_there_squeezed_as_well(static: Path) -> None:
    assets.build()
    htmx = file_of(static, "htmx.js")
    assert gzip.decompress(Path(f"{htmx}.gz").read_bytes()) == htmx.read_bytes()


def test_a_file_of_ours_that_was_changed_after_the_build_is_served_as_it_is_now(static: Path) -> None:
    assets.build()
    later = assets.MANIFEST.stat().st_mtime_ns + 1
    os.utime(static / "css/site.css", ns=(later, later))
    assert assets.asset("site.css") == "/static/css/site.css"
    assert assets.asset("site.js").startswith("/static/vendor/site.")


def test_a_new_build_has_a_new_name_and_leaves_nothing_old(static: Path) -> None:
    before = assets.build()["site.js"]
    (static / "js/site.js").write_text("2")
    after = assets.build()["site.js"]
    assert before != after
    assert sorted(path.name for path in (static / "vendor").glob("site.*.js")) == [after]


def test_a_page_may_hear_of_a_new_file_a_second_late(static: Path) -> None:
    assets._asset_at.cache_clear()
    assert assets._asset_at("site.css", 1) == "/static/css/site.css"
    (static / "css/site.css").unlink()
    assert assets._asset_at("site.css", 1) == "/static/css/site.css"
    assert assets._asset_at("site.css", 2) == ""
