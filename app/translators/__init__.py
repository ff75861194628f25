"""The translators' room: which texts parents need first in a language, a text beside its translation, and reading aloud to parents."""

from app.translators import recording as recording
from app.translators.routes import blueprint as blueprint
