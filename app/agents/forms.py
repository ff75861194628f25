"""The agents' forms: a new series, and each change of a lesson."""

from wtforms import DateField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app.pages import Form, FreeText
from curriculum.base import N_
from curriculum.planning import LONGEST_ROOM

MINUTES = (45, 60, 90)
REASON_LIMIT = 500


class NewSeriesForm(Form):
    """A class, a template, a first week and one weekly time. Its choices are given by the view."""

    school_class = SelectField(N_("Class"))
    outline = SelectField(N_("Template"))
    start = SelectField(N_("First week"))
    weekday = SelectField(N_("Weekday"), coerce=int)
    start_time = TimeField(N_("Starts at"), validators=[InputRequired(N_("Write when the lesson starts, for example 08:30."))])
    minutes = SelectField(N_("Length of a lesson"), coerce=int)
    agents = SelectMultipleField(N_("Who holds the lessons"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())


class Press(Form):
    """A button: nothing to fill in."""


class LessonForm(Form):
    """Something to do to a lesson as one saw it: `seen` is the number of its state."""

    seen = HiddenField("")


class MoveForm(LessonForm):
    """Another day or time for a lesson."""

    date = DateField(N_("New date"), validators=[InputRequired(N_("Choose a date."))])
    start_time = TimeField(N_("Starts at"), validators=[InputRequired(N_("Write when the lesson starts, for example 08:30."))])
    why = StringField(N_("Why it is moved"), validators=[FreeText(REASON_LIMIT)])


class CancelForm(LessonForm):
    """A lesson that will not be held."""

    why = StringField(N_("Why it is cancelled"), validators=[FreeText(REASON_LIMIT)])


class RoomForm(LessonForm):
    """Where a lesson is held."""

    room = StringField(N_("Room"), validators=[FreeText(LONGEST_ROOM)])


class WeeklyTimeForm(Form):
    """Another weekly time for the lessons ahead. Its choices are given by the view; `seen` is the number of the series' state."""

    seen = HiddenField("")
    weekday = SelectField(N_("Weekday"), coerce=int)
    start_time = TimeField(N_("Starts at"), validators=[InputRequired(N_("Write when the lesson starts, for example 08:30."))])
    minutes = SelectField(N_("Length of a lesson"), coerce=int)


class WaiverForm(Form):
    """A fixed theme that this series may leave out, and why. Its choices are given by the view."""

    theme = SelectField(N_("Fixed theme"))
    why = TextAreaField(
        N_("Why it is left out"), validators=[InputRequired(N_("Write why the theme is left out.")), FreeText(REASON_LIMIT)]
    )
