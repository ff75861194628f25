"""Lines of weekly times in a form: with dates, and with A and B weeks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import wtforms
from wtforms import DateField, FieldList, FormField, SelectField, TimeField
from wtforms.validators import Optional

from app.agents.forms import MINUTES
from app.agents.routes import minute_choices, weekday_name
from app.database import today
from app.language import gettext, lang
from app.pages import Form, RowMeta, refused_words
from curriculum import planning
from curriculum.base import N_, Refused
from curriculum.planning import A_WEEKS, B_WEEKS, FixedTime, Slot

BLANK = 2
"""Empty lines below those of a series; twice as many where the classes are several."""


@lru_cache
def weekdays(_language: str) -> list[tuple[int, str]]:
    """The weekdays to choose from. Kept for each language, for every line offers the same."""
    return [(n, weekday_name(n)) for n in range(5)]


@lru_cache
def _which_weeks(_language: str) -> list[tuple[str, str]]:
    # Translators: a class has its lesson every week, or in every other week
    return [("", gettext("every week")), (A_WEEKS, gettext("A weeks")), (B_WEEKS, gettext("B weeks"))]


class TimesRow(wtforms.Form):
    """A weekly time; a line without a start is empty."""

    Meta = RowMeta

    weekday = SelectField(N_("Weekday"), coerce=int)
    start_time = TimeField(N_("Starts at"), validators=[Optional()])
    minutes = SelectField(N_("Length of a lesson"), coerce=int)
    weeks = SelectField(N_("Which weeks"), default="")
    from_date = DateField(N_("From"), validators=[Optional()])
    to_date = DateField(N_("To and including"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.label.text = gettext(field.label.text)
        self.weekday.choices, self.weeks.choices = weekdays(lang().tag), _which_weeks(lang().tag)
        self.minutes.choices = minute_choices({*MINUTES, self.minutes.data or MINUTES[0]})

    @property
    def is_filled(self) -> bool:
        """Whether it says when the lesson starts, even if that cannot be read."""
        return self.start_time.data is not None or any(words.strip() for words in self.start_time.raw_data or ())

    def wished(self, a_week: date | None) -> FixedTime:
        """What it says; `a_week` is a day in an A week."""
        return FixedTime(
            self.weekday.data,
            self.start_time.data,
            self.minutes.data,
            self.from_date.data,
            self.to_date.data,
            self.weeks.data,
            a_week if self.weeks.data else None,
        )


class TimesForm(Form):
    """The weekly times of a series; `seen` is the number of its state."""

    seen = wtforms.HiddenField("")
    times = FieldList(FormField(TimesRow))
    a_week = DateField(N_("A day in an A week"), validators=[Optional()])

    def fill(self, slots: Iterable[Slot]) -> None:
        """Write the times of a series in the lines."""
        known = [planning.fixed_time(slot) for slot in slots]
        for one in known:
            self.times.append_entry(one)
        add_blank(self.times)
        self.a_week.data = next((one.a_week for one in known if one.a_week), this_monday())

    @property
    def filled(self) -> list[TimesRow]:
        """The lines that say something."""
        return [row.form for row in self.times if row.form.is_filled]

    @property
    def wished(self) -> list[FixedTime]:
        """What the filled lines say."""
        return [row.wished(self.a_week.data) for row in self.filled]

    def _show(self, refusal: Refused) -> None:
        place, _, name = (refusal.at or "").partition(".")
        rows = self.filled or [row.form for row in self.times]
        if not name or not rows:
            super()._show(refusal)
        else:
            self.times.errors = [*self.times.errors, name]
            show_in(self, rows[int(place)], name, refused_words(refusal))


def add_blank(times: FieldList, lines: int = BLANK) -> None:
    """Empty lines for more weekly times."""
    for _ in range(lines):
        times.append_entry({"weekday": 0, "minutes": MINUTES[1]})


def this_monday() -> date:
    """The first day of this week: an A week until something else is said."""
    return today() - timedelta(today().weekday())


def show_in(form: Any, row: TimesRow, name: str, words: str) -> None:
    """Show why a weekly time cannot be, at its field; what is an A week is said once for all lines."""
    field = form.a_week if name == "a_week" else row[name]
    field.errors = [*field.errors, words]
