"""The forms of those who come in: signing in, and a password of one's own."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from app.pages import Form
from curriculum.base import N_

LEAST_PASSWORD = 12
"""Characters: longer counts for more than odd signs do (NIST SP 800-63B-4)."""


class SignInForm(Form):
    email = StringField(N_("E-mail"), validators=[InputRequired(N_("Write your e-mail address.")), Length(max=254)])
    password = PasswordField(N_("Password"), validators=[InputRequired(N_("Write your password.")), Length(max=200)])
    next = HiddenField()


class NewPasswordForm(Form):
    password = PasswordField(
        N_("New password"),
        validators=[InputRequired(N_("Write a password.")), Length(LEAST_PASSWORD, 200, N_("Write from 12 to 200 characters."))],
    )
    again = PasswordField(N_("The password once more"), validators=[EqualTo("password", N_("The two are not the same."))])
