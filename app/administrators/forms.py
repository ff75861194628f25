"""The administrators' forms, one for each act. Choices are given by the views; `seen` is the number of the state a form was opened on."""

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.language import gettext
from app.pages import Form, FreeText
from curriculum.base import N_
from curriculum.people import GRADES
from curriculum.planning import AVOIDED, CLOSED, HEEDED

NAME = [InputRequired(N_("Write a name.")), FreeText(120)]


class Press(Form):
    """A button: nothing to fill in."""


class CheckboxesField(SelectMultipleField):
    """Several of a few, with nothing held down."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SchoolForm(Form):
    """A school's name and telephone."""

    seen = HiddenField("")
    name = StringField(N_("Name"), validators=NAME)
    phone = StringField(N_("Telephone"), validators=[Length(max=20)])


class ClassForm(Form):
    """A class of a school year."""

    seen = HiddenField("")
    school = SelectField(N_("School"))
    name = StringField(N_("Name"), validators=[InputRequired(N_("Write a name.")), FreeText(40)])
    grades = CheckboxesField(N_("Years"), coerce=int)
    kind = RadioField(N_("Kind of class"))
    taken_from = CheckboxesField(N_("Taken from"))
    head_count = IntegerField(N_("How many pupils"), validators=[Optional(), NumberRange(1, 60, N_("Write a number from 1 to 60."))])


class SplitForm(Form):
    """The names of a class's two halves."""

    seen = HiddenField("")
    first = StringField(N_("First half"), validators=[InputRequired(N_("Write a name.")), FreeText(40)])
    second = StringField(N_("Second half"), validators=[InputRequired(N_("Write a name.")), FreeText(40)])


class PersonForm(Form):
    """A member of staff."""

    seen = HiddenField("")
    name = StringField(N_("Name"), validators=NAME)
    email = StringField(
        N_("E-mail"), validators=[InputRequired(N_("Write an e-mail address, for example navn@skole.example.")), Length(max=254)]
    )
    language = SelectField(N_("Language of her pages"))
    shows_first_name = BooleanField(N_("Parents may read her first name"))


class AssignmentForm(Form):
    """A role at a place, from a day to a day."""

    role = SelectField(N_("Role"))
    school_class = SelectField(N_("Class"))
    school = SelectField(N_("School"))
    language = SelectField(N_("Language"))
    first = DateField(N_("First day"), validators=[InputRequired(N_("Write a date, for example 2026-10-14."))])
    until = DateField(N_("Last day"), validators=[Optional()])


class DatesForm(Form):
    """An assignment's first and last day."""

    first = DateField(N_("First day"), validators=[InputRequired(N_("Write a date, for example 2026-10-14."))])
    until = DateField(N_("Last day"), validators=[Optional()])


class ElsewhereForm(Form):
    """The weekday on which an agent works elsewhere."""

    weekday = SelectField(N_("Weekday"), coerce=int)
    first = DateField(N_("First day"), validators=[InputRequired(N_("Write a date, for example 2026-10-14."))])
    until = DateField(N_("Last day"), validators=[Optional()])


DAY_KINDS = {CLOSED: N_("No teaching"), AVOIDED: N_("Avoided if the year has room"), HEEDED: N_("To bear in mind, as advice only")}
"""What days of a calendar are."""


def day_kinds() -> list[tuple[str, str]]:
    """The kinds of days, to choose from."""
    return [(kind, gettext(words)) for kind, words in DAY_KINDS.items()]


def all_grades() -> list[tuple[int, str]]:
    """The years, to choose from."""
    return [(grade, str(grade)) for grade in GRADES]


class ClosedDaysForm(Form):
    """Days of a school or of all of them: without teaching, avoided, or to bear in mind; for all, some years or one class."""

    school = SelectField(N_("Where"))
    first = DateField(N_("First day"), validators=[InputRequired(N_("Write a date, for example 2026-10-14."))])
    last = DateField(N_("Last day"), validators=[InputRequired(N_("Write a date, for example 2026-10-14."))])
    reason = StringField(N_("Why"), validators=[InputRequired(N_("Write why there is no teaching.")), FreeText(120, public=True)])
    kind = RadioField(N_("What the days are"), default=CLOSED)
    grades = CheckboxesField(N_("Only these years"), coerce=int)
    school_class = SelectField(N_("Only this class"))


class GridForm(Form):
    """What the ticked days of the calendar become."""

    seen = HiddenField("")
    act = RadioField(N_("The ticked days"), default=CLOSED)
    reason = StringField(N_("Why"), validators=[FreeText(120, public=True)])
    grades = CheckboxesField(N_("Only these years"), coerce=int)


class SchoolDaysForm(Form):
    """The first and last day of a school year."""

    seen = HiddenField("")
    from_date = DateField(N_("First school day"), validators=[InputRequired(N_("Write a date, for example 2026-10-14."))])
    to_date = DateField(N_("Last school day"), validators=[InputRequired(N_("Write a date, for example 2026-10-14."))])


class DaysImportForm(Form):
    """A list or a calendar file of days, as a file or pasted; `digest` is of the preview that was seen."""

    year = SelectField(N_("School year"), coerce=int)
    school = SelectField(N_("Where"))
    kind = SelectField(N_("Days of which nothing is said are"))
    is_whole = BooleanField(N_("This is the whole school year: leave out the days that were guessed"))
    file = FileField(N_("File"))
    text = TextAreaField(N_("Or paste the rows here"))
    digest = HiddenField("")


class PolicyForm(Form):
    """What parents may read."""

    seen = HiddenField("")
    policy = RadioField(N_("What parents may read in their language"))


class HelpLineForm(Form):
    """A number that parents may ring."""

    name = StringField(N_("Name"), validators=[InputRequired(N_("Write a name.")), FreeText(80)])
    phone = StringField(N_("Telephone"), validators=[InputRequired(N_("Write a telephone number.")), Length(max=20)])


class LastDayForm(Form):
    """The last day on which a link opens."""

    expires = DateField(N_("Open through"), validators=[InputRequired(N_("Write a date, for example 2026-10-14."))])


class ImportForm(Form):
    """A list of classes or people, as a file or pasted; `digest` is of the preview that was seen."""

    year = SelectField(N_("School year"), coerce=int)
    file = FileField(N_("File"))
    text = TextAreaField(N_("Or paste the rows here"))
    digest = HiddenField("")


class LimitsForm(Form):
    """How many lessons an agent may have, and would rather have; the rules say which numbers go together."""

    max_per_day = IntegerField(N_("At most in a day"), validators=[Optional()])
    max_per_week = IntegerField(N_("At most in a week"), validators=[Optional()])
    target_per_day = IntegerField(N_("Rather not more in a day than"), validators=[Optional()])
    target_per_week = IntegerField(N_("Rather not more in a week than"), validators=[Optional()])
