"""The forms of the idea bank: one for each act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import wtforms
from flask import abort, request
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import Field
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.coordinators import wording
from app.coordinators.showing import SECTION
from app.coordinators.wording import IN_FIELD, IN_FILE, IN_SECTION, fault_words
from app.language import gettext
from app.pages import Form, FreeText, RowMeta
from curriculum import ideabank
from curriculum.base import N_, Refused
from curriculum.ideabank import DocumentError, DocumentErrors, StepPart, ThemeDocument

BLANK_AIMS = 2
WHOLE_LIMIT = 200_000
"""Characters of a document that is edited as one text."""


def one_line(typed: str | None) -> str | None:
    """A title, a name or a sentence without line ends."""
    return " ".join(typed.split()) if typed else typed


class Checkboxes(SelectMultipleField):
    """Several choices, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DocumentForm(Form):
    """A form whose words end in a document: each fault of the document shows beside its field, or beside `words`."""

    words = ""
    place: Mapping[str, str] = IN_FIELD

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """A form that came without one of its texts would empty it: 400."""
        texts = (field for field in self if isinstance(field, StringField) and not isinstance(field, HiddenField))
        if self.is_submitted() and any(field.name not in request.form for field in texts):
            abort(400)
        return super().validate_on_submit(extra_validators)

    def _show(self, refusal: Refused) -> None:
        if not isinstance(refusal, DocumentErrors):
            super()._show(refusal)
            return
        for error in refusal.errors:
            self._show_fault(error)

    def _show_fault(self, error: DocumentError) -> None:
        field, line = self._where(error)
        words = fault_words(error, self.place, line=line)
        if field is None or isinstance(field, FieldList):
            self.form_errors.append(words)
        elif words not in field.errors:
            field.errors = (*field.errors, words)

    def _where(self, error: DocumentError) -> tuple[Field | None, int]:
        """The field a fault belongs to, and the line in it; 0 where lines are not counted."""
        field: Field | None = self._fields.get(error.at or "")
        return (field, 0) if field is not None else (self._fields.get(self.words), error.line if self.words else 0)


class NewThemeForm(DocumentForm):
    """A theme's title."""

    title = StringField(
        N_("Title"), filters=[one_line], validators=[InputRequired(N_("Give the theme a title.")), Length(max=200), FreeText(public=True)]
    )


class ProseForm(DocumentForm):
    """A section that is one text."""

    words = "markdown"
    place = IN_SECTION
    markdown = TextAreaField(N_("Text"), validators=[FreeText(public=True)])
    seen_hash = HiddenField()

    def fill(self, theme: ThemeDocument, section: str) -> None:
        self.markdown.data = ideabank.editable(theme, section)

    def written(self) -> str:
        return self.markdown.data or ""


class StepForm(DocumentForm):
    """A part of how the theme is held."""

    words = "body"
    place = IN_SECTION
    title = StringField(
        N_("Title of the part"),
        filters=[one_line],
        validators=[InputRequired(N_("Give the part a title.")), Length(max=200), FreeText(public=True)],
    )
    minutes = IntegerField(
        N_("Minutes"), validators=[InputRequired(N_("Write how many minutes.")), NumberRange(1, 60, N_("Write from 1 to 60 minutes."))]
    )
    kind = SelectField(N_("Kind"), choices=[])
    is_core = BooleanField(N_("Belongs to the short lesson too"))
    body = TextAreaField(N_("What we do"), validators=[FreeText(public=True)])
    say = TextAreaField(N_("What we say"), validators=[FreeText(public=True)])
    small = TextAreaField(N_("How to do it in a group"), validators=[FreeText(public=True)])
    seen_hash = HiddenField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = translated(wording.STEP_KINDS)

    def fill(self, theme: ThemeDocument, section: str) -> None:
        step = theme.step(section.partition(".")[2])
        if step is not None:
            self._fill(step)

    def _fill(self, step: StepPart) -> None:
        for name in ("title", "minutes", "kind", "is_core", "body", "say", "small"):
            self[name].data = getattr(step, name)

    def written(self) -> str:
        return ideabank.step_markdown(
            title=self.title.data or "",
            minutes=self.minutes.data or 0,
            kind=self.kind.data or "",
            is_core=bool(self.is_core.data),
            body=self.body.data or "",
            say=self.say.data or "",
            small=self.small.data or "",
        )

    def _where(self, error: DocumentError) -> tuple[Field | None, int]:
        """A line of the part as it is written: its heading, then its three texts, the last two below headings of their own."""
        line = error.line - 2
        for name in ("body", "say", "small"):
            lines = len((self[name].data or "").strip("\r\n").splitlines())
            line -= 2 if lines and name != "body" else 0
            if lines and line <= lines:
                return (self[name], line) if line > 0 else (self.title, 0)
            line -= lines + 1 if lines else 0
        return self.title if error.line == 1 else self.body, 0


class AimRow(wtforms.Form):
    """One aim and why; an empty row is no aim."""

    Meta = RowMeta

    code = SelectField(N_("Aim"), choices=[], validate_choice=False)
    role = SelectField(N_("Role"), choices=[], validate_choice=False)
    note = StringField(N_("Why, in one sentence"), filters=[one_line], validators=[Length(max=500), FreeText(500, public=True)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.label.text = gettext(field.label.text)
        self.role.choices = translated(wording.AIM_ROLES)


class FrontForm(DocumentForm):
    """The facts of a theme."""

    title = StringField(
        N_("Title"), filters=[one_line], validators=[InputRequired(N_("Give the theme a title.")), Length(max=200), FreeText(public=True)]
    )
    core_minutes = IntegerField(
        N_("Minutes of the short lesson"), validators=[InputRequired(), NumberRange(1, 45, N_("Write from 1 to 45 minutes."))]
    )
    full_minutes = IntegerField(
        N_("Minutes with everything"), validators=[InputRequired(), NumberRange(1, 60, N_("Write from 1 to 60 minutes."))]
    )
    series = SelectField(N_("Belongs to the series"), choices=[])
    grades = Checkboxes(N_("Grades"), coerce=int, choices=[])
    groups = Checkboxes(N_("For"), choices=[])
    room = Checkboxes(N_("What the room needs"), choices=[])
    presenter = StringField(
        N_("Visitor who holds a part, if any"), filters=[one_line], validators=[Length(max=60), FreeText(60, public=True)]
    )
    terms = Checkboxes(N_("Words we use (three to five)"), choices=[])
    aims = FieldList(FormField(AimRow))
    define = TextAreaField(wording.DIVE["define"], validators=[FreeText(10_000, public=True)])
    ideas = TextAreaField(wording.DIVE["ideas"], validators=[FreeText(10_000, public=True)])
    choose = TextAreaField(wording.DIVE["choose"], validators=[FreeText(10_000, public=True)])
    evaluate = TextAreaField(wording.DIVE["evaluate"], validators=[FreeText(10_000, public=True)])
    sensitive = Checkboxes(N_("Sections that only a person may translate"), choices=[])
    sources = TextAreaField(N_("Sources, one on each line"), validators=[FreeText(10_000)])
    seen_hash = HiddenField()

    def offer(self, terms: Iterable[tuple[str, str]], aims: Mapping[str, list[tuple[str, str]]], series: Iterable[tuple[str, str]]) -> None:
        """What may be chosen: the vocabulary's words, the curriculum's aims by subject, the bank's series."""
        self.grades.choices = [(grade, str(grade)) for grade in range(1, 11)]
        self.groups.choices = translated(wording.GROUPS)
        self.room.choices = translated(wording.ROOMS)
        self.sensitive.choices = translated(wording.PARENTS)
        self.terms.choices = list(terms)
        self.series.choices = [("", gettext("none")), *series]
        for row in self.aims:
            row.code.choices = {gettext("No aim"): [("", "–")], **aims}

    def fill(self, theme: ThemeDocument) -> None:
        for name in ("title", "core_minutes", "full_minutes", "series", "presenter"):
            self[name].data = getattr(theme, name)
        for name in ("grades", "groups", "room", "terms", "sensitive"):
            self[name].data = list(getattr(theme, name))
        for step in ideabank.DIVE:
            self[step].data = theme.dive.get(step, "")
        self.sources.data = "\n".join(theme.sources)
        for aim in theme.aims:
            self.aims.append_entry({"code": (SECTION if aim.is_section else "") + aim.code, "role": aim.role, "note": aim.note})

    def add_blank_aims(self) -> None:
        for _ in range(BLANK_AIMS):
            self.aims.append_entry({"code": "", "role": "supporting", "note": ""})

    def _filled_aims(self) -> list[FormField]:
        return [row for row in self.aims if row.data["code"]]

    def _where(self, error: DocumentError) -> tuple[Field | None, int]:
        place, _, rest = (error.at or "").partition(".")
        index, _, name = rest.partition(".")
        if place == "aims" and index:
            return self._filled_aims()[int(index)].form["code" if name == "section" else name], 0
        return self._fields.get(rest if place == "dive" else place), 0

    def written(self, theme: ThemeDocument) -> dict[str, Any]:
        """The facts by the names `save_front` takes. Words and lists keep the theme's order."""
        return {
            **{name: self[name].data or "" for name in ("title", "series", "presenter")},
            **{name: self[name].data for name in ("core_minutes", "full_minutes")},
            **{name: in_order_of(getattr(theme, name), self[name].data) for name in ("grades", "groups", "room", "terms", "sensitive")},
            "aims": [_aim(row.data) for row in self._filled_aims()],
            "dive": {step: self[step].data or "" for step in ideabank.DIVE} if any(self[step].data for step in ideabank.DIVE) else {},
            "sources": [line.strip() for line in (self.sources.data or "").splitlines() if line.strip()],
        }


def _aim(row: Mapping[str, str]) -> dict[str, str]:
    code = row["code"]
    named = {"section": code.removeprefix(SECTION)} if code.startswith(SECTION) else {"code": code}
    return named | {"role": row["role"], "note": (row["note"] or "").strip()}


def in_order_of(before: Iterable[Any], chosen: Iterable[Any] | None) -> list[Any]:
    """What is chosen: first what was there before, in its order, then the new."""
    left = list(chosen or [])
    return [one for one in before if one in left] + [one for one in left if one not in set(before)]


class WholeForm(DocumentForm):
    """A document that is edited as one text."""

    words = "text"
    place = IN_FILE
    text = TextAreaField(N_("The whole text"), validators=[InputRequired(N_("The text is empty.")), FreeText(WHOLE_LIMIT, public=True)])
    seen_hash = HiddenField()


class PublishForm(Form):
    """Why a draft becomes the next version; `seen` says which change the publisher read."""

    seen = HiddenField()
    why = TextAreaField(N_("What is new, and why"), validators=[InputRequired(N_("Write a line about what is new.")), FreeText(2_000)])


class CheckForm(Form):
    """That one has read a version before one vouches for it."""

    has_read = BooleanField(
        N_("I have read the whole version"), validators=[InputRequired(N_("Tick when you have read the whole version."))]
    )


def translated(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Choices of a form in the page's language."""
    return [(key, gettext(word)) for key, word in words.items()]
