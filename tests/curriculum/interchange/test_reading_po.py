"""A PO file's form: what other programs write is understood, and a file that is not whole is refused at its line."""

import pytest

from curriculum.base import Refused
from curriculum.ideabank import DocumentError
from curriculum.interchange import Message, read_messages

TWO = '# a note\n#. for the translator\nmsgctxt "a"\nmsgid "Hei"\nmsgstr "Hallo"\n\n#, fuzzy\nmsgid "Ha det"\nmsgstr ""\n"Bye\\n"\n"now"\n'


def read(text: str, tag: str = "en") -> list[Message]:
    return read_messages(text.encode(), "en/themes.po", tag)


def test_messages_have_their_line_their_comments_and_their_words() -> None:
    assert read(TWO) == [
        Message(3, "a", "Hei", "Hallo", ("# a note", "#. for the translator")),
        Message(8, "", "Ha det", "Bye\nnow", ("#, fuzzy",)),
    ]
    assert [(message.notes, message.is_fuzzy) for message in read(TWO)] == [(["a note"], False), ([], True)]


def test_what_other_programs_write_is_understood() -> None:
    header = 'msgid ""\nmsgstr ""\n"Language: en\\n"\n"POT-Creation-Date: in autumn\\n"\n\n'
    text = 'msgctxt ""\n"a|"\n"b"\nmsgid"x"\nmsgstr  "\\"y\\""\n\n'
    older = '# kept\n#~ msgid "gone"\n#~ msgstr "bort'
    first, message = read("\ufeff" + (header + text + older).replace("\n", "\r\n"))
    assert (first.is_header, message) == (True, Message(6, "a|b", "x", '"y"', ()))
    assert read("") == []
    assert read('msgid ""\nmsgstr "Language: fa_AF\\n"\n', "fa-AF") == [Message(1, "", "", "Language: fa_AF\n", ())]


CUT = "Fetch the file again, or mend the line: it may have been cut off on its way."


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (TWO[: TWO.index("llo")], 5, f"The quotation mark at the end of this line is missing. {CUT}"),
        (TWO[: TWO.index("\\n")] + "\\", 10, f"The quotation mark at the end of this line is missing. {CUT}"),
        (TWO[: TWO.index("now")], 11, f"The quotation mark at the end of this line is missing. {CUT}"),
        (TWO[: TWO.index(" \"Hallo")], 5, f"The quotation mark at the end of this line is missing. {CUT}"),
        (TWO[: TWO.index("str \"Hallo")], 5, f"This line cannot be read as PO. {CUT}"),
        (TWO[: TWO.index("msgstr")], 3, f"This entry has no msgstr. {CUT}"),
        (TWO[: TWO.index("msgid")], 3, f"This entry has no msgstr. {CUT}"),
        (TWO[: TWO.index("msgid \"Ha")], 7, f"There is no entry after this comment. {CUT}"),
        ('msgid "a"\nmsgid "b"\nmsgstr "c"\n', 1, f"This entry has no msgstr. {CUT}"),
        ('msgid "a"\n# between\nmsgstr "c"\n', 1, f"This entry has no msgstr. {CUT}"),
        ('msgstr "c"\n', 1, f"This line cannot be read as PO. {CUT}"),
        ('"c"\n', 1, f"This line cannot be read as PO. {CUT}"),
        ('msgctxt "a"\nmsgstr "c"\n', 2, f"This line cannot be read as PO. {CUT}"),
        ('msgid "a"\nmsgstr "b"\nmsgstr "c"\n', 3, f"This line cannot be read as PO. {CUT}"),
        ('msgid "a"\nmsgstr "he "said" it"\n', 2, f"This line cannot be read as PO. {CUT}"),
        ('msgid "a"\nmsgstr[0] "b"\n', 2, "There are no plural forms here. Delete msgid_plural and its translations."),
        ('\nmsgid "a"\nmsgstr "b"\nmsgid "a"\nmsgstr ""\n', 4, "msgid “a” stands twice. It stands first on line 2. Keep one of them."),
        ('# x\nmsgid ""\nmsgstr "Language: ur\\n"\n', 2, "The file says that it is in “ur”. Choose the file in en, or mend the line “Language”."),  # noqa: E501
    ],
)  # fmt: skip
def test_a_file_that_is_not_whole_is_refused_at_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read(text)
    assert str(refused.value) == f"en/themes.po, line {line}: {said}"


def test_whatever_the_place_where_a_file_was_cut_off_it_is_refused_or_holds_fewer_whole_messages() -> None:
    """Nothing is ever read from a torn file that was not in the whole one, but for a text of which whole lines are lost."""
    whole = read(TWO)
    for end in range(len(TWO)):
        try:
            some = read(TWO[:end])
        except DocumentError:
            continue
        assert [message.source for message in some] == [message.source for message in whole[: len(some)]]
        assert all(full.text.startswith(part.text) for part, full in zip(some, whole, strict=False))


def test_a_language_that_is_none_is_refused() -> None:
    with pytest.raises(Refused, match="There is no language “xx”"):
        read(TWO, "xx")
