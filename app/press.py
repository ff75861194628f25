"""Makes a PDF of a page: a child process that reads HTML and writes the file, knowing nothing of the app and nothing of the network.

Run as a file by `app/paper.py`. It may load our own built files (`/static/…`) and pictures within the page, and no other address.
"""

import os
import re
import resource
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint import HTML
from weasyprint.pdf.stream import Stream
from weasyprint.urls import URLFetcher, URLFetcherResponse

STATIC = Path(__file__).resolve().parent / "static"
HERE = "http://paper.invalid/"
"""The address that the page's own addresses are relative to: there is none such to go to (RFC 2606)."""

MOST_MEMORY, MOST_SECONDS = 1_500_000_000, 20
"""Bytes of address space and seconds of computing that a page may take."""


class OurFiles(URLFetcher):
    """Reads our own files and nothing else."""

    def __init__(self, letters: frozenset[int]) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)
        self.letters = letters

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file at an address of ours. Raises ValueError for every other address: what it would have shown is left out."""
        parts = urlsplit(url)
        if parts.scheme == "data":
            return super().fetch(url, headers)
        path = (STATIC / unquote(parts.path).removeprefix("/static/")).resolve()
        if not url.startswith(f"{HERE}static/") or not path.is_relative_to(STATIC) or not path.is_file():
            raise ValueError(url)
        content = path.read_bytes()
        if path.suffix == ".css":
            content = with_fonts_for(content.decode("utf-8"), self.letters).encode()
        return URLFetcherResponse(url, content, {"Content-Type": KINDS.get(path.suffix, "application/octet-stream")})


KINDS = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


def with_fonts_for(sheet: str, letters: frozenset[int]) -> str:
    """A stylesheet without the fonts that have none of these letters: unpacking a font takes longer than all the rest."""
    return re.sub(r"@font-face \{.*?\}", lambda rule: rule[0] if _has_any(rule[0], letters) else "", sheet, flags=re.S)


def _has_any(rule: str, letters: frozenset[int]) -> bool:
    """By its unicode-range; a font without one may have every letter."""
    ranges = [(int(first, 16), int(last or first, 16)) for first, last in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", rule)]
    return not ranges or any(first <= letter <= last for first, last in ranges for letter in letters)


def show_text(stream: Stream, text: str, show: Callable[[Stream, str], None] = Stream.show_text) -> None:
    """WeasyPrint's glyphs and the moves between them, without empty strings between two moves.

    Chrome's reader of PDFs (PDFium) forgets the last move of a line that has one, and tears Nastaliq apart.
    """
    show(stream, text.replace("<>", " "))


Stream.show_text = show_text


def press(html: str) -> bytes:
    """The page as a PDF with its fonts in it, and marked up for those who hear it read."""
    target = BytesIO()
    HTML(string=html, base_url=HERE, url_fetcher=OurFiles(frozenset(map(ord, html)))).write_pdf(target, pdf_variant="pdf/ua-1")
    return target.getvalue()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    os.nice(10)  # whoever reads meanwhile comes first
    sys.stdout.buffer.write(press(sys.stdin.buffer.read().decode("utf-8")))
