"""The translators' room: which texts parents need first in a language, how far each has come, and a text beside its translation."""

from app.translators.routes import blueprint as blueprint
