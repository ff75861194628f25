"""The sign-in form."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.pages import Form
from curriculum.base import N_


class SignInForm(Form):
    email = StringField(N_("E-mail"), validators=[InputRequired(N_("Write your e-mail address.")), Length(max=254)])
    password = PasswordField(N_("Password"), validators=[InputRequired(N_("Write your password.")), Length(max=200)])
    next = HiddenField()
