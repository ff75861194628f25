"""The room of words: Markdown to safe HTML and plain text, segments, languages, text direction, readability, and what no text may hold."""

from curriculum.text.isolation import isolate, phone
from curriculum.text.languages import LANGUAGES, Direction, Language, is_language, negotiate
from curriculum.text.markdown import MOST_CHARACTERS, Lost, lost_addresses
from curriculum.text.normalise import tidy
from curriculum.text.privacy import find_email, find_fodselsnummer, find_phone, refuse_personal
from curriculum.text.reading_level import lix, long_sentences, words
from curriculum.text.rendering import RENDERER_VERSION, plain, render
from curriculum.text.safe import SafeHtml
from curriculum.text.segments import Block, Segment, check_placeholders, render_blocks, segment_hash, segments

__all__ = [
    "LANGUAGES",
    "MOST_CHARACTERS",
    "RENDERER_VERSION",
    "Block",
    "Direction",
    "Language",
    "Lost",
    "SafeHtml",
    "Segment",
    "check_placeholders",
    "find_email",
    "find_fodselsnummer",
    "find_phone",
    "is_language",
    "isolate",
    "lix",
    "long_sentences",
    "lost_addresses",
    "negotiate",
    "phone",
    "plain",
    "refuse_personal",
    "render",
    "render_blocks",
    "segment_hash",
    "segments",
    "tidy",
    "words",
]
