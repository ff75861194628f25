"""The agents' forms about a series that is there, and each change of a lesson."""

from typing import Any

from wtforms import DateField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Optional

from app.language import gettext
from app.pages import Form, FreeText
from curriculum.base import N_, Refused
from curriculum.planning import CHANGE_REASONS, LONGEST_ROOM, WAIVER_REASONS

MINUTES = (45, 60, 90)
REASON_LIMIT = 500


class Press(Form):
    """A button: nothing to fill in."""


class LessonForm(Form):
    """Something to do to a lesson as one saw it: `seen` is the number of its state."""

    seen = HiddenField("")


def reason_choices() -> list[tuple[str, str]]:
    """Why a lesson is moved or cancelled, to choose from."""
    return [("", gettext("No reason given")), *((kept, gettext(said)) for kept, said in CHANGE_REASONS.items())]


class ReasonedForm(LessonForm):
    """Something that happens to a lesson for a reason: one of the list, and words beside it unless the class is a small group."""

    reason = SelectField(N_("Why"), default="")
    why = StringField(N_("More about why"), validators=[FreeText(REASON_LIMIT)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = reason_choices()

    @property
    def whole_reason(self) -> str:
        """What is kept of it."""
        return ": ".join(words for words in (self.reason.data, (self.why.data or "").strip()) if words)


class MoveForm(ReasonedForm):
    """Another day or time for a lesson: `where` is a week, a day at the weekly time or a lesson to change places with, else the fields."""

    where = StringField(N_("Where to"))
    date = DateField(N_("New date"), validators=[InputRequired(N_("Choose a date."))])
    start_time = TimeField(N_("Starts at"), validators=[InputRequired(N_("Write when the lesson starts, for example 08:30."))])

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; day and time do not matter when one of the weeks is chosen."""
        if self.where.data:
            for field in (self.date, self.start_time):
                field.validators, field.process_errors = (), []
        return super().validate(extra_validators)


class SwapForm(ReasonedForm):
    """Two lessons that change places: this one and `other`, each as it was seen."""

    other = HiddenField("")
    other_seen = HiddenField("")


class CancelForm(ReasonedForm):
    """A lesson that will not be held."""


class AnewForm(Form):
    """New dates as they were looked at (`seal`), and why."""

    seal = HiddenField("")
    reason = SelectField(N_("Why"), default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = reason_choices()


class EndSeriesForm(ReasonedForm):
    """A series whose lessons from a day on will not be held."""

    date = DateField(N_("From"), validators=[InputRequired(N_("Choose a date."))])


class TakeOverForm(Form):
    """Who holds the lessons of a series from now on. Its choices are given by the view."""

    agent = SelectField(N_("Who takes over"))


class RoomForm(LessonForm):
    """Where a lesson is held."""

    room = StringField(N_("Room"), validators=[FreeText(LONGEST_ROOM)])


class HoldSeveralForm(Form):
    """Lessons that were held, each box named by the lesson and the number of its state. What may be ticked, the rules say."""

    lessons = SelectMultipleField(N_("Lessons"), validate_choice=False)


class WaiverForm(Form):
    """A fixed theme that this series may leave out, and why. Its choices are given by the view."""

    theme = SelectField(N_("Fixed theme"))
    why = TextAreaField(
        N_("Why it is left out"), validators=[InputRequired(N_("Write why the theme is left out.")), FreeText(REASON_LIMIT)]
    )


class SmallWaiverForm(Form):
    """A waiver for a small group, whose reason is one of a list."""

    theme = SelectField(N_("Fixed theme"))
    why = SelectField(N_("Why it is left out"), validators=[InputRequired(N_("Choose why the theme is left out."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.why.choices = [("", gettext("Choose a reason")), *((kept, gettext(said)) for kept, said in WAIVER_REASONS.items())]


class AddThemeForm(Form):
    """One more theme for a series: on a date, or at the next weekly time that is free. Its choices are given by the view."""

    theme = SelectField(N_("Theme"))
    date = DateField(N_("Date"), validators=[Optional()])


class AwayForm(Form):
    """Who is away, and from when to when. What becomes of each lesson stands in fields of the lesson's own name."""

    person = SelectField(N_("Who is away"), name="for")
    first = DateField(N_("First day"), name="fra", validators=[InputRequired(N_("Choose a date."))])
    last = DateField(N_("Last day"), name="til", validators=[InputRequired(N_("Choose a date."))])

    def refuse(self, refusal: Refused) -> None:
        """Show why what the address asks for cannot be; a form that was sent shows it by itself."""
        self._show(refusal)

    def show_unread(self) -> None:
        """Say at a date of the address that cannot be read that it cannot."""
        for field in (self.first, self.last):
            field.errors = tuple(field.process_errors)


class AnswerForm(Form):
    """Another day for a lesson whose class is taken. Its choices are given by the view."""

    where = SelectField(N_("New date"))
