"""What the browser gets: builds static/vendor from node_modules and our own files, under names that change with their content."""

import gzip
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "app/static"
VENDOR = STATIC / "vendor"
MANIFEST = VENDOR / "manifest.json"
NODE_MODULES = ROOT / "node_modules"

# For WhiteNoise's `immutable_file_test`: a name with its hash in it may be kept by the browser for ever.
IMMUTABLE = r"/vendor/.+\.[0-9a-f]{12}\.[a-z0-9]+$"

PACKAGES = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "designsystemet.css": "@digdir/designsystemet-css/dist/src/index.css",
    "designsystemet-theme.css": "@digdir/designsystemet-css/dist/theme/designsystemet.css",
}
# The scripts a page may need of each family. Latin always comes from Noto Sans, listed after the script's own font.
FONTS = {
    "noto-sans": ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "vietnamese"),
    "noto-nastaliq-urdu": ("arabic",),
    "noto-naskh-arabic": ("arabic",),
    "noto-sans-tamil": ("tamil",),
    "noto-sans-ethiopic": ("ethiopic",),
}
SQUEEZED = {".css", ".js", ".svg", ".json", ".txt"}


def asset(name: str) -> str:
    """The path of a file's URL, or "" if there is none: a page works, plainly, without what is not built.

    `site.css` and `site.js` are ours (from static/css and static/js), `htmx.js`, `fonts.css` and `designsystemet.css` come from packages.
    Our own file is served as it is when nothing is built, or when it was changed after the build.
    """
    built = _manifest(_changed(MANIFEST)).get(name)
    ours = next((path for path in (STATIC / "css" / name, STATIC / "js" / name, STATIC / name) if path.is_file()), None)
    if ours and (built is None or _changed(ours) > _changed(MANIFEST)):
        return f"/static/{ours.relative_to(STATIC).as_posix()}"
    return f"/static/vendor/{built}" if built else ""


def asset_lately(name: str) -> str:
    """What `asset` said within these ten seconds: every page asks for many files, and where they are served nobody changes them."""
    return _asset_at(name, int(time.monotonic()) // 10)


@lru_cache(maxsize=64)
def _asset_at(name: str, _tenth: int) -> str:
    return asset(name)


def build() -> dict[str, str]:
    """Write every file, the manifest last, then remove what an earlier build left; returns the manifest (logical name → file)."""
    if not NODE_MODULES.exists():
        raise FileNotFoundError("node_modules is missing: run `make`, or `npm ci --ignore-scripts`.")
    names: dict[str, str] = {}
    for name, content in _from_packages():
        names[name] = _write(name, content)
    names["fonts.css"] = _write("fonts.css", _font_sheet(names))
    names["paper-fonts.css"] = _write("paper-fonts.css", _paper_font_sheet(names))
    for path in _ours():
        content = path.read_bytes()
        names[_name(path)] = _write(_name(path), _pointing_at_built(content, path, names) if path.suffix == ".css" else content)
    new = MANIFEST.with_suffix(".new")
    new.write_text(json.dumps(names, indent=1, sort_keys=True), encoding="utf-8")
    os.replace(new, MANIFEST)
    _sweep(set(names.values()))
    return names


def _from_packages() -> Iterator[tuple[str, bytes]]:
    """Each logical name and its content."""
    for name, path in PACKAGES.items():
        yield name, (NODE_MODULES / path).read_bytes()
    for file in _font_files():
        yield f"{file.stem}.woff2", file.read_bytes()
    yield "licences.txt", _licences()


def _font_files() -> list[Path]:
    fonts = NODE_MODULES / "@fontsource-variable"
    return [fonts / family / f"files/{family}-{script}-wght-normal.woff2" for family, scripts in FONTS.items() for script in scripts]


def _font_sheet(names: dict[str, str]) -> bytes:
    """One stylesheet for all families: by their unicode-range, a browser fetches only the files whose letters are on the page."""
    return "\n".join(_font_rules(names).values()).encode()


def _paper_font_sheet(names: dict[str, str]) -> bytes:
    """The same for paper, each file a family of its own (`noto-sans-latin-ext`): WeasyPrint takes one file of a family."""
    rules = _font_rules(names).items()
    return "\n".join(re.sub(r"font-family: '[^']*'", f"font-family: '{font_family(stem)}'", rule) for stem, rule in rules).encode()


def font_family(stem: str) -> str:
    """What a font's file is called on paper."""
    return stem.removesuffix("-wght-normal")


def _font_rules(names: dict[str, str]) -> dict[str, str]:
    """The packages' own rule for each of our files, by the file's stem, pointing at the built file."""
    sheets = "\n".join((NODE_MODULES / "@fontsource-variable" / family / "wght.css").read_text(encoding="utf-8") for family in FONTS)
    rules: dict[str, str] = dict(re.findall(r"/\* (\S+) \*/\s*(@font-face \{.*?\n\})", sheets, re.DOTALL))
    return {file.stem: rules[file.stem].replace(f"./files/{file.name}", names[file.name]) for file in _font_files()}


def _ours() -> list[Path]:
    """Our own files, what a stylesheet may point at before the stylesheets."""
    paths = (path for path in STATIC.rglob("*") if path.is_file() and VENDOR not in path.parents and not path.name.startswith("."))
    return sorted(paths, key=lambda path: (path.suffix == ".css", path))


def _name(path: Path) -> str:
    """The logical name of a file of ours: `site.css` for static/css/site.css, `img/logo.svg` for static/img/logo.svg."""
    return path.relative_to(STATIC).as_posix().removeprefix("css/").removeprefix("js/")


def _licences() -> bytes:
    """The licences of what we pass on, as they ask for."""
    folders = sorted({NODE_MODULES / "/".join(path.split("/")[: 2 if path.startswith("@") else 1]) for path in PACKAGES.values()})
    folders += [NODE_MODULES / "@fontsource-variable" / family for family in FONTS]
    return "\n\n".join(_licence(folder) for folder in folders).encode()


def _licence(folder: Path) -> str:
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    text = next((path.read_text(encoding="utf-8") for path in sorted(folder.glob("LICEN[CS]E*"))), "")
    return f"{package['name']} {package['version']}: {package['license']}\n\n{text}".strip()


def _pointing_at_built(content: bytes, sheet: Path, names: dict[str, str]) -> bytes:
    """A stylesheet of ours whose relative url(…) point at the built names of the same files; it is built into the top folder."""

    def built(match: re.Match[str]) -> str:
        target = (sheet.parent / match[2]).resolve()
        return f"url({names[_name(target)]})" if target.is_relative_to(STATIC) and _name(target) in names else match[0]

    return re.sub(r"url\((['\"]?)([^'\"():]+)\1\)", built, content.decode("utf-8")).encode()


def _write(name: str, content: bytes) -> str:
    stem, dot, ending = name.rpartition(".")
    built = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{dot}{ending}"
    path = VENDOR / built
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if path.suffix in SQUEEZED:
        Path(f"{path}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    return built


def _sweep(kept: set[str]) -> None:
    for path in VENDOR.rglob("*"):
        if path.is_file() and path != MANIFEST and path.relative_to(VENDOR).as_posix().removesuffix(".gz") not in kept:
            path.unlink()


def _changed(path: Path) -> int:
    """When a file was last changed, in nanoseconds; 0 if there is none."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


@lru_cache(maxsize=1)
def _manifest(changed: int) -> dict[str, str]:
    """The manifest as it was when last changed."""
    if not changed:
        return {}
    names: dict[str, str] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return names


if __name__ == "__main__":
    try:
        build()
    except FileNotFoundError as missing:
        sys.exit(str(missing))
