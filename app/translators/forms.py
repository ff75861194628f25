"""The forms of those who record for parents."""

from flask_wtf.file import FileField
from wtforms import HiddenField

from app.pages import Form
from curriculum.base import N_


class RecordForm(Form):
    """A sound that reads a text; `seen` is the hash of the text that was read."""

    sound = FileField(N_("The sound"))
    seen = HiddenField()


class Press(Form):
    """A button: nothing to fill in."""
