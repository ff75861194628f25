"""What is in a PDF: its pages and fonts, as the tests of paper count them."""

import re
import zlib


def pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return sum(len(re.findall(rb"/Type\s*/Page\b", part)) for part in parts(pdf))


def fonts(pdf: bytes) -> set[str]:
    """The names of the fonts that are in a PDF, without what marks them as parts of a font."""
    names = {name.decode() for part in parts(pdf) for name in re.findall(rb"/FontName\s*/([^\s/>]+)", part)}
    return {name.rpartition("+")[2] for name in names}


def parts(pdf: bytes) -> list[bytes]:
    """A PDF's objects: as they stand in it, and those that are squeezed together."""
    squeezed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)
    return [pdf, *filter(None, map(_unsqueezed, squeezed))]


def _unsqueezed(stream: bytes) -> bytes:
    """What a stream holds, though its last byte may have been taken for a part of the line end after it."""
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return b""
