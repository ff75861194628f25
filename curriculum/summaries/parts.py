"""The idea bank's documents as summaries use them: what a version says, and the blocks of its words and texts."""

from __future__ import annotations

from typing import cast

from curriculum import ideabank
from curriculum.ideabank import DocumentVersion, Edition, TermPart, TextPart, ThemeDocument, VocabularyDocument
from curriculum.text import Block


def theme_of(version: DocumentVersion | Edition) -> ThemeDocument:
    """The theme a version of a theme says."""
    return cast(ThemeDocument, ideabank.parsed(version))


def words_of(version: DocumentVersion) -> VocabularyDocument:
    """The words a version of the vocabulary says."""
    return cast(VocabularyDocument, ideabank.parsed(version))


def term_blocks(term: TermPart) -> tuple[Block, Block, Block]:
    """A word, its meaning and the line to say, under the uids by which they are translated."""
    return (
        Block(f"{term.key}.word", "term", "word", term.word),
        Block(f"{term.key}.meaning", "term", "meaning", term.meaning),
        Block(f"{term.key}.say", "term", "say", term.say),
    )


def text_blocks(part: TextPart) -> tuple[Block, ...]:
    """A district text's title and paragraphs, under the uids by which they are translated."""
    return (Block(f"{part.key}.title", part.key, "title", part.title), *part.blocks)
